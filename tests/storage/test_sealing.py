"""What says who somebody is, is kept sealed: each statement, and each way around it."""

import ast
import asyncio
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.make import (
    FIELD_SECRETS,
    NINE,
    FixedClock,
    Postbox,
    deliveries,
    group_session,
    make_ports,
    published_programme,
    seat_of,
)
from vioP.domain.delivery import Channel
from vioP.domain.errors import Conflict, Unavailable
from vioP.domain.health import Part
from vioP.domain.ids import ParticipantId
from vioP.flows.check_health import check_health
from vioP.flows.deliver import deliver
from vioP.flows.mark_attendance import start_session
from vioP.flows.record_join import record_join
from vioP.flows.sweep import sweep
from vioP.flows.watch_room import watch_room
from vioP.ports import Ports
from vioP.storage import Store
from vioP.storage.connect import connect
from vioP.storage.database import Connection
from vioP.storage.field_keys import FieldKeys, Unreadable, is_sealed
from vioP.storage.resealing import in_force, keys_of, seal_all
from vioP.storage.sealed_columns import SEALED
from vioP.storage.sealing import SealingConnection

STORAGE = Path(__file__).parents[2] / "vioP" / "storage"
SECRETS = {**FIELD_SECRETS, "k2": b"another key, of thirty-two bytes"}
OLD, NEW = FieldKeys(FIELD_SECRETS, "k1"), FieldKeys(SECRETS, "k2")
# What may be done with a sealed column without opening it: emptied, or found to be empty.
_EMPTY = re.compile(r"\b(\w+) (?:=|<>) ''")
_MARKED = re.compile(r"(?:OPENED|SEALED|BLIND)\([^)]*\)(?: AS \w+)?")
_LISTED = re.compile(r"INSERT INTO \w+\s*\([^)]*\)")
_SET = re.compile(r"\b\w+ = (?=\s|,|$|CASE)|\b\w+ = excluded\.\w+|(?<=THEN )note\b")
_SQL = re.compile(r"\b(SELECT|UPDATE|INSERT|DELETE|RETURNING)\b")


def statements() -> Iterator[tuple[str, str]]:
    """Every statement in storage, with the file it is in; what is filled in left out."""
    for file in sorted(STORAGE.glob("*.py")):
        if file.name in {"resealing.py", "sealing.py"}:  # they read what is kept
            continue
        for node in ast.walk(ast.parse(file.read_text())):
            match node:
                case ast.Constant(value=str(text)):
                    pass
                case ast.JoinedStr(values=parts):
                    text = "".join(
                        str(each.value) for each in parts if isinstance(each, ast.Constant)
                    )
                case _:
                    continue
            if _SQL.search(text):
                yield file.name, text


def unopened(text: str) -> set[str]:
    """The sealed columns a statement reads or writes as they are."""
    for done in (_MARKED, _LISTED, _EMPTY, _SET):
        text = done.sub("", text)
    return {
        f"{table}.{column}"
        for table, sealed in SEALED.items()
        if re.search(rf"\b{table}\b", text)
        for column in sealed.columns
        if re.search(rf"(?<![:\w.]){column}\b(?! FROM phone)|\b{table}\.{column}\b", text)
    }


def test_no_statement_reads_or_writes_a_sealed_column_as_it_is():
    checked = dict.fromkeys(statements())

    assert len(checked) > 300
    assert {
        (file, text): found for file, text in checked if (found := unopened(text))
    } == {}


@pytest.mark.parametrize(
    "text",
    [
        "SELECT id, note FROM attempt",
        "SELECT participant.id, participant.name FROM participant",
        "UPDATE participant SET email = :email WHERE id = :id",
        "INSERT INTO reply (id, comment) SELECT id, comment FROM reply",
        "SELECT id FROM participant WHERE LOWER(email) = :address",
    ],
)
def test_a_statement_that_does_would_be_seen(text: str):
    assert unopened(text)


@pytest.fixture
async def filled(url: str) -> str:
    """A database that was used without keys."""
    async with Store.open(url) as store:
        ports = make_ports(store, FixedClock())
        await published_programme(ports)
        async with store.write() as tx:
            await tx.mail_in.mark_dead("P1@participants.example", "5.1.1", NINE)
            await tx.mail_in.mark_dead("gone@nowhere.example", "5.1.1", NINE)
    return url


async def raw(url: str, statement: str) -> list[Mapping[str, Any]]:
    """What the database itself keeps."""
    async with connect(url) as database, database.read() as connection:
        return [
            {name: row[name] for name in row.keys()}  # noqa: SIM118 - a Row is no mapping
            for row in await connection.fetch(statement)
        ]


