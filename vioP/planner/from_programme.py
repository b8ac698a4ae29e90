"""From a programme to a problem: what one week needs, in minutes.

Here wall times meet their zones, enrollments become attendees, service plans become needs,
and leave and closures are taken out of hours. The planner then knows nothing of clocks.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from vioP.domain.arrangement import Arrangements
from vioP.domain.availability import (
    Hours,
    Interval,
    Leave,
    every_day,
    local_day,
    open_in_week,
    without,
)
from vioP.domain.ids import StaffId
from vioP.domain.people import Licence, Participant, Staff
from vioP.domain.programme import Programme
from vioP.domain.session import ToldSession
from vioP.domain.time import Instant, Week
from vioP.planner.arranged import Arranged
from vioP.planner.meetings import HeldMeeting, held_meetings
from vioP.planner.minutes import days_of, merged, minutes_of, spans_of
from vioP.planner.needs import Habit, need_of
from vioP.planner.problem import (
    Coverage,
    Meeting,
    ProblemClinician,
    ProblemParticipant,
    Role,
    Rule,
    Span,
    WeekProblem,
)
from vioP.planner.problem import Licence as ProblemLicence

# Appointments are counted from a fixed Monday, so that every other week means the same
# weeks in every program and after every restart.
COUNTED_FROM = Week(date(2027, 3, 1))


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a week depends on beside the programme itself.

    Attributes:
        now: Nothing is placed before it, and what began before it stays where it was;
            nothing plans the whole week.
        told: The week's groups, and what else has begun, as people know of them, by key.
    """

    leave: Mapping[StaffId, Sequence[Leave]]
    habits: Sequence[Habit] = ()
    now: Instant | None = None
    arrangements: Arrangements = field(default_factory=Arrangements)
    told: Mapping[str, ToldSession] = field(default_factory=dict)

    def with_leave(self, more: Mapping[StaffId, Sequence[Leave]]) -> "Circumstances":
        """The same with more leave."""
        own = {who: (*self.leave.get(who, ()), *more[who]) for who in more}
        return replace(self, leave={**self.leave, **own})


@dataclass(frozen=True, slots=True)
class Statement:
    """A stated week: the problem, and the meetings it speaks of."""

    week: Week
    problem: WeekProblem
    meetings: tuple[HeldMeeting, ...]
    unheld: tuple[HeldMeeting, ...]
    arranged: Arranged


@dataclass(frozen=True, slots=True)
class Held:
    """Which meetings of a week are held, before anybody's appointments are looked at."""

    arranged: Arranged
    clinicians: Mapping[StaffId, ProblemClinician]
    meetings: tuple[HeldMeeting, ...]
    unheld: tuple[HeldMeeting, ...]


def hold(week: Week, programme: Programme, around: Circumstances) -> Held:
    """Say which meetings of a week are held; a part of what ``state`` does, and a quick one."""
    arranged = Arranged(week, programme, around.arrangements, around.now, around.told)
    clinicians = {
        each.id: _clinician(each, arranged, around.leave.get(each.id, ()))
        for each in programme.staff
        if each.role.is_clinician
    }
    return Held(arranged, clinicians, *held_meetings(arranged, clinicians))


def state(week: Week, programme: Programme, around: Circumstances) -> Statement:
    """State what a week needs.

    Args:
        week: The week to plan.
        programme: What is offered, and who takes part.
        around: Leave, and what people are used to.
    """
    policy = programme.program.policy
    closed = frozenset(programme.program.holidays)
    held = hold(week, programme, around)
    arranged, meetings = held.arranged, held.meetings
    habits = {(habit.participant_id, habit.kind): habit for habit in around.habits}
    needs = [
        need_of(plan, arranged, habits.get((plan.participant_id, plan.kind)))
        for plan in programme.service_plans
        if plan.participant_id in arranged.people and plan.is_due(week, COUNTED_FROM)
    ]
    problem = WeekProblem(
        clinicians=tuple(held.clinicians.values()),
        participants=tuple(
            _participant(each, arranged, closed) for each in programme.participants
        ),
        meetings=tuple(stated_meeting(each, arranged) for each in meetings),
        needs=tuple(need for need in needs if need.within),
        clinician_buffer=policy.clinician_buffer,
        participant_buffer=policy.participant_buffer,
        rooms=policy.video_rooms,
        coverage=Coverage(policy.coverage),
        apart=arranged.apart(),
    )
    return Statement(week, problem, meetings, held.unheld, arranged)


