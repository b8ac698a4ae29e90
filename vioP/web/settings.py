"""What an operator has chosen, to be read: each setting, its value, and where it was said."""

from dataclasses import dataclass
from itertools import groupby

from aiohttp import web

from vioP.domain.access import Action
from vioP.setting_sources import DEFAULT, ENVIRONMENT, STARTED, SettingLine
from vioP.web.access import action
from vioP.web.pages import render

routes = web.RouteTableDef()

SETTINGS = web.AppKey("SETTINGS", tuple[SettingLine, ...])
_SOURCES = {
    DEFAULT: "Default",
    ENVIRONMENT: "Environment",
    STARTED: "Given at the start",
}


@dataclass(frozen=True, slots=True)
class ShownSetting:
    """One setting, in words.

    Attributes:
        is_chosen: Whether it is another than the one vioP comes with.
    """

    name: str
    value: str
    source: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class SettingsPage:
    """Every setting, by table."""

    tables: tuple[tuple[str, tuple[ShownSetting, ...]], ...]
    chosen: int


@routes.get("/settings", name="settings")
@action(Action.SEE_SETTINGS)
async def settings(request: web.Request) -> web.Response:
    """Every setting as this process uses it; of secrets, only whether there is one."""
    lines = request.app[SETTINGS]
    tables = tuple(
        (table or "General", tuple(map(_shown, group)))
        for table, group in groupby(
            sorted(lines, key=lambda each: each.table), key=lambda each: each.table
        )
    )
    chosen = sum(not each.is_default for each in lines)
    return render(request, "settings", SettingsPage(tables, chosen))


def _shown(line: SettingLine) -> ShownSetting:
    name = f"{line.table}.{line.name}" if line.table else line.name
    source = _SOURCES.get(line.source, f"config/{line.source}")
    return ShownSetting(name, line.value or "empty", source, not line.is_default)
