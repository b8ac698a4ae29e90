"""Which session of a board comes first."""

from dataclasses import replace

from vioP.web.states import SessionCard, Want, most_urgent_first

CALM = SessionCard(
    id="calm",
    title="Group",
    host="Ann",
    others="",
    starts="09:00",
    ends="12:00",
    state="running",
    word="Running",
    present=3,
    expected=4,
    alarms=(),
    wants=(),
    seats=(),
    can_start=False,
    room_is_down=False,
    room_is_in_doubt=False,
)


def test_safety_comes_before_a_whole_session_and_that_before_one_who_is_looked_for():
    cards = (
        replace(CALM, id="over", state="over"),
        replace(CALM, id="ahead", state="ahead"),
        CALM,
        replace(CALM, id="call", wants=(Want(4, "P4 A.", "Call now"),)),
        replace(
            CALM, id="host", state="alarm", wants=(Want(1, "", "The host is missing"),)
        ),
        replace(CALM, id="safety", wants=(Want(0, "P1 A.", "Open the safety panel"),)),
    )

    order = [each.id for each in most_urgent_first(cards)]

    assert order == ["safety", "host", "call", "calm", "ahead", "over"]
