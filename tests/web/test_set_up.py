"""Setting up without scripts: every page by plain forms, and what is wrong is said beside it."""

import re
from dataclasses import replace

import pytest
from aiohttp.web import Application
from pytest_aiohttp.plugin import AiohttpClient

from tests.carrier import FakeCarrier
from tests.flows.test_onboarding import TEEN, link_in, subjects
from tests.flows.test_ring import run_due
from tests.make import (
    NINE,
    FixedClock,
    Pocket,
    Postbox,
    group_session,
    participant,
    programme,
    publish,
    seat_of,
)
from tests.web.conftest import OWN, Browser, SignIn
from vioP.app import create_app
from vioP.domain.call import CallState
from vioP.domain.ids import ParticipantId
from vioP.domain.onboarding import TITLES
from vioP.domain.phone_check import digit_of
from vioP.domain.setup_link import LinkPurpose
from vioP.flows.hear_call import hear_call, hear_key
from vioP.flows.import_programme import import_programme
from vioP.flows.record_join import open_link
from vioP.flows.send_setup_link import make_door_link, send_setup_link
from vioP.flows.show import show_session
from vioP.flows.take_text import take_text
from vioP.ports import Ports
from vioP.settings import Settings

P1 = ParticipantId("p1")
HOME = {"street": "1 Elm St", "city": "Denver", "state": "CO", "country": "US"}
FORMS = {
    "name": {"name": "Ada"},
    "place": HOME,
    "safe-places": {
        "label_1": "Library", "street_1": "2 Oak St", "city_1": "Cheyenne",
        "state_1": "WY",
    },
    "phone": {"phone": "(303) 555-0123", "second": "303 555 0124"},
    "contact": {"sms": "yes", "machine": "yes", "call": "yes"},
    "emergency": {"name": "Bea", "phone": "303 555 0125"},
    "needs": {},
    "calendar": {"calendar": "invites"},
}  # fmt: skip


@pytest.fixture
def carrier() -> FakeCarrier:
    """The telephone."""
    return FakeCarrier()


@pytest.fixture
def ports(ports: Ports, carrier: FakeCarrier) -> Ports:
    """The program's surroundings, with a telephone."""
    return replace(ports, telephone=carrier)


@pytest.fixture
async def app(ports: Ports, settings: Settings, clock: FixedClock) -> Application:
    """The application; p1 was asked to set up, p5 is a minor."""
    clock.forward(-2 * 24 * 60)
    minor = replace(
        TEEN, id=ParticipantId("p5"), contact=participant("p5").contact, name="P5 A."
    )
    people = [*(participant(f"p{number}") for number in range(1, 5)), minor]
    await import_programme(ports, programme(people), "k1")
    await send_setup_link(ports, P1, LinkPurpose.PARTICIPANT, "k1")
    await publish(ports)
    await run_due(ports)
    clock.move_to(NINE)
    return create_app(ports, settings)


@pytest.fixture
async def browser(app: Application, aiohttp_client: AiohttpClient) -> Browser:
    return await aiohttp_client(app, headers=OWN)


@pytest.fixture
async def link(app: Application, postbox: Postbox) -> str:  # noqa: ARG001 - sends it
    return f"/set-up/{link_in(postbox)}"


async def read(browser: Browser, address: str) -> str:
    answer = await browser.get(address)
    assert answer.status == 200, address
    return await answer.text()


async def post(browser: Browser, address: str, data: dict[str, str]) -> str:
    """Send a form; where it leads to."""
    answer = await browser.post(address, data=data, allow_redirects=False)
    assert answer.status == 303, (address, await answer.text())
    return answer.headers["Location"]


async def sign(browser: Browser, base: str, piece: str, **more: str) -> str:
    page = await read(browser, f"{base}/{piece}")
    version = page.split('name="version" value="')[1].split('"')[0]
    form = {"agreed": "yes", "name": "Ada R.", "version": version} | more
    return await post(browser, f"{base}/{piece}", form)


async def fill(browser: Browser, base: str) -> None:
    """Every piece that is required, in order, as a person without scripts does."""
    zone = {"zone": "America/Denver"}
    await post(browser, f"{base}/zone", zone | {"confirm": "yes"})
    for piece, form in FORMS.items():
        await post(browser, f"{base}/{piece}", form)
    await sign(browser, base, "telehealth")
    await sign(browser, base, "group")


