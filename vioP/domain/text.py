"""Text that people typed, made safe to put anywhere: one line, no tricks, not too long."""

import re
import unicodedata

_LONGEST = 120
# Control, format (bidi and zero width), surrogate, private, unassigned; line and paragraph.
_UNWANTED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_TOKEN = re.compile(r"/(j|r|set-up)/[\w.~-]{20,}")


def clean_text(text: str, longest: int = _LONGEST) -> str:
    """One line of plain text: what is left of it once every control character is gone.

    Quotation marks go too: calendars that do not know RFC 6868 show its escapes.
    """
    composed = unicodedata.normalize("NFC", text)
    kept = [
        " " if char.isspace() or unicodedata.category(char) in _UNWANTED else char
        for char in composed
        if char != '"'
    ]
    return " ".join("".join(kept).split())[:longest].strip()


def clean_name(name: str) -> str:
    """A display name that can be mistaken neither for an address nor for syntax."""
    return clean_text("".join(" " if char in "@:;<>" else char for char in name))


def without_tokens(text: str) -> str:
    """A text without the tokens of our links, which people and programs quote back to us.

    What opens a door must not be kept where others read.
    """
    return _TOKEN.sub(r"/\1/…", text)
