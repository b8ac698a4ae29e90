"""Note moved: what was seen and said of somebody at one time says nothing about another."""

from collections.abc import Iterable

from vioP.domain.attendance import Evidence, Fact
from vioP.domain.time import Instant, Week
from vioP.domain.week import MovedSeat
from vioP.ports import Ports
from vioP.storage import Transaction
from vioP.storage.live import Witnessed


async def note_moved(
    ports: Ports, tx: Transaction, week: Week, moved: Iterable[MovedSeat]
) -> None:
    """Begin anew with seats that begin at another time from now on.

    Whoever was excused from one time, or had pressed to join, is expected at the new one, and
    looked for like anybody else. A session that has begun keeps what was seen of it.
    """
    now = ports.clock.now()
    seats = [each.told.id for each in moved if _is_elsewhen(each, now)]
    seen = await tx.live.seen(week) if seats else frozenset()
    elsewhen = Evidence(Fact.MOVED, now, "viop")
    await tx.live.witness_all(
        [
            Witnessed(each, elsewhen, ports.secrets.mint("evi", now))
            for each in seats
            if each in seen
        ],
        now,
    )


def _is_elsewhen(moved: MovedSeat, now: Instant) -> bool:
    return moved.told.starts > now and moved.told.starts != moved.session.starts
