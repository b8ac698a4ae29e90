"""The pages as their three kinds of people read them."""

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import time

import pytest
from pytest_aiohttp.plugin import AiohttpClient

from tests.make import FixedClock, group_session, participant, programme, seat_of
from tests.web.conftest import OWN, Browser, SignIn
from vioP.domain.delivery import Channel
from vioP.domain.foresight import Foresight, Question
from vioP.domain.ids import CohortId, ParticipantId, SessionId, StaffId
from vioP.domain.program import Phase
from vioP.domain.time import week_named
from vioP.flows.deliver import deliver
from vioP.flows.import_programme import import_programme
from vioP.flows.mark_attendance import start_session
from vioP.flows.show import show_session
from vioP.flows.watch_session import watch_session
from vioP.flows.work_out import work_out
from vioP.ports import Ports


async def read(browser: Browser, address: str) -> str:
    answer = await browser.get(address)
    assert answer.status == 200, address
    return await answer.text()


async def begun_without_p4(
    ports: Ports, browser: Browser, here: Sequence[str] = ("p1", "p2", "p3")
) -> SessionId:
    """The group at nine, begun, with p4 missing."""
    session = await group_session(ports)
    await start_session(ports, session, "c1")
    for name in here:
        seat = await seat_of(ports, session, name)
        await browser.post(f"/j/{ports.secrets.link_token(seat)}", allow_redirects=False)
    return session


async def test_a_participant_sees_their_next_session_in_their_own_zone(
    browser: Browser, sign_in: SignIn
):
    await sign_in("p1")

    page = await read(browser, "/me")

    assert "Tuesday 10 March" in page
    assert "09:00 to 11:10" in page
    assert "Join now" in page


async def test_a_coordinator_builds_looks_and_publishes(browser: Browser, sign_in: SignIn):
    await sign_in("k1")

    before = await read(browser, "/week?day=2026-03-16")
    built = await browser.post("/week/build", data={"monday": "2026-03-16"})
    page = await built.text()
    published = await browser.post(
        "/week/publish", data={"monday": "2026-03-16", "revision": "1"}
    )

    assert "Not built yet" in before
    assert "Everything this week needs has its place" in page
    assert "Publish revision 1" in page
    assert "appointments now: 12 new, 0 changed, 0 called off." in await published.text()


async def test_publishing_an_old_screen_is_refused_in_words(
    browser: Browser, sign_in: SignIn
):
    await sign_in("k1")
    await browser.post("/week/build", data={"monday": "2026-03-16"})
    await browser.post("/week/build", data={"monday": "2026-03-16"})

    answer = await browser.post(
        "/week/publish", data={"monday": "2026-03-16", "revision": "1"}
    )

    assert answer.status == 409
    assert "Build the week again" in await answer.text()


async def test_the_board_says_who_is_here_and_who_is_looked_for(
    ports: Ports, browser: Browser, sign_in: SignIn, clock: FixedClock
):
    session = await begun_without_p4(ports, browser)
    clock.forward(3)
    await watch_session(ports, session)
    await sign_in("k1")

    page = await read(browser, "/board")

    assert "3 of 4 joined" in page
    assert page.count("Joined") == 3
    assert "Message sent" in page


async def test_the_board_begins_with_whoever_wants_somebody_now(
    ports: Ports, browser: Browser, sign_in: SignIn, clock: FixedClock
):
    session = await begun_without_p4(ports, browser)
    await sign_in("k1")
    calm = await read(browser, "/board")
    clock.forward(6)
    await watch_session(ports, session)
    await deliver(ports, Channel.CALL_LIST)

    page = " ".join((await read(browser, "/board")).split())

    assert "Wants somebody now" not in calm
    [first] = page.split("Wants somebody now")[1].split("</ul>")[:1]
    assert "<strong>P4 A.</strong>: Call now, from the call list" in first
    assert f'href="#{session}"' in first
    assert first.count("<li>") == 1


async def test_the_call_list_shows_the_phone_and_takes_the_outcome(
    ports: Ports, browser: Browser, sign_in: SignIn, clock: FixedClock
):
    session = await begun_without_p4(ports, browser)
    clock.forward(6)
    await watch_session(ports, session)
    await deliver(ports, Channel.CALL_LIST)
    async with ports.store.write() as tx:
        await tx.connection.execute(
            "UPDATE participant SET accommodation = SEALED(:need, participant.accommodation, :id)"
            " WHERE id = :id",
            id="p4",
            need="interpreter",
        )
    await sign_in("k1")

    page = await read(browser, "/calls")
    key = page.split('action="/calls/')[1].split("/claim")[0]
    after = await browser.post(f"/calls/{key}", data={"outcome": "on_the_phone"})

    assert "tel:+13035550101" in page
    assert "<strong>Leave no message.</strong> Note: interpreter." in page
    assert "Nobody needs a call" in await after.text()
    assert (await show_session(ports, session)).present == 4


