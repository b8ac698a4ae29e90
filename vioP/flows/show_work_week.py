"""A clinician's own week: what they hold, when they are away, and what is still open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from vioP.domain.availability import Interval, local_day, open_in_week
from vioP.domain.errors import Missing, NoProgramme
from vioP.domain.ids import StaffId
from vioP.domain.live import LiveSession
from vioP.domain.programme import Programme
from vioP.domain.time import Week
from vioP.ports import Ports

# No appointment is shorter: what is left between two of them is a pause.
_SHORTEST = timedelta(minutes=25)


@dataclass(frozen=True, slots=True)
class WorkWeek:
    """Somebody's week, as people were told it.

    Attributes:
        zone: In which they are told times.
        away: Leave and closed days that touch the week.
        open: Hours of theirs in which an appointment could still be put, from now on.
        is_told: Whether the week was published.
    """

    week: Week
    zone: str
    sessions: Sequence[LiveSession]
    away: tuple[Interval, ...]
    open: tuple[Interval, ...]
    is_told: bool


async def show_work_week(ports: Ports, staff_id: StaffId, week: Week) -> WorkWeek:
    """What somebody who works here does in a week of their own zone.

    Raises:
        NoProgramme: Nothing was imported yet.
        Missing: Nobody of that identifier works here.
    """
    async with ports.store.read() as tx:
        programme = await tx.programme.read()
        if programme is None:
            raise NoProgramme
        staff = next((each for each in programme.staff if each.id == staff_id), None)
        if staff is None:
            raise Missing
        zone = ZoneInfo(staff.zone)
        monday, sunday = week.monday, week.monday + timedelta(days=6)
        since, until = local_day(monday, zone)[0], local_day(sunday, zone)[1]
        sessions = await tx.live.of_staff(staff_id, since, until)
        leave = (await tx.programme.leave()).get(staff_id, ())
        published = await tx.weeks.published(week)
    away = tuple(
        each
        for each in (*((each.starts, each.ends) for each in leave), *_closed(programme))
        if each[0] < until and since < each[1]
    )
    held = [(each.starts, each.ends) for each in sessions]
    past = (since, max(since, ports.clock.now()))
    left = open_in_week(staff.hours, week, zone, [*away, *held, past])
    return WorkWeek(
        week=week,
        zone=staff.zone,
        sessions=sessions,
        away=away,
        open=tuple(each for each in left if each[1] - each[0] >= _SHORTEST),
        is_told=published is not None,
    )


def _closed(programme: Programme) -> list[Interval]:
    zone = ZoneInfo(programme.program.zone)
    return [local_day(each, zone) for each in programme.program.holidays]
