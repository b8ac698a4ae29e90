"""The tech check, for whoever has signed in and for whoever holds a link.

The browser measures and reports; what that means is decided here. Everything it measures
with goes to this service and the servers sessions meet in, never in a loop within the page.
"""

from dataclasses import dataclass
from datetime import timedelta
from secrets import token_bytes

from aiohttp import web
from pydantic import TypeAdapter, ValidationError

from vioP.domain.device import device_of
from vioP.domain.errors import Invalid, Missing
from vioP.domain.tech_again import worse_than
from vioP.domain.tech_report import Report
from vioP.domain.techcheck import TechCheck
from vioP.domain.time import later
from vioP.flows.ask_tech_help import ask_tech_help
from vioP.flows.check_tech import Rehearsal, check_tech, digits_of
from vioP.flows.show import show_tech_check
from vioP.voice import Voice
from vioP.web.checking import Checking, checking, for_both
from vioP.web.echo import serve_echo
from vioP.web.guard import received
from vioP.web.keys import PORTS
from vioP.web.pages import long_day, render
from vioP.web.room import GATEWAY
from vioP.web.tech_words import TechLine, lines_of, verdict_word, words_of

routes = web.RouteTableDef()

VOICE = web.AppKey("VOICE", Voice)
_MOST_DOWN = 4 * 1024 * 1024
_MOST_UP = 4 * 1024 * 1024
_PIECE = 64 * 1024
_LONGEST_REPORT = 8000
_JUST_NOW = timedelta(minutes=10)
_REPORT = TypeAdapter(Report)


@dataclass(frozen=True, slots=True)
class TechCheckPage:
    """The check, and what came of the last one.

    Attributes:
        base: Where its script finds what it needs.
        verdict: The last verdict; empty when nothing was checked, or it says no more.
        stale: Why the last one says no more.
    """

    base: str
    back: str
    verdict: str
    state: str
    advice: str
    stale: str
    when: str
    lines: tuple[TechLine, ...]
    phone: str
    asked: bool
    is_result: bool


@dataclass(frozen=True, slots=True)
class PracticePage:
    """A practice call.

    Attributes:
        has_room: Whether there is a room server of ours to practise with.
    """

    base: str
    phone: str
    has_room: bool


@for_both(routes, "GET", "", "")
async def tech_check_page(request: web.Request) -> web.Response:
    """The device check, and what came of the last one."""
    who = await checking(request)
    check, zone = await show_tech_check(request.app[PORTS], who.participant_id)
    now = request.app[PORTS].clock.now()
    # People forward links: what was found before is for whoever has signed in.
    if check is not None and who.token and now > later(check.at, _JUST_NOW):
        check = None
    return render(request, "tech_check", _page(request, who, check, zone))


@for_both(routes, "POST", "", "keep")
async def keep_tech_check(request: web.Request) -> web.Response:
    """Judge what the browser reports, keep the verdict, and show it."""
    ports = request.app[PORTS]
    who = await checking(request)
    form = await request.post()
    report = _report(str(form.get("report", "")))
    gateway = request.app.get(GATEWAY)
    rehearsal = Rehearsal(
        nonce=str(form.get("nonce", ""))[:64],
        report=report,
        device=device_of(request.headers.get("User-Agent", ""), report.network),
        relays=frozenset(gateway.relay.by_transport if gateway else ()),
    )
    await check_tech(ports, who.participant_id, rehearsal)
    raise web.HTTPSeeOther(f"{who.base}?done")


@for_both(routes, "GET", "/start", "start")
async def start(request: web.Request) -> web.Response:
    """What the browser needs to begin: the time here, relays, digits to play."""
    ports = request.app[PORTS]
    await checking(request)
    nonce, now = ports.secrets.token()[:32], ports.clock.now()
    gateway, voice = request.app.get(GATEWAY), request.app.get(VOICE)
    relays = {}
    if gateway is not None:
        name = ports.secrets.mint("con", now)
        for server in gateway.relay.ice_servers(name, now):
            for transport, urls in gateway.relay.by_transport.items():
                relays[transport] = server | {"urls": list(urls)}
    answer = {
        "nonce": nonce,
        "now_ms": int(now.timestamp() * 1000),
        "room": gateway is not None,
        "relays": relays,
        # Without a voice of ours the browser says them itself, and so must know them.
        "digits": "" if voice else digits_of(ports, nonce),
    }
    return web.json_response(answer)


