"""Zoom as it answers over HTTP: tokens, meetings, registrants, the dashboard, in memory.

Shapes and codes are those of Zoom's API reference; numbers come from a seed, so that two runs
see the same meetings.
"""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from multidict import CIMultiDict

from vioP.video.zoom.account import ZoomChoices

ACCOUNT, CLIENT, SECRET = "acc", "client", "a secret of Zoom's"
HOOK, NEW_HOOK = b"the hook's secret", b"the hook's next secret"
OWNER = "host@clinic.test"
OWNER_ID = "30R7kT7bTIKSNUFEuH_Qlg"


@dataclass
class ZoomServer:
    """One account. Whatever is asked too often, or fails, is said by the test."""

    seed: int = 0
    meetings: dict[str, dict[str, Any]] = field(default_factory=dict)
    registrants: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    people: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    running: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)
    tokens_made: int = 0
    has_dashboard: bool = True
    refuse: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    numbers: int = 0

    def app(self) -> web.Application:
        app = web.Application(middlewares=[self._door])
        router = app.router
        router.add_post("/oauth/token", self._token)
        router.add_post("/v2/users/{user}/meetings", self._make)
        router.add_get("/v2/meetings/{meeting}", self._get)
        router.add_delete("/v2/meetings/{meeting}", self._delete)
        router.add_put("/v2/meetings/{meeting}/status", self._status)
        router.add_post("/v2/meetings/{meeting}/registrants", self._register)
        router.add_put("/v2/meetings/{meeting}/registrants/status", self._decide)
        router.add_get("/v2/metrics/meetings/{meeting}/participants", self._people)
        return app

    def choices(self, port: int, **more: Any) -> ZoomChoices:
        """How vioP is known here."""
        given: dict[str, Any] = {
            "account": ACCOUNT,
            "client": CLIENT,
            "secret": SECRET,
            "hook_secrets": (NEW_HOOK, HOOK),
            "topic": "Example Health appointment",
            "guest_domain": "example.org",
            "fallback_host": OWNER,
            "dashboard": True,
            "api": f"http://127.0.0.1:{port}/v2",
            "tokens": f"http://127.0.0.1:{port}/oauth/token",
        }
        return ZoomChoices(**(given | more))

    def _number(self) -> int:
        self.numbers += 1
        digest = hashlib.sha256(f"{self.seed}:{self.numbers}".encode()).digest()
        return int.from_bytes(digest[:6])

    @web.middleware
    async def _door(self, request: web.Request, handler: Any) -> web.StreamResponse:
        self.asked.append(f"{request.method} {request.path}")
        if self.refuse:
            status, headers = self.refuse.pop(0)
            return web.json_response({"code": status}, status=status, headers=headers)
        if request.path != "/oauth/token":
            token = request.headers.get("Authorization", "").removeprefix("Bearer ")
            if token not in self.tokens:
                return _no(401, 124, "Invalid access token.")
        answer: web.StreamResponse = await handler(request)
        return answer

    async def _token(self, request: web.Request) -> web.Response:
        wanted = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if request.headers.get("Authorization") != f"Basic {wanted}":
            return web.json_response({"error": "invalid_client"}, status=400)
        assert dict(request.query) == {
            "grant_type": "account_credentials",
            "account_id": ACCOUNT,
        }
        self.tokens_made += 1
        token = f"token-{self.tokens_made}"
        self.tokens.add(token)
        return web.json_response(
            {"access_token": token, "token_type": "bearer", "expires_in": 3599}
        )

    async def _make(self, request: web.Request) -> web.Response:
        wish = await request.json()
        if request.match_info["user"] != OWNER:
            return _no(404, 1001, "User does not exist.")
        assert wish["type"] == 2
        assert wish["settings"]["approval_type"] == 0
        assert wish["settings"]["auto_recording"] == "none"
        assert not wish["settings"]["registrants_confirmation_email"]
        number = str(10**10 + self._number() % (9 * 10**10))
        self.meetings[number] = wish
        self.registrants[number] = {}
        body = {"id": int(number), "uuid": "x==", "host_id": OWNER_ID, **wish}
        return web.json_response(body, status=201)

    async def _get(self, request: web.Request) -> web.Response:
        number = request.match_info["meeting"]
        if number not in self.meetings:
            return _gone(number)
        start = f"https://zoom.test/s/{number}?zak={self._number()}"
        return web.json_response({"id": int(number), "start_url": start})

    async def _delete(self, request: web.Request) -> web.Response:
        number = request.match_info["meeting"]
        if number in self.running:
            return _no(400, 3002, "You cannot delete this meeting: it is in progress.")
        if self.meetings.pop(number, None) is None:
            return _gone(number)
        return web.Response(status=204)

    async def _status(self, request: web.Request) -> web.Response:
        number = request.match_info["meeting"]
        assert (await request.json()) == {"action": "end"}
        if number not in self.meetings:
            return _gone(number)
        if number not in self.running:
            return _no(400, 3003, "This meeting has not started.")
        self.running.discard(number)
        return web.Response(status=204)

    async def _register(self, request: web.Request) -> web.Response:
        number, wish = request.match_info["meeting"], await request.json()
        if number not in self.meetings:
            return _gone(number)
        assert wish["auto_approve"] is True
        assert "@" in wish["email"]
        known = self.registrants[number].get(wish["email"])
        if known is None:
            name = hashlib.sha256(wish["email"].encode()).hexdigest()[:22]
            known = wish | {"id": name, "status": "approved"}
            self.registrants[number][wish["email"]] = known
        body = {
            "id": int(number),
            "registrant_id": known["id"],
            "join_url": f"https://zoom.test/w/{number}?tk={known['id']}",
        }
        return web.json_response(body, status=201)

    async def _decide(self, request: web.Request) -> web.Response:
        number, wish = request.match_info["meeting"], await request.json()
        wanted = {each["id"] for each in wish["registrants"]}
        for each in self.registrants[number].values():
            if each["id"] in wanted:
                each["status"] = {"approve": "approved", "deny": "denied"}[wish["action"]]
        return web.Response(status=204)

    async def _people(self, request: web.Request) -> web.Response:
        number = request.match_info["meeting"]
        if not self.has_dashboard:
            return _no(400, 200, "Only available for accounts on Business or higher plan.")
        if number not in self.running:
            return _gone(number)
        there = self.people.get(number, [])
        start = int(request.query.get("next_page_token") or 0)
        more = str(start + 2) if start + 2 < len(there) else ""
        page = there[start : start + 2]  # small pages, so that a second one is asked for
        return web.json_response({"participants": page, "next_page_token": more})


