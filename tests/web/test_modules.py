"""The module of a day: whoever hosts and whoever plans reads it, and nobody who takes part."""

import html
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from aiohttp.web import Application

from tests.make import programme, published_programme
from tests.web.conftest import Browser, SignIn
from vioP.app import create_app
from vioP.domain.material import Material
from vioP.domain.program import EnrollmentMode
from vioP.domain.rotation import ModuleTurn
from vioP.ports import Ports
from vioP.settings import Settings

MODULE, NEXT = "Zqmodule <b>", "Zqnext"
TURNS = (ModuleTurn(MODULE, 2), ModuleTurn(NEXT, 1))
# So that the week of the ninth is the second one of the first module.
BEGUN = date(2026, 3, 4)
SHOWN = f"{MODULE}, week 2 of 2"


def is_silent(page: str) -> bool:
    """Whether a page names no module; two letters alone stand in many a link's token."""
    return "Zqmodule" not in page and "Zqnext" not in page


def link(title: str, module: str) -> Material:
    return Material(title, f"https://files.test/{title}", track_id="mood", module=module)


@pytest.fixture
def url(sqlite_url: str) -> str:
    """One database: pages do not know which."""
    return sqlite_url


@pytest.fixture
def ports(ports: Ports) -> Ports:
    """A house with a link for each module."""
    links = (link("calm", MODULE), link("later", NEXT))
    return replace(ports, house=replace(ports.house, materials=links))


@pytest.fixture
def part2() -> bool:
    """Whether 42 CFR Part 2 applies to the track."""
    return False


@pytest.fixture
async def app(ports: Ports, settings: Settings, part2: bool) -> Application:
    """The application, its cohort in the second week of a module."""
    plain = programme()
    track = replace(plain.tracks[0], rotation=TURNS, part2=part2)
    cohort = replace(
        plain.cohorts[0],
        first_day=BEGUN,
        mode=EnrollmentMode.MODULE_START,
        opens_at=(NEXT,),
    )
    await published_programme(ports, tracks=(track,), cohorts=(cohort,))
    return create_app(ports, settings)


async def read(browser: Browser, page: str, status: int = 200) -> str:
    """What a page says, tags left in."""
    answer = await browser.get(page)
    assert answer.status == status, page
    text = await answer.text()
    assert MODULE not in text  # it is escaped wherever it stands
    return html.unescape(text)


@pytest.mark.parametrize(
    "page", ["/roster", "/roster/print", "/roster/week?day=2026-03-10"]
)
async def test_whoever_hosts_reads_the_module_of_the_day(
    browser: Browser, sign_in: SignIn, page: str
):
    await sign_in("c1")

    assert SHOWN in await read(browser, page)


async def test_the_page_of_a_group_says_it_and_that_of_an_appointment_does_not(
    browser: Browser, sign_in: SignIn
):
    await sign_in("c1")
    week = await read(browser, "/roster/week?day=2026-03-10")
    address = re.compile(r'<a href="(/sessions/[^"]*)">(Tidewater group|Individual)</a>')

    found = {title: page for page, title in address.findall(week)}

    group = await read(browser, found["Tidewater group"])
    assert SHOWN in group
    assert 'href="https://files.test/calm"' in group
    assert 'href="https://files.test/later"' not in group
    assert is_silent(await read(browser, found["Individual"]))


@pytest.mark.parametrize("part2", [True])
async def test_paper_says_no_module_beside_names_under_part_2(
    browser: Browser, sign_in: SignIn
):
    await sign_in("c1")

    assert is_silent(await read(browser, "/roster/print"))
    assert SHOWN in await read(browser, "/roster")


async def test_what_a_device_keeps_leaves_the_module_out(browser: Browser, sign_in: SignIn):
    """The copy without a network is the paper page without what is not to be kept."""
    await sign_in("c1")

    paper = await read(browser, "/roster/print")
    script = await (await browser.get("/static/roster.js")).text()

    assert f'<p class="not-kept">{SHOWN}</p>' in paper
    assert ".not-kept" in script


async def test_a_cohorts_page_says_what_is_taught_what_comes_and_who_may_join(
    browser: Browser, sign_in: SignIn
):
    await sign_in("k1")

    page = await read(browser, "/cohorts/tidewater")
    every = await read(browser, "/cohorts")

    assert f"This week: <strong>{SHOWN}</strong>" in page
    assert f"Next: {NEXT} on Tuesday 17 March" in page
    assert page.count("<strong>Monday ") == 8
    assert "Tue 17, Thu 19" in page
    assert (
        f"People join where {NEXT} begins. The next day to begin is Tuesday 17 March."
        in page
    )
    assert 'name="first" value="2026-03-17"' in page
    assert SHOWN in every


async def test_a_plan_says_it_in_the_blocks_of_its_grid(browser: Browser, sign_in: SignIn):
    await sign_in("k1")

    page = await read(browser, "/weeks/2026-03-09/grid?of=cohort:tidewater")

    assert page.count(f"<span>{SHOWN}</span>") == 2


async def test_who_joins_in_the_middle_is_refused_with_the_next_day(
    browser: Browser, sign_in: SignIn
):
    await sign_in("k1")
    form = {"participant": "p1", "first": "2026-03-12", "until": "2026-06-01"}

    answer = await browser.post("/cohorts/tidewater/enrollments", data=form)

    assert answer.status == 422
    assert "The next day to begin is Tuesday 17 March." in await answer.text()


async def test_links_of_a_module_stand_under_its_sessions_and_its_name_nowhere(
    browser: Browser, sign_in: SignIn
):
    await sign_in("p1")

    page = await read(browser, "/me")

    assert page.count('href="https://files.test/calm"') == 2  # Tuesday and Thursday
    assert 'href="https://files.test/later"' not in page
    assert is_silent(page)
    assert "week 2" not in page


def test_no_page_of_a_participant_asks_for_a_module():
    templates = Path(__file__).parents[2] / "templates"
    own = (
        "join",
        "my_week",
        "other_ways",
        "room",
        "rsvp",
        "wall",
        "phone",
        "travel",
        "away",
    )
    files = [templates / "web" / f"{name}.html" for name in own]
    files += [
        each
        for kind in ("mail", "phone", "web/set_up")
        for each in (templates / kind).rglob("*.*")
    ]

    for file in files:
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"\.(module|taught|curriculum)\b", text), file
