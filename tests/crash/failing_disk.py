"""A disk that forgets what was not synced: half of it, at random, sector by sector.

SQLite writes through a file system of ours, so at any of its writes and syncs the power can
be cut: what the disk holds then is taken aside, and looked at as the next start would.
Source: the idea of SQLite's own crash tests, sqlite.org/testing.html.
"""

import sqlite3
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiosqlite
import apsw

from vioP.dice import seeded
from vioP.storage.sqlite import Sqlite

SECTOR = 512
_READERS = 2
_IS_SHARED_MEMORY = "-shm"


@dataclass(slots=True)
class Disk:
    """What each file surely holds, and what was written to it since.

    Attributes:
        cuts: At which steps the power is cut; counted over all files.
        at_a_cut: Told what is left of each file.
    """

    cuts: frozenset[int]
    at_a_cut: Callable[[dict[str, bytes]], None]
    seed: int
    steps: int = 0
    sure: dict[str, bytearray] = field(default_factory=dict)
    loose: dict[str, list[tuple[int, bytes | None]]] = field(default_factory=dict)

    def step(self) -> None:
        """One more write or sync; the power may go before it."""
        self.steps += 1
        if self.steps in self.cuts:
            self.at_a_cut(self._after_a_cut())

    def _after_a_cut(self) -> dict[str, bytes]:
        dice = seeded(self.seed * 1_000_003 + self.steps)
        left = {}
        for name, sure in self.sure.items():
            content = bytearray(sure)
            for offset, written in self.loose[name]:
                for part in _sectors(offset, written):
                    if dice.random() < 0.5:
                        _apply(content, part)
            left[name] = bytes(content)
        return left


def _sectors(offset: int, written: bytes | None) -> Iterable[tuple[int, bytes | None]]:
    if written is None:
        return [(offset, None)]
    return [
        (offset + at, written[at : at + SECTOR]) for at in range(0, len(written), SECTOR)
    ]


def _apply(content: bytearray, change: tuple[int, bytes | None]) -> None:
    """Write to a file, or cut it off where nothing is written."""
    offset, written = change
    if len(content) < offset:
        content.extend(bytes(offset - len(content)))
    if written is None:
        del content[offset:]
    else:
        content[offset : offset + len(written)] = written


class _File(apsw.VFSFile):
    """A file whose writes are noted before they happen."""

    def __init__(self, disk: Disk, filename: Any, flags: list[int]) -> None:
        path = filename if isinstance(filename, str) else filename.filename()
        self._disk, self._name = disk, Path(path).name
        there = Path(path).read_bytes() if Path(path).exists() else b""
        disk.sure.setdefault(self._name, bytearray(there))
        disk.loose.setdefault(self._name, [])
        super().__init__("", filename, flags)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802 - SQLite's name
        self._disk.step()
        self._disk.loose[self._name].append((offset, bytes(data)))
        super().xWrite(data, offset)

    def xTruncate(self, newsize: int) -> None:  # noqa: N802 - ditto
        self._disk.step()
        self._disk.loose[self._name].append((newsize, None))
        super().xTruncate(newsize)

    def xSync(self, flags: int) -> None:  # noqa: N802 - ditto
        self._disk.step()
        for change in self._disk.loose[self._name]:
            _apply(self._disk.sure[self._name], change)
        self._disk.loose[self._name].clear()


class _Files(apsw.VFS):
    """The file system."""

    def __init__(self, name: str, disk: Disk) -> None:
        self._disk = disk
        super().__init__(name, "")

    def xOpen(self, name: Any, flags: list[int]) -> _File:  # noqa: N802 - SQLite's name
        return _File(self._disk, name, flags)

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: N802 - ditto
        super().xDelete(filename, syncdir)
        self._disk.sure.pop(Path(filename).name, None)
        self._disk.loose.pop(Path(filename).name, None)


class _Cursor:
    """Rows with real types, as the program's driver gives them."""

    def __init__(self, cursor: apsw.Cursor) -> None:
        self._rows = list(_rows(cursor))

    def fetchall(self) -> list["_Row"]:
        return self._rows

    def close(self) -> None:
        return None


@dataclass(frozen=True, slots=True)
class _Row:
    """A row as the driver's own: its values in order, and their names."""

    names: tuple[str, ...]
    values: tuple[Any, ...]

    def keys(self) -> tuple[str, ...]:
        return self.names

    def __iter__(self) -> Iterator[Any]:
        return iter(self.values)


def _rows(cursor: apsw.Cursor) -> Iterable[_Row]:
    columns: Sequence[tuple[str, str | None]] = ()
    for row in cursor:
        columns = columns or [(each[0], each[1]) for each in cursor.get_description()]
        yield _Row(
            tuple(name for name, _ in columns),
            tuple(
                _typed(declared, value)
                for (_, declared), value in zip(columns, row, strict=True)
            ),
        )


def _typed(declared: str | None, value: Any) -> Any:
    convert = sqlite3.converters.get((declared or "").upper())
    if convert is None or value is None:
        return value
    return convert(str(value).encode())


class _Base:
    """What the driver asks of a connection, answered by the one that has our file system."""

    row_factory: Any = None

    def __init__(self, base: apsw.Connection) -> None:
        self._base = base

    @property
    def in_transaction(self) -> bool:
        return self._base.in_transaction

    def execute(self, sql: str, values: Any = ()) -> _Cursor:
        return _Cursor(self._base.cursor().execute(sql, values))

    def executemany(self, sql: str, rows: Any) -> _Cursor:
        return _Cursor(self._base.cursor().executemany(sql, rows))

    def executescript(self, sql: str) -> _Cursor:
        return self.execute(sql)

    def commit(self) -> None:
        if self.in_transaction:
            self._base.execute("COMMIT")

    def rollback(self) -> None:
        if self.in_transaction:
            self._base.execute("ROLLBACK")

    def close(self) -> None:
        self._base.close()


class _Connection(aiosqlite.Connection):
    """The program's driver, without its thread."""

    def __init__(self, base: _Base) -> None:
        super().__init__(lambda: base, 64)  # type: ignore[arg-type,return-value]
        self._connection = base  # type: ignore[assignment]

    async def _execute(self, fn: Any, *args: Any, **kwargs: Any) -> Any:
        return fn(*args, **kwargs)

    def shut(self) -> None:
        base, self._connection = self._connection, None
        assert base is not None
        base.close()


@asynccontextmanager
async def open_on(disk: Disk, path: Path, pragmas: str) -> AsyncIterator[Sqlite]:
    """The program's own database, on a disk that forgets."""
    files = _Files(f"failing-{id(disk)}", disk)
    connections = []
    for _ in range(1 + _READERS):
        base = _Base(apsw.Connection(str(path), vfs=f"failing-{id(disk)}"))
        base.execute(pragmas)
        connections.append(_Connection(base))
    writer, *readers = connections
    try:
        yield Sqlite(writer, readers)
    finally:
        for each in connections:
            each.shut()
        files.unregister()
