"""Put out: whoever has lost their place is in the room no longer, and a room called off is over.

A link that opens nothing any more does not end what it opened before. This does, as a job:
queued by the transaction that takes the place away, and once more by every sweep while the
session could still be running.
"""

import structlog

from vioP.domain.ids import SessionId
from vioP.flows.choose_rooms import choose_rooms
from vioP.ports import Ports

log = structlog.get_logger()


async def put_out(ports: Ports, session_id: SessionId) -> None:
    """End what is open in a session's room for everybody who has no place there.

    Putting out twice is putting out once. Where the service can put nobody out, whoever is
    inside is for the host to remove; their way back in is closed all the same.

    Raises:
        Unavailable: The service did not answer; the job comes again.
    """
    rooms = await choose_rooms(ports, session_id)
    async with ports.store.read() as tx:
        called_off = await tx.rooms.is_called_off(session_id)
        unwelcome = await tx.rooms.unwelcome(session_id)
    provider = rooms.service
    # A room of our own may be entered before anybody pressed a button that chooses it.
    if rooms.chosen is None and not provider.is_ours:
        return
    for seat_id in sorted(unwelcome):
        await provider.revoke(session_id, seat_id)
    if called_off:
        await provider.close(session_id)
    if unwelcome and not (provider.puts_out or called_off):
        log.warning("room.host_must_remove", session_id=session_id, count=len(unwelcome))
