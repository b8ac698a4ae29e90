"""A look into a room makes the evidence agree with it, and a second look adds nothing."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from tests.make import NINE, minutes_later
from vioP.domain.attendance import Evidence, Fact, Leg, Presence, presence
from vioP.domain.ids import ParticipantId, SeatId, SessionId, StaffId
from vioP.domain.live import LiveSeat, LiveSession
from vioP.domain.people import Contact
from vioP.domain.reconcile import connections, reconcile, stuck
from vioP.domain.room import Seen
from vioP.domain.session import Kind

SEAT = LiveSeat(
    id=SeatId("sea_1"),
    participant_id=ParticipantId("p1"),
    name="P1 A.",
    zone="America/Denver",
    state="CO",
    contact=Contact(),
    high_risk=False,
    part2=False,
    evidence=(),
    steps=(),
    tech_check=None,
)
SESSION = LiveSession(
    id=SessionId("ses_1"),
    key="one",
    kind=Kind.GROUP,
    cohort_id=None,
    day=date(2026, 3, 10),
    zone="America/Denver",
    starts=NINE,
    ends=minutes_later(130),
    host_started_at=NINE,
    lead_id=StaffId("c1"),
    lead_name="",
    staff=(),
    seats=(),
    told=frozenset(),
)


def after_a_look(evidence, *seen: Seen, minute: float = 60) -> list[Evidence]:
    session = replace(SESSION, seats=(replace(SEAT, evidence=tuple(evidence)),))
    found = reconcile(session, seen, minutes_later(minute))
    return [*evidence, *(each for _, each in found)]


def by(fact: Fact, minute: float, connection: str = "laptop", leg: Leg | None = None):
    return Evidence(fact, minutes_later(minute), "janus", leg, connection)


def test_a_join_that_was_never_reported_is_found():
    found = after_a_look([], Seen("sea_1", "laptop", frozenset({Leg.AUDIO})))

    assert presence(found) is Presence.PRESENT
    assert connections(found) == {"laptop": {Leg.AUDIO}}


def test_a_leave_that_was_never_reported_is_found():
    found = after_a_look([by(Fact.ENTERED, 0), by(Fact.MEDIA_UP, 1, leg=Leg.VIDEO)])

    assert presence(found) is Presence.LEFT


def test_whoever_pressed_join_and_never_arrived_is_missing_after_a_minute():
    pressed = [Evidence(Fact.JOIN_PRESSED, NINE, "link")]

    assert presence(after_a_look(pressed, minute=0.9)) is Presence.PRESENT
    assert presence(after_a_look(pressed, minute=1)) is Presence.LEFT


def test_a_look_says_nothing_of_people_on_the_phone_or_marked_by_staff():
    phone = [Evidence(Fact.PHONE_BRIDGED, NINE, "k1")]
    marked = [Evidence(Fact.MARKED_PRESENT, NINE, "c1")]

    assert presence(after_a_look(phone)) is Presence.PRESENT
    assert presence(after_a_look(marked)) is Presence.PRESENT


def test_somebody_elses_device_is_nobody_here():
    assert after_a_look([], Seen("sea_2", "laptop")) == []


evidence_of_rooms = st.lists(
    st.builds(
        by,
        fact=st.sampled_from([Fact.ENTERED, Fact.MEDIA_UP, Fact.MEDIA_DOWN, Fact.LEFT]),
        minute=st.integers(0, 50),
        connection=st.sampled_from(["laptop", "tablet"]),
        leg=st.sampled_from([Leg.AUDIO, Leg.VIDEO]),
    ),
    max_size=10,
)
rooms = st.dictionaries(
    st.sampled_from(["laptop", "tablet"]),
    st.frozensets(st.sampled_from([Leg.AUDIO, Leg.VIDEO]), min_size=1),
)


@given(evidence_of_rooms, rooms)
def test_whatever_was_lost_on_the_way_a_look_sets_right_once(evidence, room):
    seen = [Seen("sea_1", name, legs) for name, legs in room.items()]

    found = after_a_look(evidence, *seen)

    assert connections(found) == room
    assert (presence(found) is Presence.PRESENT) == bool(room)
    assert after_a_look(found, *seen, minute=61) == found


def test_whoever_pressed_join_and_is_stuck_before_a_room_that_cannot_be_asked_is_looked_for():
    pressed = Evidence(Fact.JOIN_PRESSED, minutes_later(1), "link")
    came = Evidence(Fact.ENTERED, minutes_later(1), "zoom", None, "device")

    def found(evidence: tuple[Evidence, ...], minute: float):
        session = replace(SESSION, seats=(replace(SEAT, evidence=evidence),))
        return list(stuck(session, minutes_later(minute)))

    assert found((pressed,), 2.9) == []
    [(seat, evidence)] = found((pressed,), 3.1)
    assert seat == "sea_1"
    assert presence([pressed, evidence]) is Presence.LEFT
    assert found((pressed, evidence), 4) == []
    # Whoever is inside may press again.
    again = Evidence(Fact.JOIN_PRESSED, minutes_later(5), "link")
    assert found((pressed, came, again), 60) == []
    # Back after leaving, and stuck this time.
    left = Evidence(Fact.LEFT, minutes_later(4), "zoom", None, "device")
    assert len(found((pressed, came, left, again), 60)) == 1
