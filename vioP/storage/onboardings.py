"""Onboarding as rows: who was asked to set up, what they said, and what was waived."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from vioP.domain.consent import Consent, ConsentKind, running_out
from vioP.domain.ids import ParticipantId
from vioP.domain.onboarding import Onboarding, Piece
from vioP.domain.people import needs_text
from vioP.domain.time import Instant, instant
from vioP.storage.contacts import is_minor
from vioP.storage.database import Connection, Row

PEOPLE = """
SELECT participant.id, participant.birth_year, OPENED(participant.phone),
  OPENED(participant.accommodation),
  onboarding.invited_at, onboarding.proven_at,
  (SELECT COUNT(*) FROM enrollment JOIN cohort ON cohort.id = enrollment.cohort_id
   JOIN track ON track.id = cohort.track_id
   WHERE enrollment.participant_id = participant.id AND track.part2) AS part2,
  OPENED(supporter AS guardian.phone) AS guardian_phone,
  (SELECT COUNT(*) FROM delivery JOIN seat ON seat.id = delivery.seat_id
   WHERE seat.participant_id = participant.id AND delivery.kind = 'invite'
     AND delivery.state IN ('pending', 'sending', 'sent')) AS invites
FROM participant LEFT JOIN onboarding ON onboarding.participant_id = participant.id
LEFT JOIN supporter AS guardian ON guardian.participant_id = participant.id
  AND guardian.position = (SELECT MIN(position) FROM supporter
    WHERE participant_id = participant.id AND kind = 'guardian')
WHERE NOT participant.retired
  AND (:participant_id = '' OR participant.id = :participant_id)
ORDER BY participant.id
"""
ANSWERED = """
SELECT participant_id, piece FROM setup_answer
WHERE (:participant_id = '' OR participant_id = :participant_id)
"""
AGREED = """
SELECT participant_id, kind, given_at, until FROM consent_record WHERE withdrawn_at IS NULL
  AND (:participant_id = '' OR participant_id = :participant_id)
"""
WAIVED = """
SELECT participant_id, piece FROM waiver
WHERE (:participant_id = '' OR participant_id = :participant_id)
"""
HEARD = """
SELECT participant_id, OPENED(contact_fact.number), kind FROM contact_fact
WHERE kind IN ('verified', 'wrong_number')
  AND (:participant_id = '' OR participant_id = :participant_id)
ORDER BY at
"""
ASK = """
INSERT INTO onboarding (participant_id, invited_at, invited_by)
VALUES (:participant_id, :at, :by) ON CONFLICT (participant_id) DO NOTHING
"""
INVITED = """
SELECT participant_id, invited_at FROM onboarding
WHERE invited_at >= :since AND invited_at < :until
"""
READY = "UPDATE onboarding SET ready_at = :at WHERE participant_id = :participant_id"
IS_READY = "SELECT ready_at FROM onboarding WHERE participant_id = :participant_id"
# Whoever is ready need not be called for it.
SETTLE_TASKS = """
UPDATE attempt SET outcome = 'ready', settled_at = :at, settled_by = 'viop'
WHERE outcome IS NULL AND participant_id = :participant_id AND rung = 'not_set_up'
"""
PROVEN = """
UPDATE onboarding SET proven_at = :at, proven_by = :by
WHERE participant_id = :participant_id AND proven_at IS NULL RETURNING participant_id
"""
SAY = """
INSERT INTO setup_answer (participant_id, piece, at, by, said)
VALUES (:participant_id, :piece, :at, :by,
  SEALED(:said, setup_answer.said, :participant_id, :piece))
ON CONFLICT (participant_id, piece) DO UPDATE SET at = excluded.at, by = excluded.by,
  said = excluded.said
"""
SAID = """
SELECT participant_id, piece, OPENED(setup_answer.said) FROM setup_answer
WHERE (:participant_id = '' OR participant_id = :participant_id)
ORDER BY participant_id, at
"""
WAIVE = """
INSERT INTO waiver (participant_id, piece, at, by, reason)
VALUES (:participant_id, :piece, :at, :by,
  SEALED(:reason, waiver.reason, :participant_id, :piece))
ON CONFLICT (participant_id, piece) DO UPDATE SET at = excluded.at, by = excluded.by,
  reason = excluded.reason
"""
WAIVERS = """
SELECT participant_id, piece, at, by, OPENED(waiver.reason) FROM waiver
WHERE (:participant_id = '' OR participant_id = :participant_id) ORDER BY at
"""
# Whoever waits for their invites, though an appointment of theirs is near. A test of the
# device is told to them all the same.
HELD = """
SELECT DISTINCT seat.participant_id FROM seat
JOIN session ON session.id = seat.session_id
JOIN onboarding ON onboarding.participant_id = seat.participant_id
WHERE onboarding.ready_at IS NULL AND seat.state = 'active' AND session.state = 'planned'
  AND session.kind <> 'tech_test' AND session.starts > :since AND session.starts <= :until
