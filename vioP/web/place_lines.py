"""The places of a cohort week by week, in words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from vioP.domain.enrollment import Enrollment
from vioP.domain.places import Places
from vioP.domain.time import Week, week_of
from vioP.web.waiting_lines import short_day

_WEEKS_AHEAD = 8
_ONE_DAY, _ONE_WEEK = timedelta(days=1), timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class WeekLine:
    """The places of a week, at its fullest meeting.

    Attributes:
        offered: How many of those taken are held by offers.
        changes: Who begins and who ends in it.
    """

    monday: date
    taken: str
    offered: int
    free: int
    changes: str


def place_weeks(
    enrolled: Places,
    held: Places,
    own: Sequence[Enrollment],
    names: Mapping[str, str],
    today: date,
) -> Iterable[WeekLine]:
    """This week and the next ones; of this one what is still ahead."""
    for number in range(_WEEKS_AHEAD):
        monday = week_of(today).monday + number * _ONE_WEEK
        since, until = max(monday, today), monday + _ONE_WEEK
        taken = held.most_taken(since, until)
        yield WeekLine(
            monday,
            f"{taken} of {held.most}",
            taken - enrolled.most_taken(since, until),
            max(held.most - taken, 0),
            _changes(own, names, Week(monday)),
        )


def _changes(own: Sequence[Enrollment], names: Mapping[str, str], week: Week) -> str:
    """Who begins and who ends in a week, in order of time."""
    days = {week.monday + each * _ONE_DAY for each in range(7)}
    found = [
        (each.first, f"{names[each.participant_id]} begins {short_day(each.first)}")
        for each in own
        if each.first in days
    ]
    found += [
        (last, f"{names[each.participant_id]} ends {short_day(last)}")
        for each in own
        if (last := each.until - _ONE_DAY) in days
    ]
    return " ".join(f"{text}." for _, text in sorted(found))
