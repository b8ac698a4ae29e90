"""A session of a draft as a block of the grid: what it is, and its state as word and shape."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from vioP.domain.programme import Programme
from vioP.domain.session import PlannedSession
from vioP.domain.week import UnplacedNeed
from vioP.web.planned import planned_line
from vioP.web.states import KINDS

_WORD = re.compile(r"[\w-]+")


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
    """

    key: str
    day: str
    starts: str
    ends: str
    title: str
    people: str
    hosts: str
    host_id: str
    state: BlockState
    pinned: str


@dataclass(frozen=True, slots=True)
class UnplacedLine:
    """Something without a place, why, and what would help."""

    key: str
    title: str
    reasons: tuple[str, ...]
    remedies: tuple[str, ...]


def grid_block(
    programme: Programme,
    session: PlannedSession,
    told: PlannedSession | None,
    pinned: str,
) -> GridBlock:
    """A session as a block.

    Args:
        programme: Who everybody is.
        session: The session in the draft.
        told: The same session as people were told of it, if they were.
        pinned: The arrangement that holds it, if one does.
    """
    zone = ZoneInfo(programme.program.zone)
    line = planned_line(programme, session, zone, is_new=False)
    return GridBlock(
        key=session.key,
        day=session.starts.astimezone(zone).date().isoformat(),
        starts=line.starts,
        ends=line.ends,
        title=line.title,
        people=line.people,
        hosts=line.hosts,
        host_id=session.staff[0] if session.staff else "",
        state=_state(session, told, zone),
        pinned=pinned,
    )


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


def names_of(programme: Programme) -> dict[str, str]:
    """Everybody's name by identifier, and what each service plan is, in words."""
    names: dict[str, str] = {each.id: each.name for each in programme.participants}
    plans = {
        each.id: f"{KINDS_OF[each.kind]} of {names.get(each.participant_id, 'somebody')}"
        for each in programme.service_plans
    }
    return names | {each.id: each.name for each in programme.staff} | plans


def named(text: str, names: Mapping[str, str]) -> str:
    """A sentence with names where it has identifiers."""
    return _WORD.sub(lambda found: names.get(found[0], found[0]), text)


def unplaced_lines(
    programme: Programme, unplaced: Iterable[UnplacedNeed]
) -> tuple[UnplacedLine, ...]:
    """What has no place, with names instead of identifiers."""
    names = names_of(programme)
    return tuple(
        UnplacedLine(
            each.need,
            _title(each.need, names),
            tuple(named(reason, names) for reason in each.reasons),
            tuple(named(remedy, names) for remedy in each.remedies),
        )
        for each in unplaced
    )


def _title(need: str, names: Mapping[str, str]) -> str:
    """What has no place: an appointment, a place in a group, or a whole meeting."""
    meeting, _, who = need.partition("/")
    if who:
        return f"{names.get(who, who)} in {_meeting(meeting)}"
    return names.get(need) or _meeting(meeting)


def _meeting(key: str) -> str:
    cohort, _, day = key.partition(":")
    return f"{cohort.capitalize()} group of {day}" if day else cohort


KINDS_OF = {str(kind): word for kind, word in KINDS.items()}
