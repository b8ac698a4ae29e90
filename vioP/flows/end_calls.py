"""End calls that ring for somebody who is here already."""

from vioP.domain.call import ALREADY_HERE, CallState
from vioP.domain.ids import SeatId, SessionId
from vioP.ports import Ports


async def end_calls(ports: Ports, session_id: SessionId, seat_id: SeatId) -> None:
    """Stop every phone that rings for a seat whose person has joined.

    Whoever had picked up by then hears that they are connected already. A call that was
    bridged goes on: some people stay on the phone beside the video.

    Raises:
        Unavailable: The telephone did not answer; the job is tried again.
    """
    if ports.telephone is None:
        return
    async with ports.store.read() as tx:
        calls = await tx.calls.to_end(session_id, seat_id)
    for key, reference in calls:
        await ports.telephone.end(reference, ALREADY_HERE)
        async with ports.store.write() as tx:
            await tx.calls.note(key, CallState.CANCELLED)
            await tx.attempts.settle(key, "joined", ports.clock.now(), "viop")
