"""Twilio as it behaves over HTTP: calls that ring, are picked up and pressed on, texts, callbacks.

It keeps what it is told, rings and hangs up by a clock of its own that runs quicker, and
tells of it in signed requests, some of them twice, from a seed. What it answers is checked
against Twilio's own description of its API in ``tests/adapters/test_twilio_openapi.py``.
"""

import asyncio
import base64
import hmac
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl, urlencode
from xml.etree import ElementTree as ET

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer
from yarl import URL

from vioP.dice import seeded
from vioP.phone.twilio.line import TwilioLine

ACCOUNT = "AC" + "0123456789abcdef" * 2
TOKEN = "a token of this test"  # noqa: S105 - opens nothing
SHARED = {"webhooks_sharedkey_1": "a shared secret of this test"}
OURS = "+13035550100"
PUBLIC = "https://viop.example"
VERSION = "2010-04-01"
TICK = 0.004  # seconds that pass here for one of Twilio's


@dataclass
class Somebody:
    """Whoever has a number: how they take calls and texts.

    Attributes:
        keys: What they press when asked, once each; nothing when they only listen.
        ends: How a call ends that they do not pick up.
        rings: Twilio's seconds until they pick up, or the call ends so.
        loses: The code of why texts do not reach them.
        hand: They pick up when it is set, and not by the clock.
    """

    picks_up: bool = False
    keys: str = ""
    machine: bool = False
    ends: str = "no-answer"
    sip: str = ""
    rings: float = 3
    loses: str = ""
    stays: float = 10
    hand: asyncio.Event | None = None


