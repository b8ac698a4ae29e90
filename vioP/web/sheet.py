"""The attendance sheet: filled in from what was seen, corrected and confirmed in one press."""

from collections.abc import Mapping
from dataclasses import dataclass

from aiohttp import web

from vioP.domain.access import Action
from vioP.domain.errors import Invalid, NoShowTooSoon, PresentTooSoon, SheetChanged
from vioP.domain.ids import SeatId, StaffId
from vioP.domain.live import LiveSession
from vioP.domain.sheet import Confirmed, Reason, SheetLine, length
from vioP.flows.confirm_attendance import Sheet, confirm_attendance, show_sheet
from vioP.flows.show import who_works
from vioP.flows.show_staff import staff_names
from vioP.web.access import action, person_of
from vioP.web.clinician import own_session
from vioP.web.course_words import CourseLine
from vioP.web.forms import field, whole_field
from vioP.web.keys import PORTS
from vioP.web.named import named
from vioP.web.pages import clock, render
from vioP.web.problems import status_of
from vioP.web.sheet_words import CONFIRMED, REASONS, sheet_words
from vioP.web.states import SeatLine, card

routes = web.RouteTableDef()


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One person of a sheet.

    Attributes:
        seen: What machines saw, in words.
        attendance: What is chosen; empty where the host must say.
        meanwhile: What stands now, in words, where that is not what is chosen here.
        course: Where they come from, and how far they are.
    """

    id: str
    name: str
    seen: str
    attendance: str
    minutes: int
    reason: str
    course: CourseLine
    meanwhile: str


@dataclass(frozen=True, slots=True)
class SheetPage:
    """The sheet of one session.

    Attributes:
        confirmed: When and by whom it was confirmed last; empty where it never was.
        differing: Of whom something else was said since.
    """

    session: str
    title: str
    when: str
    zone: str
    length: int
    rows: tuple[SheetRow, ...]
    choices: tuple[tuple[str, str], ...]
    reasons: tuple[tuple[str, str], ...]
    version: str
    confirmed: str
    differing: tuple[str, ...]
    problem: str


@routes.get("/sessions/{session}/attendance", name="sheet")
@action(Action.MARK_ATTENDANCE)
async def sheet(request: web.Request) -> web.Response:
    """Who was there and for how long, filled in from what was seen."""
    session = await own_session(request, Action.MARK_ATTENDANCE)
    found = await show_sheet(request.app[PORTS], session)
    given = {each.seat_id: each for each in found.lines}
    return await _page(request, session, found, given)


@routes.post("/sessions/{session}/attendance", name="sheet.confirm")
@action(Action.MARK_ATTENDANCE)
async def confirm(request: web.Request) -> web.Response:
    """Confirm all of it; what cannot be kept is said, and what was entered stays."""
    session = await own_session(request, Action.MARK_ATTENDANCE)
    form = await request.post()
    given = {seat.id: _line(form, seat.id) for seat in session.seats}
    ports, by = request.app[PORTS], person_of(request).id
    try:
        seen = field(form, "version") if "version" in form else ""
        await confirm_attendance(ports, session, list(given.values()), by, seen)
    except (Invalid, NoShowTooSoon, PresentTooSoon, SheetChanged) as error:
        names: dict[str, str] = {seat.id: seat.name for seat in session.seats}
        stands = await own_session(request, Action.MARK_ATTENDANCE)
        found = await show_sheet(ports, stands)
        refused = named(str(error), names), status_of(error)
        return await _page(request, stands, found, given, refused)
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
    found: Sheet,
    given: Mapping[SeatId, SheetLine],
    refused: tuple[str, int] = ("", 200),
) -> web.Response:
    ports, (problem, status) = request.app[PORTS], refused
    _, zone = await who_works(ports, StaffId(person_of(request).id))
    shown = card(session, zone, ports.clock.now())
    stands = {each.seat_id: each for each in found.lines}
    last = found.newest
    names = await staff_names(ports) if last else {}
    page = SheetPage(
        session=session.id,
        title=shown.title,
        when=f"{clock(session.starts, zone)} to {clock(session.ends, zone)}",
        zone=zone,
        length=length(session),
        rows=tuple(
            _row(seat, stands[SeatId(seat.id)], given.get(SeatId(seat.id)))
            for seat in shown.seats
        ),
        choices=tuple((each.value, words) for each, words in CONFIRMED.items()),
        reasons=tuple((each.value, words) for each, words in REASONS.items()),
        version=found.version,
        confirmed=f"{names.get(last.by, last.by)}, {clock(last.at, zone)}" if last else "",
        differing=tuple(s.name for s in session.seats if last and s.id in found.differing),
        problem=problem,
    )
    return render(request, "sheet", page, status=status)


def _row(seat: SeatLine, stands: SheetLine, given: SheetLine | None) -> SheetRow:
    line = given or stands
    return SheetRow(
        seat.id,
        seat.name,
        f"{seat.attendance}{f', {seat.minutes}' if seat.minutes else ''}",
        line.attendance or "",
        line.minutes,
        line.reason,
        seat.course,
        "" if line == stands else sheet_words(stands),
    )
