"""The SIP telephone: calls through the phone process, as a telephone among others."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Self

from vioP.domain.call import CallState, PhoneCall
from vioP.domain.errors import Invalid, Unavailable
from vioP.domain.line import Answered, Ended, Happened, Key, Ringing, Silent
from vioP.domain.room import RtpAddress
from vioP.phone.sip.journal import Journal
from vioP.phone.sip.process import Listener, PhoneProcess
from vioP.phone.sip.wire import INCOMING, News, Order
from vioP.phone.sounds import Sounds

_TAKEN_WITHIN = 5.0
_ENDED = {
    "busy": CallState.BUSY,
    "declined": CallState.DECLINED,
    "no_answer": CallState.NO_ANSWER,
    "cancelled": CallState.CANCELLED,
    "hung_up": CallState.NO_KEY,
}


class AllLinesBusy(Unavailable):
    """Every line is in use; the call waits."""

    code = "phone.busy"


class SipLine:
    """One call, as a flow sees it.

    Attributes:
        name: What we call it; of a call we placed, its key.
        caller: Who calls us, as the exchange says; empty when we call.
        prompt: What is asked first of whoever we call.
        hears_at: Where sound for it is sent to, once it is answered.
        is_incoming: Whether somebody calls us.
    """

    def __init__(
        self, telephone: "SipTelephone", name: str, *, caller: str = "", prompt: str = "",
        language: str,
    ) -> None:  # fmt: skip
        self.name = name
        self.caller = caller
        self.prompt = prompt
        self.hears_at = RtpAddress("", 0)
        self.is_incoming = name.startswith(INCOMING)
        self.is_over = False
        self.language = language
        self._telephone = telephone
        self._happened: asyncio.Queue[Happened] = asyncio.Queue()

    async def happened(self) -> AsyncIterator[Happened]:
        """What happens on it, in order; its end is the last."""
        while True:
            each = await self._happened.get()
            yield each
            if isinstance(each, Ended):
                return

    async def pick_up(self) -> None:
        """Take a call that has come in."""
        self._telephone.give(Order("answer", self.name))

    async def ask(self, words: str, *, times: int, wait: float) -> None:
        """Say something until a key is pressed.

        Args:
            words: In English; they are said in the language of the person.
            times: How often. ``Silent`` happens when no key was pressed after the last.
            wait: Seconds after each.
        """
        sound = await self._telephone.sounds.of(words, self.language)
        self._telephone.give(Order("ask", self.name, sound=sound, wait=wait, times=times))

    async def connect(self, to: RtpAddress) -> None:
        """Pass on what is said to an address, in place of whatever it heard so far."""
        self._telephone.give(Order("connect", self.name, address=(to.host, to.port)))

    async def hang_up(self, words: str = "") -> None:
        """End it; whoever can hear it hears something first."""
        answered = self.hears_at.port and not self.is_over
        sound = (
            await self._telephone.sounds.of(words, self.language)
            if words and answered
            else ""
        )
        self._telephone.give(Order("hang_up", self.name, sound=sound))

    def hear(self, news: News) -> None:
        """Take in what the phone process tells."""
        match news.what:
            case "ringing":
                self._happened.put_nowait(Ringing())
            case "answered" if news.address is not None:
                self.hears_at = RtpAddress(*news.address)
                self._happened.put_nowait(Answered())
            case "key":
                self._happened.put_nowait(Key(news.text))
            case "silent":
                self._happened.put_nowait(Silent())
            case "over":
                self.end(_ENDED.get(news.text, CallState.FAILED))
            case _:
                pass

    def end(self, how: CallState) -> None:
        """It is over, or lost."""
        if not self.is_over:
            self.is_over = True
            self._happened.put_nowait(Ended(how))


class SipTelephone:
    """Places calls, and takes those that come in, through one phone process."""

    def __init__(
        self, process: PhoneProcess, sounds: Sounds, journal: Journal, language: str
    ) -> None:
        self.process = process
        self.sounds = sounds
        self._journal = journal
        self._language = language
        self._lines: dict[str, SipLine] = {}
        self._taken: dict[str, asyncio.Future[str]] = {}
        self._new: asyncio.Queue[SipLine] = asyncio.Queue()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Self]:
        """Calls can be made for as long as the block lasts."""
        await self._journal.tidy()
        async with self.process.running(Listener(self._hear, self._lose)):
            yield self

    async def place(self, call: PhoneCall) -> str:
        """Ring a number; a call of this key is placed once, whatever is killed meanwhile.

        Raises:
            Unavailable: The telephone does not run, or has no line free.
            Invalid: The number is none.
        """
        if not _is_number(call.to):
            raise Invalid(
                "A number is written in international form, such as +12125550101."
            )
        if await self._journal.has(call.key):
            return call.key
        await self.sounds.of(call.prompt, call.language)  # before anybody waits for it
        await self.process.wait()
        await self._journal.note(call.key)
        line = SipLine(self, call.key, prompt=call.prompt, language=call.language)
        self._lines[call.key] = line
        answer = await self._dial(call)
        if answer == "taken":
            self._new.put_nowait(line)
            return call.key
        self._lines.pop(call.key, None)
        if answer == "refused":
            await self._journal.strike(call.key)
            raise AllLinesBusy
        raise Unavailable("The telephone ended while a call was placed.")

    async def find(self, key: str) -> str | None:
        """What a call of this key is called, or nothing when none was ever dialled.

        One that was dialled by an earlier process is lost, and its loss is told.
        """
        if not await self._journal.has(key):
            return None
        if key not in self._lines:
            line = SipLine(self, key, language=self._language)
            line.end(CallState.FAILED)
            self._new.put_nowait(line)
        return key

    async def end(self, reference: str, say: str) -> None:
        """Stop a call: while it rings at once, once it is answered after a word."""
        line = self._lines.get(reference)
        if line is not None:
            await line.hang_up(say)

    async def lines(self) -> AsyncIterator[SipLine]:
        """Every call from now on, placed or come in, for somebody to attend to."""
        while True:
            yield await self._new.get()

    def line(self, name: str) -> SipLine | None:
        """A call under way, or nothing."""
        return self._lines.get(name)

    def give(self, order: Order) -> None:
        """Pass an order on; the calls of a process that has ended are over already."""
        self.process.give(order)

    async def _dial(self, call: PhoneCall) -> str:
        """What becomes of an order to dial: ``taken``, ``refused``, or nothing known."""
        taken = asyncio.get_running_loop().create_future()
        self._taken[call.key] = taken
        try:
            order = Order("dial", call.key, to=call.to, wait=call.ring.total_seconds())
            if not self.process.give(order):
                return "lost"
            async with asyncio.timeout(_TAKEN_WITHIN):
                return str(await taken)
        except TimeoutError:
            return "lost"
        finally:
            del self._taken[call.key]

    def _hear(self, news: News) -> None:
        if news.what in {"taken", "refused"}:
            waiting = self._taken.get(news.call)
            if waiting is not None and not waiting.done():
                waiting.set_result(news.what)
            return
        if news.what == "incoming":
            line = SipLine(self, news.call, caller=news.text, language=self._language)
            self._lines[news.call] = line
            self._new.put_nowait(line)
            return
        known = self._lines.get(news.call)
        if known is not None:
            known.hear(news)
            if known.is_over:
                del self._lines[news.call]

    def _lose(self) -> None:
        """The process has ended: every call is over, however far it was."""
        for waiting in self._taken.values():
            if not waiting.done():
                waiting.set_result("lost")
        for line in self._lines.values():
            line.end(CallState.FAILED)
        self._lines.clear()


def _is_number(to: str) -> bool:
    return to.startswith("+") and to[1:].isascii() and to[1:].isdigit()
