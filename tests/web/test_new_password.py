"""A mailed link by which staff choose a password: once, in time, and never past a second factor."""

import re

import pytest

from tests.make import FixedClock
from tests.web.conftest import Browser, SignIn
from vioP.domain.delivery import Channel
from vioP.domain.one_time_link import OncePurpose
from vioP.flows.deliver import deliver
from vioP.flows.one_time_link import send_one_time_link
from vioP.flows.sign_in import begin_session, set_password, who_is
from vioP.ports import Ports
from vioP.storage.accounts import Account

OLD, NEW = "copper lantern violin", "walnut harbour sparrow"


@pytest.fixture
async def account(ports: Ports, sign_in: SignIn, browser: Browser) -> Account:
    """k1's account, with a password; the browser belongs to nobody."""
    await sign_in("k1")
    browser.session.cookie_jar.clear()
    async with ports.store.read() as tx:
        found = await tx.accounts.of_person("k1")
    assert found is not None
    await set_password(ports, found.id, OLD)
    return found


async def mailed(ports: Ports, account: Account, purpose: OncePurpose) -> str:
    """The path of a link, as its reader finds it in the mail."""
    async with ports.store.write() as tx:
        await send_one_time_link(ports, tx, account, "Kim K.", purpose)
    await deliver(ports, Channel.MAIL)
    letter = ports.mail.to(account.email)[-1]  # type: ignore[attr-defined]
    text = letter.raw.decode().replace("=\r\n", "")
    found = re.search(r"http://127\.0\.0\.1:8080(/password/[0-9a-f]+)", text)
    assert found is not None
    return found[1]


async def fits(ports: Ports, account: Account, password: str) -> bool:
    async with ports.store.read() as tx:
        found = await tx.accounts.by_id(account.id)
    assert found is not None
    return await ports.passwords.fits(password, found.password_hash)


@pytest.mark.parametrize("purpose", OncePurpose)
async def test_a_link_gives_a_new_password_once_and_then_asks_for_the_second_factor(
    ports: Ports, account: Account, browser: Browser, purpose: OncePurpose
):
    elsewhere = await begin_session(ports, account)
    path = await mailed(ports, account, purpose)
    page = await browser.get(path)
    assert (page.status, await fits(ports, account, OLD)) == (200, True)

    answer = await browser.post(path, data={"new": NEW}, allow_redirects=False)

    assert (answer.status, answer.headers["Location"]) == (303, "/sign-in/second")
    assert await fits(ports, account, NEW)
    assert await who_is(ports, elsewhere.token) is None
    board = await browser.get("/board", allow_redirects=False)
    assert board.status != 200  # half a session opens nothing
    again = await browser.post(path, data={"new": OLD})
    assert (again.status, await fits(ports, account, NEW)) == (410, True)


async def test_a_password_that_is_easily_guessed_leaves_the_link_as_it_was(
    ports: Ports, account: Account, browser: Browser
):
    path = await mailed(ports, account, OncePurpose.WELCOME)

    answer = await browser.post(path, data={"new": "password12345"})

    assert answer.status == 422
    assert "first that are guessed" in await answer.text()
    assert (await browser.get(path)).status == 200


async def test_a_link_ends_with_its_time_with_a_newer_one_and_with_its_account(
    ports: Ports, account: Account, browser: Browser, clock: FixedClock
):
    first = await mailed(ports, account, OncePurpose.NEW_PASSWORD)
    clock.forward(1)
    second = await mailed(ports, account, OncePurpose.NEW_PASSWORD)
    assert (await browser.get(first)).status == 410
    assert (await browser.get(second)).status == 200

    clock.forward(30)
    assert (await browser.post(second, data={"new": NEW})).status == 410
    third = await mailed(ports, account, OncePurpose.WELCOME)
    async with ports.store.write() as tx:
        await tx.accounts.disable("k1", clock.now())

    assert (await browser.post(third, data={"new": NEW})).status == 410
    assert (await browser.get("/password/deadbeef")).status == 410
    assert await fits(ports, account, OLD)
