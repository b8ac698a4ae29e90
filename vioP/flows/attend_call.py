"""Attend a call that was placed: ask, heed the key, and connect whoever wants to join.

Until a key is pressed only neutral words are said. Where none is, nothing is left behind:
whoever picked up may be a mailbox.
"""

import asyncio

import structlog

from vioP.domain import call as words
from vioP.domain.call import CallState
from vioP.domain.delivery import DeliveryKind
from vioP.domain.errors import Missing, Unavailable
from vioP.domain.ids import SessionId
from vioP.domain.keyword import Wish, wish_of_key
from vioP.domain.line import Answered, Ended, Happened, Key, Ringing, Silent
from vioP.domain.phone_check import HEARD, THANKS, is_check
from vioP.domain.room import Guest, first_name
from vioP.flows.call_host import bring_host
from vioP.flows.hear_call import hear_call, hear_joining, hear_key, hear_unconnected
from vioP.flows.sit_by_phone import Chair, chair_of, sit_by_phone
from vioP.meeting import PhoneLine, PhoneSeats
from vioP.ports import Ports
from vioP.storage.calls import CallRow

log = structlog.get_logger()

_TIMES = 2
_WAIT = 8.0  # seconds
_MOST_KEYS = 6  # that mean nothing, before the call is given up


async def attend_call(ports: Ports, seats: PhoneSeats, line: PhoneLine) -> None:
    """See a call through, from its first ring to its end."""
    attended = _Attended(ports, seats, line)
    async with asyncio.TaskGroup() as group:
        async for happened in line.happened():
            try:
                await attended.heed(happened, group)
            except Missing:  # its session was taken out of the books meanwhile
                log.warning("call.unknown", key=line.name)
                await line.hang_up()


class _Attended:
    """One call, as far as it got."""

    def __init__(self, ports: Ports, seats: PhoneSeats, line: PhoneLine) -> None:
        self._ports = ports
        self._seats = seats
        self._line = line
        self._keys = 0
        self._is_settled = False
        self._sitting: asyncio.Task[None] | None = None

    async def heed(self, happened: Happened, group: asyncio.TaskGroup) -> None:
        """Do what follows from what happened."""
        match happened:
            case Ringing():
                await hear_call(self._ports, self._line.name, CallState.RINGING)
            case Answered():
                await self._answered()
            case Key(key) if not self._is_settled:
                await self._pressed(key, group)
            case Silent() if not self._is_settled:
                await self._give_up(CallState.NO_KEY)
            case Ended(how):
                if self._sitting is not None:
                    self._sitting.cancel()
                if not self._is_settled:
                    await self._give_up(how)
                await self._see_to_the_host()
            case _:
                pass

    async def _answered(self) -> None:
        call = await self._call()
        if call.state.is_over:  # called off while somebody reached for it
            self._is_settled = True
            await self._line.hang_up(_too_late(call))
            return
        await self._line.ask(self._line.prompt, times=_TIMES, wait=_WAIT)
        await hear_call(self._ports, self._line.name, CallState.ANSWERED)

    async def _pressed(self, key: str, group: asyncio.TaskGroup) -> None:
        if is_check(self._line.name):
            await self._check(key)
            return
        wish = wish_of_key(key)
        if wish is Wish.JOIN_BY_PHONE:
            self._is_settled = True
            await self._join(key, group)
        elif wish is Wish.UNCLEAR:
            await self._ask_again()
        else:
            self._is_settled = True
            await hear_key(self._ports, self._line.name, key)
            await self._line.hang_up(words.goodbye(wish, self._ports.house.minutes_alone))

    async def _check(self, key: str) -> None:
        """A key in a call that tests a phone: it is over once the key means something."""
        wish = await hear_key(self._ports, self._line.name, key)
        call = await self._call()
        if not call.state.is_over:
            await self._ask_again()
            return
        self._is_settled = True
        heard = call.outcome == HEARD
        await self._line.hang_up(
            THANKS if heard else words.goodbye(wish, self._ports.house.minutes_alone)
        )

    async def _ask_again(self) -> None:
        self._keys += 1
        if self._keys >= _MOST_KEYS:
            await self._give_up(CallState.NO_KEY)
        else:
            await self._line.ask(self._line.prompt, times=1, wait=_WAIT)

    async def _join(self, key: str, group: asyncio.TaskGroup) -> None:
        call = await self._call()
        if call.session_id is None:  # a drill
            await hear_key(self._ports, self._line.name, key)
            await self._line.hang_up(words.DRILL_WORKS)
            return
        before = await hear_joining(self._ports, self._line.name)
        if before.state.is_over:
            await self._line.hang_up(_too_late(before))
            return
        chair = await self._chair(call.session_id, call)
        self._sitting = group.create_task(self._sit(chair))

    async def _chair(self, session_id: SessionId, call: CallRow) -> Chair:
        """Whose place the call is for: a seat's person, or the host who was fetched."""
        async with self._ports.store.read() as tx:
            session = await tx.live.session(session_id)
        if session is None:  # called off since the phone began to ring
            raise Missing
        if call.rung == DeliveryKind.BRIDGE:
            host = Guest(session.lead_id, first_name(session.lead_name), is_host=True)
            return Chair(session_id, host)
        found = [each for each in session.seats if each.id == call.seat_id]
        if not found:
            raise Missing
        return chair_of(session_id, found[0].id, found[0].name)

    async def _see_to_the_host(self) -> None:
        """A host who was fetched and is not, or no longer, on the line is brought by people."""
        call = await self._call()
        if call.rung != DeliveryKind.BRIDGE or call.session_id is None:
            return
        async with self._ports.store.write() as tx:
            if call.state is CallState.BRIDGED:
                await tx.calls.note(call.id, CallState.CANCELLED)
            else:
                now = self._ports.clock.now()
                await bring_host(tx, call.session_id, call.id, now)

    async def _sit(self, chair: Chair) -> None:
        try:
            await sit_by_phone(self._ports, self._seats, self._line, chair)
        except Unavailable as error:
            log.warning("call.not_connected", key=self._line.name, code=error.code)
            await hear_unconnected(self._ports, self._line.name)
            await self._line.hang_up(words.A_PERSON_CALLS)

    async def _give_up(self, how: CallState) -> None:
        self._is_settled = True
        await hear_call(self._ports, self._line.name, how)
        await self._line.hang_up()

    async def _call(self) -> CallRow:
        async with self._ports.store.read() as tx:
            call = await tx.calls.find(self._line.name)
        if call is None:
            raise Missing
        return call


def _too_late(call: CallRow) -> str:
    return words.ALREADY_HERE if call.outcome == "joined" else words.NOT_NEEDED
