"""Withdraw marks: what staff said of somebody at one time says nothing about another."""

from collections.abc import Iterable

from vioP.domain.attendance import Evidence, Fact
from vioP.domain.time import Instant, Week
from vioP.domain.week import MovedSeat
from vioP.ports import Ports
from vioP.storage import Transaction
from vioP.storage.live import Witnessed


async def withdraw_marks(
    ports: Ports, tx: Transaction, week: Week, moved: Iterable[MovedSeat]
) -> None:
    """Withdraw the marks of seats that begin at another time from now on.

    Whoever was excused from one time is expected at the new one, and looked for like anybody
    else: their answer was about the old one, too. A session that has begun keeps its marks.
    """
    now = ports.clock.now()
    seats = [each.told.id for each in moved if _is_elsewhen(each, now)]
    marked = await tx.live.marked(week) if seats else frozenset()
    withdrawn = Evidence(Fact.MARK_WITHDRAWN, now, "viop")
    await tx.live.witness_all(
        [
            Witnessed(each, withdrawn, ports.secrets.mint("evi", now))
            for each in seats
            if each in marked
        ],
        now,
    )


def _is_elsewhen(moved: MovedSeat, now: Instant) -> bool:
    return moved.told.starts > now and moved.told.starts != moved.session.starts
