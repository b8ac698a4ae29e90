"""A day is closed: nothing is held on it, an import keeps it so, and it opens again."""

from dataclasses import replace
from datetime import date

import pytest

from tests.make import WEEK, FixedClock, make_ports, minutes_later, programme, publish
from vioP.domain.arrangement import ClosedDay
from vioP.domain.errors import Invalid
from vioP.domain.programme import Programme
from vioP.flows.arrange import arrange, show_arrangements, take_back_arrangement
from vioP.flows.build_week import build_week
from vioP.flows.import_programme import compare_programme, import_programme
from vioP.flows.publish_week import publish_week
from vioP.flows.show import show_week
from vioP.ports import Ports
from vioP.storage import Store

TUESDAY, THURSDAY, FILED = date(2026, 3, 10), date(2026, 3, 12), date(2026, 3, 20)
CLOSED = ClosedDay(THURSDAY)


@pytest.fixture
async def told(store: Store, clock: FixedClock) -> Ports:
    """The small program with one closed day of its files, its week published."""
    ports = make_ports(store, clock)
    await import_programme(ports, filed(), "test")
    await publish(ports)
    return ports


def filed() -> Programme:
    plain = programme()
    return replace(plain, program=replace(plain.program, holidays=(FILED,)))


async def days_held(ports: Ports) -> set[date]:
    """The days of the published week on which something is held."""
    week = await show_week(ports, WEEK)
    assert week.published is not None
    return {each.promise.day for each in week.published.plan.sessions}


async def test_nothing_is_held_on_a_day_that_is_closed_and_its_people_are_told(told: Ports):
    assert THURSDAY in await days_held(told)

    await arrange(told, CLOSED, "k1")
    assert (await show_week(told, WEEK)).is_stale
    await build_week(told, WEEK, "k1")
    published = await publish_week(told, WEEK, "k1")

    assert THURSDAY not in await days_held(told)
    assert published.cancelled == 4  # the four of the group


async def test_an_import_keeps_the_day_closed(told: Ports):
    await arrange(told, CLOSED, "k1")

    assert await compare_programme(told, filed()) == ()
    longer = replace(filed(), program=replace(filed().program, holidays=(FILED, TUESDAY)))
    await import_programme(told, longer, "test")

    async with told.store.read() as tx:
        known = await tx.programme.read()
    assert known is not None
    assert known.program.holidays == (TUESDAY, THURSDAY, FILED)


async def test_a_day_that_was_closed_here_opens_again_and_others_stay(told: Ports):
    noted = await arrange(told, CLOSED, "k1")

    await take_back_arrangement(told, noted.id, "k1")

    async with told.store.read() as tx:
        known = await tx.programme.read()
    assert known is not None
    assert known.program.holidays == (FILED,)
    await build_week(told, WEEK, "k1")
    await publish_week(told, WEEK, "k1")
    assert THURSDAY in await days_held(told)


@pytest.mark.parametrize(
    ("day", "minutes", "says"),
    [
        (FILED, 0, "is a closed day already"),
        (date(2026, 3, 8), 0, "is over"),
        (TUESDAY, 5, "have begun"),
    ],
)
async def test_what_cannot_be_closed_is_refused_and_nothing_is_noted(
    told: Ports, clock: FixedClock, day: date, minutes: int, says: str
):
    clock.moment = minutes_later(minutes)

    with pytest.raises(Invalid, match=says):
        await arrange(told, ClosedDay(day), "k1")

    assert await show_arrangements(told) == []
