"""Note moved: what was seen and said of somebody at one time says nothing about another."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from vioP.domain.attendance import MARKS, Evidence, Fact
from vioP.domain.following import Place
from vioP.domain.ids import SeatId
from vioP.domain.time import Instant, Week, later
from vioP.domain.week import MovedSeat, NewSeat, ToldSeat
from vioP.ports import Ports
from vioP.storage import Transaction
from vioP.storage.live import Witnessed


@dataclass(frozen=True, slots=True)
class Elsewhen:
    """A seat whose appointment is at another time from now on, or stands again.

    Attributes:
        door: From when on what is seen counts for the present time.
    """

    seat_id: SeatId
    before: Instant
    door: Instant


def moved_seats(ports: Ports, moved: Iterable[MovedSeat]) -> list[Elsewhen]:
    """The seats that begin at another time than their people were told."""
    return [
        Elsewhen(each.told.id, each.told.starts, _door(ports, each.session.starts))
        for each in moved
        if each.told.starts != each.session.starts
    ]


def stand_again(
    ports: Ports, new: Iterable[NewSeat], released: Mapping[Place, ToldSeat]
) -> list[Elsewhen]:
    """The seats that were called off and stand again. Their people were told to go."""
    now = ports.clock.now()
    return [
        Elsewhen(old.id, old.starts, max(now, _door(ports, each.session.starts)))
        for each in new
        if (old := released.get((each.session.key, each.participant_id))) is not None
    ]


async def note_moved(
    ports: Ports, tx: Transaction, week: Week, elsewhen: Sequence[Elsewhen], doors: Instant
) -> None:
    """Begin anew with seats at whose former time somebody may have been seen.

    Whoever was excused from one time, had pressed to join, or was looked for in vain, is expected
    at the new one, and looked for like anybody else.

    Args:
        ports: The outside.
        tx: The transaction in which they move.
        week: Whose seats they are.
        elsewhen: Which they are.
        doors: What begins before it has its door open, or had.
    """
    now = ports.clock.now()
    seen = await tx.live.seen(week) if elsewhen else {}
    begun = [each for each in elsewhen if each.before < doors or each.seat_id in seen]
    facts = [(each.seat_id, Evidence(Fact.MOVED, each.door, "viop")) for each in begun]
    facts += [
        (each.seat_id, Evidence(Fact.MARK_WITHDRAWN, now, "viop"))
        for each in begun
        if _is_marked(seen.get(each.seat_id, ()))
    ]
    await tx.live.witness_all(
        [Witnessed(seat, fact, ports.secrets.mint("evi", now)) for seat, fact in facts], now
    )
    await tx.rooms.forget_admissions([each.seat_id for each in begun])


def _door(ports: Ports, starts: Instant) -> Instant:
    return later(starts, -ports.house.opens_before)


def _is_marked(facts: Sequence[Fact]) -> bool:
    said = [each for each in facts if each in MARKS | {Fact.MARK_WITHDRAWN}]
    return bool(said) and said[-1] is not Fact.MARK_WITHDRAWN
