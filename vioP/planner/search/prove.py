"""Prove what no plan can cost less than: prices for places in groups, and whole weeks.

Every participant's whole week is a column; a linear program chooses among the columns found
so far and says what a place in each group is worth; at those prices everybody's cheapest
week is found anew (column generation, Dantzig and Wolfe 1960). After each round the
participants' cheapest weeks less what the groups' places are worth are a valid bound,
however few columns there are (Lasdon 1970). HiGHS solves the programs; without it the
bound is that of free places.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from vioP.planner.search.linear import HAS_HIGHS, Program
from vioP.planner.search.pricing import Column, Pricing, whole
from vioP.planner.search.week import Week

_FIRST_COLUMNS, _MORE_COLUMNS = 4, 3
# A column is worth having if it is cheaper than what somebody pays by this much.
_WORTH = 1e-6
# Once so few people of many have a better week, another round proves hardly more.
_HARDLY_ANY, _MANY = 0.01, 500
# Somebody for whom no column fits pays this; far above any week.
_LEFT_OUT = 10_000.0
# A program takes seconds; one that takes longer would not be worth its proof.
_SECONDS = 60.0


@dataclass(slots=True)
class Proof:
    """What was proven.

    Attributes:
        bound: No plan that leaves nothing out costs less; nothing if nobody could be shown a
            whole week, or there was no time.
        rounds: How often prices were found.
        closed: Whether no better column exists, so that more rounds would prove no more.
        chosen: The groups of each participant whose week the program chose, most of it.
    """

    bound: int | None = None
    rounds: int = 0
    closed: bool = False
    chosen: dict[int, tuple[int, ...]] = field(default_factory=dict)


@dataclass(slots=True)
class Prices:
    """What the linear program says places are worth.

    Attributes:
        charges: What a place in a group costs anybody beside.
        entry: What it costs one participant more, because the group would have to be held.
        paid: What each participant's week costs in all.
        fixed: What the bound holds beside everybody's week.
        chosen: The groups of each participant whose week the program chose, most of it.
    """

    charges: dict[int, float] = field(default_factory=dict)
    entry: dict[int, dict[int, float]] = field(default_factory=lambda: defaultdict(dict))
    paid: list[float] = field(default_factory=list)
    fixed: float = 0.0
    chosen: dict[int, tuple[int, ...]] = field(default_factory=dict)

    def of(self, person: int) -> Mapping[int, float]:
        """What a place in each group costs one participant beside."""
        entry = self.entry.get(person)
        if not entry:
            return self.charges
        return self.charges | {
            each: self.charges.get(each, 0.0) + more for each, more in entry.items()
        }


def prove(week: Week, goes_on: Callable[[float], bool]) -> Proof:
    """Prove as high a bound as time permits.

    Args:
        week: The week.
        goes_on: Asked now and then, with how much of everybody's first week is found; saying
            no ends with what was proven so far.
    """
    pricing, proof = Pricing(week), Proof()
    columns: list[list[Column]] = []
    total = pricing.base
    for person in range(len(week.people)):
        if not goes_on(person / len(week.people)):
            return proof
        found = pricing.cheapest(person, _FIRST_COLUMNS if HAS_HIGHS else 1)
        if not found:
            return proof
        columns.append(found)
        total += found[0].price
    proof.bound = whole(total)
    while HAS_HIGHS and week.seats and goes_on(1.0):
        prices = _prices(week, columns)
        if prices is None:
            return proof
        bound, better = _round(pricing, columns, prices, goes_on)
        if bound is None:
            return proof
        proof.rounds += 1
        proof.chosen = prices.chosen
        proof.bound = max(proof.bound, whole(bound))
        proof.closed = not better
        hardly_any = _HARDLY_ANY * len(week.people) if len(week.people) > _MANY else 0
        if better <= hardly_any:
            return proof
    return proof


def _round(
    pricing: Pricing,
    columns: list[list[Column]],
    prices: Prices,
    goes_on: Callable[[float], bool],
) -> tuple[float | None, int]:
    """Find everybody's cheapest week at some prices, and keep what is worth having."""
    bound, better = pricing.base + prices.fixed, 0
    for person, paid in enumerate(prices.paid):
        if not goes_on(1.0):
            return None, better
        charges = prices.of(person)
        found = pricing.cheapest(person, _MORE_COLUMNS, charges)
        known = {each.circles for each in columns[person]}
        costs = [
            each.price + sum(charges.get(circle, 0.0) for circle in each.circles)
            for each in found
        ]
        bound += costs[0]
        for each, cost in zip(found, costs, strict=True):
            if each.circles not in known and cost < paid - _WORTH:
                columns[person].append(each)
                better += 1
    return bound, better


def _prices(week: Week, columns: list[list[Column]]) -> Prices | None:
    """Choose among the columns, in fractions, and say what every place is worth."""
    program = Program()
    of_circle: dict[int, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    weeks, variables = [], []
    for person, found in enumerate(columns):
        numbers = []
        for each in found:
            number = program.variable(each.price)
            numbers.append(number)
            for circle in each.circles:
                of_circle[circle][person].append(number)
        variables.append(numbers.copy())
        numbers.append(program.variable(_LEFT_OUT))
        weeks.append(program.row(numbers, [1.0] * len(numbers), 1.0, 1.0))
    rows = {circle: _rows(week, program, circle, of_circle[circle]) for circle in of_circle}
    solved = program.solve(_SECONDS)
    if solved is None:
        return None
    values, duals = solved
    prices = Prices(paid=[duals[each] for each in weeks])
    prices.chosen = _chosen(columns, variables, values)
    for circle, (full, small, links) in rows.items():
        group = week.circles[circle]
        worth, missing = max(0.0, -duals[full]), max(0.0, duals[small])
        entry = {person: max(0.0, -duals[link]) for person, link in links.items()}
        prices.charges[circle] = worth - missing
        for person, more in entry.items():
            if more:
                prices.entry[person][circle] = more
        # What holding the group and its empty seats cost at these prices, at the least.
        prices.fixed -= worth * group.capacity
        prices.fixed += min(0.0, missing * group.minimum - sum(entry.values()))
        prices.fixed += min(0.0, week.price.under - missing) * group.minimum
    return prices


def _chosen(
    columns: list[list[Column]], variables: list[list[int]], values: list[float]
) -> dict[int, tuple[int, ...]]:
    """The week of which most was chosen, the surest first."""
    found = []
    for person, numbers in enumerate(variables):
        best = max(range(len(numbers)), key=lambda each: values[numbers[each]])
        share = values[numbers[best]]
        if share > 0:
            found.append((-share, person, columns[person][best].circles))
    return {person: circles for _, person, circles in sorted(found)}


def _rows(
    week: Week, program: Program, circle: int, members: Mapping[int, list[int]]
) -> tuple[int, int, dict[int, int]]:
    """A group's rows: its capacity, its minimum, and that who joins it makes it be held."""
    group = week.circles[circle]
    everybody = [each for numbers in members.values() for each in numbers]
    ones = [1.0] * len(everybody)
    held, missing = (
        program.variable(0.0, 1.0),
        program.variable(week.price.under, float(group.minimum)),
    )
    full = program.row(everybody, ones, high=float(group.capacity))
    small = program.row(
        [*everybody, missing, held], [*ones, 1.0, -float(group.minimum)], low=0.0
    )
    links = {
        person: program.row([*numbers, held], [*[1.0] * len(numbers), -1.0], high=0.0)
        for person, numbers in members.items()
    }
    return full, small, links
