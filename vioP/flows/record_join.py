"""Join: a participant pressed their button; let them in and note that they came."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from vioP.domain.attendance import Evidence, Fact
from vioP.domain.errors import LinkNotOpen, LinkUnknown, NotSetUp
from vioP.domain.room import Guest, first_name
from vioP.domain.time import Instant, later
from vioP.flows.note_presence import Noted, keep_all
from vioP.flows.open_door import open_door
from vioP.ports import House, Ports
from vioP.storage.attempts import Task
from vioP.storage.seats import OwnSeat

_SOURCE = "link"


class DoorState(StrEnum):
    """Whether a link opens its room now."""

    EARLY = "early"
    OPEN = "open"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Doorstep:
    """What somebody finds when they open their link. Looking changes nothing."""

    seat: OwnSeat
    state: DoorState
    opens: Instant


def door_state(house: House, seat: OwnSeat, now: Instant) -> DoorState:
    """Whether a seat's room is open."""
    if now < later(seat.starts, -house.opens_before):
        return DoorState.EARLY
    return DoorState.OPEN if now < later(seat.ends, house.closes_after) else DoorState.OVER


async def open_link(ports: Ports, token: str) -> Doorstep:
    """What a link leads to. Mail scanners open links, so this records nothing.

    Raises:
        LinkUnknown: The token is forged or withdrawn, or its session was called off.
    """
    async with ports.store.read() as tx:
        seat = await tx.seats.by_link(ports.secrets.digest(token))
    if seat is None or not seat.stands:
        raise LinkUnknown
    opens = later(seat.starts, -ports.house.opens_before)
    return Doorstep(seat, door_state(ports.house, seat, ports.clock.now()), opens)


async def open_seat(ports: Ports, token: str) -> OwnSeat:
    """The seat of a link whose room is open now.

    Raises:
        LinkUnknown: The token is forged or withdrawn, or its session was called off.
        LinkNotOpen: It is too early or too late.
    """
    doorstep = await open_link(ports, token)
    if doorstep.state is not DoorState.OPEN:
        raise LinkNotOpen
    return doorstep.seat


async def let_in(ports: Ports, token: str) -> None:
    """Let somebody in who has not set up, because they ask for it; staff are told.

    A locked door before somebody in need is worse than a missing signature, so nobody is
    turned away for one: it is written down, and a coordinator sees to it.

    Raises:
        LinkUnknown: The token is forged or withdrawn, or its session was called off.
        LinkNotOpen: It is too early or too late.
    """
    seat = await open_seat(ports, token)
    if not seat.is_held:
        return
    now = ports.clock.now()
    key = f"let_in:{seat.id}"
    task = Task(key, "let_in", seat.participant_id, seat.session_id, seat.id)
    async with ports.store.write() as tx:
        await tx.attempts.ask(task, now)
        await tx.audit.note(now, seat.participant_id, "onboarding.let_in", seat.id)


async def record_join(ports: Ports, token: str) -> str:
    """Note the join and answer with the way into the room.

    The door is asked for before anything is written, so a participant who is turned
    away by the video service is not counted as present.

    Returns:
        Where the room is: an address, or a path of ours.

    Raises:
        LinkUnknown: The token is forged or withdrawn, or its session was called off.
        LinkNotOpen: It is too early or too late.
        NotSetUp: They were asked to set up and have not; they do now, or are let in.
        Unavailable: The video service did not answer; the phone number still works.
    """
    seat = await open_seat(ports, token)
    if seat.is_held:
        raise NotSetUp
    guest = Guest(seat.id, first_name(seat.name))
    door = await open_door(ports, seat.session_id, guest)
    now = ports.clock.now()
    pressed = Evidence(Fact.JOIN_PRESSED, now, _SOURCE)
    noted = Noted(seat.session_id, guest, pressed, ports.secrets.mint("evi", now))
    await ports.presses.do(noted, partial(_keep, ports))
    return door.address or f"/j/{token}/room"


async def _keep(ports: Ports, pressed: Sequence[Noted]) -> Sequence[None]:
    """Keep that people pressed, all of them or none."""
    async with ports.store.write() as tx:
        await keep_all(ports, tx, pressed)
    return [None] * len(pressed)
