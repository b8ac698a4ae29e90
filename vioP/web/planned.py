"""Planned sessions and their changes, as lines of a page."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from vioP.domain.programme import Programme
from vioP.domain.session import PlannedSession
from vioP.planner.changes import Change, What
from vioP.web.states import KINDS

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
class ChangeLine:
    """One session that would not be as people were told."""

    what: str
    title: str
    people: str
    before: str
    after: str
    why: str


def change_line(programme: Programme, change: Change) -> ChangeLine:
    """A change as a page shows it."""
    zone = ZoneInfo(programme.program.zone)
    lines = [
        None if each is None else planned_line(programme, each, zone, is_new=False)
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


def planned_line(
    programme: Programme, session: PlannedSession, zone: ZoneInfo, *, is_new: bool
) -> PlannedLine:
    """A session as a page shows it, in a zone."""
    staff = {each.id: each.name for each in programme.staff}
    people = {each.id: each.name for each in programme.participants}
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
