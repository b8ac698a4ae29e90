"""Weeks as rows: drafts, publications, and the sessions and seats people were told about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic import TypeAdapter

from vioP.domain.ids import ParticipantId, SeatId, SessionId, StaffId
from vioP.domain.search import Found
from vioP.domain.session import Kind, PlannedSession, due_day
from vioP.domain.time import Instant, Week, instant
from vioP.domain.week import ToldSeat, WeekPlan
from vioP.storage import weeks_sql as sql
from vioP.storage.database import Connection, Row

_PLAN = TypeAdapter(WeekPlan)
_FOUND = TypeAdapter(Found)


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft with its revision number.

    Attributes:
        found: How it was found, unless it was kept before that was noted.
    """

    revision: int
    plan: WeekPlan
    found: Found | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """What the database holds of a week.

    Attributes:
        sessions: Identifiers of planned sessions by key.
        cancelled: Keys of sessions that were called off.
        seats: Seats people count on.
        released: Seats they were told are gone; one may come back to life.
    """

    sessions: Mapping[str, SessionId]
    cancelled: frozenset[str]
    seats: tuple[ToldSeat, ...]
    released: tuple[ToldSeat, ...]


@dataclass(frozen=True, slots=True)
class PreviousAppointment:
    """An appointment of an earlier week: its promise, and who gave it."""

    participant_id: ParticipantId
    kind: str
    week: Week
    weekday: int
    wall_time: str
    zone: str
    staff_id: StaffId


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session to be written."""

    id: SessionId
    monday: Week
    planned: PlannedSession


@dataclass(frozen=True, slots=True)
class SeatRow:
    """A seat to be written."""

    id: SeatId
    session_id: SessionId
    participant_id: ParticipantId
    uid: str
    sequence: int
    stamped: Instant
    starts: Instant
    ends: Instant
    zone: str
    state: str
    link_hash: str


@dataclass(frozen=True, slots=True)
class Weeks:
    """Reads and writes weeks within one transaction."""

    connection: Connection

    async def save_draft(
        self, plan: WeekPlan, at: Instant, by: str, found: Found | None = None
    ) -> int:
        """Keep a draft as the newest revision of its week, and how it was found.

        Returns:
            The revision.
        """
        columns = draft_to_row(Draft(0, plan, found))
        [row] = await self.connection.fetch(
            sql.SAVE_DRAFT,
            monday=plan.week.monday,
            basis=plan.basis,
            plan=columns[0],
            found=columns[1],
            at=at,
            by=by,
        )
        revision = int(row["revision"])
        await self.connection.execute(
            sql.FORGET_DRAFTS, monday=plan.week.monday, revision=revision
        )
        return revision

    async def draft(self, week: Week) -> Draft | None:
        """The newest draft of a week, published or not."""
        rows = await self.connection.fetch(sql.DRAFT, monday=week.monday)
        return _draft(rows[0]) if rows else None

    async def published(self, week: Week) -> Draft | None:
        """What people have been told about a week."""
        rows = await self.connection.fetch(sql.PUBLISHED, monday=week.monday)
        return _draft(rows[0]) if rows else None

    async def published_or(self, draft: Draft | None, week: Week) -> Draft | None:
        """What people have been told about a week; the draft itself where it is that."""
        if draft is not None:
            rows = await self.connection.fetch(sql.PUBLISHED_REVISION, monday=week.monday)
            if rows and rows[0]["revision"] == draft.revision:
                return draft
        return await self.published(week)

    async def told(self, week: Week) -> Told:
        """Every session of a week, and every seat anybody was ever told about."""
        rows = await self.connection.fetch(sql.TOLD, monday=week.monday)
        seats = [(row["state"], told_seat(row)) for row in rows if row["id"] is not None]
        return Told(
            sessions={row["key"]: SessionId(row["session_id"]) for row in rows},
            cancelled=frozenset(
                row["key"] for row in rows if row["session_state"] == "cancelled"
            ),
            seats=tuple(seat for state, seat in seats if state == "active"),
            released=tuple(seat for state, seat in seats if state != "active"),
        )

    async def previous(self, week: Week, since: Week) -> Sequence[PreviousAppointment]:
        """Appointments of this week and earlier ones, the oldest first."""
        rows = await self.connection.fetch(
            sql.PREVIOUS, monday=week.monday, since=since.monday
        )
        return [
            PreviousAppointment(
                ParticipantId(row["participant_id"]),
                row["kind"],
                Week(row["monday"]),
                row["day"].weekday(),
                row["wall_time"],
                row["zone"],
                StaffId(row["staff_id"]),
            )
            for row in rows
        ]

    async def save_sessions(self, sessions: Sequence[SessionRow]) -> None:
        """Write sessions and who hosts them, new or changed."""
        if not sessions:
            return
        await self.connection.execute_many(
            sql.SAVE_SESSIONS, list(map(_session_columns, sessions))
        )
        await self.connection.execute_many(
            sql.FORGET_STAFF, [{"session_id": each.id} for each in sessions]
        )
        await self.connection.execute_many(
            sql.SAVE_STAFF,
            [
                {"session_id": each.id, "position": position, "staff_id": staff_id}
                for each in sessions
                for position, staff_id in enumerate(each.planned.staff)
            ],
        )

    async def cancel_sessions(self, sessions: Sequence[SessionId]) -> None:
        """Call sessions off."""
        rows = [{"session_id": session_id} for session_id in sessions]
        if rows:
            await self.connection.execute_many(sql.CANCEL_SESSION, rows)

    async def save_seats(self, seats: Sequence[SeatRow]) -> None:
        """Write seats, new or changed."""
        rows = [{name: getattr(seat, name) for name in _SEAT_COLUMNS} for seat in seats]
        if rows:
            await self.connection.execute_many(sql.SAVE_SEATS, rows)

    async def record_publication(
        self, week: Week, revision: int, at: Instant, by: str, counts: Mapping[str, int]
    ) -> int:
        """Note that a revision is what people have been told.

        Returns:
            How often the week has been published, this time included.
        """
        [row] = await self.connection.fetch(
            sql.PUBLISH,
            monday=week.monday,
            revision=revision,
            at=at,
            by=by,
            counts=dict(counts),
        )
        return int(row["number"])


_SEAT_COLUMNS = SeatRow.__slots__


def _session_columns(row: SessionRow) -> dict[str, object]:
    planned = row.planned
    return {
        "id": row.id,
        "key": planned.key,
        "monday": row.monday.monday,
        "kind": planned.kind,
        "cohort_id": planned.cohort_id,
        "day": planned.promise.day,
        "wall_time": planned.promise.at,
        "zone": planned.promise.zone,
        "starts": planned.starts,
        "ends": planned.ends,
        "blocks": [
            {"kind": block.kind, "minutes": block.minutes} for block in planned.blocks
        ],
    }


def _draft(row: Row) -> Draft:
    return draft_of_row(row["revision"], row)


def draft_to_row(draft: Draft) -> tuple[object, object]:
    """A draft as its two columns: the plan, and how it was found."""
    found = draft.found
    return (
        _PLAN.dump_python(draft.plan, mode="json"),
        None if found is None else _FOUND.dump_python(found, mode="json"),
    )


def draft_of_row(revision: int, row: Row) -> Draft:
    """A draft from its two columns."""
    found = row["found"]
    return Draft(
        revision,
        _PLAN.validate_python(row["plan"]),
        None if found is None else _FOUND.validate_python(found),
    )


def told_seat(row: Row) -> ToldSeat:
    """What a seat's person was told, from its row and the key of its session."""
    return ToldSeat(
        SeatId(row["id"]),
        row["key"],
        ParticipantId(row["participant_id"]),
        row["uid"],
        row["sequence"],
        instant(row["stamped"]),
        instant(row["starts"]),
        instant(row["ends"]),
        row["zone"],
        due_day(row["key"]) if row["kind"] == Kind.GROUP else None,
    )
