"""What payers count: units and minutes of care, each by the payer's own rules.

A payer counts days or sessions, may ask for so many minutes of care before a day counts, and
may leave sound alone out. What was attended is told here, never what may be billed.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import groupby

from vioP.domain.care_taken import CareTaken
from vioP.domain.enrollment import Authorization
from vioP.domain.ids import ParticipantId
from vioP.domain.program import Payer


class Worth(StrEnum):
    """What a day or a session that was attended is to a payer."""

    UNIT = "unit"
    SHORT = "short"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Counted:
    """A day or a session that was attended, as its payer counts it.

    Attributes:
        authorization: By which it is paid for; nothing where there is none.
    """

    participant_id: ParticipantId
    authorization: Authorization | None
    day: date
    worth: Worth
    video: int
    sound: int


@dataclass(frozen=True, slots=True)
class PayerUnits:
    """What adds up for one payer.

    Attributes:
        units: What counts.
        short: What was attended for fewer minutes than the payer asks for.
        unknown: What was attended, and nothing says for how long.
        video: Minutes of care with a picture.
        sound: Minutes of care by sound alone.
    """

    people: int
    units: int
    short: int
    unknown: int
    video: int
    sound: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How far an authorization is used.

    Attributes:
        used: Units that count.
        short: Attended, but too short to count.
        unknown: Attended, and nothing says for how long; it may count.
    """

    authorization: Authorization
    used: int
    short: int
    unknown: int

    @property
    def left(self) -> int:
        """Units that are surely left; what may count is taken to."""
        return max(self.authorization.units - self.used - self.unknown, 0)


def counted(
    taken: Iterable[CareTaken],
    authorizations: Iterable[Authorization],
    payers: Iterable[Payer],
) -> tuple[Counted, ...]:
    """Everything that was attended, as its payer counts it, in order of person and day."""
    known = {each.id: each for each in payers}
    held: defaultdict[ParticipantId, list[Authorization]] = defaultdict(list)
    for each in sorted(authorizations, key=lambda each: (each.first, each.id)):
        held[each.participant_id].append(each)
    found: list[Counted] = []
    in_order = sorted(taken, key=lambda each: (each.participant_id, each.day))
    for (who, day), same_day in groupby(
        in_order, key=lambda each: (each.participant_id, each.day)
    ):
        ours = [each for each in held[who] if each.first <= day]
        authorization = ours[-1] if ours else None
        payer = known.get(authorization.payer_id) if authorization else None
        for lot in _lots(payer, list(same_day)):
            video, sound = sum(each.video for each in lot), sum(each.sound for each in lot)
            found.append(Counted(who, authorization, day, _worth(payer, lot), video, sound))
    return tuple(found)


def by_payer(lots: Iterable[Counted]) -> Mapping[str, PayerUnits]:
    """What adds up for each payer; what nobody has authorized comes last, without a name."""
    found: defaultdict[str, list[Counted]] = defaultdict(list)
    for each in lots:
        found[each.authorization.payer_id if each.authorization else ""].append(each)
    return {
        payer: PayerUnits(
            people=len({each.participant_id for each in found[payer]}),
            units=_number(found[payer], Worth.UNIT),
            short=_number(found[payer], Worth.SHORT),
            unknown=_number(found[payer], Worth.UNKNOWN),
            video=sum(each.video for each in found[payer]),
            sound=sum(each.sound for each in found[payer]),
        )
        for payer in sorted(found, key=lambda payer: (not payer, payer))
    }


def standing(authorization: Authorization, lots: Iterable[Counted]) -> Standing:
    """How far an authorization is used by what was attended."""
    own = [each for each in lots if each.authorization == authorization]
    return Standing(
        authorization,
        _number(own, Worth.UNIT),
        _number(own, Worth.SHORT),
        _number(own, Worth.UNKNOWN),
    )


def next_review(standing: Standing, payer: Payer, ahead: Sequence[date]) -> date | None:
    """The next day a payer wants a review by, if one comes.

    Nothing says which reviews took place; so it is the next one by the payer's rhythm.

    Args:
        standing: How far the authorization is used.
        payer: Whose rhythm: every so many units, or so many weeks.
        ahead: The days still to come that use a unit, in order, today at the earliest.
    """
    due = []
    every = _whole(payer, "review_every_units")
    if every:
        rest = every - (standing.used + standing.unknown) % every
        due += [ahead[rest - 1]] if rest <= len(ahead) else []
    weeks = _whole(payer, "max_weeks_without_review")
    if weeks and ahead:
        first = standing.authorization.first
        turn = (ahead[0] - first).days // (7 * weeks) + 1
        due.append(first + timedelta(weeks=weeks * turn))
    return min(due, default=None)


def counts_sound(payer: Payer | None) -> bool:
    """Whether care by sound alone counts; it does where the payer says nothing else."""
    return payer is None or dict(payer.details).get("audio_counts", "").lower() != "false"


def _lots(
    payer: Payer | None, same_day: Sequence[CareTaken]
) -> Iterator[Sequence[CareTaken]]:
    """What is one unit: all of a day, or each session."""
    if payer is not None and payer.unit == "day":
        yield same_day
    else:
        yield from ([each] for each in same_day)


def _worth(payer: Payer | None, lot: Sequence[CareTaken]) -> Worth:
    minutes = sum(each.video + (each.sound if counts_sound(payer) else 0) for each in lot)
    if minutes >= max(payer.min_day_minutes if payer is not None else 0, 1):
        return Worth.UNIT
    return Worth.SHORT if all(each.is_known for each in lot) else Worth.UNKNOWN


def _number(lots: Iterable[Counted], worth: Worth) -> int:
    return sum(each.worth is worth for each in lots)


def _whole(payer: Payer, name: str) -> int:
    """A whole number among what is written of a payer; 0 where there is none."""
    text = dict(payer.details).get(name, "")
    return int(text) if text.isdecimal() else 0
