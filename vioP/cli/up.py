"""``viop up``: everything in one process. With ``--demo``, a whole programme to try."""

import argparse
import asyncio
import socket
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from vioP.cli import demo_house
from vioP.cli.composition import Call
from vioP.cli.opening import bring_up_to_date, settings_of
from vioP.cli.say import remark, say
from vioP.clock import MovableClock, SystemClock
from vioP.domain.contact_facts import ContactFact, ContactKind
from vioP.domain.errors import Invalid, Unavailable
from vioP.domain.ids import CohortId, ParticipantId
from vioP.domain.people import StaffRole
from vioP.domain.setup_link import LinkPurpose
from vioP.domain.time import Instant, Week, instant, week_of
from vioP.files.read import load, read_programme
from vioP.files.shift import shift_dates
from vioP.flows.build_week import build_week
from vioP.flows.import_programme import import_programme
from vioP.flows.publish_week import publish_week
from vioP.flows.put_on_list import Asking, put_on_list
from vioP.flows.send_setup_link import send_setup_link
from vioP.ports import Ports
from vioP.resources import folder
from vioP.settings import Settings

DEMO_MONDAY = date(2027, 3, 8)
PASSWORD = "correct horse battery"  # noqa: S105 - the demo's, printed at every start
NEWCOMERS = {
    ParticipantId("p14"): (LinkPurpose.PARTICIPANT,),
    ParticipantId("p28"): (LinkPurpose.PARTICIPANT,),
    ParticipantId("p42"): (LinkPurpose.PARTICIPANT, LinkPurpose.GUARDIAN),
}
# Who waits for the evening group, since how many days, and why.
WAITERS = (
    ("p06", 19, "Works in the mornings again from April."),
    ("p04", 6, ""),
)
_MORNING = time(7, 30)
_DEMO_PORT = 8080
_ZONE = ZoneInfo("America/New_York")


def add(command: argparse.ArgumentParser) -> None:
    """Give the command its options."""
    command.add_argument(
        "--demo", action="store_true", help="with a demonstration programme"
    )
    command.add_argument(
        "--port", type=int, help="where to listen (the setting port; in the demo 8080)"
    )
    command.add_argument(
        "--name",
        choices=("127.0.0.1", "localhost"),
        default="127.0.0.1",
        help="under which name the demo is opened; passkeys need localhost",
    )
    command.add_argument(
        "--clock",
        default=DEMO_MONDAY.isoformat(),
        help="the demo's first day, or “now” for the real clock (2027-03-08)",
    )
    command.set_defaults(run=run)


def run(call: Call) -> int:
    """Bring the database up to date, and serve until told to stop."""
    asyncio.run(_up(call))
    return 0


async def _up(call: Call) -> None:
    if call.args.demo:
        settings = demo_house.settings(call.args.port or _DEMO_PORT, call.args.name)
        require_free_port(settings)
        demo_house.make_key(settings)
        await bring_up_to_date(settings)
        await _furnish(call, settings)
    else:
        settings = settings_of(call)
        if call.args.port:
            settings = settings.model_copy(update={"port": call.args.port})
        require_free_port(settings)
        await bring_up_to_date(settings)
    await call.house.serve(settings, lambda: greet(settings))


