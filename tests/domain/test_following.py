"""A place in a group goes along with its person: one appointment, one link, one message at most."""

from dataclasses import replace
from datetime import date, time

from hypothesis import given
from hypothesis import strategies as st

from tests.make import minutes_later
from vioP.domain.following import Place, follow
from vioP.domain.ids import CohortId, ParticipantId, SeatId, StaffId, TrackId
from vioP.domain.session import Block, Kind, PlannedSession, Promise, due_day, made_up_key
from vioP.domain.time import Week
from vioP.domain.week import Diff, ToldSeat, WeekPlan, diff

ZONE = "America/Denver"
NOW = minutes_later(-600)
MOOD, OTHER = TrackId("mood"), TrackId("other")
TRACKS = {CohortId(each): MOOD for each in ("harbor", "cedar", "a", "b", "c")}
TRACKS[CohortId("fern")] = OTHER
TUESDAY, THURSDAY = date(2026, 3, 10), date(2026, 3, 12)


def group(cohort: str, *people: str, day: date = TUESDAY, at: int = 0) -> PlannedSession:
    return PlannedSession(
        key=f"{cohort}:{day}",
        kind=Kind.GROUP,
        cohort_id=CohortId(cohort),
        promise=Promise(day, time(9), ZONE),
        starts=minutes_later(at),
        ends=minutes_later(at + 130),
        blocks=(Block("skills", 130),),
        staff=(StaffId("c1"),),
        participants=tuple(ParticipantId(each) for each in people),
    )


def told(session: PlannedSession) -> list[ToldSeat]:
    group_day = due_day(session.key)
    return [
        ToldSeat(
            SeatId(f"{session.key}/{each}"), session.key, each, f"uid-{session.key}-{each}",
            0, NOW, session.starts, session.ends, ZONE,
            group_day if session.kind is Kind.GROUP else None,
        )
        for each in session.participants
    ]  # fmt: skip


def compare(
    before: list[PlannedSession],
    after: list[PlannedSession],
    doors=NOW,
    had: frozenset[Place] = frozenset(),
) -> Diff:
    seats = [seat for each in before for seat in told(each)]
    plan = WeekPlan(Week(date(2026, 3, 9)), tuple(after))
    changes = diff(seats, plan, lambda _who, _at: ZONE, NOW)
    return follow(changes, TRACKS, lambda _who, _at: ZONE, doors, had)


def test_whoever_goes_over_at_the_same_time_hears_nothing():
    changes = compare(
        [group("harbor", "p1"), group("cedar", "p2")], [group("cedar", "p1", "p2")]
    )

    assert changes.is_empty
    assert [(each.told.id, each.session.key) for each in changes.carried] == [
        ("harbor:2026-03-10/p1", "cedar:2026-03-10")
    ]


def test_whoever_goes_over_to_another_time_is_told_of_a_move():
    changes = compare([group("harbor", "p1")], [group("cedar", "p1", at=240)])

    assert [each.told.id for each in changes.moved] == ["harbor:2026-03-10/p1"]
    assert (changes.new, changes.gone, changes.carried) == ((), (), ())


def test_a_day_that_is_made_up_for_is_a_move():
    day = group("harbor", "p1", day=THURSDAY, at=2880)
    made_up = replace(day, key=made_up_key(CohortId("harbor"), THURSDAY, TUESDAY))

    there = compare([group("harbor", "p1")], [made_up])
    back = compare([made_up], [group("harbor", "p1")])

    for changes in (there, back):
        assert len(changes.moved) == 1
        assert (changes.new, changes.gone) == ((), ())


def test_a_group_that_was_moved_to_another_day_stands_for_its_own():
    """Its key says which; its promise is of the day it was moved to."""
    day = group("cedar", "p1", day=THURSDAY, at=2880)
    moved = replace(day, key=group("cedar").key)

    changes = compare([group("harbor", "p1")], [moved])

    assert [each.told.id for each in changes.moved] == ["harbor:2026-03-10/p1"]
    assert (changes.new, changes.gone) == ((), ())


def test_another_day_is_another_appointment():
    changes = compare([group("harbor", "p1")], [group("cedar", "p1", day=THURSDAY)])

    assert (len(changes.new), len(changes.gone)) == (1, 1)


def test_a_group_of_another_track_or_of_none_is_another_appointment():
    for other in ("fern", "gone"):
        for before, after in (("harbor", other), (other, "harbor")):
            changes = compare([group(before, "p1")], [group(after, "p1")])

            assert (len(changes.new), len(changes.gone)) == (1, 1)


def test_an_appointment_does_not_become_a_place_in_a_group():
    single = replace(group("harbor", "p1"), kind=Kind.INDIVIDUAL, cohort_id=None)

    assert (len(compare([single], [group("cedar", "p1")]).gone)) == 1
    assert (len(compare([group("cedar", "p1")], [single]).new)) == 1


def test_a_seat_whose_door_is_open_stays_where_its_person_may_be():
    before, after = [group("harbor", "p1")], [group("cedar", "p1")]

    assert len(compare(before, after, doors=minutes_later(0)).carried) == 1
    assert len(compare(before, after, doors=minutes_later(1)).gone) == 1


def test_a_place_somebody_had_before_comes_back_instead():
    had = frozenset({("cedar:2026-03-10", ParticipantId("p1"))})

    changes = compare([group("harbor", "p1")], [group("cedar", "p1")], had=had)

    assert (len(changes.new), len(changes.gone)) == (1, 1)


people = st.lists(st.sampled_from(["p1", "p2", "p3", "p4"]), unique=True, min_size=1)
places = st.tuples(people, st.integers(0, 3), st.sampled_from([TUESDAY, THURSDAY]))
weeks = st.dictionaries(st.sampled_from("abc"), places)


@given(weeks, weeks)
def test_whoever_follows_every_change_knows_the_second_week_with_one_seat_a_place(
    first, second
):
    before, after = (
        [group(key, *who, day=day, at=60 * hour) for key, (who, hour, day) in week.items()]
        for week in (first, second)
    )

    changes = compare(before, after)

    known = {
        (seat.session_key, seat.participant_id): (seat.id, seat.starts)
        for each in before
        for seat in told(each)
    }
    seats = {seat for seat, _ in known.values()}
    went = (*changes.moved, *changes.carried)
    for left in (*changes.gone, *(each.told for each in went)):
        del known[left.session_key, left.participant_id]
    for each in went:
        place = (each.session.key, each.told.participant_id)
        assert place not in known
        known[place] = (each.told.id, each.session.starts)
    for new in changes.new:
        known[new.session.key, new.participant_id] = (SeatId("new"), new.session.starts)
    assert {place: starts for place, (_, starts) in known.items()} == {
        (each.key, who): each.starts for each in after for who in each.participants
    }
    kept = [seat for seat, _ in known.values() if seat in seats]
    assert len(kept) == len(set(kept))
