"""How kind a week is to the people in it: days used, and waiting between sessions."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from vioP.domain.session import PlannedSession

_HALF_HOUR = timedelta(minutes=30)
# Two half hours a day are lunch and notes; a clinician's waiting counts beyond them.
_FREE = 2


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a week asks of people beyond the sessions themselves.

    Attributes:
        participant_days: Days on which somebody has something, added up.
        participant_waits: Whole half hours between a participant's sessions of a day.
        clinician_days: Days on which a clinician has something, added up.
        clinician_waits: Whole half hours between a clinician's sessions, beyond two a day.
    """

    participant_days: int
    participant_waits: int
    clinician_days: int
    clinician_waits: int


def wishes(sessions: Iterable[PlannedSession]) -> Wishes:
    """Add up what a week asks of people."""
    own: defaultdict[tuple[str, date], list[PlannedSession]] = defaultdict(list)
    work: defaultdict[tuple[str, date], list[PlannedSession]] = defaultdict(list)
    for each in sessions:
        for participant in each.participants:
            own[participant, each.promise.day].append(each)
        for clinician in each.staff:
            work[clinician, each.promise.day].append(each)
    return Wishes(
        participant_days=len(own),
        participant_waits=sum(map(_waits, own.values())),
        clinician_days=len(work),
        clinician_waits=sum(max(0, _waits(day) - _FREE) for day in work.values()),
    )


def _waits(day: Sequence[PlannedSession]) -> int:
    busy = sum((each.ends - each.starts for each in day), timedelta())
    whole = max(each.ends for each in day) - min(each.starts for each in day)
    return max(timedelta(), whole - busy) // _HALF_HOUR
