"""Which modules a cohort goes through and when people may join it, as a programme file says it."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from vioP.domain.program import Cohort, EnrollmentMode, Track, rotation_of
from vioP.domain.rotation import ModuleTurn
from vioP.files.problems import nearest
from vioP.files.table import Table

_MOST_WEEKS = 52
_YEARS = range(2000, 2101)
_PAIR = 2
_ALSO = {
    "module_start": EnrollmentMode.MODULE_START,
    "closed_per_phase": EnrollmentMode.CLOSED,
}


def read_turns(table: Table) -> tuple[ModuleTurn, ...]:
    """Modules in turn, each a name and its weeks: ``[["Mindfulness", 2], ["Coping", 1]]``."""
    turns = []
    for each in table.get("rotation", list, default=[]):
        pair = each if isinstance(each, list) and len(each) == _PAIR else ["", 0]
        name, weeks = pair
        if not (isinstance(name, str) and name.strip() and type(weeks) is int):
            table.note(
                "rotation", f"{each!r:.40} is no module.", 'Write ["Mindfulness", 2].'
            )
        elif not 1 <= weeks <= _MOST_WEEKS:
            what = f"“{name:.40}” is taught for {weeks} weeks."
            table.note("rotation", what, f"Write weeks from 1 to {_MOST_WEEKS}.")
        else:
            turns.append(ModuleTurn(name.strip(), weeks))
    return tuple(turns)


def read_mode(table: Table, default: EnrollmentMode) -> EnrollmentMode:
    """When people may join: the table's own word, or what holds where it says nothing."""
    spelled_otherwise = _ALSO.get(str(table.values.get("enrolment")))
    if spelled_otherwise is not None:
        table.text("enrolment")
        return spelled_otherwise
    return EnrollmentMode(table.one_of("enrolment", list(EnrollmentMode), default))


def read_joining(
    table: Table, default: EnrollmentMode
) -> tuple[date | None, EnrollmentMode]:
    """The first day of a cohort and when people may join it.

    What its track says holds for a cohort that names its first day: without one nobody knows
    where a module begins, or when a closed cohort has started.
    """
    mode = read_mode(table, default)
    value = table.get("first_day", (date, str), default="")
    first = table.day("first_day", value) if value else None
    if isinstance(first, datetime) or (first is not None and first.year not in _YEARS):
        table.note("first_day", f"is {value}.", "Write a day such as 2027-03-08.")
        first = None
    elif not value and mode is not EnrollmentMode.ROLLING and "enrolment" in table.values:
        what = f"is missing, and the cohort's enrolment is {mode}."
        table.note("first_day", what, "Write the day on which its first module begins.")
    return first, mode if first else EnrollmentMode.ROLLING


def foreign_turns(turns: Iterable[ModuleTurn], track: Track) -> Iterator[tuple[str, str]]:
    """What a rotation names that is no module of a track which lists them: what, the remedy."""
    for turn in turns:
        if track.modules and turn.module not in track.modules:
            remedy = nearest(turn.module, list(track.modules), "Add it to the modules.")
            yield f"“{turn.module}” is no module of {track.id}.", remedy


def amiss_in_cohort(cohort: Cohort, track: Track) -> Iterator[tuple[str, str, str]]:
    """What does not fit together in a cohort: the key, what is wrong, the remedy."""
    for what, remedy in foreign_turns(cohort.rotation, track):
        yield "rotation", what, remedy
    rotation = rotation_of(cohort, track)
    if cohort.rotation and cohort.first_day is None:
        what = "is missing, so nobody knows when the first module of its rotation begins."
        yield "first_day", what, "Write a day such as 2027-03-08."
    if cohort.mode is EnrollmentMode.MODULE_START and rotation is None:
        what = f"is {cohort.mode}, and neither {cohort.id} nor {track.id} has a rotation."
        yield "enrolment", what, 'Write rotation = [["Mindfulness", 2]], or rolling.'
    if cohort.opens_at and cohort.mode is not EnrollmentMode.MODULE_START:
        what = f"says where people join, and the enrolment is {cohort.mode}."
        yield "opens_at", what, f"Leave it out, or write {EnrollmentMode.MODULE_START}."
    taught = [turn.module for turn in rotation.turns] if rotation else []
    for each in cohort.opens_at:
        if each not in taught:
            what = f"“{each}” is not in the rotation of {cohort.id}."
            yield "opens_at", what, nearest(each, taught, "Name a module of it.")
