"""Settings as they are in force: each with its value and where it was said; secrets stay secret."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from pydantic import BaseModel, SecretStr, TypeAdapter, ValidationError
from pydantic_settings import EnvSettingsSource, TomlConfigSettingsSource

from vioP.domain.duration import duration_words
from vioP.settings import Settings

DEFAULT, STARTED, ENVIRONMENT = "default", "start", "environment"


@dataclass(frozen=True, slots=True)
class SettingLine:
    """One setting.

    Attributes:
        table: The table it stands in; empty for those in none.
        source: ``default``, ``environment``, ``start`` for what was given when the program was
            started, or the name of a file.
        is_default: Whether it is what it would be if nobody had said anything.
    """

    table: str
    name: str
    value: str
    source: str
    is_default: bool


def in_force(settings: Settings) -> tuple[SettingLine, ...]:
    """Every setting of this process, in the order they are declared."""
    said = [(ENVIRONMENT, EnvSettingsSource(Settings)())]
    files = Settings.model_config.get("toml_file")
    for file in reversed(files if isinstance(files, list) else []):
        path = Path(file)
        said.append((path.name, TomlConfigSettingsSource(Settings, path)()))
    shown = settings.model_dump(mode="json")
    return tuple(_lines(settings, shown, said, ()))


def _lines(
    model: BaseModel,
    shown: Mapping[str, Any],
    said: list[tuple[str, dict[str, Any]]],
    path: tuple[str, ...],
) -> Iterator[SettingLine]:
    for name in type(model).model_fields:
        value = getattr(model, name)
        here = (*path, name)
        if isinstance(value, BaseModel):
            yield from _lines(value, shown[name], said, here)
            continue
        source, field = DEFAULT, type(model).model_fields[name]
        if name in model.model_fields_set:
            fits = (
                each for each, told in said if _says(told, here, field.annotation, value)
            )
            source = next(fits, STARTED)
        is_default = field.get_default(call_default_factory=True) == value
        words = _words(value, shown[name])
        yield SettingLine(".".join(path), name, words, source, is_default)


def _says(told: Any, path: tuple[str, ...], kind: Any, value: object) -> bool:
    """Whether a place says of a setting what is in force, and not what something else beats."""
    for name in path:
        if not isinstance(told, Mapping) or name not in told:
            return False
        told = told[name]
    try:
        return bool(TypeAdapter(kind).validate_python(told) == value)
    except ValidationError:
        return False


def _words(value: object, shown: Any) -> str:
    """A value as people read it; of a secret, only whether there is one."""
    if isinstance(value, SecretStr):
        return "set" if value.get_secret_value() else "not set"
    if isinstance(value, timedelta):
        return duration_words(value)
    inside = value.values() if isinstance(value, Mapping) else value
    if isinstance(inside, Iterable) and any(isinstance(each, SecretStr) for each in inside):
        return f"{len(shown)} set"
    if isinstance(shown, bool):
        return str(shown).lower()
    if isinstance(shown, list):
        return ", ".join(map(str, shown))
    return _without_password("" if shown is None else str(shown))


def _without_password(text: str) -> str:
    """An address without the password it may hold."""
    parts = urlsplit(text) if "://" in text and "@" in text else None
    if parts is None:
        return text
    _, _, place = parts.netloc.rpartition("@")
    who = (parts.username or "") + (":set" if parts.password else "")
    return urlunsplit(parts._replace(netloc=f"{who}@{place}"))
