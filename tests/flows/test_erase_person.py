"""Somebody is forgotten: nothing says who they were, and that care was given stays."""

from pathlib import Path

import pytest

from tests.flows.test_retention import rows
from tests.make import FixedClock, participant, programme, published_programme
from tests.phone_check import a_phone_check
from vioP.domain.arrangement import KeptApart
from vioP.domain.contact_facts import ContactFact, ContactKind
from vioP.domain.delivery import Channel
from vioP.domain.errors import Invalid, Missing
from vioP.domain.ids import ParticipantId
from vioP.domain.people import Supporter
from vioP.domain.record import Record
from vioP.domain.setup_link import LinkPurpose
from vioP.domain.tech_report import Report
from vioP.flows.arrange import arrange
from vioP.flows.check_tech import Rehearsal, check_tech
from vioP.flows.deliver import deliver
from vioP.flows.erase_person import (
    StillInCare,
    erase_again,
    erase_person,
    foresee_erasure,
    show_erased,
)
from vioP.flows.export_person import export_person
from vioP.flows.import_programme import import_programme
from vioP.flows.resync_invites import resync_invites
from vioP.flows.send_setup_link import send_setup_link
from vioP.flows.sign_in import begin_session
from vioP.ports import Ports
from vioP.storage import Store
from vioP.storage.connect import connect
from vioP.storage.erasures import EMPTIED, ERASED, KEPT
from vioP.storage.holdings import which

P1 = ParticipantId("p1")
DAY = 24 * 60
WORDS = ("P1 A.", "p1@participants.example", "+13035550101")


async def test_every_table_about_somebody_is_erased_or_kept_for_a_reason(store: Store):
    tables = await store.tables()

    about = {table for table, columns in tables.items() if which(table, columns)}
    decided = {*ERASED, EMPTIED, *KEPT}
    assert about - decided == set()
    assert set(ERASED) & set(KEPT) == set()
    assert decided - set(tables) == set()


@pytest.fixture
async def left(ports: Ports, clock: FixedClock) -> Ports:
    """Somebody was here, was told, checked their device, signed in; long ago."""
    await published_programme(ports)
    while await deliver(ports, Channel.MAIL):
        pass
    await check_tech(ports, P1, Rehearsal("nonce", Report()))
    await arrange(ports, KeptApart(P1, ParticipantId("p2")), "k1")
    async with ports.store.write() as tx:
        fact = ContactFact(ContactKind.VERIFIED, clock.now(), "k1", number="+13035550101")
        await tx.contacts.add("fact", P1, fact)
        everybody = await tx.accounts.everybody()
    [account] = [each.account for each in everybody if each.account.person.id == "p1"]
    await begin_session(ports, account)
    clock.forward(100 * DAY)
    return ports


async def told(ports: Ports) -> Record:
    return await export_person(ports, P1, "a1")


async def test_nothing_says_who_they_were(left: Ports):
    before = str((await told(left)).tables)
    assert all(word in before for word in WORDS)

    await erase_person(left, P1, "operator", "asked in writing")

    after = await told(left)
    for word in WORDS:
        assert word not in str(after.tables), word
    assert "account" not in after.tables
    assert "arrangement" not in after.tables
    [person] = after.tables["participant"]
    assert (person["name"], person["city"], person["phone"]) == ("Erased", "", "")


def in_files(place: Path, *words: str) -> set[str]:
    """Which words stand somewhere in the files of a SQLite database."""
    raw = b"".join(each.read_bytes() for each in place.glob("*.db*"))
    return {word for word in words if word.encode() in raw}


async def kept_of(url: str, person: str) -> set[str]:
    """What the database keeps of somebody's name and address: sealed."""
    async with connect(url) as beside, beside.read() as reading:
        [row] = await reading.fetch(
            "SELECT name, email, email_index FROM participant WHERE id = :id", id=person
        )
    return {row["name"], row["email"], row["email_index"]}


async def test_the_files_of_the_database_hold_no_trace_of_them(
    left: Ports, url: str, tmp_path: Path
):
    if not url.startswith("sqlite"):
        assert not await erase_person(left, P1, "operator", "asked in writing")
        return
    theirs, others = await kept_of(url, "p1"), await kept_of(url, "p2")
    assert in_files(tmp_path, *theirs, *others) == {*theirs, *others}

    assert await erase_person(left, P1, "operator", "asked in writing")

    assert in_files(tmp_path, *theirs, *others) == others
    assert not in_files(tmp_path, "P1 A.", "p1@participants.example")


async def test_who_reads_meanwhile_keeps_the_log_and_it_is_said(left: Ports, url: str):
    async with connect(url) as beside, beside.read() as reading:
        await reading.fetch("SELECT id FROM participant")

        assert not await erase_person(left, P1, "operator", "asked in writing")

    assert await left.store.wipe() == url.startswith("sqlite")


