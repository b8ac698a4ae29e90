"""The ladder: what is due when, and when nobody is dialled."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.make import LADDER, NINE, minutes_later
from vioP.domain.contact import Refusal
from vioP.domain.delivery import SkipReason
from vioP.domain.fallback import (
    Breaker,
    Ladder,
    Rung,
    SeatFacts,
    SessionFacts,
    Step,
    next_moves,
)
from vioP.domain.ids import SeatId

ENDS = minutes_later(180)
NO_CALLS = dict.fromkeys((Rung.CALL, Rung.SECOND_CALL), Refusal.OPTED_OUT)


def seat(name: str = "sea_a", **facts) -> SeatFacts:
    return SeatFacts(SeatId(name), **facts)


def session(*seats: SeatFacts, host: int | None = 0, **facts) -> SessionFacts:
    """A session from nine to twelve whose host started after so many minutes."""
    started = None if host is None else minutes_later(host)
    return SessionFacts(NINE, ENDS, started, seats or (seat(),), **facts)


def rungs(facts: SessionFacts, minute: float) -> list[Rung]:
    return [move.rung for move in next_moves(LADDER, facts, minutes_later(minute)).moves]


def climb(minutes: int, *, host: int | None = 0, **facts) -> list[tuple[int, Rung]]:
    """Every rung a single missing person gets, minute by minute."""
    taken: frozenset[Rung] = frozenset()
    seen = []
    for minute in range(minutes):
        for rung in rungs(session(seat(taken=taken, **facts), host=host), minute):
            seen.append((minute, rung))
            taken |= {rung}
    return seen


def test_somebody_missing_is_reached_on_the_clocks_of_the_program():
    assert climb(60) == [
        (3, Rung.NUDGE),
        (6, Rung.CALL),
        (10, Rung.SECOND_CALL),
        (12, Rung.COORDINATOR),
        (15, Rung.CLINICIAN),
    ]


def test_for_high_risk_people_a_human_looks_sooner_and_no_machine_calls():
    assert climb(60, high_risk=True) == [
        (3, Rung.NUDGE),
        (5, Rung.COORDINATOR),
        (10, Rung.CLINICIAN),
    ]


def test_whom_no_phone_reaches_a_human_looks_for_at_the_time_of_the_call():
    assert climb(60, refused=NO_CALLS) == [
        (3, Rung.NUDGE),
        (6, Rung.CALL),
        (6, Rung.COORDINATOR),
        (10, Rung.SECOND_CALL),
        (15, Rung.CLINICIAN),
    ]
    moves = next_moves(LADDER, session(seat(refused=NO_CALLS)), minutes_later(6)).moves
    assert {move.rung: move.skip for move in moves}[Rung.CALL] is Refusal.OPTED_OUT


def test_whoever_is_here_is_left_alone():
    assert rungs(session(seat(here=True)), 30) == []


def test_nobody_is_looked_for_before_the_start_or_after_the_end():
    assert next_moves(LADDER, session(), minutes_later(-5)).look == NINE
    joined = session(seat(here=True))
    assert next_moves(LADDER, joined, ENDS).look is None
    assert rungs(joined, 200) == []


def test_a_look_that_comes_hours_after_the_end_still_sends_a_human_and_nothing_else():
    moves = next_moves(LADDER, session(), minutes_later(300)).moves

    assert [move.rung for move in moves if move.skip is None] == [
        Rung.COORDINATOR,
        Rung.CLINICIAN,
    ]
    assert {move.skip for move in moves if not move.rung.is_human} == {SkipReason.STALE}


def test_nobody_is_looked_for_who_left_a_little_before_the_end():
    left = session(seat(dropped_at=minutes_later(170), episode=1))

    assert rungs(left, 175) == [Rung.NUDGE]
    assert Rung.COORDINATOR not in rungs(left, 400)


def test_whoever_asks_to_be_called_is_called_at_once_and_not_again_for_that():
    asked = seat(asked_call_at=minutes_later(4), taken=frozenset({Rung.NUDGE}))
    assert rungs(session(asked), 4) == [Rung.CALL]

    answered = seat(taken=frozenset({Rung.NUDGE, Rung.CALL}))
    assert rungs(session(answered), 6) == []


def test_a_call_that_is_asked_for_is_made_even_while_the_host_is_missing():
    asked = seat(asked_human_at=minutes_later(5))

    assert rungs(session(asked, host=None), 5) == [Rung.COORDINATOR]


def test_whoever_cannot_talk_is_left_alone_until_they_can_and_then_a_human_asks():
    alone = seat(
        refused=dict.fromkeys((Rung.NUDGE, Rung.CALL, Rung.SECOND_CALL), Refusal.NOT_SAFE),
        leave_alone_until=minutes_later(34),
    )
    moves = next_moves(LADDER, session(alone), minutes_later(13))

    assert {move.rung: move.skip for move in moves.moves} == {
        Rung.NUDGE: SkipReason.STALE,
        Rung.CALL: SkipReason.STALE,
        Rung.SECOND_CALL: Refusal.NOT_SAFE,
    }
    assert Rung.COORDINATOR in rungs(session(seat()), 34)


def test_somebody_alone_past_the_end_is_asked_after_by_a_human_later():
    alone = seat(leave_alone_until=minutes_later(200), taken=frozenset(Rung) - {
        Rung.COORDINATOR})  # fmt: skip

    assert next_moves(LADDER, session(alone), ENDS).look == minutes_later(200)
    assert rungs(session(alone), 200) == [Rung.COORDINATOR]


def test_a_nudge_or_call_that_comes_too_late_is_written_down_as_stale_and_humans_never_are():
    moves = next_moves(LADDER, session(), minutes_later(20)).moves

    assert {move.rung: move.skip for move in moves} == {
        Rung.NUDGE: SkipReason.STALE,
        Rung.CALL: SkipReason.STALE,
        Rung.SECOND_CALL: SkipReason.STALE,
        Rung.COORDINATOR: None,
        Rung.CLINICIAN: None,
    }


def test_a_host_who_is_missing_freezes_every_ladder_and_is_told_about():
    facts = session(seat("sea_a"), seat("sea_b"), host=None)

    assert next_moves(LADDER, facts, minutes_later(1)).breaker is None
    frozen = next_moves(LADDER, facts, minutes_later(9))

    assert frozen.breaker is Breaker.HOST_ABSENT
    assert frozen.moves == ()
    assert frozen.look is not None


def test_waiting_is_counted_from_when_the_host_began():
    assert climb(60, host=10)[:2] == [(13, Rung.NUDGE), (16, Rung.CALL)]


def test_when_half_and_at_least_three_are_missing_everyone_gets_the_link_and_nobody_a_call():
    facts = session(
        *(seat(f"sea_{n}") for n in range(3)), *(seat(f"h{n}", here=True) for n in range(3))
    )

    moves = next_moves(LADDER, facts, minutes_later(6))

    assert moves.breaker is Breaker.INCIDENT
    assert {move.rung for move in moves.moves} == {Rung.NUDGE}


def test_once_staff_say_that_the_room_works_each_of_many_missing_is_looked_for():
    three = session(seat("a"), seat("b"), seat("c"), room_works=True)

    moves = next_moves(LADDER, three, minutes_later(7))

    assert moves.breaker is None
    assert [each.seat.seat_id for each in moves.moves if each.rung is Rung.CALL] == [
        "a", "b", "c",
    ]  # fmt: skip


def test_staff_who_say_that_the_room_works_do_not_know_who_is_in_it():
    facts = session(seat(), room_is_silent=True, room_works=True)

    assert next_moves(LADDER, facts, minutes_later(7)).breaker is Breaker.INCIDENT


def test_an_incident_nobody_answered_has_a_human_look_for_everybody_at_the_end():
    three = session(seat("a"), seat("b"), seat("c"))

    assert next_moves(LADDER, three, minutes_later(179.5)).look == ENDS
    moves = next_moves(LADDER, three, ENDS).moves

    looked_for = {each.seat.seat_id for each in moves if each.rung is Rung.COORDINATOR}
    assert looked_for == {"a", "b", "c"}
    assert not any(each.rung.is_call for each in moves)


def test_whoever_missed_a_session_that_nobody_hosted_is_asked_after_at_its_end():
    alone = session(seat("a"), seat("b", here=True), host=None)

    assert [(each.seat.seat_id, each.rung) for each in next_moves(LADDER, alone, ENDS).moves
            ] == [("a", Rung.COORDINATOR)]  # fmt: skip


def test_two_missing_are_no_incident_even_when_they_are_everybody():
    moves = next_moves(LADDER, session(seat("a"), seat("b")), minutes_later(6))

    assert moves.breaker is None
    assert Rung.CALL in {move.rung for move in moves.moves}


def test_in_an_incident_a_human_still_looks_for_high_risk_people():
    facts = session(seat("a", high_risk=True), seat("b"), seat("c"))

    moves = next_moves(LADDER, facts, minutes_later(6)).moves

    assert [move.seat.seat_id for move in moves if move.rung is Rung.COORDINATOR] == ["a"]


def test_a_room_that_cannot_say_who_is_there_makes_nobody_missing():
    facts = session(seat(), room_is_silent=True)

    assert Rung.CALL not in rungs(facts, 7)


def test_somebody_who_drops_out_is_given_two_minutes_and_then_the_same_ladder():
    dropped = seat(dropped_at=minutes_later(60), episode=1)

    assert rungs(session(dropped), 64) == []
    assert rungs(session(dropped), 65) == [Rung.NUDGE]


def test_a_ladder_out_of_order_is_refused():
    steps = (
        Step(Rung.CALL, timedelta(minutes=5)),
        Step(Rung.NUDGE, timedelta(minutes=5)),
    )

    with pytest.raises(ValueError, match="later than the one before"):
        Ladder(steps, steps)


seats = st.builds(
    SeatFacts,
    seat_id=st.sampled_from([SeatId(f"sea_{n}") for n in range(6)]),
    here=st.booleans(),
    dropped_at=st.none() | st.integers(0, 170).map(minutes_later),
    high_risk=st.booleans(),
    refused=st.dictionaries(
        st.sampled_from([rung for rung in Rung if not rung.is_human]),
        st.sampled_from(list(Refusal)),
    ),
    asked_call_at=st.none() | st.integers(-10, 170).map(minutes_later),
    asked_human_at=st.none() | st.integers(-10, 170).map(minutes_later),
    leave_alone_until=st.none() | st.integers(-10, 260).map(minutes_later),
    taken=st.frozensets(st.sampled_from(list(Rung))),
)


@given(
    st.lists(seats, max_size=6),
    st.none() | st.integers(-10, 60),
    st.integers(-20, 400),
    st.booleans(),
)
def test_whatever_the_facts_the_ladder_keeps_its_promises(people, host, minute, silent):
    facts = session(*people, host=host, room_is_silent=silent)

    decided = next_moves(LADDER, facts, minutes_later(minute))

    for move in decided.moves:
        assert not move.seat.here
        assert move.rung not in move.seat.taken
        assert move.due <= minutes_later(minute)
        asked = move.due in {move.seat.asked_call_at, move.seat.asked_human_at}
        reached = move.skip is None
        assert not (reached and move.rung in move.seat.refused)
        assert decided.breaker is None or asked or not (reached and move.rung.is_call)
        assert reached or not move.rung.is_human  # a human always may look
    if decided.look is not None:
        assert decided.look > minutes_later(minute)
    waiting = [each for each in facts.seats if not each.here and len(each.taken) < 3]
    if NINE <= minutes_later(minute) < minutes_later(160) and waiting and not decided.moves:
        assert decided.look is not None  # nobody who is missing is forgotten


EVENTS = ("here", "gone", "asks for a call", "asks for a human", "cannot talk", "opts out")


@given(
    st.lists(st.tuples(st.integers(0, 170), st.sampled_from(EVENTS)), max_size=8),
    st.lists(st.integers(0, 400), min_size=1, max_size=60),
    st.booleans(),
)
def test_in_any_order_of_events_and_looks_no_rung_is_taken_twice_and_none_forgotten(
    events, looks, high_risk
):
    """A life of one seat: events happen, looks come when they come, the last one late."""
    facts = seat(high_risk=high_risk)
    seen: list[tuple[int, Rung]] = []
    waiting = sorted(events)
    for minute in [*sorted(looks), 500]:
        while waiting and waiting[0][0] <= minute:
            facts = after(facts, *waiting.pop(0))
        for move in next_moves(LADDER, session(facts), minutes_later(minute)).moves:
            seen.append((facts.episode, move.rung))
            facts = replace(facts, taken=facts.taken | {move.rung})

    assert len(seen) == len(set(seen))
    missed = not facts.here and (facts.dropped_at or NINE) < minutes_later(160)
    if missed:
        assert {Rung.COORDINATOR, Rung.CLINICIAN} <= facts.taken


def after(facts: SeatFacts, minute: int, event: str) -> SeatFacts:
    at = minutes_later(minute)
    changes: dict[str, dict[str, Any]] = {
        "here": {"here": True},
        "asks for a call": {"asked_call_at": at},
        "asks for a human": {"asked_human_at": at},
        "cannot talk": {"leave_alone_until": minutes_later(minute + 30)},
        "opts out": {"refused": NO_CALLS},
    }
    if event == "gone" and facts.here:
        left = replace(facts, here=False, dropped_at=at, taken=frozenset())
        return replace(left, episode=facts.episode + 1)
    return replace(facts, **changes.get(event, {}))
