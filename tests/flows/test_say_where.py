"""Where somebody is: said with one tap on a usual day, shown to staff, never a locked door."""

from dataclasses import replace
from datetime import date

import pytest

from tests.make import FixedClock, group_session, published_programme, seat_of
from vioP.domain.arrangement import Journey
from vioP.domain.errors import LinkNotOpen
from vioP.domain.ids import ParticipantId
from vioP.domain.whereabouts import Place, usual_place
from vioP.flows.arrange import arrange
from vioP.flows.say_where import Elsewhere, ask_for_call, may_talk, say_where, show_where
from vioP.flows.show import show_session
from vioP.flows.show_calls import show_call_list
from vioP.ports import Ports

AWAY = Journey(
    ParticipantId("p1"), date(2026, 3, 9), date(2026, 3, 13), "Reno", "NV", "America/Denver"
)


@pytest.fixture
async def token(ports: Ports) -> str:
    """The link of p1's seat in the group at nine, whose clinicians are licensed in Colorado."""
    await published_programme(ports)
    seat = await seat_of(ports, await group_session(ports), "p1")
    return ports.secrets.link_token(seat)


async def shown(ports: Ports):
    session = await show_session(ports, await group_session(ports))
    return (await show_where(ports, session)).get(await seat_of(ports, session.id, "p1"))


async def test_a_usual_day_is_home_and_covered(ports: Ports, token: str):
    assert await shown(ports) is None
    await say_where(ports, token, None)

    where = await shown(ports)

    assert (where.said.place, where.said.city, where.said.state) == (
        Place.USUAL,
        "Denver",
        "CO",
    )
    assert where.covered
    assert where.said.alone
    assert where.said.can_talk


async def test_on_a_journey_the_usual_place_is_where_it_leads(ports: Ports, token: str):
    await arrange(ports, AWAY, "k1")
    await say_where(ports, token, None)

    where = await shown(ports)

    assert (where.said.city, where.said.state) == ("Reno", "NV")
    assert not where.covered


async def test_somewhere_nobody_is_licensed_opens_the_door_and_tells_staff(
    ports: Ports, token: str
):
    await say_where(ports, token, None)
    await say_where(ports, token, Elsewhere("Boise", "ID"), alone=False, can_talk=False)

    where = await shown(ports)

    assert (where.said.city, where.covered) == ("Boise", False)
    assert not where.said.alone
    assert not await may_talk(ports, await seat_of(ports, await group_session(ports), "p1"))


async def test_too_late_nothing_is_kept(ports: Ports, token: str, clock: FixedClock):
    clock.forward(300)

    with pytest.raises(LinkNotOpen):
        await say_where(ports, token, None)
    with pytest.raises(LinkNotOpen):
        await ask_for_call(ports, token)

    assert await shown(ports) is None


async def test_whoever_asks_to_be_called_is_on_the_list_and_not_twice(
    ports: Ports, token: str, clock: FixedClock
):
    await ask_for_call(ports, token)
    await ask_for_call(ports, token)
    clock.forward(5)
    listed = await show_call_list(ports)

    assert [(each.participant_id, each.rung) for each in listed] == [("p1", "call")]
    await ask_for_call(ports, token)
    assert len(await show_call_list(ports)) == 2


def test_of_two_journeys_the_later_one_is_meant():
    later = replace(AWAY, first=date(2026, 3, 10), city="Boise", state="ID")
    home = ("Denver", "CO")

    assert usual_place(home, (AWAY, later), date(2026, 3, 9)) == ("Reno", "NV")
    assert usual_place(home, (later, AWAY), date(2026, 3, 10)) == ("Boise", "ID")
    assert usual_place(home, (AWAY, later), date(2026, 3, 14)) == home
