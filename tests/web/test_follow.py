"""Following one person through a missed session, as staff do it."""

import asyncio
from dataclasses import replace

import pytest
from aiohttp import ClientResponse
from pytest_aiohttp.plugin import AiohttpClient

from tests.carrier import FakeCarrier
from tests.make import FixedClock, group_session, minutes_later, seat_of
from tests.web.conftest import OWN, Browser, SignIn
from tests.web.test_pages import begun_without_p4, read
from vioP.domain.attendance import Presence
from vioP.domain.delivery import Channel
from vioP.domain.ids import ParticipantId, SessionId
from vioP.flows.ask_tech_help import ask_tech_help
from vioP.flows.deliver import deliver
from vioP.flows.note_contact import ContactNote, note_contact
from vioP.flows.record_join import record_join
from vioP.flows.show import show_session
from vioP.flows.take_text import take_text
from vioP.flows.watch_session import watch_session
from vioP.ports import Ports
from vioP.storage.attempts import Task
from vioP.web.keys import PORTS
from vioP.web.live import PULSE


@pytest.fixture
async def missed(ports: Ports, browser: Browser, clock: FixedClock) -> SessionId:
    """The group at nine, six minutes in, with p4 on the call list."""
    session = await begun_without_p4(ports, browser)
    clock.forward(6)
    await watch_session(ports, session)
    for channel in (Channel.SMS, Channel.MAIL, Channel.CALL_LIST):
        await deliver(ports, channel)
    return session


async def test_the_story_reads_from_top_to_bottom(
    ports: Ports, browser: Browser, sign_in: SignIn, missed
):
    seat = await seat_of(ports, missed, "p4")
    await sign_in("k1")

    board = await read(browser, "/board")
    page = await read(browser, f"/seats/{seat}")

    assert f'href="/seats/{seat}"' in board
    assert "On the call list" in board
    assert "Call now, from the call list" in board
    text = " ".join(page.split())
    order = [
        "09:06</span> Message by mail",
        "09:06</span> Message by text",
        "09:06</span> Call",
    ]
    found = [text.index(each) for each in order]
    assert found == sorted(found)


async def test_a_step_that_was_not_taken_says_why(
    ports: Ports, browser: Browser, sign_in: SignIn, clock: FixedClock, missed
):
    seat = await seat_of(ports, missed, "p4")
    await sign_in("k1")
    form = {"note": "no_texts", "seat": seat}
    await browser.post("/participants/p4/contact", data=form)
    clock.forward(10)
    await watch_session(ports, missed)

    page = await read(browser, f"/seats/{seat}")

    assert "not sent: it was too late for it" in page
    assert "Opted out (Kim K., k1)" in page


async def test_the_safety_panel_is_one_click_away_for_the_host_and_nobody_elses(
    ports: Ports, browser: Browser, sign_in: SignIn, missed
):
    seat = await seat_of(ports, missed, "p4")
    await sign_in("c1")

    page = await read(browser, f"/sessions/{missed}")
    panel = await read(browser, f"/seats/{seat}/safety")

    assert f'href="/seats/{seat}/safety"' in page
    assert "Denver, CO" in panel
    assert "988" in panel
    assert "tel:+13035550101" in panel
    assert "Leave no message" in panel
    browser.session.cookie_jar.clear()
    async with ports.store.read() as tx:
        sessions = await tx.live.between(
            ports.clock.now(), ports.clock.now().replace(day=14)
        )
    other = next(each for each in sessions if each.staff == ("c1",))
    await sign_in("c2")
    for address in (f"/seats/{other.seats[0].id}", f"/seats/{other.seats[0].id}/safety"):
        assert (await browser.get(address)).status == 404


async def test_the_sessions_page_says_honestly_how_people_take_part_by_phone(
    browser: Browser, sign_in: SignIn, missed
):
    await sign_in("c1")

    page = await read(browser, f"/sessions/{missed}")
    refused = await browser.post(f"/sessions/{missed}/bridge")

    assert "There is no number to dial into this session." in page
    assert "+1 212 555 0100" in page
    assert "Ring the host" not in page
    assert refused.status == 409


async def test_abroad_the_panel_names_the_numbers_of_the_country_they_say_they_are_in(
    ports: Ports, browser: Browser, sign_in: SignIn, missed
):
    seat = await seat_of(ports, missed, "p4")
    link = f"/j/{ports.secrets.link_token(seat)}"
    assert '<option value="Mexico">Mexico</option>' in await read(browser, link)
    form = {"where": "elsewhere", "city": "Oaxaca", "state": "Mexico"}
    assert (await browser.post(link, data=form, allow_redirects=False)).status == 303
    await sign_in("c1")

    panel = await read(browser, f"/seats/{seat}/safety")
    page = await read(browser, f"/sessions/{missed}")

    assert "Oaxaca, Mexico" in panel
    assert "In Mexico one dials 911. That works from inside Mexico only" in panel
    assert "Línea de la Vida 800 911 2000" in panel
    assert "911 reaches the services of the place you call from" not in panel
    assert "Nobody who hosts this session is licensed in Mexico." in page
    assert "In Mexico one dials 911." in page


