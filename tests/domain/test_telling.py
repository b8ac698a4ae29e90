"""What people are told: only what they do not know, and under numbers that always hold."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.make import minutes_later
from vioP.domain.invite import Method
from vioP.domain.telling import (
    Keep,
    Message,
    Shown,
    Standing,
    Tell,
    Telling,
    Withdraw,
    decide,
)
from vioP.domain.time import Instant, later

NOW = minutes_later(-600)
HERE, THERE = "p1@participants.example", "p1@elsewhere.example"


def shown(at: int = 0, **facts) -> Shown:
    plain = Shown(
        minutes_later(at),
        minutes_later(at + 50),
        "America/Denver",
        "Example Health appointment",
        "https://join.example/j/t",
        "+1 212 555 0100",
    )
    return replace(plain, **facts)


def message(what: Shown, revision: int = 0, **facts) -> Message:
    plain = Message(
        revision,
        Method.REQUEST,
        what.fingerprint,
        HERE,
        NOW,
        what.starts,
        what.ends,
        what.zone,
    )
    return replace(plain, **facts)


def standing(wanted: Shown | None, **facts) -> Standing:
    return replace(Standing(wanted, HERE), **facts)


def test_an_appointment_nobody_was_told_of_is_told_under_number_nought():
    decision = decide(standing(shown()), NOW)

    assert isinstance(decision, Tell)
    assert (decision.method, decision.revision, decision.is_first) == (
        Method.REQUEST,
        0,
        True,
    )


def test_whoever_knows_hears_nothing():
    assert decide(standing(shown(), left=message(shown()), highest=0), NOW) == Keep()


def test_everything_a_person_sees_counts_and_nothing_else():
    facts: dict[str, Any] = {
        "starts": minutes_later(5),
        "ends": minutes_later(55),
        "zone": "America/Boise",
        "title": "Another Health appointment",
        "link": "https://other.example/j/t",
        "phone": "+1 212 555 0101",
        "dial_in": "+1 212 555 0102",
        "pin": "123456",
    }
    for name, value in facts.items():
        decision = decide(
            standing(shown(**{name: value}), left=message(shown()), highest=0), NOW
        )
        assert isinstance(decision, Tell), name
        assert decision.revision == 1


def test_a_move_says_from_when_to_when_and_a_new_phone_number_does_not():
    told = message(shown())

    moved = decide(standing(shown(60), left=told, highest=0), NOW)
    rung = decide(standing(shown(phone="+1 212 555 0101"), left=told, highest=0), NOW)

    assert isinstance(moved, Tell)
    assert isinstance(rung, Tell)
    assert moved.moved_from == (minutes_later(0), minutes_later(50))
    assert rung.moved_from is None
    assert not rung.is_first


def test_an_edit_taken_back_before_it_left_tells_nobody_anything():
    waits = message(shown(60), 1)

    back = decide(standing(shown(), left=message(shown()), waiting=waits, highest=0), NOW)

    assert back == Withdraw()


def test_created_and_called_off_before_it_left_is_nothing():
    assert decide(standing(None, waiting=message(shown())), NOW) == Withdraw()


def test_a_cancellation_speaks_of_what_was_told_and_not_of_what_waited():
    waits = message(shown(60), 1)

    decision = decide(standing(None, left=message(shown()), waiting=waits, highest=0), NOW)

    assert isinstance(decision, Tell)
    assert (decision.method, decision.revision) == (Method.CANCEL, 1)
    assert decision.starts == minutes_later(0)


def test_what_is_over_is_history():
    after = minutes_later(51)
    told = message(shown())

    assert decide(standing(None, left=told, highest=0), after) == Keep()
    assert decide(standing(shown()), after) == Keep()
    assert decide(standing(shown(), waiting=told), after) == Withdraw()


def test_whoever_comes_back_after_a_cancellation_is_invited_above_it():
    gone = message(shown(), 1, method=Method.CANCEL)

    decision = decide(standing(shown(), left=gone, highest=1), NOW)

    assert isinstance(decision, Tell)
    assert (decision.revision, decision.is_first) == (2, True)
    assert decision.stamped > gone.stamped


def test_a_new_address_is_invited_and_an_old_calendar_hears_of_the_end():
    told = message(shown())

    decision = decide(standing(shown(), address=THERE, left=told, highest=0), NOW)
    end = decide(standing(None, address=THERE, left=told, highest=0), NOW)

    assert isinstance(decision, Tell)
    assert isinstance(end, Tell)
    assert (decision.address, decision.is_first, decision.revision) == (THERE, True, 1)
    assert end.address == HERE


def test_without_a_wish_for_mail_only_those_who_hold_an_invite_are_kept_right():
    assert decide(standing(shown(), by_mail=False), NOW) == Keep()
    assert (
        decide(standing(shown(), by_mail=False, waiting=message(shown())), NOW)
        == Withdraw()
    )
    held = standing(shown(60), by_mail=False, left=message(shown()), highest=0)
    assert isinstance(decide(held, NOW), Tell)


def test_a_message_that_may_never_have_arrived_is_told_anew():
    lost = message(shown(), is_lost=True)

    assert isinstance(decide(standing(shown(), left=lost, highest=0), NOW), Tell)


def test_a_message_waits_for_later_edits_unless_the_start_is_near():
    telling = Telling()
    tomorrow = later(NOW, timedelta(days=1))
    soon = later(NOW, timedelta(minutes=119))

    assert telling.due(NOW, tomorrow) == later(NOW, timedelta(seconds=90))
    assert telling.due(NOW, soon) == NOW
    assert telling.due(NOW, tomorrow, soon) == NOW


@dataclass
class Seat:
    """A seat, an outbox and a calendar, moved by hand."""

    wanted: Shown | None = None
    left: list[Message] = field(default_factory=list)
    waiting: Message | None = None
    now: Instant = NOW

    def decide(self) -> None:
        decision = decide(
            Standing(
                self.wanted,
                HERE,
                left=self.left[-1] if self.left else None,
                waiting=self.waiting,
                highest=self.left[-1].revision if self.left else -1,
            ),
            self.now,
        )
        if isinstance(decision, Withdraw):
            self.waiting = None
        elif isinstance(decision, Tell):
            self.waiting = Message(
                decision.revision, decision.method, decision.fingerprint, HERE,
                decision.stamped, decision.starts, decision.ends, decision.zone,
            )  # fmt: skip

    def send(self) -> None:
        if self.waiting is not None:
            self.left.append(self.waiting)
            self.waiting = None

    def calendar(self) -> str | None:
        """What a calendar shows after every message, in whatever order they came."""
        newest = max(
            self.left, key=lambda each: (each.revision, each.stamped), default=None
        )
        if newest is None or newest.method is Method.CANCEL:
            return None
        return newest.fingerprint


acts = st.lists(
    st.sampled_from(["none", "nine", "ten", "ten by phone", "send"]), max_size=30
)
WISHES = {
    "none": None,
    "nine": shown(),
    "ten": shown(60),
    "ten by phone": shown(60, pin="1"),
}


@given(acts)
def test_whatever_is_decided_calendars_end_right_and_numbers_never_repeat(did: list[str]):
    seat = Seat()
    for act in did:
        if act == "send":
            seat.send()
        else:
            seat.wanted = WISHES[act]
            seat.decide()
    seat.send()

    assert seat.calendar() == (seat.wanted.fingerprint if seat.wanted else None)
    assert [each.revision for each in seat.left] == list(range(len(seat.left)))
    stamps = [each.stamped for each in seat.left]
    assert stamps == sorted(set(stamps))
    told = [(each.method, each.fingerprint) for each in seat.left]
    assert all(one != other for one, other in pairwise(told))
    assert not seat.left or seat.left[0].method is Method.REQUEST
