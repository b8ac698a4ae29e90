"""Notices of clock changes: to those whose own reading moves, once each, and to nobody else."""

from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from tests.make import FixedClock, Postbox, deliveries
from vioP.domain.delivery import Channel
from vioP.domain.time import instant, later
from vioP.files.read import load, read_programme
from vioP.files.shift import shift_dates
from vioP.flows.deliver import deliver
from vioP.flows.import_programme import import_programme
from vioP.flows.look_ahead import look_ahead
from vioP.ports import Ports

DEMO = Path(__file__).parents[2] / "config" / "demo"
# The first morning of the demo's week before each change, and by how many weeks that is moved.
SPRING = instant(datetime(2027, 3, 5, 14, tzinfo=UTC)), 0
AUTUMN = instant(datetime(2027, 10, 29, 13, tzinfo=UTC)), 34
READINGS = {
    ("spring", "p19"): "10:00, until now 11:00",
    ("spring", "p20"): "07:00, until now 08:00",
    ("spring", "p34"): "10:00, until now 11:00",
    ("autumn", "p19"): "11:00, until now 10:00",
    ("autumn", "p20"): "08:00, until now 07:00",
    ("autumn", "p34"): "11:00, until now 10:00",
}


async def live_through(ports: Ports, clock: FixedClock, weeks: int, days: int = 14) -> None:
    """Two weeks of mornings with the demo's programme, each look taken twice."""
    programme, people = (
        shift_dates(load(DEMO / name), weeks)
        for name in ("programme.toml", "participants.csv")
    )
    await import_programme(
        ports, read_programme(programme, people, invent_contacts=True), "k01"
    )
    for _ in range(days):
        await look_ahead(ports)
        await look_ahead(ports)
        while await deliver(ports, Channel.MAIL):
            pass
        clock.move_to(later(clock.now(), timedelta(days=1)))


@pytest.mark.parametrize(("season", "begins"), [("spring", SPRING), ("autumn", AUTUMN)])
async def test_those_whose_clock_moves_are_told_twice_and_nobody_else_at_all(
    ports: Ports, clock: FixedClock, postbox: Postbox, season: str, begins
):
    clock.moment, weeks = begins

    await live_through(ports, clock, weeks)

    letters = list(postbox.letters.values())
    assert sorted(letter.to.partition("@")[0] for letter in letters) == [
        "p19", "p19", "p20", "p20", "p34", "p34",
    ]  # fmt: skip
    for letter in letters:
        message = message_from_bytes(letter.raw, policy=policy.default)
        text = message.get_body(("plain",))
        html = message.get_body(("html",))
        assert text is not None
        assert html is not None
        reading = READINGS[season, letter.to.partition("@")[0]]
        assert reading in text.get_content()
        assert reading in html.get_content()
        assert {part.get_content_type() for part in message.walk()} == {
            "multipart/alternative", "text/plain", "text/html",
        }  # fmt: skip


async def test_a_mail_says_when_and_what_in_plain_words(
    ports: Ports, clock: FixedClock, postbox: Postbox
):
    clock.moment, weeks = SPRING

    await live_through(ports, clock, weeks, days=4)

    [letter] = postbox.to("p20@participants.example")
    message = message_from_bytes(letter.raw, policy=policy.default)
    text = message.get_body(("plain",))
    assert text is not None
    words = " ".join(text.get_content().split())
    assert "on Sunday, 14 March 2027 clocks change, but not everywhere at once." in words
    assert "from Tuesday, 16 March 2027 on" in words
    assert "Tuesdays at 07:00, until now 08:00" in words
    assert "Honolulu time (HST, UTC-10:00)" in words
    keys = [each["key"] for each in await deliveries(ports.store)]
    assert "clocks:p20:2027-03-14:week" in keys
