"""Whose device is checked: whoever has signed in, or whoever holds a link."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import wraps

from aiohttp import web

from vioP.domain.access import Action
from vioP.domain.errors import LinkNotOpen
from vioP.domain.ids import ParticipantId
from vioP.flows.record_join import DoorState, open_link
from vioP.web.access import action, person_of
from vioP.web.keys import PORTS

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
_PLACES = (
    ("/me/tech-check", "me.tech_check", Action.CHECK_TECH),
    ("/j/{token}/tech-check", "link.tech_check", Action.USE_LINK),
)


@dataclass(frozen=True, slots=True)
class Checking:
    """Who checks, and where their pages are."""

    participant_id: ParticipantId
    base: str
    back: str
    token: str


def for_both(
    routes: web.RouteTableDef, method: str, tail: str, name: str
) -> Callable[[Handler], Handler]:
    """Register a handler for people who have signed in and for holders of a link."""

    def register(handler: Handler) -> Handler:
        for place, place_name, does in _PLACES:

            @wraps(handler)
            async def here(
                request: web.Request, _handler: Handler = handler
            ) -> web.StreamResponse:
                return await _handler(request)

            full = f"{place_name}.{name}" if name else place_name
            routes.route(method, place + tail, name=full)(action(does)(here))
        return handler

    return register


async def checking(request: web.Request) -> Checking:
    """Who checks: whoever has signed in, or whose link it is.

    Raises:
        LinkUnknown: The link is forged or withdrawn.
        LinkNotOpen: Its appointment is over.
    """
    token = request.match_info.get("token", "")
    if not token:
        person = ParticipantId(person_of(request).id)
        return Checking(person, "/me/tech-check", "/me", "")
    doorstep = await open_link(request.app[PORTS], token)
    if doorstep.state is DoorState.OVER:
        raise LinkNotOpen
    base = f"/j/{token}/tech-check"
    return Checking(doorstep.seat.participant_id, base, f"/j/{token}", token)