async def test_from_the_mailed_link_to_the_first_invite_without_scripts(
    ports: Ports, browser: Browser, link: str, postbox: Postbox
):
    page = await read(browser, link)
    assert "0 of 12 done" in page
    assert f'href="{link}/name"' in page

    here = f"{link}/name"
    seen = []
    zone = {"zone": "America/Denver", "confirm": "yes"}
    while here not in {link, f"{link}/phone-check"}:
        piece = here.rpartition("/")[2]
        seen.append(piece)
        assert "<h1>" in await read(browser, here)
        if piece in {"telehealth", "group"}:
            here = await sign(browser, link, piece)
        else:
            here = await post(browser, here, FORMS.get(piece, zone))
    assert seen == [each.value for each in TITLES if each in FORMS or each in
                    {"zone", "telehealth", "group"}]  # fmt: skip

    await run_due(ports)
    assert "Example Health appointment" in subjects(postbox)
    page = await read(browser, link)
    assert "Everything we need is there." in page
    assert "11 of 13 done" in page


async def test_the_zone_is_confirmed_by_the_clock_and_never_taken_from_the_state(
    browser: Browser, link: str
):
    answer = await browser.post(f"{link}/zone", data={"zone": "Pacific/Honolulu"})
    page = await answer.text()
    assert "It is <strong>5:00 AM</strong> for you, right?" in page
    assert "0 of 12 done" in await read(browser, link)

    confirmed = {"zone": "Pacific/Honolulu", "confirm": "yes"}
    await post(browser, f"{link}/zone", confirmed)
    await post(browser, f"{link}/place", HOME | {"state": "AK"})

    assert '<option value="Pacific/Honolulu" selected>' in await read(
        browser, f"{link}/zone"
    )


@pytest.mark.parametrize(
    ("piece", "form", "field", "words"),
    [
        ("name", {"name": " "}, "name", "Write the name"),
        ("zone", {"zone": "Colorado"}, "zone", "Choose the place"),
        ("place", {"street": "1 Elm St", "country": "US"}, "city", "Write the town"),
        ("place", HOME | {"country": "other"}, "emergency", "Write the emergency"),
        ("safe-places", {"label_2": "Mum"}, "street_2", "Write the street"),
        ("phone", {"phone": "12"}, "phone", "Write a phone number"),
        ("contact", {}, "sms", "Tick at least one way"),
        ("contact", {"call": "yes", "none": "yes"}, "none", "Tick ways to reach you"),
        ("emergency", {"name": "Bea"}, "phone", "Write a phone number"),
        ("needs", {"interpreter": "yes"}, "language", "Write the language"),
        ("calendar", {"calendar": "fax"}, "calendar", "Choose one"),
        ("telehealth", {"name": "Ada"}, "agreed", "Tick the box"),
    ],
)
async def test_what_is_wrong_is_said_beside_the_field_and_nothing_typed_is_lost(
    browser: Browser, link: str, piece: str, form: dict[str, str], field: str, words: str
):
    answer = await browser.post(f"{link}/{piece}", data=form)
    page = await answer.text()

    assert answer.status == 422
    assert f'<a href="#{field}">{words}' in page
    assert f'id="{field}-wrong"' in page
    assert f'id="{field}"' in page
    assert "<title>Something is missing: " in page
    for name in form.keys() - {"zone", "calendar"}:  # chosen from a list
        assert form[name].strip() in page


def ticked(page: str) -> set[str]:
    """The boxes that are ticked on a page."""
    return set(re.findall(r'<input type="checkbox" id="(\w+)"[^>]* checked', page))


async def test_the_ways_to_reach_somebody_begin_as_they_hold_now(
    ports: Ports, browser: Browser, link: str, clock: FixedClock
):
    at_intake = ticked(await read(browser, f"{link}/contact"))
    await post(browser, f"{link}/contact", {"call": "yes", "voicemail": "yes"})
    chosen = ticked(await read(browser, f"{link}/contact"))
    clock.forward(1)
    await take_text(ports, "SM7", participant("p1").contact.phone, "START")
    by_text = ticked(await read(browser, f"{link}/contact"))
    clock.forward(1)
    await post(browser, f"{link}/contact", {"none": "yes"})
    none = ticked(await read(browser, f"{link}/contact"))

    assert at_intake == {"sms", "machine", "call"}
    assert chosen == {"call", "voicemail"}
    assert by_text == {"sms", "call", "voicemail"}
    assert none == {"none"}


async def test_a_phone_is_rung_and_a_right_digit_confirms_it(
    ports: Ports, browser: Browser, link: str, carrier: FakeCarrier
):
    await fill(browser, link)
    await post(browser, f"{link}/phone-check", {"do": "call"})
    await run_due(ports)
    [call] = carrier.calls.values()
    digit = digit_of(ports.secrets.code(call.key))
    page = await read(browser, f"{link}/phone-check")
    assert "(303) 555-0123 rings now" in page
    assert f"press <strong>{digit}</strong>" in page
    assert digit not in call.prompt.replace("3", "").replace("9", "")

    await hear_key(ports, call.key, digit)

    assert "This phone is confirmed." in await read(browser, f"{link}/phone-check")


