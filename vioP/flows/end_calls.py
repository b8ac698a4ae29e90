"""End calls that ring for somebody who is here already, or is not looked for any more."""

from vioP.domain.attendance import Presence
from vioP.domain.call import ALREADY_HERE, NOT_NEEDED, CallState
from vioP.domain.ids import SeatId, SessionId
from vioP.flows.jobs import end_calls_job
from vioP.ports import Ports
from vioP.storage import Transaction


async def call_off(
    ports: Ports, tx: Transaction, session_id: SessionId, seat_id: SeatId
) -> None:
    """Have every phone that rings for a seat stop, as soon as this transaction commits.

    Whoever has come is known to be here, so no look into the room is waited for.
    """
    if ports.telephone is not None and await tx.calls.to_end(session_id, seat_id):
        job = end_calls_job(session_id, seat_id, ports.clock.now())
        await ports.jobs.defer(tx, [job])


async def end_calls(ports: Ports, session_id: SessionId, seat_id: SeatId) -> None:
    """Stop every phone that rings for a seat whose person has joined, or will not come.

    Whoever had picked up by then hears that they are connected already, or that the call is
    not needed. One that was bridged goes on: some people stay on the phone beside the video.

    Raises:
        Unavailable: The telephone did not answer; the job is tried again.
    """
    if ports.telephone is None:
        return
    async with ports.store.read() as tx:
        calls = await tx.calls.to_end(session_id, seat_id)
        session = await tx.live.session(session_id) if calls else None
    seats = session.seats if session else ()
    here = any(each.id == seat_id and each.presence is Presence.PRESENT for each in seats)
    words, outcome = (ALREADY_HERE, "joined") if here else (NOT_NEEDED, "cancelled")
    for key, reference in calls:
        await ports.telephone.end(reference, words)
        async with ports.store.write() as tx:
            await tx.calls.note(key, CallState.CANCELLED)
            await tx.attempts.settle(key, outcome, ports.clock.now(), "viop")
