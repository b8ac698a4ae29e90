"""Refusals are logged: which route, which code, whose account; never an address or a name."""

import json

import pytest
import structlog

from tests.make import group_session, seat_of
from tests.web.conftest import Browser, SignIn
from vioP.ports import Ports


async def test_somebody_who_comes_where_they_may_not_is_logged_by_account(
    browser: Browser, ports: Ports, sign_in: SignIn
):
    seat = await seat_of(ports, await group_session(ports), "p1")
    await sign_in("p2")

    with structlog.testing.capture_logs() as lines:
        await browser.get(f"/seats/{seat}")

    [line] = [each for each in lines if each["event"] == "request.refused"]
    assert (line["route"], line["code"], line["status"]) == (
        "/seats/{seat}",
        "missing",
        404,
    )
    assert line["account_id"].startswith("acc_")
    assert seat not in json.dumps(lines)


async def test_a_wrong_password_or_code_is_logged_without_saying_whose(browser: Browser):
    with structlog.testing.capture_logs() as lines:
        await browser.post(
            "/sign-in/password", data={"email": "k1@staff.example", "password": "guess"}
        )
        await browser.post(
            "/sign-in/code/check",
            data={"email": "p1@participants.example", "code": "000000"},
        )

    refused = [each for each in lines if each["event"] == "sign_in.refused"]
    assert [each["code"] for each in refused] == ["sign_in.failed", "sign_in.failed"]
    assert "@" not in json.dumps(lines)


@pytest.mark.parametrize(
    ("referer", "back"),
    [
        ("{here}/calls?day=2026-03-10", "/calls?day=2026-03-10"),
        ("{here}/board", "/board"),
        ("https://elsewhere.example/board", None),
        ("{here}//elsewhere.example", None),
        ("{here}/sign-in", None),
        ("http://[", None),
        ("", None),
    ],
)
async def test_whoever_is_refused_is_led_back_to_the_page_they_came_from(
    browser: Browser, sign_in: SignIn, referer: str, back: str | None
):
    await sign_in("k1")
    here = str(browser.make_url("")).rstrip("/")

    answer = await browser.post(
        "/calls/nothing/claim",
        headers={"Referer": referer.format(here=here), "Accept": "text/html"},
    )
    page = await answer.text()

    assert answer.status == 409
    assert "Go to the start" in page
    found = page.partition("<h1>")[2]
    assert ("Go back and look again" in found) == (back is not None)
    if back is not None:
        assert f'href="{back}"' in found
