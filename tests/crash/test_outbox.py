"""kill -9 at random points of the outbox: every calendar still equals the plan.

A real mail server counts what it is asked, and at a random question the process that asks
is killed: at once, or within the next milliseconds, in which it writes down what it knows.
Between its lives everybody's appointments change.
"""

import asyncio
import os
import random  # noqa: TID251 - where the kills fall; the seed is printed
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from icalendar import Calendar

from tests.adapters.mail_servers import listening
from tests.crash.lives import Cradle, cradle
from tests.make import (
    FixedClock,
    cohort,
    enrollment,
    make_ports,
    open_sealed,
    participant,
    programme,
    publish,
)
from tests.scale.page import write_section
from vioP.clock import SystemClock
from vioP.domain.time import Instant, Week, later, week_of
from vioP.flows.import_programme import import_programme
from vioP.ports import Ports
from vioP.storage import Store

PEOPLE = 8
ZONES = ("America/Denver", "America/Chicago", "America/New_York")
QUESTIONS = 70  # a life is asked about that many before everything has left
_TEXT = """\
A process that sends invites to a real mail server over four connections is killed (`kill -9`)
at random points of the dialogue, and within the milliseconds in which it writes down what
left. Between its lives everybody's appointments change. Afterwards every message is replayed
in the order of arrival, as a calendar does.

| What | Number |
|---|---|
| kills | {kills} |
| letters the server took | {letters} |
| of those, taken twice, byte for byte the same | {twice} |
| most of them after one kill | {most} |
| calendars that differ from the plan | {wrong} |

The promise is that no calendar differs, and at most one letter is sent twice for a kill.
"""


@dataclass
class Fatal:
    """A mail server that lets something happen at a chosen question."""

    got: list[bytes] = field(default_factory=list)
    questions: int = 0
    fatal: int = 0
    strike: Callable[[], None] = lambda: None

    async def _asked(self) -> None:
        await asyncio.sleep(0)
        self.questions += 1
        if self.questions == self.fatal:
            self.strike()

    async def handle_MAIL(  # noqa: N802 - the server's own word
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _more: Any
    ) -> str:
        await self._asked()
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802 - the server's own word
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _more: Any
    ) -> str:
        await self._asked()
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - the server's own word
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        await self._asked()
        assert isinstance(envelope.original_content, bytes)
        self.got.append(envelope.original_content)
        await self._asked()
        return "250 Taken"


@dataclass
class Replayed:
    """A calendar as clients keep it."""

    events: dict[str, tuple[int, Instant, Instant]] = field(default_factory=dict)

    def receive(self, letter: bytes) -> None:
        """Take a message as Thunderbird does: a request after a cancellation counts."""
        message = message_from_bytes(letter, policy=policy.default)
        part = next(p for p in message.walk() if p.get_content_type() == "text/calendar")
        raw = part.get_payload(decode=True)
        assert isinstance(raw, bytes)
        calendar: Any = Calendar.from_ical(raw)
        [event] = calendar.walk("VEVENT")
        uid, sequence = str(event["UID"]), int(event["SEQUENCE"])
        known = self.events.get(uid)
        if known is not None and known[0] > sequence:
            return
        if calendar["METHOD"] == "CANCEL":
            self.events.pop(uid, None)
        else:
            starts, ends = (event[key].dt.astimezone(UTC) for key in ("DTSTART", "DTEND"))
            self.events[uid] = (sequence, starts, ends)


def coming_week(now: Instant) -> Week:
    """The next week, on whatever day this runs: the week after it is told later."""
    return week_of(now.date() + timedelta(weeks=1))


async def change(ports: Ports, clock: FixedClock, turn: int, week: Week) -> None:
    """Publish a plan in which everybody's message differs, and somebody is not there."""
    day = week.monday
    people = [
        participant(f"p{number}", zone=ZONES[(turn + number) % len(ZONES)])
        for number in range(PEOPLE)
    ]
    away = turn % PEOPLE
    small = programme(people)
    enrolled = [
        enrollment(each.id, first=day - timedelta(days=90), until=day + timedelta(days=90))
        for number, each in enumerate(people)
        if number != away
    ]
    await import_programme(
        ports,
        replace(
            small,
            program=replace(small.program, holidays=()),
            cohorts=(cohort(capacity=PEOPLE),),
            enrollments=tuple(enrolled),
            service_plans=tuple(
                each for each in small.service_plans if each.participant_id != f"p{away}"
            ),
            authorizations=(),
        ),
        "k1",
    )
    clock.forward(0.1)
    await publish(ports, week)