def _no(status: int, code: int, message: str) -> web.Response:
    return web.json_response({"code": code, "message": message}, status=status)


def _gone(number: str) -> web.Response:
    return _no(404, 3001, f"Meeting {number} is not found or has expired.")


def signed(raw: bytes, at: float, secret: bytes = HOOK) -> CIMultiDict[str]:
    """The headers Zoom signs a message with."""
    stamp = str(int(at))
    digest = hmac.new(secret, f"v0:{stamp}:".encode() + raw, hashlib.sha256).hexdigest()
    return CIMultiDict({"x-zm-request-timestamp": stamp, "x-zm-signature": f"v0={digest}"})


def message(kind: str, meeting: str, at: str, **someone: Any) -> bytes:
    """A webhook as Zoom sends it, with the fields of ``@zoom/rivet``'s types."""
    time_field = {"participant_joined": "join_time", "participant_left": "leave_time"}
    who = {
        "id": "",
        "user_id": "16778240",
        "user_name": "Eli",
        "email": "",
        "participant_user_id": "",
        "participant_uuid": "10010282-DB44-816C-EAE6-61EE82AF0F62",
        "registrant_id": "",
        time_field.get(kind, "date_time"): at,
    } | someone
    body = {
        "event": f"meeting.{kind}",
        "event_ts": 1_773_154_800_123,
        "payload": {
            "account_id": "acc",
            "object": {
                "id": meeting,
                "uuid": "Jt4PAh1jSaiRSDnd90ssWA==",
                "host_id": OWNER_ID,
                "topic": "Example Health appointment",
                "type": 2,
                "duration": 240,
                "participant": who,
            },
        },
    }
    return json.dumps(body, separators=(",", ":")).encode()  # Zoom writes no spaces
