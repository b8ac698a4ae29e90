"""Building a week: begin, watch how far it is, and stop with the best so far."""

from dataclasses import dataclass
from datetime import date

from aiohttp import web

from vioP.domain.access import Action
from vioP.domain.time import Instant, Week
from vioP.flows.begin_build import begin_build
from vioP.flows.show import show_build
from vioP.flows.stop_build import stop_build
from vioP.storage.builds import Build, BuildState
from vioP.web.access import action, person_of
from vioP.web.forms import field, week_of_text
from vioP.web.found import Curve, curve
from vioP.web.keys import PORTS
from vioP.web.pages import render

routes = web.RouteTableDef()

# A builder speaks every second; one that has been silent for so long is worth a word.
_SILENT_SECONDS = 15


@dataclass(frozen=True, slots=True)
class BuildPage:
    """A week being built, and how far it is."""

    monday: date
    state: str
    is_stopping: bool
    curve: Curve | None


@routes.post("/week/build", name="week.build")
@action(Action.PLAN_WEEK)
async def build(request: web.Request) -> web.Response:
    """Build a draft: a small week at once, a large one to be watched. Nobody is told anything."""
    week = week_of_text(field(await request.post(), "monday"))
    if await begin_build(request.app[PORTS], week, person_of(request).id):
        raise web.HTTPSeeOther(_address(week))
    raise web.HTTPSeeOther(f"/week?day={week.monday}")


@routes.get("/weeks/{monday}/build", name="week.progress")
@action(Action.PLAN_WEEK)
async def progress(request: web.Request) -> web.Response:
    """How far a build is; once it has ended, the week itself."""
    ports = request.app[PORTS]
    week = week_of_text(request.match_info["monday"])
    found = await show_build(ports, week)
    if found is None or found.state is BuildState.FAILED:
        raise web.HTTPSeeOther(f"/week?day={week.monday}")
    return render(request, "build", _page(found, ports.clock.now()))


@routes.post("/weeks/{monday}/build/stop", name="week.stop")
@action(Action.PLAN_WEEK)
async def stop(request: web.Request) -> web.Response:
    """End the search; the best week so far becomes the draft."""
    week = week_of_text(request.match_info["monday"])
    await stop_build(request.app[PORTS], week, person_of(request).id)
    raise web.HTTPSeeOther(_address(week))


def _address(week: Week) -> str:
    return f"/weeks/{week.monday}/build"


def _page(found: Build, now: Instant) -> BuildPage:
    return BuildPage(
        found.week.monday, _state(found, now), found.is_to_stop, curve(found.trace)
    )


def _state(found: Build, now: Instant) -> str:
    silent = int((now - found.beat_at).total_seconds())
    if found.state is BuildState.WAITING:
        return "Waiting for a worker process to take it up."
    if silent > _SILENT_SECONDS:
        return (
            f"Its worker has not been heard of for {silent} s. "
            "Another one takes the week up within a minute."
        )
    if found.is_to_stop:
        return "Asked to stop. The best week so far is being judged and drawn up."
    if not found.trace:
        return "Everything is being placed for the first time."
    last = found.trace[-1]
    placed = (
        f"{last.unplaced} without a place" if last.unplaced else "Everything has a place"
    )
    return f"{placed}, score {last.score:,} after {last.seconds:.0f} s."
