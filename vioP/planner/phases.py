"""Where everybody stands in a track with phases, and what would open the next one."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from vioP.domain.ids import CohortId, ParticipantId
from vioP.planner.arranged import Arranged


@dataclass(frozen=True, slots=True)
class PhaseState:
    """Somebody's phase on a day.

    Attributes:
        since: The first day of the phase.
        weeks: Whole weeks in it.
        planned: How many weeks the track plans for it.
        following: The next phase; empty in the last one.
        gate: Whose word, or what, opens the next phase.
    """

    participant_id: ParticipantId
    cohort_id: CohortId
    phase: str
    since: date
    weeks: int
    planned: int
    following: str
    gate: str


def phase_states(arranged: Arranged, day: date) -> Iterator[PhaseState]:
    """The phase of everybody who is enrolled on a day in a track that has phases."""
    cohorts = {each.id: each for each in arranged.programme.cohorts}
    tracks = {each.id: each for each in arranged.programme.tracks}
    for enrollment in arranged.programme.enrollments:
        track = tracks[cohorts[enrollment.cohort_id].track_id]
        if not track.phases or not enrollment.covers(day):
            continue
        names = [each.name for each in track.phases]
        phase = arranged.phase_on(enrollment, track, day)
        if phase not in names:
            continue  # The files have renamed the phases since; an import names the row.
        number = names.index(phase)
        opened = [
            each.first
            for each in arranged.arrangements.phases
            if each.participant_id == enrollment.participant_id and each.phase == phase
        ]
        since = max([enrollment.first, *(each for each in opened if each <= day)])
        yield PhaseState(
            enrollment.participant_id,
            enrollment.cohort_id,
            phase,
            since,
            (day - since).days // 7,
            track.phases[number].weeks,
            names[number + 1] if number + 1 < len(names) else "",
            track.phases[number].gate,
        )
