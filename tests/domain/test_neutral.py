"""Neutral words: what gives away the kind of care is heard wherever it stands."""

from pathlib import Path

import pytest

from tests.make import cohort, programme
from vioP.domain.ids import TrackId
from vioP.domain.neutral import Heard, heard, vocabulary
from vioP.domain.program import Phase, Track
from vioP.domain.rotation import ModuleTurn

MAILS = Path(__file__).parents[2] / "templates" / "mail"


def test_words_of_care_are_heard_by_how_they_begin():
    text = "Hello,\nyour Therapist sees you\nin group."

    assert heard(text) == (Heard(2, "Therapist"), Heard(3, "group"))


def test_innocent_words_are_not():
    assert heard("a fundamental regrouping of your contact details") == ()


def test_a_programs_own_words_are_heard_over_a_line_break_and_only_whole():
    words = ("distress tolerance", "harbor")

    assert heard("Distress\n  tolerance", words) == (Heard(1, "Distress tolerance"),)
    assert heard("harbored no doubt", words) == ()
    assert heard("See you at Harbor!", words) == (Heard(1, "Harbor"),)


def test_the_vocabulary_is_everything_a_program_calls_its_care():
    track = Track(
        TrackId("mood"),
        "Mood and worry",
        modules=("Distress tolerance",),
        rotation=(ModuleTurn("Triggers", 2),),
        phases=(Phase("Stabilisation", 4, "clinician"),),
        details=(("conditions", "['depression', 'GAD']"), ("enrolment", "rolling")),
    )

    words = vocabulary(
        programme(
            tracks=(track,),
            cohorts=(cohort("tidewater", rotation=(ModuleTurn("Grounding", 1),)),),
        )
    )

    assert set(words) >= {
        "mood", "mood and worry", "distress tolerance", "stabilisation", "depression", "gad",
        "tidewater", "skills", "process", "triggers", "grounding",
    }  # fmt: skip
    assert "break" not in words


@pytest.mark.parametrize("file", sorted(MAILS.rglob("*.*")), ids=lambda each: each.name)
def test_no_mail_of_ours_says_what_kind_of_care_it_is(file: Path):
    assert heard(file.read_text(encoding="utf-8")) == ()
