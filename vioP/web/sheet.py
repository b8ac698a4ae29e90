"""The attendance sheet: filled in from what was seen, corrected and confirmed in one press."""

from collections.abc import Mapping
from dataclasses import dataclass

from aiohttp import web

from vioP.domain.access import Action
from vioP.domain.errors import Invalid, NoShowTooSoon
from vioP.domain.ids import SeatId, StaffId
from vioP.domain.live import LiveSession
from vioP.domain.sheet import Confirmed, Reason, SheetLine, length
from vioP.flows.confirm_attendance import confirm_attendance, show_sheet
from vioP.flows.show import who_works
from vioP.web.access import action, person_of
from vioP.web.clinician import own_session
from vioP.web.course_words import CourseLine
from vioP.web.forms import field, whole_field
from vioP.web.keys import PORTS
from vioP.web.named import named
from vioP.web.pages import clock, render
from vioP.web.states import card

routes = web.RouteTableDef()

_REASONS = {
    Reason.NONE: "–",  # noqa: RUF001 - a dash is what people read
    Reason.ILLNESS: "Ill",
    Reason.TECHNICAL: "Device or line",
    Reason.WORK_OR_SCHOOL: "Work or school",
    Reason.CARE_OF_OTHERS: "Care of others",
    Reason.NO_PRIVATE_PLACE: "No private place",
    Reason.LOCATION: "In another state",
    Reason.OTHER: "Other",
}


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One person of a sheet.

    Attributes:
        seen: What machines saw, in words.
        attendance: What is chosen; empty where the host must say.
        course: Where they come from, and how far they are.
    """

    id: str
    name: str
    seen: str
    attendance: str
    minutes: int
    reason: str
    course: CourseLine


@dataclass(frozen=True, slots=True)
class SheetPage:
    """The sheet of one session."""

    session: str
    title: str
    when: str
    zone: str
    length: int
    rows: tuple[SheetRow, ...]
    choices: tuple[tuple[str, str], ...]
    reasons: tuple[tuple[str, str], ...]
    is_confirmed: bool
    problem: str


@routes.get("/sessions/{session}/attendance", name="sheet")
@action(Action.MARK_ATTENDANCE)
async def sheet(request: web.Request) -> web.Response:
    """Who was there and for how long, filled in from what was seen."""
    session = await own_session(request, Action.MARK_ATTENDANCE)
    lines, is_confirmed = await show_sheet(request.app[PORTS], session)
    given = {each.seat_id: each for each in lines}
    return await _page(request, session, given, is_confirmed=is_confirmed)


@routes.post("/sessions/{session}/attendance", name="sheet.confirm")
@action(Action.MARK_ATTENDANCE)
async def confirm(request: web.Request) -> web.Response:
    """Confirm all of it; what cannot be kept is said, and what was entered stays."""
    session = await own_session(request, Action.MARK_ATTENDANCE)
    form = await request.post()
    given = {seat.id: _line(form, seat.id) for seat in session.seats}
    try:
        ports, by = request.app[PORTS], person_of(request).id
        await confirm_attendance(ports, session, list(given.values()), by)
    except (Invalid, NoShowTooSoon) as error:
        names: dict[str, str] = {seat.id: seat.name for seat in session.seats}
        problem = named(str(error), names)
        return await _page(request, session, given, is_confirmed=False, problem=problem)
    raise web.HTTPSeeOther(f"/sessions/{session.id}/attendance")


def _line(form: Mapping[str, object], seat_id: SeatId) -> SheetLine:
    said = field(form, f"{seat_id}.attendance") if f"{seat_id}.attendance" in form else ""
    reason = field(form, f"{seat_id}.reason")
    if said not in {"", *Confirmed} or reason not in set(Reason):
        raise Invalid("That is none of the choices of the sheet.")
    attendance = Confirmed(said) if said else None
    minutes = whole_field(form, f"{seat_id}.minutes")
    if attendance is not Confirmed.PRESENT:
        minutes = 0
    return SheetLine(seat_id, attendance, minutes, Reason(reason))


async def _page(
    request: web.Request,
    session: LiveSession,
    given: Mapping[SeatId, SheetLine],
    *,
    is_confirmed: bool,
    problem: str = "",
) -> web.Response:
    ports = request.app[PORTS]
    _, zone = await who_works(ports, StaffId(person_of(request).id))
    shown = card(session, zone, ports.clock.now())
    page = SheetPage(
        session=session.id,
        title=shown.title,
        when=f"{clock(session.starts, zone)} to {clock(session.ends, zone)}",
        zone=zone,
        length=length(session),
        rows=tuple(
            SheetRow(
                seat.id,
                seat.name,
                f"{seat.attendance}{f', {seat.minutes}' if seat.minutes else ''}",
                given[SeatId(seat.id)].attendance or "",
                given[SeatId(seat.id)].minutes,
                given[SeatId(seat.id)].reason,
                seat.course,
            )
            for seat in shown.seats
        ),
        choices=(("present", "There"), ("excused", "Excused"), ("no_show", "No-show")),
        reasons=tuple((each.value, words) for each, words in _REASONS.items()),
        is_confirmed=is_confirmed,
        problem=problem,
    )
    return render(request, "sheet", page, status=422 if problem else 200)
