"""Choose rooms: which video service holds a session, or would if somebody asked for a door now.

A program's file may name a service and where to go when that does not answer; the house has
its own choice for programs that name none. Once somebody has asked for a door the choice is
a row, and everybody of the session is sent to the same place.
"""

from dataclasses import dataclass

import structlog

from vioP.domain.ids import SessionId
from vioP.domain.program import Policy
from vioP.meeting import VideoRooms
from vioP.ports import Ports
from vioP.storage.rooms import ChosenRoom

log = structlog.get_logger()

_NOWHERE = "none"


@dataclass(frozen=True, slots=True)
class RoomsOf:
    """The services of one session.

    Attributes:
        chosen: What was chosen already; nothing while nobody has asked for a door.
        spare: Where the session goes when the service does not answer; the service itself
            when it goes nowhere.
    """

    chosen: ChosenRoom | None
    service: VideoRooms
    spare: VideoRooms


async def choose_rooms(ports: Ports, session_id: SessionId) -> RoomsOf:
    """The services a session's room is held by, or would be."""
    async with ports.store.read() as tx:
        chosen = await tx.rooms.chosen(session_id)
        policy = await tx.programme.policy()
    held_by = ports.rooms_of(chosen.provider) if chosen else None
    service = held_by or _wanted(ports, policy.video) or ports.video
    return RoomsOf(chosen, service, _spare(ports, policy, service))


def _spare(ports: Ports, policy: Policy, service: VideoRooms) -> VideoRooms:
    if policy.video_fallback == _NOWHERE:
        return service
    return _wanted(ports, policy.video_fallback) or ports.spare_video


def _wanted(ports: Ports, name: str) -> VideoRooms | None:
    """The service a program names; nothing, and a word in the log, where it is not set up."""
    found = ports.rooms_of(name) if name else None
    if name and found is None:
        log.error("room.service_missing", code=name)
    return found
