"""What is known about reaching people, as rows: appended, never changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from vioP.domain.contact import Reachable
from vioP.domain.contact_facts import ContactFact, ContactKind, Way
from vioP.domain.ids import ParticipantId, SeatId, SessionId
from vioP.domain.people import Contact, Supporter, needs_text
from vioP.domain.time import Instant, instant
from vioP.storage.database import Connection, Row

_ADULT = 18

ADD = """
INSERT INTO contact_fact
  (id, participant_id, kind, at, source, way, number, until, wording)
VALUES (:id, :participant_id, :kind, :at, :source, :way,
  SEALED(:number, contact_fact.number, :id), :until,
  SEALED(:wording, contact_fact.wording, :id))
ON CONFLICT (id) DO NOTHING
"""
_PERSON = """
SELECT participant.id AS participant_id, OPENED(participant.name), participant.language,
  participant.birth_year, participant.zone,
  OPENED(participant.city), participant.state,
  OPENED(participant.email), OPENED(participant.phone), participant.sms, participant.call,
  participant.voicemail, participant.high_risk, OPENED(participant.accommodation),
  supporter.kind AS supporter_kind, OPENED(supporter.name) AS supporter_name,
  OPENED(supporter.email) AS supporter_email, OPENED(supporter.phone) AS supporter_phone,
  contact_fact.id AS fact_id, contact_fact.kind AS fact_kind, contact_fact.at,
  contact_fact.source, contact_fact.way, OPENED(contact_fact.number), contact_fact.until,
  OPENED(contact_fact.wording), {part2} AS part2
FROM participant
LEFT JOIN supporter ON supporter.participant_id = participant.id
  AND supporter.kind IN ('guardian', 'emergency', 'family')
LEFT JOIN contact_fact ON contact_fact.participant_id = participant.id
WHERE {which}
ORDER BY participant.id, contact_fact.at, supporter.position
"""
_ANY_PART2 = """(
  SELECT COUNT(*) FROM enrollment JOIN cohort ON cohort.id = enrollment.cohort_id
  JOIN track ON track.id = cohort.track_id
  WHERE enrollment.participant_id = participant.id AND track.part2)"""
OF_SESSION = _PERSON.format(
    part2=_ANY_PART2,
    which="""participant.id IN (
  SELECT seat.participant_id FROM seat
  WHERE seat.session_id = :session_id AND seat.state = 'active')""",
)
OF_RUNNING = _PERSON.format(
    part2=_ANY_PART2,
    which="""participant.id IN (
  SELECT seat.participant_id FROM seat JOIN session ON session.id = seat.session_id
  WHERE session.starts <= :now AND session.ends > :now AND session.state = 'planned')""",
)
OF = _PERSON.format(part2=_ANY_PART2, which="participant.id = :participant_id")
WHOSE = """
SELECT participant.id, CASE WHEN participant.phone_index = BLIND(:phone) THEN 0 ELSE 1 END AS own
FROM participant
LEFT JOIN supporter ON supporter.participant_id = participant.id
  AND supporter.kind = 'guardian'
WHERE NOT participant.retired
  AND (participant.phone_index = BLIND(:phone) OR supporter.phone_index = BLIND(:phone))
GROUP BY participant.id, participant.phone_index ORDER BY own, participant.id
"""
# Nothing that waits may leave any more: to a silenced person anything, to a number texts.
DROP_WAITING = """
UPDATE delivery SET state = 'skipped', reason = :reason, lease_until = NULL, done_at = :at
WHERE state = 'pending' AND (:channel = '' OR channel = :channel)
  AND seat_id IN (SELECT id FROM seat WHERE participant_id = :participant_id)
"""
SILENCED = """
SELECT said.participant_id, said.kind FROM contact_fact AS said
WHERE said.kind IN ('silenced', 'unsilenced') ORDER BY said.at, said.kind DESC
"""
# The seat somebody most likely writes about: what runs, then what comes, then what was.
NEAREST_SEAT = """
SELECT seat.id, seat.session_id, session.starts, session.ends
FROM seat JOIN session ON session.id = seat.session_id
WHERE seat.participant_id = :participant_id AND seat.state = 'active'
  AND session.state = 'planned' AND session.ends > :since AND session.starts < :until
