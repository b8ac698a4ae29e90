"""The form for licences, read: what was typed, and what is wrong with it, line by line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from vioP.domain.people import Licence, LicenceKind
from vioP.files.table import STATES
from vioP.web.forms import field

MOST = 80
_FIELDS = ("state", "kind", "number", "first", "last")


@dataclass(frozen=True, slots=True)
class TypedLicence:
    """One line as it was typed; without a state it is none."""

    state: str = ""
    kind: str = LicenceKind.FULL
    number: str = ""
    first: str = ""
    last: str = ""
    problem: str = ""


def typed_of(licence: Licence) -> TypedLicence:
    """A licence as a line of the form."""
    first, last = (
        each.isoformat() if each else "" for each in (licence.first, licence.last)
    )
    return TypedLicence(licence.state, licence.kind, licence.number, first, last)


def read_licences(form: Mapping[str, object]) -> Sequence[TypedLicence]:
    """Every line that names a state, each with what is wrong with it.

    Raises:
        Invalid: A field is missing, or far too long.
    """
    lines = []
    for number in range(MOST):
        if f"state-{number}" not in form:
            break
        values = {name: field(form, f"{name}-{number}") for name in _FIELDS}
        if values["state"]:
            lines.append(TypedLicence(**values, problem=_problem(values)))
    return lines


def licence_of(line: TypedLicence) -> Licence:
    """The licence of a line nothing is wrong with."""
    first, last = (
        date.fromisoformat(each) if each else None for each in (line.first, line.last)
    )
    return Licence(line.state, LicenceKind(line.kind), line.number, first, last)


def _problem(values: Mapping[str, str]) -> str:
    if values["state"] not in STATES:
        return "Choose a state from the list."
    if values["kind"] not in set(LicenceKind):
        return "Choose full or compact."
    days = []
    for name in ("first", "last"):
        try:
            days.append(date.fromisoformat(values[name]) if values[name] else None)
        except ValueError:
            return "Write days such as 2027-03-08."
    first, last = days
    if first and last and last < first:
        return "The last day is before the first."
    return ""
