"""What is worth knowing about a week though it stops nothing.

Moved clocks, early hours, units that run out, thin groups, short weeks.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from vioP.domain.enrollment import Authorization, first_unauthorized_day
from vioP.domain.ids import ParticipantId
from vioP.domain.people import Participant
from vioP.domain.program import Cohort, Concern, Impact, Payer
from vioP.domain.programme import Programme
from vioP.domain.session import Kind, PlannedSession, clock_change
from vioP.domain.time import Week
from vioP.domain.week import Notice


def notices(
    week: Week, programme: Programme, sessions: Sequence[PlannedSession]
) -> tuple[Notice, ...]:
    """Everything worth knowing about a planned week, person by person."""
    found = [
        *_moved_clocks(week, programme),
        *_outside_the_window(programme, sessions),
        *_units_running_out(week, programme),
        *_thin_groups(programme, sessions),
        *_short_weeks(programme, sessions),
        *_days_of_care(week, programme, sessions),
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
        f"{cohort.id} starts at {now} instead of {then} in {person.city} "
        f"({person.zone}), because clocks change in {cohort.zone}.",
        Concern.MOVED_CLOCKS,
    )


def _outside_the_window(
    programme: Programme, sessions: Sequence[PlannedSession]
) -> Iterator[Notice]:
    opens, closes = programme.program.policy.participant_window
    people = {each.id: each for each in programme.participants}
    outside: dict[tuple[ParticipantId, str], list[datetime]] = defaultdict(list)
    for session in sessions:
        for participant in session.participants:
            zone = ZoneInfo(people[participant].zone)
            starts, ends = (
                each.astimezone(zone) for each in (session.starts, session.ends)
            )
            if (
                starts.time() < opens
                or ends.time() > closes
                or starts.date() != ends.date()
            ):
                where = str(session.cohort_id or session.kind)
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
        days = _counted_days(authorization, payer, sunday, programme)
        first = first_unauthorized_day(authorization.units, days)
        if first is not None and any(week.monday <= day <= sunday for day in days):
            yield Notice(
                authorization.participant_id,
                f"No authorized unit is left from {first} on (all {authorization.units} of "
                f"{payer.id} are used if every day is attended). Ask for a review; sessions "
                "stay as they are.",
                Concern.UNITS_RUNNING_OUT,
            )


def _counted_days(
    authorization: Authorization, payer: Payer, until: date, programme: Programme
) -> list[date]:
    cohorts = {each.id: each for each in programme.cohorts}
    closed = set(programme.program.holidays)
    days: list[date] = []
    for enrollment in programme.enrollments:
        if enrollment.participant_id != authorization.participant_id:
            continue
        cohort = cohorts[enrollment.cohort_id]
        minutes = sum(block.minutes for block in cohort.blocks if block.is_care)
        if minutes < payer.min_day_minutes:
            continue
        length = (until - authorization.first).days + 1
        stretch = (authorization.first + timedelta(days=each) for each in range(length))
        days.extend(
            day
            for day in stretch
            if day.weekday() in cohort.days
            and day not in closed
            and enrollment.includes(day)
        )
    return days


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


def _short_weeks(
    programme: Programme, sessions: Sequence[PlannedSession]
) -> Iterator[Notice]:
    """Whose week adds up to fewer minutes of care than their track asks for."""
    minutes: dict[ParticipantId, int] = defaultdict(int)
    for session in sessions:
        for participant in session.participants:
            minutes[participant] += session.care_minutes
    tracks = {each.id: each for each in programme.tracks}
    cohorts = {each.id: each for each in programme.cohorts}
    for enrollment in programme.enrollments:
        least = tracks[cohorts[enrollment.cohort_id].track_id].minimum_weekly_minutes
        total = minutes.get(enrollment.participant_id, 0)
        if 0 < total < least:
            yield Notice(
                enrollment.participant_id,
                f"{total} minutes of care this week; the program asks for {least}. "
                f"Enrolled from {enrollment.first}.",
                Concern.SHORT_WEEK,
            )


def _days_of_care(
    week: Week, programme: Programme, sessions: Sequence[PlannedSession]
) -> Iterator[Notice]:
    """Who is enrolled all week and has too few or too many days, or too long a gap."""
    policy = programme.program.policy
    fewest, most = policy.days_a_week
    sunday = week.monday + timedelta(days=6)
    days: dict[ParticipantId, set[date]] = defaultdict(set)
    for session in sessions:
        for participant in session.participants:
            days[participant].add(session.promise.day)
    whole = {
        each.participant_id
        for each in programme.enrollments
        if each.first <= week.monday and each.until > sunday and not each.pauses
    }
    for who in sorted(whole & days.keys()):
        count, ordered = len(days[who]), sorted(days[who])
        if not fewest <= count <= most:
            yield Notice(
                who,
                f"{count} days of care this week; the program wants {fewest} to {most}.",
                Concern.DAYS_A_WEEK,
            )
        gaps = [(b - a).days - 1 for a, b in pairwise(ordered)]
        if max(gaps, default=0) > policy.longest_gap:
            yield Notice(
                who,
                f"{max(gaps)} days without care between two days of it; the program wants "
                f"at most {policy.longest_gap}.",
                Concern.SERVICE_GAP,
            )