async def test_a_call_nobody_answers_says_so_and_may_be_tried_again(
    ports: Ports, browser: Browser, link: str, carrier: FakeCarrier
):
    await fill(browser, link)
    await post(browser, f"{link}/phone-check", {"do": "call"})
    await run_due(ports)
    [call] = carrier.calls.values()
    await hear_call(ports, call.key, CallState.NO_ANSWER)

    page = await read(browser, f"{link}/phone-check")

    assert "Nobody picked up." in page
    assert "Ring again" in page
    for _ in range(4):
        await post(browser, f"{link}/phone-check", {"do": "call"})
    answer = await browser.post(f"{link}/phone-check", data={"do": "call"})
    assert answer.status == 409
    assert "tested too often today" in await answer.text()


async def test_a_code_is_texted_and_a_wrong_one_said_so(
    ports: Ports, browser: Browser, link: str, pocket: Pocket
):
    await fill(browser, link)
    await post(browser, f"{link}/phone-check", {"do": "text"})
    await run_due(ports)
    [text] = pocket.texts.values()
    code = text.body.split(": ")[1].split()[0]
    wrong = "000000" if code != "000000" else "111111"
    answer = await browser.post(f"{link}/phone-check", data={"do": "code", "code": wrong})
    assert answer.status == 422
    assert "This is not the code" in await answer.text()

    await post(browser, f"{link}/phone-check", {"do": "code", "code": code})

    assert "This phone is confirmed." in await read(browser, f"{link}/phone-check")


async def test_the_word_of_the_invite_is_asked_and_a_wrong_one_is_kind(
    ports: Ports, browser: Browser, link: str
):
    await fill(browser, link)
    await run_due(ports)
    address = f"{link}/calendar-check"
    answer = await browser.post(address, data={"word": "nothing"})
    assert answer.status == 422
    word = ports.secrets.word(await seat_of(ports, await group_session(ports), "p1"))

    await post(browser, address, {"word": word})

    assert "Your calendar works." in await read(browser, address)


async def test_the_last_answer_leads_on_to_what_it_made_possible(
    browser: Browser, link: str
):
    await fill(browser, link)
    where = await sign(browser, link, "group")

    assert where == f"{link}/phone-check"
    await post(browser, f"{link}/phone", {"none": "yes"})
    assert await sign(browser, link, "group") == f"{link}/calendar-check"


async def test_a_link_that_has_ended_offers_a_new_one_to_the_address_on_file(
    ports: Ports, browser: Browser, link: str, postbox: Postbox, clock: FixedClock
):
    clock.forward(15 * 24 * 60)
    for address in (link, f"{link}/name"):
        ended = await browser.get(address)
        assert ended.status == 410
        assert "Send me a new link" in await ended.text()
        assert "p1@participants.example" not in await ended.text()
    postbox.letters.clear()

    answer = await browser.post(f"{link}/new")
    await run_due(ports)

    assert "A new link is on its way" in await answer.text()
    assert "0 of 12 done" in await read(browser, f"/set-up/{link_in(postbox)}")
    assert (await browser.get("/set-up/" + "x" * 43)).status == 404


async def test_who_holds_their_own_link_goes_on_to_their_week(browser: Browser, link: str):
    await fill(browser, link)

    page = await (await browser.post(f"{link}/enter")).text()

    assert "My week" in page


async def test_a_door_link_shows_and_overwrites_nothing_that_is_on_file(
    ports: Ports, browser: Browser, link: str
):
    await post(browser, f"{link}/place", HOME)
    seat = await seat_of(ports, await group_session(ports), "p1")
    own = ports.secrets.link_token(seat)
    door = f"/set-up/{await make_door_link(ports, (await open_link(ports, own)).seat)}"

    page = await read(browser, door)
    assert f'href="{door}/place"' not in page
    assert "A test of your phone" not in page
    assert f'href="/j/{own}"' in page
    for path in ("place", "phone-check", "consents/telehealth"):
        answer = await browser.get(f"{door}/{path}", allow_redirects=False)
        assert answer.status in {303, 404}
    changed = {**HOME, "street": "9 Evil Rd"}
    assert await post(browser, f"{door}/place", changed) == door
    assert "1 Elm St" in await read(browser, f"{link}/place")
    assert 'type="tel" value=""' in await read(browser, f"{door}/phone")
    assert (await browser.post(f"{door}/enter")).status == 404


