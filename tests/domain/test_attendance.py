"""Presence and attendance are folds over evidence, in whatever order it arrives."""

from datetime import timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tests.make import NINE, minutes_later
from vioP.domain.attendance import (
    ARRIVALS,
    DEPARTURES,
    Attendance,
    Evidence,
    Fact,
    Leg,
    Presence,
    TakenPart,
    absences,
    fold,
    is_excused,
    missing_since,
    presence,
    stays,
    taken_part,
)

ENDS = minutes_later(180)


def seen(fact: Fact, minute: int) -> Evidence:
    return Evidence(fact, minutes_later(minute), "test")


def attended(*evidence: Evidence) -> Attendance:
    return fold(evidence, NINE, ENDS)


def test_nothing_seen_is_pending_and_never_a_no_show():
    assert attended() is Attendance.PENDING
    assert presence(()) is Presence.AWAY


def test_a_join_is_presence_and_a_late_one_is_late():
    assert attended(seen(Fact.JOIN_PRESSED, -3)) is Attendance.PRESENT
    assert attended(seen(Fact.JOIN_PRESSED, 11)) is Attendance.LATE


def test_a_phone_bridged_in_counts_like_a_face():
    assert presence([seen(Fact.PHONE_BRIDGED, 7)]) is Presence.PRESENT


def test_a_mark_says_nothing_of_when_somebody_came_and_one_taken_back_says_nothing():
    marked = seen(Fact.MARKED_PRESENT, 100)

    assert attended(marked) is Attendance.PRESENT
    assert attended(seen(Fact.JOIN_PRESSED, 11), marked) is Attendance.LATE
    assert attended(marked, seen(Fact.MARK_WITHDRAWN, 101)) is Attendance.PENDING


def test_leaving_long_before_the_end_is_leaving_early_unless_they_come_back():
    left = [seen(Fact.JOIN_PRESSED, 0), seen(Fact.LEFT, 60)]

    assert attended(*left) is Attendance.LEFT_EARLY
    assert attended(*left, seen(Fact.JOIN_PRESSED, 62)) is Attendance.PRESENT


def test_a_mark_beats_what_machines_saw_until_it_is_withdrawn():
    join = seen(Fact.JOIN_PRESSED, 0)
    mark = seen(Fact.MARKED_NO_SHOW, 30)

    assert attended(join, mark) is Attendance.NO_SHOW
    assert is_excused([mark])
    assert attended(join, mark, seen(Fact.MARK_WITHDRAWN, 31)) is Attendance.PRESENT


def test_of_an_arrival_and_a_departure_at_one_instant_the_arrival_counts():
    both = [seen(Fact.MEDIA_DOWN, 5), seen(Fact.MEDIA_UP, 5)]

    assert presence(both) is Presence.PRESENT


facts = st.lists(
    st.builds(
        Evidence,
        fact=st.sampled_from(list(Fact)),
        at=st.integers(-10, 200).map(minutes_later),
        source=st.just("test"),
    ),
    max_size=8,
    unique_by=lambda each: each.at,
)


@given(facts, st.randoms())
def test_the_order_in_which_evidence_arrives_changes_nothing(evidence, random):
    shuffled = list(evidence)
    random.shuffle(shuffled)

    assert presence(shuffled) is presence(evidence)
    assert attended(*shuffled) is attended(*evidence)


def by(fact: Fact, minute: float, connection: str = "laptop", leg: Leg | None = None):
    return Evidence(fact, minutes_later(minute), "test", leg, connection)


def test_leaving_with_one_device_is_not_leaving_with_the_other():
    both = [by(Fact.ENTERED, 0), by(Fact.ENTERED, 5, "phone"), by(Fact.LEFT, 10)]

    assert presence(both) is Presence.PRESENT
    assert absences(both) == 0
    assert presence([*both, by(Fact.LEFT, 20, "phone")]) is Presence.LEFT
    assert absences([*both, by(Fact.LEFT, 20, "phone")]) == 1


def test_a_frozen_device_is_a_lost_connection_until_it_is_gone():
    frozen = [
        by(Fact.JOIN_PRESSED, 0, ""),
        by(Fact.ENTERED, 0),
        by(Fact.MEDIA_UP, 1, leg=Leg.VIDEO),
        by(Fact.MEDIA_DOWN, 9, leg=Leg.VIDEO),
    ]

    assert presence(frozen) is Presence.LOST
    assert missing_since(frozen, NINE) == minutes_later(9)
    assert presence([*frozen, by(Fact.LEFT, 9.4)]) is Presence.LEFT
    assert absences([*frozen, by(Fact.LEFT, 9.4)]) == 1


def test_turning_the_camera_off_is_not_leaving():
    heard = [by(Fact.ENTERED, 0), by(Fact.MEDIA_UP, 1, leg=Leg.AUDIO)]
    seen = [by(Fact.MEDIA_UP, 1, leg=Leg.VIDEO), by(Fact.MEDIA_DOWN, 5, leg=Leg.VIDEO)]

    assert presence([*heard, *seen]) is Presence.PRESENT
    assert absences([*heard, *seen]) == 0


def test_a_phone_holds_a_place_whatever_becomes_of_the_video():
    phone = by(Fact.PHONE_BRIDGED, 7, "")
    video = [by(Fact.ENTERED, 1), by(Fact.LEFT, 20)]

    assert presence([phone, *video]) is Presence.PRESENT


def test_minutes_are_counted_once_by_the_best_leg():
    evidence = [
        by(Fact.ENTERED, -5),
        by(Fact.MEDIA_UP, -5, leg=Leg.AUDIO),
        by(Fact.MEDIA_UP, -5, leg=Leg.VIDEO),
        by(Fact.MEDIA_DOWN, 30, leg=Leg.VIDEO),
        by(Fact.LEFT, 50),
        by(Fact.PHONE_BRIDGED, 40, "call"),
    ]

    taken = taken_part(evidence, NINE, ENDS, minutes_later(60))

    assert taken == TakenPart(timedelta(minutes=30), timedelta(minutes=30))


moves = st.lists(
    st.builds(
        by,
        fact=st.sampled_from([*ARRIVALS, *DEPARTURES]),
        minute=st.integers(-10, 30),
        connection=st.sampled_from(["", "laptop", "phone"]),
        leg=st.sampled_from([None, *Leg]),
    ),
    max_size=10,
)


@given(moves, st.randoms())
def test_what_comes_twice_or_late_changes_nothing(evidence, random):
    shuffled = evidence + evidence[: len(evidence) // 2]
    random.shuffle(shuffled)
    now = minutes_later(40)

    assert presence(shuffled) is presence(evidence)
    assert stays(shuffled) == stays(evidence)
    assert taken_part(shuffled, NINE, ENDS, now) == taken_part(evidence, NINE, ENDS, now)


@given(moves)
def test_stays_follow_each_other_and_an_arrival_is_inside_one(evidence):
    there = stays(evidence)

    for before, after in pairwise(there):
        assert before.until is not None
        assert before.until < after.since
    for each in evidence:
        if each.fact is Fact.ENTERED:
            assert any(
                stay.since <= each.at and (stay.until is None or each.at <= stay.until)
                for stay in there
            )
