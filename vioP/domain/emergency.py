"""Whom to call where somebody is. Only people call them: vioP never does."""

from dataclasses import dataclass

HOME = "United States"


@dataclass(frozen=True, slots=True)
class EmergencyNumbers:
    """What is dialled in a country.

    Attributes:
        country: Its name, as people choose it.
        emergency: What is dialled from inside it.
        crisis: Whom people in crisis call there.
    """

    country: str
    emergency: str
    crisis: str


AT_HOME = EmergencyNumbers(HOME, "911", "988, by call or text")


def country_of(place: str, known: tuple[EmergencyNumbers, ...]) -> EmergencyNumbers:
    """The numbers of a place: of a country that is named, and otherwise of home.

    Args:
        place: A state in short, such as ``CO``, or a country by its name.
        known: The countries whose numbers are known.
    """
    return next((each for each in known if each.country == place), AT_HOME)


def abroad(known: tuple[EmergencyNumbers, ...]) -> tuple[str, ...]:
    """The names of the countries other than home, in order."""
    return tuple(sorted(each.country for each in known if each.country != HOME))


def lines_for(where: str, numbers: EmergencyNumbers) -> tuple[str, str]:
    """What a member of staff must know to send help to somebody.

    Args:
        where: The place in words, such as ``Denver, CO``.
        numbers: The numbers of that country.
    """
    if numbers.country == HOME:
        lines = [
            "911 reaches the services of the place you call from. From elsewhere, ask the",
            f"operator to pass you to the dispatch for {where}.",
        ]
    else:
        lines = [
            f"In {numbers.country} one dials {numbers.emergency}. That works from inside",
            f"{numbers.country} only: have them, or whoever is with them, dial it. From",
            f"elsewhere, look up the police or rescue service of {where} with its full",
            "number, and call their people there.",
        ]
    return " ".join(lines), f"Crisis line: {numbers.crisis}."
