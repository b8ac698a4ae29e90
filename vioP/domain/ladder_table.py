"""The ladder as a table: what each kind of absence leads to, worked out by the ladder itself."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from vioP.domain.contact import Refusal
from vioP.domain.fallback import (
    Breaker,
    Ladder,
    Move,
    Rung,
    SeatFacts,
    SessionFacts,
    next_moves,
)
from vioP.domain.ids import SeatId
from vioP.domain.time import Instant, instant, later

_STARTS = instant(datetime(2027, 3, 9, 14, tzinfo=UTC))
_LENGTH = 180
_NOTHING = "-"
_CALLS = (Rung.CALL, Rung.SECOND_CALL)


def _at(minutes: float) -> Instant:
    return later(_STARTS, timedelta(minutes=minutes))


@dataclass(frozen=True, slots=True)
class Situation:
    """One kind of absence.

    Attributes:
        facts: The session as it stands at an instant.
        looks: The minutes at which somebody looks.
    """

    name: str
    facts: Callable[[Instant], SessionFacts]
    looks: Sequence[int] = tuple(range(_LENGTH + 1))


def _session(
    *seats: SeatFacts, host: float | None = 0, silent: bool = False
) -> SessionFacts:
    started = None if host is None else _at(host)
    here = tuple(SeatFacts(SeatId(f"here{number}"), here=True) for number in range(4))
    return SessionFacts(_STARTS, _at(_LENGTH), started, (*seats, *here), silent)


def _seat(**facts: object) -> SeatFacts:
    return replace(SeatFacts(SeatId("seat")), **facts)  # type: ignore[arg-type]  # by name


def _refused(reason: Refusal) -> Mapping[Rung, Refusal]:
    return dict.fromkeys(_CALLS, reason)


def _from(minute: float, seat: SeatFacts) -> Callable[[Instant], SessionFacts]:
    """Nothing special until a minute, and then what the seat says."""
    return lambda now: _session(seat if now >= _at(minute) else _seat())


def _crowd(_now: Instant) -> SessionFacts:
    more = (_seat(seat_id=SeatId(f"gone{number}")) for number in range(3))
    return _session(_seat(), *more)


_ALONE = _seat(
    refused={Rung.NUDGE: Refusal.NOT_SAFE, **_refused(Refusal.NOT_SAFE)},
    leave_alone_until=_at(34),
)
SITUATIONS = (
    Situation("Missing from the start", lambda _now: _session(_seat())),
    Situation("Missing, high risk", lambda _now: _session(_seat(high_risk=True))),
    Situation(
        "Missing, opted out of automatic calls",
        lambda _now: _session(_seat(refused=_refused(Refusal.OPTED_OUT))),
    ),
    Situation(
        "Missing, deaf or without speech",
        lambda _now: _session(_seat(refused=_refused(Refusal.TEXT_ONLY))),
    ),
    Situation(
        "Wrote C at +4: call me",
        _from(4, _seat(asked_call_at=_at(4))),
    ),
    Situation("Wrote H at +4: a person", _from(4, _seat(asked_human_at=_at(4)))),
    Situation(
        "Wrote L at +4: cannot talk for 30 minutes",
        lambda now: _session(_ALONE if _at(4) <= now < _at(34) else _seat()),
    ),
    Situation(
        "Said at +1 that they come at +15", _from(1, _seat(comes_at=_at(15)))
    ),
    Situation(
        "Said at +1 that they come at +15, high risk",
        lambda now: _session(
            _seat(high_risk=True, comes_at=_at(15) if now >= _at(1) else None)
        ),
    ),
    Situation(
        "Dropped out at +60",
        lambda now: _session(
            _seat(dropped_at=_at(60), episode=1) if now >= _at(60) else _seat(here=True)
        ),
    ),
    Situation("Joined at +7", lambda now: _session(_seat(here=now >= _at(7)))),
    Situation("The host began at +10", lambda now: _session(
        _seat(), host=10 if now >= _at(10) else None
    )),
    Situation("The host never began", lambda _now: _session(_seat(), host=None)),
    Situation(
        "The room cannot say who is there",
        lambda _now: _session(_seat(), silent=True),
    ),
    Situation("Half of the group is missing, and at least three", _crowd),
    Situation(
        "The same, and at +7 staff say that the room works",
        lambda now: replace(_crowd(now), room_works=now >= _at(7)),
    ),
    Situation(
        "vioP was down from the start until five hours later",
        lambda _now: _session(_seat()),
        (300,),
    ),
)  # fmt: skip


def table(ladder: Ladder) -> str:
    """The table in Markdown: minutes after the start, or why a step is skipped."""
    head = "| Situation | " + " | ".join(_titles()) + " | Told instead |"
    lines = [head, "|---" * (len(Rung) + 2) + "|"]
    lines += [
        f"| {each.name} | " + " | ".join(_row(ladder, each)) + " |" for each in SITUATIONS
    ]
    return "\n".join(lines) + "\n"


def _titles() -> list[str]:
    return [rung.value.replace("_", " ").capitalize() for rung in Rung]


def _row(ladder: Ladder, situation: Situation) -> list[str]:
    cells: dict[Rung, str] = {}
    told: dict[Breaker, str] = {}
    given: set[Instant] = set()
    for minute in situation.looks:
        now = _at(minute)
        facts = situation.facts(now)
        seats = (_so_far(facts.seats[0], cells, given), *facts.seats[1:])
        decided = next_moves(ladder, replace(facts, seats=seats), now)
        if decided.breaker is not None:
            told.setdefault(decided.breaker, f"+{minute} {_word(decided.breaker)}")
        for move in decided.moves:
            if move.seat.seat_id == "seat":
                cells[move.rung] = _cell(move, minute)
                given.add(move.due)
    return [cells.get(rung, _NOTHING) for rung in Rung] + [
        ", ".join(told.values()) or _NOTHING
    ]


def _so_far(seat: SeatFacts, cells: Mapping[Rung, str], given: set[Instant]) -> SeatFacts:
    """The seat with what was done for it; what it asked for and was given is spent."""
    call, human = seat.asked_call_at, seat.asked_human_at
    return replace(
        seat,
        taken=frozenset(cells),
        asked_call_at=None if call in given else call,
        asked_human_at=None if human in given else human,
    )


def _cell(move: Move, minute: int) -> str:
    return f"+{minute}" if move.skip is None else f"skipped: {_word(move.skip)}"


def _word(value: str) -> str:
    return str(value).replace("_", " ")
