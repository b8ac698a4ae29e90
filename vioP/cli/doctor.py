"""``viop doctor``: settings, database, folders, clock and programme; one line each."""

import argparse
import asyncio
import os
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from vioP.cli.composition import Call
from vioP.cli.elsewhere import elsewhere
from vioP.cli.finding import Finding
from vioP.cli.inbox import inbox, mail_in
from vioP.cli.opening import require_database, settings_of
from vioP.cli.phones import phones
from vioP.cli.say import say, say_json, takes_json
from vioP.domain.delivery import DeliveryState
from vioP.domain.errors import VioPError, WrongSettings
from vioP.domain.health import Part
from vioP.domain.invite import Sender
from vioP.domain.program import Policy
from vioP.domain.programme import Programme
from vioP.flows.check_health import check_health
from vioP.flows.check_wording import not_neutral
from vioP.key_file import read_keys
from vioP.mail.errors import in_words
from vioP.ports import Ports
from vioP.seal import check_recipients
from vioP.settings import Settings
from vioP.storage import schema
from vioP.storage.connect import connect
from vioP.storage.outages import Outage
from vioP.storage.resealing import in_force, keys_of
from vioP.video.janus.config import find_janus
from vioP.watch_settings import places


def add(command: argparse.ArgumentParser) -> None:
    """Give the command its options."""
    takes_json(command)
    command.set_defaults(run=run)


def run(call: Call) -> int:
    """Look at everything; fail when anything is not right."""
    findings = asyncio.run(_examine(call))
    if call.args.json:
        say_json([asdict(each) for each in findings])
    else:
        for each in findings:
            say(f"{'ok ' if each.ok else 'BAD'} {each.check}: {each.detail}")
            if each.remedy:
                say(f"    {each.remedy}")
    return 0 if all(each.ok for each in findings) else 1


async def _examine(call: Call) -> list[Finding]:
    try:
        settings = settings_of(call)
    except WrongSettings as error:
        return [Finding("settings", False, str(error), "Mend it, or begin with: viop init")]
    findings = [
        Finding("settings", True, "demo" if settings.demo else "complete"),
        _mail(settings),
        mail_in(settings),
        _video(settings),
        *await phones(settings),
        *await elsewhere(settings),
        _folder(settings.data),
        _backups(settings),
    ]
    database = await _database(settings)
    findings.append(database)
    if database.ok:
        fields, may_open = await _fields(settings)
        findings.append(fields)
        findings += await _contents(call, settings) if may_open else ()
    return findings


def _mail(settings: Settings) -> Finding:
    if settings.mail.host and not settings.demo:
        return Finding("mail", True, f"by {settings.mail.host}:{settings.mail.port}")
    where = settings.data / "mail"
    if settings.demo:
        return Finding("mail", True, f"kept in {where}")
    return Finding(
        "mail",
        False,
        f"kept in {where}; nobody receives it",
        "Set mail.host to your mail server.",
    )


def _video(settings: Settings) -> Finding:
    """Whether the chosen video service can be used here."""
    wanted = settings.video.provider
    if wanted == "livekit":
        return Finding("video", True, f"by {settings.video.livekit_url}")
    if wanted in {"zoom", "jitsi", "jaas"}:
        return Finding("video", True, f"by {wanted}")
    has_janus = find_janus() is not None
    if wanted == "static" or (wanted == "auto" and not has_janus):
        return Finding("video", True, "fixed addresses; they cannot say who is inside")
    remedy = "" if has_janus else "Install it: apt install janus. Or set video.provider."
    return Finding(
        "video", has_janus, "by janus" if has_janus else "janus is missing", remedy
    )


def _sender(programme: Programme | None, sender: Sender) -> Finding:
    """What people outside see comes from the settings; the programme file must agree."""
    if programme is None or programme.program.invite_name == sender.name:
        return Finding("sender", True, sender.name)
    wanted = programme.program.invite_name
    return Finding(
        "sender",
        False,
        f"invites come from “{sender.name}”, the programme says “{wanted}”",
        "Make sender.name and invite_name agree.",
    )


def _program_video(programme: Programme | None, settings: Settings) -> list[Finding]:
    """Whether the video services the programme file names are set up here."""
    policy = programme.program.policy if programme else Policy()
    has_janus = find_janus() is not None and settings.database.startswith("sqlite")
    there = settings.video.set_up(has_janus=has_janus) | {"none", ""}
    missing = sorted({policy.video, policy.video_fallback} - there)
    if missing:
        detail = f"the programme meets at {' and '.join(missing)}, not set up here"
        remedy = "Set it up, see docs/howto/video.md, or change policy.video in the file."
        return [Finding("programme video", False, detail, remedy)]
    return [Finding("programme video", True, policy.video)] if policy.video else []


