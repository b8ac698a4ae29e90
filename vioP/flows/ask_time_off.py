"""Ask for time off: a request waits for a coordinator. Nothing else changes by asking."""

from datetime import date
from zoneinfo import ZoneInfo

from vioP.domain.errors import Invalid, Missing, TimeOffDecided
from vioP.domain.ids import StaffId
from vioP.domain.time_off import TimeOff, TimeOffState, why_not_ask
from vioP.ports import Ports
from vioP.storage import Transaction


async def ask_time_off(ports: Ports, staff_id: StaffId, first: date, last: date) -> TimeOff:
    """Ask to be away on whole days of one's own zone.

    Raises:
        Missing: Nobody of that identifier works here.
        Invalid: These days cannot be asked for; the message says why.
    """
    now = ports.clock.now()
    async with ports.store.write() as tx:
        today = await _today(ports, tx, staff_id)
        known = await tx.time_off.of_staff(staff_id, today)
        why = why_not_ask(first, last, today, known)
        if why:
            raise Invalid(why)
        asked = TimeOff(ports.secrets.mint("lve", now), staff_id, first, last)
        await tx.time_off.add(asked, now)
        await tx.audit.note(
            now, staff_id, "time_off.asked", f"{asked.id} {first} to {last}"
        )
    return asked


async def withdraw_time_off(ports: Ports, staff_id: StaffId, request_id: str) -> None:
    """Take a request of one's own back while nobody has decided.

    Raises:
        Missing: There is none of theirs.
        TimeOffDecided: Somebody has decided meanwhile.
    """
    now = ports.clock.now()
    async with ports.store.write() as tx:
        own = await tx.time_off.of_staff(staff_id, date.min)
        if request_id not in {each.id for each in own}:
            raise Missing
        state = TimeOffState.WITHDRAWN
        if await tx.time_off.settle(request_id, state, "", staff_id, now) is None:
            raise TimeOffDecided
        await tx.audit.note(now, staff_id, "time_off.withdrawn", request_id)


async def show_own_time_off(ports: Ports, staff_id: StaffId) -> tuple[TimeOff, ...]:
    """What somebody asked for that is not over.

    Raises:
        Missing: Nobody of that identifier works here.
    """
    async with ports.store.read() as tx:
        return await tx.time_off.of_staff(staff_id, await _today(ports, tx, staff_id))


async def _today(ports: Ports, tx: Transaction, staff_id: StaffId) -> date:
    found = await tx.programme.who_works(staff_id)
    if found is None:
        raise Missing(f"Nobody called {staff_id} works here.")
    return ports.clock.now().astimezone(ZoneInfo(found[1])).date()
