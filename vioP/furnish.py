"""From settings to ports: which clock, which mail, which rooms."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import aiohttp

from vioP.clock import MovableClock, SystemClock
from vioP.consent_texts import read_consent_texts
from vioP.domain.errors import WrongSettings
from vioP.domain.time import Instant
from vioP.elsewhere_services import open_elsewhere
from vioP.files.emergency import read_emergency
from vioP.files.materials import read_materials
from vioP.jobs.queue import RowQueue, nobody
from vioP.key_file import read_keys
from vioP.keys import Keys
from vioP.mail.compose import MailTemplates
from vioP.mail.outbox import FolderMail
from vioP.mail.smtp import SmtpMail
from vioP.mail.wording import read_wording
from vioP.meeting import VideoRooms
from vioP.passwords import Argon2
from vioP.phone_services import open_phones
from vioP.ports import Clock, House, MailOut, Ports
from vioP.resources import folder
from vioP.settings import Settings
from vioP.storage import Store
from vioP.video.janus.config import JanusChoices, find_janus
from vioP.video.janus.process import JanusProcess
from vioP.video.janus.rooms import JanusRooms
from vioP.video.turn import Relay
from vioP.video_services import open_services
from vioP.web.gateway import Gateway


def clock_of(settings: Settings) -> SystemClock | MovableClock:
    """The real clock, or the demo's own."""
    return MovableClock(settings.data / "clock.json") if settings.demo else SystemClock()


def house_of(settings: Settings) -> House:
    """What the operator has decided about links and doors."""
    joining = settings.joining
    return House(
        base_url=settings.link_url(),
        sender=settings.as_sender(),
        ladder=joining.ladder(),
        opens_before=joining.opens_before,
        closes_after=joining.closes_after,
        no_show_after=joining.no_show_after,
        telling=settings.messages.telling(),
        waiting_room=settings.video.waiting_room,
        room_silence=settings.video.silence,
        later_for=joining.later_for,
        emergency=read_emergency(_emergency_table()),
        materials=read_materials(Path("config/materials.toml")),
        second_factor_required=settings.access.second_factor == "required"
        and not settings.demo,
        retention=settings.retention.retention(),
        tech=settings.tech_check.thresholds(),
        support=settings.tech_check.support(),
        reminders=settings.reminders.reminders(joining.opens_before),
        setup_lasts=settings.onboarding.link_lasts,
    )


def _emergency_table() -> Path:
    """The program's own table of emergency numbers, or the one that comes with vioP."""
    own = Path("config/emergency.toml")
    return own if own.is_file() else folder("config") / "emergency.toml"


@asynccontextmanager
async def _mail(settings: Settings) -> AsyncIterator[MailOut]:
    """A mail server when one is named, a folder otherwise; the demo sends nothing away."""
    mail = settings.mail
    if not mail.host or settings.demo:
        yield FolderMail(settings.data / "mail")
        return
    async with SmtpMail.open(mail.as_server(), mail.as_limits()) as smtp:
        yield smtp


def _spare(
    settings: Settings, video: VideoRooms, services: Mapping[str, VideoRooms]
) -> VideoRooms:
    """Where sessions go when the video service does not answer; itself when nowhere."""
    return services.get(settings.video.fallback, video)


@asynccontextmanager
async def open_ports(
    settings: Settings, clock: Clock, wake: Callable[[Instant], None] = nobody
) -> AsyncIterator[Ports]:
    """The program's surroundings, open for as long as the block lasts.

    Raises:
        WrongSettings: A mail was rewritten in a way that must not leave the house.
    """
    key = settings.link_key.get_secret_value().encode()
    wording = Path(settings.messages.wording) if settings.messages.wording else None
    mails = MailTemplates(folder("templates") / "mail", wording)
    read_wording(mails, settings.as_sender())
    async with (
        Store.open(
            settings.database,
            read_keys(settings.key_file()),
            pooled=bool(settings.database_direct),
        ) as store,
        _mail(settings) as mail,
        open_services(settings, store, clock) as services,
        open_phones(settings, store) as phones,
        open_elsewhere(settings) as elsewhere,
    ):
        video = services.get(settings.video.provider, services["static"])
        yield Ports(
            store=store,
            jobs=RowQueue(wake),
            clock=clock,
            secrets=Keys(key),
            passwords=Argon2(),
            mail=mail,
            texts=phones.texts,
            video=video,
            spare_video=_spare(settings, video, services),
            more_video=tuple(services.values()),
            mails=mails,
            house=house_of(settings),
            telephone=phones.telephone,
            carrier=phones.carrier,
            elsewhere=elsewhere,
            consent_texts=read_consent_texts(
                folder("templates") / "consents", settings.onboarding.own_texts()
            ),
        )


@asynccontextmanager
async def open_rooms(
    settings: Settings, ports: Ports
) -> AsyncIterator[tuple[Ports, Gateway | None]]:
    """The same surroundings, with rooms of our own where Janus is to be used.

    Only for the one process of an embedded service: rooms live in one Janus, and two web
    processes with one each would put people of one session into different rooms.

    Raises:
        WrongSettings: Janus is asked for, and is not installed or the database is PostgreSQL.
    """
    video = settings.video
    program = find_janus() if video.provider in {"auto", "janus"} else None
    if video.provider == "janus" and program is None:
        raise WrongSettings(
            "video.provider is janus, and janus is not installed. "
            "On Debian or Ubuntu: apt install janus. Or set video.provider to static."
        )
    if program is None:
        yield ports, None
        return
    choices = JanusChoices(video.public_address, (video.udp_first, video.udp_last))
    process = JanusProcess(program, settings.data / "janus", choices)
    key = settings.link_key.get_secret_value().encode()
    relay = Relay(video.turn_urls, video.turn_secret.get_secret_value().encode())
    # Everybody in a room has a connection of their own to Janus; the usual limit is a hundred.
    everybody = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=everybody) as http, process.running():
        rooms = JanusRooms(process, http, key)
        services = {each.name: each for each in (*ports.more_video, rooms)}
        ours = replace(
            ports,
            video=rooms,
            spare_video=_spare(settings, rooms, services),
            more_video=tuple(services.values()),
        )
        async with Gateway.open(ours, rooms, relay) as gateway:
            yield ours, gateway
