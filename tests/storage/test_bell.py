"""The bell on PostgreSQL: rung by commits, heard again after a loss."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field

import pytest

from vioP.beside import beside
from vioP.storage import Store
from vioP.storage.bell import listen

pytestmark = pytest.mark.postgresql

CHANGE = "UPDATE matter SET said = ''"
HANG_UP = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND query LIKE '%pg_notify%' AND pid <> pg_backend_pid()
"""


@dataclass
class Ear:
    """What is heard, in order."""

    heard: asyncio.Queue[str] = field(default_factory=asyncio.Queue)

    def rang(self) -> None:
        self.heard.put_nowait("rang")

    def hears(self, *, well: bool) -> None:
        self.heard.put_nowait("well" if well else "deaf")

    async def next(self) -> str:
        return await asyncio.wait_for(self.heard.get(), 5)


@pytest.fixture
async def ear(postgresql_url: str) -> AsyncIterator[Ear]:
    """Somebody who listens, and hears."""
    ear = Ear()
    async with beside(listen(postgresql_url, ear)):
        assert await ear.next() == "well"
        yield ear


@pytest.fixture
async def store(postgresql_url: str) -> AsyncIterator[Store]:
    """An empty store on PostgreSQL; SQLite has one process and no bell."""
    async with Store.open(postgresql_url) as store:
        yield store


async def test_a_commit_rings_and_what_is_rolled_back_does_not(ear: Ear, store: Store):
    with suppress(ZeroDivisionError):
        async with store.write() as tx:
            await tx.connection.execute(CHANGE)
            raise ZeroDivisionError
    assert ear.heard.empty()

    async with store.write() as tx:
        await tx.connection.execute(CHANGE)
        await tx.connection.execute(CHANGE)
    assert await ear.next() == "rang"
    assert ear.heard.empty()


async def test_what_is_not_shown_live_rings_nobody(ear: Ear, store: Store):
    async with store.write() as tx:
        await tx.connection.execute("DELETE FROM tries")
        await tx.connection.execute("DELETE FROM job")
    async with store.write() as tx:
        await tx.connection.execute(CHANGE)

    assert await ear.next() == "rang"
    assert ear.heard.empty()


async def test_a_listener_that_is_hung_up_on_says_so_and_hears_again(
    ear: Ear, store: Store
):
    async with store.write() as tx:
        hung_up = await tx.connection.fetch(HANG_UP)
    assert len(hung_up) == 1

    assert await ear.next() == "deaf"
    assert await ear.next() == "well"
    async with store.write() as tx:
        await tx.connection.execute(CHANGE)
    assert await ear.next() == "rang"
