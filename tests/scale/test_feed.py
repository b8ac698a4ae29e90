"""What a feed of five hundred events costs, fetched again and again, measured and written down."""

import time
from datetime import timedelta
from statistics import median

import pytest

from tests.make import NINE, FixedClock, make_ports, open_sealed, programme
from tests.scale.page import write_section
from vioP.domain.ids import ParticipantId, SeatId, SessionId
from vioP.domain.session import Block, Kind, PlannedSession, Promise
from vioP.domain.time import later, week_of
from vioP.flows.feed import feed_path, read_feed, renew_feed
from vioP.flows.import_programme import import_programme
from vioP.ports import Ports
from vioP.storage.weeks import SeatRow, SessionRow

EVENTS, ROUNDS = 500, 50
MOST_MS = 5.0
_TEXT = """\
One process, SQLite on disk, one person with {events} appointments; the middle of {rounds}
times, from the secret address to the bytes.

| What | Milliseconds of the processor |
|---|---|
| first time | {cold:.0f} |
| again | {warm:.1f} |
| again, for a calendar that holds it already (304) | {held:.1f} |

The promise for a feed that was fetched before is {most:.0f} ms.
"""


async def filled(ports: Ports) -> str:
    """Five hundred appointments of one person, and the token of their feed."""
    await import_programme(ports, programme(), "k1")
    sessions, seats = [], []
    for number in range(EVENTS):
        starts = later(NINE, timedelta(hours=3 * number))
        key = f"ses_{number:04d}"
        planned = PlannedSession(
            key=key, kind=Kind.INDIVIDUAL, cohort_id=None,
            promise=Promise(starts.date(), starts.time(), "UTC"),
            starts=starts, ends=later(starts, timedelta(minutes=50)),
            blocks=(Block("individual", 50),), staff=(), participants=(ParticipantId("p1"),),
        )  # fmt: skip
        sessions.append(SessionRow(SessionId(key), week_of(starts.date()), planned))
        seat = SeatId(f"sea_{number:04d}")
        seats.append(
            SeatRow(
                seat, SessionId(key), ParticipantId("p1"), ports.secrets.uid(), 0, NINE, starts,
                planned.ends, "America/Denver", "active",
                ports.secrets.digest(ports.secrets.link_token(seat)),
            )
        )  # fmt: skip
    async with ports.store.write() as tx:
        await tx.weeks.save_sessions(sessions)
        await tx.weeks.save_seats(seats)
    await renew_feed(ports, "p1", "p1")
    path = await feed_path(ports, "p1")
    assert path is not None
    return path.rpartition("/")[2].removesuffix(".ics")


async def timed(ports: Ports, token: str, *held: str) -> float:
    begun = time.process_time()
    await read_feed(ports, token, held)
    return (time.process_time() - begun) * 1000


@pytest.mark.scale
async def test_a_feed_of_five_hundred_events_costs_milliseconds(sqlite_url: str):
    async with open_sealed(sqlite_url) as store:
        ports = make_ports(store, FixedClock(NINE))
        token = await filled(ports)
        cold = await timed(ports, token)
        feed = await read_feed(ports, token)
        assert feed.body is not None
        assert feed.body.count(b"BEGIN:VEVENT") == EVENTS
        warm = median([await timed(ports, token) for _ in range(ROUNDS)])
        held = median([await timed(ports, token, feed.etag) for _ in range(ROUNDS)])

    text = _TEXT.format(
        events=EVENTS, rounds=ROUNDS, cold=cold, warm=warm, held=held, most=MOST_MS
    )
    write_section("A feed", text)
    print(text)  # noqa: T201 - the figure
    assert warm <= MOST_MS
