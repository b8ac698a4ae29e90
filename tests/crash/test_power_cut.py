"""The power is cut while people join: a join that was answered is on the disk."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.crash.failing_disk import Disk, open_on
from tests.databases import SqliteFiles
from tests.make import FixedClock, group_session, make_ports, published_programme, seat_of
from vioP.dice import seeded
from vioP.domain.ids import SeatId
from vioP.flows.record_join import record_join
from vioP.storage import Store
from vioP.storage.sqlite import PRAGMAS

JOINS = 60
FIRST_STEP, STEPS = 1_000_000, 600  # numbered anew once people begin to join


def left_over(place: Path, files: dict[str, bytes]) -> tuple[bool, int]:
    """What the next start finds: whether it is sound, and how many joins are in it."""
    place.mkdir()
    for name, content in files.items():
        (place / name).write_bytes(content)
    with closing(sqlite3.connect(place / "viop.db")) as base:
        try:
            sound = base.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            [kept] = base.execute("SELECT COUNT(*) FROM evidence").fetchone()
        except sqlite3.DatabaseError:
            return False, 0
    return sound, int(kept)


async def cut_while_people_join(
    file: Path, seed: int, cuts: int, pragmas: str = PRAGMAS, at_once: int = 1
) -> dict[str, int]:
    """Let people join on a disk that forgets, and look at what each cut of the power left."""
    dice, joins = seeded(seed), JOINS * at_once
    found = {"cuts": 0, "damaged": 0, "lost": 0}
    answered = 0

    def look(files: dict[str, bytes]) -> None:
        found["cuts"] += 1
        sound, kept = left_over(file.parent / f"cut{seed}-{found['cuts']}", files)
        found["damaged"] += not sound
        found["lost"] += sound and kept < answered

    steps = sorted(range(1, STEPS), key=lambda _: dice.random())[:cuts]
    disk = Disk(frozenset(FIRST_STEP + each for each in steps), look, seed)
    async with open_on(disk, file, pragmas) as drive:
        clock = FixedClock()
        ports = make_ports(Store(drive), clock)
        await published_programme(ports)
        disk.steps = FIRST_STEP
        session = await group_session(ports)
        seats = [await seat_of(ports, session, f"p{number}") for number in range(1, 5)]

        async def join(seat: SeatId) -> None:
            nonlocal answered
            await record_join(ports, ports.secrets.link_token(seat))
            answered += 1

        for number in range(0, joins, at_once):
            come = range(number, number + at_once)
            await asyncio.gather(*(join(seats[each % 4]) for each in come))
            clock.forward(0.1)
    assert disk.steps > FIRST_STEP + STEPS, "a cut came too late for anything"
    return found


async def test_no_answered_join_is_lost_when_the_power_is_cut(
    sqlite_files: SqliteFiles, tmp_path: Path
):
    with sqlite_files.empty(tmp_path):
        found = await cut_while_people_join(tmp_path / "viop.db", 1, cuts=20)

    assert found == {"cuts": 20, "damaged": 0, "lost": 0}


async def test_nor_is_one_of_those_that_are_kept_together(
    sqlite_files: SqliteFiles, tmp_path: Path
):
    with sqlite_files.empty(tmp_path):
        found = await cut_while_people_join(tmp_path / "viop.db", 2, cuts=20, at_once=4)

    assert found == {"cuts": 20, "damaged": 0, "lost": 0}


@pytest.mark.parametrize("how", ["NORMAL", "OFF"])
async def test_the_disk_that_forgets_does_lose_what_is_not_synced(
    sqlite_files: SqliteFiles, tmp_path: Path, how: str
):
    careless = PRAGMAS.replace("synchronous = FULL", f"synchronous = {how}")
    with sqlite_files.empty(tmp_path):
        found = await cut_while_people_join(tmp_path / "viop.db", 1, 20, careless)

    assert found["damaged"] + found["lost"] >= 10


@pytest.mark.scale
@pytest.mark.parametrize("seed", range(1, 11))
async def test_two_hundred_cuts(sqlite_files: SqliteFiles, tmp_path: Path, seed: int):
    with sqlite_files.empty(tmp_path):
        found = await cut_while_people_join(tmp_path / "viop.db", seed, cuts=20)

    assert found == {"cuts": 20, "damaged": 0, "lost": 0}
