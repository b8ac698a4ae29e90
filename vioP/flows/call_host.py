"""Call the host: somebody is on the phone for a session, and must not be alone there."""

from datetime import timedelta

from vioP.domain.call import BRIDGE_PROMPT
from vioP.domain.delivery import Channel, Delivery, DeliveryKind
from vioP.domain.ids import SessionId
from vioP.domain.time import Instant, later
from vioP.flows.jobs import deliver_job
from vioP.ports import Ports
from vioP.storage import Transaction
from vioP.storage.attempts import Task

ON_HOLD = "on_hold"
_GOOD_FOR = timedelta(minutes=10)


async def call_host(ports: Ports, tx: Transaction, session_id: SessionId) -> bool:
    """Ring the host of a session, unless they are on the line or their phone rings.

    Without a host's number a coordinator is asked to bring them.

    Returns:
        Whether the host is there, or is being rung.
    """
    now = ports.clock.now()
    if await tx.bridges.is_under_way(session_id):
        return True
    number = await tx.bridges.host_phone(session_id)
    times = await tx.bridges.times_rung(session_id)
    key = f"bridge:{session_id}:{times}:phone"
    if not number:
        await bring_host(tx, session_id, key, now)
        return False
    call = Delivery(
        key=key,
        kind=DeliveryKind.BRIDGE,
        channel=Channel.PHONE,
        due=now,
        deadline=later(now, _GOOD_FOR),
        session_id=session_id,
        content={"phone": number, "prompt": BRIDGE_PROMPT},
    )
    await tx.deliveries.add([call], now)
    await ports.jobs.defer(tx, [deliver_job(Channel.PHONE, now)])
    return True


async def bring_host(
    tx: Transaction, session_id: SessionId, key: str, now: Instant
) -> None:
    """Put it before a coordinator that somebody is on the phone without a host."""
    await tx.attempts.ask(Task(f"hold:{key}", ON_HOLD, "", session_id), now)
