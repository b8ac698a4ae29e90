"""Signing in: by password, by code, and not at all."""

from dataclasses import replace

import pyotp
import pytest
from aiohttp.web import Application
from pytest_aiohttp.plugin import AiohttpClient

from tests.make import FixedClock, Postbox
from tests.web.conftest import OWN, Browser, SignIn
from vioP.access_settings import AccessSettings
from vioP.app import create_app
from vioP.domain.delivery import Channel
from vioP.flows.deliver import deliver
from vioP.flows.second_factor import forget_second_factor
from vioP.flows.sign_in import set_password
from vioP.ports import Ports
from vioP.settings import Settings
from vioP.web.keys import PORTS

PASSWORD = "a long enough password"  # noqa: S105 - a test's


async def account_of(ports: Ports, person: str):
    async with ports.store.read() as tx:
        everybody = await tx.accounts.everybody()
    return next(each.account for each in everybody if each.account.person.id == person)


async def mailed_code(ports: Ports, postbox: Postbox, to: str) -> str:
    await deliver(ports, Channel.MAIL)
    letter = [each for each in postbox.to(to) if b"code" in each.message_id.encode()][-1]
    text = letter.raw.decode()
    return next(word for word in text.split() if len(word) == 6 and word.isdigit())


async def give_password(browser: Browser, password: str = PASSWORD, **headers: str):
    form = {"email": "k1@staff.example", "password": password}
    return await browser.post("/sign-in/password", data=form, headers=headers)


def code_of(secret: str, clock: FixedClock, minutes: float = 0) -> str:
    at = int(clock.now().timestamp() + minutes * 60)
    return pyotp.TOTP(secret.replace(" ", "")).at(at)


async def authenticator_of(browser: Browser) -> str:
    """Give the password, and read what the new authenticator is given."""
    page = await (await give_password(browser)).text()
    return str(page).split("Type this into the app instead: <code>")[1].split("</code>")[0]


@pytest.fixture
async def coordinator(app: Application):
    ports = app[PORTS]
    await set_password(ports, (await account_of(ports, "k1")).id, PASSWORD)


async def give_code(browser: Browser, code: str):
    return await browser.post("/sign-in/second", data={"code": code})


@pytest.mark.usefixtures("coordinator")
async def test_a_password_alone_opens_nothing(browser: Browser):
    asked = await give_password(browser)

    assert asked.url.path == "/sign-in/second"
    assert (await browser.get("/board")).url.path == "/sign-in"


@pytest.mark.usefixtures("coordinator")
async def test_staff_set_up_an_authenticator_and_sign_in_with_it(
    browser: Browser, clock: FixedClock
):
    secret = await authenticator_of(browser)
    assert await authenticator_of(browser) == secret
    wrong = await give_code(browser, "000000")
    spares = await give_code(browser, code_of(secret, clock))

    assert wrong.status == 403
    assert "type the newest" in await wrong.text()
    assert "Keep these spare codes" in await spares.text()
    assert (await browser.get("/board")).url.path == "/board"

    await browser.post("/sign-out")
    clock.forward(5)
    asked = await (await give_password(browser)).text()
    again = await give_code(browser, code_of(secret, clock))
    assert "Type this into the app" not in asked
    assert again.url.path == "/board"


@pytest.mark.usefixtures("coordinator")
async def test_a_code_that_was_seen_opens_nothing_a_second_time(
    browser: Browser, clock: FixedClock
):
    secret = await authenticator_of(browser)
    used = code_of(secret, clock)
    await give_code(browser, used)
    await browser.post("/sign-out")

    await give_password(browser)
    older = code_of(secret, clock, -0.5)

    assert (await give_code(browser, used)).status == 403
    assert (await give_code(browser, older)).status == 403


