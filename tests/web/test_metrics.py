"""Figures: who sees them, that they are well-formed, and that they name nobody."""

import asyncio
import re
import time
from datetime import timedelta

import pytest
from aiohttp.web import Application
from pydantic import SecretStr, ValidationError
from pytest_aiohttp.plugin import AiohttpClient

from tests.make import FixedClock, group_session, seat_of
from tests.web.conftest import OWN, Browser, SignIn
from vioP.app import create_app
from vioP.domain.delivery import Channel, DeliveryState
from vioP.flows.deliver import deliver
from vioP.flows.watch_room import watch_room
from vioP.ports import Ports
from vioP.settings import Settings
from vioP.watch_settings import WatchSettings
from vioP.web.meter import METER, Meter

TOKEN = "a token for watchers, of more than thirty-two bytes"  # noqa: S105 - for tests
LINE = re.compile(
    r"(?:# (?:HELP|TYPE) viop_\w+ .+|viop_\w+(?:\{(?:\w+=\"[^\"\\\n]*\",?)+\})? [0-9.e+-]+)"
)
LABEL = re.compile(r"(\w+)=\"([^\"]*)\"")


@pytest.fixture
async def watched(app: Application, ports: Ports, settings: Settings) -> Application:
    """The application, showing figures to this machine. Its programme is that of ``app``."""
    assert app
    watch = WatchSettings(metrics="loopback")
    return create_app(ports, settings.model_copy(update={"watch": watch}))


@pytest.fixture
async def browser(watched: Application, aiohttp_client: AiohttpClient) -> Browser:
    return await aiohttp_client(watched, headers=OWN)


async def figures(browser: Browser) -> dict[str, float]:
    answer = await browser.get("/metrics")
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    found = {}
    for line in (await answer.text()).splitlines():
        assert LINE.fullmatch(line), line
        if not line.startswith("#"):
            name, _, value = line.rpartition(" ")
            found[name] = float(value)
    return found


async def test_by_default_there_is_nothing(app: Application, aiohttp_client: AiohttpClient):
    browser = await aiohttp_client(app)

    assert (await browser.get("/metrics")).status == 404


async def test_with_a_token_only_its_holder_sees_figures(
    app: Application, ports: Ports, settings: Settings, aiohttp_client: AiohttpClient
):
    assert app
    watch = WatchSettings(metrics="token", metrics_token=SecretStr(TOKEN))
    browser = await aiohttp_client(
        create_app(ports, settings.model_copy(update={"watch": watch}))
    )

    for said in (
        {},
        {"Authorization": f"Bearer {TOKEN[:-1]}"},
        {"Authorization": "Bearer ü"},
    ):
        assert (await browser.get("/metrics", headers=said)).status == 404
    held = {"Authorization": f"Bearer {TOKEN}"}
    assert (await browser.get("/metrics", headers=held)).status == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-For": "203.0.113.9"},
        {"Forwarded": "for=203.0.113.9"},
        {"X-Real-IP": "203.0.113.9"},
        {"Host": "clinic.example"},
    ],
)
async def test_what_came_through_a_proxy_is_not_from_this_machine(
    browser: Browser, headers
):
    assert (await browser.get("/metrics", headers=headers)).status == 404
    assert (await browser.get("/metrics")).status == 200


def test_a_short_token_is_refused():
    with pytest.raises(ValidationError, match="metrics_token is shorter"):
        WatchSettings(metrics="token", metrics_token=SecretStr("short"))


async def test_figures_follow_what_happens(
    browser: Browser, ports: Ports, clock: FixedClock
):
    session = await group_session(ports)
    before = await figures(browser)
    clock.forward(13)
    await watch_room(ports, session)
    await deliver(ports, Channel.CALL_LIST)
    await browser.post("/hooks/video/static", data=b"{}")
    after = await figures(browser)

    assert before['viop_attempts_open{channel="call_list"}'] == 0
    assert after['viop_attempts_open{channel="call_list"}'] > 0
    assert after["viop_jobs_late"] > 0
    assert after["viop_jobs_late_oldest_seconds"] > 600
    assert after['viop_refusals_total{code="video.forged"}'] == 1
    assert after["viop_ladder_steps"] > 0
    count = 'viop_http_request_duration_seconds_count{method="GET",route="/metrics",status="2xx"}'
    assert after[count] == 1
    sent = f'viop_deliveries{{channel="call_list",state="{DeliveryState.SENT}"}}'
    assert after[sent] > 0


async def test_no_label_names_anybody(browser: Browser, ports: Ports, sign_in: SignIn):
    session = await group_session(ports)
    seat = await seat_of(ports, session, "p1")
    token = ports.secrets.link_token(seat)
    await sign_in("k1")
    for address in (
        f"/seats/{seat}", f"/seats/{seat}/safety", f"/j/{token}", "/cohorts/tidewater",
        "/participants/p1/cohorts?p1@participants.example", "/p1@participants.example",
        f"/sessions/{session}", "/calls", "/board", f'/seats/{seat}"x',
    ):  # fmt: skip
        await browser.get(address)
    await browser.request("P1-A", f"/j/{token}")

    text = await (await browser.get("/metrics")).text()

    for secret in (seat, session, token, "p1@", "P1 A", "P1-A", "+1303", "tidewater", "k1"):
        assert secret not in text
    allowed = {"channel", "state", "code", "method", "route", "status", "le", "version"}
    labels = LABEL.findall(text)
    assert {name for name, _ in labels} <= allowed
    templates = {
        route.resource.canonical for route in browser.app.router.routes() if route.resource
    } | {"none"}
    assert {value for name, value in labels if name == "route"} <= templates
    assert {v for n, v in labels if n == "method"} <= {"GET", "HEAD", "POST", "other"}


async def test_a_stalled_loop_is_noticed(browser: Browser):
    meter: Meter = browser.app[METER]
    await asyncio.sleep(0.3)

    time.sleep(0.7)  # noqa: ASYNC251 - stalling the loop is the point
    await asyncio.sleep(0.3)
    found = await figures(browser)

    assert meter.stalls >= 1
    assert found["viop_loop_stalls_total"] >= 1
    assert found["viop_loop_lag_max_seconds"] > timedelta(seconds=0.3).total_seconds()
