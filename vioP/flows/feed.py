"""Feeds: somebody's whole calendar behind a secret address, which they can replace."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from vioP.calendars.feed import render_feed
from vioP.domain.errors import LinkUnknown
from vioP.domain.ids import ParticipantId, StaffId
from vioP.domain.invite import Invite, Method
from vioP.domain.time import Instant, later
from vioP.domain.week import ToldSeat
from vioP.i18n import reading
from vioP.ports import Ports
from vioP.storage import Transaction
from vioP.storage.feeds import FeedOwner, HostedSession

_LOOKS_BACK = timedelta(days=28)
# A calendar that meets an error may keep what it holds; an empty feed empties it first.
_EMPTY_FOR = timedelta(days=30)
_HOSTS_READ = "Your link, for you alone: {link}"


@dataclass(frozen=True, slots=True)
class Feed:
    """What an address answers.

    Attributes:
        etag: The same as long as the body is.
        body: The calendar; nothing for whoever holds it already.
        is_over: Whether its person left so long ago that nobody should ask again.
    """

    etag: str = ""
    body: bytes | None = None
    is_over: bool = False


async def read_feed(ports: Ports, token: str, held: Sequence[str] = ()) -> Feed:
    """Somebody's calendar as it is now.

    Args:
        ports: The surroundings.
        token: The secret part of the address.
        held: Tags of the calendars the asker has kept.

    Raises:
        LinkUnknown: No address like this is in use.
    """
    now = ports.clock.now()
    async with ports.store.read() as tx:
        owner = await tx.feeds.owner(ports.secrets.digest(token))
        if owner is None:
            raise LinkUnknown
        standing = await _standing(tx, owner, now)
        if standing is Stay.OVER:
            return Feed(is_over=True)
        since = later(
            Instant(now.replace(hour=0, minute=0, second=0, microsecond=0)), -_LOOKS_BACK
        )
        house = f"{ports.house.base_url} {ports.house.sender}"
        facts = (
            f"{owner} {standing} {since} {house} {await tx.feeds.revision(owner.person_id)}"
        )
        kept = ports.feeds.get(facts)
        events: tuple[Invite, ...] = ()
        if kept is None and standing is Stay.ON:
            events = await _events(ports, tx, owner, since)
    if kept is None:
        words = _HOSTS_READ if owner.is_staff else ""
        # Hundreds of new events take a moment, and others must not wait for it.
        with reading(owner.language):
            body = await asyncio.to_thread(render_feed, events, ports.house.sender, words)
        kept = ports.feeds.put(facts, body)
    return Feed(kept.etag, None if kept.etag in held else kept.body)


async def one_event(ports: Ports, token: str) -> bytes:
    """The appointment behind a join link, as a file for a calendar.

    It has the uid of the invite, so a calendar that holds the invite holds it once.

    Raises:
        LinkUnknown: The token is forged or withdrawn, or its session was called off.
    """
    async with ports.store.read() as tx:
        own = await tx.seats.by_link(ports.secrets.digest(token))
        if own is None or not own.stands:
            raise LinkUnknown
        seats = await tx.feeds.seats(own.participant_id, own.starts)
    events = [_seat(ports, each) for each in seats if each.id == own.id]
    return await asyncio.to_thread(render_feed, events, ports.house.sender, "")


async def renew_feed(ports: Ports, person_id: str, by: str) -> None:
    """Give somebody a new address. The one before, if there was one, opens nothing more."""
    now = ports.clock.now()
    async with ports.store.write() as tx:
        version = (await tx.feeds.version(person_id) or 0) + 1
        token = ports.secrets.feed_token(person_id, version)
        await tx.feeds.save(person_id, version, ports.secrets.digest(token), now)
        await tx.audit.note(now, by, "feed.renewed", person_id, {"version": str(version)})


async def feed_path(ports: Ports, person_id: str) -> str | None:
    """Where somebody's calendar is, from the root of this service on; nothing before the first."""
    async with ports.store.read() as tx:
        version = await tx.feeds.version(person_id)
    if version is None:
        return None
    return f"/calendar/{ports.secrets.feed_token(person_id, version)}.ics"


class Stay(StrEnum):
    """Whether somebody's calendar is filled, emptied, or not to be asked for any more."""

    ON = "on"
    EMPTY = "empty"
    OVER = "over"


async def _standing(tx: Transaction, owner: FeedOwner, now: Instant) -> Stay:
    if owner.is_retired:
        return Stay.OVER
    if owner.is_staff:
        return Stay.ON
    last = await tx.feeds.last_day(ParticipantId(owner.person_id))
    today = now.astimezone(ZoneInfo(owner.zone)).date()
    if last is None or today < last:
        return Stay.ON
    return Stay.EMPTY if today < last + _EMPTY_FOR else Stay.OVER


async def _events(
    ports: Ports, tx: Transaction, owner: FeedOwner, since: Instant
) -> tuple[Invite, ...]:
    """What is in somebody's calendar."""
    if owner.is_staff:
        hosted = await tx.feeds.hosted(StaffId(owner.person_id), since)
        return tuple(_hosted(ports, owner, each) for each in hosted)
    seats = await tx.feeds.seats(ParticipantId(owner.person_id), since)
    return tuple(_seat(ports, each) for each in seats)


def _seat(ports: Ports, seat: ToldSeat) -> Invite:
    return Invite(
        uid=seat.uid,
        sequence=seat.sequence,
        method=Method.REQUEST,
        stamped=seat.stamped,
        starts=seat.starts,
        ends=seat.ends,
        zone=seat.zone,
        name="",
        address="",
        join_url=ports.join_url(seat.id),
        pin=ports.pin(seat.id),
    )


def _hosted(ports: Ports, owner: FeedOwner, session: HostedSession) -> Invite:
    return Invite(
        uid=ports.secrets.feed_uid(session.id, StaffId(owner.person_id)),
        sequence=session.number,
        method=Method.REQUEST,
        stamped=session.published_at,
        starts=session.starts,
        ends=session.ends,
        zone=owner.zone,
        name="",
        address="",
        join_url=f"{ports.house.base_url}/sessions/{session.id}",
    )