ORDER BY CASE WHEN session.ends > :now THEN 0 ELSE 1 END, session.starts
LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class NearSeat:
    """The seat somebody most likely means."""

    id: SeatId
    session_id: SessionId
    starts: Instant
    ends: Instant


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """Somebody as the gate and the safety panel need them."""

    id: ParticipantId
    reachable: Reachable
    supporters: tuple[Supporter, ...]
    city: str
    state: str
    name: str = ""
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Contacts:
    """Reads and writes facts about reaching people, within one transaction."""

    connection: Connection

    async def add(self, key: str, person: ParticipantId, fact: ContactFact) -> None:
        """Keep one fact; the same key twice is one fact."""
        await self.connection.execute(
            ADD,
            id=key,
            participant_id=person,
            kind=fact.kind,
            at=fact.at,
            source=fact.source,
            way=fact.way,
            number=fact.number,
            until=fact.until,
            wording=fact.wording,
        )

    async def of_session(
        self, session_id: SessionId, now: Instant
    ) -> Mapping[ParticipantId, KnownPerson]:
        """Everybody with a seat in a session, in one statement."""
        rows = await self.connection.fetch(OF_SESSION, session_id=session_id)
        return _people(rows, now)

    async def of_running(self, now: Instant) -> Mapping[ParticipantId, KnownPerson]:
        """Everybody with a seat in a session that runs now, in one statement."""
        return _people(await self.connection.fetch(OF_RUNNING, now=now), now)

    async def of(self, person: ParticipantId, now: Instant) -> KnownPerson | None:
        """One person, or nothing when they are unknown."""
        rows = await self.connection.fetch(OF, participant_id=person)
        return _people(rows, now).get(person)

    async def whose(self, phone: str) -> Sequence[ParticipantId]:
        """Whose number it is: those who own it, then those whose guardian does."""
        rows = await self.connection.fetch(WHOSE, phone=phone)
        return [ParticipantId(row["id"]) for row in rows]

    async def silenced(self) -> frozenset[ParticipantId]:
        """Whom nothing at all may reach any more: they have died, or left the program."""
        last = {
            ParticipantId(row["participant_id"]): ContactKind(row["kind"])
            for row in await self.connection.fetch(SILENCED)
        }
        return frozenset(who for who, kind in last.items() if kind is ContactKind.SILENCED)

    async def drop_waiting(
        self, person: ParticipantId, reason: str, at: Instant, channel: str = ""
    ) -> None:
        """Skip whatever waits to leave to somebody, on one channel or on all."""
        await self.connection.execute(
            DROP_WAITING, participant_id=person, reason=reason, at=at, channel=channel
        )

    async def nearest_seat(
        self, person: ParticipantId, now: Instant, window: tuple[Instant, Instant]
    ) -> NearSeat | None:
        """The seat somebody most likely means, within a stretch of time."""
        rows = await self.connection.fetch(
            NEAREST_SEAT, participant_id=person, now=now, since=window[0], until=window[1]
        )
        if not rows:
            return None
        row = rows[0]
        return NearSeat(
            SeatId(row["id"]),
            SessionId(row["session_id"]),
            instant(row["starts"]),
            instant(row["ends"]),
        )


def _people(rows: Sequence[Row], now: Instant) -> dict[ParticipantId, KnownPerson]:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row["participant_id"], []).append(row)
    return {ParticipantId(key): _person(group, now) for key, group in groups.items()}


def _person(rows: Sequence[Row], now: Instant) -> KnownPerson:
    first = rows[0]
    supporters = {
        row["supporter_kind"]: Supporter(
            row["supporter_kind"],
            name=row["supporter_name"],
            email=row["supporter_email"],
            phone=row["supporter_phone"],
        )
        for row in rows
        if row["supporter_kind"]
    }
    facts = {row["fact_id"]: _fact(row) for row in rows if row["fact_id"]}
    contact = Contact(
        email=first["email"],
        phone=first["phone"],
        sms=bool(first["sms"]),
        call=bool(first["call"]),
        voicemail=bool(first["voicemail"]),
    )
    reachable = Reachable(
        contact=contact,
        zone=first["zone"],
        facts=tuple(sorted(facts.values(), key=lambda each: each.at)),
        guardian=_guardian(supporters.get("guardian"), contact),
        is_minor=is_minor(first["birth_year"], now),
        part2=bool(first["part2"]),
        high_risk=bool(first["high_risk"]),
        text_only=needs_text(first["accommodation"]),
    )
    return KnownPerson(
        ParticipantId(first["participant_id"]),
        reachable,
        tuple(supporters.values()),
        first["city"],
        first["state"],
        first["name"],
        first["language"] or "en",
    )


def _guardian(guardian: Supporter | None, own: Contact) -> Contact | None:
    """How to reach a guardian; consents were given at intake for the family as one."""
    if guardian is None or not (guardian.email or guardian.phone):
        return None
    return Contact(guardian.email or own.email, guardian.phone, own.sms, own.call)


def is_minor(birth_year: int, now: Instant) -> bool:
    """Whether somebody may be under eighteen; only the year of birth is known."""
    return now.year - birth_year - 1 < _ADULT


def _fact(row: Row) -> ContactFact:
    return ContactFact(
        ContactKind(row["fact_kind"]),
        instant(row["at"]),
        row["source"],
        Way(row["way"]) if row["way"] else None,
        row["number"],
        instant(row["until"]) if row["until"] else None,
        row["wording"],
    )
