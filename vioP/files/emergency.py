"""The table of emergency numbers, as whoever runs a program keeps it."""

import tomllib
from pathlib import Path

from vioP.domain.emergency import HOME, EmergencyNumbers
from vioP.domain.errors import WrongSettings

_FIELDS = ("name", "emergency", "crisis", "source")


def read_emergency(file: Path) -> tuple[EmergencyNumbers, ...]:
    """The numbers of each country.

    Raises:
        WrongSettings: The file cannot be read, or a country lacks something; each says where.
    """
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise WrongSettings(f"{file} cannot be read: {error}") from error
    countries = table.get("country", [])
    found = tuple(
        _country(file, number, each) for number, each in enumerate(countries, start=1)
    )
    names = [each.country for each in found]
    for name in names:
        if names.count(name) > 1:
            raise WrongSettings(f"{file}: {name} is there twice. Keep one.")
    if HOME not in names:
        raise WrongSettings(f"{file}: {HOME} is missing. Add it.")
    return found


def _country(file: Path, number: int, given: object) -> EmergencyNumbers:
    values = given if isinstance(given, dict) else {}
    for name in _FIELDS:
        if not isinstance(values.get(name), str) or not values[name].strip():
            raise WrongSettings(
                f"{file}: country {number} ({values.get('name', 'no name')}) has no {name}. "
                "Write who says so, too: a number without its source is not taken."
            )
    unknown = sorted(set(values) - set(_FIELDS))
    if unknown:
        raise WrongSettings(
            f"{file}: country {number} has {unknown[0]}, which means nothing."
        )
    return EmergencyNumbers(
        values["name"].strip(), values["emergency"].strip(), values["crisis"].strip()
    )