def require_free_port(settings: Settings) -> None:
    """Refuse a port somebody else listens on, before anything is written.

    Raises:
        Unavailable: The port is taken.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise Unavailable(
                f"Port {settings.port} on {settings.host} is taken or forbidden. "
                f"Choose another: --port {settings.port + 1}"
            ) from error


async def _furnish(call: Call, settings: Settings) -> None:
    """Give an empty demo its programme and two published weeks; leave a furnished one alone."""
    async with call.house.ports(settings) as ports:
        async with ports.store.read() as tx:
            if await tx.programme.read() is not None:
                remark("The demo was here before; its data is kept.")
                return
        monday = _set_clock(settings, call.args.clock)
        remark("Importing the demo programme …")
        await _import(ports, monday)
        await _verify_numbers(ports)
        await _ask_newcomers(ports)
        await _fill_waiting_list(ports, monday)
        for week in (Week(monday), Week(monday + timedelta(days=7))):
            remark(f"Planning and publishing the week of {week.monday} …")
            await build_week(ports, week, "demo")
            await publish_week(ports, week, "demo")


def _set_clock(settings: Settings, wanted: str) -> date:
    """Start the demo's clock.

    Returns:
        The Monday of its first week.

    Raises:
        Invalid: The day is no date.
    """
    now = SystemClock().now()
    clock = MovableClock(settings.data / "clock.json")
    if wanted == "now":
        clock.move_to(now)
        return week_of(now.astimezone(_ZONE).date()).monday
    try:
        day = date.fromisoformat(wanted)
    except ValueError as error:
        raise Invalid(
            f"--clock {wanted} is neither “now” nor a date such as 2027-03-08."
        ) from error
    clock.move_to(_morning(day))
    return week_of(day).monday


def _morning(day: date) -> Instant:
    return instant(datetime.combine(day, _MORNING, _ZONE))


async def _verify_numbers(ports: Ports) -> None:
    """In the demo everybody but newcomers was heard on their number, so a machine may call."""
    now = ports.clock.now()
    async with ports.store.write() as tx:
        programme = await tx.programme.read()
        for each in programme.participants if programme else ():
            known = await tx.contacts.of(each.id, now)
            if known is None or each.id in NEWCOMERS:
                continue
            guardian = known.reachable.guardian
            for number in {each.contact.phone, guardian.phone if guardian else ""} - {""}:
                fact = ContactFact(ContactKind.VERIFIED, now, "demo", number=number)
                await tx.contacts.add(f"demo:{each.id}:{number}", each.id, fact)


async def _ask_newcomers(ports: Ports) -> None:
    """Three people have not set up yet: an adult, one under Part 2, a minor with a guardian."""
    for person, purposes in NEWCOMERS.items():
        for purpose in purposes:
            await send_setup_link(ports, person, purpose, "demo")


async def _fill_waiting_list(ports: Ports, monday: date) -> None:
    """Two people of other cohorts wait for a place in the evening group, which is full."""
    for person, asked, note in WAITERS:
        asking = Asking(
            ParticipantId(person),
            CohortId("juniper"),
            monday - timedelta(days=asked),
            monday,
            note=note,
        )
        await put_on_list(ports, asking, "demo")


async def _import(ports: Ports, monday: date) -> None:
    weeks = (monday - DEMO_MONDAY).days // 7
    files = folder("config") / "demo"
    programme, people = (
        shift_dates(load(Path(files / name)), weeks)
        for name in ("programme.toml", "participants.csv")
    )
    read = read_programme(programme, people, invent_contacts=True)
    await import_programme(ports, read, "demo")
    kept = await ports.passwords.digest(PASSWORD)
    async with ports.store.write() as tx:
        for each in await tx.accounts.everybody():
            if each.account.person.role in set(StaffRole):
                await tx.accounts.set_password(each.account.id, kept)


def _say_what_stays(settings: Settings) -> None:
    """What is kept here because nothing is set to bring it to people."""
    if not settings.mail.host:
        remark(f"Mail is kept in {settings.data}; nobody receives it. Set mail.host.")
    if settings.texts.provider == "folder":
        remark(
            f"Texts are kept in {settings.data}; nobody receives them. See texts.provider."
        )


def greet(settings: Settings) -> None:
    """Say where the house is open, and what is missing for it to be of use."""
    url = settings.public_url()
    say(f"vioP is open at {url}")
    if settings.demo:
        say(f"  Try it:       {url}/demo  (sign in as anybody with one click)")
        say("  Coordinator:  k01@staff.example   Clinician: c04@staff.example")
        say(f"  Password:     {PASSWORD}")
        say(f"  Set up:       {url}/demo/outbox?to=p14@participants.example")
        say(
            f"  Participant:  p01@participants.example  (the code shows in {url}/demo/outbox)"
        )
    else:
        _say_what_stays(settings)
    say("  Stop with Ctrl+C.")
