"""Deliveries as rows: written with their cause, claimed with their guard, settled once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from vioP.domain.attendance import Presence, is_excused, presence
from vioP.domain.contact_facts import ContactKind
from vioP.domain.delivery import (
    Channel,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Surroundings,
)
from vioP.domain.ids import AccountId, SeatId, SessionId
from vioP.domain.time import Instant, instant
from vioP.storage.database import Connection, Row
from vioP.storage.evidence import seen_now

# A delivery that exists is never written twice, whatever became of it.
ADD = """
INSERT INTO delivery
  (key, kind, channel, session_id, seat_id, account_id, revision, due, deadline, content,
   state, reason, created_at, done_at)
VALUES
  (:key, :kind, :channel, :session_id, :seat_id, :account_id, :revision, :due, :deadline,
   SEALED(:content, delivery.content, :key), :state, :reason, :created_at, :done_at)
ON CONFLICT (key) DO NOTHING
"""

# Somebody waits for a nudge or a code now; a week of invites waits behind them.
# What is due, or was being sent by somebody who has gone quiet. Of one seat's messages a
# later one waits for an earlier one: a request after its cancellation would undo it.
CLAIM = """
WITH ready AS MATERIALIZED (
  SELECT key FROM delivery
  WHERE channel = :channel AND due <= :now AND (
    state = 'pending' OR (state = 'sending' AND lease_until <= :now)
  ) AND NOT EXISTS (
    SELECT 1 FROM delivery AS before
    WHERE before.seat_id = delivery.seat_id AND before.channel = delivery.channel
      AND before.kind IN ('invite', 'cancel') AND delivery.kind IN ('invite', 'cancel')
      AND before.revision < delivery.revision AND before.state = 'sending'
      AND before.lease_until > :now
  )
  ORDER BY CASE WHEN kind IN ('nudge', 'sign_in_code', 'host_late', 'room_down', 'phone_code',
    'setup_link', 'one_time_link') THEN 0 ELSE 1 END, due, key
  LIMIT :at_most FOR UPDATE SKIP LOCKED
)
UPDATE delivery
SET state = 'sending', lease_until = :lease_until, turn = turn + 1, attempts = attempts + 1
WHERE key IN (SELECT key FROM ready)
RETURNING key, kind, channel, session_id, seat_id, account_id, revision, due, deadline,
  OPENED(delivery.content), state, reason, turn, attempts
"""

# What the guard asks about a claimed delivery's seat. What was claimed for the first time
# just now, beside it, has surely not left.
AROUND = """
SELECT delivery.key, seat.sequence, seat.state AS seat_state, session.state AS session_state,
  session.ends, evidence.id AS evidence_id, evidence.fact, evidence.at, evidence.source,
  reminder_stop.at AS stopped_at,
  evidence.leg, evidence.connection,
  (SELECT COUNT(*) FROM delivery AS other
   WHERE other.seat_id = delivery.seat_id AND other.kind = 'invite'
     AND other.attempts > CASE WHEN other.state = 'skipped' THEN 1 ELSE 0 END
     AND NOT (other.state = 'sending' AND other.attempts = 1
       AND other.lease_until = :lease_until)
  ) AS invited,
  (SELECT said.kind FROM contact_fact AS said
   WHERE said.participant_id = seat.participant_id
     AND said.kind IN ('silenced', 'unsilenced')
   ORDER BY said.at DESC LIMIT 1) AS silence
FROM delivery
JOIN seat ON seat.id = delivery.seat_id
JOIN session ON session.id = seat.session_id
LEFT JOIN reminder_stop ON reminder_stop.participant_id = seat.participant_id
LEFT JOIN evidence ON evidence.seat_id = seat.id
WHERE delivery.channel = :channel AND delivery.state = 'sending'
  AND delivery.lease_until = :lease_until
ORDER BY evidence.at
"""
SETTLE = """
UPDATE delivery
SET state = :state, reason = :reason, provider_ref = :provider_ref, lease_until = NULL,
  done_at = :at