async def told(url: str, secrets: Mapping[str, bytes]) -> dict[str, Any]:
    """What is read through the store, and found by what people say of themselves."""
    async with Store.open(url, secrets) as store, store.read() as tx:
        programme = await tx.programme.read()
        assert programme is not None
        return {
            "programme": programme,
            "account": await tx.accounts.by_email("p2@participants.example"),
            "whose mail": await tx.mail_in.whose("p3@participants.example"),
            "whose phone": await tx.contacts.whose("+13035550101"),
            "record": await tx.holdings.of(
                programme.participants[0].id, await store.tables()
            ),
            "live": await tx.live.between(NINE, NINE.replace(hour=23)),
        }


async def seal(url: str, old: FieldKeys | None, new: FieldKeys) -> int:
    async with connect(url) as database:
        return await seal_all(database, old, new, NINE)


async def test_sealing_changes_nothing_of_what_is_read(filled: str):
    before = await told(filled, {})

    assert await seal(filled, None, OLD) > 20

    sealed = await told(filled, FIELD_SECRETS)
    assert sealed == before
    assert sealed["account"] is not None
    assert sealed["whose mail"]
    assert sealed["whose phone"]
    assert [each.mail_fails for one in sealed["live"] for each in one.seats].count(True) > 0
    [name] = await raw(filled, "SELECT name, email_index FROM participant WHERE id = 'p1'")
    assert is_sealed(name["name"])
    assert "@" not in name["email_index"]
    dead = await raw(filled, "SELECT address FROM dead_address")
    assert len(dead) == 1  # nobody has the other address
    assert "@" not in dead[0]["address"]


async def test_a_new_key_seals_everything_anew_and_the_old_one_opens_nothing(filled: str):
    before = await told(filled, {})
    await seal(filled, None, OLD)
    first = await raw(filled, "SELECT name, email_index FROM participant")

    await seal(filled, OLD, NEW)

    assert await told(filled, SECRETS) == before
    assert await told(filled, {"k2": SECRETS["k2"]}) == before
    second = await raw(filled, "SELECT name, email_index FROM participant")
    for column in ("name", "email_index"):
        assert not {each[column] for each in first} & {each[column] for each in second}
    with pytest.raises(Unavailable, match="sealed with the key k2"):
        await told(filled, FIELD_SECRETS)
    async with connect(filled) as database:
        found = await in_force(database)
        assert found is not None
        assert found.id == "k2"


async def test_the_program_works_on_what_was_sealed_later(filled: str):
    await seal(filled, None, OLD)

    async with Store.open(filled, FIELD_SECRETS) as store:
        ports: Ports = make_ports(store, FixedClock())
        await sweep(ports)
        async with store.read() as tx:
            rows = await tx.connection.fetch(
                "SELECT OPENED(delivery.content) FROM delivery"
            )
    assert {"address"} <= set(rows[0]["content"])


async def test_one_field_that_does_not_open_leaves_every_other_as_it_was(filled: str):
    await seal(filled, None, OLD)
    async with connect(filled) as database, database.write() as connection:
        await connection.execute(
            "UPDATE delivery SET content = :it WHERE key = (SELECT MAX(key) FROM delivery)",
            it='"sealed.k1.AAAA"',
        )
    before = await raw(filled, "SELECT id, name FROM participant ORDER BY id")

    with pytest.raises(Unavailable, match=r"delivery\.content:.* does not open"):
        await seal(filled, OLD, NEW)

    assert await raw(filled, "SELECT id, name FROM participant ORDER BY id") == before
    assert [each["id"] for each in await raw(filled, "SELECT id FROM field_key")] == ["k1"]


async def test_two_who_seal_at_once_seal_once(filled: str):
    before = await told(filled, {})

    ends = await asyncio.gather(
        seal(filled, None, OLD), seal(filled, None, OLD), return_exceptions=True
    )

    assert {type(each) for each in ends} == {Conflict, int}
    assert await told(filled, FIELD_SECRETS) == before
    with pytest.raises(Conflict):
        await seal(filled, None, NEW)


SWAP = """
UPDATE participant SET phone = (SELECT phone FROM participant WHERE id = 'p2')
WHERE id = 'p1'
"""
READ = "SELECT id, OPENED(participant.phone) FROM participant WHERE id = 'p1'"


@pytest.mark.parametrize(
    ("meddling", "says"),
    [
        (
            SWAP,
            r"participant\.phone:p1 does not open: it was changed, or comes from another",
        ),
        ("UPDATE participant SET phone = email WHERE id = 'p1'", "does not open"),
        ("UPDATE participant SET phone = '+15550000' WHERE id = 'p1'", "sealed not at all"),
        ("UPDATE participant SET phone = phone || 'x' WHERE id = 'p1'", "does not open"),
    ],
)
async def test_whoever_changes_the_database_makes_nobody_call_another_number(
    filled: str, meddling: str, says: str
):
    await seal(filled, None, OLD)
    async with connect(filled) as database, database.write() as connection:
        await connection.execute(meddling)

    async with Store.open(filled, FIELD_SECRETS) as store:
        async with store.read() as tx:
            [row] = await tx.connection.fetch(READ)
            known = await tx.contacts.of(ParticipantId("p1"), NINE)
        assert row["phone"] == ""
        assert known is not None
        assert known.reachable.contact.phone == ""
        assert known.reachable.contact.email == "p1@participants.example"
        assert store.unreadable == 1
        health = await check_health(make_ports(store, FixedClock()), [])
    fields = [each.detail for each in health.parts if each.part is Part.FIELDS]
    assert fields == ["1 do not open"]
    with pytest.raises(Unreadable, match=says):
        await seal(filled, OLD, NEW)


