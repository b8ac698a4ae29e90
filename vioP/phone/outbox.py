"""Texts into a folder, where an operator or the demo reads them. One file per text."""

import asyncio
import json
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

from vioP.domain.message import Text
from vioP.folder import keep


@dataclass(frozen=True, slots=True)
class FolderTexts:
    """Keeps each text as a small file named after its key."""

    folder: Path

    async def send(self, text: Text) -> str:
        """Keep a text; its key makes a second time harmless.

        Raises:
            Unavailable: The folder cannot be written; make it writable and it goes out.
        """
        name = f"{sha256(text.key.encode()).hexdigest()[:24]}.json"
        content = json.dumps(asdict(text), ensure_ascii=False).encode()
        await asyncio.to_thread(keep, self.folder, name, content)
        return name


def read_texts(folder: Path) -> tuple[Text, ...]:
    """Every text in a folder, the oldest first."""
    files = sorted(folder.glob("[!.]*.json"), key=lambda each: each.stat().st_mtime_ns)
    return tuple(Text(**json.loads(each.read_text(encoding="utf-8"))) for each in files)
