"""Say late: somebody comes, and not in time. They are given that time before anybody looks."""

from datetime import timedelta

from vioP.domain.contact_facts import Way, latest
from vioP.domain.errors import Conflict, Invalid, LinkUnknown
from vioP.domain.keyword import Wish
from vioP.domain.time import Instant, later
from vioP.flows.heed import Asked, heed
from vioP.flows.jobs import watch_job
from vioP.flows.record_join import open_link
from vioP.ports import Ports

MINUTES = (5, 10, 15, 20, 30)
BY_TEXT = timedelta(minutes=10)
AHEAD = timedelta(hours=12)


class TooLateToSay(Conflict):
    """That is no time we can wait for you. Please call us."""

    code = "late.cannot_wait"


def minutes_left(starts: Instant, ends: Instant, now: Instant) -> tuple[int, ...]:
    """How many minutes late somebody may say they are now; none too early or too late.

    They are counted from the start, or from now when it has begun.
    """
    if now < later(starts, -AHEAD):
        return ()
    begins, last = max(starts, now), min(latest(starts), ends)
    return tuple(each for each in MINUTES if later(begins, timedelta(minutes=each)) <= last)


async def say_late(ports: Ports, token: str, minutes: int) -> Instant:
    """Keep that somebody comes some minutes after the start, or from now when it has begun.

    The ladder of whoever is not marked high risk then begins at that moment. Saying it again
    replaces what was said before.

    Returns:
        When they are expected.

    Raises:
        LinkUnknown: The token is forged or withdrawn, or its session was called off.
        Invalid: Nobody is asked about so many minutes.
        TooLateToSay: It would be more than half an hour after the start, or the session is
            neither running nor near; they can still join, or call.
    """
    if minutes not in MINUTES:
        raise Invalid(f"Choose one of {', '.join(map(str, MINUTES))} minutes.")
    seat = (await open_link(ports, token)).seat
    now = ports.clock.now()
    if minutes not in minutes_left(seat.starts, seat.ends, now):
        raise TooLateToSay
    until = later(max(seat.starts, now), timedelta(minutes=minutes))
    asked = Asked(
        key=ports.secrets.mint("fct", now),
        person=seat.participant_id,
        way=Way.MAIL,
        number="",
        at=now,
        source="link",
        session_id=seat.session_id,
        seat_id=seat.id,
        until=until,
    )
    async with ports.store.write() as tx:
        found = await tx.seats.by_link(ports.secrets.digest(token))
        if found is None or not found.stands:
            raise LinkUnknown
        await heed(ports, tx, asked, Wish.LATE)
        await ports.jobs.defer(tx, [watch_job(seat.session_id, now)])
    return until
