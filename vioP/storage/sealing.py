"""Statements that seal and open: what storage writes in SQL, put into effect for each driver.

Storage says in its SQL what is sealed, and where from:

- ``OPENED(participant.name)`` in a list of columns; ``OPENED(supporter AS guardian.name)``
  where the table goes by another name; ``AS other`` may follow;
- ``SEALED(:name, participant.name, :id)`` where a value is written, with what names its row;
- ``BLIND(:email)`` for what a value is looked up by.

A database whose fields are not sealed is served by the same statements.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import structlog

from vioP.domain.errors import Unavailable
from vioP.storage.database import Connection, Row
from vioP.storage.field_keys import FieldKeys, Unreadable, is_sealed
from vioP.storage.sealed_columns import SEALED, looked_up

log = structlog.get_logger()

_OPENED = re.compile(r"OPENED\((?:(\w+) AS )?(\w+)\.(\w+)\)(?: AS (\w+))?")
_SEALED = re.compile(r"SEALED\(:(\w+), (\w+)\.(\w+), ((?::\w+(?:, )?)+)\)")
_BLIND = re.compile(r"BLIND\(:(\w+)\)")
_MARK = re.compile(r"OPENED\(|SEALED\(|BLIND\(")


@dataclass(frozen=True, slots=True)
class _Sealing:
    """A value that is sealed on its way in."""

    given: str
    table: str
    column: str
    row: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Opening:
    """A column of an answer that is opened on its way out."""

    name: str
    table: str
    column: str


@dataclass(frozen=True, slots=True)
class _Statement:
    """A statement as a driver takes it, and what is done to its values and its answer."""

    sealed: str  # where fields are sealed
    plain: str  # where they are not
    sealings: tuple[_Sealing, ...]
    openings: tuple[_Opening, ...]
    blinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SealingConnection:
    """One open transaction, through which sealed fields look like any other."""

    inner: Connection
    keys: FieldKeys | None

    @property
    def driver(self) -> Any:
        """The driver's own connection."""
        return self.inner.driver

    async def fetch(self, sql: str, **values: object) -> Sequence[Row]:
        """Run one statement and give every row it answers with, opened."""
        statement = _read(sql)
        rows = await self.inner.fetch(
            self._spoken(statement), **self._given(statement, values)
        )
        if not statement.openings:
            return rows
        if self.keys is None:
            _refuse_sealed(statement.openings, rows)
            return rows
        return [_opened(self.keys, statement.openings, row) for row in rows]

    async def execute(self, sql: str, **values: object) -> None:
        """Run one statement that answers nothing."""
        statement = _read(sql)
        await self.inner.execute(self._spoken(statement), **self._given(statement, values))

    async def execute_many(self, sql: str, rows: Sequence[Mapping[str, object]]) -> None:
        """Run one statement once for each row."""
        statement = _read(sql)
        given = [self._given(statement, row) for row in rows]
        await self.inner.execute_many(self._spoken(statement), given)

    def _spoken(self, statement: _Statement) -> str:
        return statement.sealed if self.keys else statement.plain

    def _given(
        self, statement: _Statement, values: Mapping[str, object]
    ) -> Mapping[str, object]:
        if not statement.sealings and not statement.blinds:
            return values
        given = dict(values)
        for name in statement.blinds:
            text = looked_up(str(values[name] or ""))
            given[f"{name}__blind"] = self.keys.index(text) if self.keys else text
        if self.keys:
            for each in statement.sealings:
                given[f"{each.given}__sealed"] = _sealed(self.keys, each, values)
        return given


def _refuse_sealed(openings: Sequence[_Opening], rows: Sequence[Row]) -> None:
    """Refuse to take for a name what was sealed since this process began.

    Raises:
        Unavailable: That is so.
    """
    for row in rows:
        for each in openings:
            kept = row[each.name]
            if isinstance(kept, str) and is_sealed(kept):
                raise Unavailable(
                    "The fields of the database were sealed while this process ran. "
                    "Start it again, with the key file in its place."
                )


def select_all(table: str, columns: Iterable[str]) -> str:
    """A statement that reads whole rows of a table, opened."""
    sealed_ones = SEALED[table].columns if table in SEALED else ()
    listed = (
        f"OPENED({table}.{each})" if each in sealed_ones else f"{table}.{each}"
        for each in columns
    )
    return f"SELECT {', '.join(listed)} FROM {table}"  # noqa: S608 - from the catalogue