WHERE key = :key AND turn = :turn AND state = 'sending'
"""
RETRY = """
UPDATE delivery SET state = 'pending', due = :due, reason = :reason, lease_until = NULL
WHERE key = :key AND turn = :turn AND state = 'sending'
"""
# What was not begun has surely not left, so that it counts as no try.
GIVE_BACK = """
UPDATE delivery
SET state = 'pending', due = :due, reason = :reason, lease_until = NULL,
  attempts = attempts - 1
WHERE key = :key AND turn = :turn AND state = 'sending'
"""
NEXT_DUE = """
SELECT due FROM delivery WHERE channel = :channel AND state = 'pending' ORDER BY due LIMIT 1
"""
NEXT_LEASE = """
SELECT lease_until FROM delivery WHERE channel = :channel AND state = 'sending'
ORDER BY lease_until LIMIT 1
"""
# A process that is alone on its database knows that whatever is being sent was left behind.
RELEASE_ALL = "UPDATE delivery SET lease_until = :now WHERE state = 'sending'"
STATE_OF = "SELECT state FROM delivery WHERE key = :key"
COUNTS = """
SELECT state, COUNT(*) AS number FROM delivery WHERE handled_at IS NULL GROUP BY state
"""
OF_WEEK = """
SELECT delivery.key, delivery.kind, delivery.channel, delivery.session_id, delivery.seat_id,
  delivery.account_id, delivery.revision, delivery.due, delivery.deadline, OPENED(delivery.content),
  delivery.state, delivery.reason, delivery.created_at
