"""One table of a TOML file, read key by key. What is wrong is noted, and reading goes on."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any
from zoneinfo import available_timezones

from vioP.domain.text import clean_text
from vioP.files.problems import Notebook, nearest
from vioP.files.source import Lines

_LONGEST_NAME = 120
ZONES = frozenset(available_timezones())
STATES = frozenset((
    "AL", "AK", "AZ", "AR", "CA", "CO", "CT", "DE", "DC", "FL", "GA", "HI", "ID", "IL",
    "IN", "IA", "KS", "KY", "LA", "ME", "MD", "MA", "MI", "MN", "MS", "MO", "MT", "NE",
    "NV", "NH", "NJ", "NM", "NY", "NC", "ND", "OH", "OK", "OR", "PA", "RI", "SC", "SD",
    "TN", "TX", "UT", "VT", "VA", "WA", "WV", "WI", "WY",
    "PR", "GU", "VI", "AS", "MP",  # territories
))  # fmt: skip
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its name, which of its kind it is, and what it holds."""

    name: str
    number: int
    values: Mapping[str, Any]
    lines: Lines
    notes: Notebook
    seen: set[str] = field(default_factory=set)

    def note(self, key: str, what: str, remedy: str) -> None:
        """Note a problem at a key."""
        line = self.lines.of(self.name, self.number, key)
        self.notes.note(line, f"{self.name}.{key}" if key else self.name, what, remedy)

    def get(self, key: str, kind: type | tuple[type, ...], default: Any = None) -> Any:
        """The value of a key, if it is of the right kind."""
        self.seen.add(key)
        if key not in self.values:
            if default is None:
                self.note(key, "is missing.", f"Add {key} to this table.")
            return default
        value = self.values[key]
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is int):
            wanted = kind.__name__ if isinstance(kind, type) else "date"
            self.note(key, f"is {value!r:.60}.", f"Write a value of type {wanted}.")
            return default
        return value

    def text(self, key: str, default: str | None = None) -> str:
        """A short text without control characters."""
        value = self.get(key, str, default)
        if value is None:
            return ""
        if clean_text(value, _LONGEST_NAME + 1) != " ".join(value.replace('"', "").split()):
            self.note(
                key, "has control characters or is too long.", "Write one short line."
            )
        return clean_text(value)

    def identifier(self, default: str | None = None) -> str:
        """The table's own identifier: lower case, digits, hyphens."""
        value: str = self.text("id", default)
        if value and not value.replace("-", "").replace("_", "").isalnum():
            self.note(
                "id", f"“{value}” is not an identifier.", "Use letters, digits and hyphens."
            )
        return value

    def whole(self, key: str, default: int | None = None, least: int = 0) -> int:
        """A whole number that is not too small."""
        value = self.get(key, int, default)
        if value is None:
            return least
        if value < least or value > 100_000:  # noqa: PLR2004 - far beyond anything sensible
            self.note(key, f"is {value}.", f"Write a whole number from {least} on.")
            return least
        return int(value)

    def flag(self, key: str) -> bool:
        """True or false; false when missing."""
        return bool(self.get(key, bool, default=False))

    def list_of(self, key: str, kind: type, default: list[Any] | None = None) -> list[Any]:
        """A list whose members are of one kind."""
        value = self.get(key, list, default)
        if value is None:
            return []
        if not all(isinstance(each, kind) for each in value):
            self.note(key, "holds something else.", f"Write a list of {kind.__name__}.")
            return []
        return list(value)

    def zone(self, key: str = "timezone") -> str:
        """An IANA time zone."""
        value: str = self.text(key)
        if value and value not in ZONES:
            known = [each for each in ZONES if "/" in each]
            remedy = nearest(value, known, "Write an IANA name, such as America/New_York.")
            self.note(key, f"“{value}” is not a time zone.", remedy)
            return "UTC"
        return value or "UTC"

    def clock(self, key: str) -> time:
        """A clock reading such as 10:00."""
        value: str = self.text(key)
        return self.reading(key, value)

    def reading(self, key: str, value: object) -> time:
        """A clock reading that stands inside a list."""
        try:
            return time.fromisoformat(value if isinstance(value, str) else "")
        except ValueError:
            if value:
                self.note(key, f"“{value}” is no time of day.", "Write it as 09:30.")
            return time(0)

    def day(self, key: str, value: object) -> date | None:
        """A day that stands inside a list or table."""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value if isinstance(value, str) else "")
        except ValueError:
            self.note(key, f"“{value}” is no date.", "Write it as 2027-03-08.")
            return None

    def state(self, key: str, value: object) -> str:
        """A state or territory by its postal code."""
        if isinstance(value, str) and value in STATES:
            return value
        remedy = nearest(
            str(value).upper(), sorted(STATES), "Write a postal code, such as NY."
        )
        self.note(key, f"“{value}” is not a state.", remedy)
        return ""

    def weekdays(self, key: str, value: Iterable[object]) -> tuple[int, ...]:
        """Weekdays by their first three letters."""
        days = []
        for each in value:
            if each not in WEEKDAYS:
                self.note(key, f"“{each}” is no weekday.", f"Use {', '.join(WEEKDAYS)}.")
            elif WEEKDAYS.index(str(each)) in days:
                self.note(key, f"“{each}” is there twice.", "Name each day once.")
            else:
                days.append(WEEKDAYS.index(str(each)))
        return tuple(sorted(days))

    def one_of(self, key: str, known: Iterable[str], default: str | None = None) -> str:
        """A word from a list."""
        value: str = self.text(key, default)
        words = list(known)
        if value and value not in words:
            remedy = nearest(value, words, f"Use one of {', '.join(words)}.")
            self.note(key, f"“{value}” is not known.", remedy)
            return words[0]
        return value or words[0]

    def close(self, also: Iterable[str] = ()) -> None:
        """Note every key that nobody asked for."""
        known = sorted(self.seen | set(also))
        for key in self.values:
            if key not in known:
                remedy = nearest(key, known, f"Known keys: {', '.join(known)}.")
                self.note(key, "is not a key of this table.", remedy)

    def build(self, make: Callable[[], Any]) -> Any:
        """A value, unless its own rules refuse it."""
        try:
            return make()
        except ValueError as error:
            self.note("", f"{error}.", "Mend this table.")
            return None
