"""``viop plan solve``: plan a week stated in a file, within a budget of seconds."""

import argparse
import gzip
import json
import os
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from zlib import error as ZlibError  # noqa: N812 - the standard library names it so

from vioP.cli.composition import Call
from vioP.cli.say import remark, say, say_json
from vioP.cli.stoppable import stoppable
from vioP.dice import seeded
from vioP.domain.errors import Invalid, Missing, UnsafePlan
from vioP.planner.exchange import ExchangeProblem, ExchangeUnplaced, plan_as_json
from vioP.planner.exchange_read import read_plan, read_problem
from vioP.planner.explain_exchange import explain_unplaced
from vioP.planner.solve_exchange import Budget, SolvedExchange, solve_exchange
from vioP.planner.verify_exchange import Judged, verify_exchange

# A problem of 5,000 participants has 3 MB; what is larger is no week.
_MOST_BYTES = 100_000_000
_REPORT_EVERY = 2.0


def solve_file(call: Call) -> int:
    """Solve a problem file; exit 0 if no hard rule is broken, whatever found no place.

    Raises:
        Missing: There is no such file.
        Invalid: It holds no problem; each mistake is named. Nothing is written then.
        UnsafePlan: The judge would not pass the plan, which is then not written either.
    """
    args = call.args
    problem = read_problem(_json(args.problem))
    if not args.out.parent.is_dir():
        raise Missing(f"There is no folder {args.out.parent}.")
    workers = args.workers or os.cpu_count() or 1
    if workers == 1:
        with stoppable() as goes_on:
            solved = _solve(problem, args, args.seed, _reporter(goes_on))
    else:
        solved = _solve_on(workers, problem, args)
    unplaced = explain_unplaced(solved.compiled, solved.state)
    judged = verify_exchange(problem, solved.plan)
    if judged.broken:
        found = "; ".join(" ".join(each) for each in judged.broken)
        raise UnsafePlan(f"The plan found breaks hard rules and is not written: {found}.")
    _write(args.out, plan_as_json(problem, solved.plan, unplaced, _stats(solved)))
    if args.json:
        say_json(_found(judged, solved))
    else:
        _tell(judged, solved, unplaced)
    return 0


def verify_file(call: Call) -> int:
    """Judge a plan file; exit 0 if no hard rule is broken."""
    args = call.args
    problem = read_problem(_json(args.problem))
    judged = verify_exchange(problem, read_plan(_json(args.plan)))
    if args.json:
        say_json(
            {
                "hard": len(judged.broken),
                "unplaced": judged.unplaced,
                "soft": judged.soft,
                "by_wish": judged.by_wish,
                "broken": judged.broken,
                "payers": [
                    {"wish": wish, "who": who, "price": price}
                    for (wish, who), price in _most(judged, args.who or 0)
                ],
            }
        )
    else:
        for each in judged.broken:
            say(f"broken: {' '.join(each)}")
        say(_score(judged))
        for (wish, who), price in _most(judged, args.who or 0):
            say(f"  {who} pays {price} for {wish.replace('_', ' ')}")
    return 1 if judged.broken else 0


def _most(judged: Judged, count: int) -> list[tuple[tuple[str, str], int]]:
    """Who pays most for what."""
    return sorted(judged.payers.items(), key=lambda each: (-each[1], each[0]))[:count]


def _solve(
    problem: ExchangeProblem,
    args: argparse.Namespace,
    seed: int,
    report: Callable[[float, int], bool] = lambda _seconds, _price: True,
) -> SolvedExchange:
    # Seconds of the processor, so that a busy machine gives as good a plan; but a machine
    # that gives us no turn must not keep somebody waiting for ever either.
    wall = time.monotonic() - time.process_time()
    budget = Budget(
        args.budget,
        lambda: max(time.process_time(), (time.monotonic() - wall) / 2),
        args.iterations,
    )
    return solve_exchange(problem, budget, seeded(seed), report)


def _solve_on(
    workers: int, problem: ExchangeProblem, args: argparse.Namespace
) -> SolvedExchange:
    seeds = range(args.seed, args.seed + workers)
    # A tenth of a second, which a single core has a better use for.
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415

    with ProcessPoolExecutor(workers) as pool:
        found = list(pool.map(_solve, [problem] * workers, [args] * workers, seeds))
    return min(found, key=lambda each: each.price)


def _reporter(goes_on: Callable[[], bool]) -> Callable[[float, int], bool]:
    latest = 0.0

    def report(seconds: float, price: int) -> bool:
        nonlocal latest
        if seconds - latest >= _REPORT_EVERY:
            latest = seconds
            remark(f"{seconds:6.1f} s: price {price:,}")
        return goes_on()

    return report


def _stats(solved: SolvedExchange) -> dict[str, object]:
    return {
        "seconds": round(solved.seconds, 3),
        "iterations": solved.iterations,
        "bound": solved.bound,
        "first_complete": solved.first_after,
        "trace": [[round(at, 2), price] for at, price in solved.trace],
    }


def _found(judged: Judged, solved: SolvedExchange) -> dict[str, object]:
    return {
        "hard": len(judged.broken),
        "unplaced": judged.unplaced,
        "soft": judged.soft,
        "by_wish": judged.by_wish,
        "seconds": round(solved.seconds, 3),
        "iterations": solved.iterations,
        "bound": solved.bound,
    }


def _tell(
    judged: Judged, solved: SolvedExchange, unplaced: Iterable[ExchangeUnplaced]
) -> None:
    say(_score(judged))
    for wish, price in sorted(judged.by_wish.items(), key=lambda each: -each[1]):
        say(f"  {wish.replace('_', ' ')}: {price}")
    for each in unplaced:
        say(f"Unplaced {each.need}: {' '.join(each.reasons)}")
        for remedy in each.remedies:
            say(f"  Remedy: {remedy}")
    if solved.bound is None:
        say(
            "How far from the best possible: unknown; install the extra `exact` to prove it."
        )
    else:
        gap = (judged.soft - solved.bound) / judged.soft if judged.soft else 0.0
        say(
            f"No plan can cost less than {solved.bound:,}: at most {gap:.1%} away from the best."
        )


def _score(judged: Judged) -> str:
    return f"hard {len(judged.broken)} unplaced {judged.unplaced} soft {judged.soft}"


def _json(path: Path) -> object:
    try:
        with (gzip.open if path.suffix == ".gz" else open)(path, "rb") as file:
            raw = file.read(_MOST_BYTES + 1)
    except FileNotFoundError as error:
        raise Missing(f"There is no file {path}.") from error
    except IsADirectoryError as error:
        raise Invalid(f"{path} is a folder, not a file.") from error
    except (OSError, EOFError, ZlibError) as error:
        raise Invalid(f"{path} cannot be read: {error}.") from error
    if len(raw) > _MOST_BYTES:
        raise Invalid(f"{path} holds more than {_MOST_BYTES:,} bytes; that is no week.")
    try:
        return json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise Invalid(f"{path} is not JSON: {error}.") from error


def _write(path: Path, plan: dict[str, object]) -> None:
    """Write a plan whole or not at all."""
    raw = json.dumps(plan, indent=1).encode()
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        beside.write_bytes(gzip.compress(raw) if path.suffix == ".gz" else raw)
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise Invalid(f"{path} cannot be written: {error.strerror}.") from error
