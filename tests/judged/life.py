"""Weeks of a programme lived through the real flows: joins, moves, leave, discharges, clocks."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tests.make import FixedClock, clinician, cohort, enrollment, make_ports, participant
from tests.make import programme as small_programme
from vioP.dice import seeded
from vioP.domain.arrangement import MergedMeeting
from vioP.domain.availability import Leave, every_day, local_day
from vioP.domain.delivery import Channel
from vioP.domain.enrollment import ServicePlan
from vioP.domain.errors import Invalid
from vioP.domain.ids import CohortId, StaffId
from vioP.domain.people import Licence
from vioP.domain.programme import Programme
from vioP.domain.telling import Telling
from vioP.domain.time import Week, instant, later, week_of
from vioP.flows.arrange import arrange, show_arrangements, take_back_arrangement
from vioP.flows.build_week import build_week
from vioP.flows.deliver import deliver
from vioP.flows.import_programme import import_programme
from vioP.flows.look_ahead import look_ahead
from vioP.flows.publish_week import publish_week
from vioP.mail.compose import Letter
from vioP.mail.outbox import FolderMail
from vioP.mail.taken import Taken, nothing
from vioP.ports import Ports
from vioP.storage import Store

ZONES = ("America/New_York", "America/Denver", "America/Phoenix")
STATES = ("NY", "CO", "AZ")
SIZE, MOST = 8, 10  # how many of a ward's places are taken at first, and at most
BEGINS, ENDS = date(2027, 2, 1), date(2028, 1, 3)
DAY = timedelta(days=1)
CHANGES = (
    "join", "discharge", "leave", "move", "travel", "ring", "take_back", "merge", "switch",
)  # fmt: skip

# What everybody's calendar must hold: every seat that stands, up to the weeks that are told.
STANDS = """
SELECT OPENED(participant.email), seat.uid, seat.starts, seat.ends FROM seat
JOIN session ON session.id = seat.session_id
JOIN participant ON participant.id = seat.participant_id
WHERE seat.state = 'active' AND session.state = 'planned' AND session.monday <= :until
"""


@dataclass
class NotedMail:
    """Keeps letters in a folder, and notes in which order they left."""

    folder: FolderMail
    letters: list[Letter] = field(default_factory=list)

    async def send(self, letter: Letter, taken: Taken = nothing) -> str:
        self.letters.append(letter)
        return await self.folder.send(letter, taken)

    def invites(self) -> list[Letter]:
        """Those with a calendar part."""
        return [each for each in self.letters if b"text/calendar" in each.raw]


@dataclass
class Life:
    """A programme under way, with a clock that only this moves."""

    ports: Ports
    clock: FixedClock
    mail: NotedMail
    now: Programme
    chance: Any
    published: list[Week] = field(default_factory=list)
    before: Programme | None = None

    def at(self, day: date, hour: int) -> None:
        """Move to an hour of a day in New York."""
        local = datetime.combine(day, time(hour), ZoneInfo(ZONES[0]))
        self.clock.move_to(instant(local))

    async def publish(self, week: Week) -> None:
        """Build a week and publish it."""
        await build_week(self.ports, week, "k1")
        await publish_week(self.ports, week, "k1")
        if week not in self.published:
            self.published.append(week)

    async def settle(self) -> None:
        """Let the window close and everything leave."""
        self.clock.move_to(later(self.clock.now(), timedelta(minutes=3)))
        while await deliver(self.ports, Channel.MAIL):
            pass

    async def morning(self, day: date) -> None:
        """Nine o'clock, with its look ahead."""
        self.at(day, 9)
        await look_ahead(self.ports)
        await self.settle()

    async def change(self) -> str:
        """Something happens, and whatever is published and not over is planned again."""
        what = str(self.chance.choice(CHANGES))
        last = self.now
        await getattr(self, what)()
        self.before = last
        await import_programme(self.ports, self.now, "k1")
        for week in self.published:
            if week.monday + 7 * DAY > self.clock.now().date():
                await self.publish(week)
        return what

    async def join(self) -> None:
        """Somebody new, from tomorrow on, where there is a place."""
        today = self.clock.now().date()
        taken = [each.cohort_id for each in self.now.enrollments if each.until > today]
        free = [each.id for each in self.now.cohorts if taken.count(each.id) < MOST]
        if free:
            self.now = joined(self.now, str(self.chance.choice(free)), today + DAY)

    async def discharge(self) -> None:
        """Somebody's last day is today or soon."""
        today = self.clock.now().date()
        here = [each for each in self.now.enrollments if each.first < today < each.until]
        if not here:
            return
        one = self.chance.choice(here)
        until = today + DAY * self.chance.choice((1, 2, 3, 7))
        ended = replace(one, until=min(one.until, until))
        self.now = replace(
            self.now,
            enrollments=tuple(
                ended if each == one else each for each in self.now.enrollments
            ),
        )

    async def leave(self) -> None:
        """A clinician is away for a day of this week or the next."""
        staff = self.chance.choice(
            [each for each in self.now.staff if each.role.is_clinician]
        )
        day = self.clock.now().date() + DAY * self.chance.choice(range(1, 8))
        async with self.ports.store.write() as tx:
            key = f"lve_{len(await tx.programme.noted_leave())}"
            leave = Leave(*local_day(day, ZoneInfo(staff.zone)))
            await tx.programme.add_leave(key, staff.id, leave)

    async def move(self) -> None:
        """A ward meets half an hour earlier or later from now on."""
        one = self.chance.choice(self.now.cohorts)
        minutes = one.at.hour * 60 + one.at.minute + self.chance.choice((-30, 30))
        moved = replace(one, at=time(*divmod(min(max(minutes, 8 * 60), 14 * 60), 60)))
        self.now = replace(
            self.now,
            cohorts=tuple(moved if each == one else each for each in self.now.cohorts),
        )

    async def travel(self) -> None:
        """Somebody moves to another zone."""
        one = self.chance.choice(self.now.participants)
        where = self.chance.choice(range(3))
        moved = replace(one, zone=ZONES[where], state=STATES[where])
        people = tuple(moved if each == one else each for each in self.now.participants)
        self.now = replace(self.now, participants=people)

    async def ring(self) -> None:
        """The house gets another telephone number, or one to take part by phone."""
        number = f"+1 212 555 01{self.chance.choice(range(10, 99))}"
        name = self.chance.choice(("phone", "dial_in"))
        sender = replace(self.ports.house.sender, **{name: number})
        self.ports = replace(self.ports, house=replace(self.ports.house, sender=sender))

    async def merge(self) -> None:
        """A ward is held together with another one for a day, or by itself again after all."""
        noted = [
            each
            for each in await show_arrangements(self.ports)
            if isinstance(each.what, MergedMeeting)
        ]
        if noted and self.chance.choice((True, False)):
            await take_back_arrangement(self.ports, self.chance.choice(noted).id, "k1")
            return
        one, other = self.chance.sample(self.now.cohorts, 2)
        today = self.clock.now().date()
        both = [
            day
            for day in (today + DAY * ahead for ahead in range(1, 8))
            if day.weekday() in one.days and day.weekday() in other.days
        ]
        if both:
            with suppress(Invalid):  # one of the two goes elsewhere that day already
                await arrange(self.ports, MergedMeeting(one.id, both[0], other.id), "k1")

    async def switch(self) -> None:
        """Somebody goes over to another ward, from tomorrow on."""
        tomorrow = self.clock.now().date() + DAY
        here = [each for each in self.now.enrollments if each.first < tomorrow < each.until]
        taken = [each.cohort_id for each in self.now.enrollments if each.until > tomorrow]
        one = self.chance.choice(here)
        free = [
            each.id
            for each in self.now.cohorts
            if each.id != one.cohort_id and taken.count(each.id) < MOST
        ]
        if not free:
            return
        ward = CohortId(self.chance.choice(free))
        key = f"{one.participant_id}-{ward}-{tomorrow}"
        over = enrollment(one.participant_id, ward, first=tomorrow, until=one.until)
        rest = [each for each in self.now.enrollments if each != one]
        kept = (*rest, replace(one, until=tomorrow), replace(over, id=key))
        self.now = replace(self.now, enrollments=kept)

    async def take_back(self) -> None:
        """Whatever was changed last is changed back."""
        self.now = self.before or self.now

    async def stands(self) -> dict[str, list[dict[str, str]]]:
        """What everybody's calendar must hold now, by address."""
        telling = self.ports.house.telling
        until = telling.last_week(week_of(self.clock.now().date()))
        async with self.ports.store.read() as tx:
            rows = await tx.connection.fetch(STANDS, until=until.monday)
        found: dict[str, list[dict[str, str]]] = {}
        for row in rows:
            found.setdefault(row["email"], []).append(
                {
                    "uid": f"{row['uid']}@example.org",
                    "start": f"{instant(row['starts']):%Y-%m-%dT%H:%M:%SZ}",
                    "end": f"{instant(row['ends']):%Y-%m-%dT%H:%M:%SZ}",
                }
            )
        return found


