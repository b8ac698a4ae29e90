"""Hear a video provider: keep what it says once, whatever order and however often it says it."""

import hashlib
from collections.abc import Mapping

from vioP.domain.attendance import Evidence
from vioP.domain.errors import Missing
from vioP.domain.ids import SeatId, SessionId
from vioP.domain.room import Guest, Sighting
from vioP.flows.note_presence import Noted, begin_for_hosts, keep_all
from vioP.ports import Ports


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
    now = ports.clock.now()
    digest = hashlib.sha256(raw).hexdigest()
    heard = await rooms.verify(headers, raw, now)
    for seen in heard.sightings:
        found = await _noted(ports, provider, seen)
        facts = [found] if found is not None else []
        async with ports.store.write() as tx:
            for each in facts:
                await keep_all(ports, tx, [each])
                await tx.rooms.told(each.session_id, now)
            await tx.rooms.hear(provider, seen.event_id, digest, now)
        # A message that was heard before is kept again, and means the same: when this process
        # dies before the next line, the service's second try begins the session.
        await begin_for_hosts(ports, facts)
    return heard.answer


async def _noted(ports: Ports, provider: str, seen: Sighting) -> Noted | None:
    """The fact about a guest of a session of ours; nothing about anybody else."""
    async with ports.store.read() as tx:
        session_id = await tx.rooms.named(provider, seen.room)
        session = await tx.live.session(session_id) if session_id else None
    if session is None:
        return None
    is_host = seen.guest_id in session.staff
    if not is_host and SeatId(seen.guest_id) not in {each.id for each in session.seats}:
        return None
    guest = Guest(seen.guest_id, "", is_host)
    evidence = Evidence(seen.fact, seen.at, provider, seen.leg, seen.connection)
    return Noted(SessionId(session.id), guest, evidence, f"{provider}:{seen.event_id}")
