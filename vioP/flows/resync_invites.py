"""Resync: after a restored backup, say what stands once more, under numbers surely above."""

from dataclasses import dataclass
from datetime import timedelta

from vioP.domain.invite import Method
from vioP.domain.telling import repeat
from vioP.domain.time import Week, week_of
from vioP.flows.tell_seats import decide_all, write_turn
from vioP.flows.telling_turn import Turn
from vioP.ports import Ports
from vioP.storage import Transaction

_BACK, _AHEAD = timedelta(weeks=1), timedelta(weeks=60)


@dataclass(frozen=True, slots=True)
class Resynced:
    """What was, or would be, said once more."""

    invites: int
    cancellations: int
    people: int


async def resync_invites(ports: Ports, by: str, *, dry_run: bool = False) -> Resynced:
    """Raise the number of every seat that stands far above the last one known, and tell it once.

    Calendars may hold messages that the restored database knows nothing of; these would win
    over every update to come. Each run raises the numbers again, so one is enough.

    Args:
        ports: The surroundings.
        by: Who runs it.
        dry_run: Only count.
    """
    if dry_run:
        async with ports.store.read() as tx:
            return _counted(await _turn(ports, tx))
    async with ports.store.write() as tx:
        await tx.programme.lock()  # a publication at the same moment takes its turn
        await tx.tellings.hold()
        turn = await _turn(ports, tx)
        await write_turn(tx, turn)
        done = _counted(turn)
        counts = {"invites": str(done.invites), "cancellations": str(done.cancellations)}
        await tx.audit.note(turn.now, by, "invites.resynced", "all", counts)
    return done


async def _turn(ports: Ports, tx: Transaction) -> Turn:
    present = week_of(ports.clock.now().date())
    since, until = Week(present.monday - _BACK), Week(present.monday + _AHEAD)
    seats = await tx.tellings.standing(since, until)
    answers = await tx.replies.known(since, until)
    horizon = ports.house.telling.last_week(present)
    return decide_all(ports, seats, horizon, answers, how=repeat)


def _counted(turn: Turn) -> Resynced:
    cancelled = sum(each.tell.method is Method.CANCEL for each in turn.told)
    people = {each.seat.participant_id for each in turn.told if each.tell.address}
    return Resynced(len(turn.told) - cancelled, cancelled, len(people))
