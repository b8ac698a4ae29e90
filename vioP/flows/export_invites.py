"""Export invites: every calendar message about a week, as it was or will be sent."""

from collections.abc import Sequence

from vioP.domain.delivery import DeliveryState
from vioP.domain.time import Week
from vioP.flows.tell_seats import decide_all
from vioP.flows.write_message import write_letter
from vioP.ports import Ports

_NEVER_SENT = frozenset({DeliveryState.SKIPPED, DeliveryState.DEAD})


async def export_invites(ports: Ports, week: Week) -> Sequence[tuple[str, bytes]]:
    """Every message of a week with its recipient, in the order of sending.

    Messages still waiting are written too, as they will be sent, and so are those of a week
    that is too far ahead to be told yet. What was superseded before it left is not: nobody
    was told.
    """
    async with ports.store.read() as tx:
        deliveries = await tx.deliveries.invites_of(week.monday)
        seats = await tx.tellings.standing(week, week)
        answers = await tx.replies.known(week, week)
    ahead = decide_all(ports, seats, week, answers)
    return [
        (delivery.content["address"], write_letter(ports, delivery).raw)
        for delivery in (*deliveries, *ahead.deliveries())
        if delivery.state not in _NEVER_SENT and delivery.key not in ahead.withdrawn
    ]
