"""Break-glass: closed, open for an hour to one clinician and one record, told, and reviewed."""

import html
import re
from dataclasses import replace

import pytest
from aiohttp.web import Application
from pydantic import SecretStr

from tests.make import KEY, FixedClock, Postbox, deliveries, make_ports
from tests.web.conftest import OWN, Browser, SignIn
from vioP.access_settings import AccessSettings
from vioP.domain.access import Person
from vioP.domain.break_glass import Terms
from vioP.domain.delivery import Channel
from vioP.domain.ids import SeatId
from vioP.flows.break_glass import open_record
from vioP.flows.deliver import deliver
from vioP.ports import Ports
from vioP.settings import Settings
from vioP.storage import Store

REASON = "They wrote that they are not safe; their therapist is away."
ALONE = """
SELECT seat.id, seat.participant_id FROM seat JOIN session ON session.id = seat.session_id
JOIN session_staff ON session_staff.session_id = session.id
WHERE session.cohort_id IS NULL AND session_staff.staff_id = 'c1'
"""
OPEN = {"person": "p1", "reason": REASON}


def plain(page: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html.unescape(page)).split())


@pytest.fixture
def settings(tmp_path) -> Settings:
    return Settings(
        link_key=SecretStr(KEY.decode()),
        data=tmp_path,
        access=AccessSettings(privacy_mail="privacy@example.org"),
    )


@pytest.fixture
async def seats(ports: Ports, app: Application) -> tuple[SeatId, SeatId]:  # noqa: ARG001 - publishes
    """The seats of p1 and p2 in appointments that c1 alone hosts."""
    async with ports.store.read() as tx:
        rows = await tx.connection.fetch(ALONE)
    found = {row["participant_id"]: SeatId(row["id"]) for row in rows}
    return found["p1"], found["p2"]


async def audited(ports: Ports) -> list[tuple[str, str, str]]:
    async with ports.store.read() as tx:
        rows = await tx.audit.latest(100)
    return [
        (each.actor, each.action, each.object)
        for each in reversed(rows)
        if each.action.startswith(("record.", "story.", "safety."))
    ]


async def test_a_record_is_closed_then_open_to_one_for_an_hour_then_closed(
    ports: Ports, browser: Browser, sign_in: SignIn, seats, clock: FixedClock
):
    own, other = seats
    await sign_in("c2")
    assert "what was tried, for 1 hour." in await (await browser.get("/break-glass")).text()
    closed = await browser.get(f"/seats/{own}")
    unknown = await browser.get("/seats/sea_nothing")

    opened = await browser.post("/break-glass", data=OPEN)
    page = await opened.text()
    story = await browser.get(f"/seats/{own}")
    safety = await browser.get(f"/seats/{own}/safety")
    act = await browser.post(f"/seats/{own}/safety", data={"outcome": "", "reason": ""})
    somebody_else = await browser.get(f"/seats/{other}")
    roster = await (await browser.get("/roster")).text()

    assert closed.status == unknown.status == 404
    assert await closed.text() == await unknown.text()
    assert opened.status == 200
    assert "Where they are and whom to call" in page
    assert "Open in an emergency" in roster  # every page says so
    assert (story.status, safety.status, somebody_else.status) == (200, 200, 404)
    assert act.status == 422  # theirs to fill in
    await sign_in("c1")
    assert "Open in an emergency" not in await (await browser.get("/roster")).text()
    assert await audited(ports) == [
        ("c2", "record.opened", "p1"),
        ("c2", "story.read", own),
        ("c2", "safety.read", own),
    ]

    await sign_in("c2")
    clock.forward(60)
    await sign_in("c2")  # idle meanwhile

    assert (await browser.get(f"/seats/{own}")).status == 404
    assert "Open in an emergency" not in await (await browser.get("/roster")).text()


async def test_closing_it_and_opening_another_close_the_first(
    browser: Browser, sign_in: SignIn, seats
):
    own, other = seats
    await sign_in("c2")

    await browser.post("/break-glass", data=OPEN)
    await browser.post("/break-glass", data=OPEN | {"person": "P2 A."})

    assert (await browser.get(f"/seats/{own}")).status == 404
    assert (await browser.get(f"/seats/{other}")).status == 200
    await browser.post("/break-glass/end")
    assert (await browser.get(f"/seats/{other}")).status == 404


