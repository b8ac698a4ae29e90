"""Tech checks as rows; the newest of each participant counts.

Rows without findings were kept by a version that did not try the real servers. They count
no more.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from vioP.domain.device import Device, Family, Kind, Network
from vioP.domain.ids import ParticipantId, StaffId
from vioP.domain.techcheck import (
    Figures,
    Finding,
    Grade,
    Part,
    Reason,
    TechCheck,
    Verdict,
)
from vioP.domain.time import Instant, instant
from vioP.storage.database import Connection, Row

COLUMNS = """tech_check.at AS checked_at, tech_check.verdict, tech_check.steps,
  tech_check.figures, tech_check.good_until, tech_check.browser, tech_check.major,
  tech_check.device, tech_check.network, tech_check.thresholds, tech_check.assisted_by,
  tech_check.had_trouble"""
ADD = """
INSERT INTO tech_check (id, participant_id, at, verdict, failed, round_trip_ms, steps,
  figures, good_until, browser, major, device, network, thresholds, assisted_by)
VALUES (:id, :participant_id, :at, :verdict, :failed, :round_trip_ms, :steps,
  :figures, :good_until, :browser, :major, :device, :network, :thresholds, :assisted_by)
"""
_LATEST = """
SELECT {columns} FROM tech_check
WHERE participant_id = :participant_id AND steps IS NOT NULL
ORDER BY at DESC, id DESC LIMIT 1
"""
LATEST = _LATEST.format(columns=COLUMNS)
# What somebody had trouble with in a session was not found by the check before it.
END = """
UPDATE tech_check SET good_until = :at, had_trouble = TRUE
WHERE participant_id = :participant_id AND good_until > :at AND at < :at
"""
HELP = """
INSERT INTO tech_help (participant_id, by, until) VALUES (:participant_id, :by, :until)
ON CONFLICT (participant_id) DO UPDATE SET by = excluded.by, until = excluded.until
"""
SETTLE_TASKS = """
UPDATE attempt SET outcome = 'ready', settled_at = :at, settled_by = 'viop'
WHERE outcome IS NULL AND participant_id = :participant_id AND rung = 'get_ready'
"""
HELPER = "SELECT by FROM tech_help WHERE participant_id = :participant_id AND until > :now"


@dataclass(frozen=True, slots=True)
class TechChecks:
    """Reads and writes tech checks within one transaction."""

    connection: Connection

    async def add(
        self, check_id: str, participant_id: ParticipantId, check: TechCheck
    ) -> None:
        """Keep a rehearsal."""
        device = check.device
        await self.connection.execute(
            ADD,
            id=check_id,
            participant_id=participant_id,
            at=check.at,
            verdict=check.verdict,
            failed=[each.part for each in check.troubles],
            round_trip_ms=check.figures.socket_ms,
            steps=[[each.part, each.grade, each.reason] for each in check.findings],
            figures=asdict(check.figures),
            good_until=check.good_until,
            browser=device.family,
            major=device.major,
            device=device.kind,
            network=device.network,
            thresholds=check.thresholds,
            assisted_by=check.assisted_by,
        )

    async def latest(self, participant_id: ParticipantId) -> TechCheck | None:
        """The newest rehearsal of somebody, or nothing."""
        rows = await self.connection.fetch(LATEST, participant_id=participant_id)
        return tech_check_of(rows[0]) if rows else None

    async def end(self, participant_id: ParticipantId, at: Instant) -> None:
        """A session with trouble has shown that somebody's last check says nothing more."""
        await self.connection.execute(END, participant_id=participant_id, at=at)

    async def settle_tasks(self, participant_id: ParticipantId, at: Instant) -> None:
        """Whoever is ready need not be called to get ready."""
        await self.connection.execute(SETTLE_TASKS, participant_id=participant_id, at=at)

    async def help_with(
        self, participant_id: ParticipantId, by: StaffId, until: Instant
    ) -> None:
        """What somebody checks until then, they check with help."""
        await self.connection.execute(
            HELP, participant_id=participant_id, by=by, until=until
        )

    async def helper(self, participant_id: ParticipantId, now: Instant) -> str:
        """Who helps somebody now; empty when nobody does."""
        rows = await self.connection.fetch(HELPER, participant_id=participant_id, now=now)
        return str(rows[0]["by"]) if rows else ""


def tech_check_of(row: Row) -> TechCheck | None:
    """A rehearsal from a row with its columns, or nothing where they are empty."""
    if row["steps"] is None:
        return None
    return TechCheck(
        at=instant(row["checked_at"]),
        verdict=Verdict(row["verdict"]),
        findings=tuple(
            Finding(Part(part), Grade(grade), Reason(reason))
            for part, grade, reason in row["steps"]
        ),
        good_until=instant(row["good_until"]),
        device=Device(
            Family(row["browser"]),
            row["major"],
            Kind(row["device"]),
            Network(row["network"]),
        ),
        figures=_figures(row["figures"]),
        thresholds=row["thresholds"],
        assisted_by=row["assisted_by"],
        had_trouble=bool(row["had_trouble"]),
    )


def _figures(kept: Mapping[str, int | None] | None) -> Figures:
    return Figures(**(kept or {}))