@for_both(routes, "GET", "/digits/{nonce}", "digits")
async def digits(request: web.Request) -> web.Response:
    """The digits of a nonce, spoken.

    Raises:
        Missing: This service has no voice.
    """
    await checking(request)
    voice = request.app.get(VOICE)
    if voice is None:
        raise Missing
    sound = await voice.say(digits_of(request.app[PORTS], request.match_info["nonce"]))
    return web.Response(body=sound, content_type="audio/wav")


@for_both(routes, "GET", "/down", "down")
async def down(request: web.Request) -> web.StreamResponse:
    """Random bytes, as many as asked for; how fast they come is measured in the browser."""
    await checking(request)
    wanted = request.query.get("bytes", "")
    left = min(int(wanted), _MOST_DOWN) if wanted.isdecimal() else _PIECE
    piece = token_bytes(_PIECE)
    answer = web.StreamResponse(headers={"Content-Type": "application/octet-stream"})
    answer.content_length = left
    await answer.prepare(request)
    while left > 0 and request.method != "HEAD":
        await answer.write(piece[:left])
        left -= _PIECE
    await answer.write_eof()
    return answer


@for_both(routes, "POST", "/up", "up")
async def up(request: web.Request) -> web.Response:
    """Take bytes and forget them; how fast they go is measured in the browser.

    Raises:
        Invalid: There are too many.
        HTTPRequestTimeout: They do not come in time.
    """
    await checking(request)
    return web.json_response({"bytes": await received(request, _counted(request))})


async def _counted(request: web.Request) -> int:
    taken = 0
    async for piece in request.content.iter_chunked(_PIECE):
        taken += len(piece)
        if taken > _MOST_UP:
            raise Invalid(f"A measurement sends at most {_MOST_UP} bytes.")
    return taken


@for_both(routes, "GET", "/echo", "echo")
async def echo(request: web.Request) -> web.StreamResponse:
    """The socket that answers pings, and calls the room server and back."""
    await checking(request)
    return await serve_echo(request, request.app.get(GATEWAY))


@for_both(routes, "POST", "/again", "again")
async def again(request: web.Request) -> web.Response:
    """What is worse than at the last check, while somebody waits; nothing is kept of it."""
    ports = request.app[PORTS]
    who = await checking(request)
    report = _report(await request.read())
    last, _ = await show_tech_check(ports, who.participant_id)
    device = device_of(request.headers.get("User-Agent", ""))
    worse = worse_than(last, report, ports.house.tech)
    said = [words_of(each.reason, device) for each in worse]
    return web.json_response({"worse": said})


@for_both(routes, "GET", "/practice", "practice")
async def practice(request: web.Request) -> web.Response:
    """A call with an echo, through the room server appointments meet in."""
    who = await checking(request)
    phone = request.app[PORTS].house.sender.phone
    page = PracticePage(who.base, phone, GATEWAY in request.app)
    return render(request, "practice", page)


@for_both(routes, "POST", "/help", "help")
async def help_me(request: web.Request) -> web.Response:
    """Somebody wants help with their device: put them on the call list."""
    who = await checking(request)
    await ask_tech_help(request.app[PORTS], who.participant_id)
    raise web.HTTPSeeOther(f"{who.base}?asked")


def _report(text: str | bytes) -> Report:
    """The report of a browser.

    Raises:
        Invalid: It is none, or says what no device measures.
    """
    if not text:
        raise Invalid("The check has not run. Press Start the check first.")
    if len(text) > _LONGEST_REPORT:
        raise Invalid(f"A report has at most {_LONGEST_REPORT} characters.")
    try:
        return _REPORT.validate_json(text)
    except ValidationError as error:
        wrong = sorted(
            {".".join(map(str, each["loc"])) or "report" for each in error.errors()}
        )
        raise Invalid(f"The report is wrong in: {', '.join(wrong)[:200]}.") from error


def _page(
    request: web.Request, who: Checking, check: TechCheck | None, zone: str
) -> TechCheckPage:
    ports = request.app[PORTS]
    now = ports.clock.now()
    state, word, advice = verdict_word(check)
    device = device_of(request.headers.get("User-Agent", ""))
    stale = ""
    if check is not None and not check.is_fresh(now):
        stale = "trouble" if check.had_trouble else "old"
    elif check is not None and not check.device.is_like(device):
        stale = "device"
    return TechCheckPage(
        base=who.base,
        back=who.back,
        verdict=word,
        state=state,
        advice=advice,
        stale=stale,
        when=long_day(check.at, zone) if check else "",
        lines=lines_of(check, device) if check else (),
        phone=ports.house.sender.phone,
        asked="asked" in request.query,
        is_result="done" in request.query,
    )
