"""Leave: somebody is away for some days. Weeks are then built anew; nobody is told by this.

Only booked tests of devices, which no week builds, are called off at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from vioP.domain.availability import Leave, away_on, local_day
from vioP.domain.errors import Invalid, Missing
from vioP.domain.ids import StaffId
from vioP.domain.time import Instant
from vioP.flows.call_off_tests import call_off_impossible_tests
from vioP.ports import Ports
from vioP.storage import Transaction
from vioP.storage.programme import NotedLeave


@dataclass(frozen=True, slots=True)
class DaysAway:
    """Whole days of somebody's own zone, and the identifier their leave will have."""

    staff_id: StaffId
    first: date
    last: date
    id: str


async def note_leave(
    ports: Ports, staff_id: StaffId, first: date, last: date, by: str
) -> NotedLeave:
    """Note that somebody is away on whole days of their own zone.

    Raises:
        Missing: Nobody of that identifier works here.
        Invalid: The last day is before the first.
    """
    if last < first:
        raise Invalid(f"The last day {last} is before the first, {first}.")
    now = ports.clock.now()
    days = DaysAway(staff_id, first, last, ports.secrets.mint("lve", now))
    async with ports.store.write() as tx:
        return await keep_leave(ports, tx, days, by)


async def keep_leave(ports: Ports, tx: Transaction, days: DaysAway, by: str) -> NotedLeave:
    """Note leave within a transaction, and call off the tests of devices it meets.

    Raises:
        Missing: Nobody of that identifier works here.
    """
    now = ports.clock.now()
    found = await tx.programme.who_works(days.staff_id)
    if found is None:
        raise Missing(f"Nobody called {days.staff_id} works here.")
    leave = await leave_of(tx, days, ZoneInfo(found[1]), now)
    await tx.programme.add_leave(days.id, days.staff_id, leave)
    what = f"{days.staff_id} {days.first} to {days.last}"
    if leave.starts > local_day(days.first, ZoneInfo(found[1]))[0]:
        what += f", from {leave.starts:%H:%M} UTC on"
    await tx.audit.note(now, by, "staff.leave_noted", what)
    await call_off_impossible_tests(ports, tx, by)
    return NotedLeave(days.id, days.staff_id, leave)


async def leave_of(tx: Transaction, days: DaysAway, zone: ZoneInfo, now: Instant) -> Leave:
    """Leave on whole days; of a first day that is under way, what they held of it is left out."""
    starts, ends = local_day(days.first, zone)
    held = None
    if starts <= now < ends:
        held = await tx.promises.held_until(days.staff_id, starts, now)
    return away_on(days.first, days.last, zone, held)


async def take_back_leave(ports: Ports, leave_id: str, by: str) -> None:
    """Somebody is here after all.

    Raises:
        Missing: There is no such leave.
    """
    now = ports.clock.now()
    async with ports.store.write() as tx:
        if not await tx.programme.remove_leave(leave_id):
            raise Missing
        await tx.time_off.take_back(leave_id, by, now)
        await tx.audit.note(now, by, "staff.leave_taken_back", leave_id)


async def show_leave(ports: Ports) -> Sequence[NotedLeave]:
    """All leave that has not ended."""
    now = ports.clock.now()
    async with ports.store.read() as tx:
        return [each for each in await tx.programme.noted_leave() if each.leave.ends > now]
