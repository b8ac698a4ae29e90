"""From a solution to a week plan: minutes become instants, and promises get their zones."""

from datetime import date
from zoneinfo import ZoneInfo

from vioP.domain.ids import CohortId, ParticipantId, StaffId
from vioP.domain.people import Participant
from vioP.domain.program import WEEKDAYS, Impact
from vioP.domain.programme import Programme
from vioP.domain.session import Block, Kind, PlannedSession, Promise
from vioP.domain.week import Notice, UnplacedNeed, WeekPlan
from vioP.planner.explain import explain
from vioP.planner.from_programme import Statement
from vioP.planner.meetings import HeldMeeting
from vioP.planner.minutes import instant_of, minutes_of
from vioP.planner.notices import notices
from vioP.planner.problem import Need, Placement, Solution
from vioP.planner.substitutes import substitutes
from vioP.planner.verify import verify

# So many possible facilitators are named.
_NAMED = 3


def to_plan(
    statement: Statement, solution: Solution, programme: Programme, basis: str
) -> WeekPlan:
    """The week plan a solution stands for, judged and explained.

    The verdict comes from ``verify``, which does not trust the solver.
    """
    placed: dict[str, list[ParticipantId]] = {}
    for place in solution.places:
        placed.setdefault(place.meeting, []).append(ParticipantId(place.participant))
    groups = [
        _group(meeting, tuple(sorted(placed[meeting.id])))
        for meeting in statement.meetings
        if meeting.id in placed
    ]
    needs = {need.id: need for need in statement.problem.needs}
    people = {each.id: each for each in programme.participants}
    appointments = [
        _appointment(
            statement,
            needs[each.need],
            each,
            people[ParticipantId(needs[each.need].participant)],
        )
        for each in solution.placements
    ]
    sessions = sorted([*groups, *appointments], key=lambda each: (each.starts, each.key))
    unplaced = [
        UnplacedNeed(found.need, found.reasons, found.remedies)
        for found in (
            explain(statement.problem, solution, each.need) for each in solution.unplaced
        )
    ]
    known = notices(statement, tuple(sessions))
    grave = [each for each in known if _is_grave(each, programme)]
    return WeekPlan(
        week=statement.week,
        sessions=tuple(sessions),
        unplaced=(*unplaced, *(_unheld(statement, each) for each in statement.unheld)),
        notices=tuple(each for each in known if each not in grave),
        violations=(
            *(f"{each.rule}: {each.what}" for each in verify(statement.problem, solution)),
            *(f"{each.concern}: {each.about}: {each.text}" for each in grave),
        ),
        basis=basis,
    )


def _is_grave(notice: Notice, programme: Programme) -> bool:
    """Whether the program does not publish a week of which this is true."""
    concern = notice.concern
    policy = programme.program.policy
    return concern is not None and policy.impact(concern) is Impact.BLOCK_PUBLISHING


def _group(meeting: HeldMeeting, participants: tuple[ParticipantId, ...]) -> PlannedSession:
    cohort = meeting.cohort
    return PlannedSession(
        key=meeting.id,
        kind=Kind.GROUP,
        cohort_id=CohortId(cohort.id),
        promise=Promise(meeting.day, meeting.at, cohort.zone),
        starts=meeting.starts,
        ends=meeting.ends,
        blocks=cohort.blocks,
        staff=meeting.hosts,
        participants=participants,
    )


def _appointment(
    statement: Statement,
    need: Need,
    placement: Placement,
    participant: Participant,
) -> PlannedSession:
    """An appointment is promised on the clock of wherever its participant is."""
    starts = instant_of(placement.start, statement.week)
    zone = statement.arranged.zone_at(participant, starts)
    local = starts.astimezone(ZoneInfo(zone))
    return PlannedSession(
        key=f"{need.id}:{statement.week.monday}",
        kind=Kind(need.kind),
        cohort_id=None,
        promise=Promise(local.date(), local.time(), zone),
        starts=starts,
        ends=instant_of(placement.end, statement.week),
        blocks=(Block(need.kind, need.minutes),),
        staff=(StaffId(placement.clinician),),
        participants=(participant.id,),
    )


def _unheld(statement: Statement, meeting: HeldMeeting) -> UnplacedNeed:
    into = statement.arranged.arrangements.joins(meeting.cohort.id, meeting.day)
    if into is not None:
        other, day = into.capitalize(), _day(meeting.day)
        tracks = {e.id: e.track_id for e in statement.arranged.programme.cohorts}
        why = f"not held on {day}"
        if tracks.get(into, meeting.cohort.track_id) != meeting.cohort.track_id:
            why = "of another track now"
        return UnplacedNeed(
            meeting.id,
            (f"It is to be held together with {other}, which is {why}.",),
            (f"Give {other} a facilitator for the day, or take that arrangement back.",),
        )
    who = ", ".join(meeting.cohort.facilitators)
    span = (
        minutes_of(meeting.starts, statement.week),
        minutes_of(meeting.ends, statement.week),
    )
    free = substitutes(statement.problem, span, meeting.attendees)
    remedy = "Give the cohort another facilitator for the day, or close the day."
    if free:
        named = ", ".join(free[:_NAMED])
        remedy = f"Licensed for everybody in it and without a group then: {named}. {remedy}"
    return UnplacedNeed(
        meeting.id,
        (f"None of its facilitators ({who}) is free on {_day(meeting.day)}.",),
        (remedy,),
    )


def _day(day: date) -> str:
    return f"{WEEKDAYS[day.weekday()].capitalize()} {day}"
