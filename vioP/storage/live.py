"""Running sessions as rows: seats, evidence and ladder steps of many sessions in one query."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import time
from typing import Any

from vioP.domain.attendance import Evidence, Fact, Leg
from vioP.domain.call import CallState
from vioP.domain.delivery import Channel, DeliveryState
from vioP.domain.fallback import Rung
from vioP.domain.ids import CohortId, ParticipantId, SeatId, SessionId, StaffId
from vioP.domain.live import LiveSeat, LiveSession, StepTaken
from vioP.domain.people import Contact
from vioP.domain.session import Kind
from vioP.domain.time import Instant, instant
from vioP.storage.alarms import alarms_of, moment
from vioP.storage.database import Connection, Row
from vioP.storage.replies import reply_of
from vioP.storage.tech_checks import COLUMNS, tech_check_of

ROOM_DOWN, ROOM_UP = "room_down", "room_up"

# Evidence and steps multiply each other here; both are few, and one round trip is one view.
LIVE = """
SELECT session.id AS session_id, session.key, session.kind, session.cohort_id, session.day,
  session.zone, session.starts, session.ends, session.host_started_at,
  host.position, host.staff_id, staff.name AS staff_name,
  seat.id AS seat_id, participant.id AS participant_id, participant.name,
  participant.zone AS participant_zone, participant.state, participant.email,
  participant.phone, participant.sms, participant.call, participant.voicemail,
  participant.high_risk, participant.accommodation, participant.language, track.part2,
  evidence.id AS evidence_id, evidence.fact, evidence.at, evidence.source,
  evidence.leg, evidence.connection,
  delivery.key AS delivery_key, delivery.kind AS delivery_kind,
  delivery.seat_id AS delivery_seat_id, delivery.revision,
  delivery.channel AS delivery_channel, delivery.state AS delivery_state,
  delivery.reason AS delivery_reason, delivery.due AS delivery_due,
  delivery.done_at AS delivery_done_at, attempt.outcome AS attempt_outcome,
  attempt.state AS attempt_state, attempt.settled_at AS attempt_settled_at, (
    SELECT newest.mark FROM session_mark AS newest
    WHERE newest.session_id = session.id AND newest.mark IN ('room_down', 'room_up')
    ORDER BY newest.at DESC, newest.id DESC LIMIT 1) AS room_mark,
  (SELECT MAX(ended.at) FROM session_mark AS ended WHERE ended.session_id = session.id
    AND ended.mark IN ('room_up', 'incident_over')) AS incident_over_at,
  (SELECT alone.until FROM contact_fact AS alone
   WHERE alone.participant_id = participant.id AND alone.kind = 'not_safe'
   ORDER BY alone.until DESC LIMIT 1) AS alone_until,
  (SELECT late.until FROM contact_fact AS late
   WHERE late.participant_id = participant.id AND late.kind = 'late'
   ORDER BY late.at DESC LIMIT 1) AS late_until,
  {more}{check},
  reply.answer AS reply_answer, reply.received_at AS reply_received_at,
  reply.starts AS reply_starts, reply.ends AS reply_ends, reply.is_sure AS reply_is_sure,
  reply.comment AS reply_comment, (
    SELECT COUNT(*) FROM matter WHERE matter.reply_id = reply.id AND matter.decision = 'keep'
  ) AS reply_kept, dead_address.address AS dead_address
FROM session
LEFT JOIN session_staff AS host ON host.session_id = session.id
LEFT JOIN staff ON staff.id = host.staff_id
LEFT JOIN seat ON seat.session_id = session.id AND seat.state = 'active'
LEFT JOIN participant ON participant.id = seat.participant_id
LEFT JOIN cohort ON cohort.id = session.cohort_id
LEFT JOIN track ON track.id = cohort.track_id
LEFT JOIN evidence ON evidence.seat_id = seat.id
LEFT JOIN delivery ON delivery.session_id = session.id
  AND (delivery.seat_id = seat.id OR delivery.seat_id IS NULL)
  AND delivery.kind IN (
    'nudge', 'call', 'second_call', 'coordinator', 'clinician', 'host_absent', 'incident')
