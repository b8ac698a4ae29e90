"""The licences of somebody who treats people: the rows that weeks are planned by."""

from collections.abc import Sequence
from dataclasses import dataclass

from aiohttp import web

from vioP.domain.access import Action
from vioP.domain.errors import Invalid
from vioP.domain.ids import StaffId
from vioP.files.table import STATES
from vioP.flows.change_staff import change_licences
from vioP.flows.show_staff import show_departure
from vioP.web.access import action, person_of
from vioP.web.keys import PORTS
from vioP.web.licence_form import TypedLicence, licence_of, read_licences, typed_of
from vioP.web.pages import render
from vioP.web.problems import status_of

routes = web.RouteTableDef()

_BLANK = 3


@dataclass(frozen=True, slots=True)
class LicencesPage:
    """A form with a line a licence, and some empty ones."""

    id: str
    name: str
    lines: tuple[TypedLicence, ...]
    states: tuple[str, ...]
    problems: tuple[tuple[str, str], ...]


@routes.get("/staff/{staff}/licences", name="staff.licences")
@action(Action.CHANGE_STAFF)
async def licences(request: web.Request) -> web.Response:
    """Somebody's licences, to be changed."""
    leaves = await show_departure(request.app[PORTS], _who(request))
    return await _page(request, [typed_of(each) for each in leaves.who.licences])


@routes.post("/staff/{staff}/licences", name="staff.licences.keep")
@action(Action.CHANGE_STAFF)
async def keep(request: web.Request) -> web.Response:
    """Keep the licences that were typed in; a line without a state is taken away."""
    lines = read_licences(await request.post())
    if any(each.problem for each in lines):
        return await _page(request, lines, status_of(Invalid()))
    kept = [licence_of(each) for each in lines]
    who, by = _who(request), person_of(request).id
    await change_licences(request.app[PORTS], who, kept, by)
    raise web.HTTPSeeOther(f"/staff/{who}?told=licences")


async def _page(
    request: web.Request, lines: Sequence[TypedLicence], status: int = 200
) -> web.Response:
    who = (await show_departure(request.app[PORTS], _who(request))).who
    page = LicencesPage(
        who.id,
        who.name,
        (*lines, *(TypedLicence() for _ in range(_BLANK))),
        tuple(sorted(STATES)),
        tuple(
            (f"state-{number}", f"{each.state}: {each.problem}")
            for number, each in enumerate(lines)
            if each.problem
        ),
    )
    return render(request, "staff_licences", page, status=status)


def _who(request: web.Request) -> StaffId:
    return StaffId(request.match_info["staff"])
