"""The demo as an operator starts it, with a telephone beside it that a test holds.

A test writes ``call.json`` into the folder the demo runs in, with a session and the name of
somebody who has a seat in it; their telephone is then in the room until the file is gone, and
``phone.json`` says how loud it hears something, and how much of that is a microphone's tone.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.rtp import Phone
from vioP import app
from vioP.__main__ import main
from vioP.beside import beside
from vioP.domain.room import Guest, first_name
from vioP.flows.show import show_session
from vioP.furnish import open_rooms
from vioP.ports import Ports
from vioP.settings import Settings
from vioP.video.janus.phone_seats import phone_seat
from vioP.web.gateway import Gateway

ASKED, ANSWERED = Path("call.json"), Path("phone.json")
SPEAKS = 1500.0
MICROPHONE = range(375, 430, 5)  # where Chromium's own microphone beeps, twice a second
BEEP = 10  # packets, in which these tones are apart


@asynccontextmanager
async def rooms_with_phone(
    settings: Settings, ports: Ports
) -> AsyncIterator[tuple[Ports, Gateway | None]]:
    """The rooms of the demo, and the telephone."""
    async with open_rooms(settings, ports) as (ours, gateway):
        assert gateway is not None
        async with beside(hold_a_phone(ours, gateway)):
            yield ours, gateway


async def hold_a_phone(ports: Ports, gateway: Gateway) -> None:
    """Take part whenever a test asks for it."""
    while True:
        await asyncio.sleep(0.1)
        if asked := asked_for():
            await take_part(ports, gateway, asked["session"], asked["name"])


def asked_for() -> dict[str, str] | None:
    """What the test asks for, if anything."""
    try:
        found: dict[str, str] = json.loads(ASKED.read_text())
    except FileNotFoundError:
        return None
    return found


def answer(**heard: float) -> None:
    """Say what the telephone hears, all at once."""
    new = ANSWERED.with_suffix(".new")
    new.write_text(json.dumps(heard))
    new.rename(ANSWERED)


async def take_part(ports: Ports, gateway: Gateway, session_id: str, name: str) -> None:
    """Be in a room as somebody until nobody asks for it any more."""
    session = await show_session(ports, session_id)  # type: ignore[arg-type]  # an id
    seat = next(each for each in session.seats if each.name == name)
    guest = Guest(seat.id, first_name(seat.name))
    async with (
        Phone.open(SPEAKS) as phone,
        phone_seat(gateway.rooms, session.id, guest, phone.hears_at) as place,
    ):
        phone.speaks_to = place.sends_to
        while asked_for() and not place.over.is_set():
            await asyncio.sleep(0.2)
            beep = sum(phone.loudness(tone, BEEP) for tone in MICROPHONE)
            answer(level=phone.level, beep=beep)


if __name__ == "__main__":
    vars(app)["open_rooms"] = rooms_with_phone
    main()
