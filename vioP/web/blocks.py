"""A session of a draft as a block of the grid: what it is, and its state as word and shape."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from vioP.domain.programme import Programme
from vioP.domain.session import PlannedSession
from vioP.domain.week import UnplacedNeed
from vioP.i18n import long_day
from vioP.web.planned import planned_line
from vioP.web.states import KINDS

_WORD = re.compile(r"[\w-]+(?::\d{4}-\d\d-\d\d)?")


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
    day_name: str
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
    local = session.starts.astimezone(zone)
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

    def name(found: re.Match[str]) -> str:
        word = found[0]
        key, _, day = word.rpartition(":")
        if day and key:
            return names.get(key) or _meeting(word)
        return names.get(word, word)

    return _WORD.sub(name, text)


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
            _title(each.need, names),
            "/" not in each.need,
            hosts.get(each.need.partition(":")[0], ""),
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
    return named(need, names)


def _meeting(key: str) -> str:
    cohort, _, day = key.partition(":")
    return f"{cohort.capitalize()} group of {day}"


KINDS_OF = {str(kind): word for kind, word in KINDS.items()}
