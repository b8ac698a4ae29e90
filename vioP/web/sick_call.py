"""Somebody is out today: what it touches, what is done instead, and one press that does it all."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from aiohttp import web

from vioP.domain.access import Action
from vioP.domain.arrangement import MakeUp, MergedMeeting, StandIn
from vioP.domain.errors import Invalid
from vioP.domain.ids import CohortId, StaffId
from vioP.domain.programme import Programme
from vioP.domain.week import UnplacedNeed
from vioP.flows.show import show_programme
from vioP.flows.show_groups_without import GroupWithout
from vioP.flows.sick_call import (
    GroupOut,
    Instead,
    SickCall,
    show_sick_call,
    take_sick_call,
)
from vioP.i18n import long_day
from vioP.planner.make_up import Option
from vioP.planner.merge import Merge
from vioP.planner.substitutes import Candidate
from vioP.web.access import action, person_of
from vioP.web.forms import day_field, field
from vioP.web.keys import PORTS
from vioP.web.named import named, names_of, needs_named, notices_named
from vioP.web.pages import clock, render
from vioP.web.planned import ChangeLine, change_line, names_in
from vioP.web.week import told_by

routes = web.RouteTableDef()

_INSTEAD = "instead."
_MOST = 5  # so many candidates, and so many groups, are named


@dataclass(frozen=True, slots=True)
class GroupLine:
    """A group of the day that loses a host.

    Attributes:
        left: Who of its facilitators still holds it; empty for nobody.
        lacking: Who could not be treated by anybody left.
        ways: What could be done, as the form says it, in words with how far it helps.
        chosen: What was chosen; empty for nothing.
    """

    cohort: str
    title: str
    when: str
    people: int
    left: str
    lacking: tuple[str, ...]
    ways: tuple[tuple[str, str], ...]
    chosen: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What one press would do."""

    groups: tuple[GroupLine, ...]
    changes: tuple[ChangeLine, ...]
    told: int
    unplaced: tuple[UnplacedNeed, ...]
    notices: tuple[tuple[str, str], ...]
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
        chosen = _chosen(query)
        instead = [_read(cohort, day, way) for cohort, way in chosen.items()]
        found = await show_sick_call(ports, staff, day, instead)
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
    done = await take_sick_call(
        request.app[PORTS],
        StaffId(field(form, "staff")),
        day,
        [_read(cohort, day, way) for cohort, way in _chosen(form).items()],
        field(form, "version"),
        person_of(request).id,
    )
    raise web.HTTPSeeOther(f"/week?day={day}&told={told_by(done)}")


def _chosen(form: Mapping[str, object]) -> dict[CohortId, str]:
    """What was chosen for which group; a group with nothing chosen is left out."""
    chosen = {
        CohortId(name.removeprefix(_INSTEAD)): field(form, name)
        for name in form
        if name.startswith(_INSTEAD)
    }
    return {cohort: way for cohort, way in chosen.items() if way}


def _read(cohort: CohortId, day: date, way: str) -> Instead:
    """What a choice means for a group: ``staff c2``, ``with cedar``, ``on 2026-03-13 09:00``."""
    how, _, rest = way.partition(" ")
    try:
        match how:
            case "staff":
                return StandIn(cohort, day, StaffId(rest))
            case "with":
                return MergedMeeting(cohort, day, CohortId(rest))
            case "on":
                at = datetime.fromisoformat(rest)
                return MakeUp(cohort, day, at.date(), at.time())
            case _:
                pass
    except ValueError as error:
        raise Invalid(f"{_INSTEAD}{cohort} cannot be {way}: {error}.") from error
    raise Invalid(
        f"{_INSTEAD}{cohort} is {way}. Choose somebody, another group or another day."
    )


def _preview(
    programme: Programme, found: SickCall, chosen: Mapping[CohortId, str]
) -> Preview:
    supposed, in_plan = found.supposed, names_in(programme)
    said = names_of(programme)
    return Preview(
        groups=tuple(_group(programme, each, chosen) for each in found.groups),
        changes=tuple(change_line(in_plan, each) for each in supposed.changes),
        told=supposed.told,
        unplaced=needs_named(supposed.unplaced, said),
        notices=notices_named(supposed.notices, said),
        violations=tuple(named(each, said) for each in supposed.violations),
        version=found.version,
    )


def _group(
    programme: Programme, out: GroupOut, chosen: Mapping[CohortId, str]
) -> GroupLine:
    group = out.without
    names: dict[str, str] = {each.id: each.name for each in programme.participants}
    names |= {each.id: each.name for each in programme.staff}
    zone = programme.program.zone
    return GroupLine(
        cohort=group.cohort_id,
        title=f"{group.cohort_id.capitalize()} group",
        when=f"{clock(group.meeting.starts, zone)} to {clock(group.meeting.ends, zone)}",
        people=group.people,
        left=", ".join(names[each] for each in group.hosts),
        lacking=tuple(names[each] for each in group.lacking),
        ways=(
            *(
                (f"staff {each.id}", f"{names[each.id]} stands in{_help(group, each)}")
                for each in group.candidates[:_MOST]
            ),
            *(_merge(group, each, zone) for each in out.merges[:_MOST]),
            *(_make_up(group, each) for each in out.make_ups),
        ),
        chosen=chosen.get(group.cohort_id, ""),
    )


def _merge(group: GroupWithout, merge: Merge, zone: str) -> tuple[str, str]:
    """A group it could be held together with, as the form says it and in words."""
    when = f"{clock(merge.starts, zone)} to {clock(merge.ends, zone)}"
    name = merge.into.capitalize()
    return (
        f"with {merge.into}",
        f"Together with the {name} group, {when}: a place for {merge.fits} of {group.people}",
    )


def _make_up(group: GroupWithout, option: Option) -> tuple[str, str]:
    """Another day of the counted week, as the form says it and in words."""
    what = option.make_up
    day, at = long_day(what.day), f"{what.at:%H:%M}"
    return (
        f"on {what.day} {at}",
        f"On {day} at {at} instead: {option.comers} of {group.people} can come",
    )


def _help(group: GroupWithout, candidate: Candidate) -> str:
    """How far a candidate helps, in words."""
    wanted = len(group.lacking) or group.people
    words = ": licensed for everybody"
    if candidate.covers < wanted:
        words = f": licensed for {candidate.covers} of {wanted}"
    return words if candidate.is_therapist else f"{words}, a prescriber"
