"""What is past its time goes, class by class; the record of care stays."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.make import (
    HOUSE,
    FixedClock,
    group_session,
    publish,
    published_programme,
    seat_of,
)
from vioP.domain.delivery import Channel
from vioP.domain.retention import Kind, Retention
from vioP.flows.apply_retention import (
    apply_retention,
    apply_retention_nightly,
    count_aged,
    next_night,
)
from vioP.flows.deliver import deliver
from vioP.flows.sign_in import begin_session
from vioP.flows.sweep import sweep
from vioP.ports import Ports
from vioP.storage import Store
from vioP.storage.rooms import HeardEvent
from vioP.storage.sealing import select_all

KEPT = (
    "seat",
    "session",
    "evidence",
    "attempt",
    "audit",
    "consent",
    "contact_fact",
    "enrollment",
)
DAY = 24 * 60


async def rows(store: Store, table: str) -> list[dict[str, Any]]:
    columns = (await store.tables())[table]
    async with store.read() as tx:
        found = await tx.connection.fetch(select_all(table, columns))
    return [{name: row[name] for name in row.keys()} for row in found]  # noqa: SIM118 - a Row


@pytest.fixture
async def lived(ports: Ports, clock: FixedClock) -> Ports:
    """A week that was told and has passed, with something of every class."""
    await published_programme(ports)
    while await deliver(ports, Channel.MAIL):
        pass
    seat = await seat_of(ports, await group_session(ports), "p1")
    async with ports.store.write() as tx:
        await tx.rooms.hear([HeardEvent("livekit", "event", "hash")], clock.now())
        for name in ("open", "decided"):
            await tx.connection.execute(
                "INSERT INTO matter (id, why, seat_id, participant_id, sender, subject, said,"
                " opened_at, decision, decided_at) VALUES (:id, 'wrote', :seat, 'p1',"
                " SEALED(:sender, matter.sender, :id), SEALED(:subject, matter.subject, :id),"
                " SEALED(:said, matter.said, :id), :at, :decision, :done)",
                sender="p1@participants.example", subject="Help", said="I am not well",
                id=name, seat=seat, at=clock.now(),
                decision="done" if name == "decided" else None,
                done=clock.now() if name == "decided" else None,
            )  # fmt: skip
        accounts = await tx.accounts.everybody()
    await begin_session(ports, accounts[0].account)
    return ports


async def test_nothing_is_past_its_time_at_first(lived: Ports):
    assert set((await count_aged(lived)).values()) == {0}


async def test_counting_changes_nothing(lived: Ports, clock: FixedClock):
    clock.forward(40 * DAY)
    tables = ("delivery", "matter", "web_session", "provider_event", "audit")
    before = [await rows(lived.store, table) for table in tables]

    counts = await count_aged(lived)

    assert counts[Kind.MESSAGES] > 4
    assert counts[Kind.SIGN_INS] == counts[Kind.EVENTS] == 1
    assert [await rows(lived.store, table) for table in tables] == before


async def test_what_was_said_goes_and_that_it_was_said_stays(
    lived: Ports, clock: FixedClock
):
    kept = [await rows(lived.store, table) for table in KEPT if table != "audit"]
    clock.forward(40 * DAY)

    counts = await apply_retention(lived, "operator")

    deliveries = await rows(lived.store, "delivery")
    sent = [each for each in deliveries if each["state"] == "sent"]
    assert sent
    for each in sent:
        assert "participants.example" not in str(each["content"])
        assert "P1 A." not in str(each["content"])
        assert each["done_at"]
    matters = {each["id"]: each["said"] for each in await rows(lived.store, "matter")}
    assert matters == {"decided": "", "open": "I am not well"}
    assert await rows(lived.store, "web_session") == []
    assert await rows(lived.store, "provider_event") == []
    assert [await rows(lived.store, table) for table in KEPT if table != "audit"] == kept
    [*_, newest] = await rows(lived.store, "audit")
    assert (newest["action"], newest["actor"]) == ("retention.applied", "operator")
    assert newest["details"] == {kind.value: str(number) for kind, number in counts.items()}


async def test_a_second_time_there_is_nothing_to_do_and_nothing_to_write(
    lived: Ports, clock: FixedClock
):
    clock.forward(40 * DAY)
    await apply_retention(lived, "operator")
    audit = len(await rows(lived.store, "audit"))

    again = await apply_retention(lived, "operator")

    assert set(again.values()) == {0}
    assert len(await rows(lived.store, "audit")) == audit


async def test_a_message_somebody_must_still_see_to_is_left_alone(
    lived: Ports, clock: FixedClock
):
    async with lived.store.write() as tx:
        await tx.connection.execute("UPDATE delivery SET state = 'dead', reason = 'x'")
    before = await rows(lived.store, "delivery")
    clock.forward(400 * DAY)

    await apply_retention(lived, "operator")

    assert await rows(lived.store, "delivery") == before


async def test_an_old_week_can_still_be_published_anew_after_it_was_emptied(
    lived: Ports, clock: FixedClock
):
    moment = clock.moment
    clock.forward(40 * DAY)
    await apply_retention(lived, "operator")
    clock.move_to(moment)

    assert not (await publish(lived)).invited  # everybody knows already


async def test_at_night_it_happens_only_where_the_operator_chose_so(
    lived: Ports, clock: FixedClock
):
    clock.forward(40 * DAY)
    chosen = replace(lived, house=replace(HOUSE, retention=Retention(nightly=True)))

    await apply_retention_nightly(lived)
    left = await count_aged(lived)
    await apply_retention_nightly(chosen)

    assert left[Kind.MESSAGES] > 0
    assert (await count_aged(lived))[Kind.MESSAGES] == 0


async def test_the_sweep_sees_that_night_falls(lived: Ports, clock: FixedClock):
    await sweep(lived)

    [job] = [each for each in await rows(lived.store, "job") if each["key"] == "retention"]
    assert job["due"] == next_night(clock.now(), "America/Denver")
    assert timedelta() < job["due"] - clock.now() <= timedelta(days=1)


async def test_old_feeds_and_drafts_go_after_the_last_enrollment(
    lived: Ports, clock: FixedClock
):
    async with lived.store.write() as tx:
        await tx.connection.execute(
            "INSERT INTO feed (person_id, version, digest, made_at) VALUES ('p1', 1, 'd', :at)",
            at=clock.now(),
        )
        await tx.connection.execute(
            "INSERT INTO week_plan (monday, revision, basis, plan, created_at, created_by)"
            " SELECT monday, revision + 1, basis, plan, created_at, created_by FROM week_plan"
        )
    clock.forward(100 * DAY)  # enrolled until the fourth of May, eight weeks ahead
    soon = await count_aged(lived)
    clock.forward(60 * DAY)
    late = await count_aged(lived)
    await apply_retention(lived, "operator")

    assert (soon[Kind.FEEDS], late[Kind.FEEDS]) == (0, 1)
    assert late[Kind.DRAFTS] == 1
    assert await rows(lived.store, "feed") == []
    assert len(await rows(lived.store, "week_plan")) == 1
