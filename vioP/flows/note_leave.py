"""Leave: somebody is away for some days. Weeks are then built anew; nobody is told by this.

Only booked tests of devices, which no week builds, are called off at once.
"""

from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from vioP.domain.availability import Leave, local_day
from vioP.domain.errors import Invalid, Missing
from vioP.domain.ids import StaffId
from vioP.flows.call_off_tests import call_off_impossible_tests
from vioP.ports import Ports
from vioP.storage.programme import NotedLeave


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
    async with ports.store.write() as tx:
        found = await tx.programme.who_works(staff_id)
        if found is None:
            raise Missing(f"Nobody called {staff_id} works here.")
        zone = ZoneInfo(found[1])
        leave = Leave(local_day(first, zone)[0], local_day(last, zone)[1])
        noted = NotedLeave(ports.secrets.mint("lve", now), staff_id, leave)
        await tx.programme.add_leave(noted.id, staff_id, leave)
        await tx.audit.note(now, by, "staff.leave_noted", f"{staff_id} {first} to {last}")
        await call_off_impossible_tests(ports, tx, by)
    return noted


async def take_back_leave(ports: Ports, leave_id: str, by: str) -> None:
    """Somebody is here after all.

    Raises:
        Missing: There is no such leave.
    """
    now = ports.clock.now()
    async with ports.store.write() as tx:
        if not await tx.programme.remove_leave(leave_id):
            raise Missing
        await tx.audit.note(now, by, "staff.leave_taken_back", leave_id)


async def show_leave(ports: Ports) -> Sequence[NotedLeave]:
    """All leave that has not ended."""
    now = ports.clock.now()
    async with ports.store.read() as tx:
        return [each for each in await tx.programme.noted_leave() if each.leave.ends > now]
