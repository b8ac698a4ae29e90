"""Rooms as rows: which provider holds a session's room, who was let in, what was heard."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from vioP.domain.ids import SeatId, SessionId
from vioP.domain.time import Instant, instant
from vioP.storage.database import Connection

OF_SESSION = """
SELECT provider, name, silent_since, heard_at FROM room WHERE session_id = :session_id
"""
# The session of a room, if somebody has a place there now; whether as its host.
PLACE = """
SELECT room.session_id, host.staff_id
FROM room JOIN session ON session.id = room.session_id AND session.state = 'planned'
LEFT JOIN session_staff AS host
  ON host.session_id = session.id AND host.staff_id = :guest_id
LEFT JOIN seat
  ON seat.session_id = session.id AND seat.id = :guest_id AND seat.state = 'active'
WHERE room.provider = :provider AND room.name = :name
  AND (host.staff_id IS NOT NULL OR seat.id IS NOT NULL)
"""
CHOOSE = """
INSERT INTO room (session_id, provider, name, chosen_at)
VALUES (:session_id, :provider, :name, :at)
ON CONFLICT (session_id) DO UPDATE
SET provider = :provider, name = :name, chosen_at = :at, silent_since = NULL, heard_at = NULL
"""
SILENT = """
UPDATE room SET silent_since = COALESCE(silent_since, :at) WHERE session_id = :session_id
RETURNING silent_since
"""
ALL_SILENT = "SELECT session_id FROM room WHERE silent_since <= :before"
HEARD_FROM = "UPDATE room SET silent_since = NULL WHERE session_id = :session_id"
TOLD = "UPDATE room SET heard_at = :at WHERE session_id = :session_id"
HEAR = """
INSERT INTO provider_event (provider, event_id, body_hash, received_at)
VALUES (:provider, :event_id, :body_hash, :at)
ON CONFLICT (provider, event_id) DO NOTHING
"""
ADMIT = """
INSERT INTO admission (seat_id, at, admitted_by) VALUES (:seat_id, :at, :by)
ON CONFLICT (seat_id) DO NOTHING
"""
FORGET_ADMISSION = "DELETE FROM admission WHERE seat_id = :seat_id"
ADMITTED = "SELECT seat_id FROM admission WHERE seat_id = :seat_id"
UNWELCOME = """
SELECT seat.id FROM seat JOIN session ON session.id = seat.session_id
WHERE seat.session_id = :session_id AND (
  session.state <> 'planned' OR seat.state <> 'active' OR seat.link_revoked_at IS NOT NULL)
ORDER BY seat.id
"""
CALLED_OFF = "SELECT id FROM session WHERE id = :session_id AND state <> 'planned'"
# Sessions in whose rooms somebody may still be who has no place there any more.
WITH_UNWELCOME = """
SELECT session.id FROM session
WHERE session.ends > :since AND session.starts < :until AND (
  session.state <> 'planned' OR EXISTS (
    SELECT 1 FROM seat WHERE seat.session_id = session.id
    AND (seat.state <> 'active' OR seat.link_revoked_at IS NOT NULL)))
