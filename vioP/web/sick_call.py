"""Somebody is out today: what it touches, who stands in, and one press that does it all."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from aiohttp import web

from vioP.domain.access import Action
from vioP.domain.ids import CohortId, StaffId
from vioP.domain.programme import Programme
from vioP.domain.week import UnplacedNeed
from vioP.flows.show import show_programme
from vioP.flows.show_groups_without import GroupWithout
from vioP.flows.sick_call import SickCall, show_sick_call, take_sick_call
from vioP.planner.substitutes import Candidate
from vioP.web.access import action, person_of
from vioP.web.forms import day_field, field
from vioP.web.keys import PORTS
from vioP.web.pages import clock, render
from vioP.web.planned import ChangeLine, change_line

routes = web.RouteTableDef()

_STAND_IN = "stand_in."
_MOST = 5  # so many candidates are named


@dataclass(frozen=True, slots=True)
class GroupLine:
    """A group of the day that loses a host.

    Attributes:
        left: Who of its facilitators still holds it; empty for nobody.
        lacking: Who could not be treated by anybody left.
        candidates: Who could stand in, by identifier, with their name and how far it helps.
        chosen: Who was chosen; empty for nobody.
    """

    cohort: str
    title: str
    when: str
    people: int
    left: str
    lacking: tuple[str, ...]
    candidates: tuple[tuple[str, str], ...]
    chosen: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What one press would do."""

    groups: tuple[GroupLine, ...]
    changes: tuple[ChangeLine, ...]
    told: int
    unplaced: tuple[UnplacedNeed, ...]
    notices: tuple[str, ...]
    violations: tuple[str, ...]
    version: str


@dataclass(frozen=True, slots=True)
class SickCallPage:
    """Who is out and when, and what it means."""

    clinicians: tuple[tuple[str, str], ...]
    staff: str
    name: str
    day: date
    zone: str
    preview: Preview | None


@routes.get("/sick-call", name="sick_call")
@action(Action.PLAN_WEEK)
async def sick_call_page(request: web.Request) -> web.Response:
    """Who is out, and what it would do. Writes nothing."""
    ports, query = request.app[PORTS], request.query
    programme = await show_programme(ports)
    zone = programme.program.zone
    day = ports.clock.now().astimezone(ZoneInfo(zone)).date()
    staff, preview = StaffId(query.get("staff", "")), None
    if "day" in query:
        day = day_field(query, "day")
    if staff:
        chosen = _stand_ins(query)
        found = await show_sick_call(ports, staff, day, chosen)
        preview = _preview(programme, found, chosen)
    names = {each.id: each.name for each in programme.staff}
    page = SickCallPage(
        clinicians=tuple(
            (each.id, each.name) for each in programme.staff if each.role.is_clinician
        ),
        staff=staff,
        name=names.get(staff, staff),
        day=day,
        zone=zone,
        preview=preview,
    )
    return render(request, "sick_call", page)


@routes.post("/sick-call", name="sick_call.take")
@action(Action.PUBLISH_WEEK)
async def take(request: web.Request) -> web.Response:
    """Note it, build the week, and tell whom it concerns; then show the week."""
    form = await request.post()
    day = day_field(form, "day")
    await take_sick_call(
        request.app[PORTS],
        StaffId(field(form, "staff")),
        day,
        _stand_ins(form),
        field(form, "version"),
        person_of(request).id,
    )
    raise web.HTTPSeeOther(f"/week?day={day}")


def _stand_ins(form: Mapping[str, object]) -> dict[CohortId, StaffId]:
    """Who was chosen for which group; a group with nobody chosen is left out."""
    chosen = {
        CohortId(name.removeprefix(_STAND_IN)): StaffId(field(form, name))
        for name in form
        if name.startswith(_STAND_IN)
    }
    return {cohort: staff for cohort, staff in chosen.items() if staff}


def _preview(
    programme: Programme, found: SickCall, chosen: Mapping[CohortId, StaffId]
) -> Preview:
    supposed = found.supposed
    return Preview(
        groups=tuple(_group(programme, each, chosen) for each in found.groups),
        changes=tuple(change_line(programme, each) for each in supposed.changes),
        told=supposed.told,
        unplaced=supposed.unplaced,
        notices=tuple(each.text for each in supposed.notices),
        violations=supposed.violations,
        version=found.version,
    )


def _group(
    programme: Programme, group: GroupWithout, chosen: Mapping[CohortId, StaffId]
) -> GroupLine:
    names: dict[str, str] = {each.id: each.name for each in programme.participants}
    names |= {each.id: each.name for each in programme.staff}
    zone = programme.program.zone
    return GroupLine(
        cohort=group.cohort_id,
        title=f"{group.cohort_id.capitalize()} group",
        when=f"{clock(group.starts, zone)} to {clock(group.ends, zone)}",
        people=group.people,
        left=", ".join(names[each] for each in group.hosts),
        lacking=tuple(names[each] for each in group.lacking),
        candidates=tuple(
            (each.id, f"{names[each.id]} stands in{_help(group, each)}")
            for each in group.candidates[:_MOST]
        ),
        chosen=chosen.get(group.cohort_id, StaffId("")),
    )


def _help(group: GroupWithout, candidate: Candidate) -> str:
    """How far a candidate helps, in words."""
    wanted = len(group.lacking) or group.people
    words = ": licensed for everybody"
    if candidate.covers < wanted:
        words = f": licensed for {candidate.covers} of {wanted}"
    return words if candidate.is_therapist else f"{words}, a prescriber"
