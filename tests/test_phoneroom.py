"""Where a telephone of our own is asked for, everything it needs is there, or it is said."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from tests.make import KEY
from vioP.cli.phones import phones
from vioP.domain.errors import WrongSettings
from vioP.phone.sip.wire import choices_of, line_of
from vioP.phoneroom import line_choices, open_phone
from vioP.ports import Ports
from vioP.settings import Settings

SIP = {
    "provider": "sip",
    "account": "clinic",
    "server": "sip.example.org",
    "number": "+13035550100",
    "password": "s3cret",
    "talk": "PT2H",
    "udp_first": 31000,
    "udp_last": 31500,
}


def settings(data: Path, **more: Any) -> Settings:
    return Settings(link_key=SecretStr(KEY.decode()), data=data, phone=SIP | more)  # type: ignore[arg-type]  # pydantic reads it


@pytest.fixture
def url(sqlite_url: str) -> str:
    """A telephone of our own goes with SQLite."""
    return sqlite_url


async def test_by_default_people_call(ports: Ports, tmp_path: Path):
    async with open_phone(settings(tmp_path, provider="manual"), ports, None) as opened:
        assert opened is ports
        assert opened.telephone is None


async def test_without_rooms_of_our_own_it_is_said_what_to_install(
    ports: Ports, tmp_path: Path
):
    with pytest.raises(WrongSettings, match="apt install janus"):
        async with open_phone(settings(tmp_path), ports, None):
            pytest.fail("it opened")


async def test_without_the_extra_it_is_said_what_to_install(
    ports: Ports, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("vioP.phoneroom.is_installed", lambda: False)

    with pytest.raises(WrongSettings, match="pip install 'viop"):
        async with open_phone(settings(tmp_path), ports, lambda *_, **__: None):  # type: ignore[arg-type]  # it is not asked
            pytest.fail("it opened")


async def test_the_demo_rings_nobody(ports: Ports, tmp_path: Path):
    demo = settings(tmp_path).model_copy(update={"demo": True})

    async with open_phone(demo, ports, None) as opened:
        assert opened is ports


def test_every_setting_of_the_line_reaches_the_phone_process(tmp_path: Path):
    given = line_choices(settings(tmp_path))

    assert (given.account, given.server, given.password) == (
        "clinic", "sip.example.org", "s3cret",
    )  # fmt: skip
    assert (given.talk, given.ports, given.transport, given.srtp) == (
        7200.0, (31000, 31500), "tls", True,
    )  # fmt: skip
    assert choices_of(line_of(given)) == given
    assert "s3cret" not in repr(given)


async def test_the_doctor_says_what_is_missing_and_how_to_mend_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("vioP.cli.telephone.is_installed", lambda: False)

    [found, _] = await phones(settings(tmp_path))

    assert (found.ok, found.detail) == (False, "the extra sip is missing")
    assert "viop[sip]" in found.remedy