FROM delivery JOIN session ON session.id = delivery.session_id
WHERE session.monday = :monday AND delivery.kind IN ('invite', 'cancel')
ORDER BY delivery.created_at, delivery.revision, delivery.key
"""


@dataclass(frozen=True, slots=True)
class ClaimedDelivery:
    """A delivery that is ours to send for a while.

    Attributes:
        turn: Whoever holds an older turn was overtaken, and can settle nothing.
        attempts: How often it has been claimed, now included.
    """

    delivery: Delivery
    turn: int
    attempts: int


@dataclass(frozen=True, slots=True)
class Deliveries:
    """Reads and writes deliveries within one transaction."""

    connection: Connection

    async def add(self, deliveries: Sequence[Delivery], now: Instant) -> None:
        """Write deliveries, those that are already decided included."""
        rows = [_columns(each, now) for each in sorted(deliveries, key=lambda one: one.key)]
        if rows:
            await self.connection.execute_many(ADD, rows)

    async def claim(
        self, channel: Channel, now: Instant, *, until: Instant, at_most: int
    ) -> Sequence[ClaimedDelivery]:
        """Take what is due on a channel, what is awaited first, and hold it until an instant."""
        rows = await self.connection.fetch(
            CLAIM, channel=channel, now=now, lease_until=until, at_most=at_most
        )
        claims = [
            ClaimedDelivery(_delivery(row), row["turn"], row["attempts"]) for row in rows
        ]
        return sorted(claims, key=_turn)

    async def around(self, channel: Channel, until: Instant) -> Mapping[str, Surroundings]:
        """What the guard asks, for everything claimed until an instant, by key."""
        rows = await self.connection.fetch(AROUND, channel=channel, lease_until=until)
        groups: dict[str, list[Row]] = {}
        for row in rows:
            groups.setdefault(row["key"], []).append(row)
        return {key: _surroundings(group) for key, group in groups.items()}

    async def settle(
        self,
        claim: ClaimedDelivery,
        state: DeliveryState,
        at: Instant,
        *,
        reason: str | None = None,
        provider_ref: str | None = None,
    ) -> None:
        """Write a final state down; an overtaken claim changes nothing."""
        await self.connection.execute(
            SETTLE,
            key=claim.delivery.key,
            turn=claim.turn,
            state=state,
            reason=reason,
            provider_ref=provider_ref,
            at=at,
        )

    async def retry(self, claim: ClaimedDelivery, due: Instant, reason: str | None) -> None:
        """Put a delivery back, to be tried again."""
        await self.connection.execute(
            RETRY, key=claim.delivery.key, turn=claim.turn, due=due, reason=reason
        )

    async def give_back(
        self, claim: ClaimedDelivery, due: Instant, reason: str | None
    ) -> None:
        """Put a delivery back that was not begun."""
        await self.connection.execute(
            GIVE_BACK, key=claim.delivery.key, turn=claim.turn, due=due, reason=reason
        )

    async def next_due(self, channel: Channel) -> Instant | None:
        """When a channel next has work: a delivery falls due, or a lease runs out."""
        due = await self.connection.fetch(NEXT_DUE, channel=channel)
        lease = await self.connection.fetch(NEXT_LEASE, channel=channel)
        moments = [instant(row["due"]) for row in due]
        moments += [instant(row["lease_until"]) for row in lease]
        return min(moments, default=None)

    async def state_of(self, key: str) -> DeliveryState | None:
        """How far a delivery got, or nothing when there is none of that key."""
        rows = await self.connection.fetch(STATE_OF, key=key)
        return DeliveryState(rows[0]["state"]) if rows else None

    async def release_all(self, now: Instant) -> None:
        """End every lease. Only for a process that is alone on its database."""
        await self.connection.execute(RELEASE_ALL, now=now)

    async def counts(self) -> Mapping[DeliveryState, int]:
        """How many deliveries are in each state, but those somebody has dealt with."""
        rows = await self.connection.fetch(COUNTS)
        return {DeliveryState(row["state"]): row["number"] for row in rows}

    async def invites_of(self, monday: object) -> Sequence[Delivery]:
        """Every calendar message of a week, in the order they were decided."""
        return [
            _delivery(row) for row in await self.connection.fetch(OF_WEEK, monday=monday)
        ]


def _turn(claim: ClaimedDelivery) -> tuple[bool, Instant, str]:
    delivery = claim.delivery
    return (not delivery.kind.is_awaited, delivery.due, delivery.key)


def _columns(delivery: Delivery, now: Instant) -> dict[str, object]:
    final = delivery.state not in {DeliveryState.PENDING, DeliveryState.SENDING}
    return {
        "key": delivery.key,
        "kind": delivery.kind,
        "channel": delivery.channel,
        "session_id": delivery.session_id,
        "seat_id": delivery.seat_id,
        "account_id": delivery.account_id,
        "revision": delivery.revision,
        "due": delivery.due,
        "deadline": delivery.deadline,
        "content": dict(delivery.content),
        "state": delivery.state,
        "reason": delivery.reason,
        "created_at": now,
        "done_at": now if final else None,
    }


def _delivery(row: Row) -> Delivery:
    return Delivery(
        key=row["key"],
        kind=DeliveryKind(row["kind"]),
        channel=Channel(row["channel"]),
        due=instant(row["due"]),
        deadline=instant(row["deadline"]) if row["deadline"] else None,
        session_id=SessionId(row["session_id"]) if row["session_id"] else None,
        seat_id=SeatId(row["seat_id"]) if row["seat_id"] else None,
        account_id=AccountId(row["account_id"]) if row["account_id"] else None,
        revision=row["revision"],
        content=row["content"],
        state=DeliveryState(row["state"]),
        reason=row["reason"],
    )


def _surroundings(rows: Sequence[Row]) -> Surroundings:
    first = rows[0]
    evidence = seen_now(rows).evidence
    here = presence(evidence) is Presence.PRESENT or is_excused(evidence)
    return Surroundings(
        sequence=first["sequence"],
        invited=first["invited"] > 0,
        here=here,
        frozen=first["seat_state"] != "active" or first["session_state"] != "planned",
        silenced=first["silence"] == ContactKind.SILENCED,
        ends=instant(first["ends"]),
        unsubscribed=first["stopped_at"] is not None,
    )
