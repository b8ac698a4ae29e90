"""Sign in: a password for staff, a mailed code for participants, a server-side session after."""

import hmac
from dataclasses import dataclass
from datetime import timedelta

from vioP.domain.access import Person
from vioP.domain.delivery import Channel, Delivery, DeliveryKind
from vioP.domain.errors import SignInFailed, TooManyTries
from vioP.domain.ids import AccountId
from vioP.domain.limit import (
    CODES_SENT,
    PASSWORD_HERE,
    PASSWORD_OF_ACCOUNT,
    SIGN_IN_FROM_PLACE,
)
from vioP.domain.time import Instant, later
from vioP.flows.count_tries import Try, count_tries, forget_tries
from vioP.flows.jobs import deliver_job
from vioP.flows.unhindered import unhindered
from vioP.i18n import language
from vioP.ports import Ports
from vioP.storage.accounts import Account

CODE_LASTS = timedelta(minutes=10)
STAFF_LASTS, STAFF_IDLE = timedelta(hours=12), timedelta(minutes=30)
PARTICIPANT_LASTS = timedelta(hours=8)
HALF_LASTS = timedelta(minutes=10)
_TRIES = 5


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new web session: its token goes to the browser and nowhere else.

    Attributes:
        is_half: Whether it opens nothing before a second factor was shown.
    """

    token: str
    person: Person
    lasts: timedelta
    is_half: bool = False


async def sign_in_staff(
    ports: Ports, email: str, password: str, place: str = ""
) -> SignedIn:
    """Take a member of staff's password; the second factor comes after.

    An unknown address takes as long and gets the same answer as a wrong password.

    Args:
        ports: The house's surroundings.
        email: What was typed as mail address.
        password: What was typed as password.
        place: The address the request comes from.

    Raises:
        SignInFailed: They do not go together.
        TooManyTries: This was tried too often; wait.
    """
    address = email.strip().lower()
    here = Try("password", f"{address} {place}", PASSWORD_HERE)
    of_account = Try("password", address, PASSWORD_OF_ACCOUNT)
    await count_tries(ports, [here, of_account, _from(place)])
    async with ports.store.read() as tx:
        account = await tx.accounts.by_email(address)
    kept = account.password_hash if account else None
    fits = await ports.passwords.fits(password, kept)
    if account is None or not fits or account.is_disabled or account.person.is_participant:
        raise SignInFailed
    await forget_tries(ports, [here])
    return await begin_session(ports, account, is_half=True)


def _from(place: str) -> Try:
    return Try("sign_in", place, SIGN_IN_FROM_PLACE)


async def send_code(ports: Ports, email: str, place: str = "") -> None:
    """Mail a participant a one-time code. Says nothing about whether the address is known.

    Raises:
        TooManyTries: Too many were asked for, known or not; use the last one, or wait.
    """
    now = ports.clock.now()
    address = email.strip().lower()
    await count_tries(ports, [Try("code", address, CODES_SENT), _from(place)])
    async with ports.store.write() as tx:
        account = await tx.accounts.by_email(address)
        if account is None or account.is_disabled or not account.person.is_participant:
            return
        nonce = ports.secrets.token()
        await tx.accounts.offer_code(account.id, nonce, later(now, CODE_LASTS))
        await tx.deliveries.add([_code_delivery(account, nonce, now)], now)
        await ports.jobs.defer(tx, [deliver_job(Channel.MAIL, now)])


async def sign_in_with_code(
    ports: Ports, email: str, code: str, place: str = ""
) -> SignedIn:
    """Let a participant in, and use their code up.

    Raises:
        SignInFailed: The code is wrong, used or out of time.
        TooManyTries: It was tried too often; a new one must be sent.
    """
    await count_tries(ports, [_from(place)])
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


async def begin_session(
    ports: Ports,
    account: Account,
    *,
    is_half: bool = False,
    half: str = "account.password_given",
) -> SignedIn:
    """A new web session for somebody who has shown who they are, or half of it.

    Args:
        ports: The house's surroundings.
        account: Whose it is.
        is_half: Whether a second factor comes next.
        half: What the audit says of the half.
    """
    now = ports.clock.now()
    lasts = PARTICIPANT_LASTS if account.person.is_participant else STAFF_LASTS
    if is_half:
        lasts = HALF_LASTS
    token = ports.secrets.token()
    digest = ports.secrets.digest(token)
    async with ports.store.write() as tx:
        await tx.accounts.begin_session(
            digest, account.id, now, later(now, lasts), is_half=is_half
        )
        did = half if is_half else "account.signed_in"
        await tx.audit.note(now, account.person.id, did, account.id)
    return SignedIn(token, account.person, lasts, is_half)


async def who_is(ports: Ports, token: str, device: str = "") -> Person | None:
    """Whose browser this is, or nothing when it must sign in again.

    Staff who have been idle too long must; participants may sit in a session for hours.

    Args:
        ports: The house's surroundings.
        token: What the browser was given.
        device: What kind of device it is; of staff it is written down once.
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
    is_new = bool(device and not session.device and not session.person.is_participant)
    if idle > timedelta(minutes=1) or is_new:
        noted = _note_visit(ports, digest, device if is_new else "", now)
        await unhindered(noted, "visit.not_noted")
    return session.person


async def _note_visit(ports: Ports, digest: str, device: str, now: Instant) -> None:
    """Write down that a browser was heard of."""
    async with ports.store.write() as tx:
        await tx.accounts.seen(digest, now)
        if device:
            await tx.web_sessions.note_device(digest, device)


async def sign_out(ports: Ports, token: str) -> None:
    """End a web session."""
    async with ports.store.write() as tx:
        await tx.accounts.end_session(ports.secrets.digest(token))


async def set_password(ports: Ports, account_id: AccountId, password: str) -> None:
    """Give an account a new password, and end what was begun with the one before."""
    kept = await ports.passwords.digest(password)
    async with ports.store.write() as tx:
        await tx.accounts.set_password(account_id, kept)
        await tx.accounts.end_others(account_id, "")


def _code_delivery(account: Account, nonce: str, now: Instant) -> Delivery:
    return Delivery(
        key=f"code:{nonce[:16]}",
        kind=DeliveryKind.SIGN_IN_CODE,
        channel=Channel.MAIL,
        due=now,
        deadline=later(now, CODE_LASTS),
        account_id=account.id,
        content={
            "nonce": nonce,
            "name": "",
            "address": account.email,
            "language": language(),  # of the page it was asked for on
        },
    )
