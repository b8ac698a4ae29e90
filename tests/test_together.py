"""What comes at the same time is done together, and nobody pays for another's fault."""

import asyncio
from collections.abc import Sequence

import pytest

from vioP.domain.errors import DatabaseBusy
from vioP.together import Together


class Desk:
    """Takes a while over each turn, refuses odd things, and remembers what it was given."""

    def __init__(self) -> None:
        self.together: Together[int, str] = Together()
        self.turns: list[list[int]] = []
        self.kept: list[int] = []
        self.is_busy = False

    async def act(self, things: Sequence[int]) -> Sequence[str]:
        self.turns.append(list(things))
        await asyncio.sleep(0.01)
        if self.is_busy:
            raise DatabaseBusy
        if any(each < 0 for each in things):
            raise LookupError(str(min(things)))
        self.kept += things
        return [f"kept {each}" for each in things]

    async def do(self, thing: int) -> str:
        return await self.together.do(thing, self.act)


async def test_whoever_comes_meanwhile_is_served_in_one_turn():
    desk = Desk()

    answers = await asyncio.gather(*map(desk.do, range(20)))

    assert desk.turns == [[0], list(range(1, 20))] or desk.turns == [list(range(20))]
    assert answers == [f"kept {each}" for each in range(20)]


async def test_what_cannot_be_done_harms_nobody_else():
    desk = Desk()

    answers = await asyncio.gather(*map(desk.do, (1, 2, -3, 4)), return_exceptions=True)

    assert answers[:2] + answers[3:] == ["kept 1", "kept 2", "kept 4"]
    assert isinstance(answers[2], LookupError)
    assert sorted(desk.kept) == [1, 2, 4]


async def test_while_nothing_can_be_written_nothing_is_tried_one_by_one():
    desk = Desk()
    desk.is_busy = True

    answers = await asyncio.gather(*map(desk.do, range(9)), return_exceptions=True)

    assert all(isinstance(each, DatabaseBusy) for each in answers)
    assert len(desk.turns) <= 2
    desk.is_busy = False
    assert await desk.do(10) == "kept 10"


@pytest.mark.parametrize("who", range(4))
async def test_whoever_hangs_up_leaves_the_others_served(who: int):
    desk = Desk()
    tasks = [asyncio.create_task(desk.do(each)) for each in range(4)]
    await asyncio.sleep(0.015)

    tasks[who].cancel()
    answers = await asyncio.gather(*tasks, return_exceptions=True)

    others = [each for number, each in enumerate(answers) if number != who]
    assert others == [f"kept {each}" for each in range(4) if each != who]
    assert {each for each in range(4) if each != who} <= set(desk.kept)


async def test_a_turn_has_an_end_however_many_wait():
    desk = Desk()

    await asyncio.gather(*map(desk.do, range(250)))

    assert max(map(len, desk.turns)) <= 100
    assert desk.kept == list(range(250))
