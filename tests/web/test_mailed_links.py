"""A mailed link that does not work says so, and whom to call: nothing else is in hand then."""

import pytest

from tests.web.conftest import Browser

SPANISH = {"Accept-Language": "es-US,es;q=0.9"}


@pytest.mark.parametrize("door", ["j", "r", "reminders", "set-up"])
async def test_a_link_that_does_not_work_says_so_and_whom_to_call(
    browser: Browser, door: str
):
    answer = await browser.get(f"/{door}/{'x' * 43}")
    page = await answer.text()

    assert answer.status == 404
    assert "This link does not work" in page
    assert "We will help you" in page
    assert page.count('href="tel:+') == 2  # where it is said, and at the foot
    spanish = await browser.get(f"/{door}/{'x' * 43}", headers=SPANISH)
    assert "Este enlace no funciona" in await spanish.text()


async def test_an_address_that_no_mail_carries_is_a_page_that_is_not_here(browser: Browser):
    page = await (await browser.get("/nowhere")).text()

    assert "This page is not here" in page
    assert "Go to the start" in page


async def test_who_opens_an_ended_link_to_a_password_can_have_another_one_sent(
    browser: Browser,
):
    ended = await browser.get("/password/deadbeef")

    assert ended.status == 410
    assert 'href="/password"' in await ended.text()
