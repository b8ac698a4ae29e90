"""Our account at Zoom: how we are known there, and asking it for things.

Source: developers.zoom.us, Server-to-Server OAuth, and API rate limits. A token lasts an hour
and cannot be renewed; another one is asked for before it ends.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import aiohttp

from vioP.domain.errors import Unavailable
from vioP.domain.time import Instant, later
from vioP.video.asking import Answer, Asking

_RENEWED_BEFORE = timedelta(minutes=5)
_NOT_LET_IN = 401
_MISSING = 404


class NotAllowed(Unavailable):
    """Zoom does not let us do this. Check the account's plan and the scopes of the app."""

    code = "video.not_allowed"


@dataclass(frozen=True, slots=True)
class ZoomChoices:
    """How we are known to Zoom, and how its meetings are held.

    Attributes:
        fallback_host: Whose meeting it is when a session's own host has no account at Zoom.
        hook_secrets: What messages are signed with; several while one replaces another.
        topic: What the meeting is called. Zoom shows it to everybody in it.
        guest_domain: Registrants need mail addresses; ours are made up under this domain.
        dashboard: Whether the plan lets us ask who is in a running meeting.
    """

    account: str
    client: str
    secret: str = field(repr=False)
    hook_secrets: tuple[bytes, ...] = field(repr=False)
    topic: str
    guest_domain: str
    fallback_host: str = ""
    waiting_room: bool = True
    dashboard: bool = False
    api: str = "https://api.zoom.us/v2"
    tokens: str = "https://zoom.us/oauth/token"


class ZoomAccount:
    """Asks Zoom for things, with a token that is always fresh and asked for once."""

    def __init__(
        self, choices: ZoomChoices, http: aiohttp.ClientSession, now: Callable[[], Instant]
    ) -> None:
        self._choices = choices
        self._asking = Asking("Zoom", http)
        self._now = now
        self._token = ""
        self._good_until: Instant | None = None
        self._renewing = asyncio.Lock()

    async def ask(
        self, method: str, path: str, *, limit: str = "", **request: Any
    ) -> Mapping[str, Any] | None:
        """Ask Zoom for something.

        Returns:
            What it answered; nothing when what is asked about is not there.

        Raises:
            NotAllowed: It refused for a reason that waiting does not mend.
            Unavailable: It did not answer in time, or asks us to wait.
        """
        token = await self._fresh_token()
        answer = await self._with(token, method, path, limit, request)
        if answer.status == _NOT_LET_IN:
            self._forget(token)  # it was withdrawn before its time
            token = await self._fresh_token()
            answer = await self._with(token, method, path, limit, request)
        if answer.is_yes:
            return answer.body
        if answer.status == _MISSING:
            return None
        raise NotAllowed(
            f"Zoom refused {method} {path.split('/')[1]} with status {answer.status}, "
            f"its code {answer.body.get('code', 'missing')}. "
            "Check the account's plan and the scopes of the app."
        )

    async def _with(
        self, token: str, method: str, path: str, limit: str, request: Mapping[str, Any]
    ) -> Answer:
        headers = {"Authorization": f"Bearer {token}"}
        url = f"{self._choices.api}{path}"
        return await self._asking.ask(method, url, limit=limit, headers=headers, **request)

    def _forget(self, token: str) -> None:
        """Use a token no more; of many who find it useless, one has another asked for."""
        if token == self._token:
            self._good_until = None

    async def _fresh_token(self) -> str:
        """A token that holds for a while; of many who need one, one asks.

        Raises:
            NotAllowed: Zoom does not know us by these names.
        """
        async with self._renewing:
            if self._good_until is None or self._now() >= self._good_until:
                await self._renew()
            return self._token

    async def _renew(self) -> None:
        choices = self._choices
        answer = await self._asking.ask(
            "POST",
            choices.tokens,
            params={"grant_type": "account_credentials", "account_id": choices.account},
            headers={
                "Authorization": aiohttp.encode_basic_auth(choices.client, choices.secret)
            },
        )
        if not answer.is_yes or "access_token" not in answer.body:
            raise NotAllowed(
                "Zoom gives us no token. Check video.zoom: account_id, client_id and client_secret."
            )
        lasts = timedelta(seconds=int(answer.body.get("expires_in", 3600)))
        self._token = str(answer.body["access_token"])
        self._good_until = later(self._now(), lasts - _RENEWED_BEFORE)
