"""Planning a week: build, look at what could not be placed, publish."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from aiohttp import web

from vioP.domain.access import Action
from vioP.domain.session import BrokenPromise, PlannedSession
from vioP.domain.time import week_of
from vioP.domain.week import UnplacedNeed
from vioP.flows.compare_week import Comparison, compare_week
from vioP.flows.publish_week import Published, publish_week
from vioP.flows.show import WeekToTell, show_week
from vioP.i18n import place_words
from vioP.web.access import action, person_of
from vioP.web.forms import field, week_of_text, whole_field
from vioP.web.found import FoundCard, ScoreTable, found_card, score_table
from vioP.web.keys import PORTS
from vioP.web.named import named, names_of, needs_named, notices_named
from vioP.web.pages import render
from vioP.web.planned import (
    ChangeLine,
    Names,
    PlannedLine,
    change_line,
    names_in,
    planned_line,
)
from vioP.web.session_words import KINDS

routes = web.RouteTableDef()


@dataclass(frozen=True, slots=True)
class PlannedDay:
    """One day of a draft, in the programme's own zone."""

    name: str
    lines: tuple[PlannedLine, ...]


@dataclass(frozen=True, slots=True)
class ClockLine:
    """A week in which promised clock readings no longer hold."""

    monday: date
    sessions: int
    zones: str


@dataclass(frozen=True, slots=True)
class WeekPlanPage:
    """A week as it is planned.

    Attributes:
        tells: Whose appointments publishing would change.
        building: Where to watch it being built, if it is.
        failed: Why the last build came to nothing, if it did.
    """

    monday: date
    before: date
    after: date
    revision: int
    state: str
    can_publish: bool
    tells: tuple[str, ...]
    counts: tuple[tuple[str, int], ...]
    unplaced: tuple[UnplacedNeed, ...]
    violations: tuple[str, ...]
    notices: tuple[tuple[str, str], ...]
    days: tuple[PlannedDay, ...]
    changes: tuple[ChangeLine, ...]
    score: ScoreTable | None
    found: FoundCard | None
    building: str
    failed: str
    zone: str
    told: str
    clocks: tuple[ClockLine, ...]


@routes.get("/week", name="week")
@action(Action.PLAN_WEEK)
async def week_page(request: web.Request) -> web.Response:
    """A week: this one, or the one a day is in."""
    ports = request.app[PORTS]
    text = request.query.get("day")
    week = week_of_text(text) if text else week_of(ports.clock.now().date())
    shown = await show_week(ports, week)
    compared = await compare_week(ports, week, shown)
    page = _page(shown, compared, request.query.get("told", ""))
    return render(request, "week", page)


@routes.post("/week/publish", name="week.publish")
@action(Action.PUBLISH_WEEK)
async def publish(request: web.Request) -> web.Response:
    """Publish the draft this page showed."""
    form = await request.post()
    week = week_of_text(field(form, "monday"))
    revision = whole_field(form, "revision")
    done = await publish_week(request.app[PORTS], week, person_of(request).id, revision)
    raise web.HTTPSeeOther(f"/week?day={week.monday}&told={told_by(done)}")


def told_by(done: Published) -> str:
    """What a publication did, for the address of the week's page."""
    return f"{done.invited}-{done.updated}-{done.cancelled}"


def _page(shown: WeekToTell, compared: Comparison, told: str) -> WeekPlanPage:
    draft, week, build = shown.draft, shown.week, shown.build
    plan = draft.plan if draft else None
    published = shown.published.plan.sessions if shown.published else ()
    same = shown.is_told
    sessions = plan.sessions if plan else ()
    names, said = names_in(shown.programme), names_of(shown.programme)
    kinds = Counter(KINDS[each.kind] for each in sessions)
    seats = plan.seats if plan else 0
    return WeekPlanPage(
        monday=week.monday,
        before=week.monday - timedelta(days=7),
        after=week.monday + timedelta(days=7),
        revision=draft.revision if draft else 0,
        state=_state(shown, same=same),
        can_publish=bool(plan)
        and not (same or shown.is_stale or (plan and plan.violations)),
        tells=tuple(sorted(said.get(each, each) for each in shown.tells)),
        counts=(*sorted(kinds.items()), ("Seats", seats)),
        unplaced=needs_named(plan.unplaced, said) if plan else (),
        violations=tuple(named(each, said) for each in plan.violations) if plan else (),
        notices=notices_named(plan.notices, said) if plan else (),
        days=_days(names, sessions, {each.key: each for each in published}),
        changes=tuple(change_line(names, each) for each in compared.changes),
        score=score_table({"As told": compared.before, "In this draft": compared.after}),
        found=found_card(draft.found) if draft and draft.found else None,
        building=f"/weeks/{week.monday}/build" if build and not build.note else "",
        failed=build.note if build else "",
        zone=shown.programme.program.zone,
        told=_told(told),
        clocks=clock_lines(shown.broken),
    )


def clock_lines(broken: Sequence[BrokenPromise]) -> tuple[ClockLine, ...]:
    """Week by week, how many sessions changed rules have moved away from what was promised."""
    weeks: dict[date, list[BrokenPromise]] = {}
    for each in broken:
        weeks.setdefault(each.week.monday, []).append(each)
    return tuple(
        ClockLine(
            monday,
            len(found),
            ", ".join(sorted({place_words(each.promise.zone) for each in found})),
        )
        for monday, found in sorted(weeks.items())
    )


def _state(shown: WeekToTell, *, same: bool) -> str:
    if shown.draft is None:
        return "Not built yet."
    if shown.is_stale:
        return "The programme has changed since this draft was built. Build it again."
    if same:
        return "This is what people have been told."
    if shown.published:
        return "This draft differs from what people have been told."
    return "A draft. Nobody has been told yet."


def _told(text: str) -> str:
    """What the last publication did, from the three numbers in the address."""
    parts = text.split("-")
    if len(parts) != 3 or not all(each.isascii() and each.isdigit() for each in parts):  # noqa: PLR2004
        return ""
    invited, updated, cancelled = map(int, parts)
    if not invited + updated + cancelled:
        return "Published. Nobody needed to be told anything."
    counted = f"{invited} new, {updated} changed, {cancelled} called off"
    return f"Published. People are told of their appointments now: {counted}."


def _days(
    names: Names,
    sessions: tuple[PlannedSession, ...],
    published: dict[str, PlannedSession],
) -> tuple[PlannedDay, ...]:
    days: dict[date, list[PlannedLine]] = {}
    for session in sessions:
        starts = session.starts.astimezone(names.zone)
        line = planned_line(names, session, is_new=published.get(session.key) != session)
        days.setdefault(starts.date(), []).append(line)
    return tuple(
        PlannedDay(f"{day:%A} {day.day} {day:%B}", tuple(lines))
        for day, lines in days.items()
    )
