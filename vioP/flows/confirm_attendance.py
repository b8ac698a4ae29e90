"""Confirm attendance: a host says of everybody at once who was there, and for how long."""

from collections.abc import Sequence
from dataclasses import dataclass

from vioP.domain.attendance import Evidence, Fact
from vioP.domain.errors import Invalid, PresentTooSoon, SheetChanged
from vioP.domain.ids import SeatId
from vioP.domain.live import LiveSession
from vioP.domain.sheet import (
    Confirmed,
    ConfirmedLine,
    Reason,
    SheetLine,
    drafted,
    holds,
    length,
    version,
)
from vioP.flows.jobs import watch_job
from vioP.flows.mark_attendance import require_time_for_no_show
from vioP.ports import Ports

_MARKS = {
    Confirmed.PRESENT: Fact.MARKED_PRESENT,
    Confirmed.EXCUSED: Fact.MARKED_EXCUSED,
    Confirmed.NO_SHOW: Fact.MARKED_NO_SHOW,
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """The sheet of a session, filled in.

    Attributes:
        lines: One for each seat, in the order of its session.
        newest: What was confirmed last; nothing where nothing ever was.
        differing: Of whom a mark that was made since, or a new time, says otherwise.
        version: Told when it is confirmed, so that nobody overwrites what they have not seen.
    """

    lines: Sequence[SheetLine]
    newest: ConfirmedLine | None
    differing: frozenset[SeatId]
    version: str

    @property
    def is_confirmed(self) -> bool:
        """Whether all of it was, and still holds."""
        return self.newest is not None and not self.differing


async def show_sheet(ports: Ports, session: LiveSession) -> Sheet:
    """The sheet of a session: what was confirmed and still holds, or else what was seen."""
    now = ports.clock.now()
    async with ports.store.read() as tx:
        confirmed = await tx.confirmations.of_session(session.id)
    last = {each.line.seat_id: each.line for each in confirmed}
    held = {
        seat.id: last[seat.id]
        for seat in session.seats
        if seat.id in last and holds(session, seat, last[seat.id].attendance)
    }
    return Sheet(
        lines=[held.get(seat.id) or drafted(session, seat, now) for seat in session.seats],
        newest=confirmed[-1] if confirmed else None,
        differing=frozenset(seat.id for seat in session.seats if seat.id not in held),
        version=version(session, len(confirmed)),
    )


async def confirm_attendance(
    ports: Ports, session: LiveSession, lines: Sequence[SheetLine], by: str, seen: str
) -> None:
    """Keep what a host confirms, of every seat or of none; what machines saw stays beside it.

    Confirming again keeps both: the newest counts. ``seen`` is the version of the sheet that
    was corrected.

    Raises:
        Invalid: A seat is missing, twice or not of this session; somebody is neither there nor
            away; minutes are more than the session has; or somebody is excused without a reason.
        NoShowTooSoon: Nobody is a no-show so early, or while the host has not started.
        PresentTooSoon: Nobody is there so long before the start.
        SheetChanged: Somebody confirmed or marked meanwhile; show them what stands now.
    """
    now = ports.clock.now()
    _require(session, lines)
    if any(each.attendance is Confirmed.NO_SHOW for each in lines):
        require_time_for_no_show(ports, session, now)
    is_there = any(each.attendance is Confirmed.PRESENT for each in lines)
    if is_there and not session.is_near(now):
        raise PresentTooSoon
    stood = {seat.id: drafted(session, seat, now).attendance for seat in session.seats}
    async with ports.store.write() as tx:
        stands = await tx.live.session(session.id)
        confirmed = await tx.confirmations.of_session(session.id)
        if stands is None or version(stands, len(confirmed)) != seen:
            raise SheetChanged
        for each in lines:
            if each.attendance is None or each.attendance is stood[each.seat_id]:
                continue
            mark = _MARKS[each.attendance]
            await tx.live.witness(
                each.seat_id,
                Evidence(mark, now, by),
                recorded_at=now,
                key=ports.secrets.mint("evi", now),
            )
            await tx.attempts.settle_of_seat(each.seat_id, mark.value, now, by)
        keyed = [(ports.secrets.mint("cnf", now), each) for each in lines]
        await tx.confirmations.add(keyed, by, now)
        counts = {"seats": str(len(lines))}
        await tx.audit.note(now, by, "attendance.confirmed", session.id, counts)
        await ports.jobs.defer(tx, [watch_job(session.id, now)])


def _require(session: LiveSession, lines: Sequence[SheetLine]) -> None:
    seats = sorted(seat.id for seat in session.seats)
    if sorted(each.seat_id for each in lines) != seats:
        raise Invalid("The people of this session have changed. Open its sheet again.")
    longest = length(session)
    for each in lines:
        who = each.seat_id
        if each.attendance is None:
            raise Invalid(f"Say of {who} whether they were there.")
        if not 0 <= each.minutes <= longest:
            raise Invalid(f"The minutes of {who} are not between 0 and {longest}.")
        if each.attendance is Confirmed.PRESENT and each.minutes == 0:
            raise Invalid(f"Say for how many minutes {who} was there.")
        if each.attendance is Confirmed.EXCUSED and each.reason is Reason.NONE:
            raise Invalid(f"Say why {who} is excused.")
