"""What compliance sees: who did what, and a search through it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from urllib.parse import urlencode

from aiohttp import web

from vioP.domain.access import Action
from vioP.domain.time import Instant, instant
from vioP.flows.search_audit import search_audit
from vioP.flows.verify_audit import verify_audit
from vioP.storage.audit import AuditRow
from vioP.storage.audit_search import AuditQuery
from vioP.web.access import action
from vioP.web.forms import day_field, field, whole_field
from vioP.web.keys import PORTS
from vioP.web.pages import render

routes = web.RouteTableDef()


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One row, in words.

    Attributes:
        actor_name: What they are called, if they are of the staff; the row has no names.
        thing_name: The same of whom, or whose account, it was done to.
    """

    number: int
    at: str
    actor: str
    actor_name: str
    action: str
    thing: str
    thing_name: str
    details: str


@dataclass(frozen=True, slots=True)
class AuditPage:
    """What was asked and found, and on the first page whether the chain holds.

    Attributes:
        problem: Why nothing can be found as it was asked; empty where it can.
        checked: Whether the chain was recomputed for this page.
        older: The address of the next page; empty when there is none.
        staff: Everybody of the staff, to be chosen by name.
    """

    person: str
    actor: str
    action: str
    first: str
    last: str
    problem: str
    checked: bool
    first_break: int | None
    actions: tuple[str, ...]
    lines: tuple[AuditLine, ...]
    older: str
    staff: tuple[tuple[str, str], ...]


@routes.get("/audit", name="audit")
@action(Action.SEE_AUDIT)
async def audit(request: web.Request) -> web.Response:
    """Who did what, newest first: by person, by whom, what and when. Days are UTC."""
    asked = {name: each for name, each in request.query.items() if each.strip()}
    query = _query(asked)
    ports = request.app[PORTS]
    found = await search_audit(ports, query)
    names = {**found.staff, **found.accounts}
    first_break = None if asked else await verify_audit(ports)
    page = AuditPage(
        person=query.person,
        actor=query.actor,
        action=query.action,
        first=asked.get("first", ""),
        last=asked.get("last", ""),
        problem=_problem(query),
        checked=not asked,
        first_break=first_break,
        actions=tuple(found.actions),
        lines=tuple(_line(each, names) for each in found.rows),
        older=f"/audit?{urlencode({**asked, 'before': found.next})}" if found.next else "",
        staff=tuple(found.staff.items()),
    )
    return render(request, "audit", page, status=422 if page.problem else 200)


def _query(asked: Mapping[str, str]) -> AuditQuery:
    """What is looked for.

    Raises:
        Invalid: A day is no date, or a page no number.
    """

    def text(name: str) -> str:
        return field(asked, name) if name in asked else ""

    return AuditQuery(
        person=text("person"),
        actor=text("actor"),
        action=text("action"),
        since=_midnight(asked, "first") if "first" in asked else None,
        until=_midnight(asked, "last", days=1) if "last" in asked else None,
        before=whole_field(asked, "before") if "before" in asked else None,
    )


def _problem(query: AuditQuery) -> str:
    if query.since and query.until and query.since >= query.until:
        return "The last day is before the first. Turn them round, and search again."
    return ""


def _midnight(asked: Mapping[str, str], name: str, days: int = 0) -> Instant:
    day = day_field(asked, name) + timedelta(days=days)
    return instant(datetime.combine(day, time(), UTC))


def _line(row: AuditRow, names: Mapping[str, str]) -> AuditLine:
    return AuditLine(
        number=row.number,
        at=f"{row.at:%Y-%m-%d %H:%M:%S}",
        actor=row.actor,
        actor_name=names.get(row.actor, ""),
        action=row.action,
        thing=row.object,
        thing_name=names.get(row.object, ""),
        details=", ".join(f"{name}: {each}" for name, each in row.details.items() if each),
    )
