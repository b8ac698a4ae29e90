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
    Pin,
)
from vioP.domain.errors import Conflict, Invalid, Missing
from vioP.domain.ids import CohortId, ParticipantId
from vioP.domain.session import Kind
from vioP.domain.time import week_of
from vioP.files.table import STATES, ZONES
from vioP.flows.arrange import arrange, show_arrangements, take_back_arrangement
from vioP.flows.show import show_programme
from vioP.flows.show_missed import show_missed
from vioP.planner.make_up import MissedDay
from vioP.web.access import action, person_of
from vioP.web.arrangement_words import WEEKDAYS, arrangement_words
from vioP.web.cohort_forms import typed_into
from vioP.web.forms import day_field, field, time_field, whole_field
from vioP.web.keys import PORTS
from vioP.web.named import named, names_of
from vioP.web.pages import render
from vioP.web.problems import status_of
from vioP.web.session_words import KINDS

routes = web.RouteTableDef()

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
    refused: "RefusedForm | None"

    def typed(self, kind: str, name: str, otherwise: object = "") -> str:
        """What a field of a form shows: what was typed into it, if that form is refused."""
        if self.refused is None or self.refused.kind != kind:
            return str(otherwise)
        return self.refused.typed.get(name, "")


@dataclass(frozen=True, slots=True)
class RefusedForm:
    """What was to be arranged, why it cannot be, and what was typed."""

    kind: str
    text: str
    typed: Mapping[str, str]


@routes.get("/arrangements", name="arrangements")
@action(Action.PLAN_WEEK)
async def arrangements_page(request: web.Request) -> web.Response:
    """What is arranged, and forms to arrange more."""
    return await _page(request)


async def _page(
    request: web.Request, refused: RefusedForm | None = None, status: int = 200
) -> web.Response:
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
        weekdays=tuple(enumerate(WEEKDAYS)),
        states=tuple(sorted(STATES)),
        zones=tuple(sorted(each for each in ZONES if "/" in each)),
        cohorts=tuple((each.id, each.id.capitalize()) for each in programme.cohorts),
        closing=request.query.get("close", ""),
        missed=tuple(map(_missed, missed)),
        lines=tuple(
            ArrangementLine(each.id, *arrangement_words(each.what, programme))
            for each in await show_arrangements(ports)
        ),
        refused=refused,
    )
    return render(request, "arrangements", page, status=status)


@routes.post("/arrangements/{kind}", name="arrangements.note")
@action(Action.PLAN_WEEK)
async def note(request: web.Request) -> web.Response:
    """Arrange something, then show the list. An opened phase is a clinician's word."""
    kind, form = request.match_info["kind"], await request.post()
    read = _FORMS.get(kind)
    if read is None:
        raise web.HTTPNotFound
    try:
        await arrange(request.app[PORTS], _read(read, form), person_of(request).id)
    except (Invalid, Missing, Conflict) as error:
        said = named(str(error), names_of(await show_programme(request.app[PORTS])))
        refused = RefusedForm(kind, f"{said[:1].upper()}{said[1:]}", typed_into(form))
        return await _page(request, refused, status_of(error))
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
        raise Invalid(f"{error}.") from error


def _pin(form: Mapping[str, object]) -> Pin:
    who, _, kind = field(form, "appointment").partition(" ")
    weekday = whole_field(form, "weekday")
    if weekday >= len(WEEKDAYS):
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
