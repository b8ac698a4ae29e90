"""A programme's files: every problem named, with its place and remedy, and nothing believed."""

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from vioP.domain.people import LicenceKind, StaffRole
from vioP.files.problems import ProblemsFound
from vioP.files.read import Source, load, read_programme
from vioP.files.shift import shift_dates

DEMO = Path(__file__).parents[2] / "config" / "demo"
TOML = (DEMO / "programme.toml").read_text()
CSV = (DEMO / "participants.csv").read_text()


def problems(toml: str = TOML, people: str = CSV, *, invent: bool = True) -> list[str]:
    """Every problem of two texts, as an operator reads it."""
    try:
        read_programme(
            Source("programme.toml", toml),
            Source("people.csv", people),
            invent_contacts=invent,
        )
    except ProblemsFound as error:
        return [str(each) for each in error.problems]
    return []


def line_of(text: str, needle: str) -> int:
    return text[: text.index(needle)].count("\n") + 1


def test_the_demo_is_read_whole():
    demo = read_programme(
        load(DEMO / "programme.toml"), load(DEMO / "participants.csv"), invent_contacts=True
    )

    assert (len(demo.tracks), len(demo.cohorts), len(demo.staff)) == (6, 6, 20)
    assert len(demo.participants) == len(demo.enrollments) == 42
    ines = next(each for each in demo.participants if each.id == "p09")
    assert ines.has_interpreter
    family = next(each for each in demo.service_plans if each.id == "p37-family")
    assert family.staff_id == "c14"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('timezone = "America/Denver"\ndays', 'timezone = "America/Denvr"\ndays', "cohort.timezone: “America/Denvr” is not a time zone. Did you mean “America/Denver”?"),
        ('"NY", "NJ", "FL", "PA", "MA", "IN"]', '"NY", "NJ", "FLA", "PA", "MA", "IN"]', "staff.states: “FLA” is not a state."),
        ('facilitators = ["c04", "c05"]', 'facilitators = ["c04", "c99"]', "cohort.facilitators: “c99” is no clinician"),
        ('facilitators = ["c04", "c05"]', 'facilitators = ["c04", "k01"]', "cohort.facilitators: “k01” is no clinician"),
        ('facilitators = ["c04", "c05"]', "facilitators = []", "cohort.facilitators: is empty. Name at least one clinician."),
        ('facilitators = ["c11", "c12"]', 'facilitators = ["c06", "c12"]', "c06 would host juniper and ridge at the same time on Mon and Thu"),
        ('track = "mood"\ntimezone', 'track = "moood"\ntimezone', "cohort.track: there is no track “moood”."),
        ('coordinator = "k01"\n[[cohort]]\nid = "juniper"', 'coordinator = "k09"\n[[cohort]]\nid = "juniper"', "cohort.coordinator: “k09” does not work here."),
        ('days = ["tue", "wed", "thu"]', 'days = ["tue", "wed", "wed"]', "cohort.days: “wed” is there twice."),
        ('days = ["tue", "wed", "thu"]', 'days = ["tue", "wens"]', "cohort.days: “wens” is no weekday."),
        ('start = "17:30"', 'start = "25:30"', "cohort.start: “25:30” is no time of day."),
        ('["skills", 60], ["break", 10], ["exposure", 60]', '["skills", 0], ["break", 10], ["exposure", 60]', "cohort.blocks: 0 minutes."),
        ("capacity = 10", "capacity = 0", "cohort.capacity: is 0."),
        ("capacity = 10", 'capacity = "nine"', "cohort.capacity: is 'nine'. Write a value of type int."),
        ("capacity = 10", "capaciti = 9", "cohort.capaciti: is not a key of this table. Did you mean “capacity”?"),
        ('hours = ["11:00", "21:00"]', 'hours = ["21:00", "11:00"]', "staff.hours: close at 11:00 before they open."),
        ('states = ["CO", "ID", "OR", "NE", "KS", "MT", "ND", "SD"]', "states = []", "staff.states: c15 is a therapist without any licence."),
        ('id = "c15"', 'id = "c14"', "staff.id: “c14” is there twice."),
        ('role = "tech_support"', 'role = "tech_suport"', "staff.role: “tech_suport” is not known. Did you mean “tech_support”?"),
        ("group_min = 4", "group_min = 40", "policy.group_min: is more than group_max."),
        ('coverage = "any"', 'coverage = "some"', "policy.coverage: “some” is not known."),
        ('"2027-05-31"', '"2027-05-32"', "programme.holidays: “2027-05-32” is no date."),
        ('unit = "session"', 'unit = "hour"', "payer.unit: “hour” is not known."),
        ("[[payer]]", "[[payers]]", "payers: is not a table. Did you mean “payer”?"),
        ('name = "Example Virtual IOP"', 'name = "a\\u0007b"', "programme.name: has control characters"),
        ('[programme]\nid = "example"\n', "[programme]\n", "programme.id: is missing."),
        ("[[track]]", "[[track", "file: is not TOML"),
    ],
    ids=lambda text: text[:28],
)  # fmt: skip
def test_a_wrong_programme_is_told_where_and_how_to_mend_it(old: str, new: str, said: str):
    assert old in TOML

    found = problems(TOML.replace(old, new, 1))

    assert any(said in each for each in found), found
    assert all(each.startswith(("programme.toml:", "people.csv:")) for each in found)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (",IN,America/Indiana/Tell_City,", ",XX,America/Indiana/Tell_City,", "state: “XX” is not a state."),
        (",IN,America/Indiana/Tell_City,", ",IN,America/Tell_City,", "timezone: “America/Tell_City” is not a time zone."),
        ("p01,Ada R.,1994", "p01,Ada R.,nineteen", "birth_year: is “nineteen”."),
        ("p01,Ada R.,1994", "p01,,1994", "display_name: is empty."),
        ("p37,Kai B.,2011", "p37,Kai B.,1990", "birth_year: p37 is 36 or 37; teen takes 13 to 17."),
        ("harbor,c04,c01,comm_a,2027-02-15,8,18", "harbour,c04,c01,comm_a,2027-02-15,8,18", "cohort: there is no cohort “harbour”. Did you mean “harbor”?"),
        ("harbor,c04,c01,comm_a,2027-02-15,8,18", "harbor,c01,c01,comm_a,2027-02-15,8,18", "therapist: c01 is a prescriber. Name a therapist."),
        ("harbor,c04,c01,comm_a,2027-02-15,8,18", "harbor,c06,c01,comm_a,2027-02-15,8,18", "therapist: c06 holds no licence for NY. Name one who does: c04, c05, c11."),
        ("harbor,c04,c01,comm_a,2027-02-15,8,18", "harbor,c04,c01,comm_z,2027-02-15,8,18", "payer: there is no payer “comm_z”."),
        ("harbor,c04,c01,comm_a,2027-02-15,8,18", "harbor,c04,c01,comm_a,15.2.2027,8,18", "start_date: “15.2.2027” is no date."),
        ("harbor,c04,c01,comm_a,2027-02-15,8,18", "harbor,c04,c01,comm_a,2027-02-15,80,18", "planned_weeks: is “80”."),
        ("8,18,y,y,en,,n,typical", "8,18,maybe,y,en,,n,typical", "sms_ok: is “maybe”. Write y or n."),
        ("8,18,y,y,en,,n,typical", "8,18,y,y,en,n,typical", "row: has 18 columns, the header has 19."),
        ("id,display_name", "id,name", "display_name: is not a column."),
        ("family,story", "family,family", "family: is there twice."),
    ],
    ids=lambda text: text[:28],
)  # fmt: skip
def test_a_wrong_row_is_told_where_and_how_to_mend_it(old: str, new: str, said: str):
    assert old in CSV

    found = problems(people=CSV.replace(old, new, 1))

    line = line_of(CSV, old)
    assert any(f"people.csv:{line} {said}" in each for each in found), found


