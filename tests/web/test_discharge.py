"""Care ends: what ends is chosen, outdated weeks are named, and people come back."""

import html
import re
from dataclasses import replace
from datetime import date

import pytest
from aiohttp.web import Application

from tests.make import (
    WEEK,
    FixedClock,
    clinician,
    cohort,
    enrollment,
    minutes_later,
    participant,
    programme,
    publish,
)
from tests.web.conftest import Browser, SignIn
from vioP.app import create_app
from vioP.domain.errors import Invalid
from vioP.domain.ids import CohortId, ParticipantId
from vioP.domain.people import Licence
from vioP.domain.waiting import Entry
from vioP.flows.enroll import Joining, enroll
from vioP.flows.import_programme import import_programme
from vioP.ports import Ports
from vioP.settings import Settings

TODAY, TOMORROW, LATER = date(2026, 3, 10), date(2026, 3, 11), date(2026, 5, 1)
P1 = ParticipantId("p1")
STILL = "still has appointments of P1 A., whose care has ended by then"


@pytest.fixture
def url(sqlite_url: str) -> str:
    """One database: pages do not know which."""
    return sqlite_url


@pytest.fixture
async def app(ports: Ports, clock: FixedClock, settings: Settings) -> Application:
    """p1 is in two cohorts and waits for a third; the week is published."""
    clock.moment = minutes_later(-60)
    plain = programme()
    more = (
        cohort("aspen", days=(4,), at=plain.cohorts[0].at),
        cohort("birch", days=(0,), at=plain.cohorts[0].at),
    )
    await import_programme(
        ports,
        replace(
            plain,
            cohorts=(*plain.cohorts, *more),
            enrollments=(
                *plain.enrollments,
                *(enrollment(f"p{n}", "aspen") for n in range(1, 4)),
            ),
        ),
        "k1",
    )
    entry = Entry("wai_1", P1, CohortId("birch"), TODAY, TODAY)
    async with ports.store.write() as tx:
        await tx.waiting.add(entry, "k1", clock.now())
    await publish(ports)
    return create_app(ports, settings)


async def read(browser: Browser, page: str) -> str:
    answer = await browser.get(page)
    assert answer.status == 200
    text = html.unescape(await answer.text())
    return " ".join(re.sub(r"<[^>]*>", " ", text).split())


async def enrolled(ports: Ports) -> set[tuple[str, date]]:
    async with ports.store.read() as tx:
        found = await tx.programme.read()
    assert found is not None
    return {(e.cohort_id, e.until) for e in found.enrollments if e.participant_id == P1}


async def test_one_cohort_ends_and_the_other_goes_on_if_that_is_chosen(
    ports: Ports, browser: Browser, sign_in: SignIn
):
    await sign_in("k1")
    page = await read(browser, "/cohorts/aspen")
    assert "Only Aspen. Tidewater goes on." in page
    assert "All care: Aspen and Tidewater. They wait for no other place any more." in page

    form = {"cohort": "aspen", "only": "aspen", "last": f"{TODAY}"}
    said = await browser.post("/participants/p1/discharge", data=form)

    assert said.url.path == "/cohorts/aspen"
    assert "P1 A.: it is noted." in await said.text()
    assert await enrolled(ports) == {("aspen", TOMORROW), ("tidewater", date(2026, 5, 4))}
    async with ports.store.read() as tx:
        assert [each.cohort_id for each in await tx.waiting.open()] == ["birch"]


async def test_all_care_ends_if_that_is_chosen_and_each_outdated_week_says_so(
    ports: Ports, browser: Browser, sign_in: SignIn
):
    await sign_in("k1")
    assert STILL not in await read(browser, "/board")

    form = {"cohort": "aspen", "only": "", "last": f"{TODAY}"}
    said = await (await browser.post("/participants/p1/discharge", data=form)).text()

    assert {until for _, until in await enrolled(ports)} == {TOMORROW}
    async with ports.store.read() as tx:
        assert await tx.waiting.open() == []
    assert f'<a href="/week?day={WEEK.monday}">Week of 9 March 2026</a>' in said
    assert f"Week of 9 March 2026 {STILL}" in await read(browser, "/board")

    await browser.post("/week/build", data={"monday": f"{WEEK.monday}"})
    week = await read(browser, f"/week?day={WEEK.monday}")
    assert "Publishing tells 1 person of a change P1 A." in week
    async with ports.store.read() as tx:
        draft = await tx.weeks.draft(WEEK)
    assert draft is not None
    data = {"monday": f"{WEEK.monday}", "revision": f"{draft.revision}"}
    await browser.post("/week/publish", data=data)
    assert STILL not in await read(browser, "/board")


