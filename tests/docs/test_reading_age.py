"""Participants' texts are easy to read, in both languages.

Sources: English: Kincaid et al. 1975, grade = 0.39 words/sentence + 11.8 syllables/word - 15.59.
Spanish: Fernández Huerta 1959, with the scale of INFLESZ (Barrio-Cantalejo et al. 2008, where
55 is "normal" and 65 "quite easy"): 206.84 - 60 syllables/word - 1.02 words/sentence.
Sixth to eighth grade is what the AMA and NIH ask of texts for patients.
"""

import re
from pathlib import Path

from babel.messages.pofile import read_po

from vioP import i18n

HARDEST_GRADE = 6.0
HARDEST_SPANISH = 75.0  # "quite easy" begins at 65
PO = Path(i18n.__file__).parent / "locale/es/LC_MESSAGES/viop.po"
WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)?")


def read() -> tuple[str, str]:
    """All sentences of participants' pages, in English and in Spanish."""
    with PO.open("rb") as source:
        both = [(str(each.id), str(each.string)) for each in read_po(source) if each.id]
    sides = zip(*both, strict=True)
    english, spanish = (
        " ".join(re.sub(r"<[^>]*>|%\(\w+\)s", " ", each) + " ." for each in side)
        for side in sides
    )
    return english, spanish


def measures(text: str, vowels: str, silent: str = "") -> tuple[float, float]:
    """Words in a sentence, and syllables in a word."""
    sentences = [each for each in re.split(r"[.:;!?…]+", text) if WORD.search(each)]
    words = [each.lower() for each in WORD.findall(text)]
    syllables = 0
    for each in words:
        plain = re.sub(silent, "", each) if silent and len(each) > len("the") else each
        syllables += max(1, len(re.findall(vowels, plain)))
    return len(words) / len(sentences), syllables / len(words)


def test_english_is_read_in_the_sixth_grade():
    long, heavy = measures(read()[0], r"[aeiouy]+", r"(?<![aeiouyl])e$|(?<=[^td])ed$")

    assert 0.39 * long + 11.8 * heavy - 15.59 <= HARDEST_GRADE


def test_spanish_is_quite_easy():
    # A weak vowel joins a strong one; an accent on it, or two strong ones, part them.
    long, heavy = measures(read()[1], r"[iuü]?[aeoáéó][iuy]?|[íú]|[iuü]+|y\b")

    assert 206.84 - 60 * heavy - 1.02 * long >= HARDEST_SPANISH
