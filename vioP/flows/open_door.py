"""Open a door: choose who holds a session's room, and ask them to let a guest in.

The calendar carries only our own link, so a session can move to another provider at any
moment: the choice is a row, and everybody who asks after it is sent to the new room.
"""

from dataclasses import dataclass

import structlog

from vioP.domain.errors import Unavailable
from vioP.domain.ids import SessionId
from vioP.domain.room import Guest
from vioP.flows.choose_rooms import choose_rooms
from vioP.meeting import VideoRooms
from vioP.ports import Ports
from vioP.storage.rooms import ChosenRoom

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Door:
    """A way into a room.

    Attributes:
        address: Where it is; empty when the room is a page of ours.
    """

    provider: str
    address: str


async def open_door(ports: Ports, session_id: SessionId, guest: Guest) -> Door:
    """The way into a session's room.

    A provider that does not answer is replaced for the whole session by the spare one, so
    that nobody waits in one room while the others meet in another.

    Raises:
        Unavailable: Neither provider answered; the phone number still works.
    """
    rooms = await choose_rooms(ports, session_id)
    provider = rooms.service
    try:
        name = await provider.ensure(session_id)
        address = await provider.door(session_id, guest)
    except Unavailable:
        if provider.name == rooms.spare.name:
            raise
        log.warning("room.moved", session_id=session_id)
        provider = rooms.spare
        name = await provider.ensure(session_id)
        address = await provider.door(session_id, guest)
    chosen = rooms.chosen
    if chosen is None or (chosen.provider, chosen.name) != (provider.name, name):
        await _keep(ports, session_id, provider, name)
    return Door(provider.name, address)


async def _keep(
    ports: Ports, session_id: SessionId, provider: VideoRooms, name: str
) -> None:
    now = ports.clock.now()
    async with ports.store.write() as tx:
        await tx.rooms.choose(session_id, ChosenRoom(provider.name, name), now)
        await tx.audit.note(
            now, "viop", "room.chosen", session_id, {"provider": provider.name}
        )
