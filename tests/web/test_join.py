"""The join link, as a browser and as a mail scanner."""

from dataclasses import replace

import pytest
from aiohttp.web import Application
from pytest_aiohttp.plugin import AiohttpClient

from tests.make import FixedClock, group_session, seat_of
from tests.web.conftest import OWN, Browser, SignIn
from vioP.app import create_app
from vioP.flows.show import show_session
from vioP.ports import Ports
from vioP.settings import Settings


@pytest.fixture
async def link(ports: Ports, app: Application) -> str:  # noqa: ARG001 - publishes the week
    """The link of p1's seat in the group at nine."""
    seat = await seat_of(ports, await group_session(ports), "p1")
    return f"/j/{ports.secrets.link_token(seat)}"


async def joined(ports: Ports) -> int:
    return (await show_session(ports, await group_session(ports))).present


async def test_opening_the_link_is_not_joining(ports: Ports, browser: Browser, link: str):
    for method in ("GET", "HEAD", "GET"):
        answer = await browser.request(method, link)
        assert answer.status == 200

    assert await joined(ports) == 0


async def test_pressing_the_button_joins_and_leads_to_the_room(
    ports: Ports, browser: Browser, link: str
):
    answer = await browser.post(link, allow_redirects=False)

    assert answer.status == 303
    assert answer.headers["Location"].startswith("https://video.test/")
    assert await joined(ports) == 1


async def test_the_link_works_without_any_header_a_plain_mail_reader_lacks(
    browser: Browser, link: str
):
    answer = await browser.post(
        link, headers={"Sec-Fetch-Site": "none"}, allow_redirects=False
    )

    assert answer.status == 303


async def test_too_early_says_when_and_records_nothing(
    ports: Ports, browser: Browser, link: str, clock: FixedClock
):
    clock.forward(-30)

    page = await (await browser.get(link)).text()
    pressed = await browser.post(link, allow_redirects=False)

    assert "08:50" in page
    assert pressed.status == 409
    clock.forward(30)
    assert await joined(ports) == 0


async def test_too_late_says_so(browser: Browser, link: str, clock: FixedClock):
    clock.forward(130 + 16)

    answer = await browser.get(link)

    assert answer.status == 410
    assert "is over" in await answer.text()


async def test_a_withdrawn_link_and_a_forged_one_look_the_same(
    ports: Ports, browser: Browser, link: str
):
    seat = await seat_of(ports, await group_session(ports), "p1")
    async with ports.store.write() as tx:
        await tx.seats.revoke_link(seat, ports.clock.now())

    withdrawn = await browser.get(link)
    forged = await browser.get("/j/" + "A" * 43)

    assert withdrawn.status == forged.status == 404
    assert await withdrawn.text() == await forged.text()


async def test_the_page_says_nothing_about_the_kind_of_care(browser: Browser, link: str):
    page = (await (await browser.get(link)).text()).lower()

    for word in ("therapy", "group", "skills", "mood", "iop", "doctor", "tidewater"):
        assert word not in page


async def test_the_token_is_nowhere_in_the_database(ports: Ports, link: str):
    token = link.removeprefix("/j/")
    async with ports.store.read() as tx:
        rows = [
            *await tx.connection.fetch("SELECT * FROM seat"),
            *await tx.connection.fetch("SELECT * FROM delivery"),
            *await tx.connection.fetch("SELECT * FROM job"),
        ]

    assert len(token) == 43
    for row in rows:
        assert token not in str([row[name] for name in row.keys()])  # noqa: SIM118 - a Row


async def test_a_usual_day_takes_one_tap_and_staff_see_where_it_was(
    ports: Ports, browser: Browser, link: str, sign_in: SignIn
):
    await browser.post(link, data={"where": "usual"}, allow_redirects=False)
    await sign_in("c1")

    page = await (await browser.get(f"/sessions/{await group_session(ports)}")).text()

    assert "Says they are in Denver, CO (their usual place)" in page
    assert "licensed in" not in page


async def test_somewhere_else_needs_a_town_and_warns_staff(
    ports: Ports, browser: Browser, link: str, sign_in: SignIn
):
    nowhere = {"where": "elsewhere", "city": "", "state": "Idaho"}
    refused = await browser.post(link, data=nowhere, allow_redirects=False)
    assert refused.status == 422
    assert await joined(ports) == 0
    again = await refused.text()
    assert "Say the town you are in" in again
    assert f'action="{link}"' in again
    assert 'name="where" value="elsewhere" checked' in again
    assert "Our newest mail to you has the right link." not in again

    boise = {"where": "elsewhere", "city": "Boise", "state": "id", "overheard": "on"}
    assert (await browser.post(link, data=boise, allow_redirects=False)).status == 303
    await sign_in("c1")
    page = await (await browser.get(f"/sessions/{await group_session(ports)}")).text()

    assert "Says they are in Boise, ID (somewhere else)" in page
    assert "Nobody who hosts this session is licensed in ID." in page
    assert "Somebody may overhear them." in page


@pytest.mark.parametrize(
    "typed", [{"city": "Boise", "state": ""}, {"city": "", "state": "ID"}]
)
async def test_whoever_types_a_place_is_not_taken_to_be_at_their_usual_one(
    ports: Ports, browser: Browser, link: str, typed: dict[str, str]
):
    refused = await browser.post(link, data={"where": "usual", **typed})

    assert refused.status == 422
    assert await joined(ports) == 0
    kept = "Boise" if typed["city"] else "<option selected>ID</option>"
    assert kept in await refused.text()


async def test_a_typed_town_counts_whatever_is_still_chosen_above_it(
    ports: Ports, browser: Browser, link: str, sign_in: SignIn
):
    boise = {"where": "usual", "city": "Boise", "state": "ID"}
    assert (await browser.post(link, data=boise, allow_redirects=False)).status == 303
    await sign_in("c1")

    page = await (await browser.get(f"/sessions/{await group_session(ports)}")).text()

    assert "Says they are in Boise, ID (somewhere else)" in page


async def test_whoever_asks_to_be_called_may_be_called_then(
    ports: Ports, browser: Browser, link: str, sign_in: SignIn
):
    async with ports.store.write() as tx:
        await tx.connection.execute("UPDATE participant SET call = FALSE WHERE id = 'p1'")
    await browser.post(f"{link}/call")
    await sign_in("k1")

    page = await (await browser.get("/calls")).text()

    assert "Do not call" not in page
    assert "tel:+13035550101" in page


async def test_call_me_instead_says_that_somebody_will(browser: Browser, link: str):
    answer = await browser.post(f"{link}/call")

    assert "Somebody will call you." in await answer.text()


async def test_where_a_number_leads_in_the_page_says_it_with_the_pin(
    ports: Ports, settings: Settings, link: str, aiohttp_client: AiohttpClient
):
    sender = replace(ports.house.sender, dial_in="+1 212 555 0188")
    dialled = replace(ports, house=replace(ports.house, sender=sender))
    browser = await aiohttp_client(create_app(dialled, settings), headers=OWN)
    pin = dialled.pin(await seat_of(ports, await group_session(ports), "p1"))

    page = await (await browser.get(link)).text()

    assert len(pin) == 8
    assert "+1 212 555 0188" in page
    assert f"{pin[:4]} {pin[4:]}" in page
    assert f'href="tel:+12125550188,,{pin}"' in page


async def test_where_no_number_leads_in_the_page_has_no_pin(browser: Browser, link: str):
    page = await (await browser.get(link)).text()

    assert "PIN" not in page
    assert "and take part by phone" in page
