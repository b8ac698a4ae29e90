"""Settings to be read: where each was said, and of a secret never more than whether it is there."""

import re
from datetime import timedelta

import pytest
from pydantic import SecretStr

from tests.make import KEY
from tests.setting_names import setting_names
from tests.web.conftest import Browser, SignIn
from vioP.joining_settings import Joining
from vioP.mail_settings import MailSettings
from vioP.setting_sources import SettingLine, in_force
from vioP.settings import Settings
from vioP.twilio_settings import TwilioSettings


def line_of(settings: Settings, name: str) -> SettingLine:
    found = {f"{each.table}.{each.name}".lstrip("."): each for each in in_force(settings)}
    return found[name]


def test_every_setting_is_shown():
    shown = {
        f"{each.table}.{each.name}".lstrip(".")
        for each in in_force(Settings(link_key=SecretStr(KEY.decode())))
    }

    assert shown == setting_names()


def test_a_setting_says_where_it_was_said(monkeypatch: pytest.MonkeyPatch, tmp_path):
    (tmp_path / "config").mkdir()
    (tmp_path / "config/viop.toml").write_text('port = 9000\n[sender]\nname = "File"\n')
    (tmp_path / "config/local.toml").write_text("port = 9001\nhost = '127.0.0.1'\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VIOP_MAIL__HOST", "mail.example.org")
    monkeypatch.setenv("VIOP_DATA", "beaten")
    settings = Settings(link_key=SecretStr(KEY.decode()), data=tmp_path)

    assert line_of(settings, "port").source == "local.toml"
    assert line_of(settings, "sender.name").source == "viop.toml"
    assert line_of(settings, "mail.host").source == "environment"
    assert line_of(settings, "mail.port").source == "default"
    assert line_of(settings, "data").source == "start"
    assert not line_of(settings, "port").is_default
    assert line_of(settings, "host").is_default


def test_no_secret_is_shown_wherever_it_stands():
    settings = Settings(
        link_key=SecretStr(KEY.decode()),
        database="postgresql://viop:hidden-one@db.example/viop",
        mail=MailSettings(password=SecretStr("hidden-two")),
        twilio=TwilioSettings(shared_keys={"SK1": SecretStr("hidden-three")}),
    )

    shown = "\n".join(each.value for each in in_force(settings))

    assert "hidden" not in shown
    assert KEY.decode() not in shown
    assert "*" not in shown
    assert line_of(settings, "database").value == "postgresql://viop:set@db.example/viop"
    assert line_of(settings, "mail.password").value == "set"
    assert line_of(settings, "twilio.token").value == "not set"
    assert line_of(settings, "twilio.shared_keys").value == "1 set"


def test_no_duration_is_shown_as_it_is_written_in_a_file():
    settings = Settings(
        link_key=SecretStr(KEY.decode()),
        joining=Joining(opens_before=timedelta(hours=1, minutes=30)),
    )

    shown = {f"{each.table}.{each.name}": each.value for each in in_force(settings)}

    assert shown["joining.opens_before"] == "1 hour 30 minutes"
    assert shown["phone.ring"] == "25 seconds"
    assert [name for name, value in shown.items() if re.match("P[T0-9]", value)] == []


async def test_administrators_and_compliance_read_them(sign_in: SignIn):
    for who in ("b1", "a1"):
        browser: Browser = await sign_in(who)
        page = await (await browser.get("/settings")).text()
        assert "access.second_factor" in page
        assert KEY.decode() not in page