@pytest.mark.usefixtures("missed")
async def test_a_line_that_is_claimed_shows_no_number_to_a_colleague(
    browser: Browser, sign_in: SignIn
):
    await sign_in("k1")
    page = await read(browser, "/calls")
    key = page.split('action="/calls/')[1].split("/claim")[0]

    mine = await (await browser.post(f"/calls/{key}/claim")).text()
    assert "Give it back" in mine
    browser.session.cookie_jar.clear()
    await sign_in("t1")
    theirs = await read(browser, "/calls")
    assert "Kim K. is calling" in theirs
    assert "tel:+13035550101" not in theirs
    browser.session.cookie_jar.clear()
    await sign_in("k1")
    back = await (await browser.post(f"/calls/{key}/give-back")).text()
    assert "I am calling" in back


@pytest.mark.usefixtures("missed")
async def test_undo_brings_a_line_back_and_no_colleague_is_offered_it(
    browser: Browser, sign_in: SignIn
):
    await sign_in("k1")
    page = await read(browser, "/calls")
    key = page.split('action="/calls/')[1].split("/claim")[0]

    slip = await (await browser.post(f"/calls/{key}", data={"outcome": "handled"})).text()
    browser.session.cookie_jar.clear()
    await sign_in("t1")
    theirs = await read(browser, "/calls")
    browser.session.cookie_jar.clear()
    await sign_in("k1")
    back = await (await browser.post(f"/calls/{key}/take-back")).text()
    again = await browser.post(f"/calls/{key}/take-back")

    assert f'action="/calls/{key}/claim"' not in slip
    assert f'action="/calls/{key}/take-back"' in slip
    assert "take-back" not in theirs
    assert f'action="/calls/{key}/claim"' in back
    assert again.status == 409


@pytest.mark.usefixtures("missed")
async def test_a_welfare_check_needs_its_reason(browser: Browser, sign_in: SignIn):
    await sign_in("k1")
    page = await read(browser, "/calls")
    key = page.split('action="/calls/')[1].split("/claim")[0]

    bare = await browser.post(f"/calls/{key}", data={"outcome": "welfare_check"})
    given = {"outcome": "welfare_check", "reason": "found the note"}
    kept = await browser.post(f"/calls/{key}", data=given)

    assert bare.status == 422
    assert "Welfare check asked for" in await kept.text()


async def test_what_somebody_wrote_stands_on_the_call_list_word_for_word(
    ports: Ports, browser: Browser, sign_in: SignIn, clock: FixedClock, missed
):
    await take_text(ports, "t1", "+13035550101", "I am <b>lost</b>, where do I click?")
    clock.forward(6)
    await watch_session(ports, missed)
    await deliver(ports, Channel.CALL_LIST)
    await sign_in("k1")

    page = await read(browser, "/calls")

    assert (
        "<blockquote>I am &lt;b&gt;lost&lt;/b&gt;, where do I click?</blockquote>" in page
    )
    assert "Look for this person: P4 A." in page


async def test_a_clinician_puts_a_welfare_check_on_record_with_its_reason(
    ports: Ports, browser: Browser, sign_in: SignIn, missed
):
    seat = await seat_of(ports, missed, "p4")
    await sign_in("c1")
    done = {"outcome": "welfare_check", "reason": "no answer after a goodbye"}

    bare = await browser.post(f"/seats/{seat}/safety", data=done | {"reason": ""})
    other = await browser.post(f"/seats/{seat}/safety", data=done | {"outcome": "handled"})
    page = await browser.post(f"/seats/{seat}/safety", data=done)

    assert (bare.status, other.status) == (422, 422)
    text = await page.text()
    assert "Welfare check asked for (Doctor C1)" in text
    assert "no answer after a goodbye" in text


async def test_a_host_tells_everybody_that_the_room_does_not_work(
    browser: Browser, sign_in: SignIn, clock: FixedClock, missed
):
    await sign_in("c1")

    told = await browser.post(f"/sessions/{missed}/news", data={"news": "room_down"})
    page = await told.text()

    assert "Staff said that the room does not work. Nobody is called" in page
    assert "The room works again" in page
    assert "4 of 4 told that the room does not work." in page
    clock.forward(1)
    up = await browser.post(f"/sessions/{missed}/news", data={"news": "room_up"})
    assert "The room does not work: send the phone number" in await up.text()


async def test_whom_no_message_reaches_is_named_to_whoever_told_everybody(
    ports: Ports, browser: Browser, sign_in: SignIn, missed
):
    person = ParticipantId("p2")
    await note_contact(ports, person, ContactNote.DISCHARGED, "k1")
    await sign_in("c1")

    told = await browser.post(f"/sessions/{missed}/news", data={"news": "host_late"})
    page = await told.text()

    assert "3 of 4 told that the host is late." in page
    assert "Reached by neither mail nor text: P2 A." in page


