"""What happens on a telephone line, from its first ring to its end."""

from dataclasses import dataclass

from vioP.domain.call import CallState


@dataclass(frozen=True, slots=True)
class Ringing:
    """The far end rings."""


@dataclass(frozen=True, slots=True)
class Answered:
    """Somebody, or a machine, has picked up."""


@dataclass(frozen=True, slots=True)
class Key:
    """A key was pressed."""

    key: str


@dataclass(frozen=True, slots=True)
class Silent:
    """A question was asked as often as it should, and no key was pressed."""


@dataclass(frozen=True, slots=True)
class Ended:
    """It is over.

    Attributes:
        how: Of a call that was answered, ``no_key`` when whoever had it hung up.
    """

    how: CallState


Happened = Ringing | Answered | Key | Silent | Ended
