"""Passkeys: made by who has just signed in, enough to sign in, and of no use twice."""

import json
from dataclasses import replace
from typing import Any

import pytest
from aiohttp.web import Application
from pydantic import AnyUrl, SecretStr
from pytest_aiohttp.plugin import AiohttpClient

from tests.authenticator import Device
from tests.make import KEY, FixedClock
from tests.web.conftest import Browser, SignIn
from vioP.app import create_app
from vioP.flows.second_factor import forget_second_factor
from vioP.passkey_check import Site
from vioP.ports import Ports
from vioP.settings import Settings

ORIGIN, HOST = "http://localhost:8080", "localhost"
BARE = "http://127.0.0.1:8080"


@pytest.fixture
def settings(tmp_path) -> Settings:
    return Settings(
        link_key=SecretStr(KEY.decode()), data=tmp_path, base_url=AnyUrl(ORIGIN)
    )


@pytest.fixture
def device() -> Device:
    return Device(ORIGIN, HOST)


async def options(browser: Browser, address: str) -> dict[str, Any]:
    answer = await browser.post(address)
    assert answer.status == 200, await answer.text()
    asked: dict[str, Any] = json.loads(await answer.text())
    return asked


async def add(browser: Browser, device: Device) -> int:
    said = device.make(await options(browser, "/passkeys/ask"))
    answer = await browser.post("/passkeys", data={"said": said, "name": "My phone"})
    return answer.status


async def come_in(browser: Browser, device: Device) -> tuple[int, dict[str, Any]]:
    browser.session.cookie_jar.clear()
    said = device.sign(await options(browser, "/sign-in/passkey/ask"))
    answer = await browser.post("/sign-in/passkey", data={"said": said})
    return answer.status, await answer.json()


@pytest.mark.parametrize(("who", "first"), [("c1", "/roster"), ("p1", "/me")])
async def test_a_passkey_alone_opens_the_account_it_was_made_for(
    browser: Browser, sign_in: SignIn, device: Device, ports: Ports, who: str, first: str
):
    await sign_in(who)
    assert await add(browser, device) == 200

    status, told = await come_in(browser, device)

    assert (status, told) == (200, {"go": first})
    page = await browser.get(first, allow_redirects=False)
    assert page.status == 200
    listed = await (await browser.get("/passkeys")).text()
    assert "My phone" in listed
    assert "last used on" in listed
    async with ports.store.read() as tx:
        did = [each.action for each in await tx.audit.latest(3)]
    assert did == ["account.signed_in", "passkey.added", "account.signed_in"]


async def test_what_was_signed_once_opens_nothing_again(
    browser: Browser, sign_in: SignIn, device: Device
):
    await sign_in("c1")
    await add(browser, device)
    browser.session.cookie_jar.clear()
    said = device.sign(await options(browser, "/sign-in/passkey/ask"))
    first = await browser.post("/sign-in/passkey", data={"said": said})

    again = await browser.post("/sign-in/passkey", data={"said": said})
    await options(browser, "/sign-in/passkey/ask")  # another question, the same answer
    other = await browser.post("/sign-in/passkey", data={"said": said})

    assert (first.status, again.status, other.status) == (200, 403, 403)


@pytest.mark.parametrize(
    "changed",
    [
        {"origin": "http://localhost:8081"},
        {"host": "evil.example"},
        {"verifies": False},
        {"id": b"somebody-else"},
    ],
    ids=lambda each: next(iter(each)),
)
async def test_a_passkey_of_another_site_or_without_its_owner_opens_nothing(
    browser: Browser, sign_in: SignIn, device: Device, changed: dict[str, Any]
):
    await sign_in("c1")
    await add(browser, device)

    status, told = await come_in(browser, replace(device, **changed))

    assert status == 403
    assert "go" not in told
    assert (await browser.get("/roster", allow_redirects=False)).status == 303


async def test_a_copied_device_is_noticed_by_its_count(
    browser: Browser, sign_in: SignIn, device: Device, ports: Ports
):
    await sign_in("c1")
    await add(browser, device)
    assert (await come_in(browser, device))[0] == 200
    copy = replace(device, count=0)

    status, _ = await come_in(browser, copy)

    assert status == 403
    async with ports.store.read() as tx:
        assert (await tx.audit.latest(1))[0].action == "passkey.counts_back"


