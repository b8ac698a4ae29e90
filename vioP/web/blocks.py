"""A session of a draft as a block of the grid: what it is, and its state as word and shape."""

from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from vioP.domain.programme import Programme
from vioP.domain.session import PlannedSession
from vioP.domain.week import UnplacedNeed
from vioP.i18n import long_day
from vioP.web.named import named, names_of, need_title
from vioP.web.planned import Names, planned_line
from vioP.web.session_words import module_line


@dataclass(frozen=True, slots=True)
class BlockState:
    """How a block stands to what people know: a name for the page's style, a shape, a word."""

    name: str
    shape: str
    word: str


DRAFT = BlockState("draft", "◇", "Draft: nobody knows of it")
TOLD = BlockState("told", "●", "Told")


@dataclass(frozen=True, slots=True)
class GridBlock:
    """One session of the week.

    Attributes:
        key: The session's key.
        day: The day it is on, in the programme's zone.
        pinned: The arrangement that holds it; empty if none does.
        module: The module of its day and how far it is; empty where that is not known.
    """

    key: str
    day: str
    day_name: str
    starts: str
    ends: str
    title: str
    people: str
    hosts: str
    host_id: str
    state: BlockState
    pinned: str
    module: str


@dataclass(frozen=True, slots=True)
class UnplacedLine:
    """Something without a place, why, and what would help.

    Attributes:
        can_place: Whether it can be placed by hand: an appointment or a whole meeting, but
            not somebody's place in a group.
        host_id: Who gives it.
    """

    key: str
    title: str
    can_place: bool
    host_id: str
    reasons: tuple[str, ...]
    remedies: tuple[str, ...]


def grid_block(
    names: Names,
    session: PlannedSession,
    told: PlannedSession | None,
    pinned: str,
) -> GridBlock:
    """A session as a block.

    Args:
        names: Who everybody is.
        session: The session in the draft.
        told: The same session as people were told of it, if they were.
        pinned: The arrangement that holds it, if one does.
    """
    line = planned_line(names, session, is_new=False)
    local = session.starts.astimezone(names.zone)
    return GridBlock(
        key=session.key,
        day=local.date().isoformat(),
        day_name=long_day(local),
        starts=line.starts,
        ends=line.ends,
        title=line.title,
        people=line.people,
        hosts=line.hosts,
        host_id=session.staff[0] if session.staff else "",
        state=_state(session, told, names.zone),
        pinned=pinned,
        module=_module(names, session),
    )


def _module(names: Names, session: PlannedSession) -> str:
    rotation = names.rotations.get(session.cohort_id) if session.cohort_id else None
    return module_line(rotation.on(session.promise.day)) if rotation else ""


def _state(
    session: PlannedSession, told: PlannedSession | None, zone: ZoneInfo
) -> BlockState:
    if told is None:
        return DRAFT
    if (told.starts, told.ends) != (session.starts, session.ends):
        known = told.starts.astimezone(zone)
        return BlockState("moved", "➜", f"Moved: people know {known:%A %H:%M}")
    if told.staff != session.staff:
        return BlockState("moved", "➜", "Moved: people know another host")
    if told.participants != session.participants:
        return BlockState("moved", "➜", "Told, but its people change")
    return TOLD


def unplaced_lines(
    programme: Programme, unplaced: Iterable[UnplacedNeed]
) -> tuple[UnplacedLine, ...]:
    """What has no place, with names instead of identifiers."""
    names = names_of(programme)
    hosts: dict[str, str] = {each.id: each.staff_id for each in programme.service_plans}
    hosts |= {each.id: next(iter(each.facilitators), "") for each in programme.cohorts}
    return tuple(
        UnplacedLine(
            each.need,
            need_title(each.need, names),
            "/" not in each.need,
            hosts.get(each.need.partition(":")[0], ""),
            tuple(named(reason, names) for reason in each.reasons),
            tuple(named(remedy, names) for remedy in each.remedies),
        )
        for each in unplaced
    )
