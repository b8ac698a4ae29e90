"""Two groups held together: who has a place, who keeps theirs, and what is not held."""

from dataclasses import replace
from datetime import date, time

from tests.make import cohort, enrollment, participant, programme
from tests.planner.test_arranged import planned, stated
from vioP.domain.arrangement import KeptApart, MakeUp, MergedMeeting, MovedMeeting
from vioP.domain.ids import CohortId, ParticipantId, StaffId, TrackId
from vioP.domain.program import Phase, Policy, Track
from vioP.domain.programme import Programme
from vioP.planner.make_up import not_held
from vioP.planner.merge import merges

TUESDAY, WEDNESDAY = date(2026, 3, 17), date(2026, 3, 18)
CEDAR, HARBOR = CohortId("cedar"), CohortId("harbor")
MERGED = MergedMeeting(HARBOR, TUESDAY, CEDAR)


def two(**facts) -> Programme:
    """Harbor with p5 and p6 and c1, Cedar with p1 to p4 and c2; Cedar as it is said."""
    return programme(
        [participant(f"p{number}") for number in range(1, 7)],
        cohorts=(
            cohort("harbor", facilitators=(StaffId("c1"),)),
            cohort("cedar", **{"facilitators": (StaffId("c2"),), **facts}),
        ),
        enrollments=(
            *(enrollment(f"p{number}", "cedar") for number in range(1, 5)),
            *(enrollment(f"p{number}", "harbor") for number in range(5, 7)),
        ),
        service_plans=(),
    )


def sessions(plan) -> dict[str, tuple[str, ...]]:
    return {each.key: each.participants for each in plan.sessions}


def test_a_group_that_joins_is_held_with_the_other_on_that_day_only():
    plan = planned(two(), MERGED)

    assert sessions(plan) == {
        "cedar:2026-03-17": ("p1", "p2", "p3", "p4", "p5", "p6"),
        "cedar:2026-03-19": ("p1", "p2", "p3", "p4"),
        "harbor:2026-03-19": ("p5", "p6"),
    }
    assert not plan.violations
    assert not [each for each in plan.notices if "is not held" in each.text]


def test_guests_go_where_the_other_group_is_moved_to():
    plan = planned(two(), MERGED, MovedMeeting(CEDAR, TUESDAY, WEDNESDAY, time(10)))

    [held] = [each for each in plan.sessions if each.key == "cedar:2026-03-17"]
    assert (held.promise.day, len(held.participants)) == (WEDNESDAY, 6)


def test_whoever_joins_takes_nobodys_place():
    """Harbor is first by name; it is Cedar's people who have their places."""
    other_way = MergedMeeting(CEDAR, TUESDAY, HARBOR)
    small = two()
    harbor = replace(small.cohorts[0], capacity=3)
    plan = planned(replace(small, cohorts=(harbor, small.cohorts[1])), other_way)

    assert sessions(plan)["harbor:2026-03-17"] == ("p1", "p5", "p6")
    assert [each.need for each in plan.unplaced] == [
        f"harbor:2026-03-17/p{number}" for number in range(2, 5)
    ]


def test_whoever_is_kept_apart_from_somebody_there_has_no_place():
    apart = KeptApart(ParticipantId("p1"), ParticipantId("p5"))

    plan = planned(two(), MERGED, apart)

    assert sessions(plan)["cedar:2026-03-17"] == ("p1", "p2", "p3", "p4", "p6")
    [lost] = plan.unplaced
    assert lost.need == "cedar:2026-03-17/p5"
    assert "kept apart" in lost.reasons[0]


def test_a_phase_that_is_not_open_to_them_keeps_guests_out():
    base = two(phases=("Deep",))
    track = replace(base.tracks[0], phases=(Phase("Steady", 2, ""), Phase("Deep", 4, "")))
    enrollments = [
        replace(each, phase="Deep") if each.cohort_id == CEDAR else each
        for each in base.enrollments
    ]
    plan = planned(replace(base, tracks=(track,), enrollments=tuple(enrollments)), MERGED)

    assert sessions(plan)["cedar:2026-03-17"] == ("p1", "p2", "p3", "p4")
    assert len(plan.unplaced) == 2