async def test_whoever_is_abroad_says_so_and_staff_are_told(
    browser: Browser, sign_in: SignIn, link: str
):
    abroad = HOME | {"city": "Toronto", "country": "other", "emergency": "911"}
    await post(browser, f"{link}/place", abroad)
    assert '<option value="other" selected>' in await read(browser, f"{link}/place")
    await sign_in("k1")

    assert "Was CO, says abroad." in await read(browser, "/calls")


async def joined(ports: Ports) -> int:
    return (await show_session(ports, await group_session(ports))).present


async def test_at_the_door_one_finishes_or_is_let_in_and_staff_are_told(
    ports: Ports, browser: Browser, sign_in: SignIn, link: str
):
    seat = await seat_of(ports, await group_session(ports), "p1")
    door = f"/j/{ports.secrets.link_token(seat)}"
    page = await read(browser, door)
    assert "Do it now" in page
    assert "Yes: Join by video" not in page
    assert await post(browser, door, {"where": "usual"}) == door
    assert (await browser.get(f"{door}/room", allow_redirects=False)).status == 303
    assert await joined(ports) == 0
    assert (await post(browser, f"{door}/set-up", {})).startswith("/set-up/")

    address = await post(browser, door, {"where": "usual", "anyway": "yes"})
    assert address.startswith("https://video.test/")
    assert await joined(ports) == 1
    await sign_in("k1")
    assert "Let in without setting up: P1 A." in await read(browser, "/calls")

    await fill(browser, link)
    assert "Yes: Join by video" in await read(browser, door)


async def test_a_saved_place_is_chosen_at_the_door_and_staff_see_it(
    ports: Ports, browser: Browser, sign_in: SignIn, link: str
):
    await fill(browser, link)
    seat = await seat_of(ports, await group_session(ports), "p1")
    door = f"/j/{ports.secrets.link_token(seat)}"
    page = await read(browser, door)
    assert '<input type="radio" name="where" value="safe_1"> Library' in page
    assert "2 Oak St" not in page
    unknown = await browser.post(door, data={"where": "safe_2"}, allow_redirects=False)
    assert unknown.status == 422

    await post(browser, door, {"where": "safe_1"})
    await sign_in("k1")

    session = await group_session(ports)
    assert "Says they are in Cheyenne, WY" in await read(browser, f"/sessions/{session}")
    safety = await read(browser, f"/seats/{seat}/safety")
    assert "2 Oak St, Cheyenne, WY" in safety
    assert "Emergency there: <strong>911</strong>" in safety
    assert "Their other phone: (303) 555-0124" in safety


async def test_a_guardian_does_their_part_and_learns_nothing_of_the_program(
    ports: Ports, browser: Browser, sign_in: SignIn, postbox: Postbox
):
    await sign_in("k1")
    address = "/participants/p5/set-up-link"
    assert await post(browser, address, {"link": "guardian"}) == "/onboarding?sent=p5"
    await run_due(ports)
    browser.session.cookie_jar.clear()
    base = f"/set-up/{link_in(postbox, 'g@example.org')}"
    parts = ("", "/guardian", "/contact", "/emergency", "/telehealth")
    pages = [await read(browser, f"{base}{piece}") for piece in parts]

    assert (await browser.get(f"{base}/name")).status == 404
    assert (await browser.get(f"{base}/group")).status == 404
    for page in pages:
        for word in ("P5", "therapy", "group", "skills", "mood", "iop", "tidewater"):
            assert word not in page.replace("optgroup", "").replace(base, "")
    guardian = {"name": "Gia", "phone": "303 555 0177"}
    await post(browser, f"{base}/guardian", guardian)
    await post(browser, f"{base}/contact", {"call": "yes"})
    await post(browser, f"{base}/emergency", {"nobody": "yes"})
    await sign(browser, base, "telehealth")
    assert "Your part is done." in await read(browser, base)
    test = await read(browser, f"{base}/phone-check")
    assert "Ring my phone" not in test  # they said no to machines
    assert "somebody here will call you" in test


