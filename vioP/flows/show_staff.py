"""Show staff: everybody who works here with their account, and what somebody leaves behind."""

from collections.abc import Mapping, Sequence

from vioP.domain.colleague import Colleague, Departure, departure
from vioP.domain.errors import Missing
from vioP.domain.ids import StaffId
from vioP.domain.namesakes import told_apart
from vioP.ports import Ports
from vioP.storage import Transaction


async def show_staff(ports: Ports) -> Sequence[Colleague]:
    """Everybody, by name."""
    async with ports.store.read() as tx:
        return await tx.staff.listed()


async def staff_names(ports: Ports) -> Mapping[str, str]:
    """What everybody is called who works or worked here; the identifier where two share a name."""
    async with ports.store.read() as tx:
        return told_apart(await tx.staff.names())


async def show_departure(ports: Ports, staff_id: StaffId) -> Departure:
    """One of them, and what would be left behind without them.

    Raises:
        Missing: Nobody of that identifier works here.
    """
    async with ports.store.read() as tx:
        return await departure_of(ports, tx, staff_id)


async def departure_of(ports: Ports, tx: Transaction, staff_id: StaffId) -> Departure:
    """The same within a transaction, for a decision.

    Raises:
        Missing: Nobody of that identifier works here.
    """
    everybody = await tx.staff.listed()
    who = next((each for each in everybody if each.id == staff_id), None)
    if who is None:
        raise Missing(f"Nobody called {staff_id} works here.")
    hosts = await tx.staff.hosted(staff_id, ports.clock.now())
    return departure(who, everybody, hosts)
