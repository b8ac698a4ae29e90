"""Tell a whole session something: the host is late, or the room does not work."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from enum import StrEnum

from vioP.domain.approach import NUDGE_WAYS
from vioP.domain.contact import ContactPolicy, Reach, may_reach
from vioP.domain.delivery import Channel, Delivery, DeliveryKind, DeliveryState
from vioP.domain.errors import Conflict, Invalid, Missing
from vioP.domain.fallback import Breaker
from vioP.domain.ids import ParticipantId, SessionId
from vioP.domain.live import LiveSeat, LiveSession
from vioP.domain.time import Instant, later
from vioP.flows.jobs import deliver_job, watch_job
from vioP.ports import Ports
from vioP.storage.contacts import KnownPerson
from vioP.storage.marks import ToldNews

_GOOD_FOR = timedelta(minutes=10)


class SessionNews(StrEnum):
    """What staff can say about a whole session."""

    HOST_LATE = "host_late"
    ROOM_DOWN = "room_down"
    ROOM_UP = "room_up"


async def tell_session(ports: Ports, session_id: SessionId, news: str, by: str) -> int:
    """Keep what staff say about a session, and tell its people where they must know.

    While a room is down nobody is called: everybody gets the number to dial instead. Each
    message passes the gate, and goes to a person once for each time it is said.

    Returns:
        How many messages leave.

    Raises:
        Invalid: There is no such news.
        Missing: There is no such session.
        Conflict: It is over.
    """
    if news not in set(SessionNews):
        raise Invalid(f"A session can be {', '.join(SessionNews)}.")
    now = ports.clock.now()
    async with ports.store.write() as tx:
        session = await tx.live.session(session_id)
        if session is None:
            raise Missing
        if now >= session.ends:
            raise Conflict("This session is over.")
        mark = ports.secrets.mint("mrk", now)
        await tx.marks.add(mark, session_id, news, now, by)
        messages: list[Delivery] = []
        if news == SessionNews.ROOM_UP:
            await tx.attempts.settle_of_session(session_id, Breaker.INCIDENT, "over", now)
        else:
            people = await tx.contacts.of_session(session_id, now)
            policy = ports.house.contact_policy(session.quiet_hours)
            messages = list(_messages(session, people, policy, (news, mark), now))
        await tx.deliveries.add(messages, now)
        await tx.audit.note(now, by, f"session.{news}", session_id)
        channels = sorted({each.channel for each in messages})
        jobs = [deliver_job(channel, now) for channel in channels]
        await ports.jobs.defer(tx, [*jobs, watch_job(session_id, now)])
    return sum(each.state is DeliveryState.PENDING for each in messages)


async def show_news(ports: Ports, session_id: SessionId) -> Sequence[ToldNews]:
    """What everybody of a session was told, the oldest first, and whom that did not reach."""
    async with ports.store.read() as tx:
        return await tx.marks.told(session_id)


def _messages(
    session: LiveSession,
    people: Mapping[ParticipantId, KnownPerson],
    policy: ContactPolicy,
    what: tuple[str, str],
    now: Instant,
) -> Iterator[Delivery]:
    for seat in session.seats:
        if seat.is_excused:
            continue
        for channel, way in NUDGE_WAYS:
            reachable = people[seat.participant_id].reachable
            answer = may_reach(reachable, way, policy, now)
            yield _message(session, seat, (channel, answer), what, now)


def _message(
    session: LiveSession,
    seat: LiveSeat,
    where: tuple[str, Reach | str],
    what: tuple[str, str],
    now: Instant,
) -> Delivery:
    channel, answer = where
    news, mark = what
    to = answer.to if isinstance(answer, Reach) else ""
    return Delivery(
        key=f"{news}:{seat.id}:{mark}:{channel}",
        kind=DeliveryKind(news),
        channel=Channel(channel),
        due=now,
        deadline=later(now, _GOOD_FOR),
        session_id=session.id,
        seat_id=seat.id,
        content={
            "name": seat.name,
            "address": to,
            "phone": to,
            "language": seat.language,
        },
        state=DeliveryState.PENDING if isinstance(answer, Reach) else DeliveryState.SKIPPED,
        reason=None if isinstance(answer, Reach) else str(answer),
    )
