"""Close an account: a member of staff is out at once, everywhere, and whom they hosted is not lost.

Access never waits for a schedule: whoever must go is out with one press. What they host then
stands before the coordinators as a matter to decide, and no week is planned with them.
"""

from vioP.domain.colleague import Departure
from vioP.domain.errors import LastAdmin, Missing, StillNeeded
from vioP.domain.ids import AccountId, StaffId
from vioP.domain.reply import Why
from vioP.flows.second_factor import forget_second_factor
from vioP.flows.show_staff import departure_of
from vioP.ports import Ports
from vioP.storage.matters import Matter


async def close_account(ports: Ports, staff_id: StaffId, by: str, *, sure: bool) -> None:
    """Let somebody in no longer. Their browsers, links and calendar address end with it.

    Args:
        ports: The surroundings.
        staff_id: Whose account.
        by: Who closes it.
        sure: Whether they have seen what would be left behind.

    Raises:
        Missing: Nobody of that identifier works here, or they have no account.
        LastAdmin: Nobody else could keep accounts.
        StillNeeded: Sessions would need somebody, and nobody has looked at which.
    """
    now = ports.clock.now()
    async with ports.store.write() as tx:
        await tx.programme.lock()
        leaves = await departure_of(ports, tx, staff_id)
        account_id = _account_of(leaves)
        if leaves.who.is_closed:
            return
        if leaves.is_last_admin:
            raise LastAdmin
        if leaves.wants_thought and not sure:
            raise StillNeeded
        await tx.staff.close(staff_id, now)
        await tx.accounts.end_others(account_id, "")
        await tx.one_time_links.end_all(account_id, now)
        if leaves.hosts:
            await tx.matters.add(_matter(ports, leaves))
        told = {"hosted": str(len(leaves.hosts))}
        await tx.audit.note(now, by, "account.closed", account_id, told)


async def reopen_account(ports: Ports, staff_id: StaffId, by: str) -> None:
    """Let somebody in again, with the password and authenticator they had.

    Raises:
        Missing: Nobody of that identifier works here, or they have no account.
    """
    async with ports.store.write() as tx:
        leaves = await departure_of(ports, tx, staff_id)
        account_id = _account_of(leaves)
        if not leaves.who.is_disabled:
            return
        await tx.staff.reopen(staff_id)
        await tx.audit.note(ports.clock.now(), by, "account.reopened", account_id)


async def end_sessions_of(ports: Ports, staff_id: StaffId, by: str) -> int:
    """Sign somebody out everywhere; they may sign in again.

    Returns:
        How many sessions ended.

    Raises:
        Missing: Nobody of that identifier works here, or they have no account.
    """
    async with ports.store.write() as tx:
        account_id = _account_of(await departure_of(ports, tx, staff_id))
        ended = await tx.accounts.end_others(account_id, "")
        now = ports.clock.now()
        await tx.audit.note(now, by, "account.signed_out_by_admin", account_id)
    return ended


async def reset_second_factor(ports: Ports, staff_id: StaffId, by: str) -> None:
    """Forget what somebody shows beside their password, and sign them out.

    Raises:
        Missing: Nobody of that identifier works here, or they have no account.
    """
    async with ports.store.read() as tx:
        account_id = _account_of(await departure_of(ports, tx, staff_id))
    await forget_second_factor(ports, account_id, by)


def _account_of(leaves: Departure) -> AccountId:
    if leaves.who.account_id is None:
        raise Missing(f"{leaves.who.id} has no account: no mail address is on file.")
    return leaves.who.account_id


def _matter(ports: Ports, leaves: Departure) -> Matter:
    now = ports.clock.now()
    who, count = leaves.who, len(leaves.hosts)
    first = leaves.hosts[0].starts
    return Matter(
        id=ports.secrets.mint("mat", now),
        why=Why.HOST_GONE,
        opened_at=now,
        said=(
            f"{who.name} ({who.id}) cannot sign in any more and hosts {count} "
            f"{'session' if count == 1 else 'sessions'} people were told of, the first on "
            f"{first:%Y-%m-%d at %H:%M} UTC. For today use Somebody is out; for later weeks "
            "build and publish them again: nothing is planned with them any more."
        ),
    )