@pytest.mark.usefixtures("coordinator")
async def test_each_spare_code_lets_in_once(browser: Browser, clock: FixedClock):
    secret = await authenticator_of(browser)
    page = await (await give_code(browser, code_of(secret, clock))).text()
    spares = [part.split("</code>")[0] for part in page.split("<li><code>")[1:]]
    assert len(set(spares)) == 8

    for spare, status in ((spares[0].upper(), 200), (spares[0], 403), (spares[1], 200)):
        browser.session.cookie_jar.clear()
        await give_password(browser)
        assert (await give_code(browser, spare)).status == status


@pytest.mark.usefixtures("coordinator")
async def test_a_lost_authenticator_is_forgotten_and_set_up_again(
    ports: Ports, browser: Browser, clock: FixedClock
):
    secret = await authenticator_of(browser)
    await give_code(browser, code_of(secret, clock))
    browser.session.cookie_jar.clear()

    await forget_second_factor(ports, (await account_of(ports, "k1")).id, "operator")

    assert await authenticator_of(browser) != secret


@pytest.mark.usefixtures("coordinator")
async def test_after_five_wrong_codes_even_the_right_one_waits(
    browser: Browser, clock: FixedClock
):
    secret = await authenticator_of(browser)
    for _ in range(5):
        await give_code(browser, "12345x")
    late = await give_code(browser, code_of(secret, clock))
    clock.forward(16)
    await give_password(browser)

    assert "Too many tries" in await late.text()
    assert (await give_code(browser, code_of(secret, clock))).status == 200


@pytest.mark.usefixtures("coordinator")
async def test_where_it_is_required_it_cannot_wait(browser: Browser):
    refused = await browser.post("/sign-in/second/later")
    await give_password(browser)

    assert refused.url.path == "/sign-in"
    assert (await browser.post("/sign-in/second/later")).status == 403


@pytest.mark.usefixtures("coordinator")
async def test_where_it_is_offered_it_can_wait_until_it_is_set_up(
    ports: Ports, settings: Settings, aiohttp_client: AiohttpClient, clock: FixedClock
):
    house = replace(ports.house, second_factor_required=False)
    lenient = create_app(replace(ports, house=house), settings)
    browser = await aiohttp_client(lenient, headers=OWN)
    secret = await authenticator_of(browser)
    assert (await browser.post("/sign-in/second/later")).url.path == "/board"

    await give_password(browser)
    await give_code(browser, code_of(secret, clock))
    browser.session.cookie_jar.clear()
    await give_password(browser)
    assert (await browser.post("/sign-in/second/later")).status == 403


@pytest.mark.usefixtures("coordinator")
async def test_a_password_is_guessed_five_times_from_one_place_and_then_not_again(
    browser: Browser, clock: FixedClock
):
    for _ in range(5):
        assert (await give_password(browser, "guess")).status == 403
    locked = await give_password(browser)
    clock.forward(16)

    assert "Too many tries" in await locked.text()
    assert (await give_password(browser)).url.path == "/sign-in/second"


@pytest.mark.usefixtures("coordinator")
async def test_who_guesses_elsewhere_locks_nobody_out_here(
    ports: Ports, settings: Settings, aiohttp_client: AiohttpClient
):
    access = AccessSettings(trusted_proxies=1)
    behind = create_app(ports, settings.model_copy(update={"access": access}))
    browser = await aiohttp_client(behind, headers=OWN)
    for number in range(6):
        seen = f"made.up.{number}, 203.0.113.9"
        await give_password(browser, "guess", **{"X-Forwarded-For": seen})

    there = await give_password(browser, **{"X-Forwarded-For": "203.0.113.9"})
    here = await give_password(browser, **{"X-Forwarded-For": "198.51.100.4"})

    assert "Too many tries" in await there.text()
    assert here.url.path == "/sign-in/second"


async def test_codes_are_mailed_five_times_an_hour_to_anybody_known_or_not(
    ports: Ports, browser: Browser, postbox: Postbox
):
    for email in ("p1@participants.example", "no@participants.example"):
        answers = [
            await browser.post("/sign-in/code", data={"email": email}) for _ in range(6)
        ]
        assert [each.status for each in answers] == [200] * 5 + [403]
    await deliver(ports, Channel.MAIL)
    codes = [each for each in postbox.letters if "code" in each]
    assert 0 < len(codes) <= 5


