"""The set-up: one thing a page, from a mailed link, or for somebody who has signed in.

It works without scripts; whatever is wrong with a form is said beside what was typed, and a
GET changes nothing: mail scanners open links.
"""

from dataclasses import dataclass

from aiohttp import web

from vioP.domain.access import Action
from vioP.domain.errors import Missing, SetupLinkOver
from vioP.domain.onboarding import Who
from vioP.flows.send_setup_link import renew_setup_link
from vioP.flows.sign_in import begin_session
from vioP.web.access import action
from vioP.web.keys import PORTS
from vioP.web.pages import render
from vioP.web.set_up_visit import (
    keep_piece,
    show_consent,
    show_piece,
    show_way,
    take_back_consent,
    visit_of,
)
from vioP.web.sign_in import enter

routes = web.RouteTableDef()


@dataclass(frozen=True, slots=True)
class OverPage:
    """A link that has ended, and where a new one is asked for."""

    token: str
    sent: bool
    phone: str


@routes.get("/set-up/{token}", name="set_up.way")
@action(Action.USE_LINK)
async def way(request: web.Request) -> web.Response:
    """The way through the set-up, or how to have a new link sent."""
    try:
        visit = await visit_of(request)
    except SetupLinkOver:
        return _over(request, sent=False)
    leads_on = visit.visitor.sees_file and visit.visitor.who is Who.PARTICIPANT
    return show_way(visit, f"{visit.base}/enter" if leads_on else "")


@routes.post("/set-up/{token}/new", name="set_up.renew")
@action(Action.USE_LINK)
async def renew(request: web.Request) -> web.Response:
    """Have a new link sent, to the address on file and nowhere else."""
    await renew_setup_link(request.app[PORTS], request.match_info["token"])
    return _over(request, sent=True)


@routes.post("/set-up/{token}/enter", name="set_up.enter")
@action(Action.USE_LINK)
async def go_in(request: web.Request) -> web.Response:
    """Sign in whoever holds their own mailed link, as a mailed code would."""
    visit = await visit_of(request)
    if not visit.visitor.sees_file or visit.visitor.who is not Who.PARTICIPANT:
        raise Missing
    ports = request.app[PORTS]
    async with ports.store.read() as tx:
        account = await tx.accounts.of_person(visit.visitor.person)
    if account is None or account.is_disabled:
        raise Missing
    return enter(request, await begin_session(ports, account))


@routes.get("/set-up/{token}/consents/{kind}", name="set_up.consent")
@action(Action.USE_LINK)
async def consent_by_link(request: web.Request) -> web.Response:
    """What a visitor agreed to, to keep."""
    return await show_consent(await visit_of(request))


@routes.post("/set-up/{token}/consents/{kind}", name="set_up.consent.withdraw")
@action(Action.USE_LINK)
async def take_back_by_link(request: web.Request) -> web.Response:
    """Take a consent back, from now on."""
    return await take_back_consent(await visit_of(request))


@routes.get("/set-up/{token}/{piece}", name="set_up.piece")
@action(Action.USE_LINK)
async def piece_by_link(request: web.Request) -> web.Response:
    """One piece, behind a mailed link."""
    return await show_piece(await visit_of(request))


@routes.post("/set-up/{token}/{piece}", name="set_up.keep")
@action(Action.USE_LINK)
async def keep_by_link(request: web.Request) -> web.Response:
    """Keep one piece, and go on."""
    return await keep_piece(await visit_of(request))


@routes.get("/me/details", name="me.details")
@action(Action.CHANGE_OWN)
async def own_details(request: web.Request) -> web.Response:
    """Everything somebody said about themselves and agreed to."""
    return show_way(await visit_of(request), "")


@routes.get("/me/details/consents/{kind}", name="me.consent")
@action(Action.CHANGE_OWN)
async def own_consent(request: web.Request) -> web.Response:
    """What somebody agreed to, to keep."""
    return await show_consent(await visit_of(request))


@routes.post("/me/details/consents/{kind}", name="me.consent.withdraw")
@action(Action.CHANGE_OWN)
async def take_back(request: web.Request) -> web.Response:
    """Take a consent back, from now on."""
    return await take_back_consent(await visit_of(request))


@routes.get("/me/details/{piece}", name="me.piece")
@action(Action.CHANGE_OWN)
async def own_piece(request: web.Request) -> web.Response:
    """One piece, for somebody who has signed in."""
    return await show_piece(await visit_of(request))


@routes.post("/me/details/{piece}", name="me.piece.keep")
@action(Action.CHANGE_OWN)
async def keep_own_piece(request: web.Request) -> web.Response:
    """Keep one piece, and go on."""
    return await keep_piece(await visit_of(request))


def _over(request: web.Request, *, sent: bool) -> web.Response:
    phone = request.app[PORTS].house.sender.phone
    page = OverPage(request.match_info["token"], sent, phone)
    return render(request, "set_up/over", page, status=200 if sent else 410)