def _open(
    hours: Iterable[Hours],
    week: Week,
    zone: str,
    closed: frozenset[date],
    away: Sequence[Leave],
) -> tuple[Span, ...]:
    zone_info = ZoneInfo(zone)
    gaps = [local_day(day, zone_info) for day in sorted(closed)]
    gaps += [(each.starts, each.ends) for each in away]
    return spans_of(open_in_week(hours, week, zone_info, gaps), week)


def _clinician(staff: Staff, arranged: Arranged, away: Sequence[Leave]) -> ProblemClinician:
    week, zone = arranged.week, ZoneInfo(staff.zone)
    program = arranged.programme.program
    policy, closed = program.policy, frozenset(program.holidays)
    # What somebody hosts that has begun goes on, whatever their hours have become since.
    hosting = [(e.starts, e.ends) for e in arranged.begun.values() if staff.id in e.staff]
    begun = without(hosting, [(each.starts, each.ends) for each in away])
    opened = _open(staff.hours, week, staff.zone, closed, away)
    return ProblemClinician(
        id=staff.id,
        role=Role(staff.role),
        languages=staff.languages,
        licences=tuple(
            stated for each in staff.licences for stated in _licence(each, week, zone)
        ),
        available=_both(opened, begun, week),
        days=days_of(week, staff.zone),
        max_day=policy.clinician_max_day,
        max_week=policy.clinician_max_week,
    )


def _licence(licence: Licence, week: Week, zone: ZoneInfo) -> Iterable[ProblemLicence]:
    """The stretch of the week in which a licence holds, if any."""
    days = [week.monday + timedelta(days=each) for each in range(-1, 8)]
    holding = [day for day in days if licence.holds_on(day)]
    if holding:
        start, end = local_day(holding[0], zone)[0], local_day(holding[-1], zone)[1]
        yield ProblemLicence(licence.state, spans_of([(start, end)], week)[0])


def _participant(
    participant: Participant, arranged: Arranged, closed: frozenset[date]
) -> ProblemParticipant:
    week, policy = arranged.week, arranged.programme.program.policy
    hours = participant.hours or every_day(*policy.participant_window)
    begun = [
        (each.starts, each.ends)
        for each in arranged.begun.values()
        if participant.id in each.participants
    ]
    return ProblemParticipant(
        id=participant.id,
        state=participant.state,
        language=participant.language,
        interpreter=participant.has_interpreter,
        available=_both(arranged.open(participant, hours, closed), begun, week),
        days=days_of(week, participant.zone),
        max_day=policy.participant_max_day,
        travels=arranged.travels(participant),
        wished=arranged.open(participant, participant.prefers, ()),
    )


def _both(
    opened: Sequence[Span], begun: Iterable[Interval], week: Week
) -> tuple[Span, ...]:
    """Hours, and the time of what has begun whatever they are."""
    spans = spans_of(begun, week)
    return tuple(merged((*opened, *spans))) if spans else tuple(opened)


def stated_meeting(meeting: HeldMeeting, arranged: Arranged) -> Meeting:
    """A meeting in minutes, with whoever may not be in it."""
    policy = arranged.programme.program.policy
    of = {each.cohort.id for each in (meeting, *meeting.joined)}
    span = (meeting.starts, meeting.ends)
    barred = list(arranged.barred(meeting.cohort, meeting.day, span, of))
    if not arranged.holds_few(len(meeting.attendees)):
        barred += [(each, Rule.TOO_FEW) for each in meeting.attendees]
    there = set(meeting.attendees)
    return Meeting(
        id=meeting.id,
        start=minutes_of(meeting.starts, arranged.week),
        end=minutes_of(meeting.ends, arranged.week),
        hosts=meeting.hosts,
        attendees=meeting.attendees,
        capacity=min(meeting.cohort.capacity, policy.group_max),
        minimum=policy.group_min,
        barred=tuple(each for each in barred if each[0] in there),
        guests=meeting.guests,
    )
