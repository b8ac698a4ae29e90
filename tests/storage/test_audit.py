"""The audit: a chain that shows where it was touched."""

import pytest

from tests.make import minutes_later
from vioP.storage import Store


@pytest.fixture
async def noted(store: Store) -> Store:
    """Three rows."""
    for number in range(3):
        async with store.write() as tx:
            await tx.audit.note(
                minutes_later(number), "k1", "did", f"thing {number}", {"n": "1"}
            )
    return store


async def broken_at(store: Store) -> int | None:
    async with store.read() as tx:
        return await tx.audit.first_break()


async def test_an_untouched_chain_holds(noted: Store):
    assert await broken_at(noted) is None


@pytest.mark.parametrize(
    ("crime", "row"),
    [
        ("UPDATE audit SET actor = 'k2' WHERE number = 2", 2),
        ("DELETE FROM audit WHERE number = 2", 2),
        ("DELETE FROM audit WHERE number = 3", 3),
        ("UPDATE audit SET digest = 'x' WHERE number = 1", 1),
    ],
)
async def test_a_row_that_was_touched_is_found(noted: Store, crime: str, row: int):
    async with noted.write() as tx:
        await tx.connection.execute(crime)

    assert await broken_at(noted) == row


async def test_a_rolled_back_act_leaves_no_row(noted: Store):
    async def fail() -> None:
        async with noted.write() as tx:
            await tx.audit.note(minutes_later(9), "k1", "did", "nothing")
            raise ConnectionError

    with pytest.raises(ConnectionError):
        await fail()

    assert await broken_at(noted) is None
    async with noted.read() as tx:
        assert len(await tx.audit.latest(10)) == 3
