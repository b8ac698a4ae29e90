"""The story of a seat: everything that was tried, seen and said, in the order it happened."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from vioP.domain.attendance import Evidence
from vioP.domain.call import CallState
from vioP.domain.contact_facts import ContactFact
from vioP.domain.delivery import Channel, DeliveryState
from vioP.domain.reply import Answer
from vioP.domain.sheet import ConfirmedLine, SheetLine
from vioP.domain.time import Instant


class End(StrEnum):
    """How far a step got. Every step ends as one of the last three."""

    WAITING = "waiting"
    DONE = "done"
    SKIPPED = "skipped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class ToldStep:
    """One outward act about a seat, as a row holds it."""

    kind: str
    channel: Channel
    due: Instant
    state: DeliveryState
    reason: str = ""
    done_at: Instant | None = None


@dataclass(frozen=True, slots=True)
class ToldAttempt:
    """One try at reaching somebody.

    Attributes:
        kind: Which rung, or which task.
        call: How far a machine's call got.
        note: Why, where a reason had to be given.
    """

    kind: str
    channel: Channel
    begun_at: Instant
    outcome: str = ""
    settled_at: Instant | None = None
    settled_by: str = ""
    call: CallState | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class ToldAnswer:
    """One answer to an invite, and the way it came by."""

    at: Instant
    answer: Answer
    source: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the story: when, what (a word for the page to say), and how it ended.

    Attributes:
        what: ``step``, ``begun``, ``settled``, ``seen``, ``said``, ``answered`` or
            ``confirmed``.
        kind: The rung, outcome, evidence, wish or answer it is about.
        channel: How it left or was said, or by what somebody was there.
        by: Who or what did it.
        sheet: What was confirmed, where it is about that.
    """

    at: Instant
    what: str
    kind: str
    channel: str = ""
    end: End = End.DONE
    reason: str = ""
    by: str = ""
    sheet: SheetLine | None = None


def end_of(state: DeliveryState) -> End:
    """How far an outward act got."""
    match state:
        case DeliveryState.PENDING | DeliveryState.SENDING:
            return End.WAITING
        case DeliveryState.SENT:
            return End.DONE
        case DeliveryState.SKIPPED:
            return End.SKIPPED
        case DeliveryState.DEAD:
            return End.FAILED


def tell(
    steps: Sequence[ToldStep],
    attempts: Sequence[ToldAttempt],
    evidence: Iterable[Evidence],
    said: Iterable[ContactFact],
    answers: Iterable[ToldAnswer] = (),
    confirmed: Iterable[ConfirmedLine] = (),
) -> tuple[Line, ...]:
    """The whole story, the oldest first."""
    lines = [
        Line(
            each.done_at or each.due,
            "step",
            each.kind,
            each.channel.value,
            end_of(each.state),
            each.reason,
        )
        for each in steps
    ]
    lines += [
        Line(
            each.settled_at,
            "settled",
            each.outcome,
            each.channel.value,
            reason=each.note,
            by=each.settled_by,
        )
        for each in attempts
        if each.settled_at is not None
    ]
    lines += [
        Line(each.at, "seen", each.fact.value, each.leg or "", by=each.source)
        for each in evidence
    ]
    lines += [
        Line(each.at, "answered", each.answer.value, by=each.source) for each in answers
    ]
    lines += [
        Line(each.at, "said", each.kind.value, each.way or "", by=each.source)
        for each in said
    ]
    lines += [
        Line(each.at, "confirmed", "", by=each.by, sheet=each.line) for each in confirmed
    ]
    return tuple(sorted(lines, key=lambda line: line.at))