async def test_a_process_without_the_new_key_waits_and_gives_nothing_up(filled: str):
    await seal(filled, None, OLD)
    async with Store.open(filled, FIELD_SECRETS) as store:
        await seal(filled, OLD, NEW)
        ports: Ports = make_ports(store, FixedClock(), mail=Postbox())
        before = await deliveries(store)

        with pytest.raises(Unavailable, match="start it again"):
            await deliver(ports, Channel.MAIL)
        with pytest.raises(Unavailable, match="start it again"):
            await watch_room(ports, await group_session(ports))
        assert await deliveries(store) == before
        assert store.unreadable == 0


@pytest.mark.parametrize("content", ['"x"', '{"address": "a|b"}', '"sealed.k1.eHg="'])
async def test_one_field_that_does_not_open_keeps_nobody_else_from_being_looked_for(
    filled: str, content: str
):
    await seal(filled, None, OLD)
    async with connect(filled) as database, database.write() as connection:
        await connection.execute(
            "UPDATE participant SET name = 'x', note = 'x', phone = 'x'"
        )
        await connection.execute(
            "UPDATE delivery SET content = :content"
            " WHERE key = (SELECT MAX(delivery.key) FROM delivery JOIN session"
            " ON session.id = delivery.session_id"
            " WHERE session.starts > :now AND delivery.kind = 'invite')",
            now=NINE,
            content=content,
        )
    clock, box = FixedClock(), Postbox()

    async with Store.open(filled, FIELD_SECRETS) as store:
        ports: Ports = make_ports(store, clock, mail=box)
        session = await group_session(ports)
        await start_session(ports, session, "c1")
        for name in ("p2", "p3", "p4"):
            seat = await seat_of(ports, session, name)
            await record_join(ports, ports.secrets.link_token(seat))
        clock.forward(13)
        await watch_room(ports, session)
        while await deliver(ports, Channel.MAIL):
            pass
        await deliver(ports, Channel.CALL_LIST)
        async with store.read() as tx:
            calls = await tx.attempts.listed(clock.now())
        bad = [each for each in await deliveries(store) if each["state"] == "dead"]
    assert {(each.rung, each.name, each.phone) for each in calls} >= {
        ("coordinator", "(unreadable)", "")
    }
    assert len(bad) == 1
    assert len(box.letters) > 3


async def test_the_key_of_the_same_name_from_elsewhere_is_refused(filled: str):
    await seal(filled, None, OLD)

    async with connect(filled) as database:
        with pytest.raises(Unavailable):
            await keys_of(database, {"k1": b"a key of another house, 32 bytes"})
        with pytest.raises(Unavailable, match="does not hold"):
            await keys_of(database, {})


async def test_who_began_before_it_was_sealed_takes_nothing_sealed_for_a_name(filled: str):
    async with Store.open(filled) as store:
        await seal(filled, None, OLD)
        async with store.read() as tx:
            with pytest.raises(Unavailable, match="while this process ran"):
                await tx.programme.addressees()


class Deaf:
    """A connection that takes anything."""

    driver = None

    async def fetch(self, sql: str, **values: object) -> list[Any]:
        return [sql, values]

    async def execute(self, sql: str, **values: object) -> None:
        raise NotImplementedError

    async def execute_many(self, sql: str, rows: object) -> None:
        raise NotImplementedError


@pytest.mark.parametrize(
    "wrong",
    [
        "SELECT OPENED(participant.state) FROM participant",
        "SELECT OPENED( participant.name) FROM participant",
        "UPDATE participant SET name = SEALED(:name, participant.name) WHERE id = :id",
        "SELECT id FROM participant WHERE email_index = BLIND('x')",
    ],
)
async def test_a_statement_that_says_it_otherwise_is_refused(wrong: str):
    connection: Connection = SealingConnection(Deaf(), OLD)

    with pytest.raises((ValueError, KeyError)):
        await connection.fetch(wrong, name="x", id="p1")


def test_the_same_text_is_never_sealed_the_same_twice_and_is_found_again():
    one, two = OLD.seal("a.b:1", "Ada"), OLD.seal("a.b:1", "Ada")

    assert one != two
    assert OLD.open("a.b:1", one) == OLD.open("a.b:1", two) == "Ada"
    assert OLD.index("ada") == OLD.index("ada") != NEW.index("ada")
    assert OLD.seal("a.b:1", "") == OLD.index("") == OLD.open("a.b:1", "") == ""
