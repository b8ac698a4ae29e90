"""The policy of a programme file: what a program has decided about its weeks."""

from collections.abc import Mapping
from datetime import time

from vioP.domain.fallback import Ladder
from vioP.domain.ladder_times import LADDER_TIMES, in_minutes, with_times
from vioP.domain.program import BLOCKABLE, Concern, Impact, Policy
from vioP.domain.room import SERVICES
from vioP.files.table import Table

# Keys of the policy that are settings of the service, or facts for people.
_ELSEWHERE = (
    "min_weeks", "max_weeks", "join_opens_min", "nudge_after_min", "dial_after_min",
    "staff_after_min", "late_cutoff_min", "no_show_after_min", "location_check",
    "max_absences",
)  # fmt: skip
_PAIR, _A_WEEK = 2, 7


def read_policy(table: Table, impact: Table, ladder: Table) -> Policy:
    """The policy; what is wrong is noted.

    Args:
        table: ``[policy]``.
        impact: ``[policy.impact]``: how grave each concern is.
        ladder: ``[policy.ladder]``: the program's own times for missed joins.
    """
    standard = Policy()
    opens, closes = _window(table)
    policy = Policy(
        group_min=table.whole("group_min", standard.group_min, 1),
        group_max=table.whole("group_max", standard.group_max, 1),
        clinician_buffer=table.whole("buffer_clinician_min", standard.clinician_buffer),
        participant_buffer=table.whole(
            "buffer_participant_min", standard.participant_buffer
        ),
        clinician_max_day=table.whole(
            "clinician_max_day_min", standard.clinician_max_day, 1
        ),
        clinician_max_week=table.whole(
            "clinician_max_week_min", standard.clinician_max_week, 1
        ),
        participant_max_day=table.whole(
            "participant_max_day_min", standard.participant_max_day, 1
        ),
        participant_window=(opens, closes),
        coverage=table.one_of("coverage", ["any", "lead", "all"], "any"),
        video_rooms=table.whole("video_rooms", standard.video_rooms, 1),
        days_a_week=days_a_week(table, "sessions_per_week", standard.days_a_week)
        or standard.days_a_week,
        longest_gap=table.whole("longest_gap_days", standard.longest_gap),
        impacts=_impacts(table, impact),
        quiet_hours=_quiet_hours(table),
        ladder=_ladder(table, ladder),
        video=_service(table, "video", SERVICES),
        video_fallback=_service(table, "video_fallback", (*SERVICES, "none")),
    )
    if policy.group_min > policy.group_max:
        table.note("group_min", "is more than group_max.", "Make it smaller.")
    table.close([*_ELSEWHERE, "impact", "ladder"])
    return policy


def _service(table: Table, key: str, known: tuple[str, ...]) -> str:
    """The name of a video service; empty where the program leaves it to the house."""
    return table.one_of(key, ["", *known], "") if key in table.values else ""


def _window(table: Table) -> tuple[time, time]:
    window = table.list_of("participant_window", str, ["07:30", "21:30"])
    opens, closes = (
        [table.reading("participant_window", each) for each in window]
        if len(window) == _PAIR
        else (time(0), time(0))
    )
    if closes <= opens:
        table.note(
            "participant_window", "closes before it opens.", "Write two times in order."
        )
    return opens, closes


def days_a_week(
    table: Table, key: str, standard: tuple[int, int] | None
) -> tuple[int, int] | None:
    """The fewest and most days of care a week; what is wrong is noted."""
    if key not in table.values:
        table.seen.add(key)
        return standard
    days = table.list_of(key, int, [])
    if len(days) == _PAIR and 1 <= days[0] <= days[1] <= _A_WEEK:
        return days[0], days[1]
    table.note(key, f"is {days}.", "Write the fewest and most days of care a week.")
    return standard


def _impacts(table: Table, impact: Table) -> tuple[tuple[Concern, Impact], ...]:
    given: object = impact.values
    if not isinstance(given, Mapping):
        table.note("impact", f"is {given!r:.60}.", "Write a table [policy.impact].")
        return ()
    levels = [each.value for each in Impact]
    found = tuple(
        (each, Impact(impact.one_of(each.value, levels, Impact.WARN.value)))
        for each in Concern
        if each.value in impact.values
    )
    for concern, level in found:
        if level is Impact.BLOCK and concern not in BLOCKABLE:
            impact.note(
                concern.value,
                "cannot block a place: it shows in a whole week only.",
                f"Use block_publishing. {', '.join(BLOCKABLE)} can block.",
            )
    impact.close([each.value for each in Concern])
    return found


def _quiet_hours(table: Table) -> tuple[time, time]:
    hours = table.list_of("quiet_hours", str, ["21:00", "08:00"])
    if len(hours) != _PAIR:
        table.note("quiet_hours", f"is {hours}.", "Write when they begin and end.")
        return Policy().quiet_hours
    return table.reading("quiet_hours", hours[0]), table.reading("quiet_hours", hours[1])


def _ladder(table: Table, ladder: Table) -> tuple[tuple[str, float], ...]:
    """The program's own times, which must still be in order."""
    given: object = ladder.values
    if not isinstance(given, Mapping):
        table.note("ladder", f"is {given!r:.60}.", "Write a table [policy.ladder].")
        return ()
    found: list[tuple[str, float]] = []
    for name in LADDER_TIMES:
        key = f"{name}_min"
        if key in ladder.values:
            found.append((name, float(ladder.whole(key, 0, 0))))
    try:
        with_times(Ladder(), in_minutes(found))
    except ValueError as error:
        ladder.note("ladder", f"{error}.", "Make each time later than the one before.")
    ladder.close()
    return tuple(found)
