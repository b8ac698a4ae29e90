"""Second factor: whoever knows a password shows an authenticator's code too.

Between the two the browser has half a session, which opens nothing but this question. The
session it gets after is a new one. An authenticator's secret is made from the house's key,
so that a copy of the database lets nobody in.
"""

import secrets
from dataclasses import dataclass

from vioP import authenticator
from vioP.domain.errors import Forbidden, NotSignedIn, WrongCode
from vioP.domain.ids import AccountId
from vioP.domain.limit import SECOND_FACTOR
from vioP.flows.count_tries import Try, count_tries, forget_tries
from vioP.flows.sign_in import SignedIn, begin_session
from vioP.ports import Ports
from vioP.storage.accounts import Account

_SPARES = 8
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another
_SPARE_LENGTH = 12


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody with half a session is asked.

    Attributes:
        secret: What a new authenticator is given; empty when they have one already.
        picture: The same, to be scanned.
        may_wait: Whether it may be set up another time.
    """

    secret: str
    picture: str
    may_wait: bool


async def ask_second_factor(ports: Ports, token: str) -> Question:
    """What to ask; a new authenticator stays the same until it has shown a code.

    Raises:
        NotSignedIn: The password must be given first, or again.
    """
    account = await _half_in(ports, token)
    async with ports.store.write() as tx:
        await tx.second_factors.offer(account.id, ports.secrets.token())
        factor = await tx.second_factors.of(account.id)
    if factor is None or factor.confirmed_at is not None:
        return Question("", "", may_wait=False)
    secret = ports.secrets.authenticator_secret(factor.nonce)
    picture = authenticator.picture(secret, account.email, ports.house.sender.name)
    return Question(secret, picture, may_wait=not ports.house.second_factor_required)


async def check_second_factor(
    ports: Ports, token: str, said: str
) -> tuple[SignedIn, tuple[str, ...]]:
    """Let somebody in by a code of their authenticator, or by a spare code.

    Returns:
        The new session, and spare codes to keep when the authenticator is new.

    Raises:
        NotSignedIn: The password must be given first, or again.
        WrongCode: The code is wrong, or was used before.
        TooManyTries: Too many were wrong; wait.
    """
    account = await _half_in(ports, token)
    tries = [Try("second_factor", account.id, SECOND_FACTOR)]
    await count_tries(ports, tries)
    now = ports.clock.now()
    async with ports.store.write() as tx:
        factor = await tx.second_factors.of(account.id)
        if factor is None:
            raise WrongCode
        is_new = factor.confirmed_at is None
        secret = ports.secrets.authenticator_secret(factor.nonce)
        step = authenticator.step_of(secret, said, now)
        if step is not None:
            fits = await tx.second_factors.use(account.id, step, now)
        else:
            fits = not is_new and await tx.second_factors.use_spare(
                account.id, _kept(ports, account.id, said)
            )
        if not fits:
            raise WrongCode
        spares = tuple(_spare() for _ in range(_SPARES)) if is_new else ()
        if is_new:
            kept = [_kept(ports, account.id, each) for each in spares]
            await tx.second_factors.keep_spares(account.id, kept)
            await tx.audit.note(now, account.person.id, "account.second_factor", account.id)
        elif step is None:
            await tx.audit.note(now, account.person.id, "account.spare_code", account.id)
        await tx.accounts.end_session(ports.secrets.digest(token))
    await forget_tries(ports, tries)
    return await begin_session(ports, account), spares


async def put_off_second_factor(ports: Ports, token: str) -> SignedIn:
    """Let somebody in by their password alone, where the house allows it.

    Raises:
        NotSignedIn: The password must be given first, or again.
        Forbidden: They have an authenticator, or must set one up.
    """
    account = await _half_in(ports, token)
    async with ports.store.write() as tx:
        factor = await tx.second_factors.of(account.id)
        has_one = factor is not None and factor.confirmed_at is not None
        if has_one or ports.house.second_factor_required:
            raise Forbidden("Set up an authenticator, or use the one you have.")
        await tx.accounts.end_session(ports.secrets.digest(token))
    return await begin_session(ports, account)


async def forget_second_factor(ports: Ports, account_id: AccountId, by: str) -> None:
    """Forget somebody's authenticator and passkeys, which are lost, and sign them out.

    Whoever found them gets no further; a new authenticator is set up at the next sign-in.
    """
    now = ports.clock.now()
    async with ports.store.write() as tx:
        await tx.second_factors.forget(account_id)
        await tx.passkeys.forget(account_id)
        await tx.accounts.end_others(account_id, "")
        await tx.audit.note(now, by, "account.second_factor_forgotten", account_id)


async def _half_in(ports: Ports, token: str) -> Account:
    digest = ports.secrets.digest(token)
    async with ports.store.read() as tx:
        account_id = await tx.accounts.half_in(digest, ports.clock.now())
        account = await tx.accounts.by_id(account_id) if account_id else None
    if account is None or account.is_disabled:
        raise NotSignedIn
    return account


def _spare() -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(_SPARE_LENGTH))


def _kept(ports: Ports, account_id: AccountId, spare: str) -> str:
    plain = "".join(spare.split()).replace("-", "").lower()
    return ports.secrets.sealed_digest("spare", f"{account_id}:{plain}")
