"""Staff sign in at their organisation's own service, and nobody else does."""

from collections.abc import AsyncIterator
from dataclasses import replace

import aiohttp
import pytest
from pytest_aiohttp.plugin import AiohttpServer
from yarl import URL

from tests.adapters.oidc_server import CLIENT, SECRET, OidcServer
from tests.make import FixedClock
from tests.web.conftest import Browser
from tests.web.test_sign_in import account_of
from vioP.domain.errors import Missing
from vioP.flows.sign_in_elsewhere import forget_elsewhere
from vioP.oidc.provider import OidcProvider
from vioP.oidc.service import Client, Service
from vioP.oidc.token import Rules
from vioP.ports import Ports


@pytest.fixture
async def there(aiohttp_server: AiohttpServer, clock: FixedClock) -> OidcServer:
    """The service where everybody is signed in already."""
    server = OidcServer(clock)
    running = await aiohttp_server(server.app())
    server.issuer = str(running.make_url("")).rstrip("/")
    return server


@pytest.fixture
async def ports(ports: Ports, there: OidcServer) -> AsyncIterator[Ports]:
    """The program's surroundings, with that service."""
    async with aiohttp.ClientSession() as http:
        service = Service(Client(there.issuer, CLIENT, SECRET), http)
        rules = Rules(there.issuer, CLIENT, amr=("mfa",))
        yield replace(ports, elsewhere=OidcProvider("The Clinic", service, rules))


async def go(browser: Browser) -> str:
    """Go there and come back, up to our own door; gives its address."""
    answer = await browser.get("/sign-in/elsewhere", allow_redirects=False)
    async with (
        aiohttp.ClientSession() as http,
        http.get(answer.headers["Location"], allow_redirects=False) as back,
    ):
        return URL(back.headers["Location"]).raw_path_qs


async def come(browser: Browser, path: str):
    return await browser.get(path, allow_redirects=False)


async def sign_in(browser: Browser):
    browser.session.cookie_jar.clear()
    return await come(browser, await go(browser))


async def audited(ports: Ports, action: str) -> list[dict[str, object]]:
    async with ports.store.read() as tx:
        rows = await tx.connection.fetch(
            "SELECT object, details FROM audit WHERE action = :action", action=action
        )
    return [dict(each) for each in rows]


async def test_the_services_word_is_a_password_and_our_second_factor_comes_next(
    browser: Browser, ports: Ports
):
    page = await (await browser.get("/sign-in")).text()
    answer = await sign_in(browser)

    assert "Sign in with The Clinic" in page
    assert (answer.status, answer.headers["Location"]) == (303, "/sign-in/second")
    assert (await browser.get("/board")).url.path == "/sign-in"  # half a session
    account = await account_of(ports, "k1")
    assert [each["object"] for each in await audited(ports, "account.linked")] == [
        account.id
    ]
    assert len(await audited(ports, "account.vouched_for")) == 1
    assert not await audited(ports, "account.password_given")


async def test_a_second_factor_there_is_enough_where_the_house_takes_its_word(
    browser: Browser, ports: Ports, there: OidcServer
):
    there.says["amr"] = ["pwd", "mfa"]

    answer = await sign_in(browser)

    assert (answer.status, answer.headers["Location"]) == (303, "/board")
    assert (await browser.get("/board")).url.path == "/board"
    assert len(await audited(ports, "account.twice_elsewhere")) == 1


async def test_another_browser_cannot_come_back_nor_the_same_one_twice(
    browser: Browser, there: OidcServer
):
    there.says["amr"] = ["mfa"]
    path = await go(browser)
    cookies = list(browser.session.cookie_jar)
    browser.session.cookie_jar.clear()

    refused = await come(browser, path)
    assert refused.status == 403
    assert "did not say who you are" in await refused.text()

    browser.session.cookie_jar.update_cookies(
        {each.key: each.value for each in cookies}, browser.make_url("/")
    )
    assert (await come(browser, path)).status == 303
    assert not [each for each in browser.session.cookie_jar if "visit" in each.key]
    assert (await come(browser, path)).status == 403


async def test_a_visit_lasts_ten_minutes_and_its_state_cannot_be_chosen(
    browser: Browser, clock: FixedClock
):
    path = await go(browser)
    forged = str(URL(path).update_query(state="0" * 64))
    assert (await come(browser, forged)).status == 403

    path = await go(browser)
    clock.forward(10)
    assert (await come(browser, path)).status == 403


@pytest.mark.parametrize(
    "says",
    [
        {"email": "nobody@staff.example"},
        {"email": "p1@participants.example"},
        {"email_verified": False},
        {"email": None},
    ],
    ids=str,
)
async def test_nobody_gets_an_account_this_way_and_participants_do_not_come_in(
    browser: Browser, ports: Ports, there: OidcServer, says: dict[str, object]
):
    there.says |= says

    answer = await sign_in(browser)

    assert answer.status == 403
    assert "knows you, and we do not" in await answer.text()
    assert not await audited(ports, "account.vouched_for")


async def test_whoever_is_known_once_is_known_by_another_address_too(
    browser: Browser, there: OidcServer
):
    await sign_in(browser)
    there.says["email"] = "k1.married@staff.example"

    assert (await sign_in(browser)).status == 303


async def test_an_address_that_went_to_somebody_else_there_opens_nothing(
    browser: Browser, there: OidcServer
):
    await sign_in(browser)
    there.says["sub"] = "u-2"

    assert (await sign_in(browser)).status == 403


async def test_whoever_left_is_not_let_in_whatever_the_service_says(
    browser: Browser, ports: Ports, there: OidcServer, clock: FixedClock
):
    there.says["amr"] = ["mfa"]
    await sign_in(browser)
    async with ports.store.write() as tx:
        await tx.accounts.disable("k1", clock.now())

    assert (await sign_in(browser)).status == 403


async def test_while_the_service_is_down_the_other_ways_stay_open(
    browser: Browser, there: OidcServer
):
    there.down = True

    answer = await come(browser, "/sign-in/elsewhere")

    assert answer.status == 503
    page = await answer.text()
    assert "did not answer" in page
    assert 'action="/sign-in/password"' in page


async def test_coming_back_with_a_refusal_leads_to_the_other_ways(browser: Browser):
    path = URL(await go(browser))
    denied = path.with_query({"state": path.query["state"], "error": "access_denied"})

    assert (await come(browser, str(denied))).status == 403


async def test_whoever_is_forgotten_there_is_known_by_their_address_again(
    browser: Browser, ports: Ports, there: OidcServer
):
    await sign_in(browser)
    there.says["sub"] = "u-2"
    account = await account_of(ports, "k1")

    await forget_elsewhere(ports, account.id, "operator")

    assert (await sign_in(browser)).status == 303
    assert len(await audited(ports, "account.unlinked")) == 1
    await forget_elsewhere(ports, account.id, "operator")
    with pytest.raises(Missing):
        await forget_elsewhere(ports, account.id, "operator")
