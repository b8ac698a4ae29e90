"""A carrier in memory: rings, is looked up, is ended; it can be silent, slow, or refuse."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field

from tests.make import NINE
from vioP.domain.call import PhoneCall
from vioP.domain.errors import Invalid, Unavailable
from vioP.phone.call_book import BegunCall, BegunText


@dataclass
class FakeCarrier:
    """Calls that ring nowhere.

    Attributes:
        silent: Takes calls and never answers whoever placed them.
        refuses: Numbers it will never ring.
    """

    calls: dict[str, PhoneCall] = field(default_factory=dict)
    rings: Counter[str] = field(default_factory=Counter)
    ended: dict[str, str] = field(default_factory=dict)
    refuses: frozenset[str] = frozenset()
    silent: bool = False
    down: bool = False
    takes: float = 0.0

    async def place(self, call: PhoneCall) -> str:
        if self.down:
            raise Unavailable
        if call.to in self.refuses:
            raise Invalid
        if self.takes:
            await asyncio.sleep(self.takes)
        reference = f"ref-{call.key}"
        if call.key not in self.calls:
            self.rings[call.key] += 1
        self.calls[call.key] = call
        if self.silent:
            raise Unavailable
        return reference

    async def find(self, key: str) -> str | None:
        if self.down:
            raise Unavailable
        return f"ref-{key}" if key in self.calls else None

    async def end(self, reference: str, say: str) -> None:
        if self.down:
            raise Unavailable
        self.ended.setdefault(reference, say)


@dataclass
class KnownCalls:
    """A call book of calls that may have been placed since nine, and of texts that may have left.

    Attributes:
        calls: Numbers by key.
        texts: Keys.
    """

    calls: dict[str, str] = field(default_factory=dict)
    texts: frozenset[str] = frozenset()
    others: frozenset[str] = frozenset()

    async def begun(self, key: str) -> BegunCall | None:
        to = self.calls.get(key)
        return BegunCall(to, NINE, None, self.others) if to else None

    async def begun_text(self, key: str) -> BegunText | None:
        return BegunText(NINE, self.others) if key in self.texts else None
