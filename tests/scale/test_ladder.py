"""How punctual the ladder is: 1,000 seats due in the same minute, measured and written down."""

import asyncio
import os
import time
from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from statistics import quantiles
from zoneinfo import ZoneInfo

import pytest

from tests.carrier import FakeCarrier
from tests.make import (
    FixedClock,
    clinician,
    cohort,
    enrollment,
    make_ports,
    open_sealed,
    participant,
    programme,
    publish,
    verify_phones,
)
from tests.scale.page import write_section
from vioP.clock import SystemClock
from vioP.domain.attendance import Evidence, Fact
from vioP.domain.call import CallState
from vioP.domain.contact import ContactPolicy
from vioP.domain.fallback import STEPS, Ladder, Step
from vioP.domain.ids import CohortId, StaffId
from vioP.domain.people import Contact
from vioP.domain.program import Policy
from vioP.domain.time import Instant, later, week_of
from vioP.flows.hear_call import hear_call
from vioP.flows.import_programme import import_programme
from vioP.flows.mark_attendance import start_session
from vioP.flows.sweep import sweep
from vioP.jobs.alarm import Alarm
from vioP.jobs.embedded import EmbeddedEngine
from vioP.jobs.queue import RowQueue
from vioP.jobs.runner import Runner
from vioP.storage import Store
from vioP.worker import handlers

GROUPS, SIZE, MISSING = 100, 10, 140
SOONER = 10  # times quicker the ladder climbs than it does in a program
TAKES = 0.1  # seconds the carrier takes over a call
MOST_P99, MOST = 5.0, 20.0
_TEXT = """\
{groups} groups of {size} begin in the same second; {missing} people do not come. Embedded engine,
SQLite on disk, a carrier in memory that takes {takes:.1f} s over a call; the ladder's minutes pass
{sooner} times quicker, so that its rungs come closer together than they ever do. Lateness is from
when a step is due until it has left, in seconds.

| Step | Number | p50 | p99 | Latest |
|---|---|---|---|---|
{rows}

All of it cost {cpu:.1f} s of the processor; the event loop was never held up for more than
{stall:.0f} ms, by what runs in it or by other programs on this machine: {load:.1f} of them wanted
to run at a time, on {cores} cores.

The promise is a p99 of at most {p99:.0f} s, and nothing over {most:.0f} s.
"""
STEPS_DONE = """
SELECT kind, channel, due, done_at FROM delivery
WHERE kind NOT IN ('invite', 'cancel') AND seat_id IS NOT NULL AND state = 'sent'
"""


def quick() -> Ladder:
    steps = tuple(Step(each.rung, each.after / SOONER) for each in STEPS)
    return Ladder(steps=steps, high_risk=steps)


async def furnish(store: Store, begins: Instant) -> None:
    """A hundred groups that begin together, and everybody but the missing is there."""
    clock = FixedClock(later(begins, -timedelta(hours=1)))
    ports = make_ports(store, clock)
    zone = f"Etc/GMT{begins.hour - 12:+d}" if begins.hour != 12 else "Etc/GMT"
    local = begins.astimezone(ZoneInfo(zone))  # about noon: no group ends tomorrow
    staff = tuple(
        replace(clinician(f"c{n}"), email=f"c{n}@staff.example", zone=zone, hours=tuple(
            replace(each, opens=each.opens.replace(hour=0), weekday=day,
                    closes=each.closes.replace(hour=23, minute=59))
            for day, each in enumerate((clinician().hours * 2)[:7])))
        for n in range(GROUPS)
    )  # fmt: skip
    people = [
        participant(
            f"p{n:04d}",
            zone=zone,
            contact=Contact(f"p{n}@participants.example", f"+1303555{n:04d}", sms=True),
        )
        for n in range(GROUPS * SIZE)
    ]
    small = programme(people)
    await import_programme(
        ports,
        replace(
            small,
            program=replace(small.program, policy=Policy(group_min=2, video_rooms=GROUPS)),
            staff=staff,
            cohorts=tuple(
                cohort(f"g{n}", zone=zone, days=(local.weekday(),), coordinator_id=None,
                       at=local.time().replace(microsecond=0), capacity=SIZE,
                       facilitators=(StaffId(f"c{n}"),))
                for n in range(GROUPS)
            ),
            enrollments=tuple(
                enrollment(each.id, CohortId(f"g{n % GROUPS}"),
                           first=(local - timedelta(days=30)).date(),
                           until=(local + timedelta(days=30)).date())
                for n, each in enumerate(people)
            ),
            service_plans=(), authorizations=(),
        ),
        "bench",
    )  # fmt: skip
    await publish(ports, week_of(local.date()))
    clock.moment = begins
    async with ports.store.read() as tx:
        sessions = await tx.live.between(begins, later(begins, timedelta(minutes=1)))
    assert len(sessions) == GROUPS
    here = 0
    for number, session in enumerate(sessions):
        await start_session(ports, session.id, "bench")
        gone = MISSING // GROUPS + (number < MISSING % GROUPS)
        async with store.write() as tx:
            for seat in session.seats[gone:]:
                fact = Evidence(Fact.JOIN_PRESSED, begins, "bench")
                await tx.live.witness(seat.id, fact, recorded_at=begins, key=f"e:{seat.id}")
                here += 1
    assert here == GROUPS * SIZE - MISSING
    async with store.write() as tx:
        await verify_phones(tx, begins)
        await tx.connection.execute("UPDATE delivery SET state = 'skipped'")


