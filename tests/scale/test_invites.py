"""How fast invites are written, beside others, and what it is like while 10,000 leave."""

import asyncio
import json
import shutil
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import time as clock_time
from datetime import timedelta
from importlib import metadata
from pathlib import Path
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from icalendar import Alarm, Calendar, Event, vCalAddress, vText, vUri

from tests.adapters.letters import MAILS, an_invite
from tests.make import (
    SENDER,
    WEEK,
    FixedClock,
    clinician,
    cohort,
    enrollment,
    make_ports,
    open_sealed,
    participant,
    programme,
    publish,
)
from tests.scale.page import write_section
from vioP.calendars.ics import render
from vioP.domain.delivery import Channel, DeliveryState
from vioP.domain.ids import CohortId, StaffId
from vioP.domain.invite import Invite
from vioP.domain.time import Week, later
from vioP.flows.deliver import deliver
from vioP.flows.import_programme import import_programme
from vioP.mail.compose import compose_invite
from vioP.mail.server import Limits, MailServer
from vioP.mail.smtp import SmtpMail
from vioP.pauses import never_look_again
from vioP.ports import Ports

HERE = Path(__file__).parent
PER_APPOINTMENT = 8
LEAST = {"icalendar": 20.0, "ics": 4.0, "ical-generator": 4.0}
LEAST_RENDERED, LEAST_COMPOSED = 4000, 1000
COHORTS, SIZE, DAYS = 100, 10, 5
WEEKS = (WEEK, Week(WEEK.monday + timedelta(days=7)))
MOST_BLOCKED_MS = 20.0
_SPEED = """\
One process, one core, processor time, the same appointment told to {per} people each. *Plainly*
is the library as its documentation shows it, with `add_missing_timezones()`. The npm libraries
run under Node {node}, with their compiler warmed up, and write UTC times without a time zone.

| What | Invites a second | vioP's times as many |
|---|---|---|
| **vioP, the calendar** | **{rendered:,.0f}** | |
| **vioP, the whole letter** (calendar, text, HTML, MIME) | **{composed:,.0f}** | |
| python icalendar {icalendar_version}, plainly | {icalendar:,.0f} | {icalendar_ratio:.0f} |
{peers}

The promises are at least {least_rendered:,} and {least_composed:,} a second, 20 times the plain
library, and 4 times each of the others.
"""
_LEAVING = """\
{letters:,} invites of a published week, from rows in SQLite (on disk, every commit flushed) through
`deliver` to a real mail server in a process of its own, over {connections} connections; a task of
its own asks every 2 ms whether the event loop still answers.

| What | Figure |
|---|---|
| letters taken by the server | {taken:,} |
| seconds on the wall | {wall:.1f} |
| letters a second | {rate:,.0f} |
| the event loop's own work at a stretch, ms of processor: median, 99.9 %, most | {busy} |
| the event loop answered late, ms on the wall: median, 99.9 %, most | {late} |

Most of the time goes to the mail server, in Python too, and to one commit for each letter, which is
why no letter is ever sent without a note of it. The promise is that the loop never works for more
than {most:.0f} ms without looking up; on the wall others on this machine have their turns as well.
"""


