"""Staff who do nothing here are signed out: what their pages know of it, and how they stay."""

from dataclasses import dataclass
from datetime import timedelta

from aiohttp import web

from vioP.domain.access import Action, Person
from vioP.flows.sign_in import STAFF_IDLE
from vioP.web.access import PERSON, action

routes = web.RouteTableDef()

_SEEN = timedelta(minutes=1)  # the server notes no more often that it heard of somebody
_OK = 200


@dataclass(frozen=True, slots=True)
class Stay:
    """What a page must know to warn whoever it belongs to, and to keep what they type.

    Attributes:
        who: The account whose page it is, which opens nothing; empty for nobody's.
        idle_s: After so many seconds without a request it signs staff out; 0 for others.
        out_s: After so many the server has, and a page without scripts goes.
        page: The address staff come back to; empty for answers to forms and refusals.
    """

    who: str
    idle_s: int
    out_s: int
    page: str


def stay_of(request: web.Request, status: int) -> Stay:
    """What the page that answers a request must know."""
    person: Person | None = request.get(PERSON)
    is_staff = person is not None and not person.is_participant
    return Stay(
        person.account_id if person else "",
        int((STAFF_IDLE - _SEEN).total_seconds()) if is_staff else 0,
        int((STAFF_IDLE + _SEEN).total_seconds()),
        request.path_qs if is_staff and request.method == "GET" and status == _OK else "",
    )


@routes.post("/stay", name="stay")
@action(Action.CHANGE_ACCOUNT)
async def stay(_request: web.Request) -> web.Response:
    """Keep me signed in: that this was asked for is noted as every request is."""
    return web.Response(status=204)
