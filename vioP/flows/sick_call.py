"""Sick call: somebody is out today. What that touches, who could stand in, and one press for all.

The preview writes nothing. Doing it notes the leave and who stands in, builds the week anew and
publishes it: links stay the same, and only people whose time changes are told.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from vioP.domain.arrangement import StandIn
from vioP.domain.availability import Leave, local_day
from vioP.domain.errors import Missing, StalePlan
from vioP.domain.ids import CohortId, StaffId
from vioP.domain.suppose import Away, Stretch
from vioP.domain.time import week_of
from vioP.flows.arrange import note_arrangement
from vioP.flows.build_week import build_week
from vioP.flows.call_off_tests import call_off_impossible_tests
from vioP.flows.publish_week import Published, publish_week
from vioP.flows.show_groups_without import GroupWithout, show_groups_without
from vioP.flows.suppose_week import SupposedWeek, suppose_week
from vioP.ports import Ports
from vioP.storage.programme import NotedLeave

StandIns = Mapping[CohortId, StaffId]


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
    without = await show_groups_without(ports, week, away)
    supposed = await suppose_week(ports, week, away, more)
    return SickCall(day, without.groups, supposed, without.version)


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
