"""Replies as rows: added, never changed; and the seats they find."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from vioP.domain.attendance import Fact
from vioP.domain.ids import ParticipantId, SeatId, SessionId
from vioP.domain.invite import UNANSWERED
from vioP.domain.reply import Answer, AskedSeat, Reply
from vioP.domain.time import Instant, Week, instant
from vioP.storage.database import Connection, Row

ASKED = """
SELECT seat.id, seat.session_id, seat.participant_id, seat.sequence, seat.stamped,
  seat.starts, seat.ends, seat.state, session.state AS session_state,
  OPENED(participant.email), participant.zone, participant.high_risk, seat.link_revoked_at,
  delivery.revision, OPENED(delivery.content)
FROM seat
JOIN session ON session.id = seat.session_id
JOIN participant ON participant.id = seat.participant_id
LEFT JOIN delivery ON delivery.seat_id = seat.id AND delivery.kind IN ('invite', 'cancel')
WHERE {which}
"""
BY_UID = ASKED.format(which="seat.uid = :uid")
BY_ID = ASKED.format(which="seat.id = :seat_id")
ADD = """
INSERT INTO reply
  (id, seat_id, answer, sequence, stamped, starts, ends, is_sure, comment, source, received_at)
VALUES
  (:id, :seat_id, :answer, :sequence, :stamped, :starts, :ends, :is_sure,
   SEALED(:comment, reply.comment, :id), :source, :received_at)
ON CONFLICT (id) DO NOTHING
"""
NEWEST = """
SELECT reply.id, reply.answer, reply.received_at, reply.starts, reply.ends, reply.is_sure,
  OPENED(reply.comment), (
    SELECT COUNT(*) FROM matter WHERE matter.reply_id = reply.id AND matter.decision = 'keep'
  ) AS kept
FROM reply WHERE reply.seat_id = :seat_id
ORDER BY reply.sequence DESC, reply.stamped DESC, reply.received_at DESC, reply.id DESC LIMIT 1
"""
KNOWN = """
SELECT reply.seat_id, reply.answer FROM reply
JOIN seat ON seat.id = reply.seat_id
JOIN session ON session.id = seat.session_id
WHERE session.monday >= :since AND session.monday <= :until
ORDER BY reply.sequence, reply.stamped, reply.received_at, reply.id
"""
OF_PERSON = """
SELECT reply.seat_id, reply.answer, reply.starts, reply.ends, seat.starts AS now_starts,
  seat.ends AS now_ends
FROM seat
JOIN reply ON reply.seat_id = seat.id
WHERE seat.participant_id = :participant_id AND seat.starts >= :since
ORDER BY reply.sequence, reply.stamped, reply.received_at, reply.id
"""
# Whoever said that they will not come is neither nudged nor called.
SKIP_STEPS = """
UPDATE delivery SET state = 'skipped', reason = 'declined', done_at = :at
WHERE seat_id = :seat_id AND state = 'pending' AND kind IN ('nudge', 'call', 'second_call')
"""
SKIP_CALLS = """
UPDATE attempt SET outcome = 'said_no', settled_at = :at, settled_by = 'viop'
WHERE seat_id = :seat_id AND outcome IS NULL AND rung IN ('call', 'second_call')
"""
LAST_MARK = """
SELECT fact FROM evidence WHERE seat_id = :seat_id AND fact IN (
  'marked_present', 'marked_excused', 'marked_no_show', 'mark_withdrawn')
ORDER BY at DESC LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class KeptReply:
    """An answer to be kept, beside what orders it among the others."""

    id: str
    seat_id: SeatId
    sequence: int
    stamped: Instant
    source: str
    reply: Reply


