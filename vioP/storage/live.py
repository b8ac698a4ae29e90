"""Running sessions as rows: seats, evidence and ladder steps of many sessions in one query."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from typing import Any

from vioP.domain.attendance import Evidence, Fact
from vioP.domain.call import CallState
from vioP.domain.course import Course
from vioP.domain.delivery import Channel, DeliveryState
from vioP.domain.fallback import Rung
from vioP.domain.ids import CohortId, ParticipantId, SeatId, SessionId, StaffId
from vioP.domain.live import LiveSeat, LiveSession, StepTaken
from vioP.domain.people import Contact
from vioP.domain.session import Block, Kind
from vioP.domain.time import Instant, Week, instant
from vioP.storage import live_sql as sql
from vioP.storage.alarms import alarms_of, moment
from vioP.storage.database import Connection, Row
from vioP.storage.evidence import seen_now
from vioP.storage.replies import reply_of
from vioP.storage.rotations import taught_in
from vioP.storage.tech_checks import tech_check_of

ROOM_DOWN, ROOM_UP = "room_down", "room_up"


@dataclass(frozen=True, slots=True)
class Witnessed:
    """One fact about a seat, with the key under which it is kept once."""

    seat_id: SeatId
    evidence: Evidence
    key: str

    def row(self, recorded_at: Instant) -> Mapping[str, object]:
        """Its columns."""
        evidence = self.evidence
        return {
            "id": self.key,
            "seat_id": self.seat_id,
            "fact": evidence.fact,
            "source": evidence.source,
            "at": evidence.at,
            "recorded_at": recorded_at,
            "leg": evidence.leg,
            "connection": evidence.connection,
        }


@dataclass(frozen=True, slots=True)
class Live:
    """Reads running sessions and writes what is seen of them, within one transaction."""

    connection: Connection

    async def session(self, session_id: SessionId) -> LiveSession | None:
        """One session, or nothing when it is unknown or was called off."""
        sessions = _sessions(await self.connection.fetch(sql.ONE, session_id=session_id))
        return sessions[0] if sessions else None

    async def shown(self, session_id: SessionId) -> LiveSession | None:
        """One session with how far its people are, or nothing as above."""
        sessions = _sessions(await self.connection.fetch(sql.SHOWN, session_id=session_id))
        return sessions[0] if sessions else None

    async def between(self, since: Instant, until: Instant) -> Sequence[LiveSession]:
        """Every session that touches a stretch of time, in order of start."""
        return _sessions(await self.connection.fetch(sql.BETWEEN, since=since, until=until))

    async def of_staff(
        self, staff_id: StaffId, since: Instant, until: Instant
    ) -> Sequence[LiveSession]:
        """The sessions somebody hosts within a stretch of time."""
        rows = await self.connection.fetch(
            sql.OF_STAFF, staff_id=staff_id, since=since, until=until
        )
        return _sessions(rows)

    async def watchable(self, since: Instant, until: Instant) -> dict[SessionId, Instant]:
        """Sessions that start before an instant and had no last look, each with its start.

        Args:
            since: What ended before is left alone.
            until: What starts after is not due yet.
        """
        rows = await self.connection.fetch(sql.WATCHABLE, since=since, until=until)
        return {SessionId(row["id"]): instant(row["starts"]) for row in rows}

    async def start(self, session_id: SessionId, at: Instant) -> bool:
        """Note that the host has begun; only the first time counts.

        Returns:
            Whether this was the first time.
        """
        return bool(await self.connection.fetch(sql.START, session_id=session_id, at=at))

    async def seen(self, week: Week) -> Mapping[SeatId, Sequence[Fact]]:
        """What was seen and said of each seat of a week of which anything was, in order."""
        found: dict[SeatId, list[Fact]] = {}
        for row in await self.connection.fetch(sql.SEEN, monday=week.monday):
            found.setdefault(SeatId(row["seat_id"]), []).append(Fact(row["fact"]))
        return found

    async def witness(
        self, seat_id: SeatId, evidence: Evidence, *, recorded_at: Instant, key: str
    ) -> None:
        """Keep one fact; the same key twice is one fact."""
        one = Witnessed(seat_id, evidence, key)
        await self.connection.execute(sql.SAVE_EVIDENCE, **one.row(recorded_at))

    async def witness_all(self, seen: Sequence[Witnessed], recorded_at: Instant) -> None:
        """Keep facts; the same key twice is one fact."""
        # One order, so that two processes do not wait for each other; what was told first of
        # one seat and instant stays first.
        ordered = sorted(seen, key=lambda each: (each.seat_id, each.evidence.at))
        if ordered:
            rows = [each.row(recorded_at) for each in ordered]
            await self.connection.execute_many(sql.SAVE_EVIDENCE, rows)


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
        seats=tuple(
            sorted(map(_seat, seats.values()), key=lambda each: (each.name, each.id))
        ),
        **alarms_of(rows),
        room_is_silent=first["room_mark"] == ROOM_DOWN,
        room_works=first["room_mark"] == ROOM_UP,
        others=tuple(row["staff_name"] or "" for row in staff[1:]),
        **_policy(first),
        blocks=_blocks(first),
        taught=taught_in(first),
    )


def _policy(row: Row) -> dict[str, Any]:
    """What the program has decided, where its policy came along."""
    if row.get("policy") is None:
        return {}
    hours = [time.fromisoformat(each) for each in row["policy"].get("quiet_hours", ())]
    return {
        "times": tuple(
            (name, minutes) for name, minutes in row["policy"].get("ladder", ())
        ),
        "quiet_hours": (hours[0], hours[1]) if hours else None,
    }


def _blocks(row: Row) -> tuple[Block, ...]:
    """What a session is made of, where it was asked for."""
    if "blocks" not in row:
        return ()
    return tuple(Block(each["kind"], each["minutes"]) for each in row["blocks"])


def _seat(rows: Sequence[Row]) -> LiveSeat:
    first, seen = rows[0], seen_now(rows)
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
        evidence=seen.evidence,
        steps=_steps(rows),
        tech_check=tech_check_of(first),
        note=first["accommodation"],
        reply=reply_of(first, "reply_") if first["reply_answer"] else None,
        mail_fails=first["dead_address"] is not None,
        alone_until=moment(first["alone_until"]),
        late_until=moment(first["late_until"]),
        language=first["language"] or "en",
        course=_course(rows),
        times=seen.times,
    )


def _course(rows: Sequence[Row]) -> Course | None:
    """How far somebody is, where it was asked for and they are enrolled.

    Of several courses the one in the group that meets counts. Whoever is in none of that
    group is its guest for the day.
    """
    if rows[0].get("course_first") is None:
        return None
    first = min(
        rows, key=lambda e: (e["course_cohort"] != e["cohort_id"], e["course_cohort"])
    )
    meets, own = first["cohort_id"], first["course_cohort"]
    helpers = {
        (row["helper_kind"], row["helper_language"] or "")
        for row in rows
        if row["helper_kind"]
    }
    return Course(
        day=first["day"],
        first=first["course_first"],
        until=first["course_until"],
        has_met=bool(first["has_met"]),
        helpers=tuple(sorted(helpers)),
        guest_from=CohortId(own) if meets not in {None, own} else None,
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
