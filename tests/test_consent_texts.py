"""The words of consents: their version changes with them."""

from pathlib import Path

import pytest

from tests.make import TEMPLATES
from vioP.consent_texts import ASKED, read_consent_texts
from vioP.domain.consent import ConsentKind
from vioP.domain.errors import WrongSettings
from vioP.domain.neutral import heard
from vioP.i18n import reading

SHIPPED = TEMPLATES / "consents"


def test_every_consent_that_is_asked_for_has_words():
    for code in ("en", "es"):
        texts = read_consent_texts(SHIPPED).spoken[code]

        assert set(texts) == set(ASKED)
        for each in texts.values():
            assert each.version.startswith("2026-11.")
            assert len(each.paragraphs) >= 3


def test_both_languages_say_the_same_in_as_many_paragraphs():
    texts = read_consent_texts(SHIPPED).spoken
    for kind in ASKED:
        english, spanish = texts["en"][kind], texts["es"][kind]
        assert len(english.paragraphs) == len(spanish.paragraphs)
        assert english.version != spanish.version


def test_somebody_reads_agrees_to_and_keeps_the_words_of_their_language():
    texts = read_consent_texts(SHIPPED)

    with reading("es"):
        spanish, titles = texts.get(ConsentKind.TELEHEALTH), texts.titles()

    assert spanish == texts.spoken["es"][ConsentKind.TELEHEALTH]
    assert texts.get(ConsentKind.TELEHEALTH) == texts.spoken["en"][ConsentKind.TELEHEALTH]
    assert titles["telehealth"] == "Citas por video"


def test_a_clinics_own_english_words_are_not_read_as_our_spanish_ones(tmp_path: Path):
    """What comes along in Spanish would ask for something else than the clinic does."""
    (tmp_path / "telehealth.txt").write_text(
        "Version 2027-01\nBy video\n\nOur own words.\n"
    )
    with reading("es"):
        only_english = read_consent_texts(SHIPPED, tmp_path).get(ConsentKind.TELEHEALTH)
        (tmp_path / "es").mkdir()
        (tmp_path / "es" / "telehealth.txt").write_text(
            "Version 2027-01\nPor video\n\nPalabras propias.\n"
        )
        both = read_consent_texts(SHIPPED, tmp_path).get(ConsentKind.TELEHEALTH)

    assert only_english is not None
    assert only_english.title == "By video"
    assert both is not None
    assert both.title == "Por video"


def test_what_a_guardian_reads_says_nothing_of_the_program():
    for texts in read_consent_texts(SHIPPED).spoken.values():
        for kind in (ConsentKind.TELEHEALTH, ConsentKind.MESSAGES):
            assert list(heard(texts[kind].text)) == []


def test_other_words_are_another_version(tmp_path: Path):
    file = tmp_path / "telehealth.txt"
    text = (SHIPPED / file.name).read_text()
    file.write_text(text.replace("Nothing is recorded", "Nothing at all is recorded"))

    own = read_consent_texts(SHIPPED, tmp_path).spoken["en"]
    ours = read_consent_texts(SHIPPED).spoken["en"]

    assert own[ConsentKind.TELEHEALTH].version != ours[ConsentKind.TELEHEALTH].version
    assert own[ConsentKind.MESSAGES] == ours[ConsentKind.MESSAGES]


@pytest.mark.parametrize(
    ("after", "months", "with_care"),
    [
        ("", 0, False),
        (", for 12 months", 12, False),
        (", until care ends", 0, True),
        (", for 6 months, until care ends", 6, True),
    ],
)
def test_the_first_line_says_when_a_yes_ends(
    tmp_path: Path, after: str, months: int, with_care: bool
):
    text = f"Version 2027-01{after}\nMail and texts\n\nWe write to you.\n"
    (tmp_path / "messages.txt").write_text(text)

    found = read_consent_texts(SHIPPED, tmp_path).spoken["en"][ConsentKind.MESSAGES]

    assert (found.months, found.with_care) == (months, with_care)
    assert found.version.startswith("2027-01.")


def test_ours_end_as_their_words_say():
    for texts in read_consent_texts(SHIPPED).spoken.values():
        for kind, each in texts.items():
            part2 = kind is ConsentKind.PART2_DISCLOSURE
            assert (each.months, each.with_care) == (0, part2)


@pytest.mark.parametrize("after", [", for a year", ", until care ends, for 12 months", ","])
def test_an_end_that_is_not_understood_is_refused(tmp_path: Path, after: str):
    text = f"Version 2027-01{after}\nMail and texts\n\nWe write to you.\n"
    (tmp_path / "messages.txt").write_text(text)

    with pytest.raises(WrongSettings, match="when a yes ends: “, for 12 months”"):
        read_consent_texts(SHIPPED, tmp_path)


def test_a_file_without_a_version_is_refused_by_name(tmp_path: Path):
    (tmp_path / "messages.txt").write_text("Mail and texts\n\nWe write to you.\n")

    with pytest.raises(WrongSettings, match=r"messages\.txt must begin with"):
        read_consent_texts(SHIPPED, tmp_path)
