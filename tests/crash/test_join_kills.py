"""kill -9 while people press the button to join: whoever was let in is on record."""

import asyncio
import os
import random  # noqa: TID251 - where the kills fall; the seed is printed
from collections.abc import Callable
from pathlib import Path

import aiohttp
import pytest

from tests.crash.lives import cradle
from tests.make import (
    FixedClock,
    group_session,
    make_ports,
    open_sealed,
    published_programme,
    seat_of,
)
from tests.scale.page import write_section
from vioP.ports import Ports
from vioP.storage.connect import is_sound
from vioP.video.janus.config import free_port

PEOPLE = ("p1", "p2", "p3", "p4")
KEPT = "SELECT COUNT(*) AS number FROM evidence WHERE fact = 'join_pressed'"
OWN = {"Sec-Fetch-Site": "same-origin"}


async def press(
    http: aiohttp.ClientSession, address: str, answered: Callable[[], None]
) -> None:
    """Press again and again, until nobody answers any more."""
    try:
        while True:
            async with http.post(address, allow_redirects=False, headers=OWN) as answer:
                assert answer.status == 303, await answer.text()
                answered()
    except aiohttp.ClientError:
        return


async def addresses(ports: Ports, port: int) -> list[str]:
    """The addresses of everybody's button."""
    session = await group_session(ports)
    seats = [await seat_of(ports, session, name) for name in PEOPLE]
    return [f"http://127.0.0.1:{port}/j/{ports.secrets.link_token(seat)}" for seat in seats]


async def run_and_kill(url: str, place: Path, kills: int) -> tuple[int, int]:
    """Kill so often.

    Returns:
        How many presses were answered, and how many of them are on record.
    """
    seed = int.from_bytes(os.urandom(4), "big")
    print(f"seed {seed}, {kills} kills")  # noqa: T201 - to repeat a failure
    chance = random.Random(seed)  # noqa: S311 - no secret
    port, answers = free_port(), [0]

    def answered() -> None:
        answers[0] += 1

    async with open_sealed(url) as store:
        ports = make_ports(store, FixedClock())
        await published_programme(ports)
        buttons = await addresses(ports, port)
    args, module = [url, str(place), str(port)], "tests.crash.joins_process"
    async with cradle(args, module) as born, aiohttp.ClientSession() as http:
        for _ in range(kills):
            async with born.living() as kill:
                crowd = [
                    asyncio.create_task(press(http, each, answered)) for each in buttons
                ]
                await asyncio.sleep(chance.uniform(0.0, 0.1))
                kill()
                await asyncio.gather(*crowd)
    async with open_sealed(url) as store, store.read() as tx:
        [row] = await tx.connection.fetch(KEPT)
    return answers[0], int(row["number"])


async def test_no_join_that_was_answered_is_lost_to_a_kill(sqlite_url: str, tmp_path: Path):
    answers, kept = await run_and_kill(sqlite_url, tmp_path, kills=15)

    assert answers > 0
    assert kept >= answers
    assert await is_sound(Path(sqlite_url.removeprefix("sqlite:///")))


@pytest.mark.scale
async def test_a_thousand_kills_while_people_join(sqlite_url: str, tmp_path: Path):
    answers, kept = await run_and_kill(sqlite_url, tmp_path, kills=1000)

    write_section(
        "Killed while people join",
        f"""The service takes presses of the join button, four at a time, and is killed (`kill -9`)
at random moments; SQLite on disk.

| What | Number |
|---|---|
| kills | 1000 |
| presses that were answered | {answers} |
| of those, not on record | {max(0, answers - kept)} |

The promise is that none is lost. (One that was kept and not answered may be on record.)
""",
    )
    assert answers > 1000
    assert kept >= answers
    assert await is_sound(Path(sqlite_url.removeprefix("sqlite:///")))
