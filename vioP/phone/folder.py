"""Calls into a folder: a telephone that rings on the demo's page. One file per call."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from vioP.domain.call import PhoneCall
from vioP.domain.errors import Unavailable
from vioP.folder import keep


@dataclass(frozen=True, slots=True)
class KeptCall:
    """A call as the folder holds it.

    Attributes:
        said: What was said when it was ended from our side; nothing while it goes on.
    """

    reference: str
    key: str
    to: str
    prompt: str
    said: str = ""


@dataclass(frozen=True, slots=True)
class FolderPhone:
    """Keeps each call as a small file named after its key."""

    folder: Path

    async def place(self, call: PhoneCall) -> str:
        """Let a call ring on the page; its key makes a second time harmless.

        Raises:
            Unavailable: The folder cannot be written; make it writable and it rings.
        """
        reference = _name(call.key)
        if await self.find(call.key) is None:
            await self._keep(KeptCall(reference, call.key, call.to, call.prompt))
        return reference

    async def find(self, key: str) -> str | None:
        """What the folder calls a call of this key, or nothing when it has none."""
        reference = _name(key)
        there = await asyncio.to_thread(self._file(reference).exists)
        return reference if there else None

    async def end(self, reference: str, say: str) -> None:
        """Stop a call; ending one that is over does nothing.

        Raises:
            Unavailable: The folder cannot be written.
        """
        call = await asyncio.to_thread(_read, self._file(reference))
        if call is not None and not call.said:
            ended = KeptCall(call.reference, call.key, call.to, call.prompt, say)
            await self._keep(ended)

    async def _keep(self, call: KeptCall) -> None:
        content = json.dumps(
            {
                "reference": call.reference,
                "key": call.key,
                "to": call.to,
                "prompt": call.prompt,
                "said": call.said,
            }
        ).encode()
        file = self._file(call.reference)
        await asyncio.to_thread(keep, self.folder, file.name, content)

    def _file(self, reference: str) -> Path:
        return self.folder / f"{reference}.json"


def read_calls(folder: Path) -> tuple[KeptCall, ...]:
    """Every call in a folder, the oldest first."""
    files = sorted(folder.glob("[!.]*.json"), key=lambda each: each.stat().st_mtime_ns)
    found = [_read(each) for each in files]
    return tuple(each for each in found if each is not None)


def _name(key: str) -> str:
    return sha256(key.encode()).hexdigest()[:24]


def _read(file: Path) -> KeptCall | None:
    try:
        values: Mapping[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise Unavailable(f"The folder {file.parent} cannot be read.") from error
    return KeptCall(**values)
