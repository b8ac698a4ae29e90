"""Lose calls: those that were under way when this program ended are over, and unheard of."""

from vioP.domain.call import CallState
from vioP.flows.hear_call import hear_call
from vioP.ports import Ports


async def lose_calls(ports: Ports) -> int:
    """Settle every call that was placed and not reported about, so that ladders climb on.

    Right only where calls end with this program; it is asked for once, before any is placed.

    Returns:
        How many there were.
    """
    async with ports.store.read() as tx:
        keys = await tx.calls.unreported()
    for key in keys:
        await hear_call(ports, key, CallState.FAILED)
    return len(keys)
