"""What if: one change, and what it would do to a week. The page only looks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from urllib.parse import urlencode

from aiohttp import web

from vioP.domain.access import Action
from vioP.domain.errors import Invalid, Missing
from vioP.domain.ids import CohortId, ParticipantId, StaffId
from vioP.domain.programme import Programme
from vioP.domain.suppose import (
    Admitted,
    Away,
    CannotCome,
    Closed,
    Discharged,
    Stretch,
    Supposition,
)
from vioP.domain.time import Week
from vioP.domain.week import UnplacedNeed
from vioP.flows.show import show_programme
from vioP.flows.suppose_week import SupposedWeek, suppose_week
from vioP.i18n import long_day
from vioP.web.access import action
from vioP.web.forms import day_field, field, week_of_text
from vioP.web.found import ScoreTable, score_table
from vioP.web.keys import PORTS
from vioP.web.named import named, names_of, needs_named, notices_named
from vioP.web.pages import render
from vioP.web.planned import ChangeLine, change_line, names_in

routes = web.RouteTableDef()

Names = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Step:
    """Where a supposed change is made for real: an address, or why there is none."""

    address: str
    text: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a change would do."""

    asked: str
    compared: str
    changes: tuple[ChangeLine, ...]
    told: int
    unplaced: tuple[UnplacedNeed, ...]
    still_unplaced: int
    violations: tuple[str, ...]
    notices: Names
    score: ScoreTable | None
    step: Step


@dataclass(frozen=True, slots=True)
class WhatIfPage:
    """The forms, filled in as they were sent, and what came of it.

    Attributes:
        asked: What was sent, by field; empty where nothing was.
        refused: Why nothing could be said, if something was asked.
    """

    monday: date
    zone: str
    clinicians: Names
    participants: Names
    cohorts: tuple[str, ...]
    asked: Mapping[str, str]
    refused: str
    outcome: Outcome | None


@routes.get("/weeks/{monday}/what-if", name="week.what_if")
@action(Action.PLAN_WEEK)
async def what_if(request: web.Request) -> web.Response:
    """What one change would do: who moves, who has no place, who is told. Writes nothing."""
    ports = request.app[PORTS]
    week = week_of_text(request.match_info["monday"])
    programme = await show_programme(ports)
    refused, outcome = "", None
    if "kind" in request.query:
        try:
            what = supposition(request.query)
            supposed = await suppose_week(ports, week, what)
            outcome = _outcome(programme, what, supposed)
        except (Invalid, Missing) as error:
            refused = str(error)
    page = WhatIfPage(
        monday=week.monday,
        zone=programme.program.zone,
        clinicians=tuple(
            (each.id, each.name) for each in programme.staff if each.role.is_clinician
        ),
        participants=tuple((each.id, each.name) for each in programme.participants),
        cohorts=tuple(each.id for each in programme.cohorts),
        asked=_asked(request.query, week),
        refused=refused,
        outcome=outcome,
    )
    return render(request, "what_if", page)


def supposition(query: Mapping[str, str]) -> Supposition:
    """The change a form asks about.

    Raises:
        Invalid: A field is missing or wrong; it is named.
    """
    match field(query, "kind"):
        case "away":
            return Away(StaffId(field(query, "staff")), _stretch(query))
        case "hours":
            return CannotCome(ParticipantId(field(query, "participant")), _stretch(query))
        case "discharge":
            who = ParticipantId(field(query, "participant"))
            return Discharged(who, day_field(query, "last"))
        case "admit":
            return Admitted(
                ParticipantId(field(query, "participant")),
                CohortId(field(query, "cohort")),
                day_field(query, "first"),
            )
        case "closure":
            return Closed(day_field(query, "first"))
        case other:
            raise Invalid(f"There is no kind of change called {other}.")


def _stretch(query: Mapping[str, str]) -> Stretch:
    first, last = day_field(query, "first"), day_field(query, "last")
    try:
        return Stretch(first, last, _clock(query, "from"), _clock(query, "to"))
    except ValueError as error:
        raise Invalid(str(error)) from error


def _clock(query: Mapping[str, str], name: str) -> time | None:
    text = query.get(name, "").strip()
    try:
        return time.fromisoformat(text) if text else None
    except ValueError as error:
        raise Invalid(f"The field {name} is not a time such as 09:30.") from error


_FIELDS = ("kind", "staff", "participant", "cohort", "first", "last", "from", "to")


def _asked(query: Mapping[str, str], week: Week) -> dict[str, str]:
    """What the forms show: what was sent, and the week's Monday where a day is missing."""
    sent = {each: query.get(each, "") for each in _FIELDS}
    return sent | {
        each: sent[each] or week.monday.isoformat() for each in ("first", "last")
    }


def _outcome(programme: Programme, what: Supposition, supposed: SupposedWeek) -> Outcome:
    names, in_plan = names_of(programme), names_in(programme)
    compared = "Compared with what people were told."
    if not supposed.is_told:
        compared = "Nobody was told this week yet: compared with the week as it is planned."
    if supposed.is_quick:
        compared += " A quick search: building the week may find a better one."
    return Outcome(
        asked=_sentence(what, names),
        compared=compared,
        changes=tuple(change_line(in_plan, each) for each in supposed.changes),
        told=supposed.told,
        unplaced=needs_named(supposed.unplaced, names),
        still_unplaced=supposed.still_unplaced,
        violations=tuple(named(each, names) for each in supposed.violations),
        notices=notices_named(supposed.notices, names),
        score=score_table({"Now": supposed.before, "Then": supposed.after}),
        step=_step(what, programme),
    )


def _sentence(what: Supposition, names: Mapping[str, str]) -> str:
    """A change in words."""
    match what:
        case Away(who, when):
            return f"{names.get(who, who)} is away {_when(when)}"
        case CannotCome(who, when):
            return f"{names.get(who, who)} cannot come {_when(when)}"
        case Discharged(who, last):
            return f"{names.get(who, who)} is discharged after {long_day(last)}"
        case Admitted(who, cohort, first):
            return f"{names.get(who, who)} joins {cohort.capitalize()} on {long_day(first)}"
        case Closed(day):
            return f"The program is closed on {long_day(day)}"


def _when(when: Stretch) -> str:
    days = f"on {long_day(when.first)}"
    if when.last != when.first:
        days = f"from {long_day(when.first)} to {long_day(when.last)}"
    if when.opens is None or when.closes is None:
        return days
    return f"{days}, {when.opens:%H:%M} to {when.closes:%H:%M}"


def _step(what: Supposition, programme: Programme) -> Step:
    """Where the change can be made, with what was asked filled in."""
    match what:
        case Away(staff, when):
            query = urlencode({"staff": staff, "first": when.first, "last": when.last})
            note = "Note that they are away"
            if when.opens is not None:
                note = "Note that they are away (there, whole days)"
            return Step(f"/leave?{query}", note)
        case Discharged(who, last):
            cohort = next(
                each.cohort_id
                for each in programme.enrollments
                if each.participant_id == who and each.until > last
            )
            query = urlencode({"participant": who, "last": last})
            return Step(f"/cohorts/{cohort}?{query}", "Discharge them")
        case Admitted(who, cohort_id, first):
            query = urlencode({"participant": who, "first": first})
            return Step(f"/cohorts/{cohort_id}?{query}", "Enroll them")
        case CannotCome():
            return Step("", "Participants' hours come with the import of the programme.")
        case Closed(day):
            return Step(f"/arrangements?close={day}#closed-day", "Close the day")
