"""The participants: on time, late, stuck at the door, gone again, or not there at all.

What they truly do is written down here, and the service hears of it only by its own means.
"""

import asyncio
import re
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from enum import StrEnum
from typing import Any

from vioP.domain.call import PhoneCall
from vioP.domain.ids import SeatId, SessionId
from vioP.mail.compose import Letter
from vioP.simulation.browser import Browser
from vioP.simulation.life import outside
from vioP.simulation.rooms import RoomServer
from vioP.simulation.truth import Meeting, Place, Stay
from vioP.simulation.world import MINUTE, World

_LET_IN = 303
_LINK = re.compile(r"https?://[^/\s\"<>]+(/[^\s\"<>]+)")
_SCANNED = 0.3


class Habit(StrEnum):
    """How somebody behaves about one appointment."""

    ON_TIME = "on_time"
    LATE = "late"
    STUCK = "stuck"
    DROPS = "drops"
    ABSENT = "absent"


_HABITS = (
    *(Habit.ON_TIME,) * 9,
    *(Habit.LATE,) * 4,
    *(Habit.STUCK,) * 1,
    *(Habit.DROPS,) * 3,
    *(Habit.ABSENT,) * 3,
)
# What they do when the phone rings: nothing, pick up and say nothing, or press a key.
_ON_THE_PHONE = (None, None, None, None, "", "", "1", "1", "2", "0")


@dataclass(slots=True)
class _Going:
    """An appointment somebody has today."""

    meeting: Meeting
    place: Place
    habit: Habit
    reacts: bool
    on_the_phone: str | None
    is_in: bool = False


@dataclass(slots=True)
class Neighbours:
    """Everybody who has an appointment, and whoever reads their mail before them."""

    world: World
    rooms: RoomServer
    browser: Browser
    link_token: Callable[[SeatId], str]
    room_of: Callable[[SessionId], str]
    going: dict[SeatId, _Going] = field(default_factory=dict)

    def expect(self, meeting: Meeting) -> None:
        """Let everybody of a meeting go about their day."""
        fate = self.world.fate
        for place in meeting.places.values():
            going = _Going(
                meeting,
                place,
                fate.one_of(_HABITS),
                fate.happens(0.4),
                fate.one_of(_ON_THE_PHONE),
            )
            self.going[place.seat] = going
            outside(self._day(going))

    def mail_came(self, letter: Letter) -> None:
        """A letter arrives; a scanner may open every link in it, and its reader may react."""
        if self.world.fate.happens(_SCANNED):
            outside(self._scan(letter))
        if letter.awaited:
            self._reacts(lambda place: place.email == letter.to)

    def text_came(self, number: str) -> None:
        """A text arrives."""
        self._reacts(lambda place: place.phone == number)

    def answers_phone(self, call: PhoneCall) -> str | None:
        """What somebody does who is called: nothing, or the key they press, if any."""
        going = self._called(call)
        if going is None or going.is_in:
            return None
        return going.on_the_phone

    def pressed_key(self, call: PhoneCall, key: str) -> None:
        """Somebody pressed a key, and the service has heard it."""
        going = self._called(call)
        if going is None:
            return
        if key == "1":
            going.place.came = going.is_in = True
            going.place.stays.append(Stay(self.world.time(), going.meeting.ends, True))
        if key == "2":
            going.place.excused_at = self.world.time()

    def _called(self, call: PhoneCall) -> _Going | None:
        rung, _, rest = call.key.partition(":")
        return self.going.get(SeatId(rest.split(":")[0])) if rung else None

    def _reacts(self, to: Callable[[Place], bool]) -> None:
        now = self.world.time()
        for going in self.going.values():
            meeting = going.meeting
            is_now = meeting.starts <= now < meeting.ends - MINUTE
            if to(going.place) and is_now and going.reacts and not going.is_in:
                outside(self._after(self.world.fate.between(15, 150), self._come(going)))

    async def _scan(self, letter: Letter) -> None:
        text = message_from_bytes(letter.raw, policy=policy.default).get_body(("plain",))
        for path in _LINK.findall(text.get_content() if text is not None else ""):
            await self.browser.get(path.rstrip(".,"))
            self.world.truth.counts["scanned"] += 1

    async def _day(self, going: _Going) -> None:
        fate, meeting = self.world.fate, going.meeting
        if going.habit is Habit.ABSENT:
            return
        at = meeting.starts + fate.about(-6 * MINUTE, 2 * MINUTE)
        if going.habit is Habit.LATE:
            at = meeting.starts + fate.between(3 * MINUTE, 16 * MINUTE)
        await self._until(at)
        await self._come(going, is_stuck=going.habit is Habit.STUCK)
        if going.habit is Habit.DROPS:
            await self._until(meeting.starts + fate.between(4 * MINUTE, 25 * MINUTE))
            self._leave(going)
            if fate.happens(0.5):
                await asyncio.sleep(fate.between(20, 7 * MINUTE))
                await self._come(going)

    async def _come(self, going: _Going, *, is_stuck: bool = False) -> None:
        """Press the button until it works, then enter the room, unless the device fails."""
        world, place = self.world, going.place
        while not going.is_in and world.time() < going.meeting.ends - MINUTE:
            place.came = True
            path = f"/j/{self.link_token(place.seat)}"
            await self.browser.get(path)
            if await self.browser.post(path) == _LET_IN:
                place.pressed.append(world.time())
                world.truth.counts["joins"] += 1
                break
            await asyncio.sleep(world.fate.between(4, 20))
        else:
            return
        if is_stuck:
            return
        await asyncio.sleep(world.fate.between(1, 8))
        if self.going[place.seat].is_in:  # by phone, meanwhile
            return
        going.is_in = True
        place.stays.append(Stay(world.time()))
        self.rooms.enter(self.room_of(going.meeting.id), place.seat)
        outside(self._stay(going, place.stays[-1]))

    async def _stay(self, going: _Going, stay: Stay) -> None:
        """Stay to the end, and a moment longer."""
        await self._until(going.meeting.ends + self.world.fate.between(10, 60))
        if stay.until is None:
            self._leave(going)

    def _leave(self, going: _Going) -> None:
        if going.is_in and going.place.stays and going.place.stays[-1].until is None:
            going.is_in = False
            going.place.stays[-1].until = self.world.time()
            self.rooms.leave(self.room_of(going.meeting.id), going.place.seat)

    async def _until(self, at: float) -> None:
        await asyncio.sleep(max(0.0, at - self.world.time()))

    async def _after(self, seconds: float, then: Coroutine[Any, Any, None]) -> None:
        await asyncio.sleep(seconds)
        await then
