"""The call list as rows: whom to call or look for, at which number, and what may be said there."""

from dataclasses import dataclass
from datetime import datetime

from vioP.domain.ids import SessionId
from vioP.domain.time import Instant, instant
from vioP.storage.contacts import is_minor
from vioP.storage.database import Row

# Part 2 goes with the person: it holds in their individual sessions and outside of any, too.
OPEN = """
SELECT attempt.id, attempt.rung, attempt.begun_at, attempt.outcome, attempt.settled_at,
  attempt.seat_id, OPENED(attempt.note) AS said, attempt.settled_by, attempt.claimed_by,
  attempt.claimed_at, colleague.name AS claimed_name,
  session.id AS session_id, session.starts, session.ends, session.cohort_id,
  session.zone, participant.id AS participant_id, OPENED(participant.name),
  OPENED(participant.phone),
  participant.zone AS participant_zone, participant.call, participant.voicemail,
  participant.high_risk, OPENED(participant.city), participant.state,
  OPENED(participant.accommodation), participant.birth_year,
  OPENED(supporter AS guardian.name) AS guardian_name,
  OPENED(supporter AS guardian.phone) AS guardian_phone,
  staff.name AS host_name, (
    SELECT COUNT(*) FROM enrollment JOIN cohort ON cohort.id = enrollment.cohort_id
    JOIN track ON track.id = cohort.track_id
    WHERE enrollment.participant_id = participant.id AND track.part2) AS part2
FROM attempt
LEFT JOIN session ON session.id = attempt.session_id
LEFT JOIN staff AS colleague ON colleague.id = attempt.claimed_by
LEFT JOIN session_staff AS host ON host.session_id = session.id AND host.position = 0
LEFT JOIN staff ON staff.id = host.staff_id
LEFT JOIN seat ON seat.id = attempt.seat_id
LEFT JOIN participant
  ON participant.id = COALESCE(seat.participant_id, attempt.participant_id)
LEFT JOIN supporter AS guardian ON guardian.participant_id = participant.id
  AND guardian.kind = 'guardian' AND guardian.position = (
    SELECT MAX(position) FROM supporter
    WHERE participant_id = participant.id AND kind = 'guardian')
WHERE attempt.channel = 'call_list'
  AND (attempt.outcome IS NULL OR attempt.settled_at > :since)
ORDER BY attempt.begun_at, attempt.id
"""


@dataclass(frozen=True, slots=True)
class OpenAttempt:
    """One line of the call list.

    Attributes:
        guardian: The name of whoever answers for a minor, if it is known; empty for all others.
        guardian_phone: Their number, which is called first.
        outcome: How it went; nothing while somebody still has to do it.
    """

    id: str
    rung: str
    begun_at: Instant
    outcome: str | None
    session_id: SessionId | None
    seat_id: str | None
    starts: Instant | None
    ends: Instant | None
    cohort_id: str | None
    participant_id: str | None
    name: str | None
    phone: str
    guardian: str
    guardian_phone: str
    zone: str
    may_call: bool
    may_leave_message: bool
    high_risk: bool
    place: str
    accommodation: str
    host: str
    said: str
    settled_by: str
    settled_at: Instant | None
    claimed_by: str
    claimed_name: str
    claimed_at: Instant | None


def is_asked_for(attempt_id: str) -> bool:
    """Whether somebody asked just now to be called, which permits that call."""
    return attempt_id.startswith("asked:")


def open_attempt(row: Row, now: Instant) -> OpenAttempt:
    """A line from its row.

    Args:
        row: The row.
        now: The present instant, or one near it: only the year counts.
    """
    minor = row["birth_year"] is not None and is_minor(row["birth_year"], now)
    guardian_phone = (row["guardian_phone"] or "") if minor else ""
    return OpenAttempt(
        id=row["id"],
        rung=row["rung"],
        begun_at=instant(row["begun_at"]),
        outcome=row["outcome"],
        session_id=row["session_id"],
        seat_id=row["seat_id"],
        starts=_moment(row["starts"]),
        ends=_moment(row["ends"]),
        cohort_id=row["cohort_id"],
        participant_id=row["participant_id"],
        name=row["name"],
        phone=row["phone"] or "",
        guardian=(row["guardian_name"] or "") if guardian_phone else "",
        guardian_phone=guardian_phone,
        zone=row["participant_zone"] or row["zone"] or "UTC",
        may_call=bool(row["phone"] or guardian_phone)
        and (bool(row["call"]) or is_asked_for(row["id"])),
        may_leave_message=bool(row["voicemail"]) and not row["part2"],
        high_risk=bool(row["high_risk"]),
        place=f"{row['city']}, {row['state']}" if row["city"] else "",
        accommodation=row["accommodation"] or "",
        host=row["host_name"] or "",
        said=row["said"],
        settled_by=row["settled_by"] or "",
        settled_at=_moment(row["settled_at"]),
        claimed_by=row["claimed_by"] or "",
        claimed_name=row["claimed_name"] or row["claimed_by"] or "",
        claimed_at=_moment(row["claimed_at"]),
    )


def _moment(value: datetime | None) -> Instant | None:
    return instant(value) if value else None
