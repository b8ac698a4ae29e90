"""What people look at: each a read, and nothing more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from vioP.domain.availability import local_day
from vioP.domain.errors import Missing, NoProgramme
from vioP.domain.following import Place
from vioP.domain.ids import CohortId, ParticipantId, SeatId, SessionId, StaffId
from vioP.domain.live import LiveSession
from vioP.domain.material import Material, materials_for
from vioP.domain.onboarding import Piece, Who, to_renew
from vioP.domain.people import CalendarChoice
from vioP.domain.programme import Programme
from vioP.domain.rotation import Rotation, Taught
from vioP.domain.session import BrokenPromise, LeftBehind
from vioP.domain.techcheck import TechCheck
from vioP.domain.time import Week, later
from vioP.flows.publish_week import changes_by, zones
from vioP.ports import Ports
from vioP.storage import Transaction
from vioP.storage.builds import Build
from vioP.storage.seats import OwnSeat
from vioP.storage.weeks import Draft

AHEAD = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class OwnWeek:
    """What a participant sees of themselves.

    Attributes:
        renew: What they agreed to that runs out, with the first day it holds no more.
        rotations: Of every cohort, where links of modules need them; never shown.
        declined: The seats they said no to.
    """

    seats: Sequence[OwnSeat]
    tech_check: TechCheck | None
    calendar: CalendarChoice
    renew: Mapping[Piece, date]
    rotations: Mapping[CohortId, Rotation]
    declined: frozenset[SeatId]


@dataclass(frozen=True, slots=True)
class Lesson:
    """What a session is about: its module, and what its people read or do at home."""

    taught: Taught | None
    materials: Sequence[Material]


@dataclass(frozen=True, slots=True)
class WeekInDraft:
    """A week as a coordinator plans it: the newest draft, and what people were told.

    Attributes:
        version: Which state of the programme this is.
        build: The build that is under way, or has failed.
        left: Places people were told are gone, by the session's key.
    """

    week: Week
    draft: Draft | None
    published: Draft | None
    programme: Programme
    version: str
    build: Build | None
    left: frozenset[Place]

    @property
    def is_stale(self) -> bool:
        """Whether the programme has changed since the draft was built."""
        return self.draft is not None and self.draft.plan.basis != self.version


@dataclass(frozen=True, slots=True)
class WeekToTell(WeekInDraft):
    """A week in draft, and what publishing it would mean.

    Attributes:
        broken: Sessions of any week whose promised clock reading no longer holds.
        tells: Whose appointments publishing the draft would change.
        is_told: Whether publishing the draft would tell nobody anything.
    """

    broken: Sequence[BrokenPromise]
    tells: frozenset[ParticipantId]
    is_told: bool


async def show_own_week(ports: Ports, participant_id: ParticipantId) -> OwnWeek:
    """A participant's own sessions, from now on, and their last device check."""
    now = ports.clock.now()
    since, until = later(now, -ports.house.closes_after), later(now, AHEAD)
    has_modules = any(each.module for each in ports.house.materials)
    async with ports.store.read() as tx:
        seats = await tx.seats.of_participant(participant_id, since, until)
        of = await tx.onboardings.of(participant_id, now)
        return OwnWeek(
            seats,
            await tx.tech_checks.latest(participant_id),
            await tx.programme.calendar_of(participant_id),
            to_renew(of, Who.PARTICIPANT) if of else {},
            await tx.rotations.known() if has_modules else {},
            await tx.replies.declined(participant_id, since),
        )


async def show_tech_check(
    ports: Ports, participant_id: ParticipantId
) -> tuple[TechCheck | None, str]:
    """A participant's last device check, and the zone in which they are told times.

    Raises:
        Missing: There is no such participant.
    """
    async with ports.store.read() as tx:
        people = await tx.programme.addressees()
        if participant_id not in people:
            raise Missing
        return await tx.tech_checks.latest(participant_id), people[participant_id].zone


