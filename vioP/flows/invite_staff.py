"""Invite staff: somebody new gets an account, and a mailed link to choose its password."""

from dataclasses import dataclass

from vioP.domain.address import is_mail_address
from vioP.domain.errors import AddressTaken, Conflict, Invalid, Missing
from vioP.domain.ids import StaffId
from vioP.domain.one_time_link import OncePurpose
from vioP.domain.people import Staff, StaffRole
from vioP.domain.programme import Change, ChangeKind
from vioP.domain.text import clean_name
from vioP.flows.one_time_link import send_one_time_link
from vioP.flows.show_staff import departure_of
from vioP.ports import Ports


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Who is new, as they were typed in."""

    name: str
    email: str
    role: StaffRole
    zone: str


async def invite_staff(ports: Ports, who: Newcomer, by: str) -> StaffId:
    """Add somebody, and mail them a link. Imports leave them alone.

    They have no hours yet, so no week is planned with them before a file names these.

    Raises:
        Invalid: The address is none.
        AddressTaken: Somebody has an account with it.
    """
    email = who.email.strip().lower()
    if not is_mail_address(email):
        raise Invalid("The mail address is none.")
    now = ports.clock.now()
    staff_id = StaffId(ports.secrets.mint("stf", now))
    name = clean_name(who.name)
    staff = Staff(staff_id, name, who.role, who.zone, (), email=email)
    async with ports.store.write() as tx:
        await tx.programme.lock()
        if await tx.accounts.by_email(email) is not None:
            raise AddressTaken
        await tx.programme.apply([Change(ChangeKind.ADDED, "staff", staff_id, (), staff)])
        await tx.staff.keep(staff_id)
        account_id = ports.secrets.mint("acc", now)
        row = {"id": account_id, "person_id": staff_id, "role": who.role, "email": email}
        await tx.accounts.save([row])
        account = await tx.accounts.of_person(staff_id)
        if account is None:
            raise Missing
        await send_one_time_link(ports, tx, account, name, OncePurpose.WELCOME)
        told = {"role": who.role.value}
        await tx.audit.note(now, by, "staff.invited", staff_id, told)
    return staff_id


async def invite_again(ports: Ports, staff_id: StaffId, by: str) -> None:
    """Mail a new link to choose a password; the one before works no longer.

    Raises:
        Missing: Nobody of that identifier works here, or they have no account.
        Conflict: Their account is closed.
    """
    async with ports.store.write() as tx:
        who = (await departure_of(ports, tx, staff_id)).who
        account = await tx.accounts.of_person(staff_id)
        if account is None:
            raise Missing(f"{staff_id} has no account: no mail address is on file.")
        if account.is_disabled:
            raise Conflict("Their account is closed. Open it first.")
        purpose = OncePurpose.NEW_PASSWORD if who.has_password else OncePurpose.WELCOME
        await send_one_time_link(ports, tx, account, who.name, purpose)
        told = {"purpose": purpose.value}
        now = ports.clock.now()
        await tx.audit.note(now, by, "staff.link_sent", staff_id, told)
