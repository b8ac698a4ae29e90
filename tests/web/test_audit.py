"""Who looked is written down, and compliance finds it."""

import asyncio
import html
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from pytest_aiohttp.plugin import AiohttpClient

from tests.make import FixedClock, group_session, seat_of
from tests.web.conftest import OWN, Browser, SignIn
from vioP.app import create_app
from vioP.flows import unhindered
from vioP.flows.search_audit import search_audit
from vioP.flows.sign_in import begin_session
from vioP.ports import Ports
from vioP.settings import Settings
from vioP.storage import Store, Transaction
from vioP.storage.audit_search import AuditQuery


async def readings(ports: Ports) -> list[tuple[str, str, str]]:
    async with ports.store.read() as tx:
        rows = await tx.audit.latest(1000)
    return [(e.actor, e.action, e.object) for e in rows if e.action.endswith(".read")]


async def test_looking_at_a_story_or_a_safety_panel_is_written_down_once_a_quarter_hour(
    browser: Browser, ports: Ports, sign_in: SignIn, clock: FixedClock
):
    seat = await seat_of(ports, await group_session(ports), "p1")
    await sign_in("c1")

    for _ in range(3):
        await browser.get(f"/seats/{seat}")
        await browser.get(f"/seats/{seat}/safety")
    assert sorted(await readings(ports)) == [
        ("c1", "safety.read", seat),
        ("c1", "story.read", seat),
    ]
    clock.forward(16)
    await browser.get(f"/seats/{seat}")
    assert len(await readings(ports)) == 3


async def test_a_look_that_was_refused_is_no_reading(
    browser: Browser, ports: Ports, sign_in: SignIn
):
    async with ports.store.read() as tx:
        sessions = await tx.live.between(
            ports.clock.now(), ports.clock.now().replace(day=14)
        )
    own = next(each for each in sessions if not each.cohort_id and each.staff == ("c1",))
    await sign_in("c2")

    assert (await browser.get(f"/seats/{own.seats[0].id}/safety")).status == 404
    assert await readings(ports) == []


class Full(Store):
    """A store whose disk is full."""

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Transaction]:
        async with super().write() as tx:
            await tx.connection.execute("INSERT INTO a_full_disk VALUES (1)")
            yield tx


class Busy(Store):
    """A store whose writer is busy for a minute."""

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Transaction]:
        await asyncio.sleep(60)
        async with super().write() as tx:
            yield tx


@pytest.mark.parametrize("trouble", [Full, Busy])
async def test_a_safety_panel_shows_even_when_nothing_can_be_written(
    app,
    ports: Ports,
    settings: Settings,
    aiohttp_client: AiohttpClient,
    monkeypatch: pytest.MonkeyPatch,
    trouble: type[Store],
):
    assert app
    seat = await seat_of(ports, await group_session(ports), "p1")
    async with ports.store.read() as tx:
        everybody = await tx.accounts.everybody()
    [account] = [each.account for each in everybody if each.account.person.id == "c1"]
    token = (await begin_session(ports, account)).token

    monkeypatch.setattr(unhindered, "AT_MOST", 0.2)
    same = ports.store
    full = replace(ports, store=trouble(same._database, same._keys))  # noqa: SLF001 - the same rows
    browser = await aiohttp_client(create_app(full, settings), headers=OWN)

    answer = await browser.get(f"/seats/{seat}/safety", headers={"Cookie": f"viop={token}"})

    assert answer.status == 200
    assert "Where they are" in await answer.text()


async def found(browser: Browser, **query: str) -> list[str]:
    """The actions of the rows a search shows."""
    answer = await browser.get("/audit", params=query)
    assert answer.status == 200, await answer.text()
    return re.findall(r"<td>([a-z_]+\.[a-z_]+)</td>", await answer.text())


