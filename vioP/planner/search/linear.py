"""Linear programs, solved by HiGHS where it is installed (the extra ``exact``)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from typing import Any

# Only a proof loads it: half a second and 80 MiB that nothing else needs.
HAS_HIGHS = find_spec("highspy") is not None and find_spec("numpy") is not None
_INFINITE = 1e30


@dataclass(slots=True)
class Program:
    """A linear program to be minimised, row by row; every variable is from 0 to its most."""

    costs: list[float] = field(default_factory=list)
    most: list[float] = field(default_factory=list)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    starts: list[int] = field(default_factory=lambda: [0])
    indices: list[int] = field(default_factory=list)
    values: list[float] = field(default_factory=list)

    def variable(self, cost: float, most: float = _INFINITE) -> int:
        """A new variable; gives its number."""
        self.costs.append(cost)
        self.most.append(most)
        return len(self.costs) - 1

    def row(
        self,
        variables: Sequence[int],
        values: Sequence[float],
        low: float = -_INFINITE,
        high: float = _INFINITE,
    ) -> int:
        """A new row; gives its number."""
        self.indices += variables
        self.values += values
        self.starts.append(len(self.indices))
        self.low.append(low)
        self.high.append(high)
        return len(self.low) - 1

    def solve(self, seconds: float) -> tuple[list[float], list[float]] | None:
        """Every variable, and what one more of each row's limit changes.

        Returns:
            Nothing if it was not solved in time.
        """
        highspy, np = import_module("highspy"), import_module("numpy")
        solver = _quiet(highspy)
        solver.setOptionValue("threads", 1)
        solver.setOptionValue("time_limit", seconds)
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = len(self.costs), len(self.low)
        model.col_cost_ = np.array(self.costs)
        model.col_lower_ = np.zeros(len(self.costs))
        model.col_upper_ = np.array(self.most)
        model.row_lower_, model.row_upper_ = np.array(self.low), np.array(self.high)
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = np.array(self.starts, dtype=np.int32)
        model.a_matrix_.index_ = np.array(self.indices, dtype=np.int32)
        model.a_matrix_.value_ = np.array(self.values)
        solver.passModel(model)
        solver.run()
        if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        solution = solver.getSolution()
        return list(solution.col_value), list(solution.row_dual)


def _quiet(highspy: Any) -> Any:
    """HiGHS that says nothing, not even its name, on our standard output."""

    def be_quiet(self: Any) -> None:
        self.setOptionValue("output_flag", False)
        highspy.Highs.enableCallbacks(self)

    return type("Quiet", (highspy.Highs,), {"enableCallbacks": be_quiet})()
