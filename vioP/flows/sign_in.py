"""Sign in: a password for staff, a mailed code for participants, a server-side session after."""

import hmac
from dataclasses import dataclass
from datetime import timedelta

from vioP.domain.access import Person
from vioP.domain.delivery import Channel, Delivery, DeliveryKind
from vioP.domain.errors import SignInFailed, TooManyTries
from vioP.domain.ids import AccountId
from vioP.domain.time import Instant, later
from vioP.flows.jobs import deliver_job
from vioP.ports import Ports
from vioP.storage.accounts import Account

CODE_LASTS = timedelta(minutes=10)
STAFF_LASTS, STAFF_IDLE = timedelta(hours=12), timedelta(minutes=30)
PARTICIPANT_LASTS = timedelta(hours=8)
_TRIES = 5


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new web session: its token goes to the browser and nowhere else."""

    token: str
    person: Person
    lasts: timedelta


async def sign_in_staff(ports: Ports, email: str, password: str) -> SignedIn:
    """Let a member of staff in.

    An unknown address takes as long and gets the same answer as a wrong password.

    Raises:
        SignInFailed: They do not go together.
    """
    async with ports.store.read() as tx:
        account = await tx.accounts.by_email(email.strip().lower())
    kept = account.password_hash if account else None
    fits = await ports.passwords.fits(password, kept)
    if account is None or not fits or account.is_disabled or account.person.is_participant:
        raise SignInFailed
    return await begin_session(ports, account)


async def send_code(ports: Ports, email: str) -> None:
    """Mail a participant a one-time code. Says nothing about whether the address is known."""
    now = ports.clock.now()
    async with ports.store.write() as tx:
        account = await tx.accounts.by_email(email.strip().lower())
        if account is None or account.is_disabled or not account.person.is_participant:
            return
        nonce = ports.secrets.token()
        await tx.accounts.offer_code(account.id, nonce, later(now, CODE_LASTS))
        await tx.deliveries.add([_code_delivery(account, nonce, now)], now)
        await ports.jobs.defer(tx, [deliver_job(Channel.MAIL, now)])


async def sign_in_with_code(ports: Ports, email: str, code: str) -> SignedIn:
    """Let a participant in, and use their code up.

    Raises:
        SignInFailed: The code is wrong, used or out of time.
        TooManyTries: It was tried too often; a new one must be sent.
    """
    now = ports.clock.now()
    async with ports.store.write() as tx:
        account = await tx.accounts.by_email(email.strip().lower())
        tried = await tx.accounts.try_code(account.id, now) if account else None
    if account is None or tried is None:
        raise SignInFailed
    nonce, tries = tried
    if tries > _TRIES:
        raise TooManyTries
    if not hmac.compare_digest(ports.secrets.code(nonce), code.strip().replace(" ", "")):
        raise SignInFailed
    async with ports.store.write() as tx:
        await tx.accounts.forget_code(account.id)
    return await begin_session(ports, account)


async def begin_session(ports: Ports, account: Account) -> SignedIn:
    """A new web session for somebody who has shown who they are."""
    now = ports.clock.now()
    lasts = PARTICIPANT_LASTS if account.person.is_participant else STAFF_LASTS
    token = ports.secrets.token()
    async with ports.store.write() as tx:
        await tx.accounts.begin_session(
            ports.secrets.digest(token), account.id, now, later(now, lasts)
        )
        await tx.audit.note(now, account.person.id, "account.signed_in", account.id)
    return SignedIn(token, account.person, lasts)


async def who_is(ports: Ports, token: str) -> Person | None:
    """Whose browser this is, or nothing when it must sign in again.

    Staff who have been idle too long must; participants may sit in a session for hours.
    """
    now = ports.clock.now()
    digest = ports.secrets.digest(token)
    async with ports.store.read() as tx:
        session = await tx.accounts.whose_session(digest, now)
    if session is None:
        return None
    idle = now - session.seen_at
    if not session.person.is_participant and idle > STAFF_IDLE:
        return None
    if idle > timedelta(minutes=1):
        async with ports.store.write() as tx:
            await tx.accounts.seen(digest, now)
    return session.person


async def sign_out(ports: Ports, token: str) -> None:
    """End a web session."""
    async with ports.store.write() as tx:
        await tx.accounts.end_session(ports.secrets.digest(token))


async def set_password(ports: Ports, account_id: AccountId, password: str) -> None:
    """Give an account a new password."""
    kept = await ports.passwords.digest(password)
    async with ports.store.write() as tx:
        await tx.accounts.set_password(account_id, kept)


def _code_delivery(account: Account, nonce: str, now: Instant) -> Delivery:
    return Delivery(
        key=f"code:{nonce[:16]}",
        kind=DeliveryKind.SIGN_IN_CODE,
        channel=Channel.MAIL,
        due=now,
        deadline=later(now, CODE_LASTS),
        account_id=account.id,
        content={"nonce": nonce, "name": "", "address": account.email},
    )
