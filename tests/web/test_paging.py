"""Long lists come a page at a time, and a full day shows the people it is about."""

import re
from datetime import time

import pytest
from aiohttp.test_utils import make_mocked_request
from aiohttp.web import Application

from tests.make import cohort, enrollment, participant, published_programme
from tests.web.conftest import Browser, SignIn
from vioP.app import create_app
from vioP.domain.errors import Invalid
from vioP.ports import Ports
from vioP.settings import Settings
from vioP.web import coordinator
from vioP.web.paging import paged

PEOPLE = [f"p{number}" for number in range(1, 61)]
GROUP = 8


@pytest.mark.parametrize(
    ("asked", "first", "last", "before", "after"),
    [
        ("", 1, 50, "", "/list?page=2"),
        ("?page=2", 51, 100, "/list?page=1", "/list?page=3"),
        ("?page=3", 101, 120, "/list?page=2", ""),
        ("?page=99", 101, 120, "/list?page=2", ""),
        ("?page=0", 1, 50, "", "/list?page=2"),
    ],
)
def test_a_list_is_shown_in_fifties(
    asked: str, first: int, last: int, before: str, after: str
):
    lines, pager = paged(make_mocked_request("GET", f"/list{asked}"), range(1, 121))

    assert (lines[0], lines[-1]) == (first, last) == (pager.first, pager.last)
    assert (pager.before, pager.after, pager.total) == (before, after, 120)


@pytest.mark.parametrize("asked", ["two", "-1", "", "1e3", "²", "99999"])
def test_what_is_no_page_is_refused(asked: str):
    with pytest.raises(Invalid):
        paged(make_mocked_request("GET", f"/list?page={asked}"), [])


def test_an_empty_list_has_one_empty_page():
    lines, pager = paged(make_mocked_request("GET", "/list"), list[int]())

    assert lines == ()
    assert (pager.first, pager.last, pager.before, pager.after) == (0, 0, "", "")


@pytest.fixture
async def app(ports: Ports, settings: Settings) -> Application:
    """Sixty people, some of them in two cohorts, of which one meets in the afternoon."""
    cohorts = (
        cohort("early"),
        cohort("late", at=time(14)),
    )
    await published_programme(
        ports,
        people=[participant(each) for each in PEOPLE],
        cohorts=cohorts,
        enrollments=tuple(
            enrollment(each, "early" if number < GROUP else "late")
            for number, each in enumerate(PEOPLE[: 2 * GROUP])
        ),
        service_plans=(),
    )
    return create_app(ports, settings)


@pytest.mark.parametrize("path", ["/readiness", "/onboarding"])
async def test_everybody_is_on_one_of_its_pages(sign_in: SignIn, path: str):
    browser = await sign_in("k1")
    seen: list[str] = []

    for page in (path, f"{path}?page=2"):
        text = await (await browser.get(page)).text()
        seen += re.findall(r"P\d+ A\.(?=</a>|</strong>)", text)

    assert sorted(seen) == sorted(f"{each.upper()} A." for each in PEOPLE)


async def test_a_full_day_shows_the_people_of_what_runs_and_soon_does(
    sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
):
    browser = await sign_in("k1")
    whole = await names(browser)
    monkeypatch.setattr(coordinator, "_MOST_WHOLE", 1)

    full = await names(browser)

    assert len(whole) == 2 * GROUP
    assert len(full) == GROUP
    assert "Late group" in await (await browser.get("/board")).text()


async def names(browser: Browser) -> set[str]:
    """Whom the board names."""
    text = await (await browser.get("/board")).text()
    return set(re.findall(r"P\d+ A\.", text))
