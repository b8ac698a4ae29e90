"""Which key seals a database's fields, and sealing all of them anew with another one."""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from vioP.domain.errors import Conflict, Unavailable
from vioP.domain.time import Instant
from vioP.storage.database import Connection, Database
from vioP.storage.field_keys import FieldKeys
from vioP.storage.sealed_columns import SEALED, SealedTable, looked_up
from vioP.storage.sealing import opened, place_of, sealed

_AT_ONCE = 500

IN_FORCE = "SELECT id, proof, since FROM field_key"
FORGET = "DELETE FROM field_key WHERE id <> :id"
# The second to begin waits here for the first, and finds that it is done.
KEEP = """
INSERT INTO field_key (id, proof, since) VALUES (:id, :proof, :since)
ON CONFLICT (id) DO NOTHING RETURNING id
"""
DEAD = "SELECT address, status, seen_at FROM dead_address"
FORGET_DEAD = "DELETE FROM dead_address"
KEEP_DEAD = """
INSERT INTO dead_address (address, status, seen_at) VALUES (:address, :status, :seen_at)
"""
_PROOF = "these fields are sealed"


@dataclass(frozen=True, slots=True)
class InForce:
    """The key that seals, and since when it does."""

    id: str
    since: Instant


async def in_force(database: Database) -> InForce | None:
    """Which key seals the fields; nothing where they are not sealed."""
    found = await _in_force(database)
    return found[0] if found else None


async def keys_of(database: Database, secrets: Mapping[str, bytes]) -> FieldKeys | None:
    """What opens the fields of a database; nothing where they are not sealed.

    Raises:
        Unavailable: They are, and the key is missing or another one of the same name.
    """
    found = await _in_force(database)
    if found is None:
        return None
    active, proof = found
    keys = FieldKeys(secrets, active.id)
    if keys.open(place_of("field_key", "proof", active.id), proof) != _PROOF:
        raise Unavailable(f"The key {active.id} is not the one that sealed this database.")
    return keys


async def seal_all(
    database: Database, old: FieldKeys | None, new: FieldKeys, now: Instant
) -> int:
    """Seal every field anew, in one change: all of them, or none.

    Nothing else may use the database meanwhile: it would go on with the old key.

    Args:
        database: Which, as the driver gives it.
        old: What opens the fields now; nothing where they are not sealed.
        new: What seals them from now on.
        now: When.

    Returns:
        How many rows there were.

    Raises:
        Unavailable: A field does not open; nothing was changed.
        Conflict: Somebody else seals them at this moment, or just did; nothing was changed.
    """
    count = 0
    async with database.write() as connection:
        await _take(connection, old, new, now)
        dead = await _dead_addresses(connection, old, new)
        for name, table in SEALED.items():
            async for rows in _rows(connection, name, table):
                written = [_resealed(name, table, row, old, new) for row in rows]
                await connection.execute_many(_save(name, table), written)
                count += len(rows)
        await connection.execute(FORGET_DEAD)
        if dead:
            await connection.execute_many(KEEP_DEAD, dead)
    return count


async def _take(
    connection: Connection, old: FieldKeys | None, new: FieldKeys, now: Instant
) -> None:
    """Put a key in force, if the one before it still is.

    Raises:
        Conflict: Somebody else was first.
    """
    before = {row["id"] for row in await connection.fetch(IN_FORCE)}
    proof = new.seal(place_of("field_key", "proof", new.active), _PROOF)
    taken = await connection.fetch(KEEP, id=new.active, proof=proof, since=now)
    if before != ({old.active} if old else set()) or not taken:
        raise Conflict("The fields were sealed by another process meanwhile. Try again.")
    await connection.execute(FORGET, id=new.active)


async def _in_force(database: Database) -> tuple[InForce, str] | None:
    if not await database.has_table("field_key"):
        return None
    async with database.read() as connection:
        rows = await connection.fetch(IN_FORCE)
    return (InForce(rows[0]["id"], rows[0]["since"]), rows[0]["proof"]) if rows else None


async def _rows(
    connection: Connection, name: str, table: SealedTable
) -> AsyncIterator[Sequence[Mapping[str, Any]]]:
    """The sealed columns of a table as they are kept, some rows at a time."""
    columns = [
        f"CAST({each} AS TEXT) AS {each}" if each in table.documents else each
        for each in table.columns
    ]
    keys = [f"{each} AS key_{each}" for each in table.key]
    statement = (
        f"SELECT {', '.join(keys + columns)} FROM {name} "  # noqa: S608 - ours
        f"ORDER BY {', '.join(table.key)} LIMIT {_AT_ONCE} OFFSET :passed"
    )
    passed = 0
    while rows := await connection.fetch(statement, passed=passed):
        yield rows
        passed += len(rows)


def _resealed(
    name: str,
    table: SealedTable,
    row: Mapping[str, Any],
    old: FieldKeys | None,
    new: FieldKeys,
) -> Mapping[str, object]:
    written: dict[str, object] = {f"key_{each}": row[f"key_{each}"] for each in table.key}
    for column in table.columns:
        place = place_of(name, column, _row_name(table, row))
        value = _opened(old, place, row[column], is_document=column in table.documents)
        written[column] = sealed(new, place, value, is_document=column in table.documents)
        if column in table.indexes:
            written[table.indexes[column]] = new.index(looked_up(value or ""))
    return written


def _row_name(table: SealedTable, row: Mapping[str, Any]) -> str:
    return "/".join(str(row[f"key_{each}"]) for each in table.key)


def _opened(
    keys: FieldKeys | None, place: str, kept: str | None, *, is_document: bool
) -> Any:
    if keys is not None:
        return opened(keys, place, kept, is_document=is_document)
    return json.loads(kept) if is_document and kept is not None else kept


def _save(name: str, table: SealedTable) -> str:
    written = [*table.columns, *table.indexes.values()]
    changes = ", ".join(f"{each} = :{each}" for each in written)
    where = " AND ".join(f"{each} = :key_{each}" for each in table.key)
    return f"UPDATE {name} SET {changes} WHERE {where}"  # noqa: S608 - ours


async def _dead_addresses(
    connection: Connection, old: FieldKeys | None, new: FieldKeys
) -> list[dict[str, object]]:
    """Addresses that fail, by what they are looked up by from now on.

    They are kept without their text, so that only those which somebody still has are found
    again; nobody is written to at the others.
    """
    known: dict[str, str] = {}
    for name, table in SEALED.items():
        if "email" not in table.indexes:
            continue
        async for rows in _rows(connection, name, table):
            for row in rows:
                place = place_of(name, "email", _row_name(table, row))
                address = looked_up(_opened(old, place, row["email"], is_document=False))
                known[old.index(address) if old else address] = new.index(address)
    return [
        {
            "address": known[row["address"]],
            "status": row["status"],
            "seen_at": row["seen_at"],
        }
        for row in await connection.fetch(DEAD)
        if row["address"] in known
    ]
