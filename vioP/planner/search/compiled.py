"""An engine's week beside the problem whose names it numbers."""

from collections.abc import Mapping
from dataclasses import dataclass

from vioP.planner.exchange import ExchangeProblem, Told
from vioP.planner.search.state import State
from vioP.planner.search.week import Week


@dataclass(frozen=True, slots=True)
class Compiled:
    """An engine's week, and the problem whose names it numbers."""

    problem: ExchangeProblem
    week: Week
    workers: Mapping[str, int]
    circles: Mapping[str, int]

    def number_of_worker(self, clinician: str) -> int:
        """The engine's number of a clinician."""
        return self.workers[clinician]

    def number_of_circle(self, group: str) -> int:
        """The engine's number of a group."""
        return self.circles[group]


def placed(compiled: Compiled, state: State) -> Told:
    """What stands on a state, in the problem's names and minutes."""
    week, problem = compiled.week, compiled.problem
    groups: dict[tuple[str, str], str] = {}
    for seat, circle in zip(week.seats, state.seat_at, strict=True):
        if circle is not None:
            participant, module = seat.id.split("\0")
            groups[participant, module] = week.circles[circle].id
    appointments = {
        need.id: (week.workers[at[0]].id, at[1] * week.slot)
        for need, at in zip(problem.appointments, state.appointment_at, strict=True)
        if at is not None
    }
    return Told(groups, appointments)