async def test_whoever_was_discharged_can_be_taken_back_at_once_and_not_into_the_middle(
    ports: Ports, browser: Browser, sign_in: SignIn
):
    await sign_in("k1")
    option = '<option value="p1">P1 A. (p1)</option>'
    assert option not in await (await browser.get("/cohorts/aspen")).text()
    form = {"cohort": "aspen", "only": "aspen", "last": f"{TODAY}"}
    await browser.post("/participants/p1/discharge", data=form)
    assert option in await (await browser.get("/cohorts/aspen")).text()

    aspen = CohortId("aspen")
    with pytest.raises(Invalid, match="p1 is in aspen until the day before 2026-03-11"):
        await enroll(ports, Joining(P1, aspen, TODAY, LATER), "k1")
    await enroll(ports, Joining(P1, aspen, TOMORROW, LATER), "k1")

    assert {("aspen", TOMORROW), ("aspen", LATER)} <= await enrolled(ports)


async def test_whoever_is_out_of_a_cohort_is_no_member_any_more(
    browser: Browser, sign_in: SignIn, clock: FixedClock
):
    await sign_in("k1")
    form = {"cohort": "aspen", "only": "aspen", "last": f"{TODAY}"}
    await browser.post("/participants/p1/discharge", data=form)
    clock.forward(2 * 24 * 60)
    await sign_in("k1")

    page = await (await browser.get("/cohorts/aspen")).text()

    assert 'action="/participants/p2/discharge"' in page
    assert 'action="/participants/p1/discharge"' not in page


@pytest.mark.parametrize(
    ("last", "says"),
    [
        (TODAY, "Ends after Tuesday, 10 March 2026."),
        (date(2026, 3, 9), "Ended after Monday, 9 March 2026, yesterday."),
        (date(2026, 3, 4), "Ended after Wednesday, 4 March 2026, 6 days ago."),
    ],
)
async def test_a_last_day_is_said_again_in_words_above_all_one_that_is_over(
    browser: Browser, sign_in: SignIn, last: date, says: str
):
    await sign_in("k1")

    form = {"cohort": "aspen", "only": "aspen", "last": f"{last}"}
    said = await browser.post("/participants/p1/discharge", data=form)

    assert says in await said.text()


@pytest.mark.parametrize(
    ("coverage", "state", "lacks"),
    [
        ("any", "CO", False),
        ("any", "WY", False),
        ("lead", "WY", True),
        ("all", "WY", True),
        ("any", "NV", True),
    ],
)
async def test_whoever_is_enrolled_where_no_host_may_treat_them_is_told_of_so(
    ports: Ports,
    browser: Browser,
    sign_in: SignIn,
    coverage: str,
    state: str,
    *,
    lacks: bool,
):
    async with ports.store.read() as tx:
        found = await tx.programme.read()
    assert found is not None
    wyoming = (Licence("WY"),)
    helper = clinician("c9", licences=wyoming)
    birch = next(each for each in found.cohorts if each.id == "birch")
    both = replace(birch, facilitators=(*birch.facilitators, helper.id))
    policy = replace(found.program.policy, coverage=coverage)
    changed = replace(
        found,
        program=replace(found.program, policy=policy),
        staff=(*found.staff, helper),
        cohorts=(*(each for each in found.cohorts if each.id != "birch"), both),
        participants=(*found.participants, participant("p9", state=state)),
    )
    await import_programme(ports, changed, "k1")
    await sign_in("k1")

    form = {"participant": "p9", "first": f"{TOMORROW}", "until": f"{LATER}"}
    said = await (await browser.post("/cohorts/birch/enrollments", data=form)).text()

    assert "P9 A. is enrolled</strong> from Wednesday, 11 March 2026 on." in said
    assert (f"lack the licence for {state} that day" in said) is lacks
    assert ("/participants/p9/cohorts" in said.split("<table")[0]) is lacks
