"""What somebody agreed to, in which words, since when, and whether they have taken it back."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from vioP.domain.time import Instant


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
    """

    kind: ConsentKind
    version: str
    title: str
    text: str

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The words as they are shown."""
        parts = self.text.split("\n\n")
        return tuple(" ".join(each.split()) for each in parts if each.strip())


@dataclass(frozen=True, slots=True)
class Consent:
    """One agreement. Taking it back leaves the record that it was given.

    Attributes:
        version: Which words were agreed to; empty for what was noted at intake.
        given_by: ``participant``, ``guardian``, or who of the staff noted it.
        signed: The name they typed.
    """

    kind: ConsentKind
    given_at: Instant
    withdrawn_at: Instant | None = None
    version: str = ""
    given_by: str = ""
    signed: str = ""

    @property
    def is_in_force(self) -> bool:
        """Whether it holds now."""
        return self.withdrawn_at is None


def in_force(consents: Iterable[Consent]) -> frozenset[ConsentKind]:
    """What somebody agrees to now."""
    return frozenset(each.kind for each in consents if each.is_in_force)
