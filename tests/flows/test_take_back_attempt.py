"""A slip on the call list is taken back while it is fresh; what followed is never unsent."""

import pytest

from tests.make import (
    FixedClock,
    group_session,
    participant,
    published_programme,
    seat_of,
)
from vioP.domain.errors import Conflict
from vioP.domain.ids import SeatId, SessionId
from vioP.flows.settle_attempt import Outcome, settle_attempt
from vioP.flows.show_calls import show_call_list
from vioP.flows.take_back_attempt import take_back_attempt
from vioP.ports import Ports
from vioP.storage.attempts import Task

pytestmark = pytest.mark.usefixtures("line")


@pytest.fixture
async def line(ports: Ports) -> str:
    """Somebody who asked to be called back."""
    await published_programme(ports, people=[participant("p1")])
    async with ports.store.write() as tx:
        await tx.attempts.ask(Task("a1", "call_back", "p1"), ports.clock.now())
    return "a1"


async def waits(ports: Ports, line: str) -> bool:
    return line in {each.id for each in await show_call_list(ports) if not each.outcome}


async def test_a_slip_waits_again_and_both_are_on_record(
    ports: Ports, line: str, clock: FixedClock
):
    await settle_attempt(ports, line, Outcome.HANDLED, "k1")
    assert not await waits(ports, line)
    clock.forward(4)

    await take_back_attempt(ports, line, "k1")

    assert await waits(ports, line)
    async with ports.store.read() as view:
        rows = await view.connection.fetch(
            "SELECT action FROM audit WHERE object = :line ORDER BY number", line=line
        )
    assert [row["action"] for row in rows] == ["attempt.settled", "attempt.taken_back"]


async def test_an_answer_stands_after_five_minutes(
    ports: Ports, line: str, clock: FixedClock
):
    await settle_attempt(ports, line, Outcome.NO_ANSWER, "k1")
    clock.forward(5)

    with pytest.raises(Conflict, match="stands"):
        await take_back_attempt(ports, line, "k1")
    assert not await waits(ports, line)


@pytest.mark.parametrize(
    ("outcome", "by"),
    [
        (Outcome.HANDLED, "k2"),
        (Outcome.ON_THE_PHONE, "k1"),
        (Outcome.NO_MORE_CALLS, "k1"),
    ],
)
async def test_nobody_takes_back_a_colleagues_answer_or_one_something_followed_from(
    ports: Ports, line: str, outcome: Outcome, by: str
):
    await settle_attempt(ports, line, outcome, "k1")

    with pytest.raises(Conflict, match="stands"):
        await take_back_attempt(ports, line, by)
    assert not await waits(ports, line)


async def test_what_an_answer_overtook_waits_again_with_it(ports: Ports, clock: FixedClock):
    session = await group_session(ports)
    seat = await seat_of(ports, session, "p1")
    for rung in ("call", "coordinator"):
        await put(ports, rung, session, seat)
        clock.forward(1)
    await settle_attempt(ports, "coordinator", Outcome.NO_ANSWER, "k1")
    assert not await waits(ports, "call")

    await take_back_attempt(ports, "coordinator", "k1")

    assert await waits(ports, "call")
    assert await waits(ports, "coordinator")


async def put(ports: Ports, rung: str, session: SessionId, seat: SeatId) -> None:
    task = Task(rung, rung, "p1", session, seat)
    async with ports.store.write() as tx:
        await tx.attempts.ask(task, ports.clock.now())
