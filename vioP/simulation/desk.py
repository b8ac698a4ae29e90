"""The staff: they publish and change weeks, hold sessions, and read the call list.

Whatever they do, they do again until the service says that it is done.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from vioP.domain.delivery import DeliveryKind
from vioP.domain.errors import VioPError
from vioP.domain.ids import ParticipantId, SessionId
from vioP.domain.live import LiveSession
from vioP.domain.programme import Programme
from vioP.domain.time import Instant, Week, instant, later
from vioP.flows.build_week import build_week
from vioP.flows.import_programme import import_programme
from vioP.flows.mark_attendance import start_session
from vioP.flows.note_contact import ContactNote, note_contact
from vioP.flows.note_leave import note_leave
from vioP.flows.publish_week import publish_week
from vioP.flows.settle_attempt import Outcome, settle_attempt
from vioP.flows.show_calls import show_call_list
from vioP.flows.tell_session import SessionNews, tell_session
from vioP.ports import Ports
from vioP.simulation.life import outside
from vioP.simulation.machine import Machine
from vioP.simulation.people import Neighbours
from vioP.simulation.programme import COORDINATOR, DAYS, ZONE
from vioP.simulation.truth import Line, Meeting, Place, Trouble
from vioP.simulation.world import MINUTE, World
from vioP.storage.call_list import OpenAttempt

_READS_EVERY = 45.0
_SESSION_LINES = {DeliveryKind.HOST_ABSENT.value, DeliveryKind.INCIDENT.value}


@dataclass(slots=True)
class Desk:
    """Everybody who works there."""

    world: World
    machine: Machine
    neighbours: Neighbours
    programme: Programme
    told: list[Week] = field(default_factory=list)
    at_it: set[str] = field(default_factory=set)

    async def open_program(self) -> None:
        """Import the programme, and hear everybody on their phone once."""
        await self._import(self.programme)
        for each in self.programme.participants:
            await self._note(each.id, ContactNote.NUMBER_VERIFIED)

    async def publish(self, week: Week) -> None:
        """Build a week and tell people."""

        async def both(ports: Ports) -> None:
            await build_week(ports, week, COORDINATOR)
            await publish_week(ports, week, COORDINATOR)

        await self.machine.ask(both)
        self.world.truth.counts["publications"] += 1
        if week not in self.told:
            self.told.append(week)

    async def day(self, day: date) -> float:
        """Begin a day of sessions.

        Returns:
            When the last of them ends.
        """
        since = instant(datetime.combine(day, time(), ZoneInfo(ZONE)))
        until = later(since, timedelta(days=1))

        async def read(ports: Ports) -> Sequence[LiveSession]:
            async with ports.store.read() as tx:
                return await tx.live.between(since, until)

        sessions = await self.machine.ask(read)
        ends = self.world.time()
        for session in sessions:
            meeting = self._meeting(session)
            self.world.truth.meetings[session.id] = meeting
            self.neighbours.expect(meeting)
            outside(self._hold(meeting))
            ends = max(ends, meeting.ends)
        return ends

    async def read_calls(self, until: float) -> None:
        """Read the call list again and again, and do what it asks for, now and then."""
        while self.world.time() < until:
            lines = await self.machine.once(show_call_list)
            for line in lines or ():
                self._read(line)
            await asyncio.sleep(_READS_EVERY)

    async def change(self, week: Week) -> None:
        """Something changes in a week people were told of."""
        fate = self.world.fate
        await fate.one_of((self._move, self._away, self._discharge))(week)
        await self.publish(week)
        self.world.truth.counts["changes"] += 1

    async def _move(self, week: Week) -> None:
        """A group meets at another time from now on."""
        fate = self.world.fate
        cohort = fate.one_of(self.programme.cohorts)
        moved = replace(
            cohort, at=fate.one_of([time(8, 45), time(8, 55), time(9), time(9, 10)])
        )
        cohorts = [moved if each == cohort else each for each in self.programme.cohorts]
        await self._import(replace(self.programme, cohorts=tuple(cohorts)))

    async def _away(self, week: Week) -> None:
        """A clinician is away on the week's last day of sessions."""
        host = self.world.fate.one_of(self.programme.cohorts).facilitators[0]
        day = week.monday + timedelta(days=DAYS[-1])
        await self.machine.ask(lambda ports: note_leave(ports, host, day, day, COORDINATOR))

    async def _discharge(self, week: Week) -> None:
        """Somebody leaves the program, and is to hear nothing more."""
        today = self.world.true_instant().astimezone(ZoneInfo(ZONE)).date()
        here = [each for each in self.programme.enrollments if each.until > today]
        one = self.world.fate.one_of(here)
        await self._note(one.participant_id, ContactNote.DISCHARGED)
        self.world.truth.silenced.setdefault(one.participant_id, self.world.time())
        ended = [
            replace(each, until=today) if each == one else each
            for each in self.programme.enrollments
        ]
        plans = [
            each
            for each in self.programme.service_plans
            if each.participant_id != one.participant_id
        ]
        await self._import(
            replace(self.programme, enrollments=tuple(ended), service_plans=tuple(plans))
        )

    async def _import(self, programme: Programme) -> None:
        self.programme = programme
        await self.machine.ask(
            lambda ports: import_programme(ports, programme, COORDINATOR)
        )

    async def _note(self, person: ParticipantId, note: ContactNote) -> None:
        await self.machine.ask(
            lambda ports: note_contact(ports, person, note.value, COORDINATOR)
        )

    def _meeting(self, session: LiveSession) -> Meeting:
        places = {
            seat.id: Place(
                seat.id,
                seat.participant_id,
                seat.contact.email,
                seat.contact.phone,
                seat.high_risk,
            )
            for seat in session.seats
        }
        starts, ends = (self.world.seconds(each) for each in (session.starts, session.ends))
        return Meeting(session.id, starts, ends, session.staff, places)

    async def _hold(self, meeting: Meeting) -> None:
        """Start a session: in time, late, or not at all."""
        fate = self.world.fate
        at = meeting.starts + fate.about(-4 * MINUTE, MINUTE)
        if fate.happens(0.2):
            at = meeting.starts + fate.between(3 * MINUTE, 9 * MINUTE)
        if fate.happens(0.1):
            return
        await asyncio.sleep(max(0.0, at - self.world.time()))
        host = meeting.hosts[0]
        await self.machine.ask(lambda ports: start_session(ports, meeting.id, host))
        meeting.started = self.world.time()

    def _read(self, line: OpenAttempt) -> None:
        world = self.world
        if line.id not in world.truth.lines:
            found = Line(world.time(), line.rung, line.session_id, line.seat_id)
            world.truth.lines[line.id] = found
            world.truth.note(world.time(), f"listed {line.id}")
        if line.outcome is None and line.id not in self.at_it and world.fate.happens(0.2):
            self.at_it.add(line.id)
            outside(self._see_to(line))

    async def _see_to(self, line: OpenAttempt) -> None:
        """Call somebody whom the list names, or look into a session that is in trouble."""
        await asyncio.sleep(self.world.fate.between(MINUTE, 4 * MINUTE))
        try:
            if line.rung in _SESSION_LINES and line.session_id is not None:
                await self._look_into(line.rung, line.session_id)
            elif line.seat_id is not None:
                await self._call(line.id, line.seat_id)
        except VioPError:
            self.world.truth.counts["overtaken"] += 1

    async def _look_into(self, rung: str, session: SessionId) -> None:
        works = not self.world.has(Trouble.ROOM)
        if rung == DeliveryKind.INCIDENT and works:
            news = SessionNews.ROOM_UP.value
            await self.machine.ask(
                lambda ports: tell_session(ports, session, news, COORDINATOR)
            )

    async def _call(self, line: str, seat: str) -> None:
        going = next(
            (each for _, each in self.world.truth.places() if each.seat == seat), None
        )
        outcome = Outcome.NO_ANSWER
        absent = going is not None and not going.is_there(self.world.time())
        if going is not None and absent and self.world.fate.happens(0.2):
            outcome = Outcome.REACHED_NOT_COMING
            going.excused_at = self.world.time()
        await self.machine.ask(
            lambda ports: settle_attempt(ports, line, outcome.value, COORDINATOR)
        )


def at(day: date, clock: time) -> Instant:
    """A reading of the office's clock."""
    return instant(datetime.combine(day, clock, ZoneInfo(ZONE)))