def test_the_line_of_a_toml_problem_is_the_line_of_its_key():
    wrong = TOML.replace('start = "17:30"', 'start = "17h30"')

    [found] = problems(wrong)

    assert found.startswith(f"programme.toml:{line_of(wrong, '17h30')} cohort.start")


def test_every_problem_of_both_files_is_told_at_once():
    found = problems(
        TOML.replace("capacity = 10", "capacity = 0", 1).replace(
            'start = "18:00"', 'start = "x"'
        ),
        CSV.replace("p01,Ada R.,1994", "p01,Ada R.,0"),
    )

    assert len(found) == 3


def test_a_participant_without_any_channel_is_refused_by_name_of_the_columns():
    found = problems(invent=False)

    assert len(found) == 42
    assert "p01 cannot be reached: there is neither email nor phone." in found[0]
    assert "--invent-contacts" in found[0]


def with_contacts(email: str, phone: str) -> str:
    header, first, *_ = CSV.splitlines()
    return f"{header},email,phone\n{first},{email},{phone}\n"


def test_real_contacts_are_taken_as_they_are_and_wrong_ones_refused():
    assert (
        problems(people=with_contacts("ada@mail.example", "+12125550101"), invent=False)
        == []
    )
    assert problems(people=with_contacts("", "+1 212 555 0101"), invent=False) == []

    [mail] = problems(people=with_contacts("ada at mail", ""), invent=False)
    [phone] = problems(people=with_contacts("", "212-555-0101"), invent=False)

    assert "email: is not a mail address." in mail
    assert "phone: is not in international form. Write it as +12125550101." in phone