async def show_roster(
    ports: Ports, staff_id: StaffId, day: date, zone: str
) -> Sequence[LiveSession]:
    """The sessions somebody hosts on a day of their own zone, in one query."""
    since, until = local_day(day, ZoneInfo(zone))
    async with ports.store.read() as tx:
        return await tx.live.of_staff(staff_id, since, until)


async def show_session(ports: Ports, session_id: SessionId) -> LiveSession:
    """One session, with how far its people are.

    Raises:
        Missing: There is none, or it was called off.
    """
    async with ports.store.read() as tx:
        session = await tx.live.shown(session_id)
    if session is None:
        raise Missing
    return session


async def show_lesson(ports: Ports, session: LiveSession) -> Lesson:
    """The module of a session's day, and the links of whoever comes to it."""
    if session.cohort_id is None:
        return Lesson(None, ())
    async with ports.store.read() as tx:
        track, rotation = await tx.rotations.of(session.cohort_id)
    taught = rotation.on(session.day) if rotation else None
    module = taught.module if taught else ""
    known = ports.house.materials
    links = materials_for(known, track, session.cohort_id, session.day, module)
    return Lesson(taught, links)


async def show_left_behind(ports: Ports) -> Sequence[LeftBehind]:
    """Whoever still has appointments, in weeks that are published, after their care ended."""
    async with ports.store.read() as tx:
        return await tx.promises.left_behind(ports.clock.now())


async def show_broken_promises(ports: Ports) -> Sequence[BrokenPromise]:
    """Published sessions whose zone's rules have changed since people were told."""
    async with ports.store.read() as tx:
        return await tx.promises.broken(ports.clock.now())


async def show_programme(ports: Ports) -> Programme:
    """The whole programme.

    Raises:
        NoProgramme: None was imported yet.
    """
    async with ports.store.read() as tx:
        programme = await tx.programme.read()
    if programme is None:
        raise NoProgramme
    return programme


async def read_draft(tx: Transaction, week: Week) -> WeekInDraft:
    """A week as it is planned, as one transaction sees it.

    Raises:
        NoProgramme: None was imported yet.
    """
    programme = await tx.programme.read()
    if programme is None:
        raise NoProgramme
    draft = await tx.weeks.draft(week)
    return WeekInDraft(
        week,
        draft,
        await tx.weeks.published_or(draft, week),
        programme,
        await tx.programme.version(),
        await tx.builds.of_week(week),
        await tx.promises.left(week),
    )


async def show_week(ports: Ports, week: Week) -> WeekToTell:
    """A week as it is planned, and what publishing it would mean.

    Raises:
        NoProgramme: None was imported yet.
    """
    now = ports.clock.now()
    async with ports.store.read() as tx:
        shown = await read_draft(tx, week)
        broken = await tx.promises.broken(now)
        told = await tx.weeks.told(week)
        zone_at = await zones(tx)
        draft, published = shown.draft, shown.published
        tells: frozenset[ParticipantId] = frozenset()
        if draft is not None:
            tells = (await changes_by(ports, tx, told, draft.plan, zone_at)).people
    same = (
        draft is not None
        and published is not None
        and draft.plan.sessions == published.plan.sessions
        and not tells
    )
    return WeekToTell(
        week,
        draft,
        published,
        shown.programme,
        shown.version,
        shown.build,
        shown.left,
        broken,
        tells,
        is_told=same,
    )


async def show_build(ports: Ports, week: Week) -> Build | None:
    """The build of a week that waits, runs or has failed; nothing if there is none."""
    async with ports.store.read() as tx:
        return await tx.builds.of_week(week)


async def who_works(ports: Ports, staff_id: StaffId) -> tuple[str, str]:
    """The name of somebody who works here, and the zone in which they are told times.

    Raises:
        Missing: Nobody of that identifier works here.
    """
    async with ports.store.read() as tx:
        found = await tx.programme.who_works(staff_id)
    if found is None:
        raise Missing
    return found
