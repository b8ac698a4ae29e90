"""One part of a text message: 160 characters of the alphabet every phone network carries.

A longer text, or one with a letter outside the alphabet, is cut into parts that cost and may
arrive apart. Source: 3GPP TS 23.038, section 6.2.1.
"""

import unicodedata

ONE_PART = 160
_ALPHABET = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_LIKE = {
    "\u2018": "'",
    "\u2019": "'",
    "\u201c": '"',
    "\u201d": '"',
    "\u2013": "-",
    "\u2014": "-",
}
_TWO_EACH = frozenset("^{}\\[~]|€")


def length(text: str) -> int | None:
    """How many places a text takes, or nothing when a letter is outside the alphabet."""
    if not all(each in _ALPHABET or each in _TWO_EACH for each in text):
        return None
    return len(text) + sum(each in _TWO_EACH for each in text)


def in_gsm(text: str) -> str:
    """A text in the alphabet: accents it lacks are dropped, and what is left is a question mark."""
    return "".join(_letter(each) for each in text)


def fit(*wordings: str) -> str:
    """The first wording that is one part; the last one is cut where none is."""
    written = [in_gsm(each) for each in wordings]
    for each in written:
        if (length(each) or 0) <= ONE_PART:
            return each
    return _cut(written[-1])


def _cut(text: str) -> str:
    while (length(text) or 0) > ONE_PART:
        text = text[:-1]
    return text


def _letter(letter: str) -> str:
    if letter in _ALPHABET or letter in _TWO_EACH:
        return letter
    plain = unicodedata.normalize("NFKD", letter)[:1]
    plain = _LIKE.get(plain, plain)
    return plain if plain in _ALPHABET else "?"