@pytest.mark.parametrize(
    ("said", "word"),
    [
        ({"reason": "urgent"}, "Say why"),
        ({"person": "p"}, "Nobody is called exactly so"),
        ({"person": "<b>P1</b>"}, "Nobody is called exactly so"),
    ],
)
async def test_without_a_reason_or_a_whole_name_nothing_opens_and_nothing_typed_is_lost(
    ports: Ports, browser: Browser, sign_in: SignIn, seats, said, word
):
    await sign_in("c2")

    answer = await browser.post("/break-glass", data=OPEN | said)
    page = await answer.text()

    assert answer.status == 422
    assert word in page
    assert (OPEN | said)["reason"] in page
    assert (await browser.get(f"/seats/{seats[0]}")).status == 404
    assert await deliveries_of(ports, "record_opened") == []


async def deliveries_of(ports: Ports, kind: str) -> list[dict[str, object]]:
    return [each for each in await deliveries(ports.store) if each["kind"] == kind]


async def test_the_notice_the_row_and_the_audit_come_in_one_transaction_or_not_at_all(
    store: Store, clock: FixedClock, seats, monkeypatch: pytest.MonkeyPatch, ports: Ports
):
    assert seats
    broken = make_ports(store, clock)

    async def fails(*_: object) -> None:
        raise OSError("the power went")

    monkeypatch.setattr(type(broken.jobs), "defer", fails)
    person = Person("c2", "therapist", "acc")
    terms = Terms(notice_to="privacy@example.org")
    with pytest.raises(OSError, match="power"):
        await open_record(broken, person, "p1", REASON, terms)

    assert await audited(ports) == []
    assert await deliveries_of(ports, "record_opened") == []
    async with store.read() as tx:
        assert await tx.opened_records.waiting() == 0


async def test_the_notice_names_nobody(
    ports: Ports, browser: Browser, sign_in: SignIn, seats, postbox: Postbox
):
    assert seats
    await sign_in("c2")
    await browser.post("/break-glass", data=OPEN)

    while await deliver(replace(ports, mail=postbox), Channel.MAIL):
        pass

    [letter] = postbox.to("privacy@example.org")
    said = letter.raw.decode()
    assert "/emergency-access" in said
    for word in ("P1", "C2", "Doctor", "not safe", "p1@"):
        assert word not in said


async def test_compliance_signs_each_once_and_until_then_it_is_red(
    ports: Ports, browser: Browser, sign_in: SignIn, seats, clock: FixedClock
):
    assert seats
    await sign_in("c2")
    await browser.post("/break-glass", data=OPEN)
    clock.forward(5)
    await browser.post("/break-glass", data=OPEN | {"person": "p2"})
    await sign_in("a1")
    before = await (await browser.get("/emergency-access")).text()
    async with ports.store.read() as tx:
        [newest, oldest] = await tx.opened_records.listed(10)

    short = await browser.post(f"/emergency-access/{oldest.id}", data={"review": "ok"})
    await browser.post(f"/emergency-access/{oldest.id}", data={"review": "It was needed."})
    again = await browser.post(
        f"/emergency-access/{oldest.id}", data={"review": "Another opinion."}
    )
    nothing = await browser.post(
        "/emergency-access/opn_nothing", data={"review": "It was needed."}
    )
    after = await (await browser.get("/emergency-access")).text()

    assert "2 to review." in before
    assert REASON in before.replace("&#39;", "'")
    assert (short.status, again.status, nothing.status) == (422, 409, 404)
    assert "1 to review." in after
    assert "It was needed. Kim K. a1" in plain(after)
    assert "Doctor C2 c2 opened P1 A. p1" in plain(before)
    assert ("a1", "record.reviewed", "p1") in await audited(ports)
    await browser.post(f"/emergency-access/{newest.id}", data={"review": "It was needed."})
    assert (
        "Everything is reviewed." in await (await browser.get("/emergency-access")).text()
    )


@pytest.mark.parametrize("who", ["p1", "k1", "t1", "a1"])
async def test_only_clinicians_break_the_glass(browser: Browser, sign_in: SignIn, who: str):
    await sign_in(who)

    answer = await browser.post("/break-glass", data=OPEN, headers=OWN)

    assert answer.status == 404
