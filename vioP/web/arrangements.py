"""What is arranged for single people and single days: noted, listed, taken back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from aiohttp import web

from vioP.domain.access import Action
from vioP.domain.arrangement import (
    Arrangement,
    ClosedDay,
    Journey,
    KeptApart,
    MakeUp,
    MergedMeeting,
    MovedMeeting,
    OfCohort,
    OpenedPhase,
    Pin,
    StandIn,
)
from vioP.domain.errors import Invalid
from vioP.domain.ids import CohortId, ParticipantId, StaffId
from vioP.domain.programme import Programme
from vioP.domain.session import Kind
from vioP.domain.time import week_of
from vioP.files.table import STATES, ZONES
from vioP.flows.arrange import arrange, show_arrangements, take_back_arrangement
from vioP.flows.show import show_programme
from vioP.flows.show_missed import show_missed
from vioP.i18n import long_day, place_words
from vioP.planner.make_up import MissedDay
from vioP.web.access import action, person_of
from vioP.web.forms import day_field, field, time_field, whole_field
from vioP.web.keys import PORTS
from vioP.web.pages import dated, render
from vioP.web.session_words import KINDS

routes = web.RouteTableDef()

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_AHEAD = 3


@dataclass(frozen=True, slots=True)
class ArrangementLine:
    """One arrangement in words."""

    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class MissedLine:
    """A day that is not held, and when it could be."""

    cohort: str
    day: date
    people: int
    options: tuple[tuple[date, str, str, int], ...]


@dataclass(frozen=True, slots=True)
class ArrangementsPage:
    """Everything arranged, and the forms to arrange more."""

    today: date
    participants: tuple[tuple[str, str], ...]
    appointments: tuple[tuple[str, str], ...]
    weekdays: tuple[tuple[int, str], ...]
    states: tuple[str, ...]
    zones: tuple[str, ...]
    cohorts: tuple[tuple[str, str], ...]
    closing: str
    missed: tuple[MissedLine, ...]
    lines: tuple[ArrangementLine, ...]


@routes.get("/arrangements", name="arrangements")
@action(Action.PLAN_WEEK)
async def arrangements_page(request: web.Request) -> web.Response:
    """What is arranged, and forms to arrange more."""
    ports = request.app[PORTS]
    programme = await show_programme(ports)
    names = {each.id: each.name for each in programme.participants}
    today = ports.clock.now().date()
    weeks = [
        week_of(date.fromordinal(today.toordinal() + 7 * number))
        for number in range(_AHEAD)
    ]
    missed = await show_missed(ports, programme, weeks)
    page = ArrangementsPage(
        today=today,
        participants=tuple((each.id, each.name) for each in programme.participants),
        appointments=tuple(
            (
                f"{each.participant_id} {each.kind}",
                f"{names[each.participant_id]}: {KINDS[Kind(each.kind)]}",
            )
            for each in programme.service_plans
            if each.participant_id in names
        ),
        weekdays=tuple(enumerate(_DAYS)),
        states=tuple(sorted(STATES)),
        zones=tuple(sorted(each for each in ZONES if "/" in each)),
        cohorts=tuple((each.id, each.id.capitalize()) for each in programme.cohorts),
        closing=request.query.get("close", ""),
        missed=tuple(map(_missed, missed)),
        lines=tuple(
            ArrangementLine(each.id, *in_words(each.what, programme))
            for each in await show_arrangements(ports)
        ),
    )
    return render(request, "arrangements", page)


@routes.post("/arrangements/{kind}", name="arrangements.note")
@action(Action.PLAN_WEEK)
async def note(request: web.Request) -> web.Response:
    """Arrange something, then show the list. An opened phase is a clinician's word."""
    read = _FORMS.get(request.match_info["kind"])
    if read is None:
        raise web.HTTPNotFound
    what = _read(read, await request.post())
    await arrange(request.app[PORTS], what, person_of(request).id)
    raise web.HTTPSeeOther("/arrangements#noted")


@routes.post("/arrangements/{arrangement}/take-back", name="arrangements.take_back")
@action(Action.PLAN_WEEK)
async def take_back(request: web.Request) -> web.Response:
    """Take an arrangement back."""
    arrangement = request.match_info["arrangement"]
    await take_back_arrangement(request.app[PORTS], arrangement, person_of(request).id)
    raise web.HTTPSeeOther("/arrangements#noted")


def _read(
    read: Callable[[Mapping[str, object]], Arrangement], form: Mapping[str, object]
) -> Arrangement:
    try:
        return read(form)
    except ValueError as error:
        raise Invalid(f"{str(error)[:1].upper()}{str(error)[1:]}.") from error


