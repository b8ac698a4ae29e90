"""Leave alone: somebody cannot talk now, and is not written to or called for a while."""

from vioP.domain.contact_facts import Way
from vioP.domain.keyword import Wish
from vioP.domain.time import Instant, later
from vioP.flows.heed import Asked, heed
from vioP.flows.jobs import watch_job
from vioP.flows.record_join import open_link
from vioP.ports import Ports


async def leave_alone(ports: Ports, token: str) -> Instant:
    """Keep that somebody cannot talk, as if they had written L: staff see it, phones are quiet.

    Returns:
        Until when they are left alone.

    Raises:
        LinkUnknown: The token is forged or withdrawn, or its session was called off.
    """
    seat = (await open_link(ports, token)).seat
    now = ports.clock.now()
    asked = Asked(
        key=ports.secrets.mint("fct", now),
        person=seat.participant_id,
        way=Way.TEXT,
        number="",
        at=now,
        source="link",
        session_id=seat.session_id,
        seat_id=seat.id,
    )
    async with ports.store.write() as tx:
        await heed(ports, tx, asked, Wish.LATER)
        await ports.jobs.defer(tx, [watch_job(seat.session_id, now)])
    return later(now, ports.house.later_for)
