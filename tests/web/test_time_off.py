"""Time off over HTTP: asked by a clinician, seen on the board, decided by a coordinator."""

import html
import re

import pytest

from tests.web.conftest import OWN, Browser, SignIn
from vioP.flows.decide_time_off import show_time_off
from vioP.flows.note_leave import show_leave
from vioP.ports import Ports

DAYS = {"first": "2026-03-12", "last": "2026-03-13"}
PAGE = "/roster/time-off"


@pytest.fixture
def url(sqlite_url: str) -> str:
    """One database: pages do not know which."""
    return sqlite_url


async def read(browser: Browser, page: str, **query: str) -> str:
    answer = await browser.get(page, params=query)
    assert answer.status == 200
    return " ".join(re.sub(r"<[^>]*>", " ", html.unescape(await answer.text())).split())


async def test_it_is_seen_asked_for_and_agreed_to(
    ports: Ports, browser: Browser, sign_in: SignIn
):
    await sign_in("c1")
    week = await (await browser.get("/roster/week")).text()
    seen = await read(browser, PAGE, **DAYS)
    asked = await browser.post(PAGE, data=DAYS, headers=OWN)
    [request] = await show_time_off(ports)
    await sign_in("k1")
    board, away = await read(browser, "/board"), await read(browser, "/leave")

    agreed = await browser.post(
        f"/leave/requests/{request.id}", data={"decision": "accept"}, headers=OWN
    )

    assert f'href="{PAGE}"' in week
    assert "Tidewater group , Thursday 12 March, 09:00, 4 people." in seen
    assert "Doctor C2 still holds it." in seen
    assert "Waits for a coordinator" in await asked.text()
    assert "1 request for time off" in board
    assert "Doctor C1 asks for Thursday 12 March 2026 to Friday 13 March 2026" in away
    assert agreed.url.path == "/week"
    [leave] = await show_leave(ports)
    assert leave.staff_id == "c1"


async def test_declining_needs_a_reason_which_the_clinician_reads(
    ports: Ports, browser: Browser, sign_in: SignIn
):
    await sign_in("c1")
    await browser.post(PAGE, data=DAYS, headers=OWN)
    [request] = await show_time_off(ports)
    await sign_in("k1")
    address = f"/leave/requests/{request.id}"

    silent = await browser.post(
        address, data={"decision": "decline", "answer": " "}, headers=OWN
    )
    await browser.post(
        address, data={"decision": "decline", "answer": "We are too few."}, headers=OWN
    )

    assert silent.status == 422
    assert "Say why" in await silent.text()
    await sign_in("c1")
    assert "Declined. “We are too few.”" in await read(browser, PAGE)


async def test_days_the_wrong_way_round_are_said_and_kept(
    browser: Browser, sign_in: SignIn
):
    await sign_in("c1")
    wrong = {"first": "2026-03-13", "last": "2026-03-12"}

    looked = await browser.get(PAGE, params=wrong)
    asked = await browser.post(PAGE, data=wrong, headers=OWN)

    for answer in (looked, asked):
        text = await answer.text()
        assert answer.status == 422
        assert 'value="2026-03-13"' in text
        assert 'role="alert"' in text


async def test_it_is_for_clinicians_only(browser: Browser, sign_in: SignIn):
    await sign_in("t1")

    assert (await browser.get(PAGE)).status == 404
    assert PAGE not in await (await browser.get("/roster/week")).text()
