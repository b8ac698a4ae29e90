"""Which calls were placed, on disk: nobody is rung twice because this program was killed.

A call is written down before it is dialled. One that was written down and is not under way
may have rung, and is never dialled again.
"""

import asyncio
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from vioP.folder import keep

_KEPT_FOR = 7 * 24 * 3600.0  # seconds; no call is tried again after minutes


@dataclass(frozen=True, slots=True)
class Journal:
    """One empty file for each call that was placed, named after its key."""

    folder: Path

    async def note(self, key: str) -> None:
        """Write a call down; it survives a power cut once this returns.

        Raises:
            Unavailable: The folder cannot be written. The call must not be dialled.
        """
        await asyncio.to_thread(keep, self.folder, _name(key), b"")

    async def has(self, key: str) -> bool:
        """Whether a call of this key was ever written down."""
        return await asyncio.to_thread((self.folder / _name(key)).exists)

    async def strike(self, key: str) -> None:
        """Forget a call that surely never rang."""
        await asyncio.to_thread((self.folder / _name(key)).unlink, missing_ok=True)

    async def tidy(self) -> None:
        """Forget calls nobody will ask after any more."""
        await asyncio.to_thread(self._tidy)

    def _tidy(self) -> None:
        files = [(each, each.stat().st_mtime) for each in self.folder.glob("*.placed")]
        newest = max((at for _, at in files), default=0.0)
        for file, at in files:
            if at < newest - _KEPT_FOR:
                file.unlink(missing_ok=True)


def _name(key: str) -> str:
    return f"{sha256(key.encode()).hexdigest()[:32]}.placed"
