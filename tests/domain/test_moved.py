"""Of what was seen before the door of an appointment's new time, only what goes on counts."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.make import minutes_later
from vioP.domain.attendance import MARKS, Evidence, Fact, Leg, Presence, presence
from vioP.domain.moved import of_this_time

DOOR = minutes_later(0)
FACTS = st.lists(
    st.builds(
        Evidence,
        st.sampled_from(sorted(set(Fact) - {Fact.MOVED})),
        st.integers(-60, 60).map(minutes_later),
        st.just("test"),
        st.sampled_from([None, *Leg]),
        st.sampled_from(["", "laptop", "phone"]),
    ),
    max_size=8,
)


def seen(fact: Fact, minute: int, leg: Leg | None = None, device: str = "one") -> Evidence:
    return Evidence(fact, minutes_later(minute), "test", leg, device)


@given(FACTS)
def test_what_was_seen_from_the_door_on_counts_whatever_was_before(facts: list[Evidence]):
    kept = of_this_time([*facts, Evidence(Fact.MOVED, DOOR, "viop")], DOOR)

    assert [e for e in kept if e in facts] == [
        e for e in facts if e.at >= DOOR or e.fact in MARKS | {Fact.MARK_WITHDRAWN}
    ]
    assert all(e.at == DOOR for e in kept if e not in facts)


def test_a_press_before_the_door_says_nothing():
    facts = [Evidence(Fact.JOIN_PRESSED, minutes_later(-1), "test")]

    assert of_this_time(facts, DOOR) == ()


def test_a_connection_that_is_open_when_the_door_opens_counts_from_then_on():
    came, sent = seen(Fact.ENTERED, -5), seen(Fact.MEDIA_UP, -4, Leg.VIDEO)

    assert {e.at for e in of_this_time([came, sent], DOOR)} == {DOOR}
    for left in (seen(Fact.LEFT, -1), seen(Fact.MEDIA_DOWN, -1, Leg.VIDEO)):
        assert presence(of_this_time([came, sent, left], DOOR)) is Presence.AWAY
    other = seen(Fact.LEFT, -1, device="another")
    assert presence(of_this_time([came, sent, other], DOOR)) is Presence.PRESENT
    after = seen(Fact.LEFT, 5)
    assert presence(of_this_time([came, sent, after], DOOR)) is Presence.LEFT


def test_a_connection_of_long_ago_is_no_proof():
    assert of_this_time([seen(Fact.MEDIA_UP, -31, Leg.VIDEO)], DOOR) == ()


def test_a_phone_goes_on_though_a_browser_leaves():
    phone = seen(Fact.PHONE_BRIDGED, -5, device="phone")

    assert of_this_time([phone, seen(Fact.LEFT, -1)], DOOR) == (replace(phone, at=DOOR),)
    hung_up = seen(Fact.MEDIA_DOWN, -1, Leg.PHONE, "phone")
    assert of_this_time([phone, hung_up], DOOR) == ()
