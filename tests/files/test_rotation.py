"""A programme file says what cohorts are taught when, and who may join; mistakes are named."""

from datetime import date, timedelta

import pytest

from tests.files.test_read import CSV, TOML, line_of, problems
from vioP.domain.ids import CohortId
from vioP.domain.program import EnrollmentMode
from vioP.domain.rotation import ModuleTurn
from vioP.files.problems import ProblemsFound
from vioP.files.read import Source, read_programme
from vioP.files.shift import shift_dates

MARCH = date(2027, 3, 8)


def read(toml: str = TOML, people: str = CSV, today: date | None = None):
    return read_programme(
        Source("programme.toml", toml),
        Source("people.csv", people),
        invent_contacts=True,
        today=today,
    )


def joining(today: date | None, people: str) -> list[str]:
    """What is wrong with the first days of people."""
    try:
        read(people=people, today=today)
    except ProblemsFound as error:
        return [str(each) for each in error.problems]
    return []


def test_the_demo_knows_what_every_cohort_is_taught_in_its_first_week():
    demo = read()

    found = demo.rotations()
    taught = {name: each.on(date(2027, 3, 11)) for name, each in found.items()}

    assert {name: each.module for name, each in taught.items() if each} == {
        "cedar": "Distress tolerance",
        "harbor": "Distress tolerance",
        "juniper": "Exposure ladder",
        "lantern": "Emotion regulation",
        "ridge": "Coping skills",
        "tidewater": "Sleep and rhythm",
    }


def test_a_file_without_first_days_is_read_as_before_and_its_cohorts_take_people_any_day():
    """A track's word was a remark before rotations were known, and some spell it otherwise."""
    lines = [
        line
        for line in TOML.splitlines()
        if not line.startswith(("rotation =", "first_day =", "opens_at ="))
    ]
    old = "\n".join(lines).replace('"module-start"', '"module_start"')
    old = old.replace('"closed"', '"closed_per_phase"')
    assert old.count("module_start") == old.count("closed_per_phase") == 1

    found = read(old)

    assert {each.mode for each in found.cohorts} == {EnrollmentMode.ROLLING}
    assert found.rotations() == {}


@pytest.mark.parametrize(
    ("spelled", "meant"),
    [
        ("module_start", EnrollmentMode.MODULE_START),
        ("closed_per_phase", EnrollmentMode.CLOSED),
    ],
)
def test_other_spellings_mean_the_same(spelled: str, meant: EnrollmentMode):
    own = TOML.replace('id = "cedar"\n', f'id = "cedar"\nenrolment = "{spelled}"\n')

    [cedar] = [each for each in read(own).cohorts if each.id == "cedar"]

    assert cedar.mode is meant


def test_a_cohort_joins_as_its_track_says_unless_it_says_otherwise():
    own = TOML.replace('id = "ridge"\n', 'id = "ridge"\nenrolment = "closed"\n')

    modes = {each.id: each.mode for each in read(own).cohorts}

    assert modes["harbor"] is EnrollmentMode.ROLLING
    assert modes["tidewater"] is EnrollmentMode.MODULE_START
    assert modes["lantern"] is modes["ridge"] is EnrollmentMode.CLOSED