async def test_staff_give_their_password(ports: Ports, browser: Browser):
    await set_password(ports, (await account_of(ports, "k1")).id, PASSWORD)

    wrong = await browser.post(
        "/sign-in/password", data={"email": "k1@staff.example", "password": "guess"}
    )
    right = await browser.post(
        "/sign-in/password", data={"email": " K1@staff.example ", "password": PASSWORD}
    )

    assert wrong.status == 403
    assert right.status == 200
    assert right.url.path == "/sign-in/second"


async def test_a_participant_signs_in_with_a_mailed_code_once(
    ports: Ports, browser: Browser, postbox: Postbox
):
    await browser.post("/sign-in/code", data={"email": "p1@participants.example"})
    code = await mailed_code(ports, postbox, "p1@participants.example")
    form = {"email": "p1@participants.example", "code": code}

    first = await browser.post("/sign-in/code/check", data=form)
    browser.session.cookie_jar.clear()
    second = await browser.post("/sign-in/code/check", data=form)

    assert first.url.path == "/me"
    assert second.status == 403


async def test_five_wrong_codes_close_the_way_even_for_the_right_one(
    ports: Ports, browser: Browser, postbox: Postbox
):
    await browser.post("/sign-in/code", data={"email": "p1@participants.example"})
    code = await mailed_code(ports, postbox, "p1@participants.example")
    wrong = "000000" if code != "000000" else "000001"

    for _ in range(5):
        form = {"email": "p1@participants.example", "code": wrong}
        assert (await browser.post("/sign-in/code/check", data=form)).status == 403
    form = {"email": "p1@participants.example", "code": code}
    answer = await browser.post("/sign-in/code/check", data=form)

    assert answer.status == 403
    assert "Too many tries" in await answer.text()


async def test_a_code_lasts_ten_minutes(
    ports: Ports, browser: Browser, postbox: Postbox, clock: FixedClock
):
    await browser.post("/sign-in/code", data={"email": "p1@participants.example"})
    code = await mailed_code(ports, postbox, "p1@participants.example")
    clock.forward(10)

    form = {"email": "p1@participants.example", "code": code}
    assert (await browser.post("/sign-in/code/check", data=form)).status == 403


async def test_asking_for_a_code_says_nothing_about_who_is_known(browser: Browser):
    known = await browser.post("/sign-in/code", data={"email": "p1@participants.example"})
    unknown = await browser.post("/sign-in/code", data={"email": "no@participants.example"})

    same = (
        (await known.text()).replace("p1@", "X@"),
        (await unknown.text()).replace("no@", "X@"),
    )
    assert same[0] == same[1]


async def test_staff_who_were_idle_too_long_sign_in_again_and_participants_do_not(
    browser: Browser, sign_in: SignIn, clock: FixedClock
):
    await sign_in("k1")
    clock.forward(31)
    assert (await browser.get("/board")).url.path == "/sign-in"

    browser.session.cookie_jar.clear()
    await sign_in("p1")
    clock.forward(31)
    assert (await browser.get("/me")).url.path == "/me"


async def test_signing_out_ends_the_session_on_the_server(
    browser: Browser, sign_in: SignIn
):
    await sign_in("k1")
    [cookie] = [each.value for each in browser.session.cookie_jar if each.key == "viop"]
    await browser.post("/sign-out")
    browser.session.cookie_jar.update_cookies({"viop": cookie}, browser.make_url("/"))

    assert (await browser.get("/board")).url.path == "/sign-in"


async def test_somebody_whose_account_was_closed_is_out_at_once(
    ports: Ports, browser: Browser, sign_in: SignIn, clock: FixedClock
):
    await sign_in("k1")
    async with ports.store.write() as tx:
        await tx.accounts.disable("k1", clock.now())

    assert (await browser.get("/board")).url.path == "/sign-in"
