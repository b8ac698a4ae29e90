"""Devices, for those who help: the worst first, checks made together, and the day before."""

from datetime import date
from typing import Any

import pytest

from tests.make import FixedClock, enrollment, minutes_later, participant
from tests.make import published_programme as publish_all
from tests.web.conftest import Browser, SignIn
from tests.web.test_tech_check import keep, latest
from vioP.domain.errors import Invalid, Missing
from vioP.domain.ids import ParticipantId, StaffId
from vioP.domain.tech_report import CameraReport, MicrophoneReport, Trouble
from vioP.domain.techcheck import Verdict
from vioP.flows.help_check import help_check, settle_check
from vioP.flows.look_ahead import look_ahead
from vioP.flows.show_calls import show_call_list
from vioP.flows.show_readiness import show_readiness
from vioP.ports import Ports

MOST_STATEMENTS = 24  # the programme, the set-up and three more
T1 = StaffId("t1")


async def test_the_worst_come_first_with_age_and_what_is_on_file(
    browser: Browser, sign_in: SignIn, ports: Ports, clock: FixedClock
):
    facts: dict[str, dict[str, Any]] = {
        "p1": {},
        "p2": {"camera": CameraReport(Trouble.MISSING)},
        "p3": {"microphone": MicrophoneReport(Trouble.MISSING)},
    }
    for who, wrong in facts.items():
        await sign_in(who)
        await keep(browser, ports, **wrong)
    clock.forward(3 * 24 * 60)

    await sign_in("t1")
    text = await (await browser.get("/readiness")).text()

    names = [f"P{number} A." for number in (3, 4, 2, 1)]
    assert sorted(names, key=text.index) == names
    assert "✗ Not ready" in text
    assert "? Not checked" in text
    assert "! Ready with limits" in text
    assert "Trouble with the microphone" in text
    assert "3 days ago" in text
    assert "Not verified" in text
    assert "2 of 4 have a device that is checked and good for video" in text


async def test_a_check_made_together_counts_as_assisted(
    browser: Browser, sign_in: SignIn, ports: Ports, clock: FixedClock
):
    await sign_in("t1")
    page = await browser.post("/readiness/p1/help")
    assert "You check together." in await page.text()
    browser.session.cookie_jar.clear()
    await sign_in("p1")
    await keep(browser, ports)

    assert (await latest(ports)).assisted_by == "t1"
    clock.forward(61)
    await keep(browser, ports)
    assert (await latest(ports)).assisted_by == ""


async def test_staff_say_how_ready_they_found_somebody(
    browser: Browser, sign_in: SignIn, ports: Ports
):
    await sign_in("t1")

    page = await browser.post("/readiness/p1/outcome", data={"verdict": "phone_first"})

    assert "☎ Phone first" in await page.text()
    check = await latest(ports)
    assert (check.verdict, check.assisted_by) == (Verdict.PHONE_FIRST, "t1")
    wrong = await browser.post("/readiness/p1/outcome", data={"verdict": "fine"})
    assert wrong.status == 422
    for missing in ("/readiness/p99",):
        assert (await browser.get(missing)).status == 404


async def test_nobody_unknown_is_helped_or_judged(ports: Ports):
    await publish_all(ports)
    nobody = ParticipantId("p99")

    with pytest.raises(Missing):
        await help_check(ports, nobody, T1)
    with pytest.raises(Missing):
        await settle_check(ports, nobody, "ready", T1)
    with pytest.raises(Invalid, match="not_ready"):
        await settle_check(ports, ParticipantId("p1"), "fine", T1)


async def tasks(ports: Ports, kind: str = "get_ready") -> list[str]:
    lines = await show_call_list(ports)
    return [
        str(each.participant_id)
        for each in lines
        if each.rung == kind and each.outcome is None
    ]


async def test_newcomers_who_are_not_ready_are_called_the_day_before(
    ports: Ports, clock: FixedClock
):
    """Their group is on Tuesday at nine; p1 has come for months."""
    people = [participant(f"p{number}") for number in (1, 2, 3, 4)]
    newcomers = [
        enrollment(each.id, first=date(2026, 3, 9) if each.id != "p1" else date(2026, 1, 5))
        for each in people
    ]
    await publish_all(ports, people=people, enrollments=tuple(newcomers), service_plans=())
    clock.move_to(minutes_later(-25 * 60))  # Monday, eight in the morning
    await settle_check(ports, ParticipantId("p2"), "ready_with_limits", T1)
    await settle_check(ports, ParticipantId("p3"), "phone_first", T1)

    for _ in range(2):
        await look_ahead(ports)

    assert await tasks(ports) == ["p3", "p4"]
    await settle_check(ports, ParticipantId("p3"), "ready", T1)
    assert await tasks(ports) == ["p4"]


async def test_a_roster_shows_a_sign_and_a_word(
    browser: Browser, sign_in: SignIn, ports: Ports
):
    await sign_in("p1")
    await keep(browser, ports)
    browser.session.cookie_jar.clear()
    await sign_in("c1")

    text = await (await browser.get("/roster")).text()

    assert 'data-tech="ready"' in text
    assert "✓ Ready" in text
    assert "? Not checked" in text


async def test_readiness_is_read_in_few_statements_whatever_the_number(
    ports: Ports, statements: list[str]
):
    await publish_all(ports)
    statements.clear()

    people = await show_readiness(ports)

    assert len(people) == 4
    assert len(statements) <= MOST_STATEMENTS, len(statements)


async def test_a_time_is_booked_on_the_page_and_shown(browser: Browser, sign_in: SignIn):
    await sign_in("p1")
    text = await (await browser.get("/me/tech-check/book")).text()
    assert "Book Tuesday 10 March at 11:30" in text

    page = await browser.post(
        "/me/tech-check/book", data={"starts": minutes_later(150).isoformat()}
    )

    assert "You have booked <strong>Tuesday 10 March, 11:30</strong>" in await page.text()
    wrong = await browser.post("/me/tech-check/book", data={"starts": "soon"})
    assert wrong.status == 422
    browser.session.cookie_jar.clear()
    await sign_in("t1")
    assert "Tech test" in await (await browser.get("/roster")).text()
