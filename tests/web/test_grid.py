"""The week as a table: whose week is shown, and what each block says."""

import html

import pytest

from tests.web.conftest import Browser, SignIn

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
