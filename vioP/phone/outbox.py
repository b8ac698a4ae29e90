"""Texts into a folder, where an operator or the demo reads them. One file per text."""

import asyncio
import json
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

from vioP.domain.errors import Unavailable
from vioP.domain.message import Text


@dataclass(frozen=True, slots=True)
class FolderTexts:
    """Keeps each text as a small file named after its key."""

    folder: Path

    async def send(self, text: Text) -> str:
        """Keep a text; its key makes a second time harmless.

        Raises:
            Unavailable: The folder cannot be written; make it writable and it goes out.
        """
        return await asyncio.to_thread(self._keep, text)

    def _keep(self, text: Text) -> str:
        name = sha256(text.key.encode()).hexdigest()[:24]
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            beside = self.folder / f".{name}"
            beside.write_text(
                json.dumps(asdict(text), ensure_ascii=False), encoding="utf-8"
            )
            beside.replace(self.folder / f"{name}.json")
        except OSError as error:
            raise Unavailable(
                f"The text folder {self.folder} cannot be written ({error.strerror}). "
                "Make it writable for the user vioP runs as."
            ) from error
        return name


def read_texts(folder: Path) -> tuple[Text, ...]:
    """Every text in a folder, the oldest first."""
    files = sorted(folder.glob("*.json"), key=lambda each: each.stat().st_mtime_ns)
    return tuple(Text(**json.loads(each.read_text(encoding="utf-8"))) for each in files)
