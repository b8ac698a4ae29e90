"""A mail server of its own process, which counts letters and says how many at the end."""

import asyncio
import sys
from dataclasses import dataclass

from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass
class Counter:
    """Takes every letter and keeps none."""

    letters: int = 0

    async def handle_DATA(  # noqa: N802 - the server's own word
        self, _server: SMTP, _session: Session, _envelope: Envelope
    ) -> str:
        """Count a letter."""
        self.letters += 1
        return "250 Taken"


async def take() -> None:
    """Take letters until nobody needs it: when standard input ends."""
    counter = Counter()
    loop = asyncio.get_running_loop()
    opened = await loop.create_server(lambda: SMTP(counter), "127.0.0.1", 0)
    print(opened.sockets[0].getsockname()[1], flush=True)  # noqa: T201 - for the parent
    await asyncio.to_thread(sys.stdin.read)
    print(counter.letters, flush=True)  # noqa: T201 - for the parent


if __name__ == "__main__":
    asyncio.run(take())
