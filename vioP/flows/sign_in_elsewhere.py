"""Sign in elsewhere: staff show who they are at their organisation's own service.

A browser takes a token along, in a cookie, and comes back with it. What binds the way there to
the way back is made from that token and the house's key, so nothing of a visit is kept. The
service's word is as good as a password: our second factor is asked for after it, unless the
house takes the service's word for that as well. Nobody is given an account this way.
"""

import hmac
from datetime import UTC, datetime

from vioP.domain.errors import Missing, NotKnownHere, NotVouchedFor
from vioP.domain.ids import AccountId
from vioP.domain.limit import SIGN_IN_FROM_PLACE
from vioP.domain.time import later
from vioP.domain.vouched import VISIT_LASTS, Returned, Visit, Vouched
from vioP.entering import Elsewhere
from vioP.flows.count_tries import Try, count_tries
from vioP.flows.sign_in import SignedIn, begin_session
from vioP.ports import Ports
from vioP.storage import Transaction
from vioP.storage.accounts import Account

BACK = "/sign-in/elsewhere/back"


async def go_elsewhere(ports: Ports) -> tuple[str, str]:
    """Begin a visit.

    Returns:
        The token to take along, and where to go.

    Raises:
        Missing: There is no such service.
        Unavailable: It does not answer.
    """
    service = _service(ports)
    ends = int(later(ports.clock.now(), VISIT_LASTS).timestamp())
    token = f"{ports.secrets.token()}.{ends}"
    return token, await service.address(_visit(ports, token), _back(ports))


async def come_back(
    ports: Ports, token: str, returned: Returned, place: str = ""
) -> SignedIn:
    """End a visit: let in whoever works here and is vouched for.

    Args:
        ports: The surroundings.
        token: What the browser took along.
        returned: What it brings back.
        place: The address the request comes from.

    Returns:
        A session, or half of one where our own second factor comes next.

    Raises:
        Missing: There is no such service.
        NotVouchedFor: Another browser went there, too long ago, or the service says nothing.
        NotKnownHere: Nobody who works here is who it vouches for.
        TooManyTries: Too much is tried from this place; wait.
        Unavailable: The service does not answer.
    """
    service = _service(ports)
    await count_tries(ports, [Try("sign_in", place, SIGN_IN_FROM_PLACE)])
    now = ports.clock.now()
    visit = _visit(ports, token)
    is_theirs = hmac.compare_digest(visit.state.encode(), returned.state.encode())
    if not is_theirs or not returned.code or _ends(token) <= now:
        raise NotVouchedFor
    vouched = await service.vouch(returned, visit, _back(ports), now)
    async with ports.store.write() as tx:
        account = await _account_of(ports, tx, vouched)
        if vouched.is_twice:
            did = "account.twice_elsewhere"
            await tx.audit.note(now, account.person.id, did, account.id)
    return await begin_session(
        ports, account, is_half=not vouched.is_twice, half="account.vouched_for"
    )


async def forget_elsewhere(ports: Ports, account_id: AccountId, by: str) -> None:
    """Forget who somebody is there: their next sign-in is matched by address again.

    Raises:
        Missing: Nothing is kept of them.
    """
    async with ports.store.write() as tx:
        if not await tx.known_elsewhere.forget(account_id):
            raise Missing("Nobody there is kept as this member of staff.")
        await tx.audit.note(ports.clock.now(), by, "account.unlinked", account_id)


async def _account_of(ports: Ports, tx: Transaction, vouched: Vouched) -> Account:
    """Whoever was known by that name there, or by their address the first time."""
    known = await tx.known_elsewhere.who(vouched.issuer, vouched.subject)
    if known is not None:
        account = await tx.accounts.by_id(known)
    elif vouched.email:
        account = await tx.accounts.by_email(vouched.email)
    else:
        account = None
    if account is None or account.is_disabled or account.person.is_participant:
        raise NotKnownHere
    if known is None:
        now, names = ports.clock.now(), (vouched.issuer, vouched.subject)
        if not await tx.known_elsewhere.link(*names, account.id, now):
            raise NotKnownHere  # an address that has gone to somebody else there
        await tx.audit.note(now, account.person.id, "account.linked", account.id)
    return account


def _service(ports: Ports) -> Elsewhere:
    if ports.elsewhere is None:
        raise Missing
    return ports.elsewhere


def _back(ports: Ports) -> str:
    return f"{ports.house.base_url}{BACK}"


def _visit(ports: Ports, token: str) -> Visit:
    sealed = ports.secrets.sealed_digest
    return Visit(
        *(sealed(f"visit-{each}", token) for each in ("state", "nonce", "verifier"))
    )


def _ends(token: str) -> datetime:
    """When a visit is over; only asked of tokens that were proven to be ours."""
    return datetime.fromtimestamp(int(token.rpartition(".")[2]), UTC)