LEFT JOIN attempt ON attempt.id = delivery.key
{joined}LEFT JOIN tech_check ON tech_check.id = (
  SELECT latest.id FROM tech_check AS latest
  WHERE latest.participant_id = participant.id AND latest.steps IS NOT NULL
  ORDER BY latest.at DESC, latest.id DESC LIMIT 1)
LEFT JOIN reply ON reply.id = (
  SELECT newest.id FROM reply AS newest WHERE newest.seat_id = seat.id
  ORDER BY newest.sequence DESC, newest.stamped DESC, newest.received_at DESC, newest.id DESC
  LIMIT 1)
LEFT JOIN dead_address ON dead_address.address = LOWER(participant.email)
WHERE session.state = 'planned' AND {which}
ORDER BY session.starts, session.key, participant.name, seat.id, host.position, evidence.at
"""
# The program's policy comes along where one session is decided about.
ONE = LIVE.format(
    which="session.id = :session_id",
    more="program.policy, ",
    joined="LEFT JOIN program ON TRUE\n",
    check=COLUMNS,
)
BETWEEN = LIVE.format(
    which="session.ends > :since AND session.starts < :until",
    more="",
    joined="",
    check=COLUMNS,
)
OF_STAFF = LIVE.format(
    more="",
    joined="",
    check=COLUMNS,
    which="""session.ends > :since AND session.starts < :until AND EXISTS (
  SELECT 1 FROM session_staff AS own
  WHERE own.session_id = session.id AND own.staff_id = :staff_id)""",
)

# Whose ladders must be looked at: what starts before long, and what had no last look yet.
WATCHABLE = """
SELECT id, starts FROM session
WHERE state = 'planned' AND closed_at IS NULL AND ends > :since AND starts <= :until
ORDER BY starts
"""
START = """
UPDATE session SET host_started_at = :at WHERE id = :session_id AND host_started_at IS NULL
RETURNING id
"""
SAVE_EVIDENCE = """
INSERT INTO evidence (id, seat_id, fact, source, at, recorded_at, leg, connection)
VALUES (:id, :seat_id, :fact, :source, :at, :recorded_at, :leg, :connection)
ON CONFLICT (id) DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class Live:
    """Reads running sessions and writes what is seen of them, within one transaction."""

    connection: Connection

    async def session(self, session_id: SessionId) -> LiveSession | None:
        """One session, or nothing when it is unknown or was called off."""
        sessions = _sessions(await self.connection.fetch(ONE, session_id=session_id))
        return sessions[0] if sessions else None

    async def between(self, since: Instant, until: Instant) -> Sequence[LiveSession]:
        """Every session that touches a stretch of time, in order of start."""
        return _sessions(await self.connection.fetch(BETWEEN, since=since, until=until))

    async def of_staff(
        self, staff_id: StaffId, since: Instant, until: Instant
    ) -> Sequence[LiveSession]:
        """The sessions somebody hosts within a stretch of time."""
        rows = await self.connection.fetch(
            OF_STAFF, staff_id=staff_id, since=since, until=until
        )
        return _sessions(rows)

    async def watchable(self, since: Instant, until: Instant) -> dict[SessionId, Instant]:
        """Sessions that start before an instant and had no last look, each with its start.

        Args:
            since: What ended before is left alone.
            until: What starts after is not due yet.
        """
        rows = await self.connection.fetch(WATCHABLE, since=since, until=until)
        return {SessionId(row["id"]): instant(row["starts"]) for row in rows}

    async def start(self, session_id: SessionId, at: Instant) -> bool:
        """Note that the host has begun; only the first time counts.

        Returns:
            Whether this was the first time.
        """
        return bool(await self.connection.fetch(START, session_id=session_id, at=at))

    async def witness(
        self, seat_id: SeatId, evidence: Evidence, *, recorded_at: Instant, key: str
    ) -> None:
        """Keep one fact; the same key twice is one fact."""
        await self.connection.execute(
            SAVE_EVIDENCE,
            id=key,
            seat_id=seat_id,
            fact=evidence.fact,
            source=evidence.source,
            at=evidence.at,
            recorded_at=recorded_at,
            leg=evidence.leg,
            connection=evidence.connection,
        )


def _sessions(rows: Sequence[Row]) -> list[LiveSession]:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row["session_id"], []).append(row)
    return [_session(group) for group in groups.values()]