@dataclass
class TwilioServer:
    """Twilio in memory.

    Attributes:
        people: Whoever has a number; others let it ring.
        refuses: The error code for numbers it will not reach.
        hangs: It takes the next orders, and never answers whoever gave them.
        status: It answers everything so, with ``code``.
        shared_key: Sign with this key instead of the account's token.
        repeats: How likely something is told twice.
    """

    people: dict[str, Somebody] = field(default_factory=dict)
    refuses: dict[str, int] = field(default_factory=dict)
    hangs: int = 0
    status: int = 0
    code: int = 0
    shared_key: str = ""
    repeats: float = 0.2
    seed: int = 1
    base: str = ""
    calls: dict[str, dict[str, Any]] = field(default_factory=dict)
    texts: dict[str, dict[str, Any]] = field(default_factory=dict)
    orders: list[tuple[str, list[tuple[str, str]]]] = field(default_factory=list)
    said: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    rooms: dict[str, list[tuple[str, bool]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    forwarded: list[str] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    now: Callable[[], datetime] = lambda: datetime.now(UTC)  # noqa: TID251 - its own clock
    made: int = 0

    def __post_init__(self) -> None:
        self.dice = seeded(self.seed)
        self.tasks: set[asyncio.Task[None]] = set()
        self.reached = ""
        self.told: dict[str, list[tuple[str, str]]] = {}

    @asynccontextmanager
    async def running(self, reached: str = "") -> AsyncIterator["TwilioServer"]:
        """Serve, and reach callbacks at an address behind the public one."""
        self.reached = reached
        app = web.Application()
        root = f"/{VERSION}/Accounts/{{account}}"
        app.router.add_route("*", root + "/{kind}.json", self._kind)
        app.router.add_post(root + "/{kind}/{sid}.json", self._change)
        async with TestServer(app) as server, aiohttp.ClientSession() as self.http:
            self.base = str(server.make_url("")).rstrip("/")
            try:
                yield self
            finally:
                for task in self.tasks:
                    task.cancel()
                await asyncio.gather(*self.tasks, return_exceptions=True)

    def line(self, **parts: Any) -> TwilioLine:
        """Our line at this Twilio."""
        given: dict[str, Any] = {
            "account": ACCOUNT, "token": TOKEN, "number": OURS, "public_url": PUBLIC,
            "shared_keys": SHARED, "api": self.base,
        }  # fmt: skip
        return TwilioLine(**(given | parts))

    async def settled(self) -> None:
        """Wait until nothing rings and everything was told."""
        while self.tasks:
            await asyncio.gather(*self.tasks)

    async def until(self, sid: str, status: str) -> None:
        """Wait until a call has got so far."""
        while self.calls[sid]["status"] != status:  # noqa: ASYNC110 - the other side's clock
            await asyncio.sleep(TICK)

    async def hang_up(self, sid: str) -> None:
        """Whoever was called hangs up."""
        await self._ends(self.calls[sid], "completed")

    def to(self, number: str) -> list[dict[str, Any]]:
        """Every call to a number."""
        return [each for each in self.calls.values() if each["to"] == number]

    async def writes(self, number: str, body: str, **more: str) -> str:
        """Somebody writes to us; what we answer comes back."""
        sid = self._sid("SM")
        given = {"MessageSid": sid, "From": number, "To": OURS, "Body": body} | more
        _, answer = await self.tell(f"{PUBLIC}/hooks/phone/twilio/text", given)
        return "".join(each.text or "" for each in answer.iter("Message"))

    async def tell(self, url: str, given: dict[str, str]) -> tuple[int, ET.Element]:
        """Tell us something, signed."""
        fields = {"AccountSid": ACCOUNT, "ApiVersion": VERSION} | given
        raw = urlencode(fields).encode()
        status, text = await self.post(url, raw, self.signature(url, fields))
        return status, ET.fromstring(text) if status == 200 else ET.Element("Response")  # noqa: S314

    def signature(self, url: str, fields: dict[str, str]) -> dict[str, str]:
        """The headers of a signed callback."""
        text = url + "".join(f"{name}{fields[name]}" for name in sorted(fields))
        headers = {}
        secret, algorithm = TOKEN, "sha1"
        if self.shared_key:
            secret, algorithm = SHARED[self.shared_key], "sha256"
            settings = f"key={self.shared_key},algorithm=HMAC_SHA256"
            headers["X-Twilio-Webhooks-Signature-Settings"] = settings
        signed = hmac.digest(secret.encode(), text.encode(), algorithm)
        return headers | {"X-Twilio-Signature": base64.b64encode(signed).decode()}

    async def post(self, url: str, raw: bytes, headers: dict[str, str]) -> tuple[int, str]:
        """Hand a callback over through the proxy in front of us."""
        reached = URL(url.replace(PUBLIC, self.reached, 1), encoded=True)
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        async with self.http.post(reached, data=raw, headers=kind | headers) as answer:
            self.answers.append(answer.status)
            return answer.status, await answer.text()

    async def _kind(self, request: web.Request) -> web.StreamResponse:
        refused = self._refused(request)
        if refused is not None:
            return refused
        kind = request.match_info["kind"]
        if request.method == "GET":
            return self._listed(kind, request.query)
        fields = parse_qsl(await request.text(), keep_blank_values=True)
        self.orders.append((kind, fields))
        given = dict(fields)
        if given["To"] in self.refuses:
            return _error(400, self.refuses[given["To"]])
        item = self._ring(fields) if kind == "Calls" else self._send(given)
        if self.hangs:
            self.hangs -= 1
            assert request.transport is not None
            request.transport.close()
        return web.json_response(_shown(item), status=201)

    def _listed(self, kind: str, query: Any) -> web.Response:
        found = self.calls if kind == "Calls" else self.texts
        shown = [
            _shown(each)
            for each in reversed(found.values())
            if all(query.get(name, each[name.lower()]) == each[name.lower()]
                   for name in ("To", "From"))
        ]  # fmt: skip
        return web.json_response(
            {kind.lower(): shown[: int(query.get("PageSize", 50))], "page": 0,
             "page_size": 50, "start": 0, "end": len(shown),
             "uri": f"/{VERSION}/Accounts/{ACCOUNT}/{kind}.json"}
        )  # fmt: skip

    async def _change(self, request: web.Request) -> web.Response:
        refused = self._refused(request)
        if refused is not None:
            return refused
        call = self.calls.get(request.match_info["sid"])
        if call is None:
            return _error(404, 20404)
        [(name, value)] = parse_qsl(await request.text())
        self.orders.append((f"Calls/{call['sid']}", [(name, value)]))
        if name == "Twiml":
            if call["status"] != "in-progress":
                return _error(400, 21220)
            self.said[call["sid"]].append("|")
            self._start(self._follow(call, ET.fromstring(value)))  # noqa: S314
        elif call["status"] in {"queued", "ringing"}:
            self._start(self._ends(call, "canceled"))
        elif call["status"] == "in-progress" and value == "completed":
            self._start(self._ends(call, "completed"))
        return web.json_response(_shown(call))

    def _refused(self, request: web.Request) -> web.Response | None:
        if request.headers.get("Authorization") != aiohttp.encode_basic_auth(
            ACCOUNT, TOKEN
        ):
            return _error(401, 20003)
        return _error(self.status, self.code) if self.status else None

    def _ring(self, fields: Sequence[tuple[str, str]]) -> dict[str, Any]:
        given = dict(fields)
        call = _item(self._sid("CA"), given, self.now()) | {
            "status": "queued", "start_time": None, "end_time": None, "duration": None,
            "direction": "outbound-api", "answered_by": None, "forwarded_from": None,
            "group_sid": None, "caller_name": None, "queue_time": "0", "trunk_sid": None,
            "parent_call_sid": None, "phone_number_sid": None, "price": None,
            "price_unit": "USD", "subresource_uris": {},
            "to_formatted": given["To"], "from_formatted": given["From"],
        }  # fmt: skip
        self.calls[call["sid"]] = call
        self.told[call["sid"]] = list(fields)
        self._start(self._call(call, given))
        return call

    def _send(self, given: dict[str, str]) -> dict[str, Any]:
        text = _item(self._sid("SM"), given, self.now()) | {
            "body": given["Body"], "status": "queued", "direction": "outbound-api",
            "num_segments": "1", "num_media": "0", "error_code": None, "error_message": None,
            "date_sent": None, "messaging_service_sid": given.get("MessagingServiceSid"),
            "price": None, "price_unit": "USD", "subresource_uris": {},
        }  # fmt: skip
        self.texts[text["sid"]] = text
        self._start(self._deliver(text, given["StatusCallback"]))
        return text

    async def _deliver(self, text: dict[str, Any], url: str) -> None:
        somebody = self.people.get(text["to"], Somebody())
        for status in ("sent", "undelivered" if somebody.loses else "delivered"):
            await asyncio.sleep(TICK)
            text["status"] = status
            told = {"MessageSid": text["sid"], "MessageStatus": status, "To": text["to"]}
            if status == "undelivered":
                told["ErrorCode"] = somebody.loses
            await self._tell_perhaps_twice(url, told)

    async def _call(self, call: dict[str, Any], given: dict[str, str]) -> None:
        somebody = self.people.get(call["to"], Somebody(rings=int(given["Timeout"]) + 5))
        await self._went(call, "queued", as_told="initiated")
        await asyncio.sleep(TICK)
        if call["status"] != "queued":
            return
        await self._went(call, "ringing")
        if somebody.hand is not None:
            await somebody.hand.wait()
        else:
            await asyncio.sleep(TICK * somebody.rings)
        if call["status"] != "ringing":
            return
        if not somebody.picks_up:
            await self._ends(call, somebody.ends, sip=somebody.sip)
            return
        await self._went(call, "in-progress")
        about = {}
        if "MachineDetection" in given:
            about["AnsweredBy"] = "machine_start" if somebody.machine else "human"
        await self._ask(call, given["Url"], about)

    async def _ask(self, call: dict[str, Any], url: str, about: dict[str, str]) -> None:
        status, document = await self.tell(url, self._about(call) | about)
        if status != 200:
            await self._ends(call, "completed")
            return
        await self._follow(call, document)

    async def _follow(self, call: dict[str, Any], document: ET.Element) -> None:
        """Do what a document says, as a person on the other side would hear and press it."""
        somebody = self.people.get(call["to"], Somebody())
        for verb in document:
            self.said[call["sid"]] += [each.text or "" for each in verb.iter("Say")]
            match verb.tag:
                case "Gather":
                    key, somebody.keys = somebody.keys[:1], somebody.keys[1:]
                    await asyncio.sleep(TICK)
                    if call["status"] == "in-progress":
                        await self._ask(call, verb.attrib["action"], {"Digits": key})
                    return
                case "Dial":
                    for room in verb.iter("Conference"):
                        is_host = room.attrib["startConferenceOnEnter"] == "true"
                        self.rooms[room.text or ""].append((call["to"], is_host))
                    await asyncio.sleep(TICK * somebody.stays)
                case _:
                    pass
        if call["status"] == "in-progress":
            await self._ends(call, "completed")

    async def _went(self, call: dict[str, Any], status: str, as_told: str = "") -> None:
        call["status"] = status
        about = {"CallStatus": as_told or status}
        await self._tell_perhaps_twice(self._status_url(call), self._about(call) | about)

    async def _ends(self, call: dict[str, Any], status: str, sip: str = "") -> None:
        call["status"] = status
        about = self._about(call) | ({"SipResponseCode": sip} if sip else {})
        await self._tell_perhaps_twice(self._status_url(call), about)

    async def _tell_perhaps_twice(self, url: str, given: dict[str, str]) -> None:
        if not self.reached:
            return
        for _ in range(2 if self.dice.random() < self.repeats else 1):
            await self.tell(url, given)

    def _status_url(self, call: dict[str, Any]) -> str:
        return dict(self.told[call["sid"]])["StatusCallback"]

    def _about(self, call: dict[str, Any]) -> dict[str, str]:
        return {
            "CallSid": call["sid"], "From": call["from"], "To": call["to"],
            "CallStatus": call["status"], "Direction": "outbound-api",
        }  # fmt: skip

    def _start(self, going: Any) -> None:
        task = asyncio.create_task(going)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    def _sid(self, kind: str) -> str:
        self.made += 1
        return f"{kind}{sha256(f'{self.seed}:{self.made}'.encode()).hexdigest()[:32]}"


def _item(sid: str, given: dict[str, str], at: datetime) -> dict[str, Any]:
    now = format_datetime(at)
    kind = "Calls" if sid.startswith("CA") else "Messages"
    return {
        "sid": sid, "account_sid": ACCOUNT, "api_version": VERSION, "to": given["To"],
        "from": given.get("From", OURS), "date_created": now, "date_updated": now,
        "uri": f"/{VERSION}/Accounts/{ACCOUNT}/{kind}/{sid}.json",
    }  # fmt: skip


def _shown(item: dict[str, Any]) -> dict[str, Any]:
    return dict(item)


def _error(status: int, code: int) -> web.Response:
    url = f"https://www.twilio.com/docs/errors/{code}"
    body = {"code": code, "message": "refused", "more_info": url, "status": status}
    return web.json_response(body, status=status)