ORDER BY session.id
"""


@dataclass(frozen=True, slots=True)
class ChosenRoom:
    """The provider that holds a session's room, and what it calls the room.

    Attributes:
        silent_since: Since when it has not said who is there; nothing when it has.
        heard_at: When a message of its own about this room last reached us, if ever.
    """

    provider: str
    name: str
    silent_since: Instant | None = None
    heard_at: Instant | None = None


@dataclass(frozen=True, slots=True)
class HeardEvent:
    """An event as a provider numbers it, with the digest of the message that told it."""

    provider: str
    id: str
    digest: str


@dataclass(frozen=True, slots=True)
class Rooms:
    """Reads and writes rooms within one transaction."""

    connection: Connection

    async def chosen(self, session_id: SessionId) -> ChosenRoom | None:
        """Where a session's room is, or nothing while nobody has asked for a door."""
        rows = await self.connection.fetch(OF_SESSION, session_id=session_id)
        if not rows:
            return None
        row = rows[0]
        silent = instant(row["silent_since"]) if row["silent_since"] else None
        heard = instant(row["heard_at"]) if row["heard_at"] else None
        return ChosenRoom(row["provider"], row["name"], silent, heard)

    async def place(
        self, provider: str, name: str, guest_id: str
    ) -> tuple[SessionId, bool] | None:
        """The session whose room a provider calls by a name, and whether a guest is its host.

        Nothing for somebody who has no place in it.
        """
        rows = await self.connection.fetch(
            PLACE, provider=provider, name=name, guest_id=guest_id
        )
        if not rows:
            return None
        return SessionId(rows[0]["session_id"]), rows[0]["staff_id"] is not None

    async def choose(self, session_id: SessionId, room: ChosenRoom, at: Instant) -> None:
        """Keep a session's room at a provider; everybody who asks is sent there."""
        await self.connection.execute(
            CHOOSE, session_id=session_id, provider=room.provider, name=room.name, at=at
        )

    async def silent(self, session_id: SessionId, at: Instant) -> Instant:
        """Keep that a room cannot say who is in it; answers since when it cannot."""
        rows = await self.connection.fetch(SILENT, session_id=session_id, at=at)
        return instant(rows[0]["silent_since"]) if rows else at

    async def silent_since(self, before: Instant) -> frozenset[SessionId]:
        """The sessions whose rooms have not said who is in them since an instant."""
        rows = await self.connection.fetch(ALL_SILENT, before=before)
        return frozenset(SessionId(row["session_id"]) for row in rows)

    async def heard_from(self, session_id: SessionId) -> None:
        """Keep that a room has said who is in it."""
        await self.connection.execute(HEARD_FROM, session_id=session_id)

    async def told(self, sessions: Iterable[SessionId], at: Instant) -> None:
        """Keep that messages about rooms have reached us."""
        rows = [{"session_id": each, "at": at} for each in sorted(sessions)]  # no deadlock
        if rows:
            await self.connection.execute_many(TOLD, rows)

    async def hear(self, events: Iterable[HeardEvent], at: Instant) -> None:
        """Keep that providers' events have arrived; the same twice is one."""
        rows = [
            {
                "provider": each.provider,
                "event_id": each.id,
                "body_hash": each.digest,
                "at": at,
            }
            for each in sorted(events, key=lambda each: (each.provider, each.id))
        ]
        if rows:
            await self.connection.execute_many(HEAR, rows)

    async def admit(self, seat_id: SeatId, at: Instant, by: str) -> None:
        """Let somebody in from the waiting room; they need not ask again after a drop."""
        await self.connection.execute(ADMIT, seat_id=seat_id, at=at, by=by)

    async def forget_admissions(self, seats: Sequence[SeatId]) -> None:
        """Whoever was let in before asks again."""
        if seats:
            rows = [{"seat_id": each} for each in seats]
            await self.connection.execute_many(FORGET_ADMISSION, rows)

    async def is_admitted(self, seat_id: SeatId) -> bool:
        """Whether somebody was let in before."""
        return bool(await self.connection.fetch(ADMITTED, seat_id=seat_id))

    async def unwelcome(self, session_id: SessionId) -> frozenset[SeatId]:
        """The seats of a session whose people have no place in its room any more."""
        rows = await self.connection.fetch(UNWELCOME, session_id=session_id)
        return frozenset(SeatId(row["id"]) for row in rows)

    async def is_called_off(self, session_id: SessionId) -> bool:
        """Whether nobody has a place in a session's room any more."""
        return bool(await self.connection.fetch(CALLED_OFF, session_id=session_id))

    async def with_unwelcome(self, since: Instant, until: Instant) -> tuple[SessionId, ...]:
        """Sessions within a stretch of time whose rooms not everybody may be in any more."""
        rows = await self.connection.fetch(WITH_UNWELCOME, since=since, until=until)
        return tuple(SessionId(row["id"]) for row in rows)