def test_a_group_that_joins_one_that_is_not_held_is_not_held_either():
    plan = planned(two(facilitators=(StaffId("c9"),)), MERGED)

    assert set(sessions(plan)) == {"harbor:2026-03-19"}
    assert {each.need for each in plan.unplaced} == {
        "cedar:2026-03-17",
        "cedar:2026-03-19",
        "harbor:2026-03-17",
    }

    [need] = [each for each in plan.unplaced if each.need == "harbor:2026-03-17"]
    assert need.reasons == (
        "It is to be held together with Cedar, which is not held on Tue 2026-03-17.",
    )


def test_on_a_closed_day_neither_is_held_and_nobody_misses_it():
    plain = two()
    closed = replace(plain, program=replace(plain.program, holidays=(TUESDAY,)))

    plan = planned(closed, MERGED)

    assert set(sessions(plan)) == {"cedar:2026-03-19", "harbor:2026-03-19"}
    assert plan.unplaced == ()


def test_a_group_that_has_guests_is_not_sent_on_to_a_third():
    three = two()
    third = cohort("dune", facilitators=(StaffId("c1"),), at=time(13))
    with_dune = replace(
        three,
        participants=(*three.participants, participant("p7")),
        cohorts=(*three.cohorts, third),
        enrollments=(*three.enrollments, enrollment("p7", "dune")),
    )

    alone, joined = (
        merges(statement, next(e for e in statement.meetings if e.cohort.id == CEDAR))
        for statement in (stated(with_dune), stated(with_dune, MERGED))
    )

    assert "dune" in {each.into for each in alone}
    assert joined == ()


def test_groups_that_a_file_has_put_into_two_tracks_are_not_held_together():
    base = two()
    harbor, cedar = base.cohorts
    other = Track(TrackId("other"), "Other")
    apart = replace(
        base,
        tracks=(*base.tracks, other),
        cohorts=(harbor, replace(cedar, track_id=other.id)),
    )

    plan = planned(apart, MERGED)

    assert sessions(plan)["cedar:2026-03-17"] == ("p1", "p2", "p3", "p4")
    [lost] = plan.unplaced
    assert lost.need == "harbor:2026-03-17"
    assert "of another track" in lost.reasons[0]


def test_a_day_that_is_held_together_is_not_made_up_for():
    make_up = MakeUp(HARBOR, TUESDAY, WEDNESDAY, time(9))
    statement = stated(two(), MERGED, make_up)

    assert sorted(each.id for each in statement.meetings) == [
        "cedar:2026-03-17",
        "cedar:2026-03-19",
        "harbor:2026-03-19",
    ]
    assert not_held(statement.arranged, statement.meetings) == ()


def test_only_groups_of_the_same_track_and_day_with_a_place_are_offered():
    base = two()
    harbor, cedar = base.cohorts
    other_track = Track(TrackId("other"), "Other")
    free = (StaffId("c3"), StaffId("c4"))
    more = (
        replace(cedar, id=CohortId("elsewhere"), track_id=other_track.id),
        replace(cedar, id=CohortId("fridays"), days=(4,)),
        replace(cedar, id=CohortId("full"), capacity=1),
        replace(cedar, id=CohortId("later"), at=time(14)),
    )
    staff = [
        replace(base.staff[2], id=each, email=f"{each}@staff.example") for each in free
    ]
    statement = stated(
        replace(
            base,
            tracks=(*base.tracks, other_track),
            staff=(*base.staff, *staff),
            cohorts=(harbor, cedar, *(replace(e, facilitators=free) for e in more)),
            participants=(*base.participants, *(participant(f"q{n}") for n in range(4))),
            enrollments=(
                *base.enrollments,
                *(enrollment(f"q{n}", each.id) for n, each in enumerate(more)),
            ),
        )
    )
    [meeting] = [each for each in statement.meetings if each.id == "harbor:2026-03-17"]

    found = merges(statement, meeting)

    assert [(each.into, each.fits) for each in found] == [("cedar", 2), ("later", 2)]


def test_the_largest_group_of_the_program_bounds_what_is_offered():
    base = two()
    program = replace(base.program, policy=Policy(group_min=2, group_max=5))
    statement = stated(replace(base, program=program))
    [meeting] = [each for each in statement.meetings if each.id == "harbor:2026-03-17"]

    assert [each.fits for each in merges(statement, meeting)] == [1]
