"""Who is on the line: every browser and telephone in a room or its waiting room.

The lines are those of this process; there is no other that has a Janus.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from vioP.domain.attendance import Leg
from vioP.domain.ids import SessionId
from vioP.domain.room import Guest, Seen

Send = Callable[[Mapping[str, object]], Awaitable[None]]


@dataclass(eq=False, slots=True)
class Line:
    """One browser's connection, or one telephone's.

    Attributes:
        connection: What evidence and the other browsers call it; new for every connection.
        tab: The browser's own name for its tab: a tab that connects again replaces itself.
        hang_up: Ends it with a code the page understands.
        admitted: Set once its guest may enter.
        legs: What is received from it now.
        muted: What its person has turned off, which is no loss of connection.
        is_phone: Whether it is a telephone, which has no page and no picture.
        stays: Of a telephone, whether it was taken up beside a browser, on purpose; another
            makes way once its person is heard by their browser.
    """

    session_id: SessionId
    guest: Guest
    connection: str
    tab: str
    send: Send
    hang_up: Callable[[int], Awaitable[object]]
    admitted: asyncio.Event = field(default_factory=asyncio.Event)
    taken_over: asyncio.Event = field(default_factory=asyncio.Event)
    legs: set[Leg] = field(default_factory=set)
    muted: set[Leg] = field(default_factory=set)
    was_received: bool = False
    is_phone: bool = False
    stays: bool = False
    speaks: bool = False

    @property
    def seen(self) -> Seen:
        """How it looks from outside."""
        return Seen(
            self.guest.id, self.connection, frozenset(self.legs), self.guest.is_host
        )

    @property
    def media(self) -> Mapping[str, object]:
        """What the others in the room are shown of it.

        Somebody is lost of whom something was received and nothing is, though they did not
        turn it off.
        """
        return {
            "viop": "media",
            "feed": self.connection,
            "audio": Leg.AUDIO not in self.muted,
            "video": Leg.VIDEO in self.legs and Leg.VIDEO not in self.muted,
            "lost": self.was_received and not self.legs and len(self.muted) < 2,  # noqa: PLR2004 - both
        }

    def news(self, reader: "Line") -> tuple[Mapping[str, object], ...]:
        """What somebody is told of it who is in the room: Janus shows them no telephones."""
        if not self.is_phone:
            return (self.media,)
        shown = {
            "viop": "phone",
            "feed": self.connection,
            "name": self.guest.name,
            "yours": self.guest.id == reader.guest.id,
        }
        return (shown, self.media, self.speech)

    @property
    def speech(self) -> Mapping[str, object]:
        """Whether somebody speaks by telephone; of browsers Janus tells that."""
        return {"viop": "speech", "feed": self.connection, "speaks": self.speaks}

    @property
    def gone(self) -> Mapping[str, object]:
        """What the others are told when a telephone is gone."""
        return {"viop": "phone_gone", "feed": self.connection}

    @property
    def waits(self) -> bool:
        """Whether its guest is in the waiting room."""
        return self.taken_over.is_set() and not self.admitted.is_set()


class Switchboard:
    """The lines of every session."""

    def __init__(self) -> None:
        self._lines: dict[SessionId, list[Line]] = {}

    def add(self, line: Line) -> None:
        """A browser has connected."""
        self._lines.setdefault(line.session_id, []).append(line)

    def drop(self, line: Line) -> None:
        """A browser is gone."""
        lines = self._lines.get(line.session_id, [])
        if line in lines:
            lines.remove(line)
        if not lines:
            self._lines.pop(line.session_id, None)

    def lines(self, session_id: SessionId) -> tuple[Line, ...]:
        """Every line of a session, in the order in which they came."""
        return tuple(self._lines.get(session_id, ()))

    def everybody(self) -> tuple[Line, ...]:
        """Every line of every session."""
        return tuple(each for lines in self._lines.values() for each in lines)

    def others(self, line: Line) -> tuple[Line, ...]:
        """The same guest's other browsers."""
        return tuple(each for each in self._same(line) if not each.is_phone)

    def phones(self, line: Line) -> tuple[Line, ...]:
        """The same guest's other telephones."""
        return tuple(each for each in self._same(line) if each.is_phone)

    async def release_phones(self, line: Line) -> None:
        """Hang up the telephones of a guest who is heard by their browser now."""
        for each in self.phones(line):
            if not each.stays:
                await each.hang_up(0)

    def _same(self, line: Line) -> list[Line]:
        lines = self.lines(line.session_id)
        return [
            each for each in lines if each is not line and each.guest.id == line.guest.id
        ]

    def hosts(self, session_id: SessionId) -> tuple[Line, ...]:
        """Hosts who are in the room."""
        return tuple(each for each in self.lines(session_id) if each.guest.is_host)

    def waiting(self, session_id: SessionId) -> tuple[Line, ...]:
        """Who waits to be let in."""
        return tuple(each for each in self.lines(session_id) if each.waits)

    async def tell_hosts(self, session_id: SessionId) -> None:
        """Show hosts who waits."""
        people = [
            {"key": each.connection, "name": each.guest.name}
            for each in self.waiting(session_id)
        ]
        for host in self.hosts(session_id):
            await host.send({"viop": "waiting", "people": people})

    async def tell_others(self, line: Line, message: Mapping[str, object]) -> None:
        """Tell everybody else who is in the room."""
        for each in self.inside(line):
            await each.send(message)

    async def show(self, line: Line) -> None:
        """Show somebody who has come to everybody else who is in the room."""
        for each in self.inside(line):
            for news in line.news(each):
                await each.send(news)

    def inside(self, line: Line) -> tuple[Line, ...]:
        """Everybody else who is in the room."""
        return tuple(
            each
            for each in self.lines(line.session_id)
            if each is not line and each.admitted.is_set()
        )
