"""Work beside a block ends with it, and neither hides the other's errors."""

import asyncio

import pytest

from vioP.beside import beside


async def test_work_ends_with_its_block():
    ended: list[str] = []

    async def work() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            ended.append("work")

    async with beside(work()):
        await asyncio.sleep(0)

    assert ended == ["work"]


async def test_an_error_of_the_block_comes_out_as_it_is():
    with pytest.raises(KeyError):
        async with beside(asyncio.sleep(60)):
            raise KeyError


async def test_an_error_of_the_work_is_not_swallowed():
    async def broken() -> None:
        raise LookupError

    with pytest.raises(LookupError):
        async with beside(broken()):
            await asyncio.sleep(0)
