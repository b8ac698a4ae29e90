"""One object of a file: each of its fields read with a note on whatever is wrong with it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeGuard, TypeVar

from vioP.planner.problem import Role, Span

T = TypeVar("T")
FOUR_WEEKS = 40_320
_MOST = 1_000_000
_PAIR = 2
_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Fields:
    """One object of the file, where it stands, and the notes on what is wrong."""

    where: str
    data: object
    notes: list[str] = field(repr=False)

    def number(self, key: str, *, least: int = 0, most: int = _MOST) -> int:
        """A whole number within a range."""
        value = self.get(key)
        if not _is_whole(value):
            self.note(key, f"must be a whole number, not {shown(value)}")
        elif not least <= value <= most:
            self.note(key, f"must be from {least} to {most}, not {value}")
        else:
            return value
        return least or 1

    def minute(self, key: str) -> int | None:
        """A minute of the week, or nothing."""
        return None if self.get(key, None) is None else self.number(key, most=FOUR_WEEKS)

    def text(self, key: str) -> str:
        """A text that is not empty."""
        value = self.get(key)
        if isinstance(value, str) and value:
            return value
        self.note(key, f"must be a text, not {shown(value)}")
        return ""

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of different texts."""
        value = self.get(key)
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            self.note(key, f"must be a list of texts, not {shown(value)}")
            return ()
        repeated = sorted({each for each in value if value.count(each) > 1})
        for each in repeated:
            self.note(key, f"names {each!r} twice")
        return tuple(value)

    def spans(self, key: str) -> tuple[Span, ...]:
        """A list of spans."""
        value = self.get(key)
        if not isinstance(value, list):
            self.note(key, f"must be a list of [start, end], not {shown(value)}")
            return ()
        found = []
        for number, each in enumerate(value):
            if _is_pair(each) and 0 <= each[0] < each[1] <= FOUR_WEEKS:
                found.append((each[0], each[1]))
            else:
                self.note(
                    f"{key}[{number}]",
                    "must be [start, end] in minutes since Monday 00:00, the end "
                    f"after the start, not {shown(each)}",
                )
        return tuple(found)

    def role(self) -> Role:
        """What a clinician is trained for."""
        value = self.get("role")
        if value in tuple(Role):
            return Role(str(value))
        self.note("role", f"must be therapist or prescriber, not {shown(value)}")
        return Role.THERAPIST

    def each(self, key: str, read: Callable[["Fields"], T]) -> tuple[T, ...]:
        """A list of objects with different ids."""
        value = self.get(key)
        if not isinstance(value, list):
            self.note(key, f"must be a list, not {shown(value)}")
            return ()
        found, seen = [], set()
        for number, item in enumerate(value):
            reader = Fields(f"{key}[{number}]", item, self.notes)
            if not isinstance(item, Mapping):
                self.notes.append(f"{reader.where}: must be an object, not {shown(item)}.")
                continue
            name = item.get("id")
            if isinstance(name, str) and name:
                reader = Fields(f"{key}[{number}] {name}", item, self.notes)
                if name in seen:
                    self.notes.append(f"{reader.where}: another one has this id.")
                seen.add(name)
            found.append(read(reader))
        return tuple(found)

    def mapping(self, key: str) -> Mapping[str, object]:
        """An object."""
        value = self.get(key)
        if isinstance(value, Mapping):
            return value
        self.note(key, f"must be an object, not {shown(value)}")
        return {}

    def clinician_and_start(self, key: str) -> tuple[str, int] | None:
        """A clinician with a start, or nothing."""
        value = self.get(key, None)
        if value is None:
            return None
        if (
            isinstance(value, list)
            and len(value) == _PAIR
            and isinstance(value[0], str)
            and _is_whole(value[1])
            and 0 <= value[1] <= FOUR_WEEKS
        ):
            return value[0], value[1]
        self.note(key, f"must be [clinician, start], not {shown(value)}")
        return None

    def get(self, key: str, *default: object) -> object:
        """Whatever stands there."""
        if not isinstance(self.data, Mapping):
            return None
        if key not in self.data and default:
            return default[0]
        return self.data.get(key, _MISSING)

    def note(self, key: str, what: str) -> None:
        """Note what is wrong."""
        place = f"{self.where}: {key}" if self.where else key
        self.notes.append(f"{place}: {what}.")


class _Missing:
    def __repr__(self) -> str:
        return "nothing"


_MISSING = _Missing()


def _is_whole(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_pair(value: object) -> TypeGuard[list[int]]:
    return isinstance(value, list) and len(value) == _PAIR and all(map(_is_whole, value))


def shown(value: object) -> str:
    """A value in a message, cut if it is long."""
    text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}..."
