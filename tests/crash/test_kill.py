"""kill -9, again and again, while invites leave and people are looked for."""

import asyncio
import os
import random  # noqa: TID251 - where the kills fall; the seed is printed
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.crash.engine_process import AT_ONCE
from tests.crash.lives import one_life
from tests.make import (
    FixedClock,
    clinician,
    cohort,
    deliveries,
    enrollment,
    make_ports,
    open_sealed,
    participant,
    programme,
    publish,
    verify_phones,
)
from vioP.clock import SystemClock
from vioP.domain.attendance import Evidence, Fact
from vioP.domain.delivery import DeliveryState
from vioP.domain.ids import CohortId, StaffId
from vioP.domain.time import Instant, later, week_of
from vioP.flows.import_programme import import_programme
from vioP.flows.mark_attendance import start_session
from vioP.jobs.distributed import install
from vioP.mail.outbox import list_mails
from vioP.phone.outbox import read_texts
from vioP.ports import Ports
from vioP.storage import Store

FINAL = {DeliveryState.SENT, DeliveryState.SKIPPED}
GROUPS, SIZE, MISSING = 5, 8, 2


def midday_somewhere(now: Instant) -> str:
    """A zone in which it is about noon, so that no group begins today and ends tomorrow."""
    ahead = 12 - now.hour
    return f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT"


async def running_sessions(ports: Ports, clock: FixedClock, now: Instant) -> None:
    """Five groups that began a little less than six minutes ago, two people missing in each."""
    began = later(now, -timedelta(minutes=5, seconds=50))
    zone = midday_somewhere(now)
    local = began.astimezone(ZoneInfo(zone))
    groups = [
        cohort(
            f"group{number}",
            days=(local.weekday(),),
            at=local.time().replace(microsecond=0),
            zone=zone,
            facilitators=(StaffId(f"c{number}"),),
        )
        for number in range(GROUPS)
    ]
    people = [
        participant(f"p{number:02d}", supporters=()) for number in range(GROUPS * SIZE)
    ]
    small = programme(people)
    await import_programme(
        ports,
        replace(
            small,
            program=replace(small.program, holidays=()),
            staff=tuple(
                replace(clinician(), id=StaffId(f"c{number}"), zone=zone,
                        email=f"c{number}@staff.example",
                        hours=tuple(replace(each, weekday=day, opens=each.opens.replace(hour=0),
                                            closes=each.closes.replace(hour=23, minute=59))
                                    for day, each in enumerate((clinician().hours * 2)[:7])))
                for number in range(GROUPS)
            ),
            cohorts=tuple(groups),
            enrollments=tuple(
                enrollment(
                    f"p{number:02d}",
                    CohortId(f"group{number % GROUPS}"),
                    first=(local - timedelta(days=30)).date(),
                    until=(local + timedelta(days=30)).date(),
                )
                for number in range(GROUPS * SIZE)
            ),
            service_plans=(),
        ),
        "k1",
    )  # fmt: skip
    clock.moment = later(began, -timedelta(hours=1))
    await publish(ports, week_of(local.date()))
    clock.moment = later(began, timedelta(seconds=1))
    async with ports.store.read() as tx:
        sessions = await tx.live.between(
            clock.now(), later(clock.now(), timedelta(minutes=1))
        )
    assert len(sessions) == GROUPS
    for session in sessions:
        await start_session(ports, session.id, "c0")
        async with ports.store.write() as tx:
            for seat in session.seats[MISSING:]:
                fact = Evidence(Fact.JOIN_PRESSED, clock.now(), "test")
                await tx.live.witness(
                    seat.id, fact, recorded_at=clock.now(), key=f"e:{seat.id}"
                )


async def all_is_done(url: str) -> None:
    """Wait until everything is in a final state and every call is listed."""
    for _ in range(400):
        await asyncio.sleep(0.4)
        async with open_sealed(url) as store:
            rows = await deliveries(store)
        calls = sum(each["kind"] == "call" for each in rows)
        if calls == GROUPS * MISSING and all(each["state"] in FINAL for each in rows):
            return


async def run_and_kill(url: str, place: Path, kills: int) -> None:
    seed = int.from_bytes(os.urandom(4), "big")
    print(f"seed {seed}, {kills} kills")  # noqa: T201 - to repeat a failure
    chance = random.Random(seed)  # noqa: S311 - no secret
    clock = FixedClock(SystemClock().now())
    async with open_sealed(url) as store:
        await running_sessions(make_ports(store, clock), clock, clock.now())

    for _ in range(kills):
        await one_life([url, str(place)], asyncio.sleep(chance.uniform(0.0, 0.25)))
    await one_life([url, str(place)], all_is_done(url))

    async with open_sealed(url) as store:
        await judge(store, place, kills)


