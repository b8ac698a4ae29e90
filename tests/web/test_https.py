"""Over HTTPS browsers are told to keep to it, and cookies are tied to this host."""

import pytest
from aiohttp.web import Application
from pydantic import AnyUrl
from pytest_aiohttp.plugin import AiohttpClient

from tests.make import published_programme
from vioP.app import create_app
from vioP.ports import Ports
from vioP.settings import Settings

ORIGIN = {"Origin": "https://clinic.example", "Accept": "text/html"}
ASKED = {"email": "p1@participants.example"}


@pytest.fixture
async def secured(ports: Ports, settings: Settings) -> Application:
    """The application as browsers reach it by HTTPS."""
    await published_programme(ports)
    given = {"base_url": AnyUrl("https://clinic.example")}
    return create_app(ports, settings.model_copy(update=given))


@pytest.mark.parametrize(
    "address", ["/sign-in", "/nowhere", "/static/style.css", "/readyz"]
)
async def test_every_answer_tells_browsers_to_keep_to_https_for_a_year_and_more(
    secured: Application, aiohttp_client: AiohttpClient, address: str
):
    browser = await aiohttp_client(secured)

    answer = await browser.get(address)

    told = answer.headers["Strict-Transport-Security"]
    assert int(told.removeprefix("max-age=").partition(";")[0]) >= 365 * 24 * 3600
    assert "includeSubDomains" in told


async def test_the_cookie_is_tied_to_this_host_and_no_script_reads_it(
    secured: Application, aiohttp_client: AiohttpClient, ports: Ports
):
    kept = await ports.passwords.digest("a long enough password")
    async with ports.store.write() as tx:
        everybody = await tx.accounts.everybody()
        [staff] = [each.account for each in everybody if each.account.person.id == "k1"]
        await tx.accounts.set_password(staff.id, kept)
    browser = await aiohttp_client(secured)

    answer = await browser.post(
        "/sign-in/password",
        data={"email": "k1@staff.example", "password": "a long enough password"},
        headers=ORIGIN,
        allow_redirects=False,
    )

    assert answer.status == 303
    [cookie] = answer.headers.getall("Set-Cookie")
    name, _, rest = cookie.partition("=")
    parts = {each.strip().lower() for each in rest.split(";")[1:]}
    assert name == "__Host-viop"
    assert {"secure", "httponly", "samesite=lax", "path=/"} <= parts
    assert not any(each.startswith("domain") for each in parts)
