"""Whether everybody's week is the week of care their program and their payer ask for.

The rules are the program's and each payer's own, read from the programme file: payers
differ in days a week, in gaps and in minutes, and none of it is a constant here.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise

from vioP.domain.ids import ParticipantId
from vioP.domain.program import Concern, Payer
from vioP.domain.programme import Programme
from vioP.domain.session import PlannedSession
from vioP.domain.time import Week
from vioP.domain.week import Notice


def notices_of_care(
    week: Week, programme: Programme, sessions: Sequence[PlannedSession]
) -> Iterator[Notice]:
    """Weeks that are too short or too long, in minutes or in days, or with too long a gap."""
    minutes: dict[ParticipantId, int] = defaultdict(int)
    days: dict[ParticipantId, set[date]] = defaultdict(set)
    for session in sessions:
        for participant in session.participants:
            minutes[participant] += session.care_minutes
            days[participant].add(session.promise.day)
    payers = _payers(programme)
    yield from _minutes(programme, minutes, payers)
    for who in sorted(_whole_week(week, programme) & days.keys()):
        yield from _days(programme, who, sorted(days[who]), payers.get(who, ()))


def _payers(programme: Programme) -> Mapping[ParticipantId, tuple[Payer, ...]]:
    """Who pays for whom, by the authorizations there are."""
    known = {each.id: each for each in programme.payers}
    found: dict[ParticipantId, dict[str, Payer]] = defaultdict(dict)
    for each in programme.authorizations:
        if each.payer_id in known:
            found[each.participant_id][each.payer_id] = known[each.payer_id]
    return {who: tuple(payers.values()) for who, payers in found.items()}


def _minutes(
    programme: Programme,
    minutes: Mapping[ParticipantId, int],
    payers: Mapping[ParticipantId, tuple[Payer, ...]],
) -> Iterator[Notice]:
    """Whose week adds up to fewer minutes of care than are asked for, or to more."""
    tracks = {each.id: each for each in programme.tracks}
    cohorts = {each.id: each for each in programme.cohorts}
    told: set[ParticipantId] = set()
    for enrollment in programme.enrollments:
        who = enrollment.participant_id
        track = tracks[cohorts[enrollment.cohort_id].track_id]
        asked = [(track.minimum_weekly_minutes, "the program")]
        asked += [(each.min_week_minutes, each.id) for each in payers.get(who, ())]
        least, by = max(asked)
        total = minutes.get(who, 0)
        if 0 < total < least:
            yield Notice(
                who,
                f"{total} minutes of care this week; {by} asks for {least}. "
                f"Enrolled from {enrollment.first}.",
                Concern.SHORT_WEEK,
            )
        for payer in payers.get(who, ()) if who not in told else ():
            if payer.max_week_minutes and total > payer.max_week_minutes:
                yield Notice(
                    who,
                    f"{total} minutes of care this week; {payer.id} pays for at most "
                    f"{payer.max_week_minutes}.",
                    Concern.LONG_WEEK,
                )
        told.add(who)


def _whole_week(week: Week, programme: Programme) -> set[ParticipantId]:
    """Who is enrolled from Monday to Sunday. A week that is begun is not judged."""
    sunday = week.monday + timedelta(days=6)
    return {
        each.participant_id
        for each in programme.enrollments
        if each.first <= week.monday and each.until > sunday and not each.pauses
    }


def _days(
    programme: Programme,
    who: ParticipantId,
    days: Sequence[date],
    payers: Sequence[Payer],
) -> Iterator[Notice]:
    """Too few or too many days of care, or too long a gap; the strictest word counts."""
    policy = programme.program.policy
    ranges = [(each.days_a_week, each.id) for each in payers if each.days_a_week]
    ranges += [(policy.days_a_week, "the program")]
    for (fewest, most), by in ranges:
        if not fewest <= len(days) <= most:
            yield Notice(
                who,
                f"{len(days)} days of care this week; {by} wants {fewest} to {most}.",
                Concern.DAYS_A_WEEK,
            )
            break
    gaps = [(each.longest_gap, each.id) for each in payers if each.longest_gap is not None]
    longest, by = min([*gaps, (policy.longest_gap, "the program")])
    found = max([(b - a).days - 1 for a, b in pairwise(days)], default=0)
    if found > longest:
        yield Notice(
            who,
            f"{found} days without care between two days of it; {by} wants at most "
            f"{longest}.",
            Concern.SERVICE_GAP,
        )
