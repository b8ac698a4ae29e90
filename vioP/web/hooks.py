"""Calls from other programs: a mail service hands over what arrived for our mailbox."""

from aiohttp import web

from vioP.domain.access import Action
from vioP.domain.errors import Forbidden, Missing
from vioP.domain.reply import LARGEST_MAIL
from vioP.flows.receive_mail import MailDesk
from vioP.mail.signed import is_signed
from vioP.web.access import action
from vioP.web.guard import received
from vioP.web.keys import CHOICES, PORTS

routes = web.RouteTableDef()


class NotSigned(Forbidden):
    """This call is not signed as it should be, or is too old."""

    code = "hook.not_signed"


@routes.post("/hooks/mail", name="hooks.mail")
@action(Action.USE_HOOK)
async def take_mail(request: web.Request) -> web.Response:
    """Take one mail: the body is the message, byte for byte, and signed."""
    keys = request.app[CHOICES].hook_keys
    if not keys:
        raise Missing
    body = await received(request, _body(request))
    ports = request.app[PORTS]
    headers = request.headers
    signature = (
        headers.get("webhook-id", ""),
        headers.get("webhook-timestamp", ""),
        headers.get("webhook-signature", ""),
    )
    if not is_signed(keys, signature, body, ports.clock.now()):
        raise NotSigned
    await MailDesk(ports).take(body)
    return web.json_response({"taken": True})


async def _body(request: web.Request) -> bytes:
    """The body, which may be larger than that of a form, and no larger than a mail."""
    pieces, size = list[bytes](), request.content_length or 0
    if size <= LARGEST_MAIL:
        size = 0
        async for piece in request.content.iter_any():
            size += len(piece)
            if size > LARGEST_MAIL:
                break
            pieces.append(piece)
    if size > LARGEST_MAIL:
        raise web.HTTPRequestEntityTooLarge(LARGEST_MAIL, size)
    return b"".join(pieces)
