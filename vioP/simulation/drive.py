"""The disk: real SQL on a real file, on the loop's own thread, where every statement may fail.

It is the driver the program uses, without its thread: between any two statements another
task may run, the process may die, the file may be busy, and a commit may find no room.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import aiosqlite

from vioP.simulation.life import Killed, Life
from vioP.storage.sqlite import Sqlite

_READERS = 2
# The machine does not fail here, only the process; what a power cut does has a test of its own.
_PRAGMAS = "PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA foreign_keys = ON;"


class Weather(Protocol):
    """How the disk is at this moment."""

    def is_busy(self) -> bool:
        """Whether another program holds the file."""
        ...

    def is_full(self) -> bool:
        """Whether a commit finds no room."""
        ...

    def commit_takes(self) -> float:
        """How long a commit takes, in seconds."""
        ...


class _Connection(aiosqlite.Connection):
    """A connection that answers at once, after everybody else had their turn."""

    def __init__(self, path: Path, life: Life, weather: Weather) -> None:
        connect = partial(
            sqlite3.connect,
            path,
            isolation_level=None,
            detect_types=sqlite3.PARSE_DECLTYPES,
            cached_statements=256,
        )
        super().__init__(connect, 64)
        self._life, self._weather = life, weather

    def open(self, more: str) -> None:
        """Open the file, as the program's own driver does."""
        self._connection = self._connector()
        self._connection.row_factory = sqlite3.Row
        self._connection.executescript(_PRAGMAS + more)

    def shut(self) -> None:
        """Close the file as the machine does; what was not committed is gone."""
        open_one, self._connection = self._connection, None
        if open_one is not None:
            # A cursor that somebody still holds would keep the transaction, and its lock.
            open_one.rollback()
            open_one.close()

    async def _execute(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        self._life.step()
        is_commit = getattr(fn, "__name__", "") == "commit"
        await asyncio.sleep(self._weather.commit_takes() if is_commit else 0)
        if self._life.is_over or self._connection is None:
            raise Killed
        first = args[0] if args else ""
        if first == "BEGIN IMMEDIATE" and self._weather.is_busy():
            raise _refusal("database is locked", sqlite3.SQLITE_BUSY)
        if is_commit and self._connection.in_transaction and self._weather.is_full():
            raise _refusal("database or disk is full", sqlite3.SQLITE_FULL)
        return fn(*args, **kwargs)


def _refusal(words: str, code: int) -> sqlite3.OperationalError:
    """What SQLite raises, with the number it gives."""
    error = sqlite3.OperationalError(words)
    error.sqlite_errorcode = code
    return error


@asynccontextmanager
async def open_drive(path: Path, life: Life, weather: Weather) -> AsyncIterator[Sqlite]:
    """The program's own SQLite database over this disk, until the process dies."""
    connections = [_Connection(path, life, weather) for _ in range(1 + _READERS)]
    writer, *readers = connections
    writer.open("")
    for reader in readers:
        reader.open("PRAGMA query_only = ON;")
    life.last_rites += [each.shut for each in connections]
    try:
        yield Sqlite(writer, readers)
    finally:
        for each in connections:
            each.shut()


def is_sound(path: Path) -> bool:
    """Whether the file is a database without damage."""
    with sqlite3.connect(path) as connection:
        found = connection.execute("PRAGMA integrity_check").fetchall()
    connection.close()
    return found == [("ok",)]
