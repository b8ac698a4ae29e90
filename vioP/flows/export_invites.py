"""Export invites: every calendar message that was sent about a week, as it was sent."""

from collections.abc import Sequence

from vioP.domain.delivery import DeliveryState
from vioP.domain.time import Week
from vioP.flows.write_message import write_letter
from vioP.ports import Ports

_NEVER_SENT = frozenset({DeliveryState.SKIPPED, DeliveryState.DEAD})


async def export_invites(ports: Ports, week: Week) -> Sequence[tuple[str, bytes]]:
    """Every message of a week with its recipient, in the order of sending.

    Messages still waiting are written too, as they will be sent. What was superseded before
    it left is not: nobody was told.
    """
    async with ports.store.read() as tx:
        deliveries = await tx.deliveries.invites_of(week.monday)
    return [
        (delivery.content["address"], write_letter(ports, delivery).raw)
        for delivery in deliveries
        if delivery.state not in _NEVER_SENT
    ]
