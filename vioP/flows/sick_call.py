"""Sick call: somebody is out today. What that touches, who could stand in, and one press for all.

The preview writes nothing. Doing it notes the leave and who stands in, builds the week anew and
publishes it: links stay the same, and only people whose time changes are told.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from zoneinfo import ZoneInfo

from vioP.domain.arrangement import StandIn
from vioP.domain.availability import Leave, local_day
from vioP.domain.errors import Missing, StalePlan
from vioP.domain.ids import CohortId, ParticipantId, StaffId
from vioP.domain.suppose import Away, Stretch, suppose
from vioP.domain.time import Instant, week_of
from vioP.flows.arrange import note_arrangement
from vioP.flows.build_week import build_week, state_week
from vioP.flows.call_off_tests import call_off_impossible_tests
from vioP.flows.publish_week import Published, publish_week
from vioP.flows.search_week import StatedWeek
from vioP.flows.suppose_week import SupposedWeek, suppose_week
from vioP.planner.meetings import HeldMeeting
from vioP.planner.minutes import minutes_of
from vioP.planner.places import may_treat
from vioP.planner.substitutes import Candidate, stand_ins
from vioP.ports import Ports
from vioP.storage.programme import NotedLeave

StandIns = Mapping[CohortId, StaffId]


@dataclass(frozen=True, slots=True)
class GroupWithout:
    """A group meeting of the day that loses a host.

    Attributes:
        hosts: Who of its facilitators is left.
        lacking: Whom none of these may treat where they are then.
        candidates: Who could stand in, the fittest first, with how many of those who are
            lacking they may treat.
    """

    cohort_id: CohortId
    starts: Instant
    ends: Instant
    people: int
    hosts: tuple[StaffId, ...]
    lacking: tuple[ParticipantId, ...]
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class SickCall:
    """What it means that somebody is out, with the substitutes that were chosen.

    Attributes:
        version: The programme it was worked out from; doing it refuses another.
    """

    day: date
    groups: tuple[GroupWithout, ...]
    supposed: SupposedWeek
    version: str


async def show_sick_call(
    ports: Ports, staff_id: StaffId, day: date, chosen: StandIns
) -> SickCall:
    """What it would do that somebody is out for a day. Nothing is kept.

    Raises:
        NoProgramme: Nothing was imported yet.
        Missing: Nobody of that identifier works here.
    """
    week = week_of(day)
    away = Away(staff_id, Stretch(day, day))
    more = [StandIn(cohort, day, who) for cohort, who in chosen.items()]
    now = await state_week(ports, week)
    then = await state_week(ports, week, partial(suppose, week=week, what=away))
    groups = await asyncio.to_thread(_groups, now, then, staff_id, day)
    supposed = await suppose_week(ports, week, away, more)
    return SickCall(day, groups, supposed, now.version)


async def take_sick_call(
    ports: Ports, staff_id: StaffId, day: date, chosen: StandIns, version: str, by: str
) -> Published:
    """Note that somebody is out and who stands in, build the week and tell whom it concerns.

    Args:
        ports: The surroundings.
        staff_id: Who is out.
        day: Which day, of their own zone.
        chosen: Who holds which group instead.
        version: The programme that was looked at.
        by: Who decides.

    Returns:
        Whom publishing told.

    Raises:
        StalePlan: The programme changed since it was looked at; nothing was written.
        Missing: Nobody of that identifier works here.
        BeingBuilt: Somebody builds this week now. The leave is noted: publish when it is built.
        UnsafePlan: The new week breaks a rule. The leave is noted, and nobody was told.
    """
    now = ports.clock.now()
    async with ports.store.write() as tx:
        if await tx.programme.lock() != version:
            raise StalePlan
        found = await tx.programme.who_works(staff_id)
        if found is None:
            raise Missing(f"Nobody called {staff_id} works here.")
        start, end = local_day(day, ZoneInfo(found[1]))
        noted = NotedLeave(ports.secrets.mint("lve", now), staff_id, Leave(start, end))
        await tx.programme.add_leave(noted.id, staff_id, noted.leave)
        for cohort, who in chosen.items():
            await note_arrangement(ports, tx, StandIn(cohort, day, who), by)
        await tx.audit.note(now, by, "staff.out_today", f"{staff_id} {day}")
        await call_off_impossible_tests(ports, tx, by)
    built = await build_week(ports, week_of(day), by)
    return await publish_week(ports, week_of(day), by, built.revision)


def _groups(
    now: StatedWeek, then: StatedWeek, staff_id: StaffId, day: date
) -> tuple[GroupWithout, ...]:
    """The groups of the day that are led by somebody now, as they would be without them."""
    left = {each.id: each for each in (*then.statement.meetings, *then.statement.unheld)}
    return tuple(
        _without(then, left[each.id], staff_id)
        for each in now.statement.meetings
        if each.day == day and staff_id in each.hosts and each.id in left
    )


def _without(then: StatedWeek, meeting: HeldMeeting, staff_id: StaffId) -> GroupWithout:
    problem, week = then.statement.problem, then.statement.week
    span = (minutes_of(meeting.starts, week), minutes_of(meeting.ends, week))
    hosts = [each for each in problem.clinicians if each.id in meeting.hosts]
    lacking = [
        each.id
        for each in problem.participants
        if each.id in meeting.attendees
        and not any(may_treat(host, each, span) for host in hosts)
    ]
    wanted: Sequence[str] = lacking or ([] if hosts else meeting.attendees)
    free = stand_ins(problem, span, wanted)
    known = {*meeting.cohort.facilitators, staff_id}
    return GroupWithout(
        meeting.cohort.id,
        meeting.starts,
        meeting.ends,
        len(meeting.attendees),
        meeting.hosts,
        tuple(ParticipantId(each) for each in lacking),
        tuple(each for each in free if each.id not in known),
    )
