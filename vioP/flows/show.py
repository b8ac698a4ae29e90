"""What people look at: each a read, and nothing more."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from vioP.domain.availability import local_day
from vioP.domain.errors import Missing, NoProgramme
from vioP.domain.ids import ParticipantId, SessionId, StaffId
from vioP.domain.live import LiveSession
from vioP.domain.people import CalendarChoice
from vioP.domain.programme import Programme
from vioP.domain.session import BrokenPromise
from vioP.domain.techcheck import TechCheck
from vioP.domain.time import Week, later
from vioP.domain.week import diff
from vioP.flows.publish_week import zones
from vioP.ports import Ports
from vioP.storage.builds import Build
from vioP.storage.call_list import OpenAttempt
from vioP.storage.seats import OwnSeat
from vioP.storage.weeks import Draft

AHEAD = timedelta(days=14)
_SETTLED_SHOWN = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class OwnWeek:
    """What a participant sees of themselves."""

    seats: Sequence[OwnSeat]
    tech_check: TechCheck | None
    calendar: CalendarChoice


@dataclass(frozen=True, slots=True)
class WeekInDraft:
    """A week as a coordinator plans it: the newest draft, and what people were told.

    Attributes:
        broken: Sessions of any week whose promised clock reading no longer holds.
        is_told: Whether publishing the draft would tell nobody anything.
        build: The build that is under way, or has failed.
    """

    week: Week
    draft: Draft | None
    published: Draft | None
    programme: Programme
    is_stale: bool
    broken: Sequence[BrokenPromise] = ()
    build: Build | None = None
    is_told: bool = False


async def show_own_week(ports: Ports, participant_id: ParticipantId) -> OwnWeek:
    """A participant's own sessions, from now on, and their last device check."""
    now = ports.clock.now()
    since, until = later(now, -ports.house.closes_after), later(now, AHEAD)
    async with ports.store.read() as tx:
        seats = await tx.seats.of_participant(participant_id, since, until)
        return OwnWeek(
            seats,
            await tx.tech_checks.latest(participant_id),
            await tx.programme.calendar_of(participant_id),
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
    """One session.

    Raises:
        Missing: There is none, or it was called off.
    """
    async with ports.store.read() as tx:
        session = await tx.live.session(session_id)
    if session is None:
        raise Missing
    return session


async def show_broken_promises(ports: Ports) -> Sequence[BrokenPromise]:
    """Published sessions whose zone's rules have changed since people were told."""
    async with ports.store.read() as tx:
        return await tx.weeks.broken_promises(ports.clock.now())


async def show_call_list(ports: Ports) -> Sequence[OpenAttempt]:
    """Everything somebody still has to do, and what was settled lately."""
    since = later(ports.clock.now(), -_SETTLED_SHOWN)
    async with ports.store.read() as tx:
        return await tx.attempts.listed(since)


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


async def show_week(ports: Ports, week: Week) -> WeekInDraft:
    """A week as it is planned.

    Raises:
        NoProgramme: None was imported yet.
    """
    async with ports.store.read() as tx:
        programme = await tx.programme.read()
        draft = await tx.weeks.draft(week)
        published = await tx.weeks.published(week)
        version = await tx.programme.version()
        broken = await tx.weeks.broken_promises(ports.clock.now())
        build = await tx.builds.of_week(week)
        told = await tx.weeks.told(week)
        zone_at = await zones(tx)
    if programme is None:
        raise NoProgramme
    stale = draft is not None and draft.plan.basis != version
    same = (
        draft is not None
        and published is not None
        and draft.plan.sessions == published.plan.sessions
        and diff(told.seats, draft.plan, zone_at, ports.clock.now()).is_empty
    )
    return WeekInDraft(week, draft, published, programme, stale, broken, build, same)


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
