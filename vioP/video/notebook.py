"""The notebook of one video service: what it calls our sessions and guests, kept as rows.

Several processes may ask a service for the same thing at the same moment. Whoever notes the
answer first has asked for everybody: all of them go by what the notebook says.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from vioP.domain.ids import SessionId
from vioP.domain.time import Instant
from vioP.storage import Store


@dataclass(frozen=True, slots=True)
class Notebook:
    """Notes about one service, each in a transaction of its own."""

    store: Store
    provider: str
    now: Callable[[], Instant]

    async def find(self, key: str) -> str | None:
        """What is noted under a key, or nothing."""
        async with self.store.read() as tx:
            return await tx.provider_notes.find(self.provider, key)

    async def under(self, prefix: str) -> Mapping[str, str]:
        """Everything noted under keys that begin alike."""
        async with self.store.read() as tx:
            return await tx.provider_notes.under(self.provider, prefix)

    async def keep(self, key: str, value: str) -> str:
        """Note something unless something is noted there; answers what stands."""
        async with self.store.write() as tx:
            return await tx.provider_notes.keep(self.provider, key, value, self.now())

    async def replace(self, key: str, value: str) -> None:
        """Note something, whatever was noted there."""
        async with self.store.write() as tx:
            await tx.provider_notes.replace(self.provider, key, value, self.now())

    async def drop(self, key: str) -> None:
        """Forget what is noted under a key."""
        async with self.store.write() as tx:
            await tx.provider_notes.drop(self.provider, key)

    async def host_address(self, session_id: SessionId) -> str:
        """The mail address of a session's first host; empty when there is none."""
        async with self.store.read() as tx:
            return await tx.provider_notes.host_address(session_id)
