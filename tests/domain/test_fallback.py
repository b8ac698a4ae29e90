"""The ladder: what is due when, and when nobody is dialled."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.make import LADDER, NINE, minutes_later
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
    assert climb(60, can_be_called=False) == [
        (3, Rung.NUDGE),
        (6, Rung.COORDINATOR),
        (15, Rung.CLINICIAN),
    ]


def test_whoever_is_here_is_left_alone():
    assert rungs(session(seat(here=True)), 30) == []


def test_nobody_is_looked_for_before_the_start_or_after_the_end():
    assert next_moves(LADDER, session(), minutes_later(-5)).look == NINE
    assert next_moves(LADDER, session(), ENDS).look is None
    assert rungs(session(), 200) == []


def test_a_nudge_or_call_that_comes_too_late_is_written_down_as_stale_and_humans_never_are():
    moves = next_moves(LADDER, session(), minutes_later(20)).moves

    assert {move.rung: move.stale for move in moves} == {
        Rung.NUDGE: True,
        Rung.CALL: True,
        Rung.SECOND_CALL: True,
        Rung.COORDINATOR: False,
        Rung.CLINICIAN: False,
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
    can_be_called=st.booleans(),
    taken=st.frozensets(st.sampled_from(list(Rung))),
)


@given(
    st.lists(seats, max_size=6),
    st.none() | st.integers(-10, 60),
    st.integers(-20, 200),
    st.booleans(),
)
def test_whatever_the_facts_the_ladder_keeps_its_promises(people, host, minute, silent):
    facts = session(*people, host=host, room_is_silent=silent)

    decided = next_moves(LADDER, facts, minutes_later(minute))

    for move in decided.moves:
        assert not move.seat.here
        assert move.rung not in move.seat.taken
        assert move.due <= minutes_later(minute)
        assert move.seat.can_be_called or not move.rung.is_call
        assert decided.breaker is None or not move.rung.is_call
        assert not (move.stale and move.rung.is_human)
    if decided.look is not None:
        assert decided.look > minutes_later(minute)
    waiting = [each for each in facts.seats if not each.here and len(each.taken) < 3]
    if NINE <= minutes_later(minute) < minutes_later(160) and waiting and not decided.moves:
        assert decided.look is not None  # nobody who is missing is forgotten
