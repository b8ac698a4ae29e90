"""The names of all settings, as they are written: ``table.name``."""

from pydantic import BaseModel

from vioP.settings import Settings


def setting_names(kind: type[BaseModel] = Settings, prefix: str = "") -> set[str]:
    """Every setting, those of tables with their table."""
    names = set()
    for name, field in kind.model_fields.items():
        inside = field.annotation
        if isinstance(inside, type) and issubclass(inside, BaseModel):
            names |= setting_names(inside, f"{prefix}{name}.")
        else:
            names.add(f"{prefix}{name}")
    return names
