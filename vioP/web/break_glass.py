"""Break-glass: where clinicians open a record that is not theirs, and compliance looks at it."""

from dataclasses import dataclass

import structlog
from aiohttp import web

from vioP.domain.access import Action
from vioP.domain.break_glass import LONGEST_REASON, SHORTEST_REASON, OpenedRecord
from vioP.domain.duration import duration_words
from vioP.domain.errors import Invalid
from vioP.domain.ids import StaffId
from vioP.domain.time import Instant
from vioP.flows.break_glass import (
    close_record,
    open_now,
    open_record,
    seat_of_record,
    show_queue,
    sign_record,
)
from vioP.flows.show import who_works
from vioP.web.access import action, person_of
from vioP.web.forms import field
from vioP.web.keys import CHOICES, PORTS
from vioP.web.pages import clock, long_day, render
from vioP.web.problems import status_of

log = structlog.get_logger()

routes = web.RouteTableDef()


@dataclass(frozen=True, slots=True)
class BreakGlassPage:
    """The form, with what was typed; or what is open.

    Attributes:
        name: Whose record is open; empty where none is.
        seat_id: By which it is read; empty where they have never had a seat.
    """

    shortest: int
    longest: int
    lasts: str
    asked: str = ""
    reason: str = ""
    problem: str = ""
    name: str = ""
    participant_id: str = ""
    until: str = ""
    seat_id: str = ""


@dataclass(frozen=True, slots=True)
class OpenedLine:
    """One record that was opened, in words; people by name and identifier."""

    id: str
    opener_name: str
    opener_id: str
    person_name: str
    person_id: str
    when: str
    how_long: str
    reason: str
    review: str
    reviewer_name: str
    reviewer_id: str


@dataclass(frozen=True, slots=True)
class QueuePage:
    """What waits for a signature, and what has one."""

    shortest: int
    longest: int
    waiting: tuple[OpenedLine, ...]
    signed: tuple[OpenedLine, ...]
    more: int
    problem: str = ""


@routes.get("/break-glass", name="break_glass")
@action(Action.BREAK_GLASS)
async def break_glass(request: web.Request) -> web.Response:
    """Open the record of somebody who is not yours; or what you have open."""
    return await _page(request)


@routes.post("/break-glass", name="break_glass.open")
@action(Action.BREAK_GLASS)
async def break_the_glass(request: web.Request) -> web.Response:
    """Open it: for a while, told to whoever guards privacy, and reviewed."""
    form = await request.post()
    asked, reason = field(form, "person"), field(form, "reason")
    person, terms = person_of(request), request.app[CHOICES].break_glass
    try:
        await open_record(request.app[PORTS], person, asked, reason, terms)
    except Invalid as error:
        log.warning("break_glass.refused", code=error.code)
        return await _page(request, (asked, reason, str(error)), status_of(error))
    raise web.HTTPSeeOther("/break-glass")


@routes.post("/break-glass/end", name="break_glass.end")
@action(Action.BREAK_GLASS)
async def end(request: web.Request) -> web.Response:
    """Close it before its time."""
    await close_record(request.app[PORTS], person_of(request))
    raise web.HTTPSeeOther("/break-glass")


@routes.get("/emergency-access", name="emergency_access")
@action(Action.REVIEW_ACCESS)
async def queue(request: web.Request) -> web.Response:
    """Every record that was opened in an emergency; red until somebody signs it."""
    return await _queue(request)


@routes.post("/emergency-access/{record}", name="emergency_access.sign")
@action(Action.REVIEW_ACCESS)
async def sign(request: web.Request) -> web.Response:
    """Sign one, with what was found."""
    review = field(await request.post(), "review")
    record, by = request.match_info["record"], person_of(request).id
    try:
        await sign_record(request.app[PORTS], record, review, by)
    except Invalid as error:
        log.warning("emergency_access.refused", code=error.code)
        return await _queue(request, str(error), status_of(error))
    raise web.HTTPSeeOther("/emergency-access")


async def _page(
    request: web.Request, typed: tuple[str, str, str] = ("", "", ""), status: int = 200
) -> web.Response:
    ports, person = request.app[PORTS], person_of(request)
    lasts = duration_words(request.app[CHOICES].break_glass.lasts)
    page = BreakGlassPage(SHORTEST_REASON, LONGEST_REASON, lasts, *typed)
    record = await open_now(ports, person)
    if record is not None:
        _, zone = await who_works(ports, StaffId(person.id))
        page = BreakGlassPage(
            SHORTEST_REASON,
            LONGEST_REASON,
            lasts,
            *typed,
            name=record.participant_name,
            participant_id=record.participant_id,
            until=clock(record.until, zone),
            seat_id=await seat_of_record(ports, record.participant_id) or "",
        )
    return render(request, "break_glass", page, status=status)


async def _queue(
    request: web.Request, problem: str = "", status: int = 200
) -> web.Response:
    ports = request.app[PORTS]
    found = await show_queue(ports)
    _, zone = await who_works(ports, StaffId(person_of(request).id))
    now = ports.clock.now()
    waiting = [_line(each, zone, now) for each in found.records if not each.is_reviewed]
    page = QueuePage(
        SHORTEST_REASON,
        LONGEST_REASON,
        tuple(waiting),
        tuple(_line(each, zone, now) for each in found.records if each.is_reviewed),
        found.waiting - len(waiting),
        problem,
    )
    return render(request, "emergency_access", page, status=status)


def _line(record: OpenedRecord, zone: str, now: Instant) -> OpenedLine:
    ended = record.ended_at or record.until
    how_long = f"{'open until' if record.is_open(now) else 'until'} {clock(ended, zone)}"
    return OpenedLine(
        record.id,
        record.staff_name,
        record.staff_id,
        record.participant_name,
        record.participant_id,
        f"{long_day(record.begun_at, zone)}, {clock(record.begun_at, zone)}",
        how_long,
        record.reason,
        record.review,
        record.reviewer_name,
        record.reviewed_by,
    )
