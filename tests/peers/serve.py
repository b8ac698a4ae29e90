"""The service in a process of its own, for clients in another: ``FOLDER GROUPS SIZE``.

It prints where everybody connects to, as JSON; then, for every line it reads, what it and its
Janus have used so far; it ends when standard input does.
"""

import asyncio
import json
import os
import sys
from pathlib import Path

from tests.peers.house import house

_TICKS = os.sysconf("SC_CLK_TCK")


def used(pid: int) -> dict[str, float]:
    """Seconds of the processor, and megabytes of memory, of a process."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    status = Path(f"/proc/{pid}/status").read_text().split("VmRSS:")[1]
    cpu = (int(fields[11]) + int(fields[12])) / _TICKS
    return {"cpu": cpu, "memory": int(status.split()[0]) / 1024}


async def serve(place: Path, groups: int, size: int) -> None:
    """Serve until standard input ends."""
    async with house(place, groups, size) as here:
        say(await here.lines())
        while await asyncio.to_thread(sys.stdin.readline):
            janus = here.gateway.rooms.process.pid
            assert janus is not None
            say({"viop": used(os.getpid()), "janus": used(janus)})


def say(what: object) -> None:
    """Print a line of JSON, behind a mark: the log goes to standard output too."""
    print("=" + json.dumps(what), flush=True)  # noqa: T201 - the answer


if __name__ == "__main__":
    folder, many, each = sys.argv[1:]
    asyncio.run(serve(Path(folder), int(many), int(each)))
