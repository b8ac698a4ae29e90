"""What is worth knowing about a week though it stops nothing.

Moved clocks, early hours, units that run out, thin groups, short weeks.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from vioP.domain.enrollment import first_unauthorized_day
from vioP.domain.ids import ParticipantId
from vioP.domain.people import Participant
from vioP.domain.program import Cohort, Concern, Impact
from vioP.domain.programme import Programme
from vioP.domain.session import Kind, PlannedSession, clock_change
from vioP.domain.time import Week
from vioP.domain.week import Notice
from vioP.planner.arranged import is_outside
from vioP.planner.from_programme import Statement
from vioP.planner.make_up import missed_days
from vioP.planner.notices_of_care import notices_of_care
from vioP.planner.phases import phase_states
from vioP.planner.units import counted_days


def notices(statement: Statement, sessions: Sequence[PlannedSession]) -> tuple[Notice, ...]:
    """Everything worth knowing about a planned week, person by person."""
    week, programme = statement.week, statement.arranged.programme
    found = [
        *_moved_clocks(week, programme),
        *_outside_the_window(statement, sessions),
        *_units_running_out(week, programme),
        *_thin_groups(programme, sessions),
        *notices_of_care(week, programme, sessions),
        *_phases_due(statement),
        *_closed_days(statement),
    ]
    policy = programme.program.policy
    heard = [
        each
        for each in found
        if each.concern is None or policy.impact(each.concern) is not Impact.IGNORE
    ]
    return tuple(sorted(heard, key=lambda each: (each.about, each.text)))


def _moved_clocks(week: Week, programme: Programme) -> Iterator[Notice]:
    """Who meets at another clock reading than last week, because zones change apart."""
    people = {each.id: each for each in programme.participants}
    cohorts = {each.id: each for each in programme.cohorts}
    before = Week(week.monday - timedelta(days=7))
    for enrollment in programme.enrollments:
        person, cohort = (
            people.get(enrollment.participant_id),
            cohorts[enrollment.cohort_id],
        )
        if person is None:
            continue
        for last, this in zip(cohort.meetings(before), cohort.meetings(week), strict=True):
            changed = clock_change(this[1], last[1], ZoneInfo(person.zone))
            if changed and enrollment.covers(last[0]) and enrollment.includes(this[0]):
                yield _moved(person, cohort, changed)
                break


def _moved(person: Participant, cohort: Cohort, changed: tuple[object, object]) -> Notice:
    then, now = (f"{each:%H:%M}" for each in changed)
    return Notice(
        person.id,
        f"{cohort.id.capitalize()} group starts at {now} instead of {then} in {person.city} "
        f"({person.zone}), because clocks change in {cohort.zone}.",
        Concern.MOVED_CLOCKS,
    )


def _outside_the_window(
    statement: Statement, sessions: Sequence[PlannedSession]
) -> Iterator[Notice]:
    programme = statement.arranged.programme
    opens, closes = programme.program.policy.participant_window
    people = {each.id: each for each in programme.participants}
    outside: dict[tuple[ParticipantId, str], list[datetime]] = defaultdict(list)
    for session in sessions:
        for participant in session.participants:
            zone = ZoneInfo(statement.arranged.zone_at(people[participant], session.starts))
            starts, ends = (
                each.astimezone(zone) for each in (session.starts, session.ends)
            )
            if is_outside(starts, ends, (opens, closes)):
                where = f"{session.cohort_id or session.kind}".capitalize()
                where += " group" if session.cohort_id else ""
                outside[participant, where].append(starts)
    for (who, what), moments in outside.items():
        yield Notice(
            who,
            f"{what} starts at {min(moments):%H:%M} in {people[who].city}, outside "
            f"{opens:%H:%M} to {closes:%H:%M}, on {len(moments)} days of this week.",
            Concern.OUTSIDE_WINDOW,
        )


def _units_running_out(week: Week, programme: Programme) -> Iterator[Notice]:
    """Whose authorization ends in or before this week. Care is not called off for it."""
    payers = {each.id: each for each in programme.payers}
    sunday = week.monday + timedelta(days=6)
    for authorization in programme.authorizations:
        payer = payers.get(authorization.payer_id)
        if payer is None or payer.unit != "day":
            continue
        days = counted_days(authorization, payer, sunday, programme)
        first = first_unauthorized_day(authorization.units, days)
        if first is not None and any(week.monday <= day <= sunday for day in days):
            yield Notice(
                authorization.participant_id,
                f"No authorized unit is left from {first} on (all {authorization.units} of "
                f"{payer.id} are used if every day is attended). Ask for a review; sessions "
                "stay as they are.",
                Concern.UNITS_RUNNING_OUT,
            )


def _thin_groups(
    programme: Programme, sessions: Sequence[PlannedSession]
) -> Iterator[Notice]:
    least = programme.program.policy.group_min
    for session in sessions:
        if session.kind is Kind.GROUP and len(session.participants) < least:
            yield Notice(
                session.key,
                f"{len(session.participants)} people are expected; the program wants "
                f"at least {least}.",
                Concern.THIN_GROUP,
            )


def _phases_due(statement: Statement) -> Iterator[Notice]:
    """Who has been in a phase as long as the track plans, and waits for a clinician's word."""
    for each in phase_states(statement.arranged, statement.week.monday):
        if each.weeks >= each.planned and each.following:
            gate = "" if each.gate == "clinician" else f" ({each.gate})"
            yield Notice(
                each.participant_id,
                f"In {each.phase} for {each.weeks} weeks; {each.planned} are planned. A "
                f"clinician opens {each.following} when they are ready{gate}.",
                Concern.PHASE_DUE,
            )


def _closed_days(statement: Statement) -> Iterator[Notice]:
    """What is not held because a day is closed, and when it could be made up for."""
    for missed in missed_days(statement):
        yield Notice(missed.meeting.cohort.id, missed.in_words(), Concern.CLOSED_DAY)
