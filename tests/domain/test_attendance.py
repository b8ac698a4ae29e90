"""Presence and attendance are folds over evidence, in whatever order it arrives."""

from hypothesis import given
from hypothesis import strategies as st

from tests.make import NINE, minutes_later
from vioP.domain.attendance import (
    Attendance,
    Evidence,
    Fact,
    Presence,
    fold,
    is_excused,
    presence,
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
