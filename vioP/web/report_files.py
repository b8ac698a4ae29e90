"""Reports as tables for spreadsheets. They leave the house, so small numbers are hidden.

The pages hide nothing: whoever opens them may see the names anyway.
"""

from collections.abc import Mapping, Sequence

from vioP.domain.first_session import Waited, together
from vioP.domain.ids import CohortId
from vioP.domain.payer_units import PayerUnits
from vioP.domain.report import Report
from vioP.domain.small_numbers import LEAST, hidden_in, is_small

HIDDEN = "hidden"
_TOTAL = "total"
_SHARES = (0.25, 0.5, 0.75)

Table = tuple[Sequence[str], Sequence[Sequence[str]]]


def weeks_table(found: Report) -> Table:
    """How places were used, week by week."""
    heads = (
        *("week", "took_part", "excused", "missed", "not_held"),
        *("video_minutes", "sound_minutes"),
    )
    mondays = tuple(found.weeks)
    rows = [
        (
            *(found.weeks[each].there, found.weeks[each].excused),
            *(found.weeks[each].missed, found.weeks[each].not_held),
            *(found.minutes[each].video, found.minutes[each].sound),
        )
        for each in mondays
    ]
    people = [found.people[each] for each in mondays]
    return heads, _told([str(each) for each in mondays], rows, people)


def payers_table(found: Mapping[str, PayerUnits]) -> Table:
    """Units and minutes of care, payer by payer, with their total."""
    heads = (
        *("payer", "people", "units", "too_short", "length_not_known"),
        *("video_minutes", "sound_minutes"),
    )
    rows = [
        (each.people, each.units, each.short, each.unknown, each.video, each.sound)
        for each in found.values()
    ]
    people = [each.people for each in found.values()]
    names = [name or "none" for name in found]
    return heads, _told(names, rows, people, totalled=True)


def waits_table(found: Mapping[CohortId, Waited]) -> Table:
    """Days to the first session, cohort by cohort, with their total."""
    heads = (
        *("cohort", "came", "still_wait"),
        *("quarter_days", "half_days", "three_quarters_days"),
    )
    waits = [*found.values(), together(found.values())] if found else []
    told = _told(
        list(found),
        [(len(each.days), each.waiting) for each in found.values()],
        [each.people for each in found.values()],
        totalled=True,
    )
    return heads, [(*row, *_days(each)) for row, each in zip(told, waits, strict=True)]


def _days(waited: Waited) -> Sequence[str]:
    if len(waited.days) < LEAST:
        return [HIDDEN if waited.days else ""] * len(_SHARES)
    return [str(waited.within(share)) for share in _SHARES]


def _told(
    names: Sequence[str],
    rows: Sequence[Sequence[int]],
    people: Sequence[int],
    *,
    totalled: bool = False,
) -> list[list[str]]:
    """Rows as they may leave the house, the total last where it is told."""
    few = {number for number, each in enumerate(people) if is_small(each)}
    told = [[name] for name in names] + ([[_TOTAL]] if totalled and names else [])
    for column in zip(*rows, strict=True):
        hidden = hidden_in(column, few, totalled=totalled)
        numbers = [*column, sum(column)] if totalled else list(column)
        for number, value in enumerate(numbers):
            told[number].append(HIDDEN if number in hidden else str(value))
    return told