async def test_own_details_are_changed_kept_and_taken_back_later(
    browser: Browser, sign_in: SignIn, link: str
):
    await fill(browser, link)
    await sign_in("p1")
    assert "My details" in await read(browser, "/me")
    assert "Keep a copy: Appointments by video" in await read(browser, "/me/details")

    copy = await browser.get("/me/details/consents/telehealth")
    text = await copy.text()
    assert copy.headers["Content-Disposition"] == 'attachment; filename="telehealth.txt"'
    assert text.startswith("Appointments by video\n\nYour appointments take place")
    assert "Signed: Ada R." in text
    assert "Agreed on 10 March 2026" in text
    own = await read(browser, "/me/details?lang=es")
    assert "Aceptado el martes, 10 de marzo" in own
    assert "sus enlaces no le dejan entrar" in own
    text = await (await browser.get("/me/details/consents/telehealth")).text()
    assert "Aceptado el 10 de marzo de 2026, 15:00 UTC" in text
    await read(browser, "/me/details?lang=en")
    for kind in ("messages", "telehealth"):
        where = await post(browser, f"/me/details/consents/{kind}", {})
        assert where == "/me/details"
    text = await (await browser.get("/me/details/consents/telehealth")).text()
    assert "Taken back on 10 March 2026" in text
    page = await read(browser, "/me/details/contact")
    ticked = [
        part.split('name="')[1].split('"')[0]
        for part in page.split("<input ")
        if "checked" in part
    ]
    assert ticked == ["call"]
    gone = await browser.post("/me/details/consents/telehealth")
    assert gone.status == 404
    await sign_in("k1")
    assert "Has taken a consent back" in await read(browser, "/calls")


async def test_a_yes_that_runs_out_is_asked_for_again_and_withholds_nothing(
    ports: Ports, browser: Browser, sign_in: SignIn, link: str, clock: FixedClock
):
    await fill(browser, link)
    async with ports.store.write() as tx:  # as if its words had said: for 12 months
        await tx.connection.execute(
            "UPDATE consent_record SET until = '2026-04-01' WHERE kind = 'telehealth'"
        )
    await sign_in("p1")
    week = await read(browser, "/me")
    page = await read(browser, "/me/details")
    copy = await (await browser.get("/me/details/consents/telehealth")).text()

    assert "Please read this again" in week
    assert "your yes holds until Tuesday, 31 March 2026" in week
    assert "A few things first" not in week
    assert "holds until Tuesday, 31 March 2026, please read it again" in page
    assert "Holds until 31 March 2026" in copy
    clock.forward(30 * 24 * 60)
    await sign_in("k1")
    assert "31 March 2026" in await read(browser, "/forecast/approvals")

    await sign_in("p1")
    assert "A few things first" not in await read(browser, "/me")  # though it has run out
    await sign(browser, "/me/details", "telehealth")

    assert "Please read this again" not in await read(browser, "/me")
    await sign_in("k1")
    assert "No consent runs out within 30 days." in await read(
        browser, "/forecast/approvals"
    )


async def test_who_was_never_asked_owes_nothing_and_may_add_what_helps(
    ports: Ports, browser: Browser, sign_in: SignIn
):
    await sign_in("p2")
    page = await read(browser, "/me/details")
    assert "to do" not in page
    assert "A few things first" not in await read(browser, "/me")
    emergency = FORMS["emergency"] | {"supporter": "Cy", "supporter_phone": "3035550126"}
    await post(browser, "/me/details/emergency", emergency)
    await sign_in("k1")

    seat = await seat_of(ports, await group_session(ports), "p2")
    safety = await read(browser, f"/seats/{seat}/safety")
    assert "Bea (emergency)" in safety
    assert "Cy (family)" in safety


async def test_a_coordinator_sees_how_far_people_are_and_waives_with_a_reason(
    ports: Ports, browser: Browser, sign_in: SignIn, link: str
):
    await post(browser, f"{link}/name", {"name": "Ada"})
    await sign_in("k1")
    page = await read(browser, "/onboarding")
    assert "Waiting for: 1" in page
    assert "1 of 12 done." in page
    assert "Never asked: 4" in page

    bad = await browser.post(
        "/participants/p1/waivers", data={"piece": "zone", "reason": ""}
    )
    assert bad.status == 422
    for piece in ("zone", "place", "phone", "contact", "emergency", "telehealth", "group"):
        waiver = {"piece": piece, "reason": "On paper"}
        await post(browser, "/participants/p1/waivers", waiver)
    page = await read(browser, "/onboarding")
    assert "Set up: 1" in page
    assert "Waived: Your time zone: On paper (Kim K., k1)" in page
    async with ports.store.read() as tx:
        waived = [e for e in await tx.audit.latest(20) if e.action == "onboarding.waived"]
    assert {(each.actor, each.details["reason"]) for each in waived} == {("k1", "On paper")}

    await post(browser, "/participants/p1/set-up-link", {"link": "end"})
    assert (await browser.get(link)).status == 410
    odd = await browser.post("/participants/p1/set-up-link", data={"link": "door"})
    assert odd.status == 422
