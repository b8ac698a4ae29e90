"""Where people meet who are not in one place: by telephone, and in a video room."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from vioP.domain.call import PhoneCall
from vioP.domain.carrier import Reply, Told
from vioP.domain.ids import SessionId
from vioP.domain.line import Happened
from vioP.domain.room import Guest, Heard, Proof, RtpAddress, Seen
from vioP.domain.time import Instant


class Telephone(Protocol):
    """Calls by a machine. How a call goes is told to ``vioP.flows.hear_call``.

    Everything it says before a key is pressed is neutral, whoever picks up, and it leaves
    nothing on a mailbox.
    """

    async def place(self, call: PhoneCall) -> str:
        """Ring a number.

        Returns:
            What the far end calls it.

        Raises:
            Unavailable: It did not answer. Whether it rings is unknown: ask ``find``
                before placing the call again.
            Invalid: It will never ring this number.
        """
        ...

    async def find(self, key: str) -> str | None:
        """What the far end calls a call of this key, or nothing when it has none.

        Raises:
            Unavailable: It did not answer; nothing is known.
        """
        ...

    async def end(self, reference: str, say: str) -> None:
        """Stop a call: while it rings at once, once it is answered after a word.

        Ending a call that is over does nothing.

        Raises:
            Unavailable: It did not answer; try again.
        """
        ...


class CarrierHooks(Protocol):
    """What a telephone company tells us over HTTP, and how it is answered."""

    @property
    def name(self) -> str:
        """What settings call it."""
        ...

    def verify(self, target: str, headers: Mapping[str, str], raw: bytes) -> None:
        """Make sure that the company says this.

        Args:
            target: The path and query as they were asked for, byte for byte.
            headers: The headers.
            raw: The body as it came.

        Raises:
            NotFromCarrier: It is not proven.
        """
        ...

    def read(self, target: str, raw: bytes) -> Told:
        """What a message that is proven says.

        Raises:
            Missing: Nothing of the kind is expected at this address.
            NotFromCarrier: It is none of the company's after all.
        """
        ...

    def written(self, reply: Reply) -> str:
        """A reply as the company reads it, in XML."""
        ...


class PhoneLine(Protocol):
    """A call of a telephone that leads into our own rooms, while somebody attends to it.

    Whatever is asked of a line that is over is no use, and does no harm.
    """

    @property
    def name(self) -> str:
        """What we call it; of a call we placed, its key."""
        ...

    @property
    def caller(self) -> str:
        """Who calls us, as the exchange says, which proves nothing; empty when we call."""
        ...

    @property
    def prompt(self) -> str:
        """What is asked first of whoever we call."""
        ...

    @property
    def hears_at(self) -> RtpAddress:
        """Where sound for it is sent to, once it is answered."""
        ...

    def happened(self) -> AsyncIterator[Happened]:
        """What happens on it, in order; its end is the last."""
        ...

    async def pick_up(self) -> None:
        """Take a call that has come in."""
        ...

    async def ask(self, words: str, *, times: int, wait: float) -> None:
        """Say something until a key is pressed.

        Args:
            words: In English; they are said in the language of the person.
            times: How often. ``Silent`` happens when no key was pressed after the last.
            wait: Seconds after each.
        """
        ...

    async def connect(self, to: RtpAddress) -> None:
        """Pass on what is said to an address, in place of what is being said to it."""
        ...

    async def hang_up(self, words: str = "") -> None:
        """End it; whoever can hear it hears something first."""
        ...


class PhoneSeat(Protocol):
    """A telephone's place in a room."""

    @property
    def sends_to(self) -> RtpAddress:
        """Where the call sends its packets."""
        ...

    @property
    def connection(self) -> str:
        """What evidence and the other people's pages call it."""
        ...

    @property
    def over(self) -> asyncio.Event:
        """Set when the call must end."""
        ...


class PhoneSeats(Protocol):
    """Rooms of our own, as telephones see them."""

    def __call__(
        self, session_id: SessionId, guest: Guest, hears_at: RtpAddress, *, waits: bool
    ) -> AbstractAsyncContextManager[PhoneSeat]:
        """A place in a session's room for as long as the block lasts.

        Args:
            session_id: Whose room.
            guest: Who is on the phone.
            hears_at: Where the sound of the room is sent to.
            waits: Whether a host lets them in first.

        Raises:
            Unavailable: The room did not answer in time.
        """
        ...


class VideoRooms(Protocol):
    """A video service. Its links never leave the house: a door is made when it is opened."""

    @property
    def name(self) -> str:
        """What settings call it."""
        ...

    @property
    def proves(self) -> frozenset[Proof]:
        """What it can prove about somebody; an empty set when it knows nobody."""
        ...

    @property
    def is_ours(self) -> bool:
        """Whether its room is a page of this service, which then has no other address."""
        ...

    @property
    def looks(self) -> bool:
        """Whether it can be asked who is inside; otherwise its messages are all that is known."""
        ...

    @property
    def puts_out(self) -> bool:
        """Whether it can put out somebody who is inside; otherwise only a host there can."""
        ...

    async def ensure(self, session_id: SessionId) -> str:
        """Make a session's room unless it is there; again after the service lost it.

        Returns:
            What the service calls the room. It says nothing about the session.

        Raises:
            Unavailable: The service did not answer in time.
        """
        ...

    async def door(self, session_id: SessionId, guest: Guest) -> str:
        """The address that lets a guest into a room; empty when the room is a page of ours.

        Raises:
            Unavailable: The service did not answer in time.
        """
        ...

    async def revoke(self, session_id: SessionId, guest_id: str) -> None:
        """Put a guest out, on whatever device; their doors open nothing from now on.

        Where ``puts_out`` is false, whoever is inside already stays inside.

        Raises:
            Unavailable: The service did not answer in time.
        """
        ...

    async def present(self, session_id: SessionId) -> Sequence[Seen] | None:
        """Who is in a room now, or nothing when that is not known: unknown is not absent."""
        ...

    async def verify(self, headers: Mapping[str, str], raw: bytes, now: Instant) -> Heard:
        """What a message from the service says, once it is proven to come from there.

        Raises:
            Forged: It is not, or it is too old.
        """
        ...

    async def close(self, session_id: SessionId) -> None:
        """End a room for everybody.

        Raises:
            Unavailable: The service did not answer in time.
        """
        ...
