"""The guard, and how long a failed delivery rests."""

from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.make import NINE, minutes_later
from vioP.domain.delivery import (
    Channel,
    Delivery,
    DeliveryKind,
    SkipReason,
    Surroundings,
    guard,
    retry_at,
)
from vioP.domain.ids import SeatId

SEAT = SeatId("sea_a")


def delivery(kind: DeliveryKind, **facts) -> Delivery:
    given: dict[str, Any] = {
        "key": "k",
        "kind": kind,
        "channel": Channel.MAIL,
        "due": NINE,
        "seat_id": SEAT,
    }
    return Delivery(**(given | facts))


def test_a_nudge_to_somebody_who_has_joined_is_dropped():
    nudge = delivery(DeliveryKind.NUDGE)

    assert guard(nudge, Surroundings(here=True), NINE) is SkipReason.JOINED
    assert guard(nudge, Surroundings(), NINE) is None


def test_somebody_who_wants_no_reminders_gets_none_by_mail_and_everything_else():
    around = Surroundings(unsubscribed=True, invited=True)

    nudge = delivery(DeliveryKind.NUDGE)
    assert guard(nudge, around, NINE) is SkipReason.UNSUBSCRIBED
    for other in (
        delivery(DeliveryKind.NUDGE, channel=Channel.SMS),
        delivery(DeliveryKind.INVITE),
        delivery(DeliveryKind.CANCEL),
        delivery(DeliveryKind.CALL),
    ):
        assert guard(other, around, NINE) is None


def test_what_is_past_its_deadline_is_late_whatever_it_is():
    for kind in DeliveryKind:
        late = delivery(kind, deadline=NINE)
        assert guard(late, Surroundings(invited=True), NINE) is SkipReason.LATE


def test_an_overtaken_invite_is_dropped():
    old = delivery(DeliveryKind.INVITE, revision=1)

    assert guard(old, Surroundings(sequence=2), NINE) is SkipReason.SUPERSEDED
    assert guard(old, Surroundings(sequence=1), NINE) is None


def test_a_cancellation_nobody_needs_is_dropped():
    cancel = delivery(DeliveryKind.CANCEL, revision=1)

    assert guard(cancel, Surroundings(sequence=1), NINE) is SkipReason.NEVER_INVITED
    assert guard(cancel, Surroundings(sequence=1, invited=True), NINE) is None


def test_nobody_is_called_about_a_session_that_was_called_off_or_is_over():
    call = delivery(DeliveryKind.CALL)

    assert guard(call, Surroundings(frozen=True), NINE) is SkipReason.CANCELLED
    assert guard(call, Surroundings(ends=NINE), NINE) is SkipReason.SESSION_OVER


@given(st.integers(1, 40), st.integers(1, 600))
def test_a_rest_never_sleeps_past_a_deadline_that_is_not_upon_us(attempts, minutes):
    deadline = minutes_later(minutes)

    due = retry_at(attempts, deadline, NINE)

    assert NINE < due <= max(deadline, NINE + timedelta(seconds=5))


@given(st.integers(1, 40))
def test_a_rest_grows_and_has_an_end(attempts):
    assert retry_at(attempts, None, NINE) <= retry_at(attempts + 1, None, NINE)
    assert retry_at(attempts, None, NINE) <= minutes_later(10)