def _pin(form: Mapping[str, object]) -> Pin:
    who, _, kind = field(form, "appointment").partition(" ")
    weekday = whole_field(form, "weekday")
    if weekday >= len(_DAYS):
        raise Invalid("The field weekday is a number from 0 for Monday to 6 for Sunday.")
    return Pin(
        ParticipantId(who),
        kind,
        weekday,
        time_field(form, "at"),
        day_field(form, "first"),
        day_field(form, "last") if field(form, "last") else None,
    )


def _journey(form: Mapping[str, object]) -> Journey:
    state, zone = field(form, "state"), field(form, "zone")
    if state not in STATES:
        raise Invalid("The field state is not a postal code such as NY.")
    if zone not in ZONES:
        raise Invalid("The field zone is not a time zone such as America/New_York.")
    return Journey(
        ParticipantId(field(form, "participant")),
        day_field(form, "first"),
        day_field(form, "last"),
        field(form, "city"),
        state,
        zone,
    )


def _kept_apart(form: Mapping[str, object]) -> KeptApart:
    return KeptApart(ParticipantId(field(form, "one")), ParticipantId(field(form, "other")))


def _make_up(form: Mapping[str, object]) -> MakeUp:
    return MakeUp(
        CohortId(field(form, "cohort")),
        day_field(form, "instead_of"),
        day_field(form, "day"),
        time_field(form, "at"),
    )


def _merge(form: Mapping[str, object]) -> MergedMeeting:
    return MergedMeeting(
        CohortId(field(form, "cohort")),
        day_field(form, "day"),
        CohortId(field(form, "into")),
    )


_FORMS: Mapping[str, Callable[[Mapping[str, object]], Arrangement]] = {
    "pin": _pin,
    "journey": _journey,
    "kept-apart": _kept_apart,
    "make-up": _make_up,
    "merge": _merge,
    "closed-day": lambda form: ClosedDay(day_field(form, "day")),
}


def _missed(each: MissedDay) -> MissedLine:
    return MissedLine(
        each.meeting.cohort.id,
        each.meeting.day,
        len(each.meeting.attendees),
        tuple(
            (
                option.make_up.day,
                f"{option.make_up.day:%A %-d %B} at {option.make_up.at:%H:%M}",
                f"{option.make_up.at:%H:%M}",
                option.comers,
            )
            for option in each.options
        ),
    )


def in_words(what: Arrangement, programme: Programme) -> tuple[str, str]:
    """A title and a sentence for an arrangement."""
    names = {each.id: each.name for each in programme.participants}
    staff = {each.id: each.name for each in programme.staff}

    def name(who: ParticipantId) -> str:
        return names.get(who, who)

    match what:
        case Pin():
            kind, days = KINDS[Kind(what.kind)].lower(), f"{_DAYS[what.weekday]}s"
            text = f"{kind} on {days} at {what.at:%H:%M} on their own clock"
            text += f", with {staff.get(what.staff_id, '')}" if what.staff_id else ""
            until = f" until {dated(what.last)}" if what.last else ""
            return (
                "Pin",
                f"{name(what.participant_id)}: {text}, from {dated(what.first)}{until}",
            )
        case Journey():
            where = f"{what.city} ({what.state}, {place_words(what.zone)})"
            days = f"{long_day(what.first)} to {long_day(what.last)}"
            return "Elsewhere", f"{name(what.participant_id)}: {where}, {days}"
        case KeptApart():
            return "Kept apart", f"{name(what.one)} and {name(what.other)}"
        case ClosedDay():
            return "Closed", f"Nothing is held on {long_day(what.day)}"
        case OpenedPhase():
            text = f"{what.phase} from {dated(what.first)}"
            return "Phase opened", f"{name(what.participant_id)}: {text}"
        case StandIn() | MovedMeeting() | MakeUp() | MergedMeeting():
            return _of_cohort(what, {each.id: each.name for each in programme.staff})


def _of_cohort(what: OfCohort, staff: Mapping[StaffId, str]) -> tuple[str, str]:
    cohort = what.cohort_id.capitalize()
    match what:
        case StandIn():
            text = f"{staff.get(what.staff_id, what.staff_id)} on {long_day(what.day)}"
            return "Stands in", f"{cohort}: {text}"
        case MovedMeeting():
            text = f"{long_day(what.instead_of)} is held on {long_day(what.day)}"
            if what.is_lasting:
                text = f"every {what.instead_of:%A} is held on {what.day:%A}"
            text += f" at {what.at:%H:%M}"
            if what.is_lasting:
                text += f" from {dated(what.instead_of)} on"
            text += f", led by {staff.get(what.staff_id, '')}" if what.staff_id else ""
            return "Moved", f"{cohort}: {text}"
        case MakeUp():
            held = f"held on {long_day(what.day)} at {what.at:%H:%M} instead"
            return "Made up for", f"{cohort}: {long_day(what.instead_of)} is {held}"
        case MergedMeeting():
            text = f"with {what.into.capitalize()} on {long_day(what.day)}"
            return "Held together", f"{cohort}: {text}"
