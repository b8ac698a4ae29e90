"""What did not arrive, as somebody in the office reads it: to whom, what, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from vioP.domain.delivery import Channel, DeliveryKind, DeliveryState
from vioP.domain.ids import ParticipantId
from vioP.domain.time import Instant, instant
from vioP.storage.database import Connection, Row

# Given up; or nobody could be told; or still tried, again and again. An invite that a newer
# one has replaced is no longer anybody's concern.
_OPEN = """
FROM delivery
LEFT JOIN seat ON seat.id = delivery.seat_id
LEFT JOIN account ON account.id = delivery.account_id
LEFT JOIN setup_link ON delivery.key = 'setup_link:' || setup_link.id
LEFT JOIN phone_check ON phone_check.id = delivery.key
LEFT JOIN participant ON participant.id = COALESCE(seat.participant_id,
  account.person_id, setup_link.participant_id, phone_check.participant_id)
LEFT JOIN supporter AS guardian ON setup_link.purpose = 'guardian'
  AND guardian.participant_id = setup_link.participant_id AND guardian.kind = 'guardian'
  AND guardian.position = (SELECT MAX(position) FROM supporter
    WHERE participant_id = setup_link.participant_id AND kind = 'guardian')
WHERE delivery.handled_at IS NULL AND delivery.channel <> 'call_list'
  AND (
    delivery.state = 'dead'
    OR (delivery.state = 'skipped' AND delivery.kind IN ('invite', 'cancel')
      AND delivery.reason IN ('late', 'no_address') AND delivery.done_at > :since)
    OR (delivery.state = 'pending' AND delivery.attempts >= :tries)
  )
  AND (delivery.kind NOT IN ('invite', 'cancel') OR delivery.revision >= seat.sequence)
"""
LISTED = f"""
SELECT delivery.key, delivery.kind, delivery.channel, delivery.state, delivery.reason,
  delivery.due, delivery.deadline, delivery.created_at, OPENED(delivery.content),
  participant.id AS participant_id, OPENED(participant.name), OPENED(participant.email),
  OPENED(participant.phone), participant.call, participant.zone, guardian.kind AS guardian,
  OPENED(supporter AS guardian.name) AS guardian_name,
  OPENED(supporter AS guardian.email) AS guardian_email,
  OPENED(supporter AS guardian.phone) AS guardian_phone
{_OPEN}
ORDER BY delivery.created_at, delivery.key LIMIT :at_most
"""
COUNT = f"SELECT COUNT(*) AS number {_OPEN}"
# Only what was given up goes again, and only once: a second click finds it waiting.
AGAIN = """
UPDATE delivery
SET state = 'pending', due = :now, reason = NULL, attempts = 0, done_at = NULL,
  content = SEALED(:content, delivery.content, :key)
WHERE key = :key AND state = 'dead' AND handled_at IS NULL
RETURNING key
"""
SOONER = """
UPDATE delivery SET due = :now, content = SEALED(:content, delivery.content, :key)
WHERE key = :key AND state = 'pending' RETURNING key
"""
HANDLED = """
UPDATE delivery SET handled_at = :now, handled_by = :by
WHERE key = :key AND handled_at IS NULL AND state IN ('dead', 'skipped') RETURNING key
"""


@dataclass(frozen=True, slots=True)
class Undelivered:
    """One message that did not arrive.

    Attributes:
        name: Whom it was for; a guardian with the name of their child.
        email: Where it would go now; the content holds where it went.
        waits: Whether it is still tried.
    """

    key: str
    kind: DeliveryKind
    channel: Channel
    state: DeliveryState
    reason: str
    due: Instant
    deadline: Instant | None
    created_at: Instant
    content: Mapping[str, str]
    participant_id: ParticipantId | None
    name: str
    email: str
    phone: str
    may_call: bool
    zone: str

    @property
    def waits(self) -> bool:
        """Whether it is still tried."""
        return self.state is DeliveryState.PENDING


@dataclass(frozen=True, slots=True)
class UndeliveredMessages:
    """Reads and settles what did not arrive within one transaction."""

    connection: Connection

    async def listed(
        self, since: Instant, tries: int, at_most: int
    ) -> Sequence[Undelivered]:
        """What somebody should look at, the oldest first.

        Args:
            since: What was never sent counts from then on.
            tries: What still waits counts from so many tries on.
            at_most: How many are read.
        """
        rows = await self.connection.fetch(
            LISTED, since=since, tries=tries, at_most=at_most
        )
        return [_undelivered(row) for row in rows]

    async def count(self, since: Instant, tries: int) -> int:
        """How many somebody should look at."""
        [row] = await self.connection.fetch(COUNT, since=since, tries=tries)
        return int(row["number"])

    async def send_again(self, key: str, content: Mapping[str, str], now: Instant) -> bool:
        """Let what was given up, or waits, go now.

        Args:
            key: Which message.
            content: Its facts, with the address it goes to now.
            now: When it is due.

        Returns:
            Whether it was still open.
        """
        values = {"key": key, "content": dict(content), "now": now}
        rows = await self.connection.fetch(AGAIN, **values)
        return bool(rows or await self.connection.fetch(SOONER, **values))

    async def handle(self, key: str, by: str, now: Instant) -> bool:
        """Note that somebody has dealt with a message that will not be sent.

        Returns:
            Whether it was still open.
        """
        return bool(await self.connection.fetch(HANDLED, key=key, by=by, now=now))


def _undelivered(row: Row) -> Undelivered:
    content = row["content"]
    name = row["name"] or content.get("name", "")
    email, phone = row["email"] or content.get("address", ""), row["phone"] or ""
    if row["guardian"]:
        name = f"{row['guardian_name'] or 'Somebody'}, guardian of {name}"
        email, phone = row["guardian_email"], row["guardian_phone"]
    return Undelivered(
        key=row["key"],
        kind=DeliveryKind(row["kind"]),
        channel=Channel(row["channel"]),
        state=DeliveryState(row["state"]),
        reason=row["reason"] or "",
        due=instant(row["due"]),
        deadline=instant(row["deadline"]) if row["deadline"] else None,
        created_at=instant(row["created_at"]),
        content=content,
        participant_id=ParticipantId(row["participant_id"])
        if row["participant_id"]
        else None,
        name=name,
        email=email,
        phone=phone,
        may_call=bool(phone) and bool(row["call"]),
        zone=row["zone"] or "UTC",
    )
