"""Reading forms: every field is text, and what is missing or wrong is said by name."""

from collections.abc import Mapping
from datetime import date, time

from vioP.domain.errors import Invalid
from vioP.domain.time import Week, week_of

_LONGEST = 500
# Beyond these, a day and a time zone may be no date any more.
_YEARS = range(1990, 2200)


def field(form: Mapping[str, object], name: str, longest: int = _LONGEST) -> str:
    """A field of a form.

    Raises:
        Invalid: It is missing, not text, or far too long.
    """
    value = form.get(name)
    if not isinstance(value, str):
        raise Invalid(f"The field {name} is missing.")
    if len(value) > longest:
        raise Invalid(f"The field {name} is longer than {longest} characters.")
    return value.strip()


def day_field(form: Mapping[str, object], name: str) -> date:
    """A field that holds a day.

    Raises:
        Invalid: It is no date, or none that anybody plans for.
    """
    text = field(form, name)
    try:
        return _near(date.fromisoformat(text))
    except ValueError as error:
        raise Invalid(f"The field {name} is not a date such as 2027-03-08.") from error


def time_field(form: Mapping[str, object], name: str) -> time:
    """A field that holds a clock reading.

    Raises:
        Invalid: It is none.
    """
    try:
        return time.fromisoformat(field(form, name)).replace(tzinfo=None)
    except ValueError as error:
        raise Invalid(f"The field {name} is not a time such as 09:30.") from error


def whole_field(form: Mapping[str, object], name: str) -> int:
    """A field that holds a whole number.

    Raises:
        Invalid: It does not.
    """
    text = field(form, name)
    if not text.isascii() or not text.isdigit():
        raise Invalid(f"The field {name} is not a whole number.")
    return int(text)


def week_of_text(text: str) -> Week:
    """A week by any of its days.

    Raises:
        Invalid: The text is no date, or none that anybody plans for.
    """
    try:
        return week_of(_near(date.fromisoformat(text)))
    except ValueError as error:
        raise Invalid("A week is named by one of its days, such as 2027-03-08.") from error


def _near(day: date) -> date:
    """A day of our times.

    Raises:
        ValueError: It is not.
    """
    if day.year not in _YEARS:
        raise ValueError("a day of other times")
    return day


def own_path(text: str, *, otherwise: str) -> str:
    """Where somebody was, if that is a path of ours and nothing a browser reads as elsewhere.

    Browsers drop tabs and line ends before they look, and read a backslash as a slash.
    Source: WHATWG URL, 4.4.
    """
    plain = all("!" <= char <= "~" for char in text) and "\\" not in text
    return text if plain and text[:1] == "/" != text[1:2] else otherwise