def place_of(table: str, column: str, row: str) -> str:
    """What a value is sealed for."""
    return f"{table}.{column}:{row}"


def _with_its_row(table: str, alias: str, column: str) -> str:
    """SQL for a sealed value behind the name of its row, whose last stroke divides the two."""
    name = " || '/' || ".join(f"{alias}.{each}" for each in SEALED[table].key)
    value = f"{alias}.{column}"
    if column in SEALED[table].documents:
        value = f"CAST({value} AS TEXT)"
    return f"({name} || '|' || {value})"


def opened(keys: FieldKeys, place: str, kept: str | None, *, is_document: bool) -> Any:
    """A value from what is kept of it; nothing stays nothing.

    Raises:
        Unreadable: It does not open.
        Unavailable: Its key is missing.
    """
    if kept is None or not is_document:
        return kept and keys.open(place, kept)
    try:
        written = json.loads(kept)
    except ValueError as error:
        raise Unreadable(f"{place} is no document.") from error
    return json.loads(keys.open(place, written if isinstance(written, str) else kept))


def sealed(keys: FieldKeys, place: str, value: Any, *, is_document: bool) -> str | None:
    """What is kept of a value; nothing stays nothing."""
    if value is None:
        return None
    if is_document:
        return json.dumps(keys.seal(place, json.dumps(value)))
    return keys.seal(place, str(value))


def _opened(keys: FieldKeys, openings: Sequence[_Opening], row: Row) -> Row:
    found = dict(row)
    for each in openings:
        if (kept := found[each.name]) is not None:
            name, _, value = kept.rpartition("|")
            place = place_of(each.table, each.column, name)
            is_document = each.column in SEALED[each.table].documents
            try:
                found[each.name] = opened(keys, place, value, is_document=is_document)
            except Unreadable:
                found[each.name] = _instead(
                    keys, place, each.column, is_document=is_document
                )
    return found


def _instead(keys: FieldKeys, place: str, column: str, *, is_document: bool) -> Any:
    """What is read where a field does not open.

    Whoever looks for a whole session must not be stopped by one row of it. Without a number
    or an address a person is asked to look for somebody; a message without content is set
    aside, and shown as one that did not arrive. A key that is missing is another matter:
    everything waits until it is there.
    """
    if place not in keys.unreadable:
        log.error("field.unreadable", key=place)
        keys.unreadable.add(place)
    return {} if is_document else "(unreadable)" if column == "name" else ""


def _sealed(keys: FieldKeys, sealing: _Sealing, values: Mapping[str, object]) -> object:
    row = "/".join(str(values[each]) for each in sealing.row)
    place = place_of(sealing.table, sealing.column, row)
    is_document = sealing.column in SEALED[sealing.table].documents
    return sealed(keys, place, values[sealing.given], is_document=is_document)


@lru_cache(maxsize=1024)
def _read(sql: str) -> _Statement:
    """Read what a statement seals and opens.

    Raises:
        ValueError: It names a column that is not sealed, or is written otherwise.
    """
    sealings = tuple(
        _Sealing(given, table, column, tuple(row.replace(":", "").split(", ")))
        for given, table, column, row in _SEALED.findall(sql)
    )
    openings = tuple(
        _Opening(name or column, table or alias, column)
        for table, alias, column, name in _OPENED.findall(sql)
    )
    for table, column in [(each.table, each.column) for each in sealings] + [
        (each.table, each.column) for each in openings
    ]:
        if column not in SEALED[table].columns:
            raise ValueError(f"{table}.{column} is not sealed")
    plain = _BLIND.sub(r":\1__blind", sql)
    sealed = _SEALED.sub(r":\1__sealed", _OPENED.sub(_behind_its_row, plain))
    plain = _SEALED.sub(r":\1", _OPENED.sub(_as_it_is, plain))
    if _MARK.search(sealed):
        raise ValueError(f"this statement says otherwise what is sealed: {sql}")
    return _Statement(sealed, plain, sealings, openings, tuple(_BLIND.findall(sql)))


def _behind_its_row(found: re.Match[str]) -> str:
    table, alias, column, name = found.groups()
    return f"{_with_its_row(table or alias, alias, column)} AS {name or column}"


def _as_it_is(found: re.Match[str]) -> str:
    _, alias, column, name = found.groups()
    return f"{alias}.{column} AS {name or column}"
