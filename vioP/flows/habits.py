"""What people are used to, from the appointments they had."""

from collections.abc import Sequence
from datetime import time, timedelta

from vioP.domain.ids import ParticipantId
from vioP.domain.time import Week
from vioP.planner.needs import Habit
from vioP.storage.weeks import PreviousAppointment

# A time nobody has had for longer than this is no habit any more.
_REMEMBERED = timedelta(weeks=4)


def habits(previous: Sequence[PreviousAppointment], week: Week) -> tuple[Habit, ...]:
    """The last appointment of each kind of everybody, and how often it moved before.

    Args:
        previous: Appointments of this week and the term before it, the oldest first.
        week: The week to plan.
    """
    last: dict[tuple[ParticipantId, str], PreviousAppointment] = {}
    moves: dict[tuple[ParticipantId, str], int] = {}
    for each in previous:
        key = (each.participant_id, each.kind)
        before = last.get(key)
        if before is not None and each.week not in {before.week, week}:
            moved = (before.weekday, before.wall_time) != (each.weekday, each.wall_time)
            moves[key] = moves.get(key, 0) + moved
        last[key] = each
    return tuple(
        Habit(
            each.participant_id,
            each.kind,
            each.weekday,
            time.fromisoformat(each.wall_time),
            each.zone,
            each.staff_id,
            is_told=each.week == week,
            moves=moves.get(key, 0),
        )
        for key, each in last.items()
        if each.week.monday >= week.monday - _REMEMBERED
    )
