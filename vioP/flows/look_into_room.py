"""Look into a room: who is really there, before anybody is looked for."""

from collections.abc import Sequence

from vioP.domain.attendance import Evidence
from vioP.domain.ids import SeatId, SessionId
from vioP.domain.live import LiveSession
from vioP.domain.reconcile import reconcile, stuck
from vioP.domain.room import Seen, Sight
from vioP.domain.time import Instant
from vioP.flows.note_presence import keep
from vioP.meeting import VideoRooms
from vioP.ports import Ports
from vioP.storage.live import Witnessed


async def look_into_room(ports: Ports, session_id: SessionId) -> Sight:
    """Write down what a look into a session's room adds, and say what is known of it.

    A room nobody has opened, or whose provider knows nobody, has nothing to add. One that
    cannot say who is in it is *settling* for a while, and then *silent*: unknown is not
    absent.
    """
    async with ports.store.read() as tx:
        chosen = await tx.rooms.chosen(session_id)
        session = await tx.live.session(session_id) if chosen else None
    provider = ports.rooms_of(chosen.provider) if chosen else None
    now = ports.clock.now()
    if session is None or provider is None or not provider.proves:
        return Sight.SEEN
    if not provider.looks:
        was_heard = chosen is not None and chosen.heard_at is not None
        found = list(stuck(session, now)) if was_heard else []
        if found:
            await _keep(ports, session_id, found, now)
        return Sight.SEEN
    seen = await provider.present(session_id)
    now = ports.clock.now()
    if seen is None:
        return await _unknown(ports, session_id, now)
    await _put_strangers_out(provider, session, seen)
    found = list(reconcile(session, seen, now))
    if found or (chosen and chosen.silent_since):
        await _keep(ports, session_id, found, now)
    return Sight.SEEN


async def _keep(
    ports: Ports,
    session_id: SessionId,
    found: Sequence[tuple[SeatId, Evidence]],
    now: Instant,
) -> None:
    async with ports.store.write() as tx:
        await tx.rooms.heard_from(session_id)
        await keep(ports, tx, [
            Witnessed(seat_id, evidence, f"look:{seat_id}:{now.isoformat()}:{number}")
            for number, (seat_id, evidence) in enumerate(found)
        ])  # fmt: skip


async def _unknown(ports: Ports, session_id: SessionId, now: Instant) -> Sight:
    async with ports.store.write() as tx:
        since = await tx.rooms.silent(session_id, now)
    lasted = now - since
    return Sight.SILENT if lasted >= ports.house.room_silence else Sight.SETTLING


async def _put_strangers_out(
    provider: VideoRooms, session: LiveSession, seen: Sequence[Seen]
) -> None:
    """Whoever lost their place while they were inside has no place inside."""
    welcome: set[str] = {seat.id for seat in session.seats}
    guests = {each.guest_id for each in seen if not each.is_host}
    for guest_id in sorted(guests - welcome):
        await provider.revoke(session.id, guest_id)
