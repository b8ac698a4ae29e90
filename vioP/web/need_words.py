"""What helps somebody take part, in words: the file of people keeps it as keys."""

import re
from collections.abc import Mapping

from babel import Locale

_WORDS = {
    "captions": "captions",
    "deaf": "deaf",
    "hard_of_hearing": "hard of hearing",
    "speech": "cannot speak",
    "relay": "relay service",
    "text": "writing, not voice",
}
_INTERPRETER = "interpreter:"
_EACH = re.compile(r"[^\s,]+")
_NAMES: Mapping[str, str] = Locale("en").languages


def needs_in_words(accommodation: str) -> str:
    """What helps, as staff say it; words of somebody's own stay as they typed them."""
    found = _EACH.findall(accommodation)
    if all(each in _WORDS or each.startswith(_INTERPRETER) for each in found):
        return ", ".join(map(_word, found))
    return _EACH.sub(lambda each: _word(each[0]), accommodation)


def language_name(language: str) -> str:
    """A language in words: ``Spanish`` for ``es``; what is no code stays as it is."""
    if language.casefold() == "asl":
        return "ASL"
    return _NAMES.get(language, language)


def _word(key: str) -> str:
    kind, _, language = key.partition(":")
    if language and kind == _INTERPRETER.removesuffix(":"):
        return f"interpreter ({language_name(language)})"
    return _WORDS.get(key, key)
