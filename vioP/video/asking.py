"""Asking a video service over HTTP: in time, within its limits, and not while it is down."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import aiohttp

from vioP.breaker import CircuitBreaker
from vioP.clock import SystemClock
from vioP.domain.errors import Unavailable

PATIENCE = aiohttp.ClientTimeout(total=10, connect=5)
_TOO_MANY = 429
_THEIR_FAULT = 500
_AT_ONCE = 8
# Somebody waits in front of the button: a short rest is sat out, a long one is a refusal.
_SHORT_REST = 3.0
_USUAL_REST = 2.0
_LONGEST_REST = 600.0


class Busy(Unavailable):
    """The video service was asked too often. Try again in a moment."""

    code = "video.busy"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a service answered: a status below 500, and its JSON, empty when it sent none."""

    status: int
    body: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_yes(self) -> bool:
        """Whether it did what it was asked."""
        return self.status < 300  # noqa: PLR2004 - RFC 9110, section 15.3


class Asking:
    """One service over one HTTP session.

    A service in trouble is left alone for a while (``vioP.breaker``), and one that asks us
    to wait is waited for: for a moment on the spot, otherwise by refusing until then.
    """

    def __init__(self, name: str, http: aiohttp.ClientSession) -> None:
        self._name = name
        self._http = http
        self._breaker = CircuitBreaker()
        self._turns = asyncio.Semaphore(_AT_ONCE)
        self._rests: dict[str, float] = {}

    async def ask(
        self, method: str, url: str, *, limit: str = "", **request: Any
    ) -> Answer:
        """Ask once, and once more after a short rest.

        Args:
            method: Of HTTP.
            url: Where.
            limit: Requests of different limits do not wait for each other's rest.
            request: What ``aiohttp`` takes: headers, json, params.

        Raises:
            Busy: The service asks us to wait longer than anybody would.
            Unavailable: It did not answer in time, or is known to be in trouble.
        """
        if not self._breaker.admits(_now()):
            raise Unavailable(f"{self._name} is in trouble. Try again in a minute.")
        async with self._turns:
            for _ in range(2):
                if self._rest(limit) > _SHORT_REST:
                    break
                await asyncio.sleep(self._rest(limit))
                answer = await self._once(method, url, limit, request)
                if answer is not None:
                    return answer
        raise Busy(f"{self._name} was asked too often. Try again in a moment.")

    async def _once(
        self, method: str, url: str, limit: str, request: Mapping[str, Any]
    ) -> Answer | None:
        """One request; nothing when we are asked to wait."""
        try:
            async with self._http.request(
                method, url, timeout=PATIENCE, allow_redirects=False, **request
            ) as response:
                if response.status == _TOO_MANY:
                    self._rests[limit] = _now() + _rest(response.headers.get("Retry-After"))
                    self._breaker.well()
                    return None
                if response.status >= _THEIR_FAULT:
                    response.raise_for_status()
                is_json = response.content_type == "application/json"
                body = await response.json() if is_json and await response.read() else {}
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            self._breaker.trouble(_now())
            raise Unavailable(f"{self._name} did not answer. Try again.") from error
        self._breaker.well()
        return Answer(response.status, body if isinstance(body, dict) else {})

    def _rest(self, limit: str) -> float:
        """How many seconds we are asked to wait."""
        return max(self._rests.get(limit, 0.0) - _now(), 0.0)


def _now() -> float:
    return asyncio.get_running_loop().time()


def _rest(header: str | None) -> float:
    """How long a service asks us to wait: seconds, or an instant, as it pleases.

    Source: RFC 9110, section 10.2.3; Zoom sends an ISO 8601 instant for its daily limits.
    """
    if header is None:
        return _USUAL_REST
    try:
        return min(max(float(header), 0.0), _LONGEST_REST)
    except ValueError:
        pass
    try:
        until = datetime.fromisoformat(header)
        rest = until - SystemClock().now()
    except (ValueError, TypeError):
        return _USUAL_REST
    return min(max(rest / timedelta(seconds=1), 0.0), _LONGEST_REST)
