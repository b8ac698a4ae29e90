"""The week as a table: whose week is shown, and what each block says."""

import html
from datetime import date, time

import pytest

from tests.make import WEEK
from tests.web.conftest import Browser, SignIn
from vioP.domain.arrangement import Pin
from vioP.domain.ids import ParticipantId
from vioP.flows.arrange import arrange
from vioP.flows.build_week import build_week
from vioP.ports import Ports

PAGE = "/weeks/2026-03-09/grid"


@pytest.fixture
def url(sqlite_url: str) -> str:
    """One database: pages do not know which."""
    return sqlite_url


async def shown(browser: Browser, of: str = "all") -> str:
    answer = await browser.get(PAGE, params={"of": of})
    assert answer.status == 200
    return html.unescape(await answer.text())


async def test_the_week_leads_to_its_grid(browser: Browser, sign_in: SignIn):
    await sign_in("k1")

    week = await (await browser.get("/week?day=2026-03-09")).text()
    page = await shown(browser)

    assert f'href="{PAGE}"' in week
    assert '<option value="all" selected>' in page
    assert 'class="block' in page


async def test_a_persons_grid_shows_only_sessions_they_are_in(
    browser: Browser, sign_in: SignIn
):
    await sign_in("k1")

    everybody = await shown(browser)
    person = everybody.split('<option value="person:')[1].split('"')[0]
    page = await shown(browser, f"person:{person}")

    assert f'<option value="person:{person}" selected>' in page
    assert 0 < page.count('class="block') < everybody.count('class="block')


async def test_nobodys_grid_is_missing(browser: Browser, sign_in: SignIn):
    await sign_in("k1")

    answer = await browser.get(PAGE, params={"of": "person:nobody"})

    assert answer.status == 404


async def test_a_block_says_whether_people_know_of_it(
    browser: Browser, sign_in: SignIn, ports: Ports
):
    await sign_in("k1")

    told = await shown(browser)
    pin = Pin(ParticipantId("p4"), "individual", 3, time(13, 35), date(2026, 3, 9))
    await arrange(ports, pin, "k1")
    stale = await shown(browser, "person:p4")
    await build_week(ports, WEEK, "k1")
    moved = await shown(browser, "person:p4")

    assert "</span> Told</span>" in told
    assert "Pinned" not in told
    assert "Build it again" in stale
    assert "Moved: people know" in moved
    assert moved.count("Pinned") == 1
    assert 'data-state="moved"' in moved


async def test_what_has_no_place_stands_beside_the_grid_by_name(
    browser: Browser, sign_in: SignIn, ports: Ports
):
    await sign_in("k1")
    # Nobody works at three in the night: the pin leaves it without a place.
    pin = Pin(ParticipantId("p4"), "individual", 3, time(3), date(2026, 3, 9))
    await arrange(ports, pin, "k1")
    await build_week(ports, WEEK, "k1")

    page = await shown(browser)
    hers = await shown(browser, "person:p2")

    beside = page.split('id="unplaced"')[1].split("</section>")[0]
    assert "Individual of P4 A." in beside
    assert "What would help" in beside
    assert 'id="p4-individual" data-state="unplaced" data-staff="c1"' in beside
    assert 'href="/weeks/2026-03-09/move?what=p4-individual&of=all"' in beside
    assert 'id="unplaced"' not in hers
