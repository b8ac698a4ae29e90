"""The bell: what one process changed on PostgreSQL, the others hear at once.

The schema rings it with each commit that changes what a live page shows. It says that
something changed and never what, and it may be missed: whoever hears it again after a while
looks for themselves.
"""

import asyncio
from secrets import token_hex
from typing import Any, NoReturn, Protocol

import structlog
from psycopg import AsyncConnection, OperationalError

log = structlog.get_logger()

CHANNEL = "viop_changed"
_QUIET = 15.0  # seconds after which the bell is tried
_TRY_AGAIN = 1.0


class Hearer(Protocol):
    """Who listens."""

    def rang(self) -> None:
        """Something changed."""
        ...

    def hears(self, *, well: bool) -> None:
        """Whether the bell is heard from now on; what rang before may have been missed."""
        ...


async def listen(url: str, hearer: Hearer) -> NoReturn:
    """Listen until cancelled, on a connection of its own that is looked for when it is lost.

    Args:
        url: The database itself. A pooler in between would let nothing be heard.
        hearer: Told what is heard.
    """
    while True:
        try:
            async with await AsyncConnection.connect(url, autocommit=True) as raw:
                await _hear(raw, hearer)
            await log.awarning("bell.silent")
        except OperationalError as error:
            await log.awarning("bell.lost", exc_info=error)
        hearer.hears(well=False)
        await asyncio.sleep(_TRY_AGAIN)


async def _hear(raw: AsyncConnection[Any], hearer: Hearer) -> None:
    """Pass on each ring, for as long as this connection hears itself ring."""
    ours = token_hex(8)
    await raw.execute(f"LISTEN {CHANNEL}")
    heard_itself = True
    while heard_itself:
        heard_itself = False
        await raw.execute("SELECT pg_notify(%s, %s)", (CHANNEL, ours))
        async for told in raw.notifies(timeout=_QUIET):
            if told.payload == ours:
                heard_itself = True
                hearer.hears(well=True)
            elif not told.payload:
                hearer.rang()
