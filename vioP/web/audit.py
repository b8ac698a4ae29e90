"""What compliance sees: who did what."""

from dataclasses import dataclass

from aiohttp import web

from vioP.domain.access import Action
from vioP.flows.verify_audit import AuditState, read_audit
from vioP.web.access import action
from vioP.web.keys import PORTS
from vioP.web.pages import render

routes = web.RouteTableDef()


@dataclass(frozen=True, slots=True)
class AuditPage:
    """The newest rows, and whether the chain holds."""

    state: AuditState


@routes.get("/audit", name="audit")
@action(Action.SEE_AUDIT)
async def audit(request: web.Request) -> web.Response:
    """The newest rows of the audit."""
    return render(request, "audit", AuditPage(await read_audit(request.app[PORTS])))
