"""Take a call from somebody who dials in: ask for the PIN, and lead them to their seat."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress

import structlog

from vioP.domain.dial_in import (
    CALL_US,
    ENTER_PIN,
    PIN_DIGITS,
    PIN_UNKNOWN,
    TRIES_A_CALL,
    Pin,
    is_same_number,
    seat_of_pin,
)
from vioP.domain.errors import TooManyTries, Unavailable
from vioP.domain.limit import WRONG_PINS_FROM_NUMBER, WRONG_PINS_IN_ALL
from vioP.domain.line import Answered, Ended, Happened, Key, Silent
from vioP.domain.time import later
from vioP.flows.count_tries import Try, are_spent, count_tries
from vioP.flows.sit_by_phone import Chair, chair_of, sit_by_phone
from vioP.meeting import PhoneLine, PhoneSeats
from vioP.ports import Ports
from vioP.storage.seats import OpenSeat

log = structlog.get_logger()

_TIMES = 3
_WAIT = 10.0  # seconds


async def take_dial_in(ports: Ports, seats: PhoneSeats, line: PhoneLine) -> None:
    """See a call that came in through; where nobody dials in, it is not picked up."""
    open_now = await _open_now(ports)
    is_known = any(is_same_number(each.phone, line.caller) for each in open_now)
    theirs, everybodys = await are_spent(ports, _wrong_pins(line.caller))
    # An attack from elsewhere does not shut out who is known to have a seat now.
    shut = theirs or (everybodys and not is_known)
    if shut or not ports.house.sender.dial_in:
        log.warning("dial_in.refused", code="tries" if shut else "off")
        await line.hang_up()
    else:
        await line.pick_up()
    caller = _Caller(ports, seats, line)
    async with asyncio.TaskGroup() as group:
        async for happened in line.happened():
            await caller.heed(happened, group)


class _Caller:
    """Somebody who dials in, as far as they got."""

    def __init__(self, ports: Ports, seats: PhoneSeats, line: PhoneLine) -> None:
        self._ports = ports
        self._seats = seats
        self._line = line
        self._typed = ""
        self._tries = 0
        self._sitting: asyncio.Task[None] | None = None

    async def heed(self, happened: Happened, group: asyncio.TaskGroup) -> None:
        """Do what follows from what happened."""
        match happened:
            case Answered():
                await self._line.ask(ENTER_PIN, times=_TIMES, wait=_WAIT)
            case Key("*"):
                self._typed = ""
            case Key(key) if key.isdigit() and self._sitting is None:
                self._typed += key
                if len(self._typed) == PIN_DIGITS:
                    await self._try(group)
            case Silent() if self._sitting is None:
                await self._line.hang_up(CALL_US)
            case Ended() if self._sitting is not None:
                self._sitting.cancel()
            case _:
                pass

    async def _try(self, group: asyncio.TaskGroup) -> None:
        typed, self._typed = self._typed, ""
        open_now = await _open_now(self._ports)
        pin = self._ports.secrets.pin
        pins = [Pin(pin(each.id), each.id, each.phone) for each in open_now]
        seat_id = seat_of_pin(typed, pins, self._line.caller)
        if seat_id is None:
            await self._refuse()
            return
        seat = next(each for each in open_now if each.id == seat_id)
        chair = chair_of(seat.session_id, seat.id, seat.name)
        self._sitting = group.create_task(self._sit(chair))

    async def _refuse(self) -> None:
        self._tries += 1
        with suppress(TooManyTries):  # the next call from there is not picked up
            await count_tries(self._ports, _wrong_pins(self._line.caller))
        log.warning("dial_in.wrong_pin", count=self._tries)
        if self._tries >= TRIES_A_CALL:
            await self._line.hang_up(CALL_US)
        else:
            await self._line.ask(PIN_UNKNOWN, times=_TIMES, wait=_WAIT)

    async def _sit(self, chair: Chair) -> None:
        try:
            await sit_by_phone(self._ports, self._seats, self._line, chair)
        except Unavailable as error:
            log.warning("dial_in.not_connected", seat_id=chair.guest.id, code=error.code)
            await self._line.hang_up(CALL_US)


def _wrong_pins(caller: str) -> list[Try]:
    """What a wrong PIN is counted against: the calling number, and the house."""
    return [
        Try("wrong_pin", f"of {caller}", WRONG_PINS_FROM_NUMBER),
        Try("wrong_pin", "in all", WRONG_PINS_IN_ALL),
    ]


async def _open_now(ports: Ports) -> Sequence[OpenSeat]:
    now = ports.clock.now()
    begun = later(now, ports.house.opens_before)
    ended = later(now, -ports.house.closes_after)
    async with ports.store.read() as tx:
        return await tx.seats.open(begun, ended)
