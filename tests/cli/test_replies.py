"""``viop replies read``: every sample mail, and a folder that is not there."""

import json
from pathlib import Path

import pytest

from tests.replies import answer, calendar, event, mail, report, text_part
from vioP.__main__ import Composition
from vioP.cli import main

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