async def judge(store: Store, place: Path, kills: int) -> None:
    """Everything ended, everybody missing was reached, and nobody twice."""
    rows = await deliveries(store)
    async with store.read() as tx:
        attempts = await tx.connection.fetch("SELECT id, seat_id, rung FROM attempt")
    unfinished = [each for each in rows if each["state"] not in FINAL]
    assert unfinished == []

    sent = [each for each in rows if each["state"] == "sent"]
    assert len(list_mails(place / "mail")) == sum(
        each["channel"] == "mail" for each in sent
    )
    texts = [each.key for each in read_texts(place / "texts")]
    assert len(texts) == len(set(texts))
    # What left just before a kill, and was too late to be sent when somebody could tell.
    in_doubt = {
        each["key"]
        for each in rows
        if (each["state"], each["reason"]) == ("skipped", "late") and each["attempts"] > 1
    }
    assert set(texts) - in_doubt == {
        each["key"] for each in sent if each["channel"] == "sms"
    }
    assert sum(each["kind"] == "invite" for each in sent) == GROUPS * SIZE

    calls = Counter(each["seat_id"] for each in attempts if each["rung"] == "call")
    assert len(calls) == GROUPS * MISSING
    assert set(calls.values()) == {1}

    handed_over = Counter((place / "sent.log").read_text().split())
    again = sum(count - 1 for count in handed_over.values())
    assert again <= kills * AT_ONCE
    print(f"{len(sent)} sent, {again} handed over again, unchanged")  # noqa: T201 - the figure


async def test_a_process_killed_again_and_again_loses_and_repeats_nothing(
    sqlite_url: str, tmp_path: Path
):
    await run_and_kill(sqlite_url, tmp_path, kills=5)


CALLS = "tests.crash.calls_process"


async def calls_are_done(url: str) -> None:
    """Wait until every call of a first rung has ended in a final state."""
    for _ in range(400):
        await asyncio.sleep(0.4)
        async with open_sealed(url) as store:
            calls = [each for each in await deliveries(store) if each["kind"] == "call"]
        if len(calls) == GROUPS * MISSING and all(each["state"] in FINAL for each in calls):
            return


async def test_a_process_killed_while_it_calls_rings_nobody_twice_and_forgets_nobody(
    sqlite_url: str, tmp_path: Path
):
    await call_and_kill(sqlite_url, tmp_path, kills=6)


@pytest.mark.scale
async def test_forty_kills_while_calling(sqlite_url: str, tmp_path: Path):
    await call_and_kill(sqlite_url, tmp_path, kills=40)


async def call_and_kill(url: str, place: Path, kills: int) -> None:
    seed = int.from_bytes(os.urandom(4), "big")
    print(f"seed {seed}, {kills} kills")  # noqa: T201 - to repeat a failure
    chance = random.Random(seed)  # noqa: S311 - no secret
    clock = FixedClock(SystemClock().now())
    async with open_sealed(url) as store:
        await running_sessions(make_ports(store, clock), clock, clock.now())
        async with store.write() as tx:
            await verify_phones(tx, clock.now())
            # By day wherever the test runs, so that quiet hours refuse nothing.
            await tx.connection.execute(
                "UPDATE participant SET zone = :zone", zone=daytime(clock.now())
            )

    for _ in range(kills):
        await one_life([url, str(place)], asyncio.sleep(chance.uniform(0.0, 0.5)), CALLS)
    await one_life([url, str(place)], calls_are_done(url), CALLS)

    async with open_sealed(url) as store:
        calls = [each for each in await deliveries(store) if each["kind"] == "call"]
        async with store.read() as tx:
            listed = await tx.connection.fetch(
                "SELECT COUNT(DISTINCT seat_id) AS seats FROM attempt WHERE rung = 'call'"
            )
    assert len(calls) == GROUPS * MISSING
    assert {each["state"] for each in calls} == {"sent"}
    assert listed[0]["seats"] == GROUPS * MISSING
    rang = Counter((place / "rang.log").read_text().split())
    assert set(rang) == {each["key"] for each in calls}
    assert set(rang.values()) == {1}


def daytime(now: Instant) -> str:
    """A zone in which it is noon or so now."""
    offset = now.hour - 12
    return f"Etc/GMT{offset:+d}" if offset else "Etc/GMT"


@pytest.mark.scale
async def test_fifty_kills(sqlite_url: str, tmp_path: Path):
    await run_and_kill(sqlite_url, tmp_path, kills=50)


@pytest.mark.scale
@pytest.mark.postgresql
async def test_ten_kills_on_postgresql(postgresql_url: str, tmp_path: Path):
    await install(postgresql_url)

    await run_and_kill(postgresql_url, tmp_path, kills=10)
