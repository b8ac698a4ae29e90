"""What the last device checks of some people add up to: how ready they are, and what fails."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from vioP.domain.techcheck import Grade, Part, TechCheck, Verdict


@dataclass(frozen=True, slots=True)
class TechSums:
    """Sums over people, each by their last check.

    Attributes:
        verdicts: How many people each verdict is of.
        unchecked: How many have no check.
        parts: How many each grade of a part is of, in the order in which parts are shown;
            parts nobody tried are left out.
    """

    verdicts: Mapping[Verdict, int]
    unchecked: int
    parts: Mapping[Part, Mapping[Grade, int]]

    @property
    def checked(self) -> int:
        """How many have a check."""
        return sum(self.verdicts.values())

    @property
    def without_video(self) -> int:
        """How many cannot take part by video, by their last check."""
        return sum(
            number for verdict, number in self.verdicts.items() if not verdict.is_enough
        )


def tech_sums(checks: Iterable[TechCheck | None]) -> TechSums:
    """What the last checks of some people add up to; nothing stands for who has none."""
    everybody = list(checks)
    done = [each for each in everybody if each is not None]
    verdicts = Counter(each.verdict for each in done)
    graded = Counter((one.part, one.grade) for each in done for one in each.findings)
    tried = {part for part, grade in graded if grade is not Grade.SKIPPED}
    return TechSums(
        verdicts={each: verdicts[each] for each in Verdict},
        unchecked=len(everybody) - len(done),
        parts={
            part: {grade: graded[part, grade] for grade in Grade}
            for part in Part
            if part in tried
        },
    )
