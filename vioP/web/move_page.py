"""The page to move one session: the form, what a move would do, or why it cannot be."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from vioP.domain.arrangement import MovedMeeting, Pin
from vioP.domain.programme import Programme
from vioP.domain.time import Instant, Week
from vioP.flows.move_block import Previewed
from vioP.flows.show_block import BlockInWeek
from vioP.i18n import long_day
from vioP.planner.meetings import HeldMeeting
from vioP.planner.minutes import instant_of
from vioP.planner.moving import Against
from vioP.web.blocks import GridBlock, grid_block, unplaced_lines
from vioP.web.blocks import UnplacedLine as Lost
from vioP.web.found import ScoreTable, score_table
from vioP.web.named import named, names_of, notices_named
from vioP.web.planned import ChangeLine, change_line, names_in

_SPAN = re.compile(r"\((-?\d+) to (-?\d+)\)")

Names = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """Where a session should go, as it was typed."""

    what: str
    of: str
    day: str
    at: str
    staff: str
    is_lasting: bool


@dataclass(frozen=True, slots=True)
class FreeLine:
    """A stretch in which the session fits: a day in words, and two starts."""

    day: str
    name: str
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class MoveOutcome:
    """What a move would do.

    Attributes:
        is_there: Whether the session stands there already and is pinned, so that there is
            nothing to keep.
    """

    where: str
    is_there: bool
    changes: tuple[ChangeLine, ...]
    told: str
    price: str
    unplaced: tuple[Lost, ...]
    still_unplaced: int
    notices: Names
    score: ScoreTable | None


@dataclass(frozen=True, slots=True)
class MovePage:
    """A session and the form to move it.

    Attributes:
        stands: Where it is now; nothing if it has no place.
        refused: Why what was asked cannot be, in sentences.
        outcome: What it would do, if it can.
        pinned: What holds the session, in words; empty if nothing does.
        usual: The address that puts a moved group back; empty if there is none.
    """

    monday: date
    named: str
    zone: str
    revision: int
    title: str
    people: str
    stands: GridBlock | None
    asked: Asked
    days: Names
    hosts: Names
    host: str
    free: tuple[FreeLine, ...]
    refused: tuple[str, ...]
    outcome: MoveOutcome | None
    pinned: str
    can_unpin: bool
    can_pin: bool
    usual: Asked | None


def move_page(
    block: BlockInWeek,
    asked: Asked,
    refused: tuple[str, ...] = (),
    previewed: Previewed | None = None,
) -> MovePage:
    """The page about a session, with what was asked and what came of it."""
    shown = block.grid.shown
    programme, week = shown.programme, shown.week
    zone = ZoneInfo(programme.program.zone)
    staff = {each.id: each.name for each in programme.staff}
    stands = _stands(block)
    title, people = _called(block, stands)
    held = block.grid.held.get(stands.key) if stands else None
    days = [week.monday + timedelta(days=each) for each in range(7)]
    if previewed is not None and previewed.refused:
        refused = (*refused, *sentences(previewed.refused, programme, week))
    return MovePage(
        monday=week.monday,
        named=long_day(week.monday),
        zone=programme.program.zone,
        revision=block.revision,
        title=title,
        people=people,
        stands=stands,
        asked=_filled(asked, stands, block),
        days=tuple((each.isoformat(), long_day(each)) for each in days),
        hosts=tuple((each, staff.get(each, each)) for each in block.hosts),
        host=staff.get(block.host, ""),
        free=tuple(_free(each.first, each.last, zone) for each in block.free),
        refused=refused,
        outcome=_outcome(block, asked, previewed, is_pinned=held is not None),
        pinned=_pinned(held.what if held else None),
        can_unpin=held is not None and isinstance(held.what, Pin),
        can_pin=not isinstance(block.found, HeldMeeting),
        usual=_usual(block, asked, zone) if held is not None else None,
    )


def sentences(why: tuple[str, ...], programme: Programme, week: Week) -> tuple[str, ...]:
    """Half sentences of the planner as sentences with names and clock readings."""
    zone, names = ZoneInfo(programme.program.zone), names_of(programme)

    def clock(found: re.Match[str]) -> str:
        starts, ends = (
            instant_of(int(each), week).astimezone(zone) for each in found.groups()
        )
        return f"({starts:%A %H:%M} to {ends:%H:%M})"

    said = (named(_SPAN.sub(clock, each), names).removesuffix(".") for each in why)
    return tuple(f"{each[:1].upper()}{each[1:]}." for each in said)


def fits(wrong: Against, programme: Programme, week: Week) -> str:
    """Whether something fits, in words for somebody who holds it over the grid."""
    if wrong.is_nothing:
        return "It fits. Nobody else moves."
    if wrong.lasting:
        said = " ".join(sentences(wrong.lasting, programme, week))
        return f"It does not fit. {said}"
    said = " ".join(sentences(wrong.moving, programme, week))
    return f"Something is in the way. {said} The preview says whether it can make room."


def _stands(block: BlockInWeek) -> GridBlock | None:
    shown = block.grid.shown
    if block.session is None:
        return None
    told = shown.published.plan.sessions if shown.published else ()
    known = {each.key: each for each in told}
    key = block.session.key
    held = block.grid.held.get(key)
    return grid_block(
        names_in(shown.programme), block.session, known.get(key), held.id if held else ""
    )


def _called(block: BlockInWeek, stands: GridBlock | None) -> tuple[str, str]:
    if stands is not None:
        return stands.title, stands.people
    names = names_of(block.grid.shown.programme)
    return named(block.found.id, names), ""


def _filled(asked: Asked, stands: GridBlock | None, block: BlockInWeek) -> Asked:
    """What the form shows: what was typed, else where the session stands."""
    monday = block.grid.shown.week.monday.isoformat()
    return Asked(
        asked.what,
        asked.of,
        asked.day or (stands.day if stands else monday),
        asked.at or (stands.starts if stands else ""),
        asked.staff or block.host,
        asked.is_lasting,
    )


def _free(first: Instant, last: Instant, zone: ZoneInfo) -> FreeLine:
    opens, closes = first.astimezone(zone), last.astimezone(zone)
    return FreeLine(
        opens.date().isoformat(),
        long_day(opens),
        f"{opens:%H:%M}",
        f"{closes:%H:%M}",
    )


def _outcome(
    block: BlockInWeek, asked: Asked, previewed: Previewed | None, *, is_pinned: bool
) -> MoveOutcome | None:
    if previewed is None or previewed.supposed is None:
        return None
    supposed, programme = previewed.supposed, block.grid.shown.programme
    names, in_plan = names_of(programme), names_in(programme)
    staff = names.get(asked.staff, asked.staff)
    return MoveOutcome(
        where=f"{date.fromisoformat(asked.day):%A} at {asked.at} with {staff}",
        is_there=not supposed.changes and is_pinned,
        changes=tuple(
            replace(change_line(in_plan, each), why="You move it")
            if block.session is not None and each.key == block.session.key
            else change_line(in_plan, each)
            for each in supposed.changes
        ),
        told=_told(previewed, names, is_told=supposed.is_told),
        price=_price(supposed.before.score, supposed.after.score),
        unplaced=unplaced_lines(programme, supposed.unplaced),
        still_unplaced=supposed.still_unplaced,
        notices=notices_named(supposed.notices, names),
        score=score_table({"Now": supposed.before, "Then": supposed.after}),
    )


def _told(previewed: Previewed, names: Mapping[str, str], *, is_told: bool) -> str:
    if not is_told:
        return (
            "Nobody was told this week yet: everybody hears of it at its first publication."
        )
    if not previewed.told and previewed.waiting:
        count = len(previewed.waiting)
        people = "1 person hears" if count == 1 else f"{count} people hear"
        return (
            f"Nobody more would be told by this. Once the week is published, {people} of "
            "what its draft holds already."
        )
    if not previewed.told:
        return "Nobody would have to be told anything."
    who = ", ".join(names.get(each, each) for each in previewed.told)
    # Names shown in groups often end in an initial with its stop.
    return f"Once the week is published, these would be told: {who.removesuffix('.')}."


def _price(before: int, after: int) -> str:
    """What a move costs or spares, as the search counts it."""
    if before == after:
        return f"It asks no more of people than now: the week costs {after:,} points as before."
    more = "more" if after > before else "less"
    return (
        f"By what it asks of people, the week costs {abs(after - before):,} points {more}: "
        f"{after:,}, now {before:,}."
    )


def _pinned(held: object) -> str:
    if held is None:
        return ""
    if isinstance(held, Pin):
        return "in this week" if held.last else f"from {long_day(held.first)} on"
    if isinstance(held, MovedMeeting) and _lasts(held):
        return f"from {long_day(held.instead_of)} on"
    return "for this once"


def _lasts(held: object) -> bool:
    return isinstance(held, MovedMeeting) and held.is_lasting


def _usual(block: BlockInWeek, asked: Asked, zone: ZoneInfo) -> Asked | None:
    """What would put a moved group back."""
    if not isinstance(block.found, HeldMeeting):
        return None
    cohort, day = block.found.cohort, block.found.usual_day
    [starts] = [
        each for met, each, _ in cohort.meetings(block.grid.shown.week) if met == day
    ]
    local = starts.astimezone(zone)
    lead = next(iter(cohort.facilitators), "")
    held = block.grid.held.get(block.found.id)
    lasting = held is not None and _lasts(held.what)
    return Asked(
        asked.what, asked.of, local.date().isoformat(), f"{local:%H:%M}", lead, lasting
    )
