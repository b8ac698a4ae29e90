"""What a participant can do besides joining: be late, be away, travel, be left alone."""

import re

import pytest
from aiohttp.web import Application

from tests.make import (
    NINE,
    FixedClock,
    deliveries,
    group_session,
    minutes_later,
    seat_of,
)
from tests.web.conftest import Browser, SignIn
from vioP.domain.arrangement import Journey
from vioP.domain.ids import ParticipantId, SessionId
from vioP.flows.arrange import show_arrangements
from vioP.flows.mark_attendance import start_session
from vioP.flows.record_join import record_join
from vioP.flows.watch_session import watch_session
from vioP.ports import Ports


@pytest.fixture
async def session(ports: Ports, app: Application) -> SessionId:  # noqa: ARG001 - publishes
    """The group at nine, its host there."""
    found = await group_session(ports)
    await start_session(ports, found, "c1")
    for name in ("p1", "p2", "p3"):
        seat = await seat_of(ports, found, name)
        await record_join(ports, ports.secrets.link_token(seat))
    return found


@pytest.fixture
async def link(ports: Ports, session: SessionId) -> str:
    """The link of p4, who is missing."""
    return f"/j/{ports.secrets.link_token(await seat_of(ports, session, 'p4'))}"


async def steps(ports: Ports, session: SessionId) -> set[str]:
    seat = await seat_of(ports, session, "p4")
    return {
        each["kind"] for each in await deliveries(ports.store) if each["seat_id"] == seat
    } & {
        "nudge",
        "call",
        "coordinator",
    }


async def test_whoever_says_they_are_late_is_looked_for_from_then_on(
    ports: Ports,
    session: SessionId,
    browser: Browser,
    link: str,
    clock: FixedClock,
    sign_in: SignIn,
):
    clock.forward(1)
    page = await (await browser.post(f"{link}/late", data={"minutes": "15"})).text()
    assert "We expect you at 09:16" in page

    clock.forward(11)
    await watch_session(ports, session)
    assert await steps(ports, session) == set()
    await sign_in("k1")
    board = await (await browser.get("/board")).text()
    assert "Says they are late" in board
    assert "Will be there at 09:16" in board

    clock.forward(8)
    await watch_session(ports, session)
    assert await steps(ports, session) == {"nudge"}
    clock.forward(10)
    await watch_session(ports, session)
    assert "coordinator" in await steps(ports, session)


async def test_whoever_is_at_risk_is_looked_for_though_they_say_they_are_late(
    ports: Ports, session: SessionId, browser: Browser, link: str, clock: FixedClock
):
    async with ports.store.write() as tx:
        await tx.connection.execute(
            "UPDATE participant SET high_risk = :yes WHERE id = 'p4'", yes=True
        )
    await browser.post(f"{link}/late", data={"minutes": "15"})

    clock.forward(5)
    await watch_session(ports, session)

    assert "coordinator" in await steps(ports, session)


@pytest.mark.parametrize(
    "said",
    [(0, "7", 422), (0, "", 422), (25, "15", 409), (131, "5", 409), (-13 * 60, "5", 409)],
)
async def test_a_lateness_that_cannot_be_waited_for_is_refused(
    ports: Ports, browser: Browser, link: str, clock: FixedClock, said: tuple[int, str, int]
):
    minute, minutes, status = said
    clock.forward(minute)

    answer = await browser.post(f"{link}/late", data={"minutes": minutes})

    assert answer.status == status
    async with ports.store.read() as tx:
        assert await tx.connection.fetch("SELECT id FROM contact_fact") == []


def offered(page: str) -> list[str]:
    """The minutes somebody may say they are late."""
    return re.findall(r'name="minutes" value="(\d+)"', page)


@pytest.mark.parametrize(
    ("minute", "minutes", "words"),
    [
        (-13 * 60, [], "On the day you can say so here."),
        (-60, ["5", "10", "15", "20", "30"], ""),
        (4, ["5", "10", "15", "20"], ""),
        (40, [], "you can still come"),
    ],
)
async def test_only_what_can_be_waited_for_is_offered(
    browser: Browser,
    link: str,
    clock: FixedClock,
    minute: int,
    minutes: list[str],
    words: str,
):
    clock.move_to(minutes_later(minute))

    page = await (await browser.get(f"{link}/other")).text()

    assert offered(page) == minutes
    assert words in page


@pytest.mark.parametrize(
    ("minute", "until"), [(-90, "08:00"), (-20, "09:30"), (5, "09:35")]
)
async def test_whoever_cannot_talk_is_told_until_when_they_are_left_alone(
    browser: Browser, link: str, clock: FixedClock, minute: int, until: str
):
    clock.move_to(minutes_later(minute))

    before = await (await browser.get(f"{link}/other")).text()
    after = await (await browser.post(f"{link}/quiet")).text()
    clock.forward(20)
    later = await (await browser.get(f"{link}/other")).text()
    clock.forward(40)
    over = await (await browser.get(f"{link}/other")).text()

    assert f"text me until {until}" in before
    assert f"text you until {until}" in after
    assert f"text you until {until}" in later
    assert "text you until" not in over


async def test_looking_at_the_ways_changes_nothing(
    ports: Ports, browser: Browser, link: str
):
    for method in ("GET", "HEAD"):
        answer = await browser.request(method, f"{link}/other?minutes=5&quiet")
        assert answer.status == 200

    async with ports.store.read() as tx:
        assert await tx.connection.fetch("SELECT id FROM contact_fact") == []


