"""Mail by SMTP: a few connections, each owned by one task, opened when there is mail.

Letters are announced side by side. Giving one away and writing down that it left happens
one letter at a time, so that a process that dies leaves at most one letter of which nobody
knows whether it left.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Self

from vioP.breaker import CircuitBreaker
from vioP.mail.compose import Letter
from vioP.mail.errors import NotBegun, ServerAway, Trouble
from vioP.mail.lanes import Errand, Lanes
from vioP.mail.line import Line
from vioP.mail.server import LONGEST_SEND, Limits, MailServer
from vioP.mail.taken import Taken, nothing

_STEP_SECONDS = 15.0  # one question and its answer
_IDLE_SECONDS = 20.0  # servers hang up on who says nothing
_COME_AGAIN = timedelta(seconds=5)
_LAST_LETTER = 2.0  # seconds for what is under way when its sender is told to stop


class SmtpMail:
    """Hands letters to a mail server. Use ``open``, which also runs its tasks."""

    def __init__(
        self, server: MailServer, limits: Limits, longest: timedelta = LONGEST_SEND
    ) -> None:
        self._server = server
        self._limits = limits
        self._longest = longest.total_seconds()
        self._lanes = Lanes(limits)
        self._breaker = CircuitBreaker()
        self._news = asyncio.Event()
        self._window = asyncio.Lock()

    @classmethod
    @asynccontextmanager
    async def open(
        cls,
        server: MailServer,
        limits: Limits | None = None,
        longest: timedelta = LONGEST_SEND,
    ) -> AsyncIterator[Self]:
        """Mail by a server, whose connections are closed afterwards."""
        mail = cls(server, limits or Limits(), longest)
        working = asyncio.create_task(mail._work())
        try:
            yield mail
        finally:
            working.cancel()
            await asyncio.gather(working, return_exceptions=True)

    async def send(self, letter: Letter, taken: Taken = nothing) -> str:
        """Hand a letter over.

        Cancelled before its turn, it does not leave. Cancelled when under way, this ends with
        it, or after a moment: a server that has it already should not get it once more.

        Args:
            letter: What to send.
            taken: Told the answer before any other letter is given away.

        Returns:
            The server's answer.

        Raises:
            NotBegun: The server rests, or the letter's turn did not come; it has not left.
            Unavailable: It did not answer, or asked to wait; the same letter goes again.
            Undeliverable: It refused the letter for good.
        """
        loop = asyncio.get_running_loop()
        if not self._breaker.admits(loop.time()):
            raise self._not_begun()
        errand = Errand(letter, taken, loop.time() + self._longest, loop.create_future())
        self._lanes.add(errand)
        self._news.set()
        try:
            # What is under way ends by itself in time; here ends the waiting for a turn.
            async with asyncio.timeout_at(errand.until):
                return await asyncio.shield(errand.answer)
        except TimeoutError:
            if errand.under_way:
                return await errand.answer
            raise NotBegun(_COME_AGAIN) from None
        except asyncio.CancelledError:
            if errand.under_way:
                await asyncio.wait({errand.answer}, timeout=_LAST_LETTER)
            raise
        finally:
            if not errand.under_way:
                errand.answer.cancel()

    async def _work(self) -> None:
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(self._limits.connections):
                    group.create_task(self._own(Line(self._server, _STEP_SECONDS)))
        finally:
            self._turn_away()

    async def _own(self, line: Line) -> None:
        """Carry one letter after the other over a connection of one's own."""
        try:
            while True:
                errand = await self._next(line)
                await self._carry(line, errand)
        finally:
            line.drop()

    async def _next(self, line: Line) -> Errand:
        """Wait for a letter; a connection nobody needs is given back meanwhile."""
        loop = asyncio.get_running_loop()
        while True:
            found = self._lanes.next(loop.time())
            if isinstance(found, Errand):
                return found
            self._news.clear()
            idle = _IDLE_SECONDS if line.is_open else None
            try:
                async with asyncio.timeout(idle if found is None else found):
                    await self._news.wait()
            except TimeoutError:
                if found is None:
                    await line.hang_up()

    async def _carry(self, line: Line, errand: Errand) -> None:
        """Carry one letter, learn from how it went, and say so to whoever sent it."""
        errand.under_way = True
        try:
            [outcome] = await asyncio.gather(
                self._hand_over(line, errand), return_exceptions=True
            )
        except asyncio.CancelledError:
            errand.end(ServerAway("The lines to the mail server were closed."))
            raise
        finally:
            errand.under_way = False
            self._lanes.left(errand, asyncio.get_running_loop().time())
            self._news.set()
        self._learn(outcome)
        errand.end(outcome)

    async def _hand_over(self, line: Line, errand: Errand) -> str:
        async with _in_time(line, errand):
            await _announce(line, errand.letter)
            await self._window.acquire()
        try:
            async with _in_time(line, errand):
                reference = await line.hand_over(errand.letter)
            await errand.taken(reference)
        finally:
            self._window.release()
        return reference

    def _learn(self, outcome: str | BaseException) -> None:
        if isinstance(outcome, Trouble):
            self._breaker.trouble(asyncio.get_running_loop().time())
            if self._breaker.is_open:
                self._turn_away()
        else:
            self._breaker.well()

    def _turn_away(self) -> None:
        """Let nobody wait for a server that is in trouble."""
        for errand in self._lanes.drain():
            errand.end(self._not_begun())

    def _not_begun(self) -> NotBegun:
        wait = self._breaker.wait(asyncio.get_running_loop().time())
        return NotBegun(timedelta(seconds=wait) or _COME_AGAIN)


async def _announce(line: Line, letter: Letter) -> None:
    """Announce a letter, on a new connection if the old one turns out to be dead.

    Before a letter is given away nothing is lost by saying it all again.
    """
    if line.is_open:
        try:
            await line.announce(letter)
        except ServerAway:
            line.drop()
        else:
            return
    await line.open()
    await line.announce(letter)


@asynccontextmanager
async def _in_time(line: Line, errand: Errand) -> AsyncIterator[None]:
    try:
        async with asyncio.timeout_at(errand.until):
            yield
    except TimeoutError as error:
        line.drop()
        raise ServerAway("The mail server took too long.") from error
