"""``viop replies read``: every sample mail, and a folder that is not there."""

import json
from pathlib import Path

import pytest
from pydantic import SecretStr

from tests.make import minutes_later
from tests.replies import answer, calendar, event, mail, report, text_part
from vioP.__main__ import Composition
from vioP.cli import main
from vioP.cli.inbox import inbox, mail_in
from vioP.mail.imap import mailbox_name
from vioP.settings import read_settings
from vioP.storage import Store
from vioP.storage.mail_in import Cursor

SAMPLES = Path(__file__).parents[3] / "shared" / "data" / "replies"


def read(folder: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, dict[str, object]]:
    assert main(["replies", "read", str(folder), "--json"], Composition()) == 0
    found: dict[str, dict[str, object]] = json.loads(capsys.readouterr().out)
    return found


def test_every_sample_gives_its_expected_answer(capsys: pytest.CaptureFixture[str]):
    if not SAMPLES.exists():
        pytest.skip("the collection of reply mails is not beside this checkout")
    expected = json.loads((SAMPLES / "expected.json").read_text())

    found = read(SAMPLES, capsys)

    assert found.keys() == expected.keys()
    for name, wanted in expected.items():
        wanted.pop("note", None)
        assert {key: found[name].get(key) for key in wanted} == wanted, name


def test_a_folder_is_read_as_one_mailbox(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    older = event(stamp="DTSTAMP:20260307T120000Z", partstat="DECLINED")
    for name, raw in {
        "a-yes": answer(),
        "b-older": answer(calendar(older)),
        "c-text": mail(text_part("yes")),
        "d-report": report(message_id="<x@example.org>"),
        "e-away": mail(text_part("away"), headers={"Auto-Submitted": "auto-replied"}),
        "f-two": answer(calendar(event(), event(uid="x@other.example"))),
    }.items():
        (tmp_path / f"{name}.eml").write_bytes(raw)

    found = read(tmp_path, capsys)

    assert [each["action"] for each in found.values()] == [
        "rsvp", "stale", "manual", "bounce", "ignore", "rsvp"
    ]  # fmt: skip
    assert found["f-two"]["more"] == [{"action": "ignore"}]
    assert main(["replies", "read", str(tmp_path)], Composition()) == 0
    assert "c-text: manual (why free_text)" in capsys.readouterr().out


def test_a_folder_that_is_not_there_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    assert main(["replies", "read", str(tmp_path / "none")], Composition()) == 1

    assert "Name one with .eml files" in capsys.readouterr().err


async def test_the_doctor_knows_how_the_mailbox_stands(store: Store):
    settings = read_settings(link_key=SecretStr("k" * 40), mail_in={"host": "imap.example"})
    name = mailbox_name("imap.example", "INBOX")

    async def found() -> tuple[bool, str]:
        async with store.read() as tx:
            [_, mailbox] = await inbox(tx, settings, minutes_later(0))
        assert mailbox.ok or mailbox.remedy
        return mailbox.ok, mailbox.detail

    assert await found() == (False, "never looked into")
    async with store.write() as tx:
        await tx.mail_in.keep_cursor(name, Cursor(7, 12), minutes_later(-1))
    assert await found() == (True, "read up to mail 12")
    async with store.write() as tx:
        await tx.mail_in.note_trouble(name, "The mailbox hung up.")
    assert await found() == (False, "The mailbox hung up.")
    async with store.write() as tx:
        await tx.mail_in.keep_cursor(name, Cursor(7, 13), minutes_later(-6))
    assert await found() == (False, "not looked into since 2026-03-10 14:54 UTC")
    assert mail_in(settings).ok
    assert not mail_in(read_settings(link_key=SecretStr("k" * 40))).ok
