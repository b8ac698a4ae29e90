"""The programme as rows: what is offered and who takes part, read whole, written by change."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from pydantic import TypeAdapter

from vioP.domain.availability import Leave
from vioP.domain.enrollment import Authorization, Enrollment, ServicePlan
from vioP.domain.ids import CohortId, ParticipantId, StaffId, TrackId
from vioP.domain.people import CalendarChoice, Participant, Staff
from vioP.domain.program import Cohort, Payer, Policy, Program, Track
from vioP.domain.programme import Change, ChangeKind, Programme
from vioP.domain.time import instant, later
from vioP.storage import programme_sql as sql
from vioP.storage.database import Connection, Row

_PROGRAM = TypeAdapter(Program)
_TYPES: Mapping[str, TypeAdapter[Any]] = {
    "tracks": TypeAdapter(Track),
    "payers": TypeAdapter(Payer),
    "staff": TypeAdapter(Staff),
    "cohorts": TypeAdapter(Cohort),
    "participants": TypeAdapter(Participant),
    "enrollments": TypeAdapter(Enrollment),
    "service_plans": TypeAdapter(ServicePlan),
    "authorizations": TypeAdapter(Authorization),
}
_FOR_GOOD = timedelta(days=100 * 365)
_CONTACT = ("email", "phone", "sms", "call", "voicemail")
Many = Mapping[str, list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class NotedLeave:
    """Leave as it was noted."""

    id: str
    staff_id: StaffId
    leave: Leave


@dataclass(frozen=True, slots=True)
class Addressee:
    """Whom an invite goes to; the address may be missing."""

    name: str
    email: str
    zone: str


@dataclass(frozen=True, slots=True)
class Programmes:
    """Reads and writes the programme within one transaction."""

    connection: Connection

    async def read(self) -> Programme | None:
        """The whole programme, or nothing when none was imported.

        A fixed number of statements, however many people take part.
        """
        programs = await self.connection.fetch(sql.PROGRAM)
        if not programs:
            return None
        hours = _grouped(await self.connection.fetch(sql.HOURS), "owner_id")
        closures = [row["day"] for row in await self.connection.fetch(sql.CLOSURES)]
        return Programme(
            program=_PROGRAM.validate_python(dict(programs[0]) | {"holidays": closures}),
            tracks=await self._plain("tracks", sql.TRACKS),
            payers=await self._plain("payers", sql.PAYERS),
            staff=await self._staff(hours),
            cohorts=await self._plain("cohorts", sql.COHORTS),
            participants=await self._participants(hours),
            enrollments=await self._plain("enrollments", sql.ENROLLMENTS),
            service_plans=await self._plain("service_plans", sql.SERVICE_PLANS),
            authorizations=await self._plain("authorizations", sql.AUTHORIZATIONS),
        )

    async def offered(self) -> Programme | None:
        """What is offered, without anybody who works there or takes part."""
        programs = await self.connection.fetch(sql.PROGRAM)
        if not programs:
            return None
        closures = [row["day"] for row in await self.connection.fetch(sql.CLOSURES)]
        return Programme(
            program=_PROGRAM.validate_python(dict(programs[0]) | {"holidays": closures}),
            tracks=await self._plain("tracks", sql.TRACKS),
            cohorts=await self._plain("cohorts", sql.COHORTS),
        )

    async def policy(self) -> Policy:
        """What the program has decided; the standard where nothing was imported."""
        rows = await self.connection.fetch(sql.PROGRAM)
        if not rows:
            return Policy()
        program: Program = _PROGRAM.validate_python(dict(rows[0]) | {"holidays": []})
        return program.policy

    async def who_works(self, staff_id: StaffId) -> tuple[str, str] | None:
        """The name and zone of somebody who works here, or nothing."""
        rows = await self.connection.fetch(sql.WHO_WORKS, id=staff_id)
        return (rows[0]["name"], rows[0]["zone"]) if rows else None

    async def leave(self) -> Mapping[StaffId, Sequence[Leave]]:
        """Everybody's leave; who works here no longer is away for good."""
        away: dict[StaffId, list[Leave]] = defaultdict(list)
        for each in await self.noted_leave():
            away[each.staff_id].append(each.leave)
        for row in await self.connection.fetch(sql.GONE):
            since = instant(row["closed_at"])
            away[row["staff_id"]].append(Leave(since, later(since, _FOR_GOOD)))
        return away

    async def noted_leave(self) -> Sequence[NotedLeave]:
        """All leave with its identifiers, in the order of time."""
        return [
            NotedLeave(
                row["id"],
                StaffId(row["staff_id"]),
                Leave(instant(row["starts"]), instant(row["ends"])),
            )
            for row in await self.connection.fetch(sql.LEAVE)
        ]

    async def remove_leave(self, leave_id: str) -> bool:
        """Forget leave; says whether there was such."""
        if not await self.connection.fetch(sql.LEAVE_OF_ID, id=leave_id):
            return False
        await self.connection.execute(sql.REMOVE_LEAVE, id=leave_id)
        await self.connection.execute(sql.TOUCH)
        return True

    async def add_leave(self, leave_id: str, staff_id: StaffId, leave: Leave) -> None:
        """Note that somebody will be away."""
        await self.connection.execute(
            sql.ADD_LEAVE,
            id=leave_id,
            staff_id=staff_id,
            starts=leave.starts,
            ends=leave.ends,
        )
        await self.connection.execute(sql.TOUCH)

    async def calendar_of(self, participant_id: ParticipantId) -> CalendarChoice:
        """How somebody wants their appointments."""
        rows = await self.connection.fetch(sql.CALENDAR, id=participant_id)
        return CalendarChoice(rows[0]["calendar"]) if rows else CalendarChoice.INVITES

    async def zone(self) -> str | None:
        """The program's own zone, or nothing when none was imported."""
        rows = await self.connection.fetch(sql.ZONE)
        return str(rows[0]["zone"]) if rows else None

    async def tracks_of_cohorts(self) -> Mapping[CohortId, TrackId]:
        """The track of each cohort there is."""
        rows = await self.connection.fetch(sql.TRACKS_OF_COHORTS)
        return {CohortId(row["id"]): TrackId(row["track_id"]) for row in rows}

    async def version(self) -> str:
        """Which state of the programme this is; any change gives another."""
        rows = await self.connection.fetch(sql.VERSION)
        return str(rows[0]["version"]) if rows else ""

    async def lock(self) -> str:
        """The version, which nobody changes until this transaction ends.

        Two people who publish at once take turns; so do a publication and an import.
        """
        rows = await self.connection.fetch(sql.LOCK)
        return str(rows[0]["version"]) if rows else ""

    async def addressees(self) -> Mapping[ParticipantId, Addressee]:
        """Whom invites go to, retired people included."""
        return {
            ParticipantId(row["id"]): Addressee(row["name"], row["email"], row["zone"])
            for row in await self.connection.fetch(sql.ADDRESSES)
        }

    async def apply(self, changes: Sequence[Change]) -> None:
        """Make the database hold what a comparison found, all of it or nothing.

        Things are taken away last-first, so that nothing refers to what is gone.
        """
        for change in reversed(changes):
            if change.kind is ChangeKind.REMOVED:
                await self._forget_parts(change.noun, change.id)
                await self.connection.execute(sql.REMOVE[change.noun], id=change.id)
        for noun in sql.SAVE:
            values = [
                change.value
                for change in changes
                if change.noun == noun and change.kind is not ChangeKind.REMOVED
            ]
            await self._save(noun, values)
        if changes:
            await self.connection.execute(sql.TOUCH)

    async def _save(self, noun: str, values: Sequence[Any]) -> None:
        if not values:
            return
        rows = [_dumped(noun, value) for value in values]
        parts = [(row["id"], row) for row in rows]
        flat = [
            {name: row[name] for name in row if name not in sql.PARTS.get(noun, ())}
            for row in rows
        ]
        await self.connection.execute_many(sql.SAVE[noun], flat)
        for part in sql.PARTS.get(noun, ()):
            owners = [{"id": owner} for owner, _ in parts]
            await self.connection.execute_many(sql.FORGET_PART[part], owners)
            pieces = [
                {**piece, "owner_id": owner, "position": position}
                for owner, row in parts
                for position, piece in enumerate(row[part])
            ]
            if pieces:
                await self.connection.execute_many(sql.SAVE_PART[part], pieces)

    async def _forget_parts(self, noun: str, thing: str) -> None:
        for part in sql.PARTS.get(noun, ()):
            await self.connection.execute(sql.FORGET_PART[part], id=thing)

    async def _plain(self, noun: str, query: str) -> tuple[Any, ...]:
        rows = await self.connection.fetch(query)
        return tuple(_TYPES[noun].validate_python(row) for row in rows)

    async def _staff(self, hours: Many) -> tuple[Staff, ...]:
        licences = _grouped(await self.connection.fetch(sql.LICENCES), "staff_id")
        rows = [
            dict(row) | {"licences": licences[row["id"]], "hours": hours[row["id"]]}
            for row in await self.connection.fetch(sql.STAFF)
        ]
        return tuple(_TYPES["staff"].validate_python(row) for row in rows)

    async def _participants(self, hours: Many) -> tuple[Participant, ...]:
        supporters = _grouped(await self.connection.fetch(sql.SUPPORTERS), "participant_id")
        prefers = _grouped(await self.connection.fetch(sql.PREFERRED), "owner_id")
        people = []
        for row in map(dict, await self.connection.fetch(sql.PARTICIPANTS)):
            row["contact"] = {name: row.pop(name) for name in _CONTACT}
            own = row["id"]
            row |= {"supporters": supporters[own], "hours": hours[own]}
            row["prefers"] = prefers[own]
            people.append(_TYPES["participants"].validate_python(row))
        return tuple(people)


def _dumped(noun: str, value: Any) -> dict[str, Any]:
    """A value as columns, its parts still inside."""
    row: dict[str, Any] = (
        _PROGRAM.dump_python(value, mode="json")
        if noun == "program"
        else _TYPES[noun].dump_python(value, mode="json")
    )
    if noun == "program":
        row["holidays"] = [{"day": day} for day in row["holidays"]]
    if noun == "participants":
        row |= row.pop("contact")
    return row


def _grouped(rows: Sequence[Row], owner: str) -> Many:
    groups: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in map(dict, rows):
        groups[row.pop(owner)].append(row)
    return groups
