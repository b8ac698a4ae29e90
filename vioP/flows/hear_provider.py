"""Hear a video provider: keep what it says once, whatever order and however often it says it."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from vioP.domain.attendance import Evidence
from vioP.domain.errors import Missing
from vioP.domain.room import Guest, Sighting
from vioP.flows.note_presence import Noted, begin_for_hosts, keep_all
from vioP.ports import Ports
from vioP.storage import Transaction
from vioP.storage.rooms import HeardEvent


@dataclass(frozen=True, slots=True)
class Message:
    """What a provider said at once, and the digest of its words."""

    provider: str
    sightings: Sequence[Sighting]
    digest: str


async def hear_provider(
    ports: Ports, provider: str, headers: Mapping[str, str], raw: bytes
) -> Mapping[str, str]:
    """Keep a provider's message; when this returns, it is kept.

    Returns:
        What the provider waits to hear back; empty when any answer will do.

    Raises:
        Missing: This house has no such provider.
        Forged: The message is not proven to come from it. Nothing was kept.
    """
    rooms = ports.rooms_of(provider)
    if rooms is None:
        raise Missing
    heard = await rooms.verify(headers, raw, ports.clock.now())
    if heard.sightings:
        message = Message(provider, heard.sightings, hashlib.sha256(raw).hexdigest())
        facts = await ports.messages.do(message, partial(_keep, ports))
        # A message that was heard before is kept again, and means the same: when this process
        # dies before the next line, the service's second try begins the session.
        await begin_for_hosts(ports, facts)
    return heard.answer


async def _keep(ports: Ports, messages: Sequence[Message]) -> Sequence[Sequence[Noted]]:
    """Keep messages, all of them or none; answers what each says of guests of ours."""
    now = ports.clock.now()
    async with ports.store.write() as tx:
        told = [await _noted(tx, each) for each in messages]
        facts = [each for one in told for each in one]
        await keep_all(ports, tx, facts)
        await tx.rooms.told({each.session_id for each in facts}, now)
        await tx.rooms.hear([event for each in messages for event in _events(each)], now)
    return told


async def _noted(tx: Transaction, message: Message) -> Sequence[Noted]:
    """The facts about guests of sessions of ours; nothing about anybody else."""
    facts = []
    for seen in message.sightings:
        place = await tx.rooms.place(message.provider, seen.room, seen.guest_id)
        if place is not None:
            session_id, is_host = place
            guest = Guest(seen.guest_id, "", is_host)
            evidence = Evidence(
                seen.fact, seen.at, message.provider, seen.leg, seen.connection
            )
            key = f"{message.provider}:{seen.event_id}"
            facts.append(Noted(session_id, guest, evidence, key))
    return facts


def _events(message: Message) -> Sequence[HeardEvent]:
    return [
        HeardEvent(message.provider, each.event_id, message.digest)
        for each in message.sightings
    ]
