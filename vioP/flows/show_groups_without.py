"""The groups that lose a host while somebody is away, and who could stand in. Nothing is kept."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from vioP.domain.ids import CohortId, ParticipantId, StaffId
from vioP.domain.suppose import Away
from vioP.domain.time import Week
from vioP.flows.build_week import state_week
from vioP.flows.search_week import StatedWeek
from vioP.planner.from_programme import Statement
from vioP.planner.meetings import HeldMeeting
from vioP.planner.minutes import minutes_of
from vioP.planner.places import may_treat
from vioP.planner.substitutes import Candidate, stand_ins
from vioP.ports import Ports


@dataclass(frozen=True, slots=True)
class GroupWithout:
    """A group meeting that loses a host.

    Attributes:
        meeting: It, as it would be.
        hosts: Who of its facilitators is left.
        lacking: Whom none of these may treat where they are then.
        candidates: Who could stand in, the fittest first, with how many of those who are
            lacking they may treat.
    """

    meeting: HeldMeeting
    hosts: tuple[StaffId, ...]
    lacking: tuple[ParticipantId, ...]
    candidates: tuple[Candidate, ...]

    @property
    def cohort_id(self) -> CohortId:
        """Whose meeting it is."""
        return self.meeting.cohort.id

    @property
    def people(self) -> int:
        """How many take part."""
        return len(self.meeting.attendees)


@dataclass(frozen=True, slots=True)
class GroupsWithout:
    """The groups of a week that lose a host.

    Attributes:
        week: The week as it would be.
        version: The programme it was worked out from.
    """

    groups: tuple[GroupWithout, ...]
    week: Statement
    version: str


async def show_groups_without(ports: Ports, week: Week, away: Away) -> GroupsWithout:
    """Which groups of a week somebody would be missing from.

    Raises:
        NoProgramme: Nothing was imported yet.
        Missing: Nobody of that identifier works here.
    """
    now = await state_week(ports, week)
    then = await state_week(ports, week, away)
    groups = await asyncio.to_thread(_groups, now, then, away)
    return GroupsWithout(groups, then.statement, now.version)


def _groups(now: StatedWeek, then: StatedWeek, away: Away) -> tuple[GroupWithout, ...]:
    """The groups of these days that somebody leads and that are not over, without them."""
    moment = now.statement.arranged.now
    left = {each.id: each for each in (*then.statement.meetings, *then.statement.unheld)}
    return tuple(
        _without(then, left[each.id], away.staff_id)
        for each in now.statement.meetings
        if away.when.first <= each.day <= away.when.last
        and away.staff_id in each.hosts
        and each.id in left
        and (moment is None or each.ends > moment)
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
    wanted: Sequence[str] = lacking or meeting.attendees
    free = stand_ins(problem, span, wanted)
    known = {*meeting.cohort.facilitators, staff_id}
    return GroupWithout(
        meeting,
        meeting.hosts,
        tuple(ParticipantId(each) for each in lacking),
        tuple(each for each in free if each.id not in known),
    )
