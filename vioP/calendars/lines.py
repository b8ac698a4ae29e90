"""Finished content lines, for calendar objects that are put together from shared parts.

The library makes and escapes every line; here whole lines are folded and joined. What is the
same for many people is made once and kept.
"""

from functools import lru_cache

from icalendar import Event, vCalAddress, vText, vUri
from icalendar.parser import Contentline, Parameters

_LINE_END = b"\r\n"
_FOLD = b"\r\n "
_AT = 74  # octets of each piece; with the space of a fold 75, which is the most
_NEVER_LAST = ("\\", "^")  # escapes, which stay in one piece with what they escape
Value = vText | vUri | vCalAddress


def line(name: str, value: Value, parameters: str = "") -> bytes:
    """One line of a property, folded, with its end.

    Args:
        name: The property.
        value: What it says; escaped as its kind asks.
        parameters: Finished parameters, as ``parameters`` gives them.
    """
    given = f";{parameters}" if parameters else ""
    return folded(f"{name}{given}:{value.to_ical().decode()}") + _LINE_END


def folded(content: str) -> bytes:
    """A line's content as it travels.

    Where every character is one octet and no cut hits an escape, it is cut here, in one go;
    the library, which looks at each character, would cut it the same, and cuts the rest.
    Source: RFC 5545, section 3.1.
    """
    if content.isascii():
        pieces = [content[at : at + _AT] for at in range(0, len(content), _AT)]
        if not any(each.endswith(_NEVER_LAST) for each in pieces):
            return _FOLD.join(each.encode() for each in pieces)
    return bytes(Contentline(content).to_ical())  # type: ignore[no-untyped-call]


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
