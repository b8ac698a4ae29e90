"""Every word that leaves, shown beforehand with invented people, and checked."""

from dataclasses import replace
from pathlib import Path

from aiohttp.web import Application

from tests.make import TEMPLATES
from tests.web.conftest import Browser, SignIn
from vioP.flows.show_wording import preview_mail, show_mails, show_texts
from vioP.mail.compose import MailTemplates
from vioP.mail.wording import FIELDS
from vioP.ports import Ports
from vioP.web.wording import NAMES


async def test_every_mail_can_be_read_in_every_language_it_has(
    ports: Ports, app: Application, sign_in: SignIn
):
    assert app is not None
    browser: Browser = await sign_in("b1")
    page = await (await browser.get("/wording")).text()

    for each in await show_mails(ports):
        assert not each.problems
        for language in each.languages:
            address = f"/wording/{each.kind}/{language}"
            assert f'href="{address}"' in page
            assert (await browser.get(address)).status == 200
    frame = await browser.get("/wording/invite/es/html")
    assert "sandbox" in frame.headers["Content-Security-Policy"]
    assert (await browser.get("/wording/invite/fr")).status == 404
    assert (await browser.get("/wording/nothing/en")).status == 404


def test_what_comes_with_it_is_neutral_and_every_kind_has_a_name(ports: Ports):
    for kind in FIELDS:
        assert kind in NAMES
        for language in ports.mails.languages(kind):
            shown = preview_mail(ports, kind, language)
            assert shown.heard == ()
            assert shown.text
    assert {each.language for each in show_texts(ports)} == {"en", "es"}
    assert not [each for each in show_texts(ports) if each.heard]


async def test_what_a_clinic_has_rewritten_is_named_with_what_is_wrong(
    ports: Ports, app: Application, tmp_path: Path
):
    assert app is not None
    (tmp_path / "code").mkdir()
    (tmp_path / "code/body.txt").write_text("Your DBT code: {{ page.code }}\n")
    own = replace(ports, mails=MailTemplates(TEMPLATES / "mail", tmp_path))

    found = {each.kind: each for each in await show_mails(own)}

    assert found["code"].files == ("body.txt",)
    assert "DBT" in found["code"].problems[0]
    assert found["invite"].files == ()
    assert preview_mail(own, "code", "en").heard
