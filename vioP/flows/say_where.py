"""Say where: what somebody tells us as they join, and what staff make of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from vioP.domain.delivery import Channel, Delivery, DeliveryKind
from vioP.domain.ids import SeatId
from vioP.domain.live import LiveSession
from vioP.domain.whereabouts import Place, Whereabouts, is_covered, usual_place
from vioP.flows.jobs import watch_job
from vioP.flows.record_join import open_seat
from vioP.ports import Ports
from vioP.storage.seats import OwnSeat


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A place somebody names themselves."""

    city: str
    state: str


@dataclass(frozen=True, slots=True)
class ShownPlace:
    """Where somebody is, for staff.

    Attributes:
        covered: Whether a clinician of the session is licensed there.
    """

    said: Whereabouts
    covered: bool


async def say_where(
    ports: Ports,
    token: str,
    elsewhere: Elsewhere | None,
    *,
    alone: bool = True,
    can_talk: bool = True,
) -> None:
    """Keep where somebody is before they join.

    Nobody is turned away for where they are: whoever is in a state where nobody present may
    treat them is let in, and staff are told.

    Raises:
        LinkUnknown: The token is forged or withdrawn.
        LinkNotOpen: It is too early or too late.
    """
    seat = await open_seat(ports, token)
    now = ports.clock.now()
    async with ports.store.write() as tx:
        if elsewhere is None:
            home = await tx.whereabouts.home(seat.participant_id)
            journeys = (await tx.arrangements.all()).journeys_of(seat.participant_id)
            city, state = usual_place(home, journeys, _day(seat))
            said = Whereabouts(Place.USUAL, city, state, alone, can_talk)
        else:
            said = Whereabouts(
                Place.ELSEWHERE, elsewhere.city, elsewhere.state, alone, can_talk
            )
        await tx.whereabouts.say(seat.id, said, now)


async def show_where(ports: Ports, session: LiveSession) -> Mapping[SeatId, ShownPlace]:
    """Where the people of a session said they are, and whether they may be treated there."""
    async with ports.store.read() as tx:
        said = await tx.whereabouts.of_session(session.id)
        licences = await tx.whereabouts.licences(session.id) if said else ()
    return {
        seat_id: ShownPlace(each, is_covered(licences, each.state, session.day))
        for seat_id, each in said.items()
    }


async def may_talk(ports: Ports, seat_id: SeatId) -> bool:
    """Whether somebody can speak where they are; whoever has not said otherwise can."""
    async with ports.store.read() as tx:
        said = await tx.whereabouts.of_seat(seat_id)
    return said is None or said.can_talk


async def ask_for_call(ports: Ports, token: str) -> OwnSeat:
    """Put somebody who asks for it on the call list; asking again within a minute is once.

    They have asked just now, so it stands whether or not they are in the room already.

    Raises:
        LinkUnknown: The token is forged or withdrawn.
        LinkNotOpen: It is too early or too late.
    """
    seat = await open_seat(ports, token)
    now = ports.clock.now()
    wish = Delivery(
        key=f"asked:{seat.id}:{now:%Y%m%dT%H%M}",
        kind=DeliveryKind.CALL,
        channel=Channel.CALL_LIST,
        due=now,
        session_id=seat.session_id,
        seat_id=seat.id,
    )
    async with ports.store.write() as tx:
        await tx.attempts.begin(wish, now)
        await tx.audit.note(now, seat.participant_id, "call.asked_for", seat.id)
        await ports.jobs.defer(tx, [watch_job(seat.session_id, now)])
    return seat


def _day(seat: OwnSeat) -> date:
    return seat.starts.astimezone(ZoneInfo(seat.zone)).date()