async def test_compliance_searches_by_person_by_whom_what_and_when(
    browser: Browser, ports: Ports, sign_in: SignIn, clock: FixedClock
):
    seat = await seat_of(ports, await group_session(ports), "p1")
    other = await seat_of(ports, await group_session(ports), "p2")
    async with ports.store.write() as tx:
        for actor, action, thing in (
            ("c1", "story.read", seat), ("c2", "story.read", other),
            ("k1", "person.exported", "p1"), ("k1", "pair.noted", "arr"),
        ):  # fmt: skip
            details = {"one": "p1"} if thing == "arr" else {}
            await tx.audit.note(clock.now(), actor, action, thing, details)
    await sign_in("a1")

    assert await found(browser, person="p1") == [
        "pair.noted",
        "person.exported",
        "story.read",
    ]
    assert await found(browser, actor="c2") == ["story.read"]
    assert await found(browser, action="person.exported") == ["person.exported"]
    assert await found(browser, person="p1", actor="c1") == ["story.read"]
    assert await found(browser, first="2026-03-11") == []
    assert len(await found(browser, first="2026-03-10", last="2026-03-10")) == 5
    assert await found(browser, person="' OR 1=1 --") == []
    assert (await browser.get("/audit?first=tomorrow")).status == 422


def plain(page: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html.unescape(page)).split())


async def test_days_the_wrong_way_round_are_said_and_not_taken_for_nothing_found(
    sign_in: SignIn,
):
    browser = await sign_in("a1")

    days = {"first": "2026-03-10", "last": "2026-03-09"}
    answer = await browser.get("/audit", params=days)
    page = await answer.text()

    assert answer.status == 422
    assert "The last day is before the first." in page
    assert "Nothing was found" not in page
    assert 'value="2026-03-10"' in page


async def test_whoever_did_it_stands_there_by_name_beside_what_the_row_says(
    browser: Browser, ports: Ports, sign_in: SignIn, clock: FixedClock
):
    async with ports.store.write() as tx:
        for actor, thing in (("c1", "c2"), ("k77", "p1"), ("p2", "p2"), ("viop", "all")):
            await tx.audit.note(clock.now(), actor, "thing.done", thing)
        before = await tx.audit.latest(4)
    await sign_in("c1")
    await sign_in("p1")
    await sign_in("a1")

    page = await (await browser.get("/audit", params={"action": "thing.done"})).text()

    text = plain(page)
    assert "Doctor C1 c1 thing.done Doctor C2 c2" in text
    assert "k77 thing.done p1" in text  # somebody the staff does not know
    assert "p2 thing.done p2" in text  # of participants the page names nobody
    signed_in = await (await browser.get("/audit", params={"actor": "c1"})).text()
    theirs = await (await browser.get("/audit", params={"actor": "p1"})).text()
    assert "Doctor C1 c1 account.signed_in Doctor C1 acc_" in plain(signed_in)
    assert "p1 account.signed_in acc_" in plain(theirs)
    assert "P1 A." not in text + theirs
    assert '<option value="c1">Doctor C1</option>' in page
    async with ports.store.read() as tx:
        after = await tx.audit.latest(20)
    assert [each for each in after if each.action == "thing.done"] == before


async def test_names_are_read_once_however_many_rows_a_page_has(
    app, ports: Ports, clock: FixedClock, statements: list[str]
):
    assert app
    counts = []
    for actors in (["c1"], ["c2", "k1", "t1", "b1"]):
        async with ports.store.write() as tx:
            for actor in actors:
                await tx.audit.note(clock.now(), actor, "thing.done", "all")
        statements.clear()
        await search_audit(ports, AuditQuery(action="thing.done"))
        counts.append(len(statements))

    assert counts[0] == counts[1]


async def test_a_long_audit_is_read_page_by_page(
    browser: Browser, ports: Ports, sign_in: SignIn, clock: FixedClock
):
    async with ports.store.write() as tx:
        for number in range(120):
            await tx.audit.note(clock.now(), "k9", "thing.done", f"row{number}")
    await sign_in("a1")

    seen: list[str] = []
    address = "/audit?actor=k9"
    pages = 0
    while address:
        text = await (await browser.get(address)).text()
        seen += re.findall(r'<td class="key">(row\d+)</td>', text)
        more = re.search(r'href="(/audit\?[^"]+)">Older', text)
        address = more[1].replace("&amp;", "&") if more else ""
        pages += 1

    assert pages == 3
    assert seen == [f"row{number}" for number in reversed(range(120))]


async def test_the_first_page_says_whether_the_chain_holds(
    browser: Browser, ports: Ports, sign_in: SignIn
):
    await sign_in("a1")
    whole = await (await browser.get("/audit")).text()
    async with ports.store.write() as tx:
        await tx.connection.execute("UPDATE audit SET actor = 'x' WHERE number = 1")
    broken = await (await browser.get("/audit")).text()

    assert "The record is unbroken." in whole
    assert "broken at row 1" in broken
