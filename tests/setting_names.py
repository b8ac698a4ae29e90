"""The names of all settings, as they are written: ``table.name``."""

from pydantic import BaseModel

from vioP.settings import Settings


def setting_names() -> set[str]:
    """Every setting, those of tables with their table."""
    names = set()
    for name, field in Settings.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            names |= {f"{name}.{each}" for each in kind.model_fields}
        else:
            names.add(name)
    return names
