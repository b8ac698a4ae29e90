"""The words of consents: their version changes with them."""

from pathlib import Path

import pytest

from tests.make import TEMPLATES
from vioP.consent_texts import ASKED, read_consent_texts
from vioP.domain.consent import ConsentKind
from vioP.domain.errors import WrongSettings
from vioP.domain.neutral import heard

SHIPPED = TEMPLATES / "consents"


def test_every_consent_that_is_asked_for_has_words():
    texts = read_consent_texts(SHIPPED)

    assert set(texts) == set(ASKED)
    for each in texts.values():
        assert each.version.startswith("2026-11.")
        assert len(each.paragraphs) >= 3


def test_what_a_guardian_reads_says_nothing_of_the_program():
    texts = read_consent_texts(SHIPPED)
    for kind in (ConsentKind.TELEHEALTH, ConsentKind.MESSAGES):
        assert list(heard(texts[kind].text)) == []


def test_other_words_are_another_version(tmp_path: Path):
    file = tmp_path / "telehealth.txt"
    text = (SHIPPED / file.name).read_text()
    file.write_text(text.replace("Nothing is recorded", "Nothing at all is recorded"))

    own = read_consent_texts(SHIPPED, tmp_path)
    ours = read_consent_texts(SHIPPED)

    assert own[ConsentKind.TELEHEALTH].version != ours[ConsentKind.TELEHEALTH].version
    assert own[ConsentKind.MESSAGES] == ours[ConsentKind.MESSAGES]


def test_a_file_without_a_version_is_refused_by_name(tmp_path: Path):
    (tmp_path / "messages.txt").write_text("Mail and texts\n\nWe write to you.\n")

    with pytest.raises(WrongSettings, match=r"messages\.txt must begin with"):
        read_consent_texts(SHIPPED, tmp_path)