async def test_whoever_cannot_talk_is_left_alone(
    ports: Ports, session: SessionId, browser: Browser, link: str, clock: FixedClock
):
    page = await (await browser.post(f"{link}/quiet")).text()
    assert "We do not call or text you until 09:30" in page

    clock.forward(8)
    await watch_session(ports, session)

    seat = await seat_of(ports, session, "p4")
    reached = {
        (each["kind"], each["state"])
        for each in await deliveries(ports.store)
        if each["seat_id"] == seat and each["channel"] in {"sms", "phone"}
    }
    assert reached <= {("nudge", "skipped"), ("call", "skipped")}


async def test_one_appointment_goes_into_a_calendar_by_a_file(
    ports: Ports, session: SessionId, browser: Browser, link: str
):
    answer = await browser.get(f"{link}/appointment.ics")
    text = await answer.text()

    assert answer.content_type == "text/calendar"
    async with ports.store.read() as tx:
        seats = await tx.feeds.seats(ParticipantId("p4"), NINE)
    [own] = [each for each in seats if each.id == await seat_of(ports, session, "p4")]
    assert text.count("BEGIN:VEVENT") == 1
    assert own.uid in text
    assert "P1 A." not in text
    assert "p1@" not in text


@pytest.mark.usefixtures("session")
async def test_days_away_say_no_to_all_of_them_and_tell_a_coordinator(
    ports: Ports, browser: Browser, sign_in: SignIn
):
    await sign_in("p4")
    days = {"first": "2026-03-10", "last": "2026-03-20"}
    shown = await (await browser.get("/me/away", params=days)).text()
    planned = shown.count("<li>Tue") + shown.count("<li>Wed") + shown.count("<li>Thu")

    page = await (await browser.post("/me/away", data=days | {"reason": "Hospital"})).text()

    async with ports.store.read() as tx:
        said = await tx.connection.fetch("SELECT answer, OPENED(reply.comment) FROM reply")
    assert len(said) == planned > 0
    assert {(each["answer"], each["comment"]) for each in said} == {
        ("declined", "Hospital")
    }
    assert "We said no for you to" in page
    await sign_in("k1")
    calls = await (await browser.get("/calls")).text()
    assert "Says they are away for some days" in calls
    assert "Away from 2026-03-10 to 2026-03-20" in calls


@pytest.mark.usefixtures("session")
@pytest.mark.parametrize(
    ("first", "last"),
    [("2026-03-20", "2026-03-10"), ("2026-03-10", "2026-08-10"), ("x", "y")],
)
async def test_days_that_make_no_sense_are_refused_and_nothing_is_said(
    ports: Ports,
    browser: Browser,
    sign_in: SignIn,
    first: str,
    last: str,
):
    await sign_in("p4")
    days = {"first": first, "last": last}

    looked = await browser.get("/me/away", params=days)
    answer = await browser.post("/me/away", data=days)

    assert (looked.status, answer.status) == (422, 422)
    async with ports.store.read() as tx:
        assert await tx.connection.fetch("SELECT id FROM reply") == []


@pytest.mark.usefixtures("session")
async def test_a_journey_is_shown_on_the_clock_there_and_put_before_a_coordinator(
    ports: Ports, browser: Browser, sign_in: SignIn
):
    await sign_in("p4")
    trip = {
        "first": "2026-03-10", "last": "2026-03-20", "city": "Hilo", "state": "HI",
        "zone": "Pacific/Honolulu",
    }  # fmt: skip
    shown = await (await browser.get("/me/travel", params=trip)).text()
    assert "We may have to move it" in shown

    await browser.post("/me/travel", data=trip)

    [noted] = await show_arrangements(ports)
    assert isinstance(noted.what, Journey)
    assert (noted.what.participant_id, noted.what.state) == ("p4", "HI")
    await sign_in("k1")
    calls = await (await browser.get("/calls")).text()
    assert "In Hilo, HI from 2026-03-10 to 2026-03-20" in calls

    await sign_in("p3")
    taken = await browser.post("/me/travel/stay", data={"journey": noted.id})
    assert taken.status == 409
    assert "Hilo" not in await (await browser.get("/me/travel")).text()
    await sign_in("p4")
    known = await (await browser.get("/me/travel")).text()
    assert "<strong>Hilo, HI</strong>: Tuesday 10 March to Friday 20 March" in known
    stays = await (await browser.post("/me/travel/stay", data={"journey": noted.id})).text()
    assert "You are not going." in stays
    assert "Hilo" not in stays
    assert await show_arrangements(ports) == []
    await sign_in("k1")
    calls = await (await browser.get("/calls")).text()
    assert "Does not go to Hilo, HI from 2026-03-10 to 2026-03-20." in calls


@pytest.mark.usefixtures("session")
@pytest.mark.parametrize(
    "wrong", [{"city": ""}, {"state": "XX"}, {"zone": "Mars"}, {"last": "2026-01-01"}]
)
async def test_a_journey_that_lacks_something_says_what(
    ports: Ports,
    browser: Browser,
    sign_in: SignIn,
    wrong: dict[str, str],
):
    await sign_in("p4")
    trip = {
        "first": "2026-03-10", "last": "2026-03-20", "city": "Hilo", "state": "HI",
        "zone": "Pacific/Honolulu",
    }  # fmt: skip

    looked = await browser.get("/me/travel", params=trip | wrong)
    answer = await browser.post("/me/travel", data=trip | wrong)

    assert (looked.status, answer.status) == (422, 422)
    assert await show_arrangements(ports) == []
