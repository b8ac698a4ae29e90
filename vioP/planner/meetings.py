"""Which meetings cohorts have in a week: on their days, or made up for on another."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, time
from zoneinfo import ZoneInfo

from vioP.domain.arrangement import MakeUp, MovedMeeting
from vioP.domain.ids import ParticipantId, StaffId
from vioP.domain.program import Cohort
from vioP.domain.programme import Programme
from vioP.domain.time import Instant, WallTime, later, week_of
from vioP.planner.arranged import Arranged
from vioP.planner.minutes import minutes_of
from vioP.planner.problem import ProblemClinician, Span


@dataclass(frozen=True, slots=True)
class HeldMeeting:
    """A cohort's meeting in one week, with whoever of its facilitators can host it.

    Attributes:
        instead_of: The day it is usually on, if it was moved.
    """

    id: str
    cohort: Cohort
    day: date
    at: time
    starts: Instant
    ends: Instant
    hosts: tuple[StaffId, ...]
    attendees: tuple[ParticipantId, ...] = ()
    instead_of: date | None = None


def attendees(cohort: Cohort, day: date, programme: Programme) -> tuple[ParticipantId, ...]:
    """Who is enrolled in a cohort on a day: computed, never stored."""
    known = {each.id for each in programme.participants}
    return tuple(
        sorted(
            {
                each.participant_id
                for each in programme.enrollments
                if each.cohort_id == cohort.id
                and each.includes(day)
                and each.participant_id in known
            }
        )
    )


def held_meetings(
    arranged: Arranged, clinicians: Mapping[StaffId, ProblemClinician]
) -> tuple[tuple[HeldMeeting, ...], tuple[HeldMeeting, ...]]:
    """Every cohort's meetings of a week: those somebody can host, and those nobody can.

    A day that is made up for is held on the other day instead, once.
    """
    held: list[HeldMeeting] = []
    unheld: list[HeldMeeting] = []
    for usual in planned_meetings(arranged):
        move = arranged.arrangements.moved_meeting(usual.cohort.id, usual.day)
        meeting = usual if move is None else _moved(arranged, usual, move)
        lead = () if move is None or move.staff_id is None else (move.staff_id,)
        hosts = _hosts(arranged, meeting, clinicians, lead)
        if meeting.day not in arranged.programme.program.holidays:
            stated = replace(meeting, hosts=hosts)
            (held if hosts else unheld).append(stated)
    done = {(each.cohort.id, each.instead_of or each.day) for each in held}
    for make_up in arranged.arrangements.make_ups:
        missed = (make_up.cohort_id, make_up.instead_of)
        if week_of(make_up.instead_of) != arranged.week or missed in done:
            continue
        for meeting in made_up(arranged, make_up):
            stated = replace(meeting, hosts=_hosts(arranged, meeting, clinicians))
            (held if stated.hosts else unheld).append(stated)
            done.add(missed)
    made = {(each.cohort_id, each.instead_of) for each in arranged.arrangements.make_ups}
    lost = [
        each
        for each in unheld
        if (each.cohort.id, each.instead_of or each.day) not in made & done
    ]
    return tuple(held), tuple(lost)


def planned_meetings(arranged: Arranged) -> Iterator[HeldMeeting]:
    """Every meeting that somebody is enrolled for, closed days included, without hosts."""
    for cohort in arranged.programme.cohorts:
        for day, starts, ends in cohort.meetings(arranged.week):
            who = attendees(cohort, day, arranged.programme)
            if who:
                yield HeldMeeting(
                    f"{cohort.id}:{day}", cohort, day, cohort.at, starts, ends, (), who
                )


def _moved(arranged: Arranged, usual: HeldMeeting, move: MovedMeeting) -> HeldMeeting:
    """A meeting at the time it was moved to; it stays the same meeting for its people."""
    cohort = usual.cohort
    starts = WallTime(move.day.weekday(), move.at).on(arranged.week, ZoneInfo(cohort.zone))
    return replace(
        usual,
        day=move.day,
        at=move.at,
        starts=starts,
        ends=later(starts, cohort.length),
        instead_of=move.instead_of,
    )


def made_up(arranged: Arranged, make_up: MakeUp) -> Iterator[HeldMeeting]:
    """The meeting that makes up for a day: whoever had that day, and is still enrolled."""
    programme = arranged.programme
    for cohort in programme.cohorts:
        if cohort.id != make_up.cohort_id:
            continue
        enrolled = {
            each.participant_id
            for each in programme.enrollments
            if each.cohort_id == cohort.id and each.covers(make_up.day)
        }
        who = attendees(cohort, make_up.instead_of, programme)
        starts = WallTime(make_up.day.weekday(), make_up.at).on(
            arranged.week, ZoneInfo(cohort.zone)
        )
        yield HeldMeeting(
            f"{cohort.id}:{make_up.day}:for-{make_up.instead_of}",
            cohort,
            make_up.day,
            make_up.at,
            starts,
            later(starts, cohort.length),
            (),
            tuple(each for each in who if each in enrolled),
        )


def _hosts(
    arranged: Arranged,
    meeting: HeldMeeting,
    clinicians: Mapping[StaffId, ProblemClinician],
    lead: tuple[StaffId, ...] = (),
) -> tuple[StaffId, ...]:
    """The facilitators who work then, and whoever stands in for them on that day."""
    week = arranged.week
    span = (minutes_of(meeting.starts, week), minutes_of(meeting.ends, week))
    cohort = meeting.cohort
    others = arranged.arrangements.standing_in(cohort.id, meeting.day)
    return tuple(
        each
        for each in dict.fromkeys((*lead, *cohort.facilitators, *others))
        if each in clinicians and _is_open(clinicians[each].available, span)
    )


def _is_open(available: Iterable[Span], span: Span) -> bool:
    return any(start <= span[0] and span[1] <= end for start, end in available)
