"""Moving a session by hand: the form, the preview, keeping it, and taking it back."""

from collections.abc import Mapping
from datetime import date, time
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from aiohttp import web

from vioP.domain.access import Action
from vioP.domain.errors import Invalid, StalePlan
from vioP.domain.ids import StaffId
from vioP.domain.programme import Programme
from vioP.domain.time import Instant, WallTime, Week, week_of
from vioP.flows.move_block import consider_move, keep_move, preview_move
from vioP.flows.show import show_programme
from vioP.flows.show_block import show_block
from vioP.flows.undo_move import undo_move, unpin
from vioP.i18n import long_day
from vioP.planner.moving import Wanted
from vioP.web.access import action, person_of
from vioP.web.forms import day_field, field, time_field, week_of_text, whole_field
from vioP.web.keys import PORTS
from vioP.web.move_page import Asked, fits, move_page, sentences
from vioP.web.pages import render

routes = web.RouteTableDef()

_CHANGED = "The week changed while you looked at it. See what the move would do now"


@routes.get("/weeks/{monday}/move", name="week.move")
@action(Action.PLAN_WEEK)
async def move(request: web.Request) -> web.Response:
    """A form to move a session; once filled in, what the move would do. Writes nothing."""
    ports, asked = request.app[PORTS], _asked(request.query)
    week = week_of_text(request.match_info["monday"])
    block = await show_block(ports, week, asked.what, asked.staff)
    if not asked.at:
        return render(request, "move", move_page(block, asked))
    try:
        wanted = _wanted(request.query, block.grid.shown.programme, week)
        previewed = await preview_move(ports, week, wanted)
    except Invalid as error:
        page = move_page(block, asked, (str(error),))
        return render(request, "move", page, status=422)
    return render(request, "move", move_page(block, asked, (), previewed))


@routes.get("/weeks/{monday}/move/fits.json", name="week.move_fits")
@action(Action.PLAN_WEEK)
async def move_fits(request: web.Request) -> web.Response:
    """Whether a session would fit somewhere, in words, at once. Writes nothing."""
    ports = request.app[PORTS]
    week = week_of_text(request.match_info["monday"])
    programme = await show_programme(ports)
    try:
        wrong = await consider_move(ports, week, _wanted(request.query, programme, week))
    except Invalid as error:
        return web.json_response({"fits": False, "said": str(error)})
    said = fits(wrong, programme, week)
    return web.json_response({"fits": wrong.is_nothing, "said": said})


@routes.post("/weeks/{monday}/move", name="week.move_keep")
@action(Action.PLAN_WEEK)
async def move_keep(request: web.Request) -> web.Response:
    """Keep a move: a pin, and the draft as it was shown. Nobody is told."""
    ports, form = request.app[PORTS], await request.post()
    week = week_of_text(request.match_info["monday"])
    asked = _asked(form)
    programme = await show_programme(ports)
    try:
        wanted = _wanted(form, programme, week)
        revision = whole_field(form, "revision")
        await keep_move(ports, week, wanted, revision, person_of(request).id)
    except (Invalid, StalePlan) as error:
        block = await show_block(ports, week, asked.what, asked.staff)
        why = (_CHANGED,) if isinstance(error, StalePlan) else (str(error),)
        page = move_page(block, asked, sentences(why, programme, week))
        status = 422 if isinstance(error, Invalid) else 409
        return render(request, "move", page, status=status)
    raise web.HTTPSeeOther(_grid(week, asked.of, "kept", asked.what))


@routes.post("/weeks/{monday}/unpin", name="week.unpin")
@action(Action.PLAN_WEEK)
async def take_pin_out(request: web.Request) -> web.Response:
    """Take the pin of an appointment out; for now it stays where it is."""
    form = await request.post()
    week = week_of_text(request.match_info["monday"])
    what, revision = field(form, "what"), whole_field(form, "revision")
    await unpin(request.app[PORTS], week, what, revision, person_of(request).id)
    raise web.HTTPSeeOther(_grid(week, field(form, "of"), "unpinned", what))


@routes.post("/weeks/{monday}/undo", name="week.undo")
@action(Action.PLAN_WEEK)
async def undo(request: web.Request) -> web.Response:
    """Take the last move in a week's draft back. Nobody is told."""
    form = await request.post()
    week = week_of_text(request.match_info["monday"])
    revision = whole_field(form, "revision")
    await undo_move(request.app[PORTS], week, revision, person_of(request).id)
    raise web.HTTPSeeOther(_grid(week, field(form, "of"), "undone"))


def _grid(week: Week, of: str, done: str, what: str = "") -> str:
    query = urlencode({"of": of or "all", "done": done})
    return f"/weeks/{week.monday}/grid?{query}" + (f"#{what}" if what else "")


def _asked(form: Mapping[str, object]) -> Asked:
    """What a form asks for, as it was typed.

    Raises:
        Invalid: It does not say which session.
    """

    def typed(name: str) -> str:
        return field(form, name) if name in form else ""

    return Asked(
        field(form, "what"),
        typed("of"),
        typed("day"),
        typed("at"),
        typed("staff"),
        is_lasting=typed("until") == "always",
    )


def _wanted(form: Mapping[str, object], programme: Programme, week: Week) -> Wanted:
    """Where a form wants a session, on the clock of the program.

    Raises:
        Invalid: A field is missing or wrong; it is named.
    """
    starts = _moment(week, day_field(form, "day"), time_field(form, "at"), programme)
    return Wanted(
        field(form, "what"),
        starts,
        StaffId(field(form, "staff")),
        is_lasting=_asked(form).is_lasting,
    )


def _moment(week: Week, day: date, at: time, programme: Programme) -> Instant:
    if week_of(day) != week:
        monday = long_day(week.monday)
        raise Invalid(
            f"{long_day(day)} is not in the week of {monday}. Choose one of its days."
        )
    zone = ZoneInfo(programme.program.zone)
    return WallTime(day.weekday(), at.replace(second=0, microsecond=0)).on(week, zone)
