"""Own sessions: where somebody is signed in, and signing out there from here."""

from collections.abc import Sequence

from vioP.domain.access import Person
from vioP.domain.errors import Missing
from vioP.domain.ids import AccountId
from vioP.domain.time import later
from vioP.flows.sign_in import STAFF_IDLE
from vioP.ports import Ports
from vioP.storage.web_sessions import OwnSession


async def show_own_sessions(
    ports: Ports, person: Person, token: str
) -> tuple[OwnSession | None, Sequence[OwnSession]]:
    """The session somebody looks from, and every other one that still opens something."""
    now = ports.clock.now()
    here = ports.secrets.digest(token)
    async with ports.store.read() as tx:
        found = await tx.web_sessions.of(
            AccountId(person.account_id), now, later(now, -STAFF_IDLE)
        )
    own = next((each for each in found if each.token_hash == here), None)
    return own, [each for each in found if each.token_hash != here]


async def end_own_session(ports: Ports, person: Person, name: str) -> None:
    """Sign somebody out in one other place.

    Raises:
        Missing: They are not signed in there, or no longer.
    """
    account_id = AccountId(person.account_id)
    async with ports.store.write() as tx:
        if not await tx.web_sessions.end(account_id, name):
            raise Missing("You are not signed in there any more.")
        now = ports.clock.now()
        await tx.audit.note(now, person.id, "account.signed_out_there", account_id)
