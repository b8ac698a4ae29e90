"""Change a password: somebody gives theirs and a better one; their other devices are signed out."""

from vioP.domain.access import Person
from vioP.domain.errors import Invalid, SignInFailed
from vioP.domain.ids import AccountId
from vioP.domain.limit import PASSWORD_HERE
from vioP.domain.password import why_not
from vioP.flows.count_tries import Try, count_tries, forget_tries
from vioP.ports import Ports


async def change_password(
    ports: Ports, person: Person, token: str, old: str, new: str
) -> int:
    """Give somebody the password they chose.

    Args:
        ports: The surroundings.
        person: Who is signed in.
        token: Their session, which goes on; every other one ends.
        old: The password they have.
        new: The one they want.

    Returns:
        How many other sessions ended.

    Raises:
        SignInFailed: The old one is not theirs.
        TooManyTries: That was tried too often; wait.
        Invalid: The new one is too easy to guess; the message says why.
    """
    tries = [Try("password", f"change {person.account_id}", PASSWORD_HERE)]
    await count_tries(ports, tries)
    async with ports.store.read() as tx:
        account = await tx.accounts.by_id(AccountId(person.account_id))
        name = await tx.accounts.name_of(AccountId(person.account_id))
    if account is None or not await ports.passwords.fits(old, account.password_hash):
        raise SignInFailed
    problem = why_not(new, (name, account.email, ports.house.sender.name))
    if problem:
        raise Invalid(problem)
    if new == old:
        raise Invalid("This is the password you have. Choose another one.")
    await forget_tries(ports, tries)
    kept = await ports.passwords.digest(new)
    now = ports.clock.now()
    async with ports.store.write() as tx:
        await tx.accounts.set_password(account.id, kept)
        ended = await tx.accounts.end_others(account.id, ports.secrets.digest(token))
        await tx.audit.note(now, person.id, "account.password_changed", account.id)
    return ended


async def end_other_sessions(ports: Ports, person: Person, token: str) -> int:
    """Sign somebody out everywhere but here.

    Returns:
        How many sessions ended.
    """
    account_id, now = AccountId(person.account_id), ports.clock.now()
    async with ports.store.write() as tx:
        ended = await tx.accounts.end_others(account_id, ports.secrets.digest(token))
        await tx.audit.note(now, person.id, "account.signed_out_elsewhere", account_id)
    return ended
