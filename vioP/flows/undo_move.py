"""Take back: the last move by hand in a draft, and the pin of a session."""

from dataclasses import replace

from vioP.domain.arrangement import Pin
from vioP.domain.errors import Invalid, Missing, NoPlan, NoProgramme, StalePlan
from vioP.domain.time import Week
from vioP.flows.show_grid import held_in
from vioP.ports import Ports
from vioP.storage import Transaction
from vioP.storage.moves import Move
from vioP.storage.weeks import Draft


async def undo_move(ports: Ports, week: Week, revision: int, by: str) -> int:
    """Take the last move in a week's draft back. Nobody is told.

    Args:
        ports: The outside.
        week: The week.
        revision: The draft the person saw.
        by: Who takes it back.

    Returns:
        The revision of the draft that is as it was before the move.

    Raises:
        Invalid: No move led to this draft.
        NoPlan: The week was never built.
        StalePlan: The draft or the programme has changed since.
    """
    now = ports.clock.now()
    async with ports.store.write() as tx:
        await _unchanged(tx, week, revision)
        move = await tx.moves.last(week)
        if move is None or move.revision != revision:
            raise Invalid("There is no move to take back: this draft was built as it is.")
        for each in move.added:
            await tx.arrangements.remove(each)
        for noted in move.removed:
            await tx.arrangements.add(noted, now, by)
        made = await _save(ports, tx, move.before, by)
        await tx.moves.take_back(move, made)
        about = {"session": move.moved}
        await tx.audit.note(
            now, by, "week.move_taken_back", f"{week.monday} revision {made}", about
        )
    return made


async def unpin(ports: Ports, week: Week, key: str, revision: int, by: str) -> int:
    """Let an appointment go where building puts it; for now it stays where it is.

    Returns:
        The revision of the draft, which is the same week without the pin.

    Raises:
        Missing: Nothing pins it.
        NoPlan: The week was never built.
        StalePlan: The draft or the programme has changed since.
    """
    now = ports.clock.now()
    async with ports.store.write() as tx:
        draft = await _unchanged(tx, week, revision)
        programme = await tx.programme.read()
        if programme is None:
            raise NoProgramme
        held = held_in(week, programme, await tx.arrangements.noted()).get(key)
        if held is None or not isinstance(held.what, Pin):
            raise Missing("This session is not pinned.")
        await tx.arrangements.remove(held.id)
        made = await _save(ports, tx, draft, by)
        await tx.moves.add(
            Move(ports.secrets.mint("mov", now), made, draft, (), (held,), key), now, by
        )
        about = {"session": key, "arrangement": held.id}
        await tx.audit.note(
            now, by, "week.unpinned", f"{week.monday} revision {made}", about
        )
    return made


async def _unchanged(tx: Transaction, week: Week, revision: int) -> Draft:
    """The draft somebody saw, if it is still the newest and nothing has changed since."""
    draft = await tx.weeks.draft(week)
    if draft is None:
        raise NoPlan
    if draft.revision != revision or draft.plan.basis != await tx.programme.version():
        raise StalePlan
    return draft


async def _save(ports: Ports, tx: Transaction, draft: Draft, by: str) -> int:
    """Keep a draft again, on what the programme is now."""
    plan = replace(draft.plan, basis=await tx.programme.version())
    return await tx.weeks.save_draft(plan, ports.clock.now(), by, draft.found)
