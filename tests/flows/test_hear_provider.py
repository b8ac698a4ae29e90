"""Messages of a video service that come at the same time are kept together, each for itself."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import pytest

from tests.make import (
    NINE,
    FixedClock,
    group_session,
    minutes_later,
    published_programme,
    seat_of,
)
from tests.video import RoomsInMemory
from vioP.domain.attendance import Fact, Presence
from vioP.domain.errors import Missing
from vioP.domain.ids import SessionId
from vioP.domain.room import Guest, Heard, Sighting
from vioP.domain.time import Instant
from vioP.flows.hear_provider import hear_provider
from vioP.flows.open_door import open_door
from vioP.flows.show import show_session
from vioP.ports import Ports
from vioP.storage.rooms import HEAR, PLACE

PEOPLE = ("p1", "p2", "p3", "p4")
HOST = Guest("c1", "Doctor (host)", is_host=True)


@dataclass
class Talkative(RoomsInMemory):
    """A service whose message is a number, by which it is known what it says."""

    said: list[Sighting] = field(default_factory=list)

    async def verify(self, headers: Mapping[str, str], raw: bytes, now: Instant) -> Heard:
        return Heard((self.said[int(raw)],))


@pytest.fixture
def rooms() -> Talkative:
    """The service this house prefers."""
    return Talkative()


@pytest.fixture
def house(ports: Ports, rooms: Talkative) -> Ports:
    """The house, with that service."""
    return replace(ports, video=rooms)


@pytest.fixture
async def session(house: Ports, rooms: Talkative, clock: FixedClock) -> SessionId:
    """The group at nine; its people and its host come into the room, in this order."""
    await published_programme(house)
    session = await group_session(house)
    await open_door(house, session, HOST)
    room = await rooms.ensure(session)
    for guest in [*[await seat_of(house, session, each) for each in PEOPLE], HOST.id]:
        name = f"con_{guest}"
        came = Sighting(f"e:{guest}", room, guest, Fact.ENTERED, clock.now(), None, name)
        rooms.said.append(came)
    return session


async def hear_all(house: Ports, rooms: Talkative) -> list[object]:
    """Everything that is said arrives at once; answers what became of each."""
    numbers = range(len(rooms.said))
    heard = (hear_provider(house, "memory", {}, str(each).encode()) for each in numbers)
    return list(await asyncio.gather(*heard, return_exceptions=True))


async def present(house: Ports, session: SessionId) -> set[str]:
    shown = await show_session(house, session)
    there = [each for each in shown.seats if each.presence is Presence.PRESENT]
    return {each.participant_id for each in there}


async def test_what_comes_at_once_is_kept_in_few_transactions(
    house: Ports, rooms: Talkative, session: SessionId, statements: list[str]
):
    statements.clear()

    assert await hear_all(house, rooms) == [{}] * 5

    assert statements.count(PLACE) == 5
    assert statements.count(HEAR) <= 2
    assert await present(house, session) == set(PEOPLE)
    assert (await show_session(house, session)).host_started_at is not None


async def test_hearing_it_again_changes_nothing(
    house: Ports, rooms: Talkative, session: SessionId
):
    rooms.said += rooms.said

    await hear_all(house, rooms)

    shown = await show_session(house, session)
    assert [len(each.evidence) for each in shown.seats if each.evidence] == [1] * 4


async def test_a_message_that_cannot_be_kept_is_refused_alone(
    house: Ports, rooms: Talkative, session: SessionId
):
    rooms.said[1] = replace(rooms.said[1], at=rooms.said[1].at.replace(tzinfo=None))

    answers = await hear_all(house, rooms)

    assert isinstance(answers.pop(1), ValueError)
    assert answers == [{}] * 4
    assert await present(house, session) == set(PEOPLE) - {"p2"}


async def test_nobody_is_heard_of_who_has_no_place_in_the_room(
    house: Ports, rooms: Talkative, session: SessionId
):
    async with house.store.read() as tx:
        every = await tx.live.between(NINE, minutes_later(60 * 12))
    stranger = next(seat.id for each in every if each.id != session for seat in each.seats)
    rooms.said = [
        replace(rooms.said[0], event_id="1", guest_id=stranger),
        replace(rooms.said[0], event_id="2", guest_id="nobody"),
        replace(rooms.said[0], event_id="3", room="elsewhere"),
    ]

    assert await hear_all(house, rooms) == [{}] * 3

    assert await present(house, session) == set()
    with pytest.raises(Missing):
        await hear_provider(house, "nobody", {}, b"0")
