"""Messages that could not be delivered: to whom, what, why, and what can be done."""

from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from vioP.domain.access import Action
from vioP.domain.delivery import Channel, DeliveryKind
from vioP.domain.ids import StaffId
from vioP.domain.time import Instant
from vioP.flows.settle_undelivered import (
    SHOWN,
    Trouble,
    cannot_go,
    handle,
    send_again,
    show_trouble,
    show_undelivered,
)
from vioP.flows.show import who_works
from vioP.mail.errors import in_words as mail_in_words
from vioP.phone.errors import in_words as phone_in_words
from vioP.storage.outages import Outage
from vioP.storage.undelivered import Undelivered
from vioP.web.access import action, person_of
from vioP.web.keys import PORTS
from vioP.web.pages import clock, long_day, render

routes = web.RouteTableDef()

_CHANNELS = {
    Channel.MAIL: "Mail",
    Channel.SMS: "Text messages",
    Channel.CALL_LIST: "Calls",
    Channel.PHONE: "Automatic calls",
}
_KINDS = {
    DeliveryKind.INVITE: "Invite",
    DeliveryKind.CANCEL: "Cancellation",
    DeliveryKind.NUDGE: "“Join now” message",
    DeliveryKind.SIGN_IN_CODE: "Sign-in code",
    DeliveryKind.HOST_LATE: "“The host is late” message",
    DeliveryKind.ROOM_DOWN: "“The room does not work” message",
    DeliveryKind.CALL: "Automatic call",
    DeliveryKind.SECOND_CALL: "Second automatic call",
    DeliveryKind.DRILL: "Test call",
    DeliveryKind.SETUP_LINK: "Set-up link",
    DeliveryKind.RECORD_OPENED: "“A record was opened” message",
    DeliveryKind.ONE_TIME_LINK: "Link to choose a password",
    DeliveryKind.PHONE_CHECK: "Test of a phone",
    DeliveryKind.PHONE_CODE: "Code for a phone",
    DeliveryKind.DAY_BEFORE: "Reminder the day before",
    DeliveryKind.SAME_DAY: "Reminder on the day",
    DeliveryKind.DOOR_OPEN: "“The room is open” message",
    DeliveryKind.FEED_LINK: "Calendar address",
    DeliveryKind.OVERVIEW: "Overview of the week",
    DeliveryKind.CLOCKS: "News about a clock change",
}
_WHY = {
    "late": "Its time passed before it could be sent.",
    "no_address": "There is no mail address on file.",
    "fault": "vioP itself failed to write or send it. The log says where.",
}


@dataclass(frozen=True, slots=True)
class UndeliveredLine:
    """One message that did not arrive.

    Attributes:
        can_go: Whether it can be sent now.
        waits: Whether it is still tried.
    """

    key: str
    what: str
    about: str
    name: str
    address: str
    phone: str
    may_call: bool
    why: str
    since: str
    can_go: bool
    cannot: str
    waits: bool


@dataclass(frozen=True, slots=True)
class UndeliveredPage:
    """What did not arrive, and what is wrong with whole channels."""

    outages: tuple[str, ...]
    given_up: tuple[UndeliveredLine, ...]
    waiting: tuple[UndeliveredLine, ...]
    more: int
    zone: str


@routes.get("/undelivered", name="undelivered")
@action(Action.SEE_UNDELIVERED)
async def undelivered(request: web.Request) -> web.Response:
    """Messages that could not be delivered, and channels in trouble."""
    ports = request.app[PORTS]
    _, zone = await who_works(ports, StaffId(person_of(request).id))
    trouble = await show_trouble(ports)
    now = ports.clock.now()
    lines = [_line(each, zone, now) for each in await show_undelivered(ports)]
    page = UndeliveredPage(
        outages=outages_in_words(trouble, zone),
        given_up=tuple(each for each in lines if not each.waits),
        waiting=tuple(each for each in lines if each.waits),
        more=max(trouble.messages - SHOWN, 0),
        zone=zone,
    )
    return render(request, "undelivered", page)


@routes.post("/undelivered/{delivery}/again", name="undelivered.again")
@action(Action.SETTLE_UNDELIVERED)
async def again(request: web.Request) -> web.Response:
    """Send a message now, to the address on file."""
    key = request.match_info["delivery"]
    await send_again(request.app[PORTS], key, person_of(request).id)
    raise web.HTTPSeeOther("/undelivered")


@routes.post("/undelivered/{delivery}/done", name="undelivered.done")
@action(Action.SETTLE_UNDELIVERED)
async def done(request: web.Request) -> web.Response:
    """Note that the person was told in another way."""
    await handle(request.app[PORTS], request.match_info["delivery"], person_of(request).id)
    raise web.HTTPSeeOther("/undelivered")


def outages_in_words(trouble: Trouble, zone: str) -> tuple[str, ...]:
    """Each channel in trouble as a sentence."""
    return tuple(_outage(each, zone) for each in trouble.outages)


def _outage(outage: Outage, zone: str) -> str:
    return (
        f"{_CHANNELS[outage.channel]} has not left since {clock(outage.since, zone)}. "
        f"{_in_words(outage.reason)} Messages wait and leave by themselves; next try at "
        f"{clock(outage.next_try, zone)}."
    )


def _in_words(code: str) -> str:
    """Why something did not arrive: what the telephone company or the mail server said."""
    return phone_in_words(code) or mail_in_words(code)


def _line(message: Undelivered, zone: str, now: Instant) -> UndeliveredLine:
    cannot = cannot_go(message, now)
    starts = message.content.get("starts")
    about = ""
    if starts:
        moment = datetime.fromisoformat(starts)
        about = f"{long_day(moment, zone)}, {clock(moment, zone)}"
    return UndeliveredLine(
        key=message.key,
        what=_KINDS.get(message.kind, message.kind.value),
        about=about,
        name=message.name or "Somebody who is no participant",
        address=message.email,
        phone=message.phone,
        may_call=message.may_call,
        why=_WHY.get(message.reason) or _in_words(message.reason),
        since=f"{long_day(message.created_at, zone)}, {clock(message.created_at, zone)}",
        can_go=not cannot,
        cannot=cannot,
        waits=message.waits,
    )
