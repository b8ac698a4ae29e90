"""The words of consents, read from a folder: one file each, its version in the first line."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from vioP.domain.consent import ConsentKind, Wording
from vioP.domain.errors import WrongSettings
from vioP.i18n import ENGLISH, LANGUAGES, language

ASKED = (
    ConsentKind.TELEHEALTH,
    ConsentKind.GROUP_CONFIDENTIALITY,
    ConsentKind.MESSAGES,
    ConsentKind.PART2_DISCLOSURE,
)
_FIRST = re.compile(
    r"Version (?P<dated>[^,]*[^\s,])(?:, for (?P<months>[1-9][0-9]{0,2}) months)?"
    r"(?P<care>, until care ends)?"
)


@dataclass(frozen=True, slots=True)
class ConsentTexts:
    """The words of every consent that is asked for, in the language of whoever reads them.

    Attributes:
        spoken: By language; one that lacks a consent shows it in English.
    """

    spoken: Mapping[str, Mapping[ConsentKind, Wording]] = field(default_factory=dict)

    def get(self, kind: ConsentKind) -> Wording | None:
        """The words of a consent; nothing when nobody is asked for it."""
        for code in (language(), ENGLISH):
            found = self.spoken.get(code, {}).get(kind)
            if found is not None:
                return found
        return None

    def titles(self) -> Mapping[str, str]:
        """What each consent is called, by its kind."""
        found = {kind: self.get(kind) for kind in self.spoken.get(ENGLISH, {})}
        return {kind.value: each.title for kind, each in found.items() if each}


def read_consent_texts(folder: Path, own: Path | None = None) -> ConsentTexts:
    """The words of every consent that is asked for.

    The digest in a version makes that nobody can change the words and keep the version. Other
    languages than English lie in folders by their code.

    Args:
        folder: The words that come with the program.
        own: Where a clinic's own words lie; a file there replaces the one that comes along.
            Where only the English one is replaced, nobody reads the other language's of ours:
            it would ask for something else.

    Raises:
        WrongSettings: A file is missing, cannot be read, or does not begin with its version
            and its title.
    """
    spoken: dict[str, Mapping[ConsentKind, Wording]] = {
        ENGLISH: {kind: _read(kind, _file(kind, folder, own)) for kind in ASKED}
    }
    for code in LANGUAGES.keys() - {ENGLISH}:
        files = {kind: _translated(kind, code, folder, own) for kind in ASKED}
        spoken[code] = {kind: _read(kind, file) for kind, file in files.items() if file}
    return ConsentTexts(spoken)


def _file(kind: ConsentKind, folder: Path, own: Path | None) -> Path:
    name = f"{kind.value}.txt"
    return own / name if own is not None and (own / name).exists() else folder / name


def _translated(
    kind: ConsentKind, code: str, folder: Path, own: Path | None
) -> Path | None:
    """Where the words of a consent in another language lie, if they belong to the English ones."""
    name = f"{kind.value}.txt"
    if own is not None and (own / code / name).exists():
        return own / code / name
    if own is not None and (own / name).exists():
        return None
    ours = folder / code / name
    return ours if ours.exists() else None


def _read(kind: ConsentKind, file: Path) -> Wording:
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise WrongSettings(f"{file} cannot be read as UTF-8 text ({error}).") from error
    first, _, rest = text.partition("\n")
    title, _, words = rest.strip().partition("\n")
    begun = _FIRST.fullmatch(first.strip())
    if begun is None or not title or not words.strip():
        raise WrongSettings(
            f"{file} must begin with a line such as “Version 2026-11”, then a line with its "
            "title, then an empty line and its words. After the version may stand when a yes "
            "ends: “, for 12 months”, “, until care ends”, or both in this order."
        )
    digest = sha256(rest.strip().encode()).hexdigest()[:8]
    return Wording(
        kind,
        f"{begun['dated']}.{digest}",
        title.strip(),
        words.strip(),
        int(begun["months"] or 0),
        with_care=begun["care"] is not None,
    )
