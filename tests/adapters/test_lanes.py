"""Which letter goes next, and when everything rests."""

import asyncio
from dataclasses import replace

import pytest

from tests.adapters.letters import a_letter
from vioP.breaker import CircuitBreaker
from vioP.mail.lanes import Errand, Lanes
from vioP.mail.server import Limits
from vioP.mail.taken import nothing


def errand(to: str = "p@a.example", *, awaited: bool = False) -> Errand:
    letter = replace(a_letter(), to=to, awaited=awaited)
    return Errand(letter, nothing, 45.0, asyncio.get_running_loop().create_future())


async def test_what_is_awaited_goes_first_and_the_rest_in_order():
    lanes = Lanes(Limits(per_domain=9))
    invites = [errand(), errand()]
    nudges = [errand(awaited=True), errand(awaited=True)]
    for each in (invites[0], nudges[0], invites[1], nudges[1]):
        lanes.add(each)

    order = [lanes.next(0.0) for _ in range(4)]

    assert order == [*nudges, *invites]
    assert lanes.next(0.0) is None


async def test_a_domain_that_is_busy_does_not_hold_up_another():
    lanes = Lanes(Limits(per_domain=1))
    first, second, other = (
        errand("p@a.example"),
        errand("q@A.example"),
        errand("r@b.example"),
    )
    for each in (first, second, other):
        lanes.add(each)

    assert lanes.next(0.0) is first
    assert lanes.next(0.0) is other
    assert lanes.next(0.0) is None
    lanes.left(first, 0.0)
    assert lanes.next(0.0) is second


async def test_a_domain_gets_six_seconds_worth_at_once_and_then_its_pace():
    lanes = Lanes(Limits(per_domain=99, pace=60))
    for _ in range(9):
        lanes.add(errand())

    at_once = 0
    while isinstance(found := lanes.next(0.0), Errand):
        at_once += 1

    assert at_once == 6 + 1
    assert found == pytest.approx(1.0)
    assert isinstance(lanes.next(1.0), Errand)
    assert lanes.next(1.0) == pytest.approx(1.0)


async def test_what_is_awaited_does_not_wait_for_a_pace():
    lanes = Lanes(Limits(per_domain=99, pace=1))
    lanes.add(errand())
    assert isinstance(lanes.next(0.0), Errand)
    lanes.add(errand(awaited=True))

    assert isinstance(lanes.next(0.0), Errand)


async def test_whoever_no_longer_waits_is_passed_over():
    lanes = Lanes(Limits())
    gone, there = errand(), errand()
    lanes.add(gone)
    lanes.add(there)
    gone.answer.cancel()

    assert lanes.next(0.0) is there


def test_three_troubles_in_a_row_open_the_breaker_and_one_letter_tries_after_each_rest():
    breaker = CircuitBreaker()
    breaker.trouble(0.0)
    breaker.trouble(0.0)
    breaker.well()
    for _ in range(3):
        assert breaker.admits(0.0)
        breaker.trouble(0.0)

    assert breaker.is_open
    assert not breaker.admits(4.9)
    assert breaker.wait(1.0) == pytest.approx(4.0)
    assert breaker.admits(5.0)
    assert not breaker.admits(5.0), "one tries, not all"
    breaker.trouble(5.0)
    assert not breaker.admits(14.9)
    assert breaker.admits(15.0)
    breaker.well()
    assert breaker.admits(15.0)
    assert breaker.wait(15.0) == 0.0


def test_letters_that_had_begun_before_it_opened_do_not_lengthen_the_rest():
    breaker = CircuitBreaker()
    for _ in range(8):
        breaker.trouble(0.0)

    assert breaker.wait(0.0) == pytest.approx(5.0)


def test_a_rest_has_an_end_that_a_nudge_lives_to_see():
    breaker = CircuitBreaker()
    now = 0.0
    for _ in range(40):
        breaker.admits(now)
        breaker.trouble(now)
        now += breaker.wait(now)

    breaker.admits(now)
    breaker.trouble(now)
    assert breaker.wait(now) <= 30.0
