"""The tech check over the web: reported, judged here, and kept without naming a device."""

import json
import re
from dataclasses import asdict, replace
from io import BytesIO
from typing import Any

import pytest
from aiohttp.web import Application

from tests.domain.test_techcheck import GOOD
from tests.make import FixedClock, group_session, minutes_later, seat_of
from tests.web.conftest import Browser, SignIn
from vioP.domain.attendance import Evidence, Fact, Leg
from vioP.domain.ids import ParticipantId
from vioP.domain.tech_report import CameraReport, Trouble
from vioP.domain.techcheck import Reason, TechCheck, Verdict
from vioP.flows.check_tech import digits_of
from vioP.flows.watch_session import watch_session
from vioP.ports import Ports
from vioP.web.tech_check import VOICE

AGENT = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0.7339.81 Safari/537.36"
P1 = ParticipantId("p1")
AT_A_TIME = 6  # connections that browsers open to one place


async def keep(browser: Browser, ports: Ports, base: str = "/me", **facts: Any) -> Any:
    """Report what a good device would, but for some facts."""
    nonce = "a nonce"
    heard = {"heard": digits_of(ports, nonce), "relay_udp": None, "relay_tcp": None}
    report = replace(GOOD, **(heard | facts))
    return await browser.post(
        f"{base}/tech-check",
        data={"nonce": nonce, "report": json.dumps(asdict(report))},
        headers={"User-Agent": AGENT},
    )


async def latest(ports: Ports) -> TechCheck:
    async with ports.store.read() as tx:
        check = await tx.tech_checks.latest(P1)
    assert check is not None
    return check


async def test_a_report_is_judged_kept_and_shown(
    browser: Browser, sign_in: SignIn, ports: Ports
):
    await sign_in("p1")

    answer = await keep(browser, ports, camera=CameraReport(Trouble.MISSING))

    assert answer.url.query_string == "done"
    text = await answer.text()
    assert "Ready with limits" in text
    assert "No camera was found." in text
    check = await latest(ports)
    assert check.verdict is Verdict.READY_WITH_LIMITS
    assert [each.reason for each in check.troubles] == [Reason.CAMERA_MISSING]


async def test_what_is_kept_names_no_device(
    browser: Browser, sign_in: SignIn, ports: Ports
):
    await sign_in("p1")
    await keep(browser, ports)

    async with ports.store.read() as tx:
        [row] = await tx.connection.fetch("SELECT * FROM tech_check")
    kept = " ".join(str(row[name]) for name in row.keys())  # noqa: SIM118 - a Row
    assert (row["browser"], row["major"], row["device"]) == ("chrome", 140, "windows")
    for secret in ("7339", "Mozilla", "127.0.0.1", "Win64"):
        assert secret not in kept


@pytest.mark.parametrize(
    ("report", "says"),
    [
        ("", "The check has not run"),
        ("{", "The report is wrong in: report"),
        ('{"camera": {"luma": 1e300}}', "The report is wrong in: camera"),
        ('{"room": {"outcome": "great"}}', "room.outcome"),
        ('{"zone": "Ana\'s iPhone"}', "The report is wrong in"),
        ("x" * 9000, "at most 8000 characters"),
    ],
)
async def test_a_wrong_report_is_refused_in_words(
    browser: Browser, sign_in: SignIn, report: str, says: str
):
    await sign_in("p1")

    answer = await browser.post("/me/tech-check", data={"nonce": "n", "report": report})

    assert answer.status == 422
    assert says in (await answer.text()).replace("&#39;", "'")


async def test_whoever_holds_a_link_can_check_until_the_appointment_is_over(
    browser: Browser, ports: Ports, clock: FixedClock
):
    seat = await seat_of(ports, await group_session(ports), "p1")
    base = f"/j/{ports.secrets.link_token(seat)}"

    answer = await keep(browser, ports, base)
    assert answer.status == 200
    assert (await latest(ports)).verdict is Verdict.READY
    assert "Everything works." in await answer.text()
    clock.forward(11)
    assert "Everything works." not in await (await browser.get(f"{base}/tech-check")).text()
    clock.forward(24 * 60)
    assert (await browser.get(f"{base}/tech-check")).status == 409
    assert (await browser.get("/j/forged/tech-check")).status == 404


async def test_a_check_says_no_more_on_another_browser_or_after_thirty_days(
    browser: Browser, sign_in: SignIn, ports: Ports, clock: FixedClock
):
    await sign_in("p1")
    await keep(browser, ports)

    same = await (await browser.get("/me", headers={"User-Agent": AGENT})).text()
    other = await browser.get("/me", headers={"User-Agent": AGENT.replace("140", "141")})
    assert "<strong>Ready</strong>" in same
    assert "another device or browser" in await other.text()
    clock.move_to((await latest(ports)).good_until)
    await sign_in("p1")
    page = await (await browser.get("/me", headers={"User-Agent": AGENT})).text()
    assert "says nothing any more" in page


