"""Move by hand: one session of a draft to another time or host, seen first, then kept.

Nobody is told: a kept move is a pin and a new draft, which tells people once it is published.
"""

import asyncio
from dataclasses import dataclass, replace

from vioP.domain.arrangement import Arrangements, Pin, arranged
from vioP.domain.errors import Invalid, StalePlan
from vioP.domain.search import Found
from vioP.domain.time import Week
from vioP.domain.told_if import told_of
from vioP.flows.move_turn import MoveTurn, Refused, move_turn, solved, stands_against
from vioP.flows.publish_week import doors_open
from vioP.flows.suppose_week import SupposedWeek, compared, told_if
from vioP.planner.meetings import HeldMeeting
from vioP.planner.moving import Against, Wanted, is_superseded
from vioP.planner.score import score
from vioP.ports import Ports
from vioP.storage.arrangements import NotedArrangement
from vioP.storage.moves import Move
from vioP.storage.weeks import Draft


@dataclass(frozen=True, slots=True)
class Previewed:
    """What a move would do.

    Attributes:
        refused: Why it cannot be made; empty if it can.
        supposed: What it would change; nothing if it cannot be made.
        told: Who knows another time of this week and would hear of the move.
        waiting: Who will hear of what the draft holds already, move or no move.
        revision: The draft it starts from.
    """

    refused: tuple[str, ...]
    supposed: SupposedWeek | None
    told: tuple[str, ...]
    revision: int
    waiting: tuple[str, ...] = ()


async def consider_move(ports: Ports, week: Week, wanted: Wanted) -> Against:
    """What stands against a move, in half sentences; found out at once, without a search.

    Raises:
        NoProgramme: Nothing was imported yet.
        NoPlan: The week was never built.
        StalePlan: The programme has changed since the draft was built.
        BeingBuilt: The week is being built.
        Missing: The week has no such session.
        Invalid: The time is over or outside the week, or the session has begun.
    """
    turn = await move_turn(ports, week, wanted)
    return await asyncio.to_thread(stands_against, turn)


async def preview_move(ports: Ports, week: Week, wanted: Wanted) -> Previewed:
    """What a move would do. Writes nothing. Raises what ``consider_move`` raises.

    Raises:
        SearchDied: A worker process died.
    """
    turn = await move_turn(ports, week, wanted)
    made = await solved(turn)
    revision = turn.draft.revision
    if isinstance(made, Refused):
        return Previewed(made.why, None, (), revision)
    before, shown = turn.draft.plan, turn.shown
    doors = doors_open(ports)
    supposed = await asyncio.to_thread(
        compared, turn.now, turn.then, before, made.solution, shown, doors
    )
    known = shown.published.plan.sessions if shown.published else ()
    after = made.plan.sessions
    told: set[str] = set()
    waiting: set[str] = set()
    if known:
        at = told_if(turn.now, shown, doors)
        told = told_of(known, after, at) & told_of(before.sessions, after, at)
        waiting = told_of(known, before.sessions, at)
    return Previewed((), supposed, tuple(sorted(told)), revision, tuple(sorted(waiting)))


async def keep_move(
    ports: Ports, week: Week, wanted: Wanted, revision: int, by: str
) -> int:
    """Keep a move: a pin, and the draft as it was previewed. Raises what a preview raises.

    Args:
        ports: The outside.
        week: The week.
        wanted: Where the session goes.
        revision: The draft the move was previewed on.
        by: Who moves it.

    Returns:
        The revision of the new draft; of the one there was if it is there already.

    Raises:
        Invalid: It cannot be made; the message says why.
        StalePlan: The draft or the programme has changed since; look again.
    """
    turn = await move_turn(ports, week, wanted)
    made = await solved(turn)
    if isinstance(made, Refused):
        raise Invalid(". ".join(made.why))
    found = Found(score(turn.then.statement.problem, made.solution))
    return await _keep(ports, turn, Draft(revision, made.plan, found), by)


async def _keep(ports: Ports, turn: MoveTurn, new: Draft, by: str) -> int:
    now = ports.clock.now()
    week = new.plan.week
    async with ports.store.write() as tx:
        draft = await tx.weeks.draft(week)
        version = await tx.programme.version()
        if draft is None or draft.revision != new.revision:
            raise StalePlan
        if {draft.plan.basis, turn.then.version} != {version}:
            raise StalePlan
        noted = await tx.arrangements.noted()
        removed = tuple(each for each in noted if is_superseded(each.what, turn.what))
        held = NotedArrangement(ports.secrets.mint("arr", now), turn.what)
        rest = arranged(each.what for each in noted if each not in removed)
        is_held = not _is_usual(turn, rest)
        wanted = [turn.what] if is_held else []
        is_there = [each.what for each in removed] == wanted
        if is_there and new.plan.sessions == draft.plan.sessions:
            return draft.revision
        for each in removed:
            await tx.arrangements.remove(each.id)
        if is_held:
            await tx.arrangements.add(held, now, by)
        basis = await tx.programme.version()
        plan = replace(new.plan, basis=basis)
        revision = await tx.weeks.save_draft(plan, now, by, new.found)
        move = Move(
            ports.secrets.mint("mov", now),
            revision,
            draft,
            (held.id,) if is_held else (),
            removed,
            turn.wanted.what,
        )
        await tx.moves.add(move, now, by)
        about = {"session": move.moved, "arrangement": held.id}
        await tx.audit.note(
            now, by, "week.moved", f"{week.monday} revision {revision}", about
        )
    return revision


def _is_usual(turn: MoveTurn, rest: Arrangements) -> bool:
    """Whether a meeting is put back where it is anyway, so that nothing has to hold it."""
    what = turn.what
    if isinstance(what, Pin) or not isinstance(turn.found, HeldMeeting):
        return False
    if rest.mover(what.cohort_id, what.instead_of) is not None:
        return False
    usual = (what.instead_of, turn.found.cohort.at, None)
    return (what.day, what.at, what.staff_id) == usual
