"""A forgotten password: one mail, one link, and the second factor as ever."""

import re

import pytest

from tests.make import FixedClock, Postbox
from tests.web.conftest import Browser
from tests.web.test_sign_in import (
    PASSWORD,
    account_of,
    authenticator_of,
    code_of,
    give_code,
)
from vioP.domain.delivery import Channel
from vioP.flows.deliver import deliver
from vioP.flows.sign_in import begin_session, set_password, who_is
from vioP.ports import Ports

NEW = "walnut harbour sparrow"


async def ask(browser: Browser, email: str):
    return await browser.post("/password", data={"email": email})


async def letters(ports: Ports, postbox: Postbox, to: str) -> list[str]:
    """The paths of the links that were mailed to somebody."""
    await deliver(ports, Channel.MAIL)
    texts = [each.raw.decode().replace("=\r\n", "") for each in postbox.to(to)]
    return [found[0] for text in texts if (found := re.search(r"/password/\w+", text))]


async def test_a_forgotten_password_is_replaced_and_the_second_factor_is_still_asked(
    ports: Ports, browser: Browser, postbox: Postbox, clock: FixedClock
):
    account = await account_of(ports, "k1")
    await set_password(ports, account.id, PASSWORD)
    secret = await authenticator_of(browser)
    await give_code(browser, code_of(secret, clock))
    browser.session.cookie_jar.clear()
    elsewhere = await begin_session(ports, account)
    clock.forward(5)

    told = await (await ask(browser, " K1@Staff.example")).text()
    [path] = await letters(ports, postbox, "k1@staff.example")
    asked = await browser.post(path, data={"new": NEW})

    assert "a mail with a link is on its way" in told
    assert asked.url.path == "/sign-in/second"
    assert "Type this into the app" not in await asked.text()  # the one they have
    assert (await browser.get("/board")).url.path == "/sign-in"
    assert await who_is(ports, elsewhere.token) is None
    assert (await give_code(browser, code_of(secret, clock))).url.path == "/board"


async def test_asking_is_in_the_audit_and_names_nobody_as_the_actor(
    ports: Ports, browser: Browser
):
    account = await account_of(ports, "k1")

    await ask(browser, "k1@staff.example")

    async with ports.store.read() as tx:
        rows = await tx.connection.fetch(
            "SELECT actor, object FROM audit WHERE action = 'account.password_forgotten'"
        )
    assert [(each["actor"], each["object"]) for each in rows] == [("nobody", account.id)]


@pytest.mark.parametrize("email", ["no@staff.example", "p1@participants.example"])
async def test_the_answer_is_the_same_whoever_asks_and_only_staff_get_a_mail(
    ports: Ports, browser: Browser, postbox: Postbox, email: str
):
    known = await ask(browser, "k1@staff.example")
    other = await ask(browser, email)

    same = [
        (await answer.text()).replace(asked, "X")
        for answer, asked in ((known, "k1@staff.example"), (other, email))
    ]
    assert known.status == other.status == 200
    assert same[0] == same[1]
    assert not await letters(ports, postbox, email)


async def test_somebody_whose_account_is_closed_gets_no_link(
    ports: Ports, browser: Browser, postbox: Postbox, clock: FixedClock
):
    async with ports.store.write() as tx:
        await tx.accounts.disable("k1", clock.now())

    assert (await ask(browser, "k1@staff.example")).status == 200
    assert not await letters(ports, postbox, "k1@staff.example")


@pytest.mark.parametrize("email", ["k1@staff.example", "no@staff.example"])
async def test_links_are_asked_for_five_times_an_hour_by_anybody_known_or_not(
    browser: Browser, email: str
):
    answers = [await ask(browser, email) for _ in range(6)]

    assert [each.status for each in answers] == [200] * 5 + [403]
    assert "wait an hour" in await answers[-1].text()


async def test_an_address_that_is_none_is_said_to_be_none_and_kept(browser: Browser):
    answer = await ask(browser, "kim")

    assert answer.status == 422
    assert 'value="kim"' in await answer.text()
