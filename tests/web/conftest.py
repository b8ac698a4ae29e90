"""A browser in front of the whole web application."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest
from aiohttp.test_utils import TestClient
from aiohttp.web import Application, Request
from pydantic import SecretStr
from pytest_aiohttp.plugin import AiohttpClient

from tests.make import KEY, FixedClock, published_programme
from vioP.app import create_app
from vioP.files.emergency import read_emergency
from vioP.flows.sign_in import begin_session
from vioP.ports import Ports
from vioP.resources import folder
from vioP.settings import Settings
from vioP.web.demo import DemoClockwork

Browser = TestClient[Request, Application]
SignIn = Callable[[str], Awaitable[Browser]]
OWN = {"Sec-Fetch-Site": "same-origin", "Accept": "text/html"}


@pytest.fixture
def settings(tmp_path) -> Settings:
    """The settings of a real service."""
    return Settings(link_key=SecretStr(KEY.decode()), data=tmp_path)


@pytest.fixture
def ports(ports: Ports) -> Ports:
    """The program's surroundings, with the emergency numbers that come with vioP."""
    known = read_emergency(folder("config") / "emergency.toml")
    return replace(ports, house=replace(ports.house, emergency=known))


@pytest.fixture
async def app(ports: Ports, settings: Settings) -> Application:
    """The application, with the small programme published."""
    await published_programme(ports)
    return create_app(ports, settings)


@pytest.fixture
async def demo_app(ports: Ports, settings: Settings, clock: FixedClock) -> Application:
    """The application in demo mode."""
    await published_programme(ports)

    async def nothing() -> int:
        return 0

    async def moved() -> None:
        return None

    demo = settings.model_copy(update={"demo": True})
    return create_app(ports, demo, DemoClockwork(clock, nothing, moved))


@pytest.fixture
async def browser(app: Application, aiohttp_client: AiohttpClient) -> Browser:
    """Somebody who has not signed in."""
    return await aiohttp_client(app, headers=OWN)


@pytest.fixture
def sign_in(ports: Ports, browser: Browser) -> SignIn:
    """Sign the browser in as somebody."""

    async def as_person(person_id: str) -> Browser:
        async with ports.store.read() as tx:
            everybody = await tx.accounts.everybody()
        [account] = [
            each.account for each in everybody if each.account.person.id == person_id
        ]
        signed = await begin_session(ports, account)
        browser.session.cookie_jar.update_cookies(
            {"viop": signed.token}, browser.make_url("/")
        )
        return browser

    return as_person
