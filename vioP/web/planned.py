"""Planned sessions and their changes, as lines of a page."""

from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from vioP.domain.ids import CohortId, ParticipantId, StaffId
from vioP.domain.programme import Programme
from vioP.domain.rotation import Rotation
from vioP.domain.session import PlannedSession
from vioP.planner.changes import Change, What
from vioP.web.session_words import KINDS

_CHOSEN = {
    What.NEW: "",
    What.MOVED: "Chosen: it makes room for somebody, or spares waiting",
    What.GONE: "",
    What.PEOPLE: "",
}


@dataclass(frozen=True, slots=True)
class Names:
    """What lines of a page take from a programme, read from it once for all of them.

    Attributes:
        zone: The programme's own, in which every time is shown.
    """

    zone: ZoneInfo
    staff: Mapping[StaffId, str]
    people: Mapping[ParticipantId, str]
    rotations: Mapping[CohortId, Rotation]


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


def names_in(programme: Programme) -> Names:
    """The names and the zone of a programme."""
    return Names(
        ZoneInfo(programme.program.zone),
        {each.id: each.name for each in programme.staff},
        {each.id: each.name for each in programme.participants},
        programme.rotations(),
    )


def change_line(names: Names, change: Change) -> ChangeLine:
    """A change as a page shows it."""
    lines = [
        None if each is None else planned_line(names, each, is_new=False)
        for each in (change.before, change.after)
    ]
    sessions = (change.before, change.after)
    times = [
        ""
        if each is None or line is None
        else f"{each.starts.astimezone(names.zone):%A} {line.starts} with {line.hosts}"
        for each, line in zip(sessions, lines, strict=True)
    ]
    line = lines[1] or lines[0]
    why = "Forced: " + ", ".join(change.why) if change.why else _CHOSEN[change.what]
    return ChangeLine(
        what=_called(change),
        title="" if line is None else line.title,
        people="" if line is None else line.people,
        before=times[0],
        after=times[1],
        why=why,
    )


def _called(change: Change) -> str:
    """What becomes of a session; one whose time stays has another host."""
    old, new = change.before, change.after
    is_moved = change.what is What.MOVED
    if is_moved and old and new and (old.starts, old.ends) == (new.starts, new.ends):
        return "Other host"
    return change.what.value.capitalize()


def planned_line(names: Names, session: PlannedSession, *, is_new: bool) -> PlannedLine:
    """A session as a page shows it."""
    kind = KINDS[session.kind]
    title = (
        f"{session.cohort_id.capitalize()} {kind.lower()}" if session.cohort_id else kind
    )
    count = len(session.participants)
    who = names.people.get(session.participants[0], "") if count == 1 else f"{count} people"
    return PlannedLine(
        starts=f"{session.starts.astimezone(names.zone):%H:%M}",
        ends=f"{session.ends.astimezone(names.zone):%H:%M}",
        zone=session.promise.zone,
        title=title,
        hosts=", ".join(names.staff.get(each, each) for each in session.staff),
        people=who,
        is_new=is_new,
    )
