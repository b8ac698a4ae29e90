"""A record is complete by construction: whatever leads to a participant is in it."""

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from tests.make import NINE, WEEK, group_session, programme, published_programme, seat_of
from vioP.domain.arrangement import KeptApart
from vioP.domain.errors import Missing
from vioP.domain.foresight import Foresight, Question
from vioP.domain.ids import ParticipantId
from vioP.domain.record import PART2_NOTICE
from vioP.domain.tech_report import Report
from vioP.files.record import write_record
from vioP.flows.arrange import arrange
from vioP.flows.check_tech import Rehearsal, check_tech
from vioP.flows.export_person import export_person
from vioP.ports import Ports
from vioP.storage import Store
from vioP.storage.holdings import ABOUT_NOBODY, LINKS, SECRET, SPECIAL, which

P1 = ParticipantId("p1")


def is_ours(table: str) -> bool:
    return not table.startswith("procrastinate_")


async def test_every_table_is_exported_or_said_to_be_about_nobody(store: Store):
    tables = await store.tables()

    forgotten = [
        table
        for table, columns in tables.items()
        if is_ours(table) and not which(table, columns) and table not in ABOUT_NOBODY
    ]
    assert forgotten == []
    gone = (set(ABOUT_NOBODY) | set(SPECIAL)) - set(tables) - {"alembic_version"}
    assert gone == set()


async def test_no_table_that_leads_to_a_participant_is_said_to_be_about_nobody(
    store: Store,
):
    tables = await store.tables()

    leading = {table for table, columns in tables.items() if set(columns) & set(LINKS)}
    assert leading & set(ABOUT_NOBODY) == set()


async def test_a_row_in_any_such_table_is_found(ports: Ports, store: Store):
    """Each table by itself: what is about p1 is in the record, what is about p2 is not."""
    await published_programme(ports)
    session = await group_session(ports)
    seat, other = [await seat_of(ports, session, name) for name in ("p1", "p2")]
    tables = await store.tables()
    async with store.read() as tx:
        accounts = await tx.connection.fetch("SELECT id, person_id FROM account")
    account = {row["person_id"]: row["id"] for row in accounts}
    links: Mapping[str, Sequence[str]] = {
        "participant_id": ("p1", "p2"),
        "seat_id": (seat, other),
        "person_id": ("p1", "p2"),
        "owner_id": ("p1", "p2"),
        "account_id": (account["p1"], account["p2"]),
    }
    for table, columns in tables.items():
        for link in set(columns) & set(links) if is_ours(table) else ():
            condition = which(table, columns)
            for whose, expected in zip(links[link], (1, 0), strict=True):
                made = ", ".join(
                    f"CAST({':it' if each == link else 'NULL'} AS TEXT) AS {each}"
                    for each in columns
                )
                asked = f"SELECT 1 AS one FROM (SELECT {made}) AS {table} WHERE {condition}"  # noqa: S608
                values = {"it": whose, "id": P1}
                async with store.read() as tx:
                    found = await tx.connection.fetch(asked, **values)
                assert len(found) == expected, f"{table}.{link}"


async def test_a_record_holds_what_happened_and_no_secret_and_nobody_else(ports: Ports):
    await published_programme(ports)
    await check_tech(ports, P1, Rehearsal("nonce", Report()))
    await arrange(ports, KeptApart(P1, ParticipantId("p2")), "k1")
    question = Question(Foresight.COHORTS, WEEK, P1)
    async with ports.store.write() as tx:
        await tx.foresights.ask(question, NINE, "k1")
        held = await tx.foresights.take(question, NINE, NINE)
        assert held is not None
        against = ["p2-individual, p3-individual would have to move."]
        await tx.foresights.answer(held, [{"against": against}], "1", NINE)

    record = await export_person(ports, P1, "a1")
    archive = zipfile.ZipFile(io.BytesIO(write_record(record)))
    told = json.loads(archive.read("record.json"))
    page = archive.read("record.html").decode()

    assert {"participant", "account", "seat", "session", "delivery", "enrollment", "tech_check",
            "service_plan", "authorization_", "arrangement"} <= set(told["tables"])  # fmt: skip
    assert told["tables"]["participant"][0]["email"] == "p1@participants.example"
    assert "P1 A." in page
    assert "<dt>email</dt><dd>p1@participants.example</dd>" in page
    assert "<dd></dd>" not in page
    assert "Device checks" in page
    for text in (json.dumps(told), page):
        for other in ("p2-", "p3-", '"p2"', ">p2<", "P2 A.", "p3@", "P4 A."):
            assert other not in text
        assert "somebody else" in text
    columns = {name for rows in told["tables"].values() for row in rows for name in row}
    assert columns & SECRET == set()
    assert record.notice == ""


async def test_that_a_record_was_taken_is_written_down(ports: Ports):
    await published_programme(ports)

    await export_person(ports, P1, "a1")
    again = await export_person(ports, P1, "a1")

    async with ports.store.read() as tx:
        [newest, *_] = await tx.audit.latest(1)
    assert (newest.actor, newest.action, newest.object) == ("a1", "person.exported", "p1")
    actions = [row["action"] for row in again.tables["audit"]]
    assert "person.exported" in actions


async def test_substance_use_records_carry_the_notice_of_the_law(ports: Ports):
    small = programme()
    await published_programme(ports, tracks=(replace(small.tracks[0], part2=True),))

    record = await export_person(ports, P1, "a1")

    archive = zipfile.ZipFile(io.BytesIO(write_record(record)))
    assert PART2_NOTICE in archive.read("record.html").decode()
    assert json.loads(archive.read("record.json"))["notice"] == PART2_NOTICE


async def test_a_name_that_carries_markup_is_only_text(ports: Ports):
    await published_programme(ports)
    async with ports.store.write() as tx:
        await tx.connection.execute(
            "UPDATE participant SET name = SEALED(:name, participant.name, :id) WHERE id = :id",
            id="p1",
            name="<script>alert(1)</script>",
        )

    page = zipfile.ZipFile(
        io.BytesIO(write_record(await export_person(ports, P1, "a1")))
    ).read("record.html")

    assert b"<script" not in page
    assert b"&lt;script&gt;" in page


async def test_nobody_is_nobody(ports: Ports):
    await published_programme(ports)

    with pytest.raises(Missing, match="no participant p99"):
        await export_person(ports, ParticipantId("p99"), "a1")
    async with ports.store.read() as tx:
        assert [e for e in await tx.audit.latest(50) if e.action == "person.exported"] == []
