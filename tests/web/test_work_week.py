"""A clinician's own week: what they hold, what is open, and what is not theirs."""

import html
import re
from datetime import date

import pytest

from tests.web.conftest import Browser, SignIn
from vioP.domain.ids import StaffId
from vioP.flows.note_leave import note_leave
from vioP.ports import Ports

PAGE = "/roster/week?day=2026-03-10"
FRIDAY = date(2026, 3, 13)


@pytest.fixture
def url(sqlite_url: str) -> str:
    """One database: pages do not know which."""
    return sqlite_url


async def days(browser: Browser, page: str = PAGE) -> dict[str, str]:
    """What each day of the week says, by its name."""
    answer = await browser.get(page)
    assert answer.status == 200
    text = html.unescape(await answer.text()).replace("\u2013", "-")
    found = re.findall(r'<section aria-labelledby="d.*?</section>', text, re.DOTALL)
    plain = [" ".join(re.sub(r"<[^>]*>", " ", each).split()) for each in found]
    return {each.split()[0]: each for each in plain}


async def test_groups_appointments_and_open_hours_stand_in_order(
    browser: Browser, sign_in: SignIn
):
    await sign_in("c1")

    week = await days(browser)

    assert list(week) == ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"]
    assert (
        "09:00-11:10 Tidewater group 4 people 09:00 skills 10:10 process"
        in week["Thursday"]
    )
    assert "Open" not in week["Monday"]  # it is over
    assert week["Thursday"].index("08:00") < week["Thursday"].index("09:00-11:10")
    assert re.search(r"Individual P[1-4] A\.", " ".join(week.values()))
    assert "Individual" not in " ".join((await as_other(browser, sign_in)).values())


async def as_other(browser: Browser, sign_in: SignIn) -> dict[str, str]:
    """The same week of a facilitator who has no appointments."""
    await sign_in("c2")
    return await days(browser)


async def test_what_is_open_ends_where_a_session_begins_and_leave_takes_it_away(
    ports: Ports, browser: Browser, sign_in: SignIn
):
    await sign_in("c2")
    before = await days(browser)

    await note_leave(ports, StaffId("c2"), FRIDAY, FRIDAY, "k1")
    after = await days(browser)

    assert before["Thursday"].endswith("11:10-18:00 Open")
    assert "08:00-18:00 Open" in before["Friday"]
    assert after["Friday"] == "Friday 13 March Away"


async def test_a_week_nobody_was_told_of_says_so(browser: Browser, sign_in: SignIn):
    await sign_in("c1")

    answer = await browser.get("/roster/week?day=2026-04-01")

    assert "This week is not published yet" in await answer.text()