async def test_a_session_with_trouble_ends_a_check(
    browser: Browser, sign_in: SignIn, ports: Ports, clock: FixedClock
):
    await sign_in("p1")
    clock.forward(-60)
    await keep(browser, ports)
    session = await group_session(ports)
    seat = await seat_of(ports, session, "p1")
    facts = [
        Evidence(Fact.MEDIA_UP, minutes_later(1), "janus", Leg.AUDIO, "con_1"),
        Evidence(Fact.MEDIA_DOWN, minutes_later(9), "janus", Leg.AUDIO, "con_1"),
    ]
    async with ports.store.write() as tx:
        for number, each in enumerate(facts):
            await tx.live.witness(seat, each, recorded_at=each.at, key=f"evi{number}")

    clock.move_to(minutes_later(200))
    await watch_session(ports, session)

    check = await latest(ports)
    assert not check.is_fresh(clock.now())
    assert check.had_trouble
    await sign_in("p1")
    text = await (await browser.get("/me/tech-check")).text()
    assert "There was trouble in an appointment since" in text


async def test_the_line_is_measured_with_bytes_both_ways(browser: Browser, sign_in: SignIn):
    await sign_in("p1")

    down = await browser.get("/me/tech-check/down?bytes=100000")
    up = await browser.post("/me/tech-check/up", data=bytes(300_000))
    much = await browser.post("/me/tech-check/up", data=BytesIO(bytes(4 * 1024 * 1024 + 1)))

    assert len(await down.read()) == 100_000
    assert await up.json() == {"bytes": 300_000}
    assert much.status == 422


async def test_more_is_never_sent_than_a_measurement_needs(
    browser: Browser, sign_in: SignIn
):
    await sign_in("p1")

    answer = await browser.get("/me/tech-check/down?bytes=999999999999")

    assert len(await answer.read()) == 4 * 1024 * 1024


async def test_the_browser_learns_the_digits_only_where_it_must_speak_them(
    browser: Browser, sign_in: SignIn, app: Application, ports: Ports
):
    await sign_in("p1")

    begun = await (await browser.get("/me/tech-check/start")).json()

    said = await browser.get(f"/me/tech-check/digits/{begun['nonce']}")
    if VOICE in app:
        assert begun["digits"] == ""
        assert (await said.read()).startswith(b"RIFF")
    else:
        assert begun["digits"] == digits_of(ports, begun["nonce"])
        assert said.status == 404


async def test_the_socket_answers_pings_and_says_where_rooms_are_elsewhere(
    browser: Browser, sign_in: SignIn
):
    await sign_in("p1")
    ours = {"Origin": "http://127.0.0.1:8080"}

    async with browser.ws_connect("/me/tech-check/echo", headers=ours) as socket:
        await socket.send_json({"viop": "ping", "n": 7})
        assert await socket.receive_json() == {"viop": "pong", "n": 7}
        await socket.send_json({"viop": "offer", "sdp": "v=0"})
        assert await socket.receive_json() == {"viop": "elsewhere"}
        await socket.send_str("nonsense")
        assert await socket.receive_json() == {"viop": "nonsense"}


async def test_a_socket_opened_by_a_foreign_page_is_refused(
    browser: Browser, sign_in: SignIn
):
    await sign_in("p1")
    upgrade = {
        "Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==", "Origin": "https://evil.example",
    }  # fmt: skip

    assert (await browser.get("/me/tech-check/echo", headers=upgrade)).status == 403
    assert (await browser.get("/me/tech-check/echo")).status == 426


async def test_whoever_asks_for_help_is_on_the_call_list_once(
    browser: Browser, sign_in: SignIn
):
    await sign_in("p1")
    for _ in range(2):
        answer = await browser.post("/me/tech-check/help")
        assert "Somebody will call you and help" in await answer.text()

    await sign_in("k1")
    text = await (await browser.get("/calls")).text()
    assert text.count("Help with a device: P1 A.") == 1
    assert "Your appointment has started" not in text


async def test_only_pages_that_need_them_may_use_camera_and_microphone(
    browser: Browser, sign_in: SignIn
):
    await sign_in("p1")

    check = await browser.get("/me/tech-check")
    week = await browser.get("/me")

    assert "camera=(self)" in check.headers["Permissions-Policy"]
    assert "camera=()" in week.headers["Permissions-Policy"]


async def test_a_guest_may_send_what_a_measurement_needs(browser: Browser, ports: Ports):
    seat = await seat_of(ports, await group_session(ports), "p1")
    token = ports.secrets.link_token(seat)

    up = await browser.post(
        f"/j/{token}/tech-check/up", data=BytesIO(bytes(2 * 1024 * 1024))
    )

    assert await up.json() == {"bytes": 2 * 1024 * 1024}


async def test_the_page_waits_for_no_more_files_than_a_browser_asks_for_at_a_time(
    browser: Browser, sign_in: SignIn
):
    await sign_in("p1")

    text = await (await browser.get("/me/tech-check")).text()

    first = set(
        re.findall(
            r'(?:src|rel="(?:stylesheet|modulepreload)" href)="(/static/[^"]+)"', text
        )
    )
    assert "/static/tech_check.js" in first
    assert len(first) <= AT_A_TIME
