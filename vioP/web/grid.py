"""A week as a table to look at: days across, hours down, for a clinician, a cohort or a person."""

from dataclasses import dataclass
from datetime import date, timedelta

from aiohttp import web

from vioP.domain.access import Action
from vioP.domain.errors import Missing
from vioP.domain.programme import Programme
from vioP.domain.session import PlannedSession
from vioP.domain.time import Week
from vioP.flows.show import WeekInDraft
from vioP.flows.show_grid import WeekInGrid, show_grid
from vioP.i18n import long_day
from vioP.web.access import action
from vioP.web.blocks import (
    GridBlock,
    UnplacedLine,
    grid_block,
    unplaced_lines,
)
from vioP.web.forms import week_of_text
from vioP.web.keys import PORTS
from vioP.web.named import named, names_of
from vioP.web.pages import render
from vioP.web.planned import names_in

routes = web.RouteTableDef()

EVERYBODY = "all"
_WORKING = (
    9,
    17,
)  # a session can be moved to any of these hours though nothing starts then
_DONE = {
    "kept": "Kept, and pinned there. Nobody is told until you publish the week.",
    "unpinned": "No longer pinned. It stays where it is until the week is built again.",
    "undone": "The last move is taken back.",
}


@dataclass(frozen=True, slots=True)
class GridRow:
    """An hour of the clock, and what starts in it on each day."""

    hour: str
    number: int
    cells: tuple[tuple[GridBlock, ...], ...]


@dataclass(frozen=True, slots=True)
class GridPage:
    """The choice of whose week, and that week.

    Attributes:
        choices: Groups of whose week can be shown: a label, then value and name of each.
        chosen: The value of the choice that is shown.
        unplaced: What has no place, of whoever is shown.
        can_move: Whether the draft is one in which something can be moved.
        last: What was moved last, if that can be taken back.
        done: What was just done, in words.
    """

    monday: date
    named: str
    before: date
    after: date
    zone: str
    choices: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    chosen: str
    whose: str
    is_built: bool
    is_stale: bool
    days: tuple[tuple[str, str], ...]
    rows: tuple[GridRow, ...]
    unplaced: tuple[UnplacedLine, ...]
    revision: int
    can_move: bool
    last: str
    done: str


@routes.get("/weeks/{monday}/grid", name="week.grid")
@action(Action.PLAN_WEEK)
async def grid(request: web.Request) -> web.Response:
    """The planned week as a table: days across, hours down. Writes nothing."""
    week = week_of_text(request.match_info["monday"])
    found = await show_grid(request.app[PORTS], week)
    chosen = request.query.get("of", EVERYBODY)
    done = _DONE.get(request.query.get("done", ""), "")
    return render(request, "grid", _page(found, week, chosen, done))


def _page(found: WeekInGrid, week: Week, chosen: str, done: str) -> GridPage:
    shown = found.shown
    choices = _choices(shown.programme)
    names = {value: name for _, group in choices for value, name in group}
    if chosen not in names:
        raise Missing("There is nobody here whose week that would be.")
    days = tuple(week.monday + timedelta(days=each) for each in range(7))
    plan = shown.draft.plan if shown.draft else None
    sessions = [each for each in plan.sessions if _concerns(each, chosen)] if plan else []
    return GridPage(
        monday=week.monday,
        named=long_day(week.monday),
        before=week.monday - timedelta(days=7),
        after=week.monday + timedelta(days=7),
        zone=shown.programme.program.zone,
        choices=choices,
        chosen=chosen,
        whose=names[chosen],
        is_built=plan is not None,
        is_stale=shown.is_stale,
        days=tuple((each.isoformat(), long_day(each)) for each in days),
        rows=_rows(found, sessions, days),
        unplaced=_unplaced(shown, chosen),
        revision=shown.draft.revision if shown.draft else 0,
        can_move=plan is not None and not shown.is_stale,
        last=_moved(found),
        done=done,
    )


def _choices(
    programme: Programme,
) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    clinicians = (each for each in programme.staff if each.role.is_clinician)
    return (
        ("Program", ((EVERYBODY, "Everybody"),)),
        ("Clinician", tuple((f"clinician:{each.id}", each.name) for each in clinicians)),
        (
            "Cohort",
            tuple(
                (f"cohort:{each.id}", each.id.capitalize()) for each in programme.cohorts
            ),
        ),
        (
            "Participant",
            tuple((f"person:{each.id}", each.name) for each in programme.participants),
        ),
    )


def _concerns(session: PlannedSession, chosen: str) -> bool:
    view, _, who = chosen.partition(":")
    match view:
        case "clinician":
            return who in session.staff
        case "cohort":
            return session.cohort_id == who
        case "person":
            return who in session.participants
        case _:
            return True


def _rows(
    grid: WeekInGrid, sessions: list[PlannedSession], days: tuple[date, ...]
) -> tuple[GridRow, ...]:
    """Every hour of a working day, and from the first start to the last: an empty one too."""
    shown = grid.shown
    told = shown.published.plan.sessions if shown.published else ()
    known = {each.key: each for each in told}
    names = names_in(shown.programme)
    cells: dict[tuple[int, str], list[GridBlock]] = {}
    for each in sorted(sessions, key=lambda session: session.starts):
        held = grid.held.get(each.key)
        block = grid_block(names, each, known.get(each.key), held.id if held else "")
        cells.setdefault((int(block.starts[:2]), block.day), []).append(block)
    if not cells:
        return ()
    hours = [*_WORKING, *(hour for hour, _ in cells)]
    return tuple(
        GridRow(
            f"{hour:02}:00",
            hour,
            tuple(tuple(cells.get((hour, day.isoformat()), ())) for day in days),
        )
        for hour in range(min(hours), max(hours) + 1)
    )


def _moved(found: WeekInGrid) -> str:
    """What was moved last, in words; nothing if it cannot be taken back."""
    if found.last is None:
        return ""
    return named(found.last.moved, names_of(found.shown.programme))


def _unplaced(shown: WeekInDraft, chosen: str) -> tuple[UnplacedLine, ...]:
    """What has no place and concerns whoever is shown."""
    found = shown.draft.plan.unplaced if shown.draft else ()
    view, _, who = chosen.partition(":")
    if view == "cohort":
        found = tuple(each for each in found if each.need.startswith(f"{who}:"))
    elif view in {"person", "clinician"}:
        plans = {
            each.id
            for each in shown.programme.service_plans
            if who in {each.participant_id, each.staff_id}
        }
        found = tuple(
            each for each in found if each.need in plans or each.need.endswith(f"/{who}")
        )
    return unplaced_lines(shown.programme, found)
