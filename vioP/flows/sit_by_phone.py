"""Sit by phone: a call is in a session's room, and counts as its person's presence."""

from dataclasses import dataclass

from vioP.domain.attendance import Evidence, Fact, Leg, Presence
from vioP.domain.call import ALREADY_HERE
from vioP.domain.dial_in import PLEASE_WAIT, THIS_ENDS
from vioP.domain.errors import Unavailable
from vioP.domain.ids import SeatId, SessionId
from vioP.domain.room import Guest, first_name
from vioP.flows.note_presence import Noted, note_presence
from vioP.flows.open_door import open_door
from vioP.meeting import PhoneLine, PhoneSeats
from vioP.ports import Ports

_SOURCE = "phone"
_COMFORT_EVERY = 20.0  # seconds between words to somebody who waits
_COMFORTS = 200


@dataclass(frozen=True, slots=True)
class Chair:
    """Whose place in which session; others in the room read a first name."""

    session_id: SessionId
    guest: Guest


def chair_of(session_id: SessionId, seat_id: SeatId, name: str) -> Chair:
    """A participant's place."""
    return Chair(session_id, Guest(seat_id, first_name(name)))


async def sit_by_phone(
    ports: Ports, seats: PhoneSeats, line: PhoneLine, chair: Chair
) -> None:
    """Be in a room by phone until the room ends it; cancelled, when somebody has hung up.

    Where a host lets people in, a caller waits as browsers do, and hears that they wait.

    Raises:
        Unavailable: The room did not answer, or the session meets where no phone can enter.
    """
    door = await open_door(ports, chair.session_id, chair.guest)
    rooms = ports.rooms_of(door.provider)
    if rooms is None or not rooms.is_ours:
        raise Unavailable("The session meets where no phone can enter.")
    waits = await _must_wait(ports, chair.guest)
    if waits:
        await line.ask(PLEASE_WAIT, times=_COMFORTS, wait=_COMFORT_EVERY)
    async with seats(chair.session_id, chair.guest, line.hears_at, waits=waits) as seat:
        await line.connect(seat.sends_to)
        try:
            await _note(ports, chair, seat.connection, Fact.ENTERED, Fact.PHONE_BRIDGED)
            await seat.over.wait()
        finally:
            await _note(ports, chair, seat.connection, Fact.LEFT)
    await line.hang_up(await _last_words(ports, chair))


async def _must_wait(ports: Ports, guest: Guest) -> bool:
    if guest.is_host or not ports.house.waiting_room:
        return False
    async with ports.store.read() as tx:
        return not await tx.rooms.is_admitted(SeatId(guest.id))


async def _note(ports: Ports, chair: Chair, connection: str, *facts: Fact) -> None:
    """Keep what the call shows.

    It is a connection to the room, so a look into the room ends one that was lost with us.
    """
    now = ports.clock.now()
    legs = {Fact.PHONE_BRIDGED: Leg.PHONE}
    await note_presence(
        ports,
        [
            Noted(
                chair.session_id,
                chair.guest,
                Evidence(fact, now, _SOURCE, legs.get(fact), connection),
                f"phone:{connection}:{fact}",
            )
            for fact in facts
        ],
    )


async def _last_words(ports: Ports, chair: Chair) -> str:
    """Whoever has come by video hears that; otherwise the room was closed."""
    async with ports.store.read() as tx:
        session = await tx.live.session(chair.session_id)
    seats = session.seats if session else ()
    here = any(
        each.id == chair.guest.id and each.presence is Presence.PRESENT for each in seats
    )
    return ALREADY_HERE if here else THIS_ENDS
