"""Forks a working process for each line it is told, and buries it when told to."""

import asyncio
import os
import sys
from pathlib import Path

from tests.crash.engine_process import main


def bear(args: list[str]) -> None:
    """One more working process, then another when that one is buried."""
    for _ in sys.stdin:
        pid = os.fork()
        if pid == 0:
            asyncio.run(main(args[0], Path(args[1]), int(args[2])))
            os._exit(0)
        print(pid, flush=True)  # noqa: T201 - the parent waits for it
        sys.stdin.readline()
        os.waitpid(pid, 0)
        print("gone", flush=True)  # noqa: T201 - the parent waits for it


if __name__ == "__main__":
    bear(sys.argv[1:])
