"""Tech checks as rows; the newest of each participant counts."""

from dataclasses import dataclass

from vioP.domain.ids import ParticipantId
from vioP.domain.techcheck import Part, TechCheck, Verdict
from vioP.domain.time import instant
from vioP.storage.database import Connection

ADD = """
INSERT INTO tech_check (id, participant_id, at, verdict, failed, round_trip_ms)
VALUES (:id, :participant_id, :at, :verdict, :failed, :round_trip_ms)
"""
LATEST = """
SELECT at, verdict, failed FROM tech_check
WHERE participant_id = :participant_id ORDER BY at DESC LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class TechChecks:
    """Reads and writes tech checks within one transaction."""

    connection: Connection

    async def add(
        self,
        check_id: str,
        participant_id: ParticipantId,
        check: TechCheck,
        round_trip_ms: int | None,
    ) -> None:
        """Keep a rehearsal."""
        await self.connection.execute(
            ADD,
            id=check_id,
            participant_id=participant_id,
            at=check.at,
            verdict=check.verdict,
            failed=list(check.failed),
            round_trip_ms=round_trip_ms,
        )

    async def latest(self, participant_id: ParticipantId) -> TechCheck | None:
        """The newest rehearsal of somebody, or nothing."""
        rows = await self.connection.fetch(LATEST, participant_id=participant_id)
        if not rows:
            return None
        row = rows[0]
        failed = tuple(Part(part) for part in row["failed"])
        return TechCheck(instant(row["at"]), Verdict(row["verdict"]), failed)