def invites(count: int) -> list[Invite]:
    """Invites to appointments with a few people each."""
    plain = an_invite()
    return [
        replace(
            plain,
            uid=f"{number:040x}",
            name=f"Person {number}",
            address=f"p{number}@participants.example",
            join_url=f"https://join.example/j/{number:043d}",
            starts=later(plain.starts, timedelta(minutes=15 * (number // PER_APPOINTMENT))),
            ends=later(plain.ends, timedelta(minutes=15 * (number // PER_APPOINTMENT))),
        )
        for number in range(count)
    ]


def plainly(invite: Invite) -> bytes:
    """The same invite as the library's documentation writes one."""
    zone = ZoneInfo(invite.zone)
    calendar = Calendar()
    calendar.add("prodid", "-//appointments//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "REQUEST")
    event = Event()
    event.add("uid", f"{invite.uid}@example.org")
    event.add("sequence", invite.sequence)
    event.add("dtstamp", invite.stamped)
    event.add("dtstart", invite.starts.astimezone(zone))
    event.add("dtend", invite.ends.astimezone(zone))
    event.add("summary", "Example Health appointment")
    event.add("description", f"Join by video: {invite.join_url}\nOr call {SENDER.phone}.")
    event.add("location", invite.join_url)
    event.add("url", vUri(invite.join_url))
    organizer = vCalAddress(f"mailto:{SENDER.address}")
    organizer.params["CN"] = vText(SENDER.name)
    event.add("organizer", organizer)
    attendee = vCalAddress(f"mailto:{invite.address}")
    attendee.params["CN"] = vText(invite.name)
    attendee.params["ROLE"] = vText("REQ-PARTICIPANT")
    attendee.params["PARTSTAT"] = vText("NEEDS-ACTION")
    attendee.params["RSVP"] = vText("TRUE")
    event.add("attendee", attendee)
    event.add("status", "CONFIRMED")
    event.add("class", "PRIVATE")
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", "Example Health appointment")
    alarm.add("trigger", -timedelta(minutes=15))
    event.add_component(alarm)
    calendar.add_component(event)
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def per_second(write: Callable[[Invite], object], told: Sequence[Invite]) -> float:
    """How many are written in a second of the processor, the middle of three rounds."""
    write(told[0])
    rounds = []
    for _ in range(3):
        begun = time.process_time()
        for each in told:
            write(each)
        rounds.append(len(told) / (time.process_time() - begun))
    return median(rounds)


def of_npm(folder: Path) -> dict[str, Any]:
    """What the npm libraries reach, or nothing where there is no npm."""
    if shutil.which("npm") is None or shutil.which("node") is None:
        print("npm is not here: ics and ical-generator are left out")  # noqa: T201
        return {}
    shutil.copy(HERE / "calendars" / "peers.mjs", folder)
    _run(folder, "npm", "install", "--no-save", "ics", "ical-generator")
    found: dict[str, Any] = json.loads(_run(folder, "node", "peers.mjs", "4000"))
    for name in ("ics", "ical-generator"):
        package = json.loads((folder / "node_modules" / name / "package.json").read_text())
        found[f"{name} version"] = package["version"]
    found["node"] = _run(folder, "node", "--version").strip()
    return found


def _run(folder: Path, *command: str) -> str:
    done = subprocess.run(  # noqa: S603 - our own arguments
        command, cwd=folder, check=True, capture_output=True, text=True
    )
    return done.stdout


@pytest.mark.scale
def test_invites_are_written_faster_than_by_others(tmp_path: Path):
    told = invites(4000)
    found = of_npm(tmp_path)
    rendered = per_second(lambda each: render(each, SENDER), told)
    composed = per_second(
        lambda each: compose_invite(each, SENDER, render(each, SENDER), MAILS), told
    )
    plain = per_second(plainly, told[:100])

    peers = {"icalendar": plain} | {
        name: float(found[name]) for name in LEAST if name in found
    }
    rows = [
        f"| npm `{name}` {found[f'{name} version']} | {peers[name]:,.0f} "
        f"| {rendered / peers[name]:.1f} |"
        for name in peers
        if name != "icalendar"
    ]
    write_section(
        "Writing invites",
        _SPEED.format(
            per=PER_APPOINTMENT,
            node=found.get("node", "(not here)"),
            rendered=rendered,
            composed=composed,
            icalendar=plain,
            icalendar_version=metadata.version("icalendar"),
            icalendar_ratio=rendered / plain,
            peers="\n".join(rows) or "| npm is not here | | |",
            least_rendered=LEAST_RENDERED,
            least_composed=LEAST_COMPOSED,
        ),
    )
    assert rendered >= LEAST_RENDERED
    assert composed >= LEAST_COMPOSED
    for name, speed in peers.items():
        assert rendered / speed >= LEAST[name], name


@dataclass
class Watch:
    """Asks again and again whether the event loop answers, and notes when it does not."""

    late: list[float] = field(default_factory=list)
    busy: list[float] = field(default_factory=list)

    async def look(self) -> None:
        """Look until cancelled."""
        while True:
            begun, worked = time.perf_counter(), time.thread_time()
            await asyncio.sleep(0.002)
            self.late.append(max(time.perf_counter() - begun - 0.002, 0.0) * 1000)
            self.busy.append((time.thread_time() - worked) * 1000)


def spread(values: list[float]) -> str:
    ordered = sorted(values)
    picks = (len(ordered) // 2, int(len(ordered) * 0.999), len(ordered) - 1)
    return ", ".join(f"{ordered[at]:.1f}" for at in picks)


@asynccontextmanager
async def sink() -> AsyncIterator[tuple[MailServer, list[int]]]:
    """A mail server of its own process; afterwards, how many letters it took."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.scale.mail_sink",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        cwd=HERE.parents[1],
    )
    assert process.stdin is not None
    assert process.stdout is not None
    port = int(await process.stdout.readline())
    taken: list[int] = []
    try:
        yield MailServer("127.0.0.1", port, security="none"), taken
    finally:
        process.stdin.close()
        taken.append(int(await process.stdout.readline()))
        await process.wait()


def people_of(cohort_number: int) -> Iterator[str]:
    return (f"p{cohort_number * SIZE + number}" for number in range(SIZE))


async def a_big_programme(ports: Ports) -> None:
    """A thousand people in groups that meet every working day."""
    names = [name for number in range(COHORTS) for name in people_of(number)]
    people = [participant(each, contact=contact_of(each)) for each in names]
    small = programme(people[:4])
    staff = [
        clinician(f"c{number}", email=f"c{number}@staff.example")
        for number in range(COHORTS)
    ]
    others = [each for each in small.staff if not each.role.is_clinician]
    cohorts = [
        cohort(
            f"g{number}",
            days=tuple(range(DAYS)),
            at=clock_time(8 + 3 * (number % 3)),  # no more at once than there are rooms
            capacity=SIZE,
            facilitators=(StaffId(f"c{number}"),),
        )
        for number in range(COHORTS)
    ]
    enrolled = [
        enrollment(name, CohortId(f"g{number}"))
        for number in range(COHORTS)
        for name in people_of(number)
    ]
    await import_programme(
        ports,
        replace(
            small,
            staff=(*staff, *others),
            cohorts=tuple(cohorts),
            participants=tuple(people),
            enrollments=tuple(enrolled),
            service_plans=(),
            authorizations=(),
        ),
        "k1",
    )


def contact_of(name: str) -> Any:
    return replace(participant(name).contact, email=f"{name}@d{int(name[1:]) % 50}.example")


@pytest.mark.scale
async def test_ten_thousand_invites_leave_and_nobody_waits_for_the_loop(
    sqlite_url: str, clock: FixedClock
):
    clock.forward(-33 * 60)  # Monday before dawn: this week and the next are told
    limits = Limits(connections=4, per_domain=4, pace=0)
    watch = Watch()
    async with sink() as (server, taken), open_sealed(sqlite_url) as store:
        async with SmtpMail.open(server, limits) as mail:
            ports = make_ports(store, clock, mail=mail)
            await a_big_programme(ports)
            for week in WEEKS:
                await publish(ports, week)
            clock.forward(5)
            never_look_again()  # as a process does before it serves
            looking = asyncio.create_task(watch.look())
            begun = time.perf_counter()
            while await deliver(ports, Channel.MAIL):
                pass
            wall = time.perf_counter() - begun
            looking.cancel()
        async with store.read() as tx:
            sent = (await tx.deliveries.counts())[DeliveryState.SENT]

    assert taken == [sent]
    write_section(
        "Ten thousand invites leave",
        _LEAVING.format(
            letters=sent,
            connections=limits.connections,
            taken=taken[0],
            wall=wall,
            rate=sent / wall,
            busy=spread(watch.busy),
            late=spread(watch.late),
            most=MOST_BLOCKED_MS,
        ),
    )
    assert sent == COHORTS * SIZE * DAYS * len(WEEKS)
    assert max(watch.busy) < MOST_BLOCKED_MS
