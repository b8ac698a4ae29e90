"""What building and publishing cost, measured and written down."""

import time
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tests.make import FixedClock, make_ports, open_sealed, publish
from tests.scale.page import write_section
from vioP.domain.time import Week, instant
from vioP.files.read import load, read_programme
from vioP.flows.import_programme import import_programme

ROOT = Path(__file__).parents[2]
MORNING = instant(datetime(2027, 3, 8, 12, 30, tzinfo=UTC))
WEEKS = (Week(date(2027, 3, 8)), Week(date(2027, 3, 15)))
MOST_CPU_SECONDS = 3.0
_TEXT = """\
One process, SQLite on disk, the demo programme (42 participants, 15 clinicians, 95 and 90
sessions), without loading modules and files.

| What | CPU seconds |
|---|---|
| build and publish two weeks, 411 seats | {cpu:.2f} |

The promise is less than {most:.0f} s.
"""


@pytest.mark.scale
async def test_two_weeks_are_built_and_published_within_the_promise(sqlite_url: str):
    files = [
        ROOT / "config" / "demo" / name for name in ("programme.toml", "participants.csv")
    ]
    programme, people = map(load, files)
    async with open_sealed(sqlite_url) as store:
        ports = make_ports(store, FixedClock(MORNING))
        demo = read_programme(programme, people, invent_contacts=True)
        await import_programme(ports, demo, "bench")
        begun = time.process_time()
        told = [await publish(ports, week) for week in WEEKS]
        cpu = time.process_time() - begun

    assert [each.invited for each in told] == [208, 203]
    text = _TEXT.format(cpu=cpu, most=MOST_CPU_SECONDS)
    write_section("A program's week", text)
    assert cpu < MOST_CPU_SECONDS
