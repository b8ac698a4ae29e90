"""Finished content lines, for calendar objects that are put together from shared parts.

The library makes, escapes and folds every line; here whole lines are only joined. What is
the same for many people is made once and kept.
"""

from functools import lru_cache

from icalendar import Event, vCalAddress, vText, vUri
from icalendar.parser import Contentline, Parameters

_LINE_END = b"\r\n"
_FOLDED_FROM = 75  # octets; looking at each of a short line's takes the library long
Value = vText | vUri | vCalAddress


def line(name: str, value: Value, parameters: str = "") -> bytes:
    """One line of a property, folded, with its end.

    Args:
        name: The property.
        value: What it says; escaped as its kind asks.
        parameters: Finished parameters, as ``parameters`` gives them.
    """
    given = f";{parameters}" if parameters else ""
    content = f"{name}{given}:{value.to_ical().decode()}"
    if len(content) < _FOLDED_FROM and content.isascii():
        return content.encode() + _LINE_END
    folded = Contentline(content).to_ical()  # type: ignore[no-untyped-call]
    return bytes(folded) + _LINE_END


def parameters(**given: str | list[str]) -> str:
    """Parameters as a line carries them, quoted where needed."""
    return bytes(Parameters(given).to_ical()).decode()


@lru_cache(maxsize=1024)
def lines(**given: object) -> bytes:
    """Lines of properties that many people's messages share, in the library's order."""
    event = Event()
    for name, value in given.items():
        event.add(name, value)
    first, last = b"BEGIN:VEVENT\r\n", b"END:VEVENT\r\n"
    return bytes(event.to_ical()).removeprefix(first).removesuffix(last)