def second_row(cohort: str, days: str = "") -> str:
    """The demo with a second cohort for p17, who asks for one."""
    header, *rows = CSV.splitlines()
    own = next(each for each in rows if each.startswith("p17,"))
    other = own.replace(",juniper,", f",{cohort},")
    lines = [f"{header},days", *(f"{each}," for each in rows), f"{other},{days}"]
    return "\n".join(lines) + "\n"


def test_a_second_cohort_at_the_same_time_is_refused_though_their_zones_differ():
    toml = TOML.replace(
        'states = ["OH", "KY", "IN", "TN", "FL"]',
        'states = ["OH", "KY", "IN", "TN", "FL", "WI"]',
    )

    [found] = problems(toml, second_row("ridge"))

    assert (
        "p17 is in juniper and ridge, which meet at the same time on Mon and Thu." in found
    )
    assert "Choose one of the two" in found


def test_part_two_tracks_allow_no_voicemail_whatever_the_file_says():
    demo = read_programme(Source("t", TOML), Source("c", CSV), invent_contacts=True)

    ridge = {each.participant_id for each in demo.enrollments if each.cohort_id == "ridge"}
    assert not any(each.contact.voicemail for each in demo.participants if each.id in ridge)


def test_a_licence_may_be_written_out_with_its_validity():
    toml = TOML.replace(
        'states = ["CO", "ID", "OR", "NE", "KS", "MT", "ND", "SD"]',
        'licences = [{ state = "CO", number = "7", from = 2026-01-01, until = 2027-12-31 }, '
        '{ state = "ID", kind = "compact" }, { state = "OR" }]',
    )
    demo = read_programme(Source("t", toml), Source("c", CSV), invent_contacts=True)

    elena = next(each for each in demo.staff if each.id == "c15")
    colorado, idaho, _ = elena.licences
    assert (colorado.number, str(colorado.last)) == ("7", "2027-12-31")
    assert idaho.kind is LicenceKind.COMPACT
    assert elena.role is StaffRole.THERAPIST


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (
            '{ state = "CO", from = 2027-02-01, until = 2027-01-01 }',
            "ends before it begins",
        ),
        ('{ state = "CO", kind = "odd" }', "“odd” is no kind"),
        ('{ state = "CO", numbr = "7" }', "numbr is not known"),
    ],
)
def test_a_wrong_licence_is_refused(wrong: str, said: str):
    toml = TOML.replace(
        'states = ["CO", "ID",', f'licences = [{wrong}]\nstates = ["CO", "ID",'
    )

    assert any(said in each for each in problems(toml))