def _channels(outages: Sequence[Outage]) -> Finding:
    """Whether what is given to each channel leaves."""
    if not outages:
        return Finding("channels", True, "all carry")
    lines = [
        f"{each.channel} is in trouble since {each.since:%Y-%m-%d %H:%M} UTC "
        f"({each.reason}), next try {each.next_try:%H:%M:%S}"
        for each in outages
    ]
    remedies = dict.fromkeys(in_words(each.reason) for each in outages)
    return Finding("channels", False, "; ".join(lines), " ".join(remedies))


async def _fields(settings: Settings) -> tuple[Finding, bool]:
    """Whether names, addresses and notes are sealed; and whether they can be read."""
    async with connect(settings.direct_database()) as database:
        found = await in_force(database)
        if found is None:
            remedy = "Make a key: viop keys make. See docs/howto/seal-fields.md."
            return Finding("fields", False, "not sealed", remedy), True
        try:
            await keys_of(database, read_keys(settings.key_file()))
        except VioPError as error:
            remedy = f"Put {settings.key_file()} back, or mend it."
            return Finding("fields", False, str(error), remedy), False
    return Finding("fields", True, f"sealed with {found.id}"), True


def _backups(settings: Settings) -> Finding:
    """Whether a copy of the database can be read by whoever finds it."""
    if settings.demo or not settings.database.startswith("sqlite"):
        return Finding("backups", True, "not by vioP")
    count = len(settings.backup.recipients)
    try:
        check_recipients(settings.backup.recipients)
    except WrongSettings as error:
        return Finding("backups", False, str(error), "Mend backup.recipients.")
    if count:
        return Finding("backups", True, f"sealed for {count}")
    remedy = "Make a key: viop backup-key FILE. See docs/howto/restore-a-backup.md."
    return Finding("backups", False, "not encrypted", remedy)


def _folder(data: Path) -> Finding:
    place = data if data.exists() else data.parent
    ok = os.access(place, os.W_OK)
    remedy = "" if ok else f"Make {place} writable for the user vioP runs as."
    return Finding("folder", ok, str(data.resolve()), remedy)


async def _database(settings: Settings) -> Finding:
    try:
        require_database(settings)
        await schema.require_current(settings.database)
    except VioPError as error:
        return Finding("database", False, str(error), "Run: viop migrate")
    kind = settings.database.partition(":")[0]
    return Finding("database", True, f"{kind}, schema {schema.newest()}")


async def _wording(ports: Ports) -> Finding:
    """Whether mails in a clinic's own words keep quiet about what kind of care it is."""
    found = await not_neutral(ports)
    remedy = "Choose other words, in the files or in the programme." if found else ""
    return Finding("wording", not found, "\n    ".join(found) or "neutral", remedy)


async def _contents(call: Call, settings: Settings) -> list[Finding]:
    try:
        async with call.house.ports(settings) as ports:
            return [
                await _wording(ports),
                *await _rows(ports, settings),
                *await _health(ports, settings),
            ]
    except WrongSettings as error:
        return [Finding("wording", False, str(error), "Mend the files it names.")]


async def _health(ports: Ports, settings: Settings) -> list[Finding]:
    """What a running service shows under /readyz, but for what is looked at closer here."""
    health = await check_health(ports, places(settings.database, settings.data))
    return [
        Finding(each.part.value, each.ok, each.detail, each.remedy)
        for each in health.parts
        if each.part in {Part.JOBS, Part.ROOMS, Part.DISK}
    ]


async def _rows(ports: Ports, settings: Settings) -> list[Finding]:
    async with ports.store.read() as tx:
        programme = await tx.programme.read()
        counts = await tx.deliveries.counts()
        outages = await tx.outages.all()
        first_break = await tx.audit.first_break()
        now = ports.clock.now()
        mailbox = await inbox(tx, settings, now)
        broken = await tx.promises.broken(now)
    sender = settings.as_sender()
    dead = counts.get(DeliveryState.DEAD, 0)
    waiting = counts.get(DeliveryState.PENDING, 0) + counts.get(DeliveryState.SENDING, 0)
    sent = counts.get(DeliveryState.SENT, 0)
    people = f"{len(programme.participants)} participants" if programme else "none"
    return [
        Finding("clock", True, f"{now:%Y-%m-%d %H:%M:%S} UTC"),
        Finding(
            "programme",
            programme is not None,
            people,
            "" if programme else "Run: viop import",
        ),
        _sender(programme, sender),
        *_program_video(programme, settings),
        *mailbox,
        _channels(outages),
        Finding(
            "promises",
            not broken,
            f"{len(broken)} sessions start at another clock reading than promised"
            if broken
            else "every session starts when it was promised",
            "Rules of clocks have changed: build and publish these weeks again."
            if broken
            else "",
        ),
        Finding(
            "deliveries",
            dead == 0,
            f"{sent} sent, {waiting} waiting, {dead} given up",
            "" if dead == 0 else "A coordinator sees them, and why, under /undelivered.",
        ),
        Finding(
            "audit",
            first_break is None,
            "unbroken" if first_break is None else f"broken at row {first_break}",
            "" if first_break is None else "Compare with a backup: rows were changed.",
        ),
    ]