async def note_stalls(found: list[float]) -> None:
    """By how much the event loop was late, looked at a hundred times a second."""
    loop = asyncio.get_running_loop()
    while True:
        begun = loop.time()
        await asyncio.sleep(0.01)
        found.append(loop.time() - begun - 0.01)


@pytest.mark.scale
async def test_a_thousand_seats_in_one_minute_are_followed_up_in_time(sqlite_url: str):
    assert ContactPolicy().verified_only
    clock = SystemClock()
    carrier = FakeCarrier(takes=TAKES)
    async with open_sealed(sqlite_url) as store:
        begins = later(clock.now(), timedelta(seconds=3600))
        moved = FixedClock(begins)
        await furnish(store, begins)
        begun = time.monotonic()
        cpu = time.process_time()

        class Running:
            """The real clock, set to the start of the sessions."""

            def now(self) -> Instant:
                return later(moved.moment, timedelta(seconds=time.monotonic() - begun))

        alarm = Alarm(Running().now)
        ports = make_ports(
            store, Running(), jobs=RowQueue(alarm.ring_at), telephone=carrier
        )
        ports = replace(ports, house=replace(ports.house, ladder=quick()))
        engine = EmbeddedEngine(Runner(store, ports.clock.now, handlers(ports)), alarm)
        await engine.start()
        await sweep(ports)
        until = time.monotonic() + STEPS[-1].after.total_seconds() / SOONER + MOST
        reported: set[str] = set()
        stalls: list[float] = []
        looking = asyncio.create_task(note_stalls(stalls))
        while time.monotonic() < until:
            await asyncio.sleep(1)
            for key in set(carrier.calls) - reported:
                await hear_call(ports, key, CallState.NO_ANSWER)
                reported.add(key)
        await engine.stop()
        looking.cancel()
        cpu = time.process_time() - cpu
        async with store.read() as tx:
            rows = await tx.connection.fetch(STEPS_DONE)

    late: dict[str, list[float]] = defaultdict(list)
    for row in rows:
        name = f"{row['kind'].replace('_', ' ')}, {row['channel'].replace('_', ' ')}"
        late[name].append((row["done_at"] - row["due"]).total_seconds())
    print({name: len(found) for name, found in late.items()})  # noqa: T201 - the figure
    lines = [
        f"| {name} | {len(found)} | {quantiles(found, n=100)[49]:.2f} | "
        f"{quantiles(found, n=100)[98]:.2f} | {max(found):.2f} |"
        for name, found in late.items()
    ]
    text = _TEXT.format(groups=GROUPS, size=SIZE, missing=MISSING, takes=TAKES, sooner=SOONER,
                        rows="\n".join(lines), p99=MOST_P99, most=MOST, cpu=cpu,
                        stall=1000 * max(stalls), load=os.getloadavg()[1],
                        cores=os.cpu_count())  # fmt: skip
    write_section("Missed joins", text)
    for name in ("nudge, sms", "nudge, mail", "call, phone", "second call, phone",
                 "coordinator, call list", "clinician, call list"):  # fmt: skip
        assert len(late[name]) == MISSING, name
        assert quantiles(late[name], n=100)[98] <= MOST_P99, name
        assert max(late[name]) <= MOST, name
    assert len(carrier.rings) == 2 * MISSING
    assert set(carrier.rings.values()) == {1}
