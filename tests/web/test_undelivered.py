"""The page of what did not arrive, and where the board points to it."""

from dataclasses import replace

import pytest

from tests.make import FixedClock, Refusing, minutes_later
from tests.web.conftest import Browser, SignIn
from vioP.domain.delivery import Channel
from vioP.flows.deliver import deliver
from vioP.mail.errors import AddressRefused, NotLetIn
from vioP.ports import Ports


@pytest.fixture
async def refused(ports: Ports, browser: Browser, clock: FixedClock) -> Ports:  # noqa: ARG001
    """Everybody's address was refused on Sunday evening."""
    clock.moment = minutes_later(-2 * 24 * 60)
    await deliver(replace(ports, mail=Refusing(AddressRefused())), Channel.MAIL)
    return ports


async def text(browser: Browser, address: str) -> str:
    answer = await browser.get(address)
    assert answer.status == 200
    return await answer.text()


@pytest.mark.usefixtures("refused")
async def test_a_coordinator_is_led_from_the_board_to_each_message_and_puts_one_away(
    browser: Browser, sign_in: SignIn
):
    await sign_in("k1")

    board = await text(browser, "/board")
    page = await text(browser, "/undelivered")
    action = page.split('action="/undelivered/')[1].split('/again"')[0]
    after = await browser.post(f"/undelivered/{action}/done")

    assert "12 messages could not be delivered" in board
    assert "The mail server says this address does not exist." in page
    assert "P2 A.: Invite" in page
    assert "tel:+13035550101" in page
    assert page.count("Send now</button>") == 12
    assert (await after.text()).count("Send now</button>") == 11


async def test_send_now_sends(refused: Ports, browser: Browser, sign_in: SignIn, postbox):
    await sign_in("k1")
    page = await text(browser, "/undelivered")
    action = page.split('action="/undelivered/')[1].split('/again"')[0]

    after = await browser.post(f"/undelivered/{action}/again")
    await deliver(refused, Channel.MAIL)

    assert after.status == 200
    assert len(postbox.letters) == 1


@pytest.mark.usefixtures("refused")
async def test_support_sees_the_list_and_has_no_buttons(browser: Browser, sign_in: SignIn):
    await sign_in("t1")

    page = await text(browser, "/undelivered")

    assert "P2 A.: Invite" in page
    assert "Send now" not in page


async def test_a_mail_server_in_trouble_is_told_in_words_on_both_pages(
    ports: Ports, browser: Browser, sign_in: SignIn, clock: FixedClock
):
    clock.moment = minutes_later(-2 * 24 * 60)
    await deliver(replace(ports, mail=Refusing(NotLetIn())), Channel.MAIL)
    clock.forward(2)
    await sign_in("k1")

    for address in ("/board", "/undelivered"):
        page = await text(browser, address)
        assert "Mail has not left since 09:00." in page
        assert "Check mail.username and mail.password." in page
        assert "next try at 09:00." in page


async def test_when_all_arrived_the_page_says_so(browser: Browser, sign_in: SignIn):
    await sign_in("k1")

    assert "No message has failed to arrive." in await text(browser, "/undelivered")
    assert "could not be delivered" not in await text(browser, "/board")
