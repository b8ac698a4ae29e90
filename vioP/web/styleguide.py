"""The style guide: every part that pages are made of, in demo mode."""

from dataclasses import dataclass

from aiohttp import web

from vioP.domain.access import Action
from vioP.web.access import action
from vioP.web.charts import Amount, Chart, chart
from vioP.web.pages import render
from vioP.web.paging import Pager

routes = web.RouteTableDef()

STATES = (
    ("present", "Joined"),
    ("waiting", "Not here yet"),
    ("left", "Left"),
    ("missing", "No answer"),
    ("ahead", "Expected"),
    ("excused", "Excused"),
    ("away", "Did not join"),
)
COLOURS = ("ink", "soft", "card", "line", "deep", "good", "warn", "bad", "tag", "focus")


@dataclass(frozen=True, slots=True)
class StylePage:
    """What the guide shows."""

    states: tuple[tuple[str, str], ...]
    story: tuple[tuple[str, str], ...]
    colours: tuple[str, ...]
    chart: Chart
    pager: Pager


@routes.get("/styleguide", name="styleguide")
@action(Action.USE_DEMO)
async def styleguide(request: web.Request) -> web.Response:
    """Every part that pages are made of."""
    drawn = chart(
        "Who came, week by week",
        (("good", "Took part"), ("mild", "Excused"), ("bad", "Missed")),
        [
            Amount("1 March", (("good", 96), ("mild", 8), ("bad", 12)), "89 %"),
            Amount("8 March", (("good", 104), ("mild", 11), ("bad", 5)), "95 %"),
        ],
        each_full=True,
    )
    story = (
        ("10:03", "Message sent"),
        ("10:06", "Phone rings"),
        ("10:07", "Joined by phone"),
    )
    pager = Pager(51, 100, 137, "/styleguide", "/styleguide")
    page = StylePage(STATES, story, COLOURS, drawn, pager)
    return render(request, "styleguide", page)