async def begin(store: Store, place: Path, people: int, seed: int) -> Life:
    """A life that has just begun."""
    clock, mail = FixedClock(), NotedMail(FolderMail(place / "mail"))
    plain = make_ports(store, clock, mail=mail)
    house = replace(plain.house, base_url="https://join.example", telling=Telling())
    life = Life(
        replace(plain, house=house), clock, mail, first_programme(people), seeded(seed)
    )
    life.at(BEGINS, 8)
    await import_programme(life.ports, life.now, "k1")
    return life


def first_programme(people: int) -> Programme:
    """So many people in wards of eight, in three zones, with a therapist for each ward."""
    wards = -(-people // SIZE)
    small = small_programme()
    office = [each for each in small.staff if not each.role.is_clinician]
    staff = [
        clinician(
            f"{name}{number}",
            zone=ZONES[number % 3],
            licences=tuple(map(Licence, STATES)),
            hours=every_day(time(7), time(19)),
        )
        for number in range(wards)
        for name in ("c", "d")
    ]
    cohorts = [
        cohort(
            f"ward{number}",
            zone=ZONES[number % 3],
            days=((0, 2), (2, 4), (1, 3))[number % 3],
            at=time(9 + number % 3, 30),
            facilitators=(StaffId(f"c{number}"), StaffId(f"d{number}")),
            capacity=MOST,
        )
        for number in range(wards)
    ]
    empty = replace(
        small,
        program=replace(small.program, zone=ZONES[0]),
        staff=tuple(sorted([*office, *staff], key=lambda each: each.id)),
        cohorts=tuple(cohorts),
        participants=(),
        enrollments=(),
        service_plans=(),
        authorizations=(),
    )
    for number in range(people):
        empty = joined(empty, f"ward{number // SIZE}", BEGINS)
    return empty


def joined(programme: Programme, ward: str, first: date) -> Programme:
    """The same programme with one person more."""
    number = len(programme.participants)
    person = participant(f"p{number:03d}", zone=ZONES[number % 3], state=STATES[number % 3])
    own = enrollment(person.id, CohortId(ward), first=first, until=ENDS)
    host = StaffId(ward.replace("ward", "c"))
    plan = ServicePlan(f"{person.id}-individual", person.id, "individual", 50, 1, host)
    return replace(
        programme,
        participants=(*programme.participants, person),
        enrollments=(*programme.enrollments, own),
        service_plans=(*programme.service_plans, plan),
    )


def weeks_from(monday: date, count: int) -> Sequence[Week]:
    """So many weeks."""
    return [Week(monday + timedelta(weeks=each)) for each in range(count)]
