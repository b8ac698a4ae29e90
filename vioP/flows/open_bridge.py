"""Open the phone bridge: ring a session's host, so that whoever is on the phone meets them."""

from dataclasses import dataclass

from vioP.domain.errors import Conflict, Missing
from vioP.domain.ids import SessionId
from vioP.flows.call_host import call_host
from vioP.ports import Ports


@dataclass(frozen=True, slots=True)
class Bridge:
    """How people can take part in a session by phone.

    Attributes:
        dial_in: The number they dial; empty where none is set.
        office: Where a person answers.
        connects: Whether calls are connected with the host's own phone.
        host_has_number: Whether the host has one that could ring.
        is_open: Whether it rings now, or the host is on it.
    """

    dial_in: str
    office: str
    connects: bool
    host_has_number: bool
    is_open: bool


async def show_bridge(ports: Ports, session_id: SessionId) -> Bridge:
    """How people can take part in a session by phone."""
    async with ports.store.read() as tx:
        number = await tx.bridges.host_phone(session_id)
        is_open = await tx.bridges.is_under_way(session_id)
    sender = ports.house.sender
    return Bridge(sender.dial_in, sender.phone, _connects(ports), bool(number), is_open)


async def open_bridge(ports: Ports, session_id: SessionId, by: str) -> None:
    """Ring the host now.

    Raises:
        Missing: There is no such session.
        Conflict: It is over, its host has no number, or calls here lead to no host's phone.
    """
    now = ports.clock.now()
    async with ports.store.write() as tx:
        session = await tx.live.session(session_id)
        if session is None:
            raise Missing
        if now >= session.ends:
            raise Conflict("This session is over.")
        if not _connects(ports):
            raise Conflict(
                "Calls here do not lead to a host's phone. Open the room instead."
            )
        if not await tx.bridges.host_phone(session_id):
            raise Conflict("No host of this session has a number in the people file.")
        await call_host(ports, tx, session_id)
        await tx.audit.note(now, by, "session.bridge_opened", session_id)


def _connects(ports: Ports) -> bool:
    return ports.telephone is not None and ports.carrier is not None
