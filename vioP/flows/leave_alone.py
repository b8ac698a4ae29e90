"""Leave alone: somebody cannot talk now, and is not written to or called for a while."""

from vioP.domain.contact_facts import Way, cannot_talk_until
from vioP.domain.ids import ParticipantId
from vioP.domain.keyword import Wish
from vioP.domain.time import Instant, later
from vioP.flows.heed import Asked, heed
from vioP.flows.jobs import watch_job
from vioP.flows.record_join import open_link
from vioP.ports import Ports


def would_end(ports: Ports, starts: Instant, now: Instant) -> Instant:
    """Until when somebody is left alone who asks for it now, about what starts then.

    Just before the start it is the start they think of, when somebody would look for them.
    """
    is_near = later(starts, -ports.house.later_for) <= now < starts
    return later(starts if is_near else now, ports.house.later_for)


async def alone_until(ports: Ports, person: ParticipantId) -> Instant | None:
    """Until when somebody is left alone because they asked for it; nothing when they are not."""
    now = ports.clock.now()
    async with ports.store.read() as tx:
        known = await tx.contacts.of(person, now)
    return cannot_talk_until(known.reachable.facts, now) if known else None


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
        until=would_end(ports, seat.starts, now),
    )
    async with ports.store.write() as tx:
        await heed(ports, tx, asked, Wish.LATER)
        await ports.jobs.defer(tx, [watch_job(seat.session_id, now)])
    return would_end(ports, seat.starts, now)
