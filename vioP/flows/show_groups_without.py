"""The groups that lose a host while somebody is away, and who could stand in. Nothing is kept."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from vioP.domain.ids import CohortId, ParticipantId, StaffId
from vioP.domain.suppose import Away, suppose
from vioP.domain.time import Instant, Week
from vioP.flows.build_week import state_week
from vioP.flows.search_week import StatedWeek
from vioP.planner.meetings import HeldMeeting
from vioP.planner.minutes import minutes_of
from vioP.planner.places import may_treat
from vioP.planner.substitutes import Candidate, stand_ins
from vioP.ports import Ports


@dataclass(frozen=True, slots=True)
class GroupWithout:
    """A group meeting that loses a host.

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
class GroupsWithout:
    """The groups of a week that lose a host, and the programme it was worked out from."""

    groups: tuple[GroupWithout, ...]
    version: str


async def show_groups_without(ports: Ports, week: Week, away: Away) -> GroupsWithout:
    """Which groups of a week somebody would be missing from.

    Raises:
        NoProgramme: Nothing was imported yet.
        Missing: Nobody of that identifier works here.
    """
    now = await state_week(ports, week)
    then = await state_week(ports, week, partial(suppose, week=week, what=away))
    groups = await asyncio.to_thread(_groups, now, then, away)
    return GroupsWithout(groups, now.version)


def _groups(now: StatedWeek, then: StatedWeek, away: Away) -> tuple[GroupWithout, ...]:
    """The groups of these days that are led by somebody now, as they would be without them."""
    left = {each.id: each for each in (*then.statement.meetings, *then.statement.unheld)}
    return tuple(
        _without(then, left[each.id], away.staff_id)
        for each in now.statement.meetings
        if away.when.first <= each.day <= away.when.last
        and away.staff_id in each.hosts
        and each.id in left
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
