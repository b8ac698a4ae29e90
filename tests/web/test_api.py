"""The description for other programs: it holds every route of theirs, and no call breaks it."""

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from aiohttp.test_utils import TestServer
from hypothesis import HealthCheck, given
from hypothesis import settings as chosen
from pydantic import SecretStr

from tests.databases import SqliteFiles
from tests.make import KEY, FixedClock, make_ports, open_sealed, published_programme
from tests.twilio_server import TwilioServer
from tests.web.conftest import Browser
from tests.web.test_access import ROUTES
from vioP.app import create_app
from vioP.domain.access import Action
from vioP.phone.twilio.hooks import TwilioHooks
from vioP.settings import Settings
from vioP.web.api import OPERATIONS, document

SCHEMA = schemathesis.openapi.from_dict(document())
FEW, MANY = 25, 1_500  # of each operation; many is more than ten thousand in all
UNWELL = ("/readyz", 503)  # nothing works on what is due here, and it says so
FOR_PROGRAMS = {"health.alive", "health.ready", "feed"}


@pytest.fixture(scope="module")
def served(
    sqlite_files: SqliteFiles, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The application on a port, in a thread of its own, its hooks for mail and phone open."""
    place = tmp_path_factory.mktemp("api")
    ready, over, found = threading.Event(), threading.Event(), []

    async def serve(url: str) -> None:
        async with open_sealed(url) as store:
            ports = make_ports(store, FixedClock())
            ports = replace(ports, carrier=TwilioHooks(TwilioServer().line()))
            await published_programme(ports)
            async with TestServer(create_app(ports, settings_for(place))) as server:
                found.append(str(server.make_url("")).rstrip("/"))
                ready.set()
                while not over.is_set():  # noqa: ASYNC110 - it is set in another thread
                    await asyncio.sleep(0.05)

    with sqlite_files.empty(place) as url:
        thread = threading.Thread(target=lambda: asyncio.run(serve(url)))
        thread.start()
        assert ready.wait(30)
        yield found[0]
        over.set()
        thread.join()


def settings_for(place: Path) -> Settings:
    given_ = Settings(link_key=SecretStr(KEY.decode()), data=place)
    secret = SecretStr("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    mail_in = given_.mail_in.model_copy(update={"webhook_secrets": (secret,)})
    return given_.model_copy(update={"mail_in": mail_in})


def call_all(served: str, examples: int) -> int:
    """Call every operation with whatever fits its description, or nearly."""
    called = []

    for each in OPERATIONS:
        operation = SCHEMA[each.path][each.method.upper()]

        @chosen(
            max_examples=examples, deadline=None, database=None, derandomize=True,
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(case=operation.as_strategy())
        def call(case: schemathesis.Case[Any]) -> None:
            answer = case.call(base_url=served, timeout=30, allow_redirects=False)
            called.append(answer.status_code)
            fine = answer.status_code < 500 or (case.path, answer.status_code) == UNWELL
            assert fine, f"{case.method} {case.path}: {answer.text[:200]}"
            assert "Traceback" not in answer.text

        call()
    return len(called)


async def test_it_describes_every_route_for_programs_and_no_other(browser: Browser):
    hooks = {name for name, does in ROUTES.items() if does is Action.USE_HOOK}

    assert {each.name for each in OPERATIONS} == hooks | FOR_PROGRAMS
    told = await (await browser.get("/api/openapi.json")).json()
    assert told == document()
    found = {
        (route.method.lower(), str(route.resource.canonical).replace(":.+", ""))
        for route in browser.app.router.routes()
        if route.resource is not None
    }
    assert {(each.method, each.path) for each in OPERATIONS} <= found
    page = await (await browser.get("/api")).text()
    assert all(each.path in page for each in OPERATIONS)


def test_whatever_is_sent_nothing_breaks(served: str):
    assert call_all(served, FEW) >= FEW


@pytest.mark.scale
def test_ten_thousand_calls_break_nothing(served: str):
    called = call_all(served, MANY)

    print(f"{called:,} calls, none answered 5xx")  # noqa: T201 - what a run is for
    assert called >= 10_000