async def test_a_device_that_was_asked_for_one_account_cannot_be_kept_for_another(
    browser: Browser, sign_in: SignIn, device: Device
):
    await sign_in("c1")
    said = device.make(await options(browser, "/passkeys/ask"))
    await sign_in("c2")

    answer = await browser.post("/passkeys", data={"said": said, "name": "Theirs"})

    assert answer.status == 422
    assert (await come_in(browser, device))[0] == 403


async def test_only_who_signed_in_just_now_adds_one(
    browser: Browser, sign_in: SignIn, clock: FixedClock
):
    await sign_in("c1")
    clock.forward(14)
    assert (await browser.post("/passkeys/ask")).status == 200
    clock.forward(2)

    answer = await browser.post("/passkeys/ask")

    assert answer.status == 409
    assert "sign in again" in (await answer.json())["problem"]


async def test_an_answer_that_takes_too_long_is_refused(
    browser: Browser, sign_in: SignIn, device: Device, clock: FixedClock
):
    await sign_in("p1")
    said = device.make(await options(browser, "/passkeys/ask"))
    clock.forward(6)

    answer = await browser.post("/passkeys", data={"said": said, "name": "My phone"})

    assert answer.status == 422


async def test_a_removed_one_and_one_of_a_closed_account_open_nothing(
    browser: Browser, sign_in: SignIn, device: Device, ports: Ports, app: Application
):
    assert app
    await sign_in("c1")
    await add(browser, device)
    async with ports.store.write() as tx:
        await tx.accounts.disable("c1", ports.clock.now())
    assert (await come_in(browser, device))[0] == 403

    other = replace(device, id=b"of-a-participant")
    await sign_in("p1")
    await add(browser, other)
    [passkey] = [each.id for each in await known(ports, "p1")]
    await sign_in("p2")
    assert (await browser.post(f"/passkeys/{passkey}/remove")).status == 404
    await sign_in("p1")
    await browser.post(f"/passkeys/{passkey}/remove")
    assert (await come_in(browser, other))[0] == 403


async def test_whoever_lost_a_device_is_out_with_it_and_so_is_the_passkey(
    browser: Browser, sign_in: SignIn, device: Device, ports: Ports
):
    await sign_in("c1")
    await add(browser, device)
    async with ports.store.read() as tx:
        account = await tx.accounts.of_person("c1")
    assert account is not None

    await forget_second_factor(ports, account.id, "operator")

    assert (await browser.get("/roster", allow_redirects=False)).status == 303
    assert (await come_in(browser, device))[0] == 403


async def known(ports: Ports, who: str):
    async with ports.store.read() as tx:
        account = await tx.accounts.of_person(who)
        assert account is not None
        return await tx.passkeys.of(account.id)


@pytest.mark.parametrize("said", ["", "{}", "[]", "nonsense", '{"id": 5}', '{"id": "x"}'])
async def test_nonsense_is_refused_in_words(browser: Browser, sign_in: SignIn, said: str):
    await sign_in("c1")
    await options(browser, "/passkeys/ask")
    kept = await browser.post("/passkeys", data={"said": said, "name": "My phone"})
    await options(browser, "/sign-in/passkey/ask")
    entered = await browser.post("/sign-in/passkey", data={"said": said})

    assert (kept.status, entered.status) == (422, 403)


def test_a_bare_address_can_have_none():
    assert Site("https://clinic.example", "Example").has_passkeys
    for base_url in ("http://127.0.0.1:8080", "http://[::1]:8080"):
        assert not Site(base_url, "Example").has_passkeys


@pytest.mark.parametrize(("base_url", "offered"), [(ORIGIN, True), (BARE, False)])
async def test_they_are_offered_only_where_there_can_be_any(
    ports: Ports,
    settings: Settings,
    aiohttp_client: AiohttpClient,
    base_url: str,
    offered: bool,
):
    here = settings.model_copy(update={"base_url": AnyUrl(base_url)})
    browser = await aiohttp_client(create_app(ports, here))

    page = await (await browser.get("/sign-in")).text()

    assert ("Sign in with a passkey" in page) is offered
