"""What will be short in a week that is still ahead, beside what its plan says itself."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta

from vioP.domain.programme import Programme
from vioP.domain.week import Notice, WeekPlan
from vioP.planner.from_programme import Statement
from vioP.planner.problem import Role, Span

# A clinician above this share of their weekly maximum has no room for a sick colleague.
_FULL_PERCENT = 90


def foresee(
    statement: Statement, plan: WeekPlan, programme: Programme
) -> tuple[Notice, ...]:
    """Hours short, clinicians overloaded, licences that end; and the plan's own notices."""
    found = [
        *_hours_short(statement),
        *_overloaded(statement, plan),
        *_licences_ending(statement, programme),
        *plan.notices,
    ]
    return tuple(sorted(found, key=lambda each: (each.about, each.text)))


def _hours_short(statement: Statement) -> Iterator[Notice]:
    """Roles of which more is needed than everybody together may give."""
    problem = statement.problem
    held: defaultdict[str, list[Span]] = defaultdict(list)
    for meeting in problem.meetings:
        for host in set(meeting.hosts):
            held[host].append((meeting.start, meeting.end))
    for role in Role:
        needed = sum(each.minutes for each in problem.needs if each.role is role)
        open_minutes = 0
        for clinician in problem.clinicians:
            if clinician.role is role:
                groups = sum(end - start for start, end in held[clinician.id])
                hours = sum(end - start for start, end in clinician.available)
                open_minutes += max(0, min(hours, clinician.max_week) - groups)
        if needed > open_minutes:
            yield Notice(
                role.value,
                f"{_hours(needed)} of appointments are needed, and {role.value}s have "
                f"{_hours(open_minutes)} beside their groups. Hire, borrow, or see people "
                "less often.",
            )


def _overloaded(statement: Statement, plan: WeekPlan) -> Iterator[Notice]:
    load: defaultdict[str, timedelta] = defaultdict(timedelta)
    for session in plan.sessions:
        for clinician in session.staff:
            load[clinician] += session.ends - session.starts
    for each in statement.problem.clinicians:
        minutes = load[each.id] // timedelta(minutes=1)
        if each.max_week and minutes * 100 > each.max_week * _FULL_PERCENT:
            yield Notice(
                each.id,
                f"{_hours(minutes)} of at most {_hours(each.max_week)} this week: no room if "
                "a colleague falls ill.",
            )


def _licences_ending(statement: Statement, programme: Programme) -> Iterator[Notice]:
    """Licences whose last day lies in the week, with whom they leave uncovered."""
    monday = statement.week.monday
    sunday = monday + timedelta(days=6)
    people = {each.id: each for each in programme.participants}
    for clinician in programme.staff:
        for licence in clinician.licences:
            if licence.last is None or not monday <= licence.last <= sunday:
                continue
            given = {
                plan.participant_id
                for plan in programme.service_plans
                if plan.staff_id == clinician.id
            }
            concerned = sorted(
                each
                for each in given
                if each in people and people[each].state == licence.state
            )
            whom = f" They treat {', '.join(concerned)} there." if concerned else ""
            yield Notice(
                clinician.id,
                f"The licence for {licence.state} ends on {licence.last}.{whom} Renew it, or "
                "find somebody else in time.",
            )


def _hours(minutes: int) -> str:
    return f"{minutes / 60:.1f} hours"