async def test_who_set_up_is_forgotten_with_their_guardian_and_the_phone_that_was_tested(
    ports: Ports, clock: FixedClock
):
    guardian = Supporter("guardian", name="Gil A.", email="gil@home.example")
    people = [
        participant("p1", birth_year=2012, supporters=(guardian,)),
        *(participant(f"p{n}") for n in range(2, 5)),
    ]
    await published_programme(ports, people=people)
    await send_setup_link(ports, P1, LinkPurpose.GUARDIAN, "k1")
    await a_phone_check(ports, "+13035550177", "p1")
    clock.forward(100 * DAY)

    await erase_person(ports, P1, "operator", "asked in writing")

    kept = str([each["content"] for each in await rows(ports.store, "delivery")])
    for word in ("Gil A.", "gil@home.example", "+13035550177"):
        assert word not in kept, word


async def test_that_care_was_given_stays(left: Ports):
    before = await told(left)

    await erase_person(left, P1, "operator", "asked in writing")

    after = await told(left)
    for table in (
        "seat",
        "session",
        "enrollment",
        "tech_check",
        "delivery",
        "contact_fact",
    ):
        assert len(after.tables[table]) == len(before.tables[table]), table
    async with left.store.read() as tx:
        assert await tx.audit.first_break() is None
        actions = [each.action for each in await tx.audit.latest(5)]
    assert "person.erased" in actions


async def test_their_links_open_nothing_and_nobody_else_is_touched(left: Ports):
    others = [each for each in await rows(left.store, "participant") if each["id"] != "p1"]

    await erase_person(left, P1, "operator", "asked in writing")

    seats = await rows(left.store, "seat")
    assert {bool(e["link_revoked_at"]) for e in seats if e["participant_id"] == "p1"} == {
        True
    }
    assert {bool(e["link_revoked_at"]) for e in seats if e["participant_id"] == "p2"} == {
        False
    }
    after = [each for each in await rows(left.store, "participant") if each["id"] != "p1"]
    assert after == others
    p2 = [e for e in await rows(left.store, "delivery") if "p2@" in str(e["content"])]
    assert p2


async def test_foreseeing_changes_nothing_and_names_what_would_go(left: Ports):
    before = await rows(left.store, "participant"), await rows(left.store, "delivery")

    counts = await foresee_erasure(left, P1)

    assert counts["participant"] == counts["account"] == counts["arrangement"] == 1
    assert counts["delivery"] > 0
    assert "audit" not in counts
    assert (
        await rows(left.store, "participant"),
        await rows(left.store, "delivery"),
    ) == before


async def test_somebody_in_care_cannot_be_erased(left: Ports, clock: FixedClock):
    clock.forward(-100 * DAY)

    for attempt in (
        foresee_erasure(left, P1),
        erase_person(left, P1, "operator", "asked in writing"),
    ):
        with pytest.raises(StillInCare):
            await attempt
    assert (await told(left)).tables["participant"][0]["name"] == "P1 A."


async def test_a_reason_is_needed_and_a_person(left: Ports):
    with pytest.raises(Invalid, match="Say why"):
        await erase_person(left, P1, "operator", " ")
    with pytest.raises(Missing, match="no participant p99"):
        await erase_person(left, ParticipantId("p99"), "operator", "asked")


async def test_an_older_copy_is_erased_again_though_it_shows_them_in_care(
    left: Ports, clock: FixedClock
):
    clock.forward(-100 * DAY)
    gone = ParticipantId("p98")

    assert await erase_again(left, [P1, gone], "operator") == [P1]
    assert await erase_again(left, [P1, gone], "operator") == []

    tables = str((await told(left)).tables)
    assert not [word for word in WORDS if word in tables]
    assert await show_erased(left) == {P1}
    async with left.store.read() as tx:
        assert await tx.contacts.silenced() == {P1}
    done = await resync_invites(left, "k1")
    assert done.people == 3
    others = await rows(left.store, "participant")
    assert sum(each["name"] == "Erased" for each in others) == 1


async def test_no_file_brings_them_back(left: Ports):
    await erase_person(left, P1, "operator", "asked in writing")

    with pytest.raises(Invalid, match="p1 was erased on request"):
        await import_programme(left, programme(), "k1")


async def test_staff_notes_about_care_stay_as_long_as_the_law_says(
    left: Ports, clock: FixedClock
):
    seat = next(e for e in await rows(left.store, "seat") if e["participant_id"] == "p1")
    async with left.store.write() as tx:
        for rung in ("read_text", "coordinator"):
            await tx.connection.execute(
                "INSERT INTO attempt (id, seat_id, rung, channel, begun_at, note)"
                " VALUES (:rung, :seat, :rung, 'call_list', :at,"
                " SEALED(:note, attempt.note, :rung))",
                note="a note", rung=rung, seat=seat["id"], at=clock.now(),
            )  # fmt: skip
    await erase_person(left, P1, "operator", "asked in writing")
    soon = {each["rung"]: each["note"] for each in await rows(left.store, "attempt")}
    clock.forward(8 * 365 * DAY)
    await erase_person(left, P1, "operator", "seven years are over")
    late = {each["rung"]: each["note"] for each in await rows(left.store, "attempt")}

    assert (soon["read_text"], soon["coordinator"]) == ("", "a note")
    assert late["coordinator"] == ""