def _session(rows: Sequence[Row]) -> LiveSession:
    first = rows[0]
    hosts = {row["position"]: row for row in rows if row["position"] is not None}
    staff = [hosts[position] for position in sorted(hosts)]
    seats: dict[str, list[Row]] = {}
    for row in rows:
        if row["seat_id"] is not None:
            seats.setdefault(row["seat_id"], []).append(row)
    started = first["host_started_at"]
    return LiveSession(
        id=SessionId(first["session_id"]),
        key=first["key"],
        kind=Kind(first["kind"]),
        cohort_id=CohortId(first["cohort_id"]) if first["cohort_id"] else None,
        day=first["day"],
        zone=first["zone"],
        starts=instant(first["starts"]),
        ends=instant(first["ends"]),
        host_started_at=instant(started) if started else None,
        lead_id=StaffId(staff[0]["staff_id"] if staff else ""),
        lead_name=(staff[0]["staff_name"] or "") if staff else "",
        staff=tuple(StaffId(row["staff_id"]) for row in staff),
        seats=tuple(_seat(group) for group in seats.values()),
        **alarms_of(rows),
        room_is_silent=first["room_mark"] == ROOM_DOWN,
        room_works=first["room_mark"] == ROOM_UP,
        **_policy(first),
    )


def _policy(row: Row) -> dict[str, Any]:
    """What the program has decided, where its policy came along."""
    if "policy" not in row.keys() or row["policy"] is None:  # noqa: SIM118 - a Row
        return {}
    hours = [time.fromisoformat(each) for each in row["policy"].get("quiet_hours", ())]
    return {
        "times": tuple(
            (name, minutes) for name, minutes in row["policy"].get("ladder", ())
        ),
        "quiet_hours": (hours[0], hours[1]) if hours else None,
    }


def _seat(rows: Sequence[Row]) -> LiveSeat:
    first = rows[0]
    return LiveSeat(
        id=SeatId(first["seat_id"]),
        participant_id=ParticipantId(first["participant_id"]),
        name=first["name"],
        zone=first["participant_zone"],
        state=first["state"],
        contact=Contact(
            email=first["email"],
            phone=first["phone"],
            sms=first["sms"],
            call=first["call"],
            voicemail=first["voicemail"],
        ),
        high_risk=first["high_risk"],
        part2=bool(first["part2"]),
        evidence=_evidence(rows),
        steps=_steps(rows),
        tech_check=tech_check_of(first),
        note=first["accommodation"],
        reply=reply_of(first, "reply_") if first["reply_answer"] else None,
        mail_fails=first["dead_address"] is not None,
        alone_until=moment(first["alone_until"]),
        late_until=moment(first["late_until"]),
        language=first["language"] or "en",
    )


def _steps(rows: Iterable[Row]) -> tuple[StepTaken, ...]:
    seen = {
        row["delivery_key"]: StepTaken(
            key=row["delivery_key"],
            rung=Rung(row["delivery_kind"]),
            episode=row["revision"],
            channel=Channel(row["delivery_channel"]),
            state=DeliveryState(row["delivery_state"]),
            reason=row["delivery_reason"] or "",
            due=instant(row["delivery_due"]),
            done_at=instant(row["delivery_done_at"]) if row["delivery_done_at"] else None,
            call=CallState(row["attempt_state"]) if row["attempt_state"] else None,
            outcome=row["attempt_outcome"],
        )
        for row in rows
        if row["delivery_seat_id"] is not None
    }
    return tuple(sorted(seen.values(), key=lambda each: (each.due, each.key)))


def _evidence(rows: Iterable[Row]) -> tuple[Evidence, ...]:
    seen: dict[str, Evidence] = {}
    for row in rows:
        if row["evidence_id"] is not None:
            seen[row["evidence_id"]] = evidence_of(row)
    return tuple(sorted(seen.values(), key=lambda each: each.at))


def evidence_of(row: Row) -> Evidence:
    """One fact from a row that names its columns as the table does."""
    return Evidence(
        Fact(row["fact"]),
        instant(row["at"]),
        row["source"],
        Leg(row["leg"]) if row["leg"] else None,
        row["connection"],
    )
