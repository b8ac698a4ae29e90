"""What a publication changes: only those whose promise changed hear of it."""

from dataclasses import replace
from datetime import date, time

from hypothesis import given
from hypothesis import strategies as st

from tests.make import minutes_later
from vioP.domain.ids import ParticipantId, SeatId, StaffId
from vioP.domain.session import Block, Kind, PlannedSession, Promise
from vioP.domain.time import Week
from vioP.domain.week import Diff, ToldSeat, WeekPlan, diff

WEEK = Week(date(2026, 3, 9))
ZONE = "America/Denver"
NOW = minutes_later(-600)


def session(key: str, *people: str, at: int = 0) -> PlannedSession:
    return PlannedSession(
        key=key,
        kind=Kind.INDIVIDUAL,
        cohort_id=None,
        promise=Promise(date(2026, 3, 10), time(9), ZONE),
        starts=minutes_later(at),
        ends=minutes_later(at + 50),
        blocks=(Block("individual", 50),),
        staff=(StaffId("c01"),),
        participants=tuple(ParticipantId(each) for each in people),
    )


def told(planned: PlannedSession) -> list[ToldSeat]:
    return [
        ToldSeat(
            SeatId(f"{planned.key}/{each}"), planned.key, each, f"uid-{planned.key}-{each}",
            0, NOW, planned.starts, planned.ends, ZONE,
        )
        for each in planned.participants
    ]  # fmt: skip


def compare(before: list[PlannedSession], after: list[PlannedSession], now=NOW) -> Diff:
    seats = [seat for each in before for seat in told(each)]
    people = {seat.participant_id for seat in seats}
    people |= {each for planned in after for each in planned.participants}
    return diff(seats, WeekPlan(WEEK, tuple(after)), lambda _who, _at: ZONE, now)


def test_the_same_week_again_tells_nobody_anything():
    week = [session("a", "p1", "p2"), session("b", "p3")]

    assert compare(week, week).is_empty


def test_a_moved_session_tells_its_own_people_only():
    changes = compare(
        [session("a", "p1"), session("b", "p2")],
        [session("a", "p1", at=60), session("b", "p2")],
    )

    assert [each.told.participant_id for each in changes.moved] == ["p1"]
    assert (changes.new, changes.gone) == ((), ())


def test_another_host_is_nothing_a_participant_sees():
    before = session("a", "p1")

    assert compare([before], [replace(before, staff=(StaffId("c02"),))]).is_empty


def test_somebody_new_is_invited_and_somebody_gone_is_told():
    changes = compare([session("a", "p1", "p2")], [session("a", "p2", "p3")])

    assert [each.participant_id for each in changes.new] == ["p3"]
    assert [each.participant_id for each in changes.gone] == ["p1"]


def test_a_session_that_is_over_is_history():
    after_all = minutes_later(600)

    assert compare([session("a", "p1")], [session("b", "p2")], now=after_all).is_empty


people = st.lists(st.sampled_from(["p1", "p2", "p3", "p4"]), unique=True, min_size=1)
weeks = st.dictionaries(st.sampled_from("abc"), st.tuples(people, st.integers(0, 5)))


@given(weeks, weeks)
def test_telling_the_difference_makes_the_second_week_known(first, second):
    before = [session(key, *who, at=60 * hour) for key, (who, hour) in first.items()]
    after = [session(key, *who, at=60 * hour) for key, (who, hour) in second.items()]

    changes = compare(before, after)

    known = {
        (seat.session_key, seat.participant_id): seat.starts
        for each in before
        for seat in told(each)
    }
    for gone in changes.gone:
        del known[gone.session_key, gone.participant_id]
    for moved in changes.moved:
        known[moved.session.key, moved.told.participant_id] = moved.session.starts
    for new in changes.new:
        known[new.session.key, new.participant_id] = new.session.starts
    assert known == {
        (each.key, who): each.starts for each in after for who in each.participants
    }
