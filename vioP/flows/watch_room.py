"""Watch a session and its room: first who is there, then whom to reach."""

from datetime import timedelta

from vioP.domain.ids import SessionId
from vioP.domain.room import Sight
from vioP.domain.time import Instant, later
from vioP.flows.jobs import watch_job
from vioP.flows.look_into_room import look_into_room
from vioP.flows.watch_session import watch_session
from vioP.ports import Ports

CLOSELY = timedelta(seconds=10)
LOOSELY = timedelta(minutes=2)
_SETTLES = timedelta(seconds=5)
_CLOSELY_UNTIL = timedelta(minutes=20)


async def watch_room(ports: Ports, session_id: SessionId) -> None:
    """Climb the ladders of a session only once its room has said who is in it.

    While the room may still be finding out, after a start or an outage, nobody is reached
    for; when it stays silent, staff are told that the room is in trouble.
    """
    sight = await look_into_room(ports, session_id)
    now = ports.clock.now()
    if sight is Sight.SETTLING:
        async with ports.store.write() as tx:
            await ports.jobs.defer(tx, [watch_job(session_id, later(now, _SETTLES))])
        return
    await watch_session(ports, session_id, room_is_silent=sight is Sight.SILENT)
    await _look_again(ports, session_id, now)


async def _look_again(ports: Ports, session_id: SessionId, now: Instant) -> None:
    """Look again soon around the start, and now and then until the end."""
    async with ports.store.read() as tx:
        chosen = await tx.rooms.chosen(session_id)
        provider = ports.rooms_of(chosen.provider) if chosen else None
        if provider is None or not provider.proves:
            return
        session = await tx.live.session(session_id)
    if session is None:
        return
    close = now < later(session.starts, _CLOSELY_UNTIL)
    look = later(now, CLOSELY if close else LOOSELY)
    if look < session.ends:
        async with ports.store.write() as tx:
            await ports.jobs.defer(tx, [watch_job(session_id, look)])
