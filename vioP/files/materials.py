"""Links to what people read or do at home, as whoever runs a program keeps them."""

import tomllib
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from vioP.domain.errors import WrongSettings
from vioP.domain.material import Material

_WORDS = ("title", "url", "track", "cohort", "module")
_FIELDS = {*_WORDS, "day"}


def read_materials(file: Path) -> tuple[Material, ...]:
    """The links in a file; none when there is no such file.

    Raises:
        WrongSettings: The file cannot be read, or a link is wrong; each says where.
    """
    if not file.is_file():
        return ()
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise WrongSettings(f"{file} cannot be read: {error}") from error
    unknown = sorted(set(table) - {"link"})
    links = table.get("link", [])
    if unknown or not isinstance(links, list):
        raise WrongSettings(f"{file}: Write each link under [[link]], and nothing else.")
    return tuple(
        _material(f"{file}: link {number}", each)
        for number, each in enumerate(links, start=1)
    )


def _material(where: str, given: object) -> Material:
    values = given if isinstance(given, dict) else {}
    unknown = sorted(set(values) - _FIELDS)
    if unknown:
        raise WrongSettings(f"{where} has {unknown[0]}, which means nothing.")
    said = {name: _words(where, values, name) for name in _WORDS}
    if not said["title"]:
        raise WrongSettings(f"{where} has no title.")
    if not _is_safe(said["url"]):
        raise WrongSettings(
            f"{where}: url must be a whole address that begins with https://."
        )
    if bool(said["track"]) == bool(said["cohort"]):
        raise WrongSettings(f"{where} needs a track or a cohort, and not both.")
    day = values.get("day")
    if day is not None and type(day) is not date:
        raise WrongSettings(
            f"{where}: day must be a date such as 2026-11-30, without quotes."
        )
    return Material(
        said["title"], said["url"], said["track"], said["cohort"], day, said["module"]
    )


def _words(where: str, values: dict[str, object], name: str) -> str:
    value = values.get(name, "")
    if not isinstance(value, str):
        raise WrongSettings(f"{where}: {name} must be words in quotes.")
    return value.strip()


def _is_safe(url: str) -> bool:
    """Whether a link is https, to a host, and carries no password or blank."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    plain = not any(each.isspace() or not each.isprintable() for each in url)
    return (
        plain
        and parts.scheme == "https"
        and bool(parts.hostname)
        and "@" not in parts.netloc
    )
