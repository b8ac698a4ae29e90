"""What is arranged for single people holds in the week that is built."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.make import cohort, enrollment, programme
from vioP.domain.arrangement import (
    Arrangement,
    Journey,
    KeptApart,
    MakeUp,
    OpenedPhase,
    Pin,
    arranged,
)
from vioP.domain.availability import every_day
from vioP.domain.enrollment import Authorization
from vioP.domain.ids import CohortId, ParticipantId
from vioP.domain.people import Licence
from vioP.domain.program import Concern, Impact, Payer, Phase, Policy
from vioP.domain.programme import Programme
from vioP.domain.session import Kind, PlannedSession
from vioP.domain.time import Week
from vioP.domain.week import WeekPlan
from vioP.planner.from_programme import Circumstances, Statement, state
from vioP.planner.solve import solve
from vioP.planner.to_plan import to_plan

WEEK = Week(date(2026, 3, 16))
P1, P2 = ParticipantId("p1"), ParticipantId("p2")
FOR_EVER = date(2026, 1, 1)


def stated(of: Programme, *what: Arrangement) -> Statement:
    return state(WEEK, of, Circumstances({}, arrangements=arranged(what)))


def planned(of: Programme, *what: Arrangement) -> WeekPlan:
    statement = stated(of, *what)
    return to_plan(statement, solve(statement.problem), of, "")


def with_policy(of: Programme, **policy: Any) -> Programme:
    changed = replace(of.program.policy, **policy)
    return replace(of, program=replace(of.program, policy=changed))


def own(plan: WeekPlan, who: ParticipantId = P1) -> PlannedSession:
    return next(
        each
        for each in plan.sessions
        if each.kind is Kind.INDIVIDUAL and who in each.participants
    )


def unplaced(plan: WeekPlan) -> dict[str, tuple[str, ...]]:
    return {each.need: each.reasons for each in plan.unplaced}


def texts(plan: WeekPlan, concern: Concern) -> list[str]:
    return [each.text for each in plan.notices if each.concern is concern]


def test_a_pinned_appointment_is_at_its_time_on_the_persons_own_clock():
    plain = programme()
    pin = Pin(P1, "individual", 3, time(13, 35), FOR_EVER)
    zone = ZoneInfo(plain.participants[0].zone)

    session = own(planned(plain, pin))

    assert session.starts.astimezone(zone) == datetime(2026, 3, 19, 13, 35, tzinfo=zone)
    assert own(planned(plain)).starts != session.starts


def test_a_pin_holds_from_its_first_day_to_its_last():
    plain = programme()
    free = own(planned(plain)).starts
    over = Pin(P1, "individual", 3, time(13, 35), FOR_EVER, date(2026, 3, 18))
    not_yet = Pin(P1, "individual", 3, time(13, 35), date(2026, 3, 20))

    assert own(planned(plain, over, not_yet)).starts == free


def test_a_pin_that_cannot_be_kept_is_said_and_nothing_is_put_elsewhere():
    night = Pin(P1, "individual", 3, time(3), FOR_EVER)

    plan = planned(programme(), night)

    assert not [
        each for each in plan.sessions if P1 in each.participants and not each.cohort_id
    ]
    [reasons] = unplaced(plan).values()
    assert reasons == ("p1-individual is pinned to a time outside p1's hours.",)


def test_who_travels_has_sessions_only_with_somebody_licensed_there():
    away = Journey(P1, WEEK.monday, date(2026, 3, 22), "Lubbock", "TX", "America/Chicago")
    plain = programme()
    texan = replace(
        plain,
        staff=tuple(
            replace(each, licences=(*each.licences, Licence("TX"))) for each in plain.staff
        ),
    )

    at_home = unplaced(planned(plain, away))
    abroad = planned(texan, away)

    [reason] = at_home["p1-individual"]
    assert reason.startswith("c1's licence for TX covers none of ")
    assert at_home["tidewater:2026-03-17/p1"][0].endswith("a licence for TX then.")
    assert all(P1 in need for need in at_home)
    assert not unplaced(abroad)
    assert own(abroad).promise.zone == "America/Chicago"
    assert own(abroad, P2).promise.zone == "America/Denver"


def test_hours_are_kept_on_the_clock_of_wherever_somebody_is():
    """Nine to ten at home is nine to ten there, and the day they leave is split."""
    plain = programme()
    people = tuple(
        replace(each, hours=every_day(time(9), time(10))) for each in plain.participants
    )
    plain = replace(plain, participants=people)
    away = Journey(
        P1, date(2026, 3, 18), date(2026, 3, 18), "Boston", "CO", "America/New_York"
    )

    problem = stated(plain, away).problem
    mine = next(each for each in problem.participants if each.id == P1)

    hour, day = 60, 24 * 60
    # Monday, Tuesday, Thursday, Friday from 15:00 UTC; Wednesday from 13:00 UTC.
    assert mine.available == tuple(
        (number * day + opens * hour, number * day + (opens + 1) * hour)
        for number, opens in ((0, 15), (1, 15), (2, 13), (3, 15), (4, 15))
    )
    assert [each.state for each in mine.stays] == ["CO", "CO", "CO"]


def test_two_people_kept_apart_are_not_given_places_in_one_group():
    plan = planned(programme(), KeptApart(P1, P2))

    groups = [each for each in plan.sessions if each.cohort_id]
    assert groups
    assert not [each for each in groups if {P1, P2} <= set(each.participants)]
    assert any(
        "is kept apart from somebody in tidewater" in reason
        for reasons in unplaced(plan).values()
        for reason in reasons
    )


def phased(**parts: Any) -> Programme:
    plain = programme(**parts)
    track = replace(
        plain.tracks[0],
        phases=(Phase("Steady", 2, "clinician"), Phase("Deep", 4, "readiness")),
    )
    return replace(plain, tracks=(track,), cohorts=(cohort(phases=("Deep",)),))


def test_a_group_for_a_later_phase_waits_for_a_clinicians_word():
    closed = planned(phased())
    opened = planned(phased(), OpenedPhase(P1, "Deep", WEEK.monday))

    assert not [each for each in closed.sessions if each.cohort_id]
    assert any(
        "is for a phase that is not open to p1" in reason
        for reasons in unplaced(closed).values()
        for reason in reasons
    )
    groups = [each for each in opened.sessions if each.cohort_id]
    assert groups
    assert {each.participants for each in groups} == {(P1,)}


def test_a_phase_opens_on_its_day_and_who_began_in_it_needs_no_word():
    later = planned(phased(), OpenedPhase(P1, "Deep", WEEK.monday + timedelta(days=7)))
    began = planned(phased(enrollments=(enrollment("p1", phase="Deep"),)))

    assert not [each for each in later.sessions if each.cohort_id]
    assert [each for each in began.sessions if each.cohort_id]


def test_who_has_been_in_a_phase_as_long_as_planned_is_named():
    plan = planned(phased())

    assert texts(plan, Concern.PHASE_DUE)[0] == (
        "In Steady for 2 weeks; 2 are planned. A clinician opens Deep when they are ready."
    )
    assert not texts(planned(programme()), Concern.PHASE_DUE)


def test_a_phase_that_is_not_in_the_track_any_more_breaks_no_week():
    renamed = phased(enrollments=(enrollment("p1", phase="Renamed since"),))

    plan = planned(renamed)

    assert not texts(plan, Concern.PHASE_DUE)
    assert any(
        "not open to p1" in each for found in unplaced(plan).values() for each in found
    )


def closed_on(day: date, **parts: Any) -> Programme:
    plain = programme(**parts)
    return replace(plain, program=replace(plain.program, holidays=(day,)))


def a_day_of_the_group() -> date:
    return next(day for day, _, _ in cohort().meetings(WEEK))


def test_a_closed_day_is_said_with_when_it_could_be_made_up_for():
    day = a_day_of_the_group()

    [text] = texts(planned(closed_on(day)), Concern.CLOSED_DAY)

    assert text.startswith(f"{day:%a} {day} is not held. It could be held on ")
    assert "4 of 4 people can come. Arrange it under Arrangements." in text


def test_what_is_made_up_for_is_held_that_day_and_is_no_concern_any_more():
    day = a_day_of_the_group()
    other = next(
        each
        for each in (WEEK.monday + timedelta(days=number) for number in range(5))
        if each.weekday() not in cohort().days
    )
    make_up = MakeUp(CohortId("tidewater"), day, other, time(11))

    plan = planned(closed_on(day), make_up)
    zone = ZoneInfo(cohort().zone)
    [held] = [
        each for each in plan.sessions if each.cohort_id and each.promise.day == other
    ]

    assert held.starts.astimezone(zone).time() == time(11)
    assert held.promise.at == time(11)
    assert held.participants == ("p1", "p2", "p3", "p4")
    assert not texts(plan, Concern.CLOSED_DAY)
    assert not plan.violations
    # Once the day is open again it is held as ever, and once only.
    open_again = planned(programme(), make_up)
    assert not [
        each for each in open_again.sessions if each.cohort_id and each.promise.day == other
    ]


def test_a_day_is_made_up_for_inside_the_counted_week():
    """Counted from the day after, everything before it belongs to another week."""
    day = a_day_of_the_group()
    plan = planned(with_policy(closed_on(day), week_starts=day.weekday()))
    before = planned(with_policy(closed_on(day), week_starts=(day.weekday() + 1) % 7))

    offered = texts(plan, Concern.CLOSED_DAY)[0].partition("could be held on ")[2]
    earlier = texts(before, Concern.CLOSED_DAY)[0].partition("could be held on ")[2]

    assert date.fromisoformat(offered.split()[1]) > day
    assert not earlier or date.fromisoformat(earlier.split()[1]) < day


@pytest.mark.parametrize(
    ("concern", "policy", "reason"),
    [
        (
            Concern.OUTSIDE_WINDOW,
            {"participant_window": (time(12), time(20))},
            "is outside the hours of the program's day where p1 is.",
        ),
        (Concern.THIN_GROUP, {"group_min": 9}, "the program asks for at least 9."),
    ],
)
def test_a_program_may_let_a_concern_block_a_place(concern, policy, reason):
    warned = planned(with_policy(programme(), **policy))
    blocked = planned(
        with_policy(programme(), **policy, impacts=((concern, Impact.BLOCK),))
    )

    assert [each for each in warned.sessions if each.cohort_id]
    assert not [each for each in blocked.sessions if each.cohort_id]
    assert any(
        each.endswith(reason) for reasons in unplaced(blocked).values() for each in reasons
    )
    assert blocked.violations == ()


def test_a_program_may_hold_nothing_that_is_not_authorized():
    short = programme(
        payers=(Payer("self", "90853", "day"),),
        authorizations=(Authorization("p1-self", P1, "self", "90853", 1, FOR_EVER),),
    )
    impacts = ((Concern.UNITS_RUNNING_OUT, Impact.BLOCK),)

    plan = planned(with_policy(short, impacts=impacts))

    groups = [each for each in plan.sessions if each.cohort_id]
    assert {each.participants for each in groups} == {("p2", "p3", "p4")}
    assert "No authorized unit is left for p1 on that day." in [
        each for reasons in unplaced(plan).values() for each in reasons
    ]


def test_a_payer_has_its_own_word_on_minutes_days_and_gaps():
    strict = Payer(
        "strict",
        "90853",
        "session",
        min_week_minutes=9000,
        days_a_week=(6, 7),
        longest_gap=0,
    )
    mean = replace(strict, id="mean", min_week_minutes=0, max_week_minutes=10)
    plain = programme(
        payers=(strict, mean),
        authorizations=(
            Authorization("a1", P1, "strict", "90853", 99, FOR_EVER),
            Authorization("a2", P2, "mean", "90853", 99, FOR_EVER),
        ),
    )

    plan = planned(plain)
    found = {(each.about, each.concern): each.text for each in plan.notices}

    assert "strict asks for 9000." in found[P1, Concern.SHORT_WEEK]
    assert found[P1, Concern.DAYS_A_WEEK].endswith("strict wants 6 to 7.")
    assert found[P1, Concern.SERVICE_GAP].endswith("strict wants at most 0.")
    assert found[P2, Concern.LONG_WEEK].endswith("mean pays for at most 10.")
    assert (P1, Concern.LONG_WEEK) not in found
    assert Policy().longest_gap == 7


def test_appointments_are_drawn_into_preferred_hours():
    plain = programme()
    liked = every_day(time(15), time(17))
    people = tuple(replace(each, prefers=liked) for each in plain.participants)

    plan = planned(replace(plain, participants=people))

    zone = ZoneInfo(plain.participants[0].zone)
    assert own(plan).starts.astimezone(zone).hour in {15, 16}
    assert own(planned(plain)).starts.astimezone(zone).hour not in {15, 16}
