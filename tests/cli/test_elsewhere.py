"""What the doctor says of where staff may sign in, and how the settings are held."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr, ValidationError
from pytest_aiohttp.plugin import AiohttpServer

from tests.adapters.oidc_server import OidcServer
from tests.make import KEY, FixedClock
from vioP.access_settings import AccessSettings
from vioP.cli.elsewhere import elsewhere
from vioP.oidc_settings import OidcSettings
from vioP.settings import Settings


def settings(tmp_path: Path, **oidc: Any) -> Settings:
    access = AccessSettings(oidc=OidcSettings(**oidc))
    return Settings(link_key=SecretStr(KEY.decode()), data=tmp_path, access=access)


async def test_the_doctor_says_whether_the_service_answers_and_what_it_must_know(
    aiohttp_server: AiohttpServer, tmp_path: Path
):
    there = OidcServer(FixedClock())
    running = await aiohttp_server(there.app())
    there.issuer = str(running.make_url("")).rstrip("/")
    chosen = settings(tmp_path, issuer=there.issuer, client_id="viop")

    assert await elsewhere(settings(tmp_path)) == []
    [well] = await elsewhere(chosen)
    there.down = True
    [ill] = await elsewhere(chosen)

    assert well.ok
    assert "it must know http://127.0.0.1:8080/sign-in/elsewhere/back" in well.detail
    assert not ill.ok
    assert there.issuer in ill.remedy


@pytest.mark.parametrize(
    "oidc",
    [
        {"issuer": "http://login.clinic.example", "client_id": "viop"},
        {"issuer": "https://login.clinic.example"},
        {"client_id": "viop"},
    ],
    ids=str,
)
def test_half_a_service_or_one_in_the_open_is_refused(oidc: dict[str, str]):
    with pytest.raises(ValidationError, match=r"access\.oidc"):
        OidcSettings(**oidc)  # type: ignore[arg-type]  # all are texts