async def test_a_clinician_starts_marks_and_sees_the_device_check(
    ports: Ports, browser: Browser, sign_in: SignIn
):
    session = await group_session(ports)
    seat = await seat_of(ports, session, "p2")
    await sign_in("p2")
    report = {"features": {"secure": True}, "camera": {"trouble": "missing"}}
    checked = await browser.post(
        "/me/tech-check", data={"nonce": "n", "report": json.dumps(report)}
    )
    assert "Not ready" in await checked.text()
    browser.session.cookie_jar.clear()
    await sign_in("c1")

    roster = await read(browser, "/roster")
    await browser.post(f"/sessions/{session}/start")
    page = await browser.post(f"/sessions/{session}/seats/{seat}", data={"mark": "excused"})

    assert "✗ Not ready" in roster
    assert "the camera" in roster
    assert "Excused" in await page.text()
    assert (await show_session(ports, session)).host_started_at is not None


async def test_a_second_cohort_at_the_same_time_is_refused_by_name(
    ports: Ports, browser: Browser, sign_in: SignIn
):
    small = programme()
    other = replace(
        small.cohorts[0],
        id=CohortId("harbor"),
        zone="America/New_York",
        at=time(11),
        days=(3,),
    )
    await import_programme(ports, replace(small, cohorts=(*small.cohorts, other)), "k1")
    await sign_in("k1")

    answer = await browser.post(
        "/cohorts/harbor/enrollments",
        data={"participant": "p1", "first": "2026-03-09", "until": "2026-04-06"},
    )

    assert answer.status == 422
    assert (
        "P1 A. is in Tidewater, which meets at the same time as Harbor on Thu. Choose one of "
        "the two, or end the enrollment in Tidewater first." in await answer.text()
    )


HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 1234 * 1000001 }}",
    "'; DROP TABLE seat; --",
    "<b>bold</b>",
]


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_name_is_only_ever_text(
    ports: Ports, browser: Browser, sign_in: SignIn, name: str
):
    people = [
        replace(participant("p1"), name=name),
        *(participant(f"p{n}") for n in range(2, 5)),
    ]
    await import_programme(ports, programme(people), "k1")
    await sign_in("k1")

    for address in ("/board", "/cohorts/tidewater", "/week?day=2026-03-09"):
        page = await read(browser, address)
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "<b>bold" not in page
        assert str(1234 * 1000001) not in page


async def test_the_demo_lists_everybody_and_signs_in_with_one_click(
    demo_app, aiohttp_client: AiohttpClient
):
    browser = await aiohttp_client(demo_app, headers=OWN)

    page = await read(browser, "/demo")
    account = page.split('name="account" value="')[1].split('"')[0]
    inside = await browser.post("/demo/sign-in", data={"account": account})

    assert inside.url.path == "/audit"
    assert "P1 A." in page


async def test_a_clock_bar_leads_back_only_to_our_own_pages(
    demo_app, aiohttp_client: AiohttpClient
):
    browser = await aiohttp_client(demo_app, headers=OWN)

    for back, to in (
        ("//evil.example", "/demo"),
        ("https://evil.example", "/demo"),
        ("/board", "/board"),
    ):
        answer = await browser.post(
            "/demo/clock", data={"by": "1", "back": back}, allow_redirects=False
        )
        assert answer.headers["Location"] == to


async def test_a_coordinator_notes_a_sick_call_and_takes_it_back(
    browser: Browser, sign_in: SignIn
):
    await sign_in("k1")

    answer = await browser.post(
        "/leave", data={"staff": "c1", "first": "2026-03-17", "last": "2026-03-17"}
    )
    assert "Week of 16 March 2026" in await answer.text()
    page = await read(browser, "/leave")
    assert "Doctor C1" in page
    assert "Tuesday 17 March" in page
    [leave] = re.findall(r"/leave/(lve_\w+)/take-back", page)
    back = await browser.post(f"/leave/{leave}/take-back")
    assert "Nobody is away" in await back.text()


async def test_a_coordinator_arranges_and_takes_back(browser: Browser, sign_in: SignIn):
    await sign_in("k1")
    pin = {
        "appointment": "p1 individual", "weekday": "3", "at": "13:35",
        "first": "2026-03-16", "last": "",
    }  # fmt: skip

    page = await (await browser.post("/arrangements/pin", data=pin)).text()
    assert (
        "P1 A.: individual on Thursdays at 13:35 on their own clock, from 16 March 2026"
        in page
    )
    wrong = await browser.post("/arrangements/pin", data=pin | {"at": "noon"})
    assert wrong.status == 422
    text = await wrong.text()
    assert "The field at is not a time such as 09:30." in text
    assert '<option value="p1 individual" selected>' in text
    assert '<option value="3" selected>' in text
    assert 'name="first" value="2026-03-16"' in text
    assert "Nothing is arranged" not in text
    same = await browser.post("/arrangements/kept-apart", data={"one": "p1", "other": "p1"})
    text = await same.text()
    assert "P1 A. cannot be kept apart from themselves." in text
    assert text.count('<option value="p1" selected>') == 2
    assert (await browser.post("/arrangements/nothing", data={})).status == 404
    [noted] = re.findall(r"/arrangements/(arr_\w+)/take-back", page)
    back = await browser.post(f"/arrangements/{noted}/take-back")
    assert "Nothing is arranged" in await back.text()


