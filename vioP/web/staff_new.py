"""Somebody new: name, role, address and zone, and a mail with a link to choose a password."""

from collections.abc import Mapping
from dataclasses import dataclass

from aiohttp import web

from vioP.domain.access import Action
from vioP.domain.address import is_mail_address
from vioP.domain.errors import AddressTaken, Invalid
from vioP.domain.ids import StaffId
from vioP.domain.people import StaffRole
from vioP.domain.text import clean_name
from vioP.files.table import ZONES
from vioP.flows.invite_staff import Newcomer, invite_again, invite_staff
from vioP.web.access import action, person_of
from vioP.web.forms import field
from vioP.web.keys import PORTS
from vioP.web.pages import render
from vioP.web.problems import status_of
from vioP.web.staff import zone_of
from vioP.web.staff_page import ROLES

routes = web.RouteTableDef()

_NAMES = ("name", "email", "role", "zone")


@dataclass(frozen=True, slots=True)
class NewStaffPage:
    """A form with what was typed, and what is wrong with it, by field."""

    name: str
    email: str
    role: str
    zone: str
    roles: tuple[tuple[str, str], ...]
    zones: tuple[str, ...]
    problems: tuple[tuple[str, str], ...] = ()
    wrong_name: str = ""
    wrong_email: str = ""
    wrong_zone: str = ""


@routes.get("/staff/new", name="staff.new")
@action(Action.CHANGE_STAFF)
async def new(request: web.Request) -> web.Response:
    """Ask who is new."""
    typed = dict.fromkeys(_NAMES, "") | {"zone": await zone_of(request)}
    return render(request, "staff_new", _page(typed, {}))


@routes.post("/staff/new", name="staff.invite")
@action(Action.CHANGE_STAFF)
async def invite(request: web.Request) -> web.Response:
    """Add them, and mail the link."""
    form = await request.post()
    typed = {name: field(form, name) for name in _NAMES}
    problems = _problems(typed)
    if problems:
        status = status_of(Invalid())
        return render(request, "staff_new", _page(typed, problems), status=status)
    who = Newcomer(typed["name"], typed["email"], StaffRole(typed["role"]), typed["zone"])
    try:
        key = await invite_staff(request.app[PORTS], who, person_of(request).id)
    except AddressTaken as error:
        taken = _page(typed, {"email": str(error)})
        return render(request, "staff_new", taken, status=status_of(error))
    raise web.HTTPSeeOther(f"/staff/{key}?told=invited")


@routes.post("/staff/{staff}/link", name="staff.link")
@action(Action.CHANGE_STAFF)
async def link(request: web.Request) -> web.Response:
    """Mail somebody a new link to choose a password."""
    staff_id = StaffId(request.match_info["staff"])
    await invite_again(request.app[PORTS], staff_id, person_of(request).id)
    raise web.HTTPSeeOther(f"/staff/{staff_id}?told=invited")


def _problems(typed: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with what was typed, by field."""
    found = {}
    if not clean_name(typed["name"]):
        found["name"] = "Write their name."
    if not is_mail_address(typed["email"].lower()):
        found["email"] = "Write one mail address, such as ruth@example.org."
    if typed["role"] not in set(StaffRole):
        found["role"] = "Choose a role."
    if typed["zone"] not in ZONES:
        found["zone"] = "Write a time zone, such as America/New_York."
    return found


def _page(typed: Mapping[str, str], problems: Mapping[str, str]) -> NewStaffPage:
    return NewStaffPage(
        typed["name"],
        typed["email"],
        typed["role"] or StaffRole.THERAPIST,
        typed["zone"],
        tuple((role.value, word) for role, word in ROLES.items()),
        tuple(sorted(each for each in ZONES if "/" in each)),
        tuple(problems.items()),
        problems.get("name", ""),
        problems.get("email", ""),
        problems.get("zone", ""),
    )
