"""The account of staff: a new password for the old one, and no other device stays signed in."""

import pytest

from tests.make import FixedClock
from tests.web.conftest import Browser, SignIn
from vioP.domain.ids import AccountId
from vioP.domain.password import why_not
from vioP.flows.sign_in import begin_session, set_password, who_is
from vioP.ports import Ports
from vioP.storage.accounts import Account

OLD, NEW = "copper lantern violin", "walnut harbour sparrow"


@pytest.fixture
async def account(ports: Ports, sign_in: SignIn) -> Account:
    """k1's account, with a password."""
    await sign_in("k1")
    async with ports.store.read() as tx:
        found = await tx.accounts.of_person("k1")
    assert found is not None
    await set_password(ports, found.id, OLD)
    return found


async def fits(ports: Ports, account_id: AccountId, password: str) -> bool:
    async with ports.store.read() as tx:
        found = await tx.accounts.by_id(account_id)
    assert found is not None
    return await ports.passwords.fits(password, found.password_hash)


async def test_a_password_is_changed_and_other_devices_are_signed_out(
    ports: Ports, account: Account, sign_in: SignIn
):
    elsewhere = await begin_session(ports, account)
    browser = await sign_in("k1")
    assert "Sign out there" in await (await browser.get("/account")).text()

    page = await (
        await browser.post("/account/password", data={"old": OLD, "new": NEW})
    ).text()

    assert "Your password is changed." in page
    assert await fits(ports, account.id, NEW)
    assert await who_is(ports, elsewhere.token) is None


async def test_whoever_sits_at_an_open_screen_cannot_change_it_and_is_slowed_down(
    ports: Ports, account: Account, sign_in: SignIn
):
    browser = await sign_in("k1")

    answers = [
        (await browser.post("/account/password", data={"old": "guess", "new": NEW})).status
        for _ in range(6)
    ]

    assert answers == [403] * 6
    assert await fits(ports, account.id, OLD)
    text = await (
        await browser.post("/account/password", data={"old": OLD, "new": NEW})
    ).text()
    assert "Too many tries" in text
    assert await fits(ports, account.id, OLD)


async def test_everywhere_else_is_signed_out_by_one_press(
    ports: Ports, account: Account, sign_in: SignIn
):
    elsewhere = await begin_session(ports, account)
    browser: Browser = await sign_in("k1")

    page = await (
        await browser.post("/account/sessions/end", data={"end": "others"})
    ).text()

    assert "Only here." in page
    assert await who_is(ports, elsewhere.token) is None


async def test_whoever_says_they_are_there_stays_signed_in(
    sign_in: SignIn, clock: FixedClock
):
    browser = await sign_in("k1")
    clock.forward(29)

    assert (await browser.post("/stay")).status == 204

    clock.forward(29)
    assert (await browser.get("/account")).url.path == "/account"


async def test_one_other_place_is_signed_out_and_the_rest_stays(
    ports: Ports, account: Account, sign_in: SignIn
):
    mac, phone = [await begin_session(ports, account) for _ in range(2)]
    await who_is(ports, mac.token, "firefox mac")
    await who_is(ports, phone.token, "safari iphone")
    browser: Browser = await sign_in("k1")
    page = await (await browser.get("/account")).text()
    assert "Firefox on a Mac" in page
    name = ports.secrets.digest(phone.token)[:16]
    assert name in page

    page = await (await browser.post(f"/account/sessions/{name}/end")).text()

    assert "You are signed out there." in page
    assert "Safari on an iPhone" not in page
    assert await who_is(ports, phone.token) is None
    assert await who_is(ports, mac.token) is not None
    assert (await browser.post(f"/account/sessions/{name}/end")).status == 404


async def test_nobody_ends_a_session_of_somebody_else(
    ports: Ports, account: Account, sign_in: SignIn
):
    theirs = await begin_session(ports, account)
    browser: Browser = await sign_in("c1")
    name = ports.secrets.digest(theirs.token)[:16]

    assert (await browser.post(f"/account/sessions/{name}/end")).status == 404
    assert await who_is(ports, theirs.token) is not None


async def test_what_has_been_idle_too_long_is_not_listed_for_it_opens_nothing(
    ports: Ports, account: Account, sign_in: SignIn, clock: FixedClock
):
    await begin_session(ports, account)
    clock.forward(40)
    browser: Browser = await sign_in("k1")

    assert "Only here." in await (await browser.get("/account")).text()


async def test_a_password_given_by_an_operator_ends_what_was_begun_before(
    ports: Ports, account: Account
):
    begun = await begin_session(ports, account)

    await set_password(ports, account.id, NEW)

    assert await who_is(ports, begun.token) is None


@pytest.mark.parametrize(
    ("password", "says"),
    [
        ("short", "shorter than 12"),
        ("x" * 129, "longer than 128"),
        ("aaaaaaaaaaaaaaaa", "repeats"),
        ("1234567890123", "first that are guessed"),
        ("Password12345!", "first that are guessed"),
        ("1qaz2wsx3edc", "first that are guessed"),
        ("123qweasdzxc", "first that are guessed"),
        ("Q1w2e3r4t5y6", "first that are guessed"),
        ("qawsedrftgyh", "first that are guessed"),
        ("123456789abc", "first that are guessed"),
        ("passwordpassword", "first that are guessed"),
        ("LeaveMeAlone!", "first that are guessed"),
        ("power tree walker", ""),
        ("kim kestrel 2027 x", "name of yours"),
        ("my example health", "name of yours"),
        ("walnut harbour sparrow", ""),
        ("correct horse battery", ""),
    ],
)
def test_what_is_easily_guessed_is_refused_with_the_reason(password: str, says: str):
    found = why_not(password, ("Kim Kestrel", "k1@staff.example", "Example Health"))

    assert says in found
    assert bool(says) == bool(found)
