"""Signing in: by password, by code, and not at all."""

from tests.make import FixedClock, Postbox
from tests.web.conftest import Browser, SignIn
from vioP.domain.delivery import Channel
from vioP.flows.deliver import deliver
from vioP.flows.sign_in import set_password
from vioP.ports import Ports

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


async def test_staff_sign_in_with_their_password(ports: Ports, browser: Browser):
    await set_password(ports, (await account_of(ports, "k1")).id, PASSWORD)

    wrong = await browser.post(
        "/sign-in/password", data={"email": "k1@staff.example", "password": "guess"}
    )
    right = await browser.post(
        "/sign-in/password", data={"email": " K1@staff.example ", "password": PASSWORD}
    )

    assert wrong.status == 403
    assert right.status == 200
    assert right.url.path == "/board"


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
