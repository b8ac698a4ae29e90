"""What the planner says names people, days and zones as staff do, never by a key."""

import pytest

from tests.make import programme
from vioP.domain.week import Notice, UnplacedNeed
from vioP.web.named import named, names_of, needs_named, notices_named, reasons_named

NAMES = {
    "p07": "Gus P.",
    "c13": "Beth Sorensen",
    "c14": "Owen Park",
    "p07-individual": "Individual of Gus P.",
    "group:cedar": "Cedar group",
}


SAID = {
    "None of the hosts of cedar:2027-03-15 (c13, c14) holds a licence for NY then.": "None of "
    "the hosts of Cedar group on Monday 15 March (Beth Sorensen, Owen Park) holds a licence "
    "for NY then.",
    "cedar on 2027-03-15 is full.": "Cedar group on Monday 15 March is full.",
    "p07 fits into cedar:2027-03-16:for-2027-03-15 now.": "Gus P. fits into Cedar group on "
    "Tuesday 16 March (for Monday 15 March) now.",
    "p07-individual:2027-03-15 moves.": "Individual of Gus P. moves.",
    "p07's hours and c13's share nothing.": "Gus P.'s hours and Beth Sorensen's share nothing.",
    "No unit is left from 2027-03-17 on.": "No unit is left from Wednesday 17 March on.",
    "Add c13, who speaks en.": "Add Beth Sorensen, who speaks English.",
    "c13 does not speak p07's es.": "Beth Sorensen does not speak Gus P.'s Spanish.",
    "Mon 2027-03-15 is not held.": "Monday 15 March is not held.",
    "Clocks change in America/Los_Angeles.": "Clocks change in Los Angeles time.",
    "It is with c14 on 2027-13-45.": "It is with Owen Park on 2027-13-45.",
    "gone:2027-03-15 is not held.": "Gone group on Monday 15 March is not held.",
}


@pytest.mark.parametrize(("said", "read"), SAID.items())
def test_a_sentence_says_who_what_and_when(said: str, read: str):
    assert named(said, NAMES) == read


def test_a_reason_that_holds_on_several_days_is_said_once():
    every = [f"cedar:2027-03-{day} is not open to p07." for day in (15, 16, 18)]

    once, other = reasons_named([*every, "p07-individual moves."], "cedar", NAMES)

    days = "Monday 15 March, Tuesday 16 March and Thursday 18 March"
    assert once == f"Cedar group is not open to Gus P. ({days})."
    assert other == "Individual of Gus P. moves."


def test_a_place_and_a_notice_are_named():
    needs = needs_named([UnplacedNeed("cedar:2027-03-15/p07", (), ("Ask p07.",))], NAMES)
    notices = notices_named([Notice("cedar", "Ask c13."), Notice("p07", "Ask.")], NAMES)

    assert needs[0].need == "Gus P. in Cedar group on Monday 15 March"
    assert needs[0].remedies == ("Ask Gus P.",)
    assert notices == (("Cedar group", "Ask Beth Sorensen."), ("Gus P.", "Ask."))


def test_everybody_of_a_programme_has_a_name():
    names = names_of(programme())

    assert names["group:tidewater"] == "Tidewater group"
    assert all(names[each.id] == each.name for each in programme().participants)
