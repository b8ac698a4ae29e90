"""Forks a working process for each line it is told, and buries it when told to."""

import asyncio
import os
import sys
from importlib import import_module
from pathlib import Path


def bear(args: list[str]) -> None:
    """One more process that runs a module, then another when that one is buried."""
    main = import_module(args[0]).main
    for _ in sys.stdin:
        pid = os.fork()
        if pid == 0:
            asyncio.run(main(args[1], Path(args[2]), int(args[3])))
            os._exit(0)
        print(pid, flush=True)  # noqa: T201 - the parent waits for it
        sys.stdin.readline()
        os.waitpid(pid, 0)
        print("gone", flush=True)  # noqa: T201 - the parent waits for it


if __name__ == "__main__":
    bear(sys.argv[1:])
