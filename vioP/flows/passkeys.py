"""Passkeys: made by whoever has just signed in, and enough to sign in with.

A device shows a passkey only to its owner's face, finger or PIN, so it is both factors at once.
Each question is asked of one browser, for one purpose, for five minutes, and once.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from vioP.domain.access import Person
from vioP.domain.errors import Conflict, Invalid, Missing, SignInFailed
from vioP.domain.limit import SIGN_IN_FROM_PLACE
from vioP.domain.passkey import ASKED_FOR, AT_MOST, FRESH, LONGEST_NAME, Passkey
from vioP.domain.text import clean_name
from vioP.domain.time import Instant, later
from vioP.flows.count_tries import Try, count_tries
from vioP.flows.sign_in import (
    PARTICIPANT_LASTS,
    STAFF_LASTS,
    SignedIn,
    begin_session,
)
from vioP.passkey_check import (
    Owner,
    Site,
    ask_to_make,
    ask_to_sign,
    check_made,
    check_signed,
    id_of,
)
from vioP.ports import Ports

_SIGN_IN = "sign_in"


@dataclass(frozen=True, slots=True)
class Question:
    """What a browser is asked, and what ties the answer to it.

    Attributes:
        token: Goes into a cookie of this browser and comes back with its answer.
        options: JSON for ``navigator.credentials``.
    """

    token: str
    options: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a browser answers.

    Attributes:
        token: From the cookie that came with the question.
        said: JSON from ``navigator.credentials``.
    """

    token: str
    said: str


async def passkeys_of(ports: Ports, person: Person) -> Sequence[Passkey]:
    """Somebody's passkeys, the oldest first."""
    async with ports.store.read() as tx:
        account = await tx.accounts.of_person(person.id)
        return await tx.passkeys.of(account.id) if account else ()


async def ask_for_passkey(
    ports: Ports, site: Site, person: Person, session: str
) -> Question:
    """Ask a browser to make a passkey for whoever has just signed in there.

    Args:
        ports: The surroundings.
        site: Where passkeys hold.
        person: Who.
        session: The token of their web session.

    Raises:
        Conflict: They signed in too long ago, or have enough passkeys.
    """
    now = ports.clock.now()
    token = ports.secrets.token()
    async with ports.store.write() as tx:
        account = await tx.accounts.of_person(person.id)
        ends = await tx.passkeys.ends_at(ports.secrets.digest(session))
        if account is None:
            raise Missing
        lasts = PARTICIPANT_LASTS if person.is_participant else STAFF_LASTS
        if ends is None or ends - now < lasts - FRESH:
            raise Conflict(
                "Sign out, sign in again, and then add the passkey: it opens all."
            )
        known = await tx.passkeys.of(account.id)
        if len(known) >= AT_MOST:
            raise Conflict("You have enough passkeys. Remove one first.")
        owner = Owner(account.id, account.email, tuple(each.id for each in known))
        options = ask_to_make(site, owner, _challenge(ports, token))
        digest, until = ports.secrets.digest(token), later(now, ASKED_FOR)
        await tx.passkeys.ask(digest, _adding(account.id), now, until)
    return Question(token, options)


async def keep_passkey(
    ports: Ports, site: Site, person: Person, answer: Answer, name: str
) -> None:
    """Keep the passkey a device has made.

    Raises:
        Invalid: It has no name, or does not answer what was asked; ask again.
        Conflict: It is kept already.
    """
    called = clean_name(name)[:LONGEST_NAME]
    if not called:
        raise Invalid("Give the passkey a name, such as the device it is on.")
    made = check_made(site, answer.said, _challenge(ports, answer.token))
    now = ports.clock.now()
    async with ports.store.write() as tx:
        account = await tx.accounts.of_person(person.id)
        if account is None:
            raise Missing
        digest = ports.secrets.digest(answer.token)
        if not await tx.passkeys.answer(digest, _adding(account.id), now):
            raise Invalid("This took too long. Try again.")
        kept = Passkey(made.id, account.id, called, made.public_key, made.count, now)
        if not await tx.passkeys.add(kept):
            raise Conflict("This passkey is kept already.")
        await tx.audit.note(now, person.id, "passkey.added", account.id)


async def remove_passkey(ports: Ports, person: Person, passkey_id: str) -> None:
    """Let a passkey open nothing any more.

    Raises:
        Missing: It is not theirs.
    """
    now = ports.clock.now()
    async with ports.store.write() as tx:
        account = await tx.accounts.of_person(person.id)
        if account is None or await tx.passkeys.remove(passkey_id, account.id) is None:
            raise Missing
        await tx.audit.note(now, person.id, "passkey.removed", account.id)


async def ask_to_sign_in(ports: Ports, site: Site, place: str) -> Question:
    """Ask a browser for any passkey it has for us. It tells nothing about who is known.

    Raises:
        TooManyTries: Too many were asked for from this place; wait.
    """
    await count_tries(ports, [Try("sign_in", place, SIGN_IN_FROM_PLACE)])
    now = ports.clock.now()
    token = ports.secrets.token()
    options = ask_to_sign(site, _challenge(ports, token))
    async with ports.store.write() as tx:
        digest, until = ports.secrets.digest(token), later(now, ASKED_FOR)
        await tx.passkeys.ask(digest, _SIGN_IN, now, until)
    return Question(token, options)


async def sign_in_with_passkey(ports: Ports, site: Site, answer: Answer) -> SignedIn:
    """Let in whoever's device signed what this browser was asked.

    Raises:
        SignInFailed: It is unknown, signed something else or a second time, its account is
            closed, or there are two of its device. All look alike.
    """
    now = ports.clock.now()
    async with ports.store.write() as tx:  # used up whatever comes of it
        is_open = await tx.passkeys.answer(
            ports.secrets.digest(answer.token), _SIGN_IN, now
        )
        passkey = await tx.passkeys.by_id(id_of(answer.said))
        account = await tx.accounts.by_id(passkey.account_id) if passkey else None
    if not is_open or passkey is None or account is None or account.is_disabled:
        raise SignInFailed
    try:
        challenge = _challenge(ports, answer.token)
        count = check_signed(site, answer.said, challenge, passkey.public_key)
    except Invalid as error:
        raise SignInFailed from error
    if not await _note_use(ports, passkey, count, now):
        raise SignInFailed
    return await begin_session(ports, account)


async def _note_use(ports: Ports, passkey: Passkey, count: int, now: Instant) -> bool:
    """Write down that it was used; refused, and told, where its device counts backwards."""
    async with ports.store.write() as tx:
        newest = await tx.passkeys.by_id(passkey.id)
        if newest is None:
            return False
        if newest.goes_back(count):
            account_id = passkey.account_id
            await tx.audit.note(now, "viop", "passkey.counts_back", account_id)
            return False
        await tx.passkeys.used(passkey.id, count, now)
    return True


def _adding(account_id: str) -> str:
    return f"add {account_id}"


def _challenge(ports: Ports, token: str) -> bytes:
    """What a device signs, made from the token in this browser's cookie."""
    return ports.secrets.sealed_digest("passkey", token).encode()