async def test_a_clinician_opens_a_phase_for_whom_they_treat_and_nobody_else(
    ports: Ports, browser: Browser, sign_in: SignIn
):
    plain = programme()
    track = replace(
        plain.tracks[0], phases=(Phase("Steady", 1, "clinician"), Phase("Deep", 4, ""))
    )
    mine = replace(plain.cohorts[0], facilitators=(StaffId("c2"),))
    plans = tuple(
        each if each.participant_id == "p1" else replace(each, staff_id=StaffId("c2"))
        for each in plain.service_plans
    )
    changed = replace(plain, tracks=(track,), cohorts=(mine,), service_plans=plans)
    await import_programme(ports, changed, "test")
    opened = {"participant": "p1", "phase": "Deep", "first": "2026-03-09"}
    await sign_in("c1")
    page = await read(browser, "/phases")
    assert "Open Deep" in page
    assert "Due" in page
    assert (
        await browser.post("/phases", data=opened | {"participant": "p2"})
    ).status == 404

    after = await (await browser.post("/phases", data=opened)).text()

    assert after.count("Open Deep") == page.count("Open Deep") - 1
    assert "The last phase." in after


async def test_a_coordinator_looks_ahead(ports: Ports, browser: Browser, sign_in: SignIn):
    await sign_in("k1")
    questions = {
        "/forecast": Question(Foresight.FORECAST, week_named("2026-03-09")),
        "/template": Question(Foresight.TEMPLATE, week_named("2026-03-16")),
        "/participants/p1/cohorts": Question(
            Foresight.COHORTS, week_named("2026-03-16"), ParticipantId("p1")
        ),
    }
    for address, question in questions.items():
        page = await read(browser, address)
        assert "Being worked out since Tuesday 10 March, 09:00, Denver time" in page
        assert f'<noscript><p><a href="{address}">Look again</a>' in page
        assert 'data-every="2"' in page
        await work_out(ports, question)

    assert "Week of 16 March 2026" in await read(browser, "/forecast")
    assert "Tidewater" in await read(browser, "/template")
    fit = await read(browser, "/participants/p1/cohorts")
    assert "Where P1 A. fits" in fit
    assert "Cannot join" in fit
    assert "tidewater:2026" not in fit
    assert "Nothing it was worked out from has changed since" in fit
    assert "Being worked out" not in fit
    assert (await browser.get("/participants/nobody/cohorts")).status == 404


async def test_an_old_answer_about_weeks_ahead_says_that_it_is_old(
    ports: Ports, browser: Browser, sign_in: SignIn
):
    await sign_in("k1")
    await read(browser, "/template")
    await work_out(ports, Question(Foresight.TEMPLATE, week_named("2026-03-16")))
    async with ports.store.read() as tx:
        stated = await tx.programme.read()
    assert stated is not None
    fewer = tuple(replace(each, capacity=9) for each in stated.cohorts)
    await import_programme(ports, replace(stated, cohorts=fewer), "test")

    page = await read(browser, "/template")

    assert "Something has changed since this was worked out" in page
    assert "Being worked out anew since" in page
    assert "Tidewater" in page


async def test_coordinators_see_that_rules_of_clocks_have_changed(
    ports: Ports, browser: Browser, sign_in: SignIn
):
    await sign_in("k1")
    assert "Rules of clocks" not in await (await browser.get("/board")).text()
    async with ports.store.write() as tx:
        await tx.connection.execute(
            "UPDATE session SET wall_time = '10:00' WHERE key = 'tidewater:2026-03-12'"
        )

    for address in ("/board", "/week?day=2026-03-09"):
        text = await (await browser.get(address)).text()
        assert "Rules of clocks have changed" in text
        assert "1 promised in Denver time" in " ".join(text.split())


async def test_somebody_who_is_out_is_seen_first_and_then_done_in_one_press(
    ports: Ports, sign_in: SignIn, clock: FixedClock
):
    clock.forward(-120)
    browser = await sign_in("k1")
    asked = {"staff": "c2", "day": "2026-03-10"}

    seen = await (await browser.get("/sick-call", params=asked)).text()
    version = seen.split('name="version" value="')[1].split('"')[0]
    answer = await browser.post(
        "/sick-call", data=asked | {"version": version, "instead.tidewater": ""}
    )

    assert "Tidewater group, 09:00 to" in seen
    assert answer.status == 200
    async with ports.store.read() as tx:
        assert [each.staff_id for each in await tx.programme.noted_leave()] == ["c2"]
    again = await browser.post("/sick-call", data=asked | {"version": version})
    assert again.status == 409
