"""Whether the house does its work: for programs that watch it, and for the people who mend it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from vioP.domain.access import Action
from vioP.domain.health import Health, Part
from vioP.flows.check_health import check_health
from vioP.ports import Ports
from vioP.web.access import action
from vioP.web.keys import PORTS
from vioP.web.pages import render

routes = web.RouteTableDef()

_EVERY = 1.0

NAMES = {
    Part.DATABASE: "Database",
    Part.JOBS: "Work for later",
    Part.MAIL: "Mail",
    Part.TEXTS: "Texts",
    Part.PHONE: "Automatic calls",
    Part.FIELDS: "Sealed fields",
    Part.ROOMS: "Video rooms",
    Part.DISK: "Disk",
}


class Checkup:
    """The health of this house, looked at once a second however many ask."""

    def __init__(self, ports: Ports, places: Sequence[Path]) -> None:
        self._ports = ports
        self._places = places
        self._lock = asyncio.Lock()
        self._looked_at = float("-inf")
        self._found = Health(())

    async def health(self) -> Health:
        """The health as it was at most a second ago."""
        async with self._lock:
            beat = asyncio.get_running_loop().time()
            if beat - self._looked_at >= _EVERY:
                self._found = await check_health(self._ports, self._places)
                self._looked_at = beat
            return self._found


CHECKUP = web.AppKey("CHECKUP", Checkup)


@dataclass(frozen=True, slots=True)
class HealthLine:
    """One part, in words."""

    name: str
    ok: bool
    detail: str
    remedy: str


@dataclass(frozen=True, slots=True)
class HealthPage:
    """Every part, those in trouble first."""

    at: str
    is_well: bool
    lines: tuple[HealthLine, ...]


@routes.get("/healthz", name="health.alive")
@action(Action.OPEN)
async def alive(_request: web.Request) -> web.Response:
    """Whether this process answers."""
    return web.json_response({"ok": True})


@routes.get("/readyz", name="health.ready")
@action(Action.OPEN)
async def ready(request: web.Request) -> web.Response:
    """Whether this process can serve, and which parts of the house are not well.

    503 when it cannot; with ``?strict`` also when any part is not well. Strangers learn
    which part, and no more.
    """
    health = await request.app[CHECKUP].health()
    fine = health.is_well if "strict" in request.query else health.is_ready
    parts = {each.part.value: each.ok for each in health.parts}
    body = {"ready": health.is_ready, "well": health.is_well, "parts": parts}
    return web.json_response(body, status=200 if fine else 503)


@routes.get("/health", name="health")
@action(Action.SEE_HEALTH)
async def health_page(request: web.Request) -> web.Response:
    """Every part of the house: whether it does its work, and what helps when not."""
    health = await request.app[CHECKUP].health()
    lines = [
        HealthLine(
            NAMES[each.part],
            each.ok,
            each.detail,
            each.remedy,
        )
        for each in sorted(health.parts, key=lambda each: each.ok)
    ]
    now = request.app[PORTS].clock.now()
    page = HealthPage(f"{now:%H:%M:%S}", health.is_well, tuple(lines))
    return render(request, "health", page)