async def test_the_phone_is_tested_on_whoever_asks(
    ports: Ports, browser: Browser, sign_in: SignIn, app
):
    await sign_in("t1")
    assert "people make all calls" in await read(browser, "/calls")
    refused = await browser.post("/drill", data={"number": "+12125550101"})
    assert refused.status == 422

    app._state[PORTS] = replace(ports, telephone=FakeCarrier())  # noqa: SLF001 - frozen by now
    page = await browser.post("/drill", data={"number": "+1 212 555 0101"})
    wrong = await browser.post("/drill", data={"number": "me"})

    assert "The test call is on its way" in await page.text()
    assert wrong.status == 422


async def hear(answer: ClientResponse) -> str:
    """The next word of a stream."""
    while True:
        line = (await asyncio.wait_for(answer.content.readline(), 5)).decode().strip()
        if line.startswith("id: "):
            return line.removeprefix("id: ")


async def test_a_join_is_heard_by_every_open_page_and_one_that_was_away_catches_up(
    ports: Ports, browser: Browser, sign_in: SignIn, missed, app
):
    await sign_in("k1")
    first = await browser.get("/live")
    assert first.headers["Content-Security-Policy"].startswith("default-src 'none'")
    word = await hear(first)
    assert app[PULSE].listeners == 1

    seat = await seat_of(ports, missed, "p4")
    await record_join(ports, ports.secrets.link_token(seat))

    heard = await hear(first)
    assert heard != word
    first.close()
    away = await browser.get("/live", headers={"Last-Event-ID": word})
    assert await hear(away) == heard
    away.close()
    await asyncio.sleep(1.5)
    assert app[PULSE].listeners == 0


async def test_the_stream_is_for_staff(browser: Browser, sign_in: SignIn):
    assert (await browser.get("/live", allow_redirects=False)).status in {302, 303, 401}
    await sign_in("p1")
    assert (await browser.get("/live")).status == 404


async def test_the_demos_phone_rings_takes_keys_and_words(
    ports: Ports, demo_app, aiohttp_client: AiohttpClient
):
    browser = await aiohttp_client(demo_app, headers=OWN)
    session = await group_session(ports)
    assert session

    page = await read(browser, "/demo/phone")
    said = await browser.post(
        "/demo/texts", data={"number": "+13035550101", "body": "STOP"}
    )

    assert "No phone rings" in page
    assert "Your appointments stay as they are" in await said.text()
    assert (await browser.post("/demo/phone/nothing", data={"key": "1"})).status == 404


async def test_a_coordinator_says_that_the_room_works_and_whoever_is_missing_is_called(
    ports: Ports, browser: Browser, sign_in: SignIn, clock: FixedClock
):
    session = await begun_without_p4(ports, browser, here=("p1",))
    clock.forward(4)
    await watch_session(ports, session)
    await deliver(ports, Channel.CALL_LIST)
    await sign_in("k1")
    assert "The room works: look for whoever is missing" in await read(browser, "/calls")
    assert "until somebody has looked" in await read(browser, "/board")

    page = await browser.post(f"/sessions/{session}/news", data={"news": "room_up"})
    clock.forward(3)
    await watch_session(ports, session)
    await deliver(ports, Channel.CALL_LIST)

    assert "until somebody has looked" not in await page.text()
    assert (await read(browser, "/calls")).count("Call: P") == 3


async def test_what_to_say_fits_what_the_line_is_about(
    ports: Ports, browser: Browser, sign_in: SignIn, clock: FixedClock
):
    async with ports.store.write() as tx:
        for number, kind in enumerate(("not_set_up", "wants_human", "tech_help"), 1):
            await tx.attempts.ask(Task(f"t{number}", kind, f"p{number}"), clock.now())
    await sign_in("k1")

    page = await read(browser, "/calls")

    assert "Your appointment has started" not in page
    for words in ("A few things we need", "How can I help", "Device check"):
        assert words in page


async def test_help_with_a_device_does_not_hide_that_somebody_is_missing(
    ports: Ports, browser: Browser, sign_in: SignIn, clock: FixedClock, missed
):
    seat = await seat_of(ports, missed, "p4")
    clock.forward(1)
    await ask_tech_help(ports, ParticipantId("p4"))
    await sign_in("k1")

    page = await read(browser, "/calls")
    assert f'href="/seats/{seat}/safety"' in page
    assert "Your appointment has started" in page
    line = f"call:{seat}:0:call_list"
    await browser.post(f"/calls/{line}", data={"outcome": "on_the_phone"})

    shown = await show_session(ports, missed)
    assert (
        next(each for each in shown.seats if each.id == seat).presence is Presence.PRESENT
    )
    assert f'action="/calls/{line}"' in page


@pytest.mark.usefixtures("missed")
async def test_who_is_missing_now_stands_above_what_can_wait(
    ports: Ports, browser: Browser, sign_in: SignIn
):
    async with ports.store.write() as tx:
        await tx.attempts.ask(Task("t1", "not_set_up", "p1"), minutes_later(-60))
    await sign_in("k1")

    page = await read(browser, "/calls")

    assert page.index("Call: P4 A.") < page.index("Not set up")
