"""Feeds as rows: whose a secret address is, and what its calendar holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from vioP.domain.ids import ParticipantId, SessionId, StaffId
from vioP.domain.time import Instant, instant
from vioP.domain.week import ToldSeat
from vioP.storage.database import Connection, Row
from vioP.storage.weeks import told_seat

VERSIONS = "SELECT person_id, version FROM feed"
MAKE = """
INSERT INTO feed (person_id, version, digest, made_at) VALUES (:person_id, 1, :digest, :at)
ON CONFLICT (person_id) DO NOTHING
"""
VERSION = "SELECT version FROM feed WHERE person_id = :person_id"
SAVE = """
INSERT INTO feed (person_id, version, digest, made_at)
VALUES (:person_id, :version, :digest, :at)
ON CONFLICT (person_id) DO UPDATE SET
  version = excluded.version, digest = excluded.digest, made_at = excluded.made_at
"""

# Whose feed it is: somebody who works here, or who takes part.
OWNER = """
SELECT feed.person_id, staff.id AS staff_id, staff.zone AS staff_zone,
  (staff.retired OR account.closed_at IS NOT NULL) AS staff_retired,
  participant.id AS participant_id, participant.zone AS participant_zone,
  participant.retired AS participant_retired, participant.language
FROM feed
LEFT JOIN staff ON staff.id = feed.person_id
LEFT JOIN account ON account.person_id = staff.id
LEFT JOIN participant ON participant.id = feed.person_id
WHERE feed.digest = :digest
"""
# Whatever changes a calendar is a publication, or gives one of its seats another number.
REVISION = """
SELECT (SELECT COUNT(*) FROM publication) AS published,
  (SELECT MAX(published_at) FROM publication) AS newest,
  (SELECT COUNT(*) FROM seat WHERE participant_id = :person_id) AS seats,
  (SELECT SUM(sequence) FROM seat WHERE participant_id = :person_id) AS numbers
"""
LAST_DAY = """
SELECT until FROM enrollment WHERE participant_id = :participant_id
ORDER BY until DESC LIMIT 1
"""
SEATS = """
SELECT seat.id, session.key, seat.participant_id, seat.uid, seat.sequence, seat.stamped,
  seat.starts, seat.ends, seat.zone, session.kind
FROM seat JOIN session ON session.id = seat.session_id
WHERE seat.participant_id = :participant_id AND seat.state = 'active'
  AND session.state = 'planned' AND seat.ends > :since
ORDER BY seat.starts, seat.id
"""
HOSTED = """
SELECT session.id, session.starts, session.ends, publication.number,
  publication.published_at
FROM session
JOIN session_staff AS host ON host.session_id = session.id
JOIN publication ON publication.monday = session.monday AND publication.number = (
  SELECT MAX(newest.number) FROM publication AS newest
  WHERE newest.monday = session.monday)
WHERE host.staff_id = :staff_id AND session.state = 'planned' AND session.ends > :since
ORDER BY session.starts, session.id
"""


@dataclass(frozen=True, slots=True)
class FeedOwner:
    """Whose feed an address opens.

    Attributes:
        person_id: A participant, or a member of staff.
        zone: The zone in which they are told times.
        is_retired: Whether they are no longer in the programme.
        language: What they read.
    """

    person_id: str
    is_staff: bool
    zone: str
    is_retired: bool
    language: str = "en"


@dataclass(frozen=True, slots=True)
class HostedSession:
    """A session as its host's feed tells it.

    Attributes:
        number: How often its week has been published.
        published_at: When it was last.
    """

    id: SessionId
    starts: Instant
    ends: Instant
    number: int
    published_at: Instant


@dataclass(frozen=True, slots=True)
class Feeds:
    """Reads and writes feeds within one transaction."""

    connection: Connection

    async def version(self, person_id: str) -> int | None:
        """Which of somebody's addresses is in use, or nothing while there is none."""
        rows = await self.connection.fetch(VERSION, person_id=person_id)
        return int(rows[0]["version"]) if rows else None

    async def versions(self) -> Mapping[str, int]:
        """Which address of everybody's is in use."""
        rows = await self.connection.fetch(VERSIONS)
        return {row["person_id"]: row["version"] for row in rows}

    async def make(self, digests: Mapping[str, str], at: Instant) -> None:
        """Put first addresses in use, each by its person."""
        rows = [
            {"person_id": person, "digest": digest, "at": at}
            for person, digest in sorted(digests.items())
        ]
        if rows:
            await self.connection.execute_many(MAKE, rows)

    async def save(self, person_id: str, version: int, digest: str, at: Instant) -> None:
        """Put an address in use; the one before opens nothing from now on."""
        await self.connection.execute(
            SAVE, person_id=person_id, version=version, digest=digest, at=at
        )

    async def owner(self, digest: str) -> FeedOwner | None:
        """Whose feed an address opens, or nothing when it is not in use."""
        rows = await self.connection.fetch(OWNER, digest=digest)
        return _owner(rows[0]) if rows else None

    async def revision(self, person_id: str) -> str:
        """Which state of the plan somebody's calendar shows; any change gives another."""
        [row] = await self.connection.fetch(REVISION, person_id=person_id)
        names = ("published", "newest", "seats", "numbers")
        return " ".join(str(row[name]) for name in names)

    async def last_day(self, participant_id: ParticipantId) -> date | None:
        """The day after somebody's last day of care, or nothing when they have none."""
        rows = await self.connection.fetch(LAST_DAY, participant_id=participant_id)
        return rows[0]["until"] if rows else None

    async def seats(
        self, participant_id: ParticipantId, since: Instant
    ) -> Sequence[ToldSeat]:
        """Somebody's seats from an instant on, in order of start."""
        rows = await self.connection.fetch(
            SEATS, participant_id=participant_id, since=since
        )
        return [told_seat(row) for row in rows]

    async def hosted(self, staff_id: StaffId, since: Instant) -> Sequence[HostedSession]:
        """The sessions somebody hosts from an instant on, in order of start."""
        return [
            HostedSession(
                SessionId(row["id"]),
                instant(row["starts"]),
                instant(row["ends"]),
                row["number"],
                instant(row["published_at"]),
            )
            for row in await self.connection.fetch(HOSTED, staff_id=staff_id, since=since)
        ]


def _owner(row: Row) -> FeedOwner:
    is_staff = row["staff_id"] is not None
    who = "staff" if is_staff else "participant"
    known = is_staff or row["participant_id"] is not None
    return FeedOwner(
        row["person_id"],
        is_staff,
        row[f"{who}_zone"] if known else "UTC",
        bool(row[f"{who}_retired"]) if known else True,
        row["language"] or "en",
    )
