"""Booking a test: a quarter of an hour with a person of the house, who gets the device ready."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from aiohttp import web

from vioP.domain.errors import Invalid
from vioP.domain.support_slot import Slot
from vioP.domain.time import Instant, instant
from vioP.flows.book_test import book_test, offer_tests
from vioP.i18n import place_words
from vioP.web.checking import checking, for_both
from vioP.web.forms import field
from vioP.web.keys import PORTS
from vioP.web.pages import clock, long_day, render

routes = web.RouteTableDef()

_DAYS_SHOWN = 4


@dataclass(frozen=True, slots=True)
class DayOfSlots:
    """One day's free times: what is sent, and what is read."""

    day: str
    times: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class BookPage:
    """The times somebody may choose, and the one they have."""

    base: str
    days: tuple[DayOfSlots, ...]
    zone: str
    booked: str
    phone: str


@for_both(routes, "GET", "/book", "book")
async def book_page(request: web.Request) -> web.Response:
    """Times at which a person tests the device with them."""
    who = await checking(request)
    ports = request.app[PORTS]
    slots, booked, zone = await offer_tests(ports, who.participant_id)
    page = BookPage(
        base=who.base,
        days=_days(slots, zone),
        zone=place_words(zone),
        booked=f"{long_day(booked, zone)}, {clock(booked, zone)}" if booked else "",
        phone=ports.house.sender.phone,
    )
    return render(request, "book_test", page)


@for_both(routes, "POST", "/book", "book.take")
async def book(request: web.Request) -> web.Response:
    """Book a time, in place of one that was booked before."""
    who = await checking(request)
    starts = _moment(field(await request.post(), "starts"))
    await book_test(request.app[PORTS], who.participant_id, starts)
    raise web.HTTPSeeOther(f"{who.base}/book")


def _days(slots: Sequence[Slot], zone: str) -> tuple[DayOfSlots, ...]:
    days = groupby(slots, key=lambda each: long_day(each.starts, zone))
    return tuple(
        DayOfSlots(
            day,
            tuple((each.starts.isoformat(), clock(each.starts, zone)) for each in group),
        )
        for day, group in days
    )[:_DAYS_SHOWN]


def _moment(text: str) -> Instant:
    """A time that was chosen.

    Raises:
        Invalid: It is none of those that were shown.
    """
    try:
        return instant(datetime.fromisoformat(text))
    except (ValueError, OverflowError) as error:
        raise Invalid("Choose one of the times that are shown.") from error
