"""The forms of a cohort's page: which one was refused, why, and what was typed into it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from vioP.domain.errors import CohortFull, Conflict, VioPError

_LONGEST = 500


class Form(StrEnum):
    """A form, by what the identifier of its first field is or begins with."""

    ENROLL = "participant"
    WAIT = "w-participant"
    OFFER = "of"
    ENROLL_ENTRY = "ef"
    TAKE_BACK = "tb"
    TAKE_OFF = "wr"
    DISCHARGE = "last"


@dataclass(frozen=True, slots=True)
class Tried:
    """What somebody asked for, and why it is refused.

    Attributes:
        typed: What stood in the form's fields.
        whose: The entry of the waiting list, or the participant, whose form it is; empty for
            the cohort's own.
    """

    error: VioPError
    form: Form
    typed: Mapping[str, str]
    whose: str = ""

    def into(self, form: Form) -> dict[str, str]:
        """What was typed into a form; nothing if another one was sent."""
        return dict(self.typed) if form is self.form else {}


@dataclass(frozen=True, slots=True)
class Refused:
    """The same, to be shown.

    Attributes:
        text: Why, with names where the error has identifiers.
    """

    tried: Tried
    text: str

    @property
    def is_full(self) -> bool:
        """Whether only a place is missing, so that another way can be offered."""
        return self.tried.form is Form.ENROLL and isinstance(self.tried.error, CohortFull)

    @property
    def field(self) -> str:
        """The field to look at again; empty where the page is what has changed."""
        if isinstance(self.tried.error, Conflict):
            return ""
        return "-".join(filter(None, (self.tried.form, self.tried.whose)))

    def about(self, form: Form, entry: str) -> str:
        """What is wrong with a form; empty if it was not sent."""
        here = (form, entry) == (self.tried.form, self.tried.whose)
        return self.text if here and self.field else ""


def typed_into(form: Mapping[str, object]) -> dict[str, str]:
    """What was typed into a form, to be shown again."""
    return {
        name: each[:_LONGEST].strip()
        for name, each in form.items()
        if isinstance(each, str)
    }