ORDER BY seat.participant_id
"""
Said = Mapping[Piece, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Waiver:
    """A piece somebody on the staff let go, by name and for a reason."""

    piece: Piece
    at: Instant
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Onboardings:
    """Reads and writes how people set up, within one transaction."""

    connection: Connection

    async def of(self, person: ParticipantId, now: Instant) -> Onboarding | None:
        """How far somebody is, or nothing when they are unknown."""
        return (await self._read(person, now)).get(person)

    async def of_all(self, now: Instant) -> Mapping[ParticipantId, Onboarding]:
        """How far everybody is, in five statements, whether they were asked or not."""
        return await self._read("", now)

    async def ask(self, person: ParticipantId, at: Instant, by: str) -> None:
        """Note that somebody was asked to set up; the first time counts."""
        await self.connection.execute(ASK, participant_id=person, at=at, by=by)

    async def invited(
        self, since: Instant, until: Instant
    ) -> Mapping[ParticipantId, Instant]:
        """Who was asked to set up within a stretch of time, and when."""
        rows = await self.connection.fetch(INVITED, since=since, until=until)
        return {
            ParticipantId(row["participant_id"]): instant(row["invited_at"]) for row in rows
        }

    async def was_ready(self, person: ParticipantId) -> bool:
        """Whether all that is required was there when it was last looked at."""
        rows = await self.connection.fetch(IS_READY, participant_id=person)
        return not rows or rows[0]["ready_at"] is not None

    async def set_ready(self, person: ParticipantId, at: Instant | None) -> None:
        """Write down since when all that is required is there, or that it is not."""
        await self.connection.execute(READY, participant_id=person, at=at)
        if at is not None:
            await self.connection.execute(SETTLE_TASKS, participant_id=person, at=at)

    async def prove(self, person: ParticipantId, at: Instant, by: str) -> bool:
        """Note that an invite reached somebody's calendar; says whether that is news."""
        rows = await self.connection.fetch(PROVEN, participant_id=person, at=at, by=by)
        return bool(rows)

    async def say(
        self,
        person: ParticipantId,
        piece: Piece,
        said: Mapping[str, str],
        at: Instant,
        by: str,
    ) -> None:
        """Keep what somebody said; the newest counts."""
        await self.connection.execute(
            SAY, participant_id=person, piece=piece, at=at, by=by, said=dict(said)
        )

    async def said(self, person: ParticipantId) -> Said:
        """What somebody said, by piece, in the order in which they said it."""
        rows = await self.connection.fetch(SAID, participant_id=person)
        return {Piece(row["piece"]): row["said"] for row in rows}

    async def said_by_all(self) -> Mapping[ParticipantId, Said]:
        """What everybody said."""
        found: dict[ParticipantId, dict[Piece, Mapping[str, str]]] = {}
        for row in await self.connection.fetch(SAID, participant_id=""):
            of = found.setdefault(ParticipantId(row["participant_id"]), {})
            of[Piece(row["piece"])] = row["said"]
        return found

    async def held_with_seats(
        self, since: Instant, until: Instant
    ) -> Sequence[ParticipantId]:
        """Who was asked to set up, has not, and has an appointment that starts in a stretch."""
        rows = await self.connection.fetch(HELD, since=since, until=until)
        return [ParticipantId(row["participant_id"]) for row in rows]

    async def waive(self, person: ParticipantId, waiver: Waiver) -> None:
        """Let a piece go."""
        await self.connection.execute(
            WAIVE,
            participant_id=person,
            piece=waiver.piece,
            at=waiver.at,
            by=waiver.by,
            reason=waiver.reason,
        )

    async def waivers(self, person: ParticipantId) -> Sequence[Waiver]:
        """What was let go for somebody."""
        return [
            _waiver(row)
            for row in await self.connection.fetch(WAIVERS, participant_id=person)
        ]

    async def waivers_of_all(self) -> Mapping[ParticipantId, Sequence[Waiver]]:
        """What was let go for everybody."""
        found: dict[ParticipantId, list[Waiver]] = {}
        for row in await self.connection.fetch(WAIVERS, participant_id=""):
            found.setdefault(ParticipantId(row["participant_id"]), []).append(_waiver(row))
        return found

    async def _read(self, person: str, now: Instant) -> dict[ParticipantId, Onboarding]:
        people = await self.connection.fetch(PEOPLE, participant_id=person)
        answered = await self._sets(ANSWERED, person, "piece")
        agreed: dict[str, list[Consent]] = {}
        for row in await self.connection.fetch(AGREED, participant_id=person):
            given = Consent(
                ConsentKind(row["kind"]), instant(row["given_at"]), until=row["until"]
            )
            agreed.setdefault(row["participant_id"], []).append(given)
        waived = await self._sets(WAIVED, person, "piece")
        heard: dict[tuple[str, str], str] = {}
        for row in await self.connection.fetch(HEARD, participant_id=person):
            heard[row["participant_id"], row["number"]] = row["kind"]
        found = {}
        for row in people:
            number = _number(row, now)
            found[ParticipantId(row["id"])] = Onboarding(
                participant_id=ParticipantId(row["id"]),
                invited_at=instant(row["invited_at"]) if row["invited_at"] else None,
                is_minor=is_minor(row["birth_year"], now),
                part2=bool(row["part2"]),
                answered=frozenset(map(Piece, answered.get(row["id"], ()))),
                agreed=frozenset(each.kind for each in agreed.get(row["id"], ())),
                running_out=running_out(agreed.get(row["id"], ()), now.date()),
                waived=frozenset(map(Piece, waived.get(row["id"], ()))),
                number=number,
                is_verified=heard.get((row["id"], number)) == "verified",
                text_only=needs_text(row["accommodation"]),
                has_invite=bool(row["invites"]),
                is_proven=row["proven_at"] is not None,
            )
        return found

    async def _sets(self, query: str, person: str, name: str) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for row in await self.connection.fetch(query, participant_id=person):
            found.setdefault(row["participant_id"], []).append(row[name])
        return found


def _waiver(row: Row) -> Waiver:
    return Waiver(Piece(row["piece"]), instant(row["at"]), row["by"], row["reason"])


def _number(row: Row, now: Instant) -> str:
    """The phone a machine would ring: a minor's guardian's, otherwise their own."""
    if is_minor(row["birth_year"], now):
        return row["guardian_phone"] or ""
    return row["phone"] or ""
