"""Forget a password: staff ask for a link to their own mail address, and choose another one."""

from vioP.domain.limit import PASSWORD_LINKS, SIGN_IN_FROM_PLACE
from vioP.domain.one_time_link import OncePurpose
from vioP.flows.count_tries import Try, count_tries
from vioP.flows.one_time_link import send_one_time_link
from vioP.ports import Ports


async def forget_password(ports: Ports, email: str, place: str = "") -> None:
    """Mail a link that works once. Says nothing about whether the address is known.

    The password there is works until another one is chosen, and the second factor stays.

    Args:
        ports: The surroundings.
        email: What was typed as mail address.
        place: The address the request comes from.

    Raises:
        TooManyTries: Too many were asked for, known or not; use the last one, or wait.
    """
    address = email.strip().lower()
    links = Try("password_link", address, PASSWORD_LINKS)
    await count_tries(ports, [links, Try("sign_in", place, SIGN_IN_FROM_PLACE)])
    now = ports.clock.now()
    async with ports.store.write() as tx:
        account = await tx.accounts.by_email(address)
        if account is None or account.is_disabled or account.person.is_participant:
            return
        name = await tx.accounts.name_of(account.id)
        await send_one_time_link(ports, tx, account, name, OncePurpose.NEW_PASSWORD)
        # Whoever asks has not shown who they are, so nobody is named as the actor.
        await tx.audit.note(now, "nobody", "account.password_forgotten", account.id)
