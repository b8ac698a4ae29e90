"""Phone numbers as people type them, brought into the one form in which they are kept: E.164.

Source: ITU-T E.164 (at most fifteen digits); the North American Numbering Plan, in which
neither an area code nor an exchange begins with 0 or 1.
"""

import re

_PUNCTUATION = re.compile(r"[\s().\-/\u00a0\u2010-\u2015]+")
_ABROAD = re.compile(r"\+[1-9][0-9]{7,14}")
_AT_HOME = re.compile(r"\+1[2-9][0-9]{2}[2-9][0-9]{6}")


def phone_number(text: str) -> str | None:
    """A number in E.164, or nothing when it cannot be one.

    Ten digits, or eleven that begin with 1, are taken for a number of North America;
    anything else must say its country, with + or 00 in front.
    """
    typed = _PUNCTUATION.sub("", text.strip())
    if typed.startswith("00"):
        typed = f"+{typed[2:]}"
    if typed.isascii() and typed.isdigit():
        typed = f"+1{typed.removeprefix('1')}"
    pattern = _AT_HOME if typed.startswith("+1") else _ABROAD
    return typed if pattern.fullmatch(typed) else None


def spoken_number(number: str) -> str:
    """A number as people read it: ``(303) 555-0101``, or as it is kept when it is foreign."""
    if not _AT_HOME.fullmatch(number):
        return number
    return f"({number[2:5]}) {number[5:8]}-{number[8:]}"
