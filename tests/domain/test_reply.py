"""Answers: which message they are to, which counts, and what follows from it."""

from dataclasses import replace
from itertools import permutations

import pytest

from tests.make import NINE, minutes_later
from vioP.domain.ids import ParticipantId, SeatId, SessionId
from vioP.domain.reply import Answer, AskedSeat, Reply, Rsvp, is_outrun
from vioP.domain.time import Instant

ENDS = minutes_later(60)
SEAT = AskedSeat(
    id=SeatId("sea_1"),
    session_id=SessionId("ses_1"),
    participant_id=ParticipantId("p1"),
    sequence=2,
    stamped=minutes_later(-100),
    starts=NINE,
    ends=ENDS,
    zone="America/Denver",
    stands=True,
    link_works=True,
    high_risk=False,
    addresses=frozenset({"p1@participants.example"}),
    told={1: (minutes_later(-60), NINE), 2: (NINE, ENDS)},
)
NOW = minutes_later(-10)


def rsvp(sequence: int | None, stamped: Instant | None) -> Rsvp:
    return Rsvp(
        "u@example.org", "p1@participants.example", Answer.ACCEPTED, sequence, stamped
    )


@pytest.mark.parametrize(
    ("given", "order"),
    [
        (rsvp(1, minutes_later(-50)), (1, minutes_later(-50))),
        (rsvp(2, None), (2, NOW)),
        (rsvp(99, minutes_later(5)), (2, NOW)),
        (rsvp(None, minutes_later(-50)), (2, minutes_later(-50))),
        (rsvp(None, minutes_later(-101)), (1, minutes_later(-101))),
        (rsvp(None, None), (2, NOW)),
    ],
)
def test_an_answer_is_to_what_its_person_can_have_seen(given: Rsvp, order):
    assert SEAT.answered(given, NOW) == order


def test_what_was_told_is_known_by_sequence():
    assert SEAT.times(2) == (NINE, ENDS)
    assert SEAT.times(1) == (minutes_later(-60), NINE)
    assert SEAT.times(0) is None


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_newest_is_outrun_by_nobody_in_any_order(order):
    told = [rsvp(0, minutes_later(9)), rsvp(1, minutes_later(1)), rsvp(1, minutes_later(2))]

    best = told[order[0]]
    for each in (told[n] for n in order[1:]):
        best = best if is_outrun(each, best) else each

    assert best is told[2]


@pytest.mark.parametrize("answer", Answer)
def test_only_a_sure_no_to_the_time_as_it_is_means_absent(answer: Answer):
    reply = Reply(answer, NOW, NINE, ENDS)

    assert reply.means_absent(NINE, ENDS) is (answer in {Answer.DECLINED, Answer.COUNTER})
    assert not reply.means_absent(NINE, minutes_later(61))
    for doubted in (replace(reply, is_sure=False), replace(reply, overruled=True)):
        assert not doubted.means_absent(NINE, ENDS)
