"""Units and minutes by each payer's own rules, beside sums made another way."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.make import NINE, minutes_later, participant
from vioP.domain.attendance import Evidence, Fact, Leg
from vioP.domain.care_taken import CareTaken, Kept, care_taken
from vioP.domain.enrollment import Authorization
from vioP.domain.ids import CohortId, ParticipantId, SeatId, SessionId, StaffId
from vioP.domain.live import LiveSeat, LiveSession
from vioP.domain.payer_units import (
    Counted,
    Standing,
    Worth,
    by_payer,
    counted,
    next_review,
    standing,
)
from vioP.domain.program import Payer
from vioP.domain.session import Block, Kind

DAY = date(2026, 3, 10)
BLOCKS = (Block("skills", 60), Block("break", 10), Block("process", 60))
BY_DAY = Payer("by_day", "S9480", "day", 90, details=(("audio_counts", "False"),))
BY_SESSION = Payer("by_session", "90853", "session")
HELD = (
    Authorization("a1", ParticipantId("p1"), "by_day", "S9480", 12, DAY),
    Authorization("a2", ParticipantId("p2"), "by_session", "90853", 9, DAY),
)


def seat(*evidence: Evidence, name: str = "p1") -> LiveSeat:
    who = participant(name)
    return LiveSeat(
        SeatId(f"seat-{name}"),
        who.id,
        *(who.name, who.zone, who.state, who.contact),
        high_risk=False,
        part2=False,
        evidence=evidence,
        steps=(),
        tech_check=None,
    )


def group(*seats: LiveSeat, **facts: Any) -> LiveSession:
    made = LiveSession(
        SessionId("s1"),
        "s1",
        Kind.GROUP,
        CohortId("tidewater"),
        DAY,
        "America/Denver",
        NINE,
        minutes_later(130),
        NINE,
        StaffId("c1"),
        "C",
        (StaffId("c1"),),
        seats,
        frozenset(),
    )
    return replace(made, **facts)


def media(since: float, until: float, leg: Leg = Leg.VIDEO) -> tuple[Evidence, Evidence]:
    return (
        Evidence(Fact.MEDIA_UP, minutes_later(since), "room", leg, "laptop"),
        Evidence(Fact.MEDIA_DOWN, minutes_later(until), "room", leg, "laptop"),
    )


def taken(
    *seats: LiveSeat, minutes: dict[SeatId, int] | None = None
) -> Sequence[CareTaken]:
    session = group(*seats)
    kept = Kept({session.id: BLOCKS}, minutes or {})
    return care_taken([session], kept, minutes_later(200))


def care(who: str, day: int, video: int = 0, sound: int = 0) -> CareTaken:
    when = DAY + timedelta(days=day)
    known = bool(video or sound)
    session = SessionId(f"{who}-{day}-{video}-{sound}")
    return CareTaken(ParticipantId(who), session, when, video, sound, is_known=known)


def test_breaks_are_no_care_and_sound_is_told_apart():
    [found] = taken(seat(*media(0, 100), *media(100, 130, Leg.AUDIO)))

    # 0-60 and 70-100 with a picture; 100-130 by sound.
    assert (found.video, found.sound) == (90, 30)


@pytest.mark.parametrize(
    ("confirmed", "video"),
    [(130, 120), (100, 90), (5, 0)],
)
def test_what_a_host_confirms_beats_what_was_seen_and_misses_care_first(confirmed, video):
    [found] = taken(seat(*media(0, 20)), minutes={SeatId("seat-p1"): confirmed})

    assert (found.video, found.is_known) == (video, True)


def test_whoever_came_unseen_has_no_known_length_and_the_missing_no_care():
    joined = Evidence(Fact.JOIN_PRESSED, NINE, "gateway")

    [found] = taken(seat(joined), seat(name="p2"))

    assert (found.participant_id, found.video, found.is_known) == ("p1", 0, False)


def test_a_test_of_a_device_and_a_session_that_runs_are_no_care():
    there = seat(*media(0, 100))
    tested, running = group(there, kind=Kind.TECH_TEST), group(there)

    assert not care_taken([tested], Kept({}, {}), minutes_later(200))
    assert not care_taken([running], Kept({}, {}), minutes_later(120))


def test_a_day_counts_once_all_of_it_is_long_enough_and_sound_only_where_it_may():
    lots = counted(
        [care("p1", 0, 50), care("p1", 0, 40), care("p1", 1, 80, 30), care("p1", 2)],
        HELD,
        [BY_DAY],
    )

    assert [each.worth for each in lots] == [Worth.UNIT, Worth.SHORT, Worth.UNKNOWN]


def test_a_session_counts_by_itself_and_what_nobody_authorized_comes_last():
    taken_part_in = [care("p2", 0, 20), care("p2", 0, sound=30), care("p3", 0, 60)]

    found = by_payer(counted(taken_part_in, HELD, [BY_DAY, BY_SESSION]))

    assert list(found) == ["by_session", ""]
    assert (found["by_session"].units, found["by_session"].people) == (2, 1)
    assert found[""].video == 60


def test_care_before_an_authorization_is_not_its():
    early = counted([care("p1", -1, 120), care("p1", 0, 120)], HELD, [BY_DAY])

    assert [each.authorization for each in early] == [None, HELD[0]]
    assert standing(HELD[0], early) == Standing(HELD[0], used=1, short=0, unknown=0)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["p1", "p2", "p3"]),
            st.integers(-2, 6),
            st.integers(0, 130),
            st.integers(0, 130),
        )
    )
)
def test_nothing_attended_is_lost_or_counted_twice(rows: list[tuple[str, int, int, int]]):
    everything = [care(*row) for row in rows]

    found = by_payer(counted(everything, HELD, [BY_DAY, BY_SESSION]))

    assert sum(each.video for each in found.values()) == sum(row[2] for row in rows)
    assert sum(each.sound for each in found.values()) == sum(row[3] for row in rows)
    days = {row[1] for row in rows if row[0] == "p1" and row[1] >= 0}
    full = [
        day
        for day in days
        if sum(row[2] for row in rows if row[:2] == ("p1", day)) >= BY_DAY.min_day_minutes
    ]
    units = found.get("by_day")
    assert (units.units if units else 0) == len(full)
    lengths = (units.units + units.short + units.unknown) if units else 0
    assert lengths == len(days)


def lot(day: int, worth: Worth) -> Counted:
    return Counted(ParticipantId("p1"), HELD[0], DAY + timedelta(days=day), worth, 0, 0)


def test_what_may_count_is_taken_to_and_what_is_too_short_is_not():
    lots = [lot(0, Worth.UNIT), lot(1, Worth.UNKNOWN), lot(2, Worth.SHORT)]

    assert standing(HELD[0], lots).left == 10


def test_a_review_is_due_by_units_or_by_weeks_whichever_comes_first():
    ahead = [DAY + timedelta(days=each) for each in range(10, 40)]
    used = Standing(HELD[0], used=4, short=3, unknown=1)
    units = replace(BY_DAY, details=(("review_every_units", "6"),))
    weeks = replace(BY_DAY, details=(("max_weeks_without_review", "2"),))
    both = replace(BY_DAY, details=units.details + weeks.details)

    assert next_review(used, units, ahead) == ahead[0]
    assert next_review(used, weeks, ahead) == DAY + timedelta(weeks=2)
    assert next_review(used, both, ahead) == ahead[0]
    assert next_review(used, BY_DAY, ahead) is None
