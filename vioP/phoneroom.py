"""The phone room: a telephone of our own, and that every call in it is attended to."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import structlog

from vioP.beside import beside
from vioP.domain.errors import WrongSettings
from vioP.flows.attend_call import attend_call
from vioP.flows.lose_calls import lose_calls
from vioP.flows.take_dial_in import take_dial_in
from vioP.meeting import PhoneLine, PhoneSeats
from vioP.phone.scripts import read_scripts
from vioP.phone.sip.journal import Journal
from vioP.phone.sip.process import PhoneProcess, is_installed
from vioP.phone.sip.telephone import SipTelephone
from vioP.phone.sip.wire import LineChoices
from vioP.phone.sounds import Sounds
from vioP.ports import Ports
from vioP.resources import folder
from vioP.settings import Settings
from vioP.video.janus.phone_seats import phone_seat
from vioP.web.gateway import Gateway

log = structlog.get_logger()


def line_choices(settings: Settings) -> LineChoices:
    """How the exchange is reached."""
    phone = settings.phone
    return LineChoices(
        account=phone.account,
        server=phone.server,
        number=phone.number,
        login=phone.login,
        password=phone.password.get_secret_value(),
        proxy=phone.proxy,
        register=phone.register_account,
        transport=phone.transport,
        srtp=phone.srtp,
        authorities=str(Path(phone.authorities).resolve()) if phone.authorities else "",
        listen=phone.listen,
        ports=(phone.udp_first, phone.udp_last),
        calls=phone.calls,
        talk=phone.talk.total_seconds(),
    )


def sounds_of(settings: Settings) -> Sounds:
    """Everything that is said on the phone.

    Raises:
        WrongSettings: Something cannot be said.
    """
    minutes = int(settings.joining.later_for.total_seconds() // 60)
    scripts = read_scripts(folder("templates") / "phone", settings.sender.name, minutes)
    recordings = settings.phone.recordings
    sounds = Sounds(
        scripts,
        settings.data / "phone" / "sounds",
        Path(recordings) if recordings else None,
    )
    sounds.check()
    return sounds


def seats_of(gateway: Gateway | None) -> PhoneSeats | None:
    """Our own rooms as telephones see them; nothing where we have none."""
    return partial(phone_seat, gateway.rooms) if gateway is not None else None


@asynccontextmanager
async def open_phone(
    settings: Settings, ports: Ports, seats: PhoneSeats | None
) -> AsyncIterator[Ports]:
    """The same surroundings, with a telephone of our own where one is chosen.

    Args:
        settings: What the operator has chosen.
        ports: The surroundings so far.
        seats: The rooms calls lead into; nothing where we have none of our own.

    Raises:
        WrongSettings: The telephone is asked for and something it needs is missing.
    """
    if settings.phone.provider != "sip" or settings.demo:
        yield ports
        return
    if seats is None:
        raise WrongSettings(
            "phone.provider sip joins calls to rooms of our own, and janus is not installed. "
            "On Debian or Ubuntu: apt install janus"
        )
    if not is_installed():
        raise WrongSettings(
            "phone.provider sip needs the extra sip. Run: pip install 'viop[sip]'"
        )
    sounds = sounds_of(settings)
    process = PhoneProcess(line_choices(settings), settings.data / "phone")
    journal = Journal(settings.data / "phone" / "placed")
    lost = await lose_calls(ports)
    if lost:
        log.warning("phone.calls_lost", count=lost)
    phone = SipTelephone(process, sounds, journal, settings.phone.language)
    async with phone.running():
        ours = replace(ports, telephone=phone)
        async with beside(sounds.prepare()), beside(attend_all(ours, seats, phone)):
            yield ours


async def attend_all(ports: Ports, seats: PhoneSeats, phone: SipTelephone) -> None:
    """Attend to every call, each beside the others."""
    async with asyncio.TaskGroup() as group:
        async for line in phone.lines():
            work = (
                take_dial_in(ports, seats, line)
                if line.is_incoming
                else attend_call(ports, seats, line)
            )
            group.create_task(_see_through(work, line))


async def _see_through(work: Coroutine[Any, Any, None], line: PhoneLine) -> None:
    """Attend to one call. An error ends this call, and is no reason to neglect another."""
    found: tuple[BaseException | None] = await asyncio.gather(work, return_exceptions=True)
    for failed in filter(None, found):
        log.error("call.broke", key=line.name, exc_info=failed)
        await line.hang_up()
