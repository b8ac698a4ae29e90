"""Service plans as needs: what is due, for whom, and when it may still be."""

from dataclasses import dataclass
from datetime import time, timedelta
from zoneinfo import ZoneInfo

from vioP.domain.enrollment import ServicePlan
from vioP.domain.ids import ParticipantId, StaffId
from vioP.domain.people import Participant
from vioP.domain.time import WallTime
from vioP.planner.arranged import Arranged
from vioP.planner.minutes import days_of, minutes_of, spans_of
from vioP.planner.problem import Need, Role, Span


@dataclass(frozen=True, slots=True)
class Habit:
    """When and with whom somebody had an appointment last time, on their own clock.

    Attributes:
        is_told: It is this very week's appointment, which its person knows of.
        moves: How often it was moved from one week to the next lately.
    """

    participant_id: ParticipantId
    kind: str
    weekday: int
    at: time
    zone: str
    staff_id: StaffId
    is_told: bool = False
    moves: int = 0


def need_of(plan: ServicePlan, arranged: Arranged, habit: Habit | None) -> Need:
    """One due service plan as a need of a week; what has begun stays as it is."""
    week, person = arranged.week, arranged.people[plan.participant_id]
    begun = arranged.begun.get(f"{plan.id}:{week.monday}")
    pin = arranged.pin_of(plan) if begun is None else None
    host = plan.staff_id if pin is None or pin.staff_id is None else pin.staff_id
    previous = None
    if habit is not None:
        moment = WallTime(habit.weekday, habit.at).on(week, ZoneInfo(habit.zone))
        previous = minutes_of(moment, week)
    minutes, within = plan.minutes, _enrolled(person, arranged)
    if begun is not None:
        host = begun.staff[0] if begun.staff else host
        ((start, end),) = within = spans_of([(begun.starts, begun.ends)], week)
        minutes = end - start
    elif arranged.now is not None:
        within = _still_open(within, minutes_of(arranged.now, week))
    return Need(
        id=plan.id,
        participant=plan.participant_id,
        kind=plan.kind,
        minutes=minutes,
        role=Role.PRESCRIBER if plan.kind == "psychiatry" else Role.THERAPIST,
        clinicians=(host,) if host in arranged.staff else (),
        within=within,
        previous=previous,
        previous_clinician=habit.staff_id if habit else None,
        is_told=habit is not None and habit.is_told,
        pinned=None if pin is None else arranged.pinned(person, pin),
        moves=habit.moves if habit else 0,
    )


def _still_open(within: tuple[Span, ...], now: int) -> tuple[Span, ...]:
    """What is left of a stretch: the time ahead."""
    return tuple((max(start, now), end) for start, end in within if end > now)


def _enrolled(person: Participant, arranged: Arranged) -> tuple[Span, ...]:
    """The stretch of the week in which somebody is enrolled in anything."""
    own, week = arranged.enrollments.get(person.id, ()), arranged.week
    spans: list[Span] = []
    for number, (start, end) in enumerate(days_of(week, person.zone)):
        day = week.monday + timedelta(days=number)
        if any(enrollment.covers(day) for enrollment in own):
            if spans and spans[-1][1] == start:
                spans[-1] = (spans[-1][0], end)
            else:
                spans.append((start, end))
    return tuple(spans)
