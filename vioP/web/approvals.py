"""Approvals and consents that want work in the weeks ahead."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from aiohttp import web

from vioP.domain.access import Action
from vioP.domain.onboarding import TITLES
from vioP.flows.forecast_approvals import ForeseenApproval, forecast_approvals
from vioP.i18n import long_day
from vioP.web.access import action
from vioP.web.charts import Amount, Chart, chart
from vioP.web.keys import PORTS
from vioP.web.pages import render
from vioP.web.paging import Pager, paged

routes = web.RouteTableDef()

_CONSENTS = 50
_USED = (("mild", "Used"), ("bad", "May be used"), ("good", "Left"))


@dataclass(frozen=True, slots=True)
class ApprovalLine:
    """One approval in words."""

    name: str
    payer: str
    left: int
    units: int
    ends: str
    review: str


@dataclass(frozen=True, slots=True)
class ConsentLine:
    """Somebody who has not agreed yet."""

    name: str
    asked: date
    pieces: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EndingLine:
    """A consent that runs out, and the last day it holds."""

    name: str
    what: str
    day: date


@dataclass(frozen=True, slots=True)
class ApprovalsPage:
    """What wants work until a day.

    Attributes:
        drawn: The units of everybody in the list; nothing where it is empty.
        more_consents: How many more have not agreed than are shown.
        more_ending: How many more consents run out than are shown.
    """

    until: date
    reviews_until: date
    lines: tuple[ApprovalLine, ...]
    drawn: Chart | None
    pager: Pager
    lasting: int
    uncounted: int
    consents: tuple[ConsentLine, ...]
    more_consents: int
    ending: tuple[EndingLine, ...]
    more_ending: int
    never_asked: int


@routes.get("/forecast/approvals", name="forecast.approvals")
@action(Action.PLAN_WEEK)
async def approvals_page(request: web.Request) -> web.Response:
    """Whose approval runs out or wants a review before long, and whose consent is missing."""
    found = await forecast_approvals(request.app[PORTS])
    shown, pager = paged(request, found.approvals)
    page = ApprovalsPage(
        until=found.until,
        reviews_until=found.reviews_until,
        lines=tuple(map(_line, shown)),
        drawn=_drawn(shown) if shown else None,
        pager=pager,
        lasting=found.lasting,
        uncounted=found.uncounted,
        consents=tuple(
            ConsentLine(
                each.person.name, each.asked, tuple(TITLES[piece] for piece in each.pieces)
            )
            for each in found.consents[:_CONSENTS]
        ),
        more_consents=max(len(found.consents) - _CONSENTS, 0),
        ending=tuple(
            EndingLine(each.person.name, TITLES[each.piece], each.until - timedelta(days=1))
            for each in found.ending[:_CONSENTS]
        ),
        more_ending=max(len(found.ending) - _CONSENTS, 0),
        never_asked=found.never_asked,
    )
    return render(request, "approvals", page)


def _line(each: ForeseenApproval) -> ApprovalLine:
    return ApprovalLine(
        name=each.person.name,
        payer=each.payer.id,
        left=each.standing.left,
        units=each.standing.authorization.units,
        ends=long_day(each.ends) if each.ends else "",
        review=long_day(each.review) if each.review else "",
    )


def _drawn(approvals: Sequence[ForeseenApproval]) -> Chart:
    return chart(
        "Units of these approvals",
        _USED,
        [
            Amount(
                each.person.name,
                (
                    ("mild", each.standing.used),
                    ("bad", each.standing.unknown),
                    ("good", each.standing.left),
                ),
                f"{each.standing.left} of {each.standing.authorization.units}",
            )
            for each in approvals
        ],
        each_full=False,
        sums="Left, of all",
    )
