"""Sick call: somebody is out today. What that touches, what could be done, and one press for all.

A colleague stands in, a group is held together with another one, or on another day of the
counted week. The preview writes nothing. Doing it notes the leave and what was chosen, builds the
week anew and publishes it: links stay the same, and only people whose time changes are told.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from vioP.domain.arrangement import MakeUp, MergedMeeting, StandIn
from vioP.domain.errors import Missing, StalePlan
from vioP.domain.ids import StaffId
from vioP.domain.suppose import Away, Stretch
from vioP.domain.time import week_of
from vioP.flows.arrange import note_arrangement
from vioP.flows.build_week import build_week
from vioP.flows.call_off_tests import call_off_impossible_tests
from vioP.flows.note_leave import DaysAway, leave_of
from vioP.flows.publish_week import Published, publish_week
from vioP.flows.show_groups_without import GroupWithout, show_groups_without
from vioP.flows.suppose_week import SupposedWeek, suppose_week
from vioP.planner.from_programme import Statement
from vioP.planner.make_up import Option, missed_days
from vioP.planner.merge import Merge, merges
from vioP.ports import Ports

# What is done about a group that loses a host.
Instead = StandIn | MergedMeeting | MakeUp


@dataclass(frozen=True, slots=True)
class GroupOut:
    """A group that loses a host, and what could be done beside somebody standing in.

    Attributes:
        merges: Which other groups it could be held together with.
        make_ups: When else it could be held, if nobody is left to hold it.
    """

    without: GroupWithout
    merges: tuple[Merge, ...]
    make_ups: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class SickCall:
    """What it means that somebody is out, with what was chosen for their groups.

    Attributes:
        version: The programme it was worked out from; doing it refuses another.
    """

    day: date
    groups: tuple[GroupOut, ...]
    supposed: SupposedWeek
    version: str


async def show_sick_call(
    ports: Ports, staff_id: StaffId, day: date, chosen: Sequence[Instead]
) -> SickCall:
    """What it would do that somebody is out for a day. Nothing is kept.

    Raises:
        NoProgramme: Nothing was imported yet.
        Missing: Nobody of that identifier works here.
    """
    week = week_of(day)
    away = Away(staff_id, Stretch(day, day))
    without = await show_groups_without(ports, week, away)
    groups = await asyncio.to_thread(_ways, without.week, without.groups)
    supposed = await suppose_week(ports, week, away, chosen)
    return SickCall(day, groups, supposed, without.version)


def _ways(statement: Statement, groups: Sequence[GroupWithout]) -> tuple[GroupOut, ...]:
    options = {
        (each.meeting.cohort.id, each.meeting.day): each.options
        for each in missed_days(statement)
    }
    return tuple(
        GroupOut(
            each,
            merges(statement, each.meeting),
            options.get((each.cohort_id, each.meeting.usual_day), ()),
        )
        for each in groups
    )


async def take_sick_call(
    ports: Ports,
    staff_id: StaffId,
    day: date,
    chosen: Sequence[Instead],
    version: str,
    by: str,
) -> Published:
    """Note that somebody is out and what is done, build the week and tell whom it concerns.

    Args:
        ports: The surroundings.
        staff_id: Who is out.
        day: Which day, of their own zone.
        chosen: What is done about which group.
        version: The programme that was looked at.
        by: Who decides.

    Returns:
        Whom publishing told.

    Raises:
        StalePlan: The programme changed since it was looked at; nothing was written.
        Missing: Nobody of that identifier works here.
        Invalid: What was chosen cannot be, such as a group on a closed day.
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
        days = DaysAway(staff_id, day, day, ports.secrets.mint("lve", now))
        leave = await leave_of(tx, days, ZoneInfo(found[1]), now)
        await tx.programme.add_leave(days.id, staff_id, leave)
        for each in chosen:
            await note_arrangement(ports, tx, each, by)
        await tx.audit.note(now, by, "staff.out_today", f"{staff_id} {day}")
        await call_off_impossible_tests(ports, tx, by)
    built = await build_week(ports, week_of(day), by)
    return await publish_week(ports, week_of(day), by, built.revision)
