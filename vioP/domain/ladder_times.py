"""A program's own times of the ladder, over those of the house."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta

from vioP.domain.fallback import Ladder, Rung, Step

_WHOLE = ("stale_after", "rejoin_grace", "host_grace")
_HIGH_RISK = "high_risk_"
LADDER_TIMES = (
    *(f"{rung}_after" for rung in Rung),
    *(f"{_HIGH_RISK}{rung}_after" for rung in Rung if rung.is_human),
    *_WHOLE,
)


def with_times(ladder: Ladder, times: Mapping[str, timedelta]) -> Ladder:
    """A ladder with some of its times replaced, by the names in ``LADDER_TIMES``.

    Raises:
        ValueError: A name is unknown, or the steps are out of order then.
    """
    unknown = sorted(set(times) - set(LADDER_TIMES))
    if unknown:
        raise ValueError(f"{unknown[0]} is no time of the ladder")

    def moved(steps: tuple[Step, ...], prefix: str) -> tuple[Step, ...]:
        return tuple(
            replace(step, after=times.get(f"{prefix}{step.rung}_after", step.after))
            for step in steps
        )

    gentle = times.get("nudge_after")  # one message, whoever it goes to
    high_risk = moved(ladder.high_risk, _HIGH_RISK)
    return Ladder(
        steps=moved(ladder.steps, ""),
        high_risk=tuple(
            replace(step, after=gentle) if gentle and step.rung is Rung.NUDGE else step
            for step in high_risk
        ),
        stale_after=times.get("stale_after", ladder.stale_after),
        rejoin_grace=times.get("rejoin_grace", ladder.rejoin_grace),
        host_grace=times.get("host_grace", ladder.host_grace),
        incident_least=ladder.incident_least,
    )


def in_minutes(times: Iterable[tuple[str, float]]) -> Mapping[str, timedelta]:
    """Times as a program states them, in minutes."""
    return {name: timedelta(minutes=minutes) for name, minutes in times}
