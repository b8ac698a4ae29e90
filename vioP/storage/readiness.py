"""Who comes next, and who comes for the first time, as far as getting ready is concerned."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from vioP.domain.ids import ParticipantId
from vioP.domain.techcheck import TechCheck
from vioP.domain.time import Instant, instant
from vioP.storage.database import Connection
from vioP.storage.tech_checks import COLUMNS, tech_check_of

_CHECKS = """
SELECT tech_check.participant_id, {columns} FROM tech_check
WHERE tech_check.id = (
  SELECT latest.id FROM tech_check AS latest
  WHERE latest.participant_id = tech_check.participant_id AND latest.steps IS NOT NULL
  ORDER BY latest.at DESC, latest.id DESC LIMIT 1)
"""
CHECKS = _CHECKS.format(columns=COLUMNS)
NEXT = """
SELECT seat.participant_id, MIN(session.starts) AS starts
FROM seat JOIN session ON session.id = seat.session_id
WHERE seat.state = 'active' AND session.state = 'planned' AND session.ends > :now
GROUP BY seat.participant_id
"""
# A test of the device is no appointment to get ready for.
FIRST = """
SELECT seat.participant_id, MIN(session.starts) AS starts,
  (SELECT MIN(enrollment.first) FROM enrollment
   WHERE enrollment.participant_id = seat.participant_id) AS enrolled
FROM seat JOIN session ON session.id = seat.session_id
JOIN participant ON participant.id = seat.participant_id
WHERE seat.state = 'active' AND session.state = 'planned' AND session.kind <> 'tech_test'
  AND NOT participant.retired
GROUP BY seat.participant_id
HAVING MIN(session.starts) > :now AND MIN(session.starts) < :until
ORDER BY seat.participant_id
"""
HELPERS = "SELECT participant_id, by FROM tech_help WHERE until > :now"


@dataclass(frozen=True, slots=True)
class FirstSession:
    """Somebody's first appointment of all, which is near."""

    participant_id: ParticipantId
    starts: Instant
    enrolled: date | None


@dataclass(frozen=True, slots=True)
class ReadinessRows:
    """Reads what is known of everybody's readiness within one transaction."""

    connection: Connection

    async def checks(self) -> Mapping[ParticipantId, TechCheck]:
        """Everybody's last tech check."""
        found = {
            ParticipantId(row["participant_id"]): tech_check_of(row)
            for row in await self.connection.fetch(CHECKS)
        }
        return {who: check for who, check in found.items() if check is not None}

    async def next_starts(self, now: Instant) -> Mapping[ParticipantId, Instant]:
        """When everybody's next appointment begins, or the one that runs began."""
        return {
            ParticipantId(row["participant_id"]): _moment(row["starts"])
            for row in await self.connection.fetch(NEXT, now=now)
        }

    async def first_between(self, now: Instant, until: Instant) -> list[FirstSession]:
        """Whose first appointment of all begins within a stretch of time."""
        return [
            FirstSession(
                ParticipantId(row["participant_id"]),
                _moment(row["starts"]),
                _day(row["enrolled"]),
            )
            for row in await self.connection.fetch(FIRST, now=now, until=until)
        ]

    async def helpers(self, now: Instant) -> Mapping[ParticipantId, str]:
        """Who helps whom with their device now."""
        return {
            ParticipantId(row["participant_id"]): str(row["by"])
            for row in await self.connection.fetch(HELPERS, now=now)
        }


def _moment(value: datetime | str) -> Instant:
    """An instant that was computed; SQLite gives such as text."""
    return instant(datetime.fromisoformat(value) if isinstance(value, str) else value)


def _day(value: date | str | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value
