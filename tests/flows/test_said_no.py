"""Whoever said no while the ladder was climbing: phones stop, and what they ask for counts."""

import pytest

from tests.carrier import FakeCarrier
from tests.make import (
    NINE,
    FixedClock,
    seat_of,
)
from vioP.domain.board import Standing, standing
from vioP.domain.call import NOT_NEEDED, CallState
from vioP.domain.ids import SeatId, SessionId
from vioP.flows.answer_invite import answer_invite
from vioP.flows.hear_call import hear_call, hear_key
from vioP.flows.show import show_session
from vioP.flows.show_calls import show_call_list
from vioP.flows.show_live import show_live_board, show_story
from vioP.flows.take_text import take_text
from vioP.ports import Ports
from vioP.worker import handlers

P4 = "+13035550104"


@pytest.fixture
async def seat(phoned: Ports, session: SessionId) -> SeatId:
    return await seat_of(phoned, session, "p4")


async def at(ports: Ports, minute: float) -> None:
    """Go to a minute and let everything happen that is due."""
    clock = ports.clock
    assert isinstance(clock, FixedClock)
    clock.moment = NINE
    clock.forward(minute)
    known = handlers(ports)
    now = clock.now()
    for _ in range(50):
        async with ports.store.write() as tx:
            claims = await tx.jobs.claim(now, until=now.replace(year=2099), at_most=50)
        if not claims:
            return
        for claim in claims:
            await known[claim.job.name](claim.job.args)
            async with ports.store.write() as tx:
                await tx.jobs.finish([claim])


async def say_no(ports: Ports, seat: SeatId) -> None:
    await answer_invite(ports, ports.secrets.rsvp_token(seat), "no", "Dentist", 0)


async def word(ports: Ports, session: SessionId) -> Standing:
    shown = await show_session(ports, session)
    [seat] = [each for each in shown.seats if each.participant_id == "p4"]
    return standing(shown, seat, ports.clock.now())


async def rungs(ports: Ports) -> list[str]:
    """What somebody still has to do about p4."""
    return [
        each.rung
        for each in await show_call_list(ports)
        if each.outcome is None and each.participant_id == "p4"
    ]


async def test_a_call_that_rings_for_somebody_who_says_no_is_ended(
    phoned: Ports, session, seat, carrier: FakeCarrier
):
    await at(phoned, 6)
    key = f"call:{seat}:0:phone"
    await hear_call(phoned, key, CallState.RINGING)
    assert await word(phoned, session) is Standing.RINGING

    await say_no(phoned, seat)
    await at(phoned, 6)

    assert carrier.ended == {f"ref-{key}": NOT_NEEDED}
    for minute in (10, 12, 15):
        await at(phoned, minute)
    assert sum(carrier.rings.values()) == 1
    assert await rungs(phoned) == []


async def test_the_board_waits_for_nobody_who_said_no(phoned: Ports, session, seat):
    await at(phoned, 4)
    board = await show_live_board(phoned, "America/Denver")
    assert set(board.ahead) == {seat}

    await say_no(phoned, seat)

    board = await show_live_board(phoned, "America/Denver")
    assert dict(board.ahead) == {}
    assert await word(phoned, session) is Standing.NOT_EXPECTED


@pytest.mark.parametrize(("text", "task"), [("C", "call_back"), ("H", "wants_human")])
async def test_what_somebody_asks_for_who_said_no_is_put_before_a_person(
    phoned: Ports, seat, text: str, task: str
):
    await say_no(phoned, seat)
    await at(phoned, 5)

    await take_text(phoned, "t1", P4, text)

    assert await rungs(phoned) == [task]


async def test_a_key_for_a_person_counts_after_a_no(phoned: Ports, seat):
    await at(phoned, 6)
    key = f"call:{seat}:0:phone"
    await hear_call(phoned, key, CallState.ANSWERED)
    await say_no(phoned, seat)

    await hear_key(phoned, key, "0")

    assert await rungs(phoned) == ["wants_human"]


async def test_the_story_holds_the_answer(phoned: Ports, seat):
    await say_no(phoned, seat)

    story = await show_story(phoned, seat)

    assert ("answered", "declined", "link") in {
        (each.what, each.kind, each.by) for each in story.lines
    }
    assert story.seat.reply is not None


async def test_a_room_that_says_nothing_promises_no_next_step(phoned: Ports, session):
    await at(phoned, 4)
    async with phoned.store.write() as tx:
        await tx.rooms.silent(session, NINE)

    board = await show_live_board(phoned, "America/Denver")

    assert dict(board.ahead) == {}
