"""Change staff: another role, other licences. Imports leave alone what was decided here."""

from collections.abc import Sequence
from dataclasses import replace

from vioP.domain.colleague import Colleague
from vioP.domain.errors import LastAdmin, Missing, StillNeeded
from vioP.domain.ids import StaffId
from vioP.domain.people import Licence, Staff, StaffRole
from vioP.domain.programme import Change, ChangeKind
from vioP.flows.show_staff import departure_of
from vioP.ports import Ports
from vioP.storage import Transaction


async def change_role(ports: Ports, staff_id: StaffId, role: StaffRole, by: str) -> None:
    """Give somebody another role; what they may do changes with their next click.

    Raises:
        Missing: Nobody of that identifier works here.
        LastAdmin: Nobody else could keep accounts.
        StillNeeded: They host sessions people were told of, or are the last coordinator.
    """
    async with ports.store.write() as tx:
        await tx.programme.lock()
        leaves = await departure_of(ports, tx, staff_id)
        if leaves.who.role is role:
            return
        if leaves.is_last_admin:
            raise LastAdmin
        stops_hosting = leaves.who.role.is_clinician and not role.is_clinician
        if leaves.is_last_coordinator or (leaves.hosts and stops_hosting):
            raise StillNeeded
        old = await _staff(tx, staff_id)
        await _save(tx, replace(old, role=role), ("role",))
        if leaves.who.account_id is not None:
            await tx.accounts.save([_account(leaves.who, role)])
        told = {"from": old.role.value, "to": role.value}
        await tx.audit.note(ports.clock.now(), by, "staff.role_changed", staff_id, told)


async def change_licences(
    ports: Ports, staff_id: StaffId, licences: Sequence[Licence], by: str
) -> None:
    """Put somebody's licences down; weeks that are built from now on go by them.

    Raises:
        Missing: Nobody of that identifier works here.
    """
    async with ports.store.write() as tx:
        await tx.programme.lock()
        old = await _staff(tx, staff_id)
        if old.licences == tuple(licences):
            return
        await _save(tx, replace(old, licences=tuple(licences)), ("licences",))
        told = {"states": " ".join(sorted({each.state for each in licences}))}
        await tx.audit.note(ports.clock.now(), by, "staff.licences_changed", staff_id, told)


async def _staff(tx: Transaction, staff_id: StaffId) -> Staff:
    programme = await tx.programme.read()
    staff = programme.staff if programme else ()
    found = next((each for each in staff if each.id == staff_id), None)
    if found is None:
        raise Missing(f"Nobody called {staff_id} works here.")
    return found


async def _save(tx: Transaction, staff: Staff, fields: tuple[str, ...]) -> None:
    change = Change(ChangeKind.CHANGED, "staff", staff.id, fields, staff)
    await tx.programme.apply([change])
    await tx.staff.keep(staff.id)


def _account(who: Colleague, role: StaffRole) -> dict[str, str]:
    return {
        "id": str(who.account_id),
        "person_id": who.id,
        "role": role.value,
        "email": who.email,
    }
