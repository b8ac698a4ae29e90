"""The demo's telephone: it rings in the browser, shows texts, and takes keys and words."""

from dataclasses import dataclass

from aiohttp import web

from vioP.domain.access import Action
from vioP.domain.call import CallState
from vioP.domain.errors import Invalid, Missing
from vioP.domain.phone_check import is_check
from vioP.flows.hear_call import hear_call, hear_key
from vioP.flows.take_text import take_text
from vioP.phone.folder import KeptCall, read_calls
from vioP.phone.outbox import read_texts
from vioP.web.access import action
from vioP.web.demo import at_home
from vioP.web.forms import field
from vioP.web.keys import CHOICES, PORTS
from vioP.web.pages import render

routes = web.RouteTableDef()

_SHOWN = 12
# What can be done with a ringing phone besides pressing a key.
_ENDINGS = {
    "silence": CallState.NO_ANSWER,
    "busy": CallState.BUSY,
    "hang_up": CallState.NO_KEY,
}
KEYS = (
    ("1", "Press 1: join by phone"),
    ("2", "Press 2: cannot come"),
    ("3", "Press 3: wrong number"),
    ("5", "Press 5: cannot talk now"),
    ("9", "Press 9: no more calls"),
    ("0", "Press 0: a person, please"),
)


# In a call that tests a phone the screen says which of the digits is right.
_CHECK_KEYS = (
    *((each, f"Press {each}") for each in "4678"),
    ("3", "Press 3: wrong number"),
    ("9", "Press 9: no more calls"),
)
_PAD = frozenset("0123456789")


@dataclass(frozen=True, slots=True)
class RingingPhone:
    """A phone that rings in the demo."""

    reference: str
    number: str
    prompt: str
    buttons: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Conversation:
    """A number and the last text it got."""

    number: str
    body: str


@dataclass(frozen=True, slots=True)
class PhonePage:
    """Every phone that rings, what was said when calls ended, and texts to answer."""

    ringing: tuple[RingingPhone, ...]
    ended: tuple[RingingPhone, ...]
    texts: tuple[Conversation, ...]
    answer: str


@routes.get("/demo/phone", name="demo.phone")
@action(Action.USE_DEMO)
async def phone(request: web.Request) -> web.Response:
    """Every phone that rings now, and the texts that came."""
    return render(request, "phone", await _page(request, ""))


@routes.post("/demo/phone/{call}", name="demo.phone.answer")
@action(Action.USE_DEMO)
async def answer(request: web.Request) -> web.Response:
    """Press a key, let it ring out, or hang up."""
    pressed = field(await request.post(), "key")
    call = _call(request)
    ports = request.app[PORTS]
    if pressed in _ENDINGS:
        await hear_call(ports, call.key, _ENDINGS[pressed])
    elif pressed in _PAD:
        await hear_call(ports, call.key, CallState.ANSWERED)
        await hear_key(ports, call.key, pressed)
    else:
        raise Invalid("Press one of the keys shown.")
    raise web.HTTPSeeOther("/demo/phone")


@routes.post("/demo/texts", name="demo.text")
@action(Action.USE_DEMO)
async def write_back(request: web.Request) -> web.Response:
    """Answer a text as whoever has the number would."""
    form = await request.post()
    ports = request.app[PORTS]
    key = ports.secrets.mint("txt", ports.clock.now())
    heard = await take_text(ports, key, field(form, "number"), field(form, "body"))
    said = heard.answer or "A coordinator will read this."
    return render(request, "phone", await _page(request, said))


async def _page(request: web.Request, said: str) -> PhonePage:
    ports = request.app[PORTS]
    data = request.app[CHOICES].data
    ringing, ended = [], []
    async with ports.store.read() as tx:
        for each in read_calls(data / "calls")[-_SHOWN:]:
            call = await tx.calls.find(each.key)
            if call is not None and not call.state.is_over and call.outcome is None:
                keys = _CHECK_KEYS if is_check(each.key) else KEYS
                ringing.append(RingingPhone(each.reference, each.to, each.prompt, keys))
            elif each.said:
                ended.append(RingingPhone(each.reference, each.to, each.said))
    texts = {each.to: at_home(request, each.body) for each in read_texts(data / "texts")}
    shown = [Conversation(number, body) for number, body in texts.items()]
    return PhonePage(tuple(ringing), tuple(ended), tuple(reversed(shown[-_SHOWN:])), said)


def _call(request: web.Request) -> KeptCall:
    calls = read_calls(request.app[CHOICES].data / "calls")
    wanted = request.match_info["call"]
    found = next((each for each in calls if each.reference == wanted), None)
    if found is None:
        raise Missing
    return found
