"""What days away would touch: groups without their host, who could stand in, who would move.

Nothing is kept. Only the clinician's own groups and appointments are named: they do not see
what becomes of others'.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from vioP.domain.errors import Invalid
from vioP.domain.ids import StaffId
from vioP.domain.suppose import Away, Stretch
from vioP.domain.time import Week, week_of
from vioP.domain.time_off import LONGEST
from vioP.flows.show_groups_without import GroupWithout, show_groups_without
from vioP.flows.suppose_week import suppose_week
from vioP.planner.changes import Change
from vioP.ports import Ports


@dataclass(frozen=True, slots=True)
class WeekWithout:
    """One week in which somebody would be away.

    Attributes:
        is_told: Whether the week was published; otherwise it will be planned around them.
        changes: What would become of sessions they hold.
        told: How many people would be told another time.
        unplaced: How much would have no place any more.
    """

    week: Week
    is_told: bool
    groups: tuple[GroupWithout, ...]
    changes: tuple[Change, ...] = ()
    told: int = 0
    unplaced: int = 0


async def foresee_time_off(
    ports: Ports, staff_id: StaffId, first: date, last: date
) -> tuple[WeekWithout, ...]:
    """What it would mean that somebody is away on whole days, week by week.

    Raises:
        NoProgramme: Nothing was imported yet.
        Missing: Nobody of that identifier works here.
        Invalid: The last day is before the first, or the days are too many.
        SearchDied: A worker process died.
    """
    if not timedelta() <= last - first < LONGEST:
        raise Invalid(f"Choose between one day and {LONGEST.days} in a row.")
    away = Away(staff_id, Stretch(first, last))
    return tuple([await _week(ports, week, away) for week in _weeks(first, last)])


async def _week(ports: Ports, week: Week, away: Away) -> WeekWithout:
    groups = (await show_groups_without(ports, week, away)).groups
    async with ports.store.read() as tx:
        published = await tx.weeks.published(week)
    if published is None:
        return WeekWithout(week, is_told=False, groups=groups)
    supposed = await suppose_week(ports, week, away)
    own = tuple(
        each
        for each in supposed.changes
        if each.before is not None and away.staff_id in each.before.staff
    )
    return WeekWithout(
        week=week,
        is_told=True,
        groups=groups,
        changes=own,
        told=supposed.told,
        unplaced=len(supposed.unplaced),
    )


def _weeks(first: date, last: date) -> Iterator[Week]:
    week = week_of(first)
    while week.monday <= last:
        yield week
        week = Week(week.monday + timedelta(weeks=1))
