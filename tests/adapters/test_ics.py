"""Invites as calendars read them: the right instants, one attendee, and no way to slip more in."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar
from icalendar.parser import Contentline

from tests.adapters.letters import START, an_invite
from tests.make import SENDER
from vioP.calendars.ics import render
from vioP.calendars.lines import folded
from vioP.calendars.vtimezone import rules_at, rules_of, vtimezone
from vioP.domain.invite import Method
from vioP.domain.text import clean_text
from vioP.domain.time import Instant, later

ZONES = (
    "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles",
    "America/Phoenix", "America/Anchorage", "America/Adak", "Pacific/Honolulu", "America/Boise",
    "America/Detroit", "America/Indiana/Indianapolis", "America/Indiana/Tell_City",
    "America/Kentucky/Louisville", "America/Menominee", "America/North_Dakota/Center",
    "America/Puerto_Rico", "Pacific/Guam", "Europe/London", "Asia/Kolkata",
    "Australia/Lord_Howe",
)  # fmt: skip


def lines(raw: bytes) -> list[str]:
    """Unfolded content lines."""
    return raw.decode().replace("\r\n ", "").split("\r\n")


def names(raw: bytes) -> list[str]:
    """The property names in order, split as leniently as the most careless reader does."""
    loose = re.split(r"\r\n|\r|\n", raw.decode().replace("\r\n ", ""))
    return [re.split(r"[;:]", each)[0] for each in loose if each]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(
    "day", [date(2027, 3, 12), date(2027, 3, 15), date(2027, 11, 5), date(2027, 11, 8)]
)
def test_every_zone_tells_the_right_instant_around_clock_changes(zone: str, day):
    starts = Instant(datetime.combine(day, time(18, 30), UTC))

    raw = render(
        an_invite(zone=zone, starts=starts, ends=later(starts, timedelta(hours=1))), SENDER
    )

    calendar: Any = Calendar.from_ical(raw)
    [event] = calendar.walk("VEVENT")
    assert event["DTSTART"].dt.astimezone(UTC) == starts
    assert event["DTEND"].dt - event["DTSTART"].dt == timedelta(hours=1)


def test_a_zone_calendars_would_misread_is_told_in_utc():
    assert vtimezone("Africa/Casablanca", 2027) is None

    raw = render(an_invite(zone="Africa/Casablanca"), SENDER)

    assert "DTSTART:20270316T170000Z" in lines(raw)
    assert b"VTIMEZONE" not in raw


@pytest.mark.parametrize(
    ("zone", "year"), [("America/Sao_Paulo", 2018), ("America/New_York", 2006)]
)
def test_a_year_in_which_other_rules_held_is_told_in_utc(zone: str, year: int):
    starts = Instant(datetime(year, 12, 12, 18, tzinfo=UTC))
    assert rules_at(zone, starts) is None
    assert rules_at(zone, Instant(datetime(2027, 12, 12, 18, tzinfo=UTC))) is not None

    raw = render(
        an_invite(zone=zone, starts=starts, ends=later(starts, timedelta(hours=1))), SENDER
    )

    assert f"DTSTART:{year}1212T180000Z" in lines(raw)


def test_rules_are_checked_at_the_very_instants_of_an_event():
    """They hold in the years around, and for an event they must hold at its own hour."""
    summer = Instant(datetime(2007, 3, 20, 18, tzinfo=UTC))  # the first spring of new rules

    assert vtimezone("America/New_York", 2007) == rules_at("America/New_York", summer)
    assert (
        rules_at("America/New_York", Instant(datetime(2006, 3, 20, 18, tzinfo=UTC))) is None
    )


def test_a_zone_this_program_has_no_file_of_is_told_in_utc():
    assert rules_of("Nowhere/At_All") is None


@pytest.mark.parametrize("zone", ZONES)
def test_the_rules_agree_with_the_zone_itself_hour_by_hour(zone: str):
    rules = rules_of(zone)
    assert rules is not None
    moment = datetime(2027, 1, 1, tzinfo=UTC)
    while moment.year == 2027:
        assert rules.offset_at(moment) == moment.astimezone(ZoneInfo(zone)).utcoffset()
        moment += timedelta(hours=7)


def test_the_same_invite_is_the_same_bytes():
    assert render(an_invite(), SENDER) == render(an_invite(), SENDER)


def test_a_cancellation_has_no_alarm_and_says_cancelled():
    raw = render(an_invite(method=Method.CANCEL, sequence=1), SENDER)

    assert "STATUS:CANCELLED" in lines(raw)
    assert b"VALARM" not in raw
    assert b"METHOD:CANCEL" in raw


def test_there_is_one_attendee_and_the_link_is_everywhere_people_look():
    text = "\n".join(lines(render(an_invite(), SENDER)))

    assert text.count("ATTENDEE") == 1
    for name in ("LOCATION", "URL", "CONFERENCE", "DESCRIPTION"):
        assert re.search(rf"^{name}.*join\.example/j/t+", text, re.MULTILINE)


EXPECTED = names(render(an_invite(), SENDER))
hostile = st.text(max_size=60) | st.text(
    alphabet='\r\n\x0b\x0c\x1c\x85\u2028\u2029\u202e;:,\\"=ATTENDEEmailto:x@y', max_size=80
)


@settings(max_examples=300, deadline=None)
@given(hostile)
def test_no_name_can_add_a_line(name: str):
    raw = render(an_invite(name=name), SENDER)

    assert names(raw) == EXPECTED
    assert all(len(each) <= 75 for each in raw.split(b"\r\n"))


@given(
    st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]), max_size=400)
    | st.text("ab\\^", max_size=400)
)
def test_a_line_folds_as_the_library_folds_it(content: str):
    assert folded(content) == Contentline(content).to_ical()  # type: ignore[no-untyped-call]


@given(st.text(max_size=300))
def test_cleaned_text_is_one_short_line_and_cleaning_again_changes_nothing(text: str):
    cleaned = clean_text(text)

    assert cleaned.isprintable()
    assert len(cleaned) <= 120
    assert clean_text(cleaned) == cleaned


def test_the_time_is_told_in_the_readers_zone():
    raw = render(an_invite(zone="Pacific/Honolulu"), SENDER)

    local = START.astimezone(ZoneInfo("Pacific/Honolulu"))
    assert f"DTSTART;TZID=Pacific/Honolulu:{local:%Y%m%dT%H%M%S}" in lines(raw)
