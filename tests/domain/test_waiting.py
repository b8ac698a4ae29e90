"""The order of a waiting list, for whom a place is free when, and what wants a decision."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vioP.domain.ids import CohortId, ParticipantId
from vioP.domain.places import Hold, Places
from vioP.domain.waiting import (
    LEEWAY,
    LONGEST_OFFER,
    SOON,
    Decision,
    Entry,
    Offer,
    WaitingState,
    line_up,
    wanted,
    why_not_offer,
)

TODAY = date(2026, 3, 9)  # a Monday
OFFERED = WaitingState.OFFERED


def day(number: int) -> date:
    return TODAY + timedelta(days=number)


def entry(name: str = "p1", **facts: Any) -> Entry:
    given: dict[str, Any] = {
        "id": f"wai_{name}",
        "participant_id": ParticipantId(name),
        "cohort_id": CohortId("tidewater"),
        "asked_on": day(-10),
        "earliest": TODAY,
    }
    return Entry(**(given | facts))


def offered(name: str, first: int, until: int) -> Entry:
    return entry(name, state=OFFERED, offer=Offer(day(first), day(until)))


def places(most: int, *ends: int) -> Places:
    """A cohort on Mondays, and in how many days each of its people ends."""
    return Places((0,), most, tuple(Hold(day(-30), day(each)) for each in ends))


def lined_up(some: Places, *entries: Entry) -> list[tuple[str, date | None]]:
    return [
        (each.entry.participant_id, each.place) for each in line_up(some, entries, TODAY)
    ]


def test_whoever_asked_first_is_first_and_each_place_goes_to_one():
    late, early = entry("p1", asked_on=day(-2)), entry("p2", asked_on=day(-20))

    found = lined_up(places(2, 7, 21), late, early)

    assert found == [("p2", day(7)), ("p1", day(21))]


def test_who_is_closed_is_not_on_the_list():
    closed = entry("p1", state=WaitingState.WITHDRAWN)

    assert lined_up(places(1, 7), closed) == []


def test_nobody_is_promised_a_place_that_is_not_known_to_come_free():
    first, second = entry("p1"), entry("p2")

    assert lined_up(places(1, 7), first, second) == [("p1", day(7)), ("p2", None)]


@pytest.mark.parametrize(
    ("wait", "gets_it"), [(LEEWAY.days, "p1"), (LEEWAY.days + 7, "p2")]
)
def test_a_place_stands_empty_for_the_first_but_not_for_long(wait: int, gets_it: str):
    later, now = entry("p1", earliest=day(wait)), entry("p2", asked_on=day(-1))

    found = dict(lined_up(places(1), later, now))

    assert [who for who, place in found.items() if place is not None] == [gets_it]


def test_a_day_that_is_free_is_not_kept_for_whom_other_days_are_full():
    full = Places((0, 2), 1, (Hold(day(-30), day(300), (0,)),))
    whole, wednesdays = entry("p1"), entry("p2", asked_on=day(-1), days=(2,))

    assert dict(lined_up(full, whole, wednesdays))["p2"] == day(2)


def test_a_place_is_one_to_begin_at_only_where_people_may_join():
    def opens(since: date) -> date | None:
        return day(14) if since <= day(14) else None

    turns = line_up(places(1, 7), [entry("p1"), entry("p2")], TODAY, opens)
    shut = line_up(places(1, 21), [entry("p1")], TODAY, opens)

    assert [each.place for each in turns] == [day(14), None]
    assert [each.place for each in shut] == [None]


def test_an_offer_holds_the_place_until_the_end_of_its_day():
    holding, over = offered("p1", 7, 0), offered("p1", 7, -1)
    other = entry("p2", asked_on=day(-1))

    assert lined_up(places(1, 7), holding, other)[1] == ("p2", None)
    assert lined_up(places(1, 7), over, other)[1] == ("p2", day(7))


@pytest.mark.parametrize(
    ("ends", "place", "is_now"), [((), 0, True), ((0,), 0, True), ((1,), 2, False)]
)
def test_a_place_is_there_now_only_if_the_next_meeting_has_it(
    ends: tuple[int, ...], place: int, is_now: bool
):
    some = Places((0, 2), 1, tuple(Hold(day(-30), day(each)) for each in ends))

    [turn] = line_up(some, [entry()], TODAY)

    assert (turn.place, turn.is_now) == (day(place), is_now)


def test_decisions_come_most_urgent_first():
    turns = line_up(
        places(4, 28),
        [entry("p1"), offered("p2", 7, 0), offered("p3", 7, -1), offered("p4", 7, 1)],
        TODAY,
    )

    found = [(each.what, each.turn.entry.participant_id) for each in wanted(turns, TODAY)]

    assert found == [
        (Decision.RUN_OUT, "p3"),
        (Decision.RUNS_OUT_TODAY, "p2"),
        (Decision.PLACE_FREE, "p1"),
    ]


def test_a_place_that_comes_free_much_later_is_no_decision_yet():
    soon, much_later = places(1, SOON.days), places(1, SOON.days + 7)

    assert wanted(line_up(soon, [entry()], TODAY), TODAY)
    assert not wanted(line_up(much_later, [entry()], TODAY), TODAY)


def test_an_offered_entry_names_its_place():
    with pytest.raises(ValueError, match="offered no place"):
        entry(state=OFFERED)


@pytest.mark.parametrize(
    ("first", "until", "why"),
    [
        (0, -1, "which is over"),
        (-1, 3, "which is over"),
        (0, LONGEST_OFFER.days + 1, "at most 28 days"),
        (0, LONGEST_OFFER.days, ""),
        (7, 0, ""),
    ],
)
def test_a_place_is_held_for_days_that_can_be(first: int, until: int, why: str):
    found = why_not_offer(day(first), day(until), TODAY)

    assert bool(found) == bool(why)
    assert why in found


some_entries = st.lists(
    st.tuples(st.integers(-20, 0), st.integers(0, 40), st.integers(-3, 3)), max_size=6
).map(
    lambda given: [
        entry(f"p{number}", asked_on=day(asked), earliest=day(earliest))
        if offer < 2
        else entry(
            f"p{number}", asked_on=day(asked), state=OFFERED,
            offer=Offer(day(earliest), day(offer)),
        )
        for number, (asked, earliest, offer) in enumerate(given)
    ]
)  # fmt: skip


@given(some_entries, st.integers(0, 4), st.lists(st.integers(1, 60), max_size=4))
def test_no_list_ever_promises_more_places_than_there_are(
    entries: list[Entry], most: int, ends: list[int]
):
    some = places(most, *ends)

    turns = line_up(some, entries, TODAY)

    promised = [
        Hold(each.place, date.max)
        for each in turns
        if each.place is not None and not each.entry.is_offered
    ]
    held = [hold for each in entries if (hold := each.hold(TODAY)) is not None]
    together = some.holding(*held, *promised)
    for hold in promised:
        assert hold.first.weekday() == 0
        for week in range(20):
            assert together.taken(hold.first + timedelta(weeks=week)) <= most
    assert [each.entry for each in turns] == sorted(
        entries, key=lambda each: (each.asked_on, each.id)
    )
