"""Disclosures: noted as they were, with what they lacked, and accounted for to the person."""

import csv
import io
from dataclasses import replace

import pytest
from aiohttp.web import Application

from tests.make import FixedClock, programme
from tests.web.conftest import Browser, SignIn
from vioP.domain.consent import Consent, ConsentKind
from vioP.domain.ids import ParticipantId
from vioP.domain.programme import Programme
from vioP.domain.time import later
from vioP.flows.erase_person import erase_person
from vioP.flows.import_programme import import_programme
from vioP.ports import Ports

NOTED = {
    "participant": "p1",
    "on": "2026-03-02",
    "recipient": "County Hospital, 1 Main Street",
    "what": "Medicines and the crisis plan",
    "purpose": "Emergency care",
    "basis": "emergency",
}


@pytest.fixture(autouse=True)
def _app(app: Application) -> None:
    assert app


async def under_part2(ports: Ports) -> None:
    whole = programme()
    tracks = tuple(replace(each, part2=True) for each in whole.tracks)
    await import_programme(ports, replace(whole, tracks=tracks), "k1")


async def account(browser: Browser, person: str = "p1", how: str = "page") -> str:
    answer = await browser.post("/disclosures/account", data={"person": person, "as": how})
    assert answer.status == 200
    return await answer.text()


async def test_what_left_is_noted_and_the_person_gets_the_account(
    browser: Browser, sign_in: SignIn, ports: Ports
):
    await sign_in("a1")
    await browser.post("/disclosures", data=NOTED)
    await browser.post(
        "/disclosures", data=NOTED | {"participant": "p2", "what": "=cmd()|evil"}
    )

    page = await account(browser)
    table = await account(browser, "p2", "csv")

    assert "County Hospital, 1 Main Street" in page
    assert "10 March 2026, Kim K. <small>a1</small>" in page
    assert "evil" not in page.split("Note a disclosure")[0]
    rows = list(csv.reader(io.StringIO(table.removeprefix("\ufeff"))))
    assert rows[1] == [
        "2026-03-02", "County Hospital, 1 Main Street", "'=cmd()|evil", "Emergency care",
        "A medical emergency",
    ]  # fmt: skip
    async with ports.store.read() as tx:
        did = [(each.action, each.object) for each in await tx.audit.latest(4)]
    assert did == [
        ("disclosures.read", "p2"), ("disclosures.read", "p1"),
        ("disclosure.noted", "p2"), ("disclosure.noted", "p1"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("agreed", "notice", "says"),
    [
        (False, "", ["No consent to share was in force.", "without the notice of Part 2"]),
        (True, "", ["without the notice of Part 2"]),
        (True, "yes", []),
    ],
)
async def test_records_under_part_2_need_consent_and_a_notice(
    browser: Browser, sign_in: SignIn, ports: Ports, agreed: bool, notice: str, says
):
    await under_part2(ports)
    if agreed:
        async with ports.store.write() as tx:
            consent = Consent(ConsentKind.PART2_DISCLOSURE, ports.clock.now(), version="1")
            await tx.consents.give("con_1", ParticipantId("p1"), consent)
    await sign_in("a1")
    await browser.post("/disclosures", data=NOTED | {"basis": "consent", "notice": notice})
    async with ports.store.write() as tx:  # what holds later changes nothing
        kind = ConsentKind.PART2_DISCLOSURE
        await tx.consents.withdraw(ParticipantId("p1"), kind, ports.clock.now(), "p1")

    page = await account(browser)

    warnings = ["No consent to share was in force.", "without the notice of Part 2"]
    assert [each for each in warnings if each in page] == says


async def test_a_yes_that_ended_with_their_care_is_no_consent(
    browser: Browser, sign_in: SignIn, ports: Ports, clock: FixedClock
):
    await under_part2(ports)
    async with ports.store.write() as tx:
        agreed = Consent(
            ConsentKind.PART2_DISCLOSURE, clock.now(), version="1", with_care=True
        )
        await tx.consents.give("con_1", ParticipantId("p1"), agreed)
        [(_, until)] = await tx.consents.stretches(ParticipantId("p1"))
    away = until - clock.now().date()
    clock.move_to(later(clock.now(), away))
    await sign_in("a1")
    await browser.post(
        "/disclosures", data=NOTED | {"basis": "consent", "notice": "yes", "on": str(until)}
    )

    assert "No consent to share was in force." in await account(browser)


@pytest.mark.parametrize(
    ("said", "word"),
    [
        ({"participant": "p99"}, "There is no participant p99."),
        ({"on": "2026-03-11"}, "still to come"),
        ({"on": "soon"}, "not a date"),
        ({"purpose": "  "}, "Say why"),
        ({"basis": "because"}, "Choose what allowed it."),
    ],
)
async def test_what_does_not_fit_is_said_and_nothing_typed_is_lost(
    browser: Browser, sign_in: SignIn, ports: Ports, said, word: str
):
    await sign_in("a1")

    answer = await browser.post("/disclosures", data=NOTED | said)
    page = await answer.text()

    assert answer.status == 422
    assert word in page
    assert "County Hospital, 1 Main Street" in page
    async with ports.store.read() as tx:
        assert await tx.disclosures.newest(10) == []


async def test_the_account_covers_six_years_and_outlives_being_forgotten(
    browser: Browser, sign_in: SignIn, ports: Ports, clock: FixedClock
):
    await sign_in("a1")
    for day in ("2020-03-09", "2020-03-11", "2026-03-02"):
        await browser.post("/disclosures", data=NOTED | {"on": day})

    page = await account(browser)

    assert "11 March 2020" in page
    assert "9 March 2020" not in page
    await import_programme(ports, programme_without_p1(), "k1")
    clock.forward(24 * 60 * 400)
    await erase_person(ports, ParticipantId("p1"), "a1", "asked for it")
    await sign_in("a1")
    assert "Erased" in await account(browser)


def programme_without_p1() -> Programme:
    whole = programme()
    return replace(
        whole,
        participants=tuple(each for each in whole.participants if each.id != "p1"),
        enrollments=tuple(
            each for each in whole.enrollments if each.participant_id != "p1"
        ),
        service_plans=tuple(
            each for each in whole.service_plans if each.participant_id != "p1"
        ),
        authorizations=(),
    )


@pytest.mark.parametrize("who", ["k1", "c1", "p1", "t1"])
async def test_only_compliance_sees_them(browser: Browser, sign_in: SignIn, who: str):
    await sign_in(who)

    assert (await browser.get("/disclosures")).status == 404
