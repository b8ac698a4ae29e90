"""Counted tries: for a while, for one caller, and never by asking."""

from datetime import timedelta

import pytest

from tests.make import FixedClock
from vioP.domain.errors import TooManyTries
from vioP.domain.limit import Limit
from vioP.flows.count_tries import Try, are_spent, count_tries, forget_tries
from vioP.ports import Ports

HERE = Try("wrong_pin", "of +1", Limit(3, timedelta(minutes=30)))
ELSEWHERE = Try("wrong_pin", "of +2", Limit(3, timedelta(minutes=30)))


async def test_tries_are_spent_for_one_caller_and_for_a_while(
    ports: Ports, clock: FixedClock
):
    for _ in range(3):
        assert await are_spent(ports, [HERE]) == [False]
        await count_tries(ports, [HERE])

    assert await are_spent(ports, [HERE, ELSEWHERE]) == [True, False]
    with pytest.raises(TooManyTries):
        await count_tries(ports, [HERE])
    clock.forward(31)
    assert await are_spent(ports, [HERE]) == [False]


async def test_who_has_shown_who_they_are_begins_anew(ports: Ports):
    for _ in range(3):
        await count_tries(ports, [HERE])

    await forget_tries(ports, [HERE])

    assert await are_spent(ports, [HERE]) == [False]
