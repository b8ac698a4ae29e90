"""The words of consents, read from a folder: one file each, its version in the first line."""

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from vioP.domain.consent import ConsentKind, Wording
from vioP.domain.errors import WrongSettings

ASKED = (
    ConsentKind.TELEHEALTH,
    ConsentKind.GROUP_CONFIDENTIALITY,
    ConsentKind.MESSAGES,
    ConsentKind.PART2_DISCLOSURE,
)
_VERSION = "Version "


def read_consent_texts(
    folder: Path, own: Path | None = None
) -> Mapping[ConsentKind, Wording]:
    """The words of every consent that is asked for.

    The digest in a version makes that nobody can change the words and keep the version.

    Args:
        folder: The words that come with the program.
        own: Where a clinic's own words lie; a file there replaces the one that comes along.

    Raises:
        WrongSettings: A file is missing, cannot be read, or does not begin with its version
            and its title.
    """
    return {kind: _read(kind, folder, own) for kind in ASKED}


def _read(kind: ConsentKind, folder: Path, own: Path | None) -> Wording:
    name = f"{kind.value}.txt"
    file = own / name if own is not None and (own / name).exists() else folder / name
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise WrongSettings(f"{file} cannot be read as UTF-8 text ({error}).") from error
    first, _, rest = text.partition("\n")
    title, _, words = rest.strip().partition("\n")
    dated = first.removeprefix(_VERSION).strip()
    if not first.startswith(_VERSION) or not dated or not title or not words.strip():
        raise WrongSettings(
            f"{file} must begin with a line such as “Version 2026-11”, then a line with its "
            "title, then an empty line and its words."
        )
    digest = sha256(rest.strip().encode()).hexdigest()[:8]
    return Wording(kind, f"{dated}.{digest}", title.strip(), words.strip())