async def planned(store: Store) -> dict[str, dict[str, tuple[Instant, Instant]]]:
    """What each person should find in their calendar."""
    async with store.read() as tx:
        rows = await tx.connection.fetch(
            "SELECT seat.uid, seat.starts, seat.ends, OPENED(participant.email) FROM seat "
            "JOIN participant ON participant.id = seat.participant_id "
            "WHERE seat.state = 'active'"
        )
    plan: dict[str, dict[str, tuple[Instant, Instant]]] = {}
    for row in rows:
        uid = f"{row['uid']}@example.org"
        plan.setdefault(row["email"], {})[uid] = (row["starts"], row["ends"])
    return plan


async def settled(store: Store) -> set[tuple[str, int]]:
    """Which messages are written down as sent."""
    async with store.read() as tx:
        rows = await tx.connection.fetch(
            "SELECT seat.uid, delivery.revision FROM delivery "
            "JOIN seat ON seat.id = delivery.seat_id WHERE delivery.state = 'sent'"
        )
    return {(row["uid"], row["revision"]) for row in rows}


def identity(letter: bytes) -> tuple[str, int]:
    message_id = str(message_from_bytes(letter, policy=policy.default)["Message-ID"])
    uid, sequence, *_ = message_id.strip("<>").split(".")
    return uid, int(sequence)


async def all_is_sent(store: Store) -> None:
    for _ in range(300):
        await asyncio.sleep(0.2)
        async with store.read() as tx:
            [row] = await tx.connection.fetch(
                "SELECT COUNT(*) AS open FROM delivery WHERE state IN ('pending', 'sending')"
            )
        if not row["open"]:
            return
    raise AssertionError("the outbox did not empty")


async def one_death(server: Fatal, born: Cradle, chance: random.Random) -> None:
    """Let a process send until the server's questions are fatal to it."""
    dead = asyncio.Event()
    async with born.living() as kill:

        def die() -> None:
            kill()
            dead.set()

        def strike() -> None:
            if chance.random() < 0.5:
                die()
            else:
                asyncio.get_running_loop().call_later(chance.uniform(0.0, 0.01), die)

        server.questions, server.strike = 0, strike
        server.fatal = chance.randint(1, QUESTIONS)
        try:
            async with asyncio.timeout(30):
                await dead.wait()
        finally:
            server.fatal = 0


async def run_and_kill(url: str, place: Path, kills: int) -> dict[str, int]:
    seed = int.from_bytes(os.urandom(4), "big")
    print(f"seed {seed}, {kills} kills")  # noqa: T201 - to repeat a failure
    chance = random.Random(seed)  # noqa: S311 - no secret
    clock = FixedClock(later(SystemClock().now(), -timedelta(hours=3)))
    week = coming_week(clock.now())
    server = Fatal()
    unknown: list[int] = []
    async with (
        listening(server) as at,
        open_sealed(url) as store,
        cradle([url, str(place), str(at.port)]) as born,
    ):
        ports = make_ports(store, clock)
        for turn in range(kills):
            await change(ports, clock, turn, week)
            before = len(server.got)
            await one_death(server, born, chance)
            known = await settled(store)
            unknown.append(len({identity(each) for each in server.got[before:]} - known))
        async with born.living():
            await all_is_sent(store)
        plan = await planned(store)
    return judge(server.got, plan, unknown)


def judge(
    got: list[bytes],
    plan: dict[str, dict[str, tuple[Instant, Instant]]],
    unknown: list[int],
) -> dict[str, int]:
    """Replay what arrived, and compare it with the plan."""
    calendars: dict[str, Replayed] = {}
    copies: dict[tuple[str, int], set[bytes]] = {}
    for letter in got:
        to = str(message_from_bytes(letter, policy=policy.default)["To"])
        calendars.setdefault(to, Replayed()).receive(letter)
        copies.setdefault(identity(letter), set()).add(letter)
    twice = Counter(map(identity, got))
    wrong = [
        to
        for to in set(calendars) | set(plan)
        if {
            uid: (starts, ends)
            for uid, (_, starts, ends) in calendars.get(to, Replayed()).events.items()
        }
        != plan.get(to, {})
    ]

    assert wrong == []
    assert max(map(len, copies.values())) == 1, "a copy differs"
    assert max(unknown) <= 1, "more than one letter of which nobody knows"
    again = sum(count - 1 for count in twice.values())
    assert again <= len(unknown)
    return {
        "kills": len(unknown),
        "letters": len(got),
        "twice": again,
        "most": max(unknown),
        "wrong": len(wrong),
    }


async def test_calendars_equal_the_plan_after_a_few_kills(sqlite_url: str, tmp_path: Path):
    await run_and_kill(sqlite_url, tmp_path, kills=4)


@pytest.mark.scale
async def test_two_hundred_kills(sqlite_url: str, tmp_path: Path):
    figures = await run_and_kill(sqlite_url, tmp_path, kills=200)

    write_section("Killed while invites leave", _TEXT.format(**figures))