def test_a_shifted_programme_teaches_the_same_on_the_shifted_day():
    weeks = 30
    moved = read(shift_dates(Source("x", TOML), weeks).text).rotations()

    for name, rotation in read().rotations().items():
        then = moved[name].on(MARCH + timedelta(weeks=weeks, days=1))
        now = rotation.on(MARCH + timedelta(days=1))
        assert (then and then.module, then and then.week) == (
            now and now.module,
            now and now.week,
        )


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('["Grounding", 2]', '["Groundin", 2]', "track.rotation: “Groundin” is no module of trauma. Did you mean “Grounding”?"),
        ('["Grounding", 2]', '["Grounding", 0]', "track.rotation: “Grounding” is taught for 0 weeks. Write weeks from 1 to 52."),
        ('["Grounding", 2]', '["Grounding", 99]', "is taught for 99 weeks."),
        ('["Grounding", 2]', '["Grounding"]', 'is no module. Write ["Mindfulness", 2].'),
        ('["Grounding", 2]', '["Grounding", true]', "is no module."),
        ('["Grounding", 2]', '["", 2]', "is no module."),
        ('[["Mindfulness", 1], ["Distress', '[["Mindful", 1], ["Distress', "cohort.rotation: “Mindful” is no module of teen."),
        ("first_day = 2027-02-09", 'first_day = "soon"', "cohort.first_day: “soon” is no date."),
        ("first_day = 2027-02-09", "first_day = 9999-01-01", "cohort.first_day: is 9999-01-01. Write a day such as 2027-03-08."),
        ("first_day = 2027-02-09", "first_day = 2027-02-09T10:00:00", "cohort.first_day: is 2027-02-09 10:00:00."),
        ("first_day = 2027-02-09", "first_day = 3", "cohort.first_day: is 3."),
        ("first_day = 2027-02-09\n", 'enrolment = "closed"\n', "cohort.first_day: is missing, and the cohort's enrolment is closed."),
        ("first_day = 2027-02-15\nrotation", "rotation", "cohort.first_day: is missing, so nobody knows when the first module of its rotation begins."),
        ('enrolment = "module-start"', 'enrolment = "module-stat"', "track.enrolment: “module-stat” is not known. Did you mean “module-start”?"),
        ('opens_at = ["Mood cycles"', 'opens_at = ["Mood cycle"', "cohort.opens_at: “Mood cycle” is not in the rotation of tidewater. Did you mean “Mood cycles”?"),
        ('enrolment = "module-start"', 'enrolment = "rolling"', "cohort.opens_at: says where people join, and the enrolment is rolling."),
        ('rotation = [["Mood cycles", 2], ["Early warning signs", 1], ["Sleep and rhythm", 2], ["Medication partnership", 1], ["Family communication", 2], ["Relapse plan", 2]]\n', "", "cohort.enrolment: is module-start, and neither tidewater nor bipolar has a rotation."),
    ],
    ids=lambda text: text[:40],
)  # fmt: skip
def test_a_mistake_says_where_it_is_and_how_to_mend_it(old: str, new: str, said: str):
    assert old in TOML

    found = problems(TOML.replace(old, new, 1))

    assert any(said in each for each in found), found


def test_whoever_is_to_begin_begins_where_the_cohort_takes_people():
    ed = "2027-02-15,10,18"
    row = next(each for each in CSV.splitlines() if each.startswith("p31,"))
    assert ed in row
    late = CSV.replace(row, row.replace("2027-02-15", "2027-03-17"))

    [found] = joining(MARCH, late)

    assert f"people.csv:{line_of(CSV, 'p31,')} start_date: tidewater takes people" in found
    assert found.endswith("The next day to begin is 2027-03-29.")
    assert joining(MARCH, late.replace("2027-03-17", "2027-03-29")) == []


def test_nobody_joins_a_closed_cohort_that_has_started():
    row = next(each for each in CSV.splitlines() if each.startswith("p18,"))
    late = CSV.replace(row, row.replace("2027-02-09", "2027-03-16"))

    [found] = joining(MARCH, late)

    assert "lantern is closed: nobody joins after its start on 2027-02-09." in found


def test_whoever_began_before_today_is_there_already():
    row = next(each for each in CSV.splitlines() if each.startswith("p31,"))
    late = CSV.replace(row, row.replace("2027-02-15", "2027-03-17"))

    assert joining(date(2027, 3, 18), late) == []
    assert joining(None, late) == []


def test_a_track_without_a_list_of_modules_may_rotate_what_it_likes():
    bare = TOML.replace(
        'modules = ["Motivation", "Triggers and cravings", "Coping skills", "Mood and use", '
        '"Relapse planning", "Sober supports"]\n',
        "",
    )
    assert bare != TOML

    ridge = read(bare).rotations()[CohortId("ridge")]

    assert ridge.turns[0] == ModuleTurn("Motivation", 1)
