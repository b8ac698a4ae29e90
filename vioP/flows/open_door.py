"""Open a door: choose who holds a session's room, and ask them to let a guest in.

The calendar carries only our own link, so a session can move to another provider at any
moment: the choice is a row, and everybody who asks after it is sent to the new room.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog

from vioP.domain.errors import Unavailable
from vioP.domain.ids import SessionId
from vioP.domain.room import Guest
from vioP.flows.choose_rooms import choose_rooms
from vioP.meeting import VideoRooms
from vioP.ports import Ports
from vioP.storage.rooms import ChosenRoom

log = structlog.get_logger()

_LONG = timedelta(seconds=3)


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
    that nobody waits in one room while the others meet in another. Where others may be in a
    room already it is asked twice: moving would part them.

    Raises:
        Unavailable: Neither provider answered; the phone number still works.
    """
    rooms = await choose_rooms(ports, session_id)
    chosen, provider = rooms.chosen, rooms.service
    tries = [provider] if chosen is None else [provider, provider]
    if rooms.spare.name != provider.name:
        tries.append(rooms.spare)
    provider, name, address = await _first_door(ports, tries, session_id, guest)
    if chosen is None or (chosen.provider, chosen.name) != (provider.name, name):
        await _keep(ports, session_id, provider, name)
    return Door(provider.name, address)


async def _first_door(
    ports: Ports, tries: Sequence[VideoRooms], session_id: SessionId, guest: Guest
) -> tuple[VideoRooms, str, str]:
    """The first of several services that lets a guest in, its room, and the way there.

    A service that let somebody wait before it failed is not asked again.

    Raises:
        Unavailable: The last one did not answer either.
    """
    *first, last = tries
    slow = set[str]()
    for provider in first:
        if provider.name in slow:
            continue
        begun = ports.clock.now()
        try:
            name = await provider.ensure(session_id)
            return provider, name, await provider.door(session_id, guest)
        except Unavailable:
            log.warning("room.no_door", session_id=session_id)
            if ports.clock.now() - begun > _LONG:
                slow.add(provider.name)
    name = await last.ensure(session_id)
    return last, name, await last.door(session_id, guest)


async def _keep(
    ports: Ports, session_id: SessionId, provider: VideoRooms, name: str
) -> None:
    now = ports.clock.now()
    async with ports.store.write() as tx:
        await tx.rooms.choose(session_id, ChosenRoom(provider.name, name), now)
        await tx.audit.note(
            now, "viop", "room.chosen", session_id, {"provider": provider.name}
        )
