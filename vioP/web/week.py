"""Planning a week: build, look at what could not be placed, publish."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from aiohttp import web

from vioP.domain.access import Action
from vioP.domain.ids import ParticipantId
from vioP.domain.session import BrokenPromise, PlannedSession
from vioP.domain.time import week_of
from vioP.domain.week import Notice, UnplacedNeed
from vioP.flows.build_week import build_week
from vioP.flows.compare_week import compare_week
from vioP.flows.publish_week import publish_week
from vioP.flows.show import WeekInDraft, show_week
from vioP.planner.changes import Change, What
from vioP.planner.wishes import wishes
from vioP.web.access import action, person_of
from vioP.web.forms import field, week_of_text, whole_field
from vioP.web.keys import PORTS
from vioP.web.pages import render
from vioP.web.states import KINDS

routes = web.RouteTableDef()

_WISHES = {
    "participant_days": "Days on which a participant has something",
    "participant_waits": "Half hours participants wait between sessions",
    "clinician_days": "Days on which a clinician has something",
    "clinician_waits": "Half hours clinicians wait, beyond two a day",
}
_CHOSEN = {
    What.NEW: "",
    What.MOVED: "Chosen: it makes room for somebody, or spares waiting",
    What.GONE: "",
    What.PEOPLE: "",
}


@dataclass(frozen=True, slots=True)
class PlannedLine:
    """One session of a draft."""

    starts: str
    ends: str
    zone: str
    title: str
    hosts: str
    people: str
    is_new: bool


@dataclass(frozen=True, slots=True)
class PlannedDay:
    """One day of a draft, in the programme's own zone."""

    name: str
    lines: tuple[PlannedLine, ...]


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One session that would not be as people were told."""

    what: str
    title: str
    people: str
    before: str
    after: str
    why: str


@dataclass(frozen=True, slots=True)
class WishLine:
    """One thing a week asks of people: as told, and in the draft."""

    name: str
    before: int | None
    after: int


@dataclass(frozen=True, slots=True)
class ClockLine:
    """A week in which promised clock readings no longer hold."""

    monday: date
    sessions: int
    zones: str


@dataclass(frozen=True, slots=True)
class WeekPlanPage:
    """A week as it is planned."""

    monday: date
    before: date
    after: date
    revision: int
    state: str
    can_publish: bool
    counts: tuple[tuple[str, int], ...]
    unplaced: tuple[UnplacedNeed, ...]
    violations: tuple[str, ...]
    notices: tuple[tuple[str, str], ...]
    days: tuple[PlannedDay, ...]
    changes: tuple[ChangeLine, ...]
    wishes: tuple[WishLine, ...]
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
    changed = await compare_week(ports, week, shown)
    page = _page(shown, changed, request.query.get("told", ""))
    return render(request, "week", page)


@routes.post("/week/build", name="week.build")
@action(Action.PLAN_WEEK)
async def build(request: web.Request) -> web.Response:
    """Build a draft. Nobody is told anything."""
    week = week_of_text(field(await request.post(), "monday"))
    await build_week(request.app[PORTS], week, person_of(request).id)
    raise web.HTTPSeeOther(f"/week?day={week.monday}")


@routes.post("/week/publish", name="week.publish")
@action(Action.PUBLISH_WEEK)
async def publish(request: web.Request) -> web.Response:
    """Publish the draft this page showed."""
    form = await request.post()
    week = week_of_text(field(form, "monday"))
    revision = whole_field(form, "revision")
    done = await publish_week(request.app[PORTS], week, person_of(request).id, revision)
    told = f"{done.invited}-{done.updated}-{done.cancelled}"
    raise web.HTTPSeeOther(f"/week?day={week.monday}&told={told}")


def _page(shown: WeekInDraft, changed: Sequence[Change], told: str) -> WeekPlanPage:
    draft, week = shown.draft, shown.week
    plan = draft.plan if draft else None
    published = shown.published.plan.sessions if shown.published else ()
    same = plan is not None and plan.sessions == published
    sessions = plan.sessions if plan else ()
    people = {each.id: each.name for each in shown.programme.participants}
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
        counts=(*sorted(kinds.items()), ("Seats", seats)),
        unplaced=plan.unplaced if plan else (),
        violations=plan.violations if plan else (),
        notices=tuple(_named(each, people) for each in plan.notices) if plan else (),
        days=_days(shown, sessions, {each.key: each for each in published}),
        changes=tuple(_change(shown, each) for each in changed),
        wishes=_wishes(sessions, published),
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
            monday, len(found), ", ".join(sorted({each.promise.zone for each in found}))
        )
        for monday, found in sorted(weeks.items())
    )


def _state(shown: WeekInDraft, *, same: bool) -> str:
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
    return f"Published: {invited} invited, {updated} updated, {cancelled} cancelled."


def _change(shown: WeekInDraft, change: Change) -> ChangeLine:
    zone = ZoneInfo(shown.programme.program.zone)
    lines = [
        None if each is None else _line(shown, each, zone, is_new=False)
        for each in (change.before, change.after)
    ]
    sessions = (change.before, change.after)
    times = [
        ""
        if each is None or line is None
        else f"{each.starts.astimezone(zone):%A} {line.starts} with {line.hosts}"
        for each, line in zip(sessions, lines, strict=True)
    ]
    line = lines[1] or lines[0]
    why = "Forced: " + ", ".join(change.why) if change.why else _CHOSEN[change.what]
    return ChangeLine(
        what=change.what.value.capitalize(),
        title="" if line is None else line.title,
        people="" if line is None else line.people,
        before=times[0],
        after=times[1],
        why=why,
    )


def _wishes(
    sessions: Sequence[PlannedSession], published: Sequence[PlannedSession]
) -> tuple[WishLine, ...]:
    after = wishes(sessions)
    before = wishes(published) if published else None
    return tuple(
        WishLine(
            name, None if before is None else getattr(before, key), getattr(after, key)
        )
        for key, name in _WISHES.items()
    )


def _named(notice: Notice, people: dict[ParticipantId, str]) -> tuple[str, str]:
    return people.get(ParticipantId(notice.about), notice.about), notice.text


def _days(
    shown: WeekInDraft,
    sessions: tuple[PlannedSession, ...],
    published: dict[str, PlannedSession],
) -> tuple[PlannedDay, ...]:
    zone = ZoneInfo(shown.programme.program.zone)
    days: dict[date, list[PlannedLine]] = {}
    for session in sessions:
        starts = session.starts.astimezone(zone)
        line = _line(shown, session, zone, is_new=published.get(session.key) != session)
        days.setdefault(starts.date(), []).append(line)
    return tuple(
        PlannedDay(f"{day:%A} {day.day} {day:%B}", tuple(lines))
        for day, lines in days.items()
    )


def _line(
    shown: WeekInDraft, session: PlannedSession, zone: ZoneInfo, *, is_new: bool
) -> PlannedLine:
    staff = {each.id: each.name for each in shown.programme.staff}
    people = {each.id: each.name for each in shown.programme.participants}
    kind = KINDS[session.kind]
    title = (
        f"{session.cohort_id.capitalize()} {kind.lower()}" if session.cohort_id else kind
    )
    count = len(session.participants)
    who = people.get(session.participants[0], "") if count == 1 else f"{count} people"
    return PlannedLine(
        starts=f"{session.starts.astimezone(zone):%H:%M}",
        ends=f"{session.ends.astimezone(zone):%H:%M}",
        zone=session.promise.zone,
        title=title,
        hosts=", ".join(staff.get(each, each) for each in session.staff),
        people=who,
        is_new=is_new,
    )
