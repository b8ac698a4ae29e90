"""Figures for a program that watches, when the operator has chosen to show them."""

import hmac
from collections.abc import Iterable
from urllib.parse import urlsplit

from aiohttp import web

from vioP import __version__
from vioP.domain.access import Action
from vioP.domain.delivery import Channel
from vioP.domain.errors import Missing
from vioP.flows.take_measure import Measure, take_measure
from vioP.web.access import action
from vioP.web.exposition import CONTENT_TYPE, family, histogram
from vioP.web.keys import CHOICES, PORTS
from vioP.web.live import PULSE
from vioP.web.meter import BOUNDS, METER, Meter
from vioP.web.room import GATEWAY

routes = web.RouteTableDef()

_HERE = frozenset({"127.0.0.1", "::1"})
_NAMES_OF_HERE = frozenset({"127.0.0.1", "::1", "localhost"})
_PASSED_ON = ("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via")


@routes.get("/metrics", name="metrics")
@action(Action.USE_HOOK)
async def metrics(request: web.Request) -> web.Response:
    """Figures in Prometheus' format; whoever may not see them finds nothing here."""
    _require_watcher(request)
    app = request.app
    gateway = app.get(GATEWAY)
    lines = len(gateway.rooms.switchboard.everybody()) if gateway else 0
    text = "".join(
        (
            *_of_rows(await take_measure(app[PORTS])),
            *_of_process(app[METER], app[PULSE].listeners, lines),
        )
    )
    return web.Response(body=text.encode(), headers={"Content-Type": CONTENT_TYPE})


def _require_watcher(request: web.Request) -> None:
    """Refuse everybody but whom the operator has chosen.

    A proxy on this machine makes strangers look as if they were here, so with one the
    token is the only way.

    Raises:
        Missing: It is somebody else, or figures are not shown at all.
    """
    choices = request.app[CHOICES]
    if choices.metrics == "token":
        given = request.headers.get("Authorization", "")
        wanted = f"Bearer {choices.metrics_token}"
        if hmac.compare_digest(given.encode("utf-8", "replace"), wanted.encode()):
            return
    if choices.metrics == "loopback":
        passed_on = choices.trusted_proxies or any(
            each in request.headers for each in _PASSED_ON
        )
        called = urlsplit(f"//{request.headers.get('Host', '')}").hostname
        if request.remote in _HERE and called in _NAMES_OF_HERE and not passed_on:
            return
    raise Missing


def _of_rows(found: Measure) -> Iterable[str]:
    """What the database says; every process says the same."""
    yield _one("viop_jobs_late", "Jobs nobody took within 30 seconds.", found.late_jobs)
    yield _one("viop_jobs_late_oldest_seconds", "How late the oldest is.", found.oldest_job)
    yield _one("viop_jobs_failing", "Jobs that fail again and again.", found.failing_jobs)
    yield family(
        "viop_deliveries",
        "gauge",
        "Outgoing messages and calls, by channel and state.",
        [
            ({"channel": channel, "state": state}, number)
            for (channel, state), number in sorted(found.deliveries.items())
        ],
    )
    yield family(
        "viop_deliveries_stuck",
        "gauge",
        "What somebody waits for and did not leave within a minute.",
        [({"channel": each.value}, found.stuck.get(each, 0)) for each in Channel],
    )
    yield family(
        "viop_channel_in_trouble",
        "gauge",
        "1 while the far end of a channel does not take what it is given.",
        [({"channel": each.value}, each in found.troubles) for each in Channel],
    )
    yield family(
        "viop_attempts_open",
        "gauge",
        "Attempts to reach somebody that nobody has settled.",
        [
            ({"channel": each.value}, number.count)
            for each, number in found.attempts.items()
        ],
    )
    yield family(
        "viop_attempts_open_oldest_seconds",
        "gauge",
        "How old the oldest of them is.",
        [
            ({"channel": each.value}, number.oldest_seconds)
            for each, number in found.attempts.items()
        ],
    )
    yield _one("viop_rooms_silent", "Running rooms that cannot say who is in them.",
               found.silent_rooms)  # fmt: skip
    yield _one("viop_ladder_steps", "Steps of the ladder that left in the last hour.",
               len(found.ladder))  # fmt: skip
    yield _one("viop_ladder_lateness_max_seconds", "How late the latest of them left.",
               max(found.ladder, default=0.0))  # fmt: skip


def _of_process(meter: Meter, streams: int, lines: int) -> Iterable[str]:
    """What this process has counted."""
    yield family("viop_info", "gauge", "The version.", [({"version": __version__}, 1)])
    yield _one("viop_live_streams", "Live pages that listen.", streams)
    yield _one("viop_room_lines", "Browsers connected to rooms of this process.", lines)
    yield _one("viop_loop_lag_max_seconds", "How late the event loop was in the last minute.",
               max(meter.lags, default=0.0))  # fmt: skip
    yield family("viop_loop_stalls_total", "counter",
                 "How often it was a quarter of a second late.", [({}, meter.stalls)])  # fmt: skip
    yield family(
        "viop_refusals_total",
        "counter",
        "Requests refused, by error code; forged evidence is video.forged.",
        [({"code": code}, number) for code, number in sorted(meter.refusals.items())],
    )
    yield histogram(
        "viop_http_request_duration_seconds",
        "How long answers took, by route template.",
        BOUNDS,
        [
            (
                {"method": method, "route": route, "status": status},
                each.buckets,
                each.seconds,
            )
            for (method, route, status), each in sorted(meter.answers.items())
        ],
    )


def _one(name: str, about: str, value: float) -> str:
    return family(name, "gauge", about, [({}, value)])