def test_windows_line_ends_and_a_byte_order_mark_are_read(tmp_path: Path):
    file = tmp_path / "people.csv"
    file.write_bytes(b"\xef\xbb\xbf" + CSV.replace("\n", "\r\n").encode())

    assert problems(people=load(file).text) == []


def test_a_file_that_is_missing_or_no_text_is_said_so(tmp_path: Path):
    (tmp_path / "latin.csv").write_bytes("id\nZoë".encode("latin-1"))

    with pytest.raises(ProblemsFound, match=r"nothing.toml:1 file: cannot be read"):
        load(tmp_path / "nothing.toml")
    with pytest.raises(ProblemsFound, match=r"latin.csv:2 file: is not UTF-8"):
        load(tmp_path / "latin.csv")


def test_a_demo_on_the_real_clock_keeps_its_weekdays():
    toml, people = shift_dates(Source("t", TOML), -15), shift_dates(Source("c", CSV), -15)

    demo = read_programme(toml, people, invent_contacts=True)
    plain = read_programme(Source("t", TOML), Source("c", CSV), invent_contacts=True)

    moved = {
        (a.first - b.first).days
        for a, b in zip(demo.enrollments, plain.enrollments, strict=True)
    }
    assert moved == {-105}
    assert shift_dates(toml, 15).text == TOML


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200), st.text(max_size=200))
def test_whatever_stands_in_the_files_is_a_problem_and_never_a_crash(
    toml: str, people: str
):
    assert problems(toml, people)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, len(TOML) - 1), st.integers(0, len(CSV) - 1), st.characters())
@example(0, CSV.index("p04"), "\N{SUPERSCRIPT TWO}")  # a digit, and no number
def test_one_wrong_character_anywhere_is_never_a_crash(at: int, there: int, char: str):
    problems(TOML[:at] + char + TOML[at + 1 :])
    problems(people=CSV[:there] + char + CSV[there + 1 :])


def test_hours_wishes_phases_and_denser_first_weeks_are_read():
    toml = TOML.replace(
        "psychiatry = { minutes = 25, every_weeks = 2 }",
        "psychiatry = { minutes = 25, every_weeks = 2, early_weeks = 3 }",
    )
    head, first, *rest = CSV.splitlines()
    rows = [
        head + ",hours,prefers",
        first + ',mon-fri 09:00-12:00; sat 10:00-11:00,"tue 09:00-10:00"',
        *(each + ",," for each in rest),
    ]

    found = read_programme(
        Source("p.toml", toml), Source("p.csv", "\n".join(rows)), invent_contacts=True
    )

    person = found.participants[0]
    assert [each.weekday for each in person.hours] == [0, 1, 2, 3, 4, 5]
    assert [(each.weekday, each.opens.hour) for each in person.prefers] == [(1, 9)]
    assert found.participants[1].hours == ()
    plan = next(each for each in found.service_plans if each.id == "p01-psychiatry")
    assert (plan.early_weeks, plan.begins) == (3, found.enrollments[0].first)


@pytest.mark.parametrize(
    "hours", ["9-12", "mon 12:00-09:00", "fri-mon 09:00-10:00", "noday 09:00-10:00"]
)
def test_hours_that_cannot_be_read_say_how_to_write_them(hours):
    head, first, *rest = CSV.splitlines()
    rows = [head + ",hours", first + f",{hours}", *(each + "," for each in rest)]

    found = problems(TOML, "\n".join(rows))

    assert any(
        f"“{hours}” are no hours" in each and "mon-fri 09:00-12:00" in each
        for each in found
    )


def test_a_phase_that_no_track_has_is_named():
    toml = TOML.replace("capacity = 8", 'capacity = 8\nphases = ["Nirvana"]', 1)

    assert any("no phase of" in each for each in problems(toml, CSV))


def test_only_concerns_about_one_place_can_block_it():
    toml = TOML.replace("[policy]", '[policy]\nimpact = { short_week = "block" }', 1)

    assert any("Use block_publishing" in each for each in problems(toml, CSV))