@dataclass(frozen=True, slots=True)
class Replies:
    """Reads and writes replies within one transaction."""

    connection: Connection

    async def asked_by_uid(self, uid: str) -> AskedSeat | None:
        """The seat of an invite's uid, without its domain, or nothing."""
        return _asked(await self.connection.fetch(BY_UID, uid=uid))

    async def asked(self, seat_id: SeatId) -> AskedSeat | None:
        """A seat by its identifier, or nothing."""
        return _asked(await self.connection.fetch(BY_ID, seat_id=seat_id))

    async def add(self, kept: KeptReply) -> bool:
        """Keep an answer.

        Returns:
            Whether it is the one that counts: none by sequence, stamp or arrival is newer.
        """
        reply = kept.reply
        await self.connection.execute(
            ADD,
            id=kept.id,
            seat_id=kept.seat_id,
            answer=reply.answer,
            sequence=kept.sequence,
            stamped=kept.stamped,
            starts=reply.starts,
            ends=reply.ends,
            is_sure=reply.is_sure,
            comment=reply.comment,
            source=kept.source,
            received_at=reply.received_at,
        )
        [row] = await self.connection.fetch(NEWEST, seat_id=kept.seat_id)
        return bool(row["id"] == kept.id)

    async def newest(self, seat_id: SeatId) -> Reply | None:
        """The answer of a seat that counts, or nothing."""
        rows = await self.connection.fetch(NEWEST, seat_id=seat_id)
        return reply_of(rows[0]) if rows else None

    async def known(self, since: Week, until: Week) -> Mapping[SeatId, str]:
        """The answer that counts of each seat in some weeks, in the words of RFC 5545.

        Somebody who proposed another time has not answered for this one.
        """
        rows = await self.connection.fetch(KNOWN, since=since.monday, until=until.monday)
        last = {SeatId(row["seat_id"]): Answer(row["answer"]) for row in rows}
        return {
            seat: UNANSWERED if answer is Answer.COUNTER else answer.value.upper()
            for seat, answer in last.items()
        }

    async def declined(
        self, participant_id: ParticipantId, since: Instant
    ) -> frozenset[SeatId]:
        """Seats of somebody to which their answer that counts is a no, about that very time."""
        rows = await self.connection.fetch(
            OF_PERSON, participant_id=participant_id, since=since
        )
        last = {SeatId(row["seat_id"]): row for row in rows}
        return frozenset(
            seat
            for seat, row in last.items()
            if Answer(row["answer"]).is_no
            and (row["starts"], row["ends"]) == (row["now_starts"], row["now_ends"])
        )

    async def is_excused(self, seat_id: SeatId) -> bool:
        """Whether staff have said that nobody need wait for the person."""
        rows = await self.connection.fetch(LAST_MARK, seat_id=seat_id)
        return bool(rows) and rows[0]["fact"] == Fact.MARKED_EXCUSED

    async def skip_steps(self, seat_id: SeatId, at: Instant) -> None:
        """Send no nudge that waits, and take the seat's calls off the list."""
        await self.connection.execute(SKIP_STEPS, seat_id=seat_id, at=at)
        await self.connection.execute(SKIP_CALLS, seat_id=seat_id, at=at)


def reply_of(row: Row, prefix: str = "") -> Reply:
    """A reply from the columns of a row, which may carry a prefix."""
    starts, ends = row[f"{prefix}starts"], row[f"{prefix}ends"]
    return Reply(
        answer=Answer(row[f"{prefix}answer"]),
        received_at=instant(row[f"{prefix}received_at"]),
        starts=instant(starts) if starts else None,
        ends=instant(ends) if ends else None,
        is_sure=row[f"{prefix}is_sure"],
        overruled=row[f"{prefix}kept"] > 0,
        comment=row[f"{prefix}comment"],
    )


def _asked(rows: Sequence[Row]) -> AskedSeat | None:
    if not rows:
        return None
    first = rows[0]
    told = {row["revision"]: row["content"] for row in rows if row["content"] is not None}
    addresses = {first["email"], *(each.get("address", "") for each in told.values())}
    return AskedSeat(
        id=SeatId(first["id"]),
        session_id=SessionId(first["session_id"]),
        participant_id=ParticipantId(first["participant_id"]),
        sequence=first["sequence"],
        stamped=instant(first["stamped"]),
        starts=instant(first["starts"]),
        ends=instant(first["ends"]),
        zone=first["zone"],
        stands=first["state"] == "active" and first["session_state"] == "planned",
        link_works=first["link_revoked_at"] is None,
        high_risk=first["high_risk"],
        addresses=frozenset(each.lower() for each in addresses if each),
        told={
            revision: (_moment(each["starts"]), _moment(each["ends"]))
            for revision, each in told.items()
            if "starts" in each and "ends" in each
        },
    )


def _moment(text: str) -> Instant:
    return instant(datetime.fromisoformat(text))
