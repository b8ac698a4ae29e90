"""A link that works once: mailed to staff, it lets them choose a password, and nothing more.

The password is half of a sign-in: whoever came by the link shows their second factor next.
"""

from dataclasses import dataclass

from vioP.domain.delivery import Channel, Delivery, DeliveryKind
from vioP.domain.errors import Invalid, OneTimeLinkOver
from vioP.domain.one_time_link import OncePurpose, OneTimeLink
from vioP.domain.password import why_not
from vioP.domain.time import later
from vioP.flows.jobs import deliver_job
from vioP.flows.sign_in import SignedIn, begin_session
from vioP.ports import Ports
from vioP.storage import Transaction
from vioP.storage.accounts import Account


@dataclass(frozen=True, slots=True)
class Opened:
    """What a link that still works leads to."""

    link: OneTimeLink
    account: Account
    name: str


async def send_one_time_link(
    ports: Ports, tx: Transaction, account: Account, name: str, purpose: OncePurpose
) -> None:
    """Mail a link to an account's own address; every older one of the account ends."""
    now = ports.clock.now()
    key = ports.secrets.mint("otl", now)
    link = OneTimeLink(key, account.id, purpose, now, later(now, purpose.lasts))
    token = token_of(ports, link.id)
    await tx.one_time_links.make(link, ports.secrets.digest(token))
    await tx.deliveries.add([_delivery(link, name, account.email)], now)
    await ports.jobs.defer(tx, [deliver_job(Channel.MAIL, now)])


def token_of(ports: Ports, link_id: str) -> str:
    """The token of a link: made from the house's key each time, and kept nowhere."""
    return ports.secrets.sealed_digest("one_time_link", link_id)


async def open_one_time_link(ports: Ports, token: str) -> Opened:
    """What a link leads to. Opening uses nothing up: mail scanners open links.

    Raises:
        OneTimeLinkOver: It was used, is too old, never was, or the account is closed.
    """
    async with ports.store.read() as tx:
        link = await tx.one_time_links.by_digest(ports.secrets.digest(token))
        if link is None or not link.is_open(ports.clock.now()):
            raise OneTimeLinkOver
        account = await tx.accounts.by_id(link.account_id)
        name = await tx.accounts.name_of(link.account_id)
    if account is None or account.is_disabled or account.person.is_participant:
        raise OneTimeLinkOver
    return Opened(link, account, name)


async def set_password_by_link(ports: Ports, token: str, password: str) -> SignedIn:
    """Give whoever holds a link the password they chose, and end what was begun before.

    Returns:
        Half a session: their second factor is asked for next.

    Raises:
        OneTimeLinkOver: The link does not work, or no longer.
        Invalid: The password is too easy to guess; the message says why, and the link works on.
    """
    opened = await open_one_time_link(ports, token)
    account = opened.account
    problem = why_not(password, (opened.name, account.email, ports.house.sender.name))
    if problem:
        raise Invalid(problem)
    kept = await ports.passwords.digest(password)
    now = ports.clock.now()
    async with ports.store.write() as tx:
        if not await tx.one_time_links.use(opened.link.id, now):
            raise OneTimeLinkOver
        await tx.accounts.set_password(account.id, kept)
        await tx.accounts.end_others(account.id, "")
        told = {"purpose": opened.link.purpose.value}
        await tx.audit.note(
            now, account.person.id, "account.password_set", account.id, told
        )
    return await begin_session(ports, account, is_half=True)


def _delivery(link: OneTimeLink, name: str, address: str) -> Delivery:
    return Delivery(
        key=f"one_time_link:{link.id}",
        kind=DeliveryKind.ONE_TIME_LINK,
        channel=Channel.MAIL,
        due=link.made_at,
        deadline=link.expires,
        account_id=link.account_id,
        content={
            "link_id": link.id,
            "purpose": link.purpose.value,
            "name": name,
            "address": address,
            "language": "en",
            "stamped": link.made_at.isoformat(),
        },
    )
