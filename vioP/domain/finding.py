"""Finding somebody or something by how its name or identifier begins, however it is spelled."""

import re
import unicodedata

_NO_WORD = re.compile(r"[\W_]+")


def words_of(text: str) -> tuple[str, ...]:
    """The words of a text without case, accents or signs, so that every spelling is one."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(each for each in apart if not unicodedata.combining(each))
    return tuple(each for each in _NO_WORD.split(plain.casefold()) if each)


def begins(asked: tuple[str, ...], *texts: str) -> bool:
    """Whether every word asked for begins a word of one of the texts, in any order.

    Args:
        asked: Words as ``words_of`` gives them; none of them finds nothing.
        texts: A name, an identifier, or whatever else it may be found by.
    """
    return bool(asked) and any(_fits(asked, words_of(text)) for text in texts)


def _fits(asked: tuple[str, ...], words: tuple[str, ...]) -> bool:
    return all(any(word.startswith(each) for word in words) for each in asked)
