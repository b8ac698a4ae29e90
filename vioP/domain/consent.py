"""What somebody agreed to, in which words, since when, and when it ends.

A consent to share records under 42 CFR Part 2 says on which day or with which event it ends
(42 CFR 2.31(a)(7)); others may. One that has run out withholds no session from anybody: they
are asked again, and staff see who was.
"""

from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from vioP.domain.time import Instant

# How long before a consent runs out it is asked for again.
ASK_AGAIN = timedelta(days=30)
# The first day of an enrollment, and the day after its last.
Stretch = tuple[date, date]


class ConsentKind(StrEnum):
    """What is agreed to."""

    TREATMENT = "treatment"
    TELEHEALTH = "telehealth"
    GROUP_CONFIDENTIALITY = "group_confidentiality"
    MESSAGES = "messages"
    TEXTS = "texts"
    PART2_DISCLOSURE = "part2_disclosure"


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of a consent.

    Attributes:
        version: A date, and a digest of the words: other words are another version.
        title: Its first line.
        text: Everything below, paragraph by paragraph.
        months: For how many months it holds; nought where no day ends it.
        with_care: Whether the end of somebody's care ends it.
    """

    kind: ConsentKind
    version: str
    title: str
    text: str
    months: int = 0
    with_care: bool = False

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The words as they are shown."""
        parts = self.text.split("\n\n")
        return tuple(" ".join(each.split()) for each in parts if each.strip())

    def until(self, given: date) -> date | None:
        """The first day on which it holds no more, given on a day; nothing where none ends it.

        A month that lacks the day ends with its last one.
        """
        if not self.months:
            return None
        years, month = divmod(given.month - 1 + self.months, 12)
        year, month = given.year + years, month + 1
        return date(year, month, min(given.day, monthrange(year, month)[1]))


@dataclass(frozen=True, slots=True)
class Consent:
    """One agreement. Taking it back leaves the record that it was given.

    Attributes:
        version: Which words were agreed to; empty for what was noted at intake.
        given_by: ``participant``, ``guardian``, or who of the staff noted it.
        signed: The name they typed.
        until: The first day on which it holds no more; nothing where none ends it.
        with_care: Whether the end of their care ends it.
    """

    kind: ConsentKind
    given_at: Instant
    withdrawn_at: Instant | None = None
    version: str = ""
    given_by: str = ""
    signed: str = ""
    until: date | None = None
    with_care: bool = False

    @property
    def stands(self) -> bool:
        """Whether it was not taken back; it may have run out."""
        return self.withdrawn_at is None

    def ended(self, today: date, stretches: Iterable[Stretch]) -> date | None:
        """The day from which it held no more, though nobody took it back; nothing if it holds.

        Args:
            today: The day that is asked about.
            stretches: When they were, are and will be enrolled.
        """
        given = self.given_at.date()
        ends = [self.until] if self.until is not None and self.until <= today else []
        over = care_ended(stretches, given, today) if self.with_care else None
        return min([*ends, over] if over else ends, default=None)

    def runs_out_by(self, day: date) -> bool:
        """Whether a day has come by which it has run out."""
        return self.until is not None and self.until <= day


def in_force(
    consents: Iterable[Consent], today: date, stretches: Sequence[Stretch]
) -> frozenset[ConsentKind]:
    """What somebody agrees to on a day. Takes what ``Consent.ended`` takes."""
    return frozenset(
        each.kind
        for each in consents
        if each.stands and each.ended(today, stretches) is None
    )


def running_out(consents: Iterable[Consent], today: date) -> Mapping[ConsentKind, date]:
    """What has run out, or will within ``ASK_AGAIN``, and was not given again; with its day."""
    last: dict[ConsentKind, date] = {}
    for each in consents:
        if each.stands:
            day = each.until or date.max
            last[each.kind] = max(last.get(each.kind, day), day)
    soon = today + ASK_AGAIN
    return {kind: day for kind, day in last.items() if day <= soon}


def care_ended(stretches: Iterable[Stretch], since: date, today: date) -> date | None:
    """The first day after another on which somebody's care had ended; nothing while it goes on.

    Whoever goes on in another cohort without a day between is still in care.
    """
    known = list(stretches)
    return min(
        (
            until
            for _, until in known
            if since < until <= today
            and not any(first <= until < last for first, last in known)
        ),
        default=None,
    )
