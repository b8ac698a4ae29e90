"""The evidence desk: what connections show is written in order, however busy the database."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog

from vioP.beside import beside
from vioP.flows.note_presence import Noted, note_presence
from vioP.ports import Ports

log = structlog.get_logger()

_PAUSE = 1.0
_MOST_AT_ONCE = 200


class EvidenceDesk:
    """Takes facts at any speed and writes them while the block of ``open`` lasts.

    A connection must not break because a fact could not be written, and the fact must not be
    lost because the connection went on.
    """

    def __init__(self, ports: Ports) -> None:
        self._ports = ports
        self._waiting: asyncio.Queue[Noted] = asyncio.Queue()
        self._unwritten = 0

    def take(self, noted: Noted) -> None:
        """Keep a fact to be written."""
        self._unwritten += 1
        self._waiting.put_nowait(noted)

    @property
    def is_idle(self) -> bool:
        """Whether everything that was taken is written."""
        return self._unwritten == 0

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Write what comes; at the end, what is still waiting, once."""
        async with beside(self._write()):
            yield
        if rest := self._batch([]):
            await note_presence(self._ports, rest)

    async def _write(self) -> None:
        batch: list[Noted] = []
        try:
            while True:
                batch = self._batch([await self._waiting.get()])
                while batch:
                    batch = await self._try(batch)
        finally:
            for each in batch:
                self._waiting.put_nowait(each)

    def _batch(self, begun: list[Noted]) -> list[Noted]:
        while not self._waiting.empty() and len(begun) < _MOST_AT_ONCE:
            begun.append(self._waiting.get_nowait())
        return begun

    async def _try(self, batch: list[Noted]) -> list[Noted]:
        """Write a batch; answers what is still to be written."""
        written = note_presence(self._ports, batch)
        [failure] = await asyncio.gather(written, return_exceptions=True)
        if failure is None:
            self._unwritten -= len(batch)
            return []
        if not isinstance(failure, Exception):
            raise failure
        log.error("presence.not_written", count=len(batch), exc_info=failure)
        await asyncio.sleep(_PAUSE)
        return batch
