"""One call in the phone process: it carries out orders and tells what happens.

It knows nothing of sessions or of what a key means; whoever gives the orders does.
"""

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, Protocol

from vioP.phone.sip.rtp import FRAME_SECONDS, RtpLeg
from vioP.phone.sip.speech import Frames, Mouth, play, read_sound
from vioP.phone.sip.wire import News, Order

_OUTCOMES = {
    408: "no_answer",
    480: "no_answer",
    486: "busy",
    487: "cancelled",
    600: "busy",
    603: "declined",
}
_BEHIND = 0.2  # seconds after which lost frames are not made up for


class Handset(Mouth, Protocol):
    """The call itself."""

    def listen(self) -> bytes:
        """What has been heard since."""
        ...

    async def answer(self) -> None:
        """Take it."""
        ...

    async def end(self) -> None:
        """End it, cancel it or refuse it."""
        ...


class Talk:
    """A call from the moment it is known to its end.

    Args:
        name: Our own reference of it.
        tell: Told what happens.
        group: What it does beside; an error there ends the process.
        longest: Seconds it may last once it is answered.
    """

    def __init__(
        self,
        name: str,
        tell: Callable[[News], None],
        group: asyncio.TaskGroup,
        longest: float,
    ) -> None:
        self.name = name
        self._tell = tell
        self._group = group
        self._longest = longest
        self._phone: Handset | None = None
        self._leg: RtpLeg | None = None
        self._speaking: asyncio.Task[None] | None = None
        self._passing: asyncio.Task[None] | None = None
        self._limit: asyncio.TimerHandle | None = None
        self._is_answered = False
        self._ends_as = ""
        self._over = asyncio.Event()

    def begin(self, phone: Handset) -> None:
        """The call exists; it may have been called off meanwhile, or be over."""
        self._phone = phone
        if self._ends_as:
            self._group.create_task(self.drop())

    def ring_for(self, seconds: float) -> None:
        """Give up when nobody has answered by then."""
        self._limit_to(seconds, "no_answer")

    def is_ringing(self) -> None:
        """The far end rings."""
        self._say("ringing")

    def is_answered(self) -> None:
        """Somebody, or something, has picked up."""
        if not self._is_answered:
            self._is_answered = True
            self._limit_to(self._longest, "hung_up")
            self._group.create_task(self._open_leg())

    def is_pressed(self, key: str) -> None:
        """A key was pressed: whatever is being said stops, except a goodbye."""
        if not self._ends_as:
            self._stop_speaking()
            self._say("key", key)

    def is_closed(self, status: int) -> None:
        """It is over.

        Args:
            status: What the far end answered; 0 when nothing.
        """
        self._stop_speaking()
        self._stop_passing()
        if self._limit is not None:
            self._limit.cancel()
        if self._leg is not None:
            self._leg.close()
        refused = _OUTCOMES.get(status, "failed")
        self._say("over", self._ends_as or ("hung_up" if self._is_answered else refused))
        self._over.set()

    def obey(self, order: Order) -> None:
        """Carry out an order; one that is no use any more does nothing."""
        if self._over.is_set() or self._ends_as:
            return
        match order.do:
            case "answer" if self._phone is not None:
                self._group.create_task(self._phone.answer())
            case "ask" | "say":
                self._speak(self._ask(order))
            case "connect" if order.address is not None:
                self._connect(order.address)
            case "hang_up":
                self._ends_as = "hung_up" if self._is_answered else "cancelled"
                self._speak(self._bid_goodbye(order))
            case _:
                pass

    async def over(self) -> None:
        """Wait for its end."""
        await self._over.wait()

    async def drop(self) -> None:
        """End it at once, without a word."""
        if self._phone is not None and not self._over.is_set():
            await self._phone.end()

    def _limit_to(self, seconds: float, outcome: str) -> None:
        if self._limit is not None:
            self._limit.cancel()
        loop = asyncio.get_running_loop()
        self._limit = loop.call_later(seconds, self._give_up, outcome)

    def _give_up(self, outcome: str) -> None:
        self._ends_as = self._ends_as or outcome
        self._group.create_task(self.drop())

    async def _open_leg(self) -> None:
        self._leg = await RtpLeg.open(self._hear_room)
        self._tell(News("answered", self.name, address=self._leg.address))

    async def _ask(self, order: Order) -> None:
        """Play a sound; a question is asked again until a key is pressed, or given up."""
        sound = await _sound(order.sound)
        if self._phone is None:
            return
        for _ in range(order.times):
            await play(self._phone, sound)
            await asyncio.sleep(order.wait)
        self._say("silent" if order.do == "ask" else "said")

    async def _bid_goodbye(self, order: Order) -> None:
        if self._is_answered and order.sound and self._phone is not None:
            self._stop_passing()
            await play(self._phone, await _sound(order.sound))
        await self.drop()

    def _connect(self, address: tuple[str, int]) -> None:
        if self._leg is not None and self._phone is not None:
            self._leg.peer = address
            self._stop_speaking()
            self._stop_passing()
            self._passing = self._group.create_task(self._pass_on(self._phone, self._leg))

    async def _pass_on(self, phone: Handset, leg: RtpLeg) -> None:
        """Pass on what the phone hears, a frame every 20 ms."""
        loop = asyncio.get_running_loop()
        frames = Frames(phone.listen)
        due = loop.time()
        while True:
            leg.send(frames.next())
            due += FRAME_SECONDS
            if loop.time() - due > _BEHIND:
                due = loop.time()
            await asyncio.sleep(max(0.0, due - loop.time()))

    def _hear_room(self, pcm: bytes) -> None:
        """Let the phone hear the room, except while it is spoken to."""
        if self._phone is not None and (self._speaking is None or self._speaking.done()):
            self._phone.speak(pcm)

    def _speak(self, words: Coroutine[Any, Any, None]) -> None:
        self._stop_speaking()
        self._speaking = self._group.create_task(words)

    def _stop_speaking(self) -> None:
        if self._speaking is not None:
            self._speaking.cancel()
            self._speaking = None

    def _stop_passing(self) -> None:
        if self._passing is not None:
            self._passing.cancel()
            self._passing = None

    def _say(self, what: str, text: str = "") -> None:
        if not self._over.is_set():
            self._tell(News(what, self.name, text))


async def _sound(file: str) -> bytes:
    return await asyncio.to_thread(read_sound, Path(file)) if file else b""
