"""Asking Twilio for something, and what its refusals mean.

Source: twilio.com/docs/usage/api and twilio.com/docs/api/errors.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp

from vioP.domain.time import Instant, instant, later
from vioP.phone.errors import (
    CarrierAway,
    CarrierBusy,
    CarrierRefusesUs,
    NumberRefused,
    OptedOutThere,
)
from vioP.phone.twilio.line import TwilioLine

_VERSION = "2010-04-01"
_PATIENCE = aiohttp.ClientTimeout(total=10, connect=5)
# Twilio writes times down in whole seconds, by its own clock.
_SLACK = timedelta(seconds=3)
_NOT_FOUND, _TOO_MANY, _OURS, _THEIRS = 404, 429, 400, 500
_OPTED_OUT = 21610
# What is wrong with the number that was to be reached, and no other.
_NUMBER = frozenset(
    {13223, 13224, 13225, 13226, 13227, 21211, 21214, 21215, 21216, 21217, 21265, 21401,
     21407, 21408, 21421, 21601, 21604, 21612, 21614, 21635}
)  # fmt: skip
# The call is over, so that nothing can be asked of it.
OVER = frozenset({21220})


@dataclass(frozen=True, slots=True)
class TwilioApi:
    """Twilio's API, as far as we use it."""

    line: TwilioLine
    http: aiohttp.ClientSession

    async def create(self, what: str, fields: Sequence[tuple[str, str]]) -> str:
        """Create something.

        Returns:
            What Twilio calls it.

        Raises:
            CarrierAway: It did not answer. Whether it was created is unknown.
            Unavailable: It surely was not; another time it may be.
            NumberRefused: Twilio will never reach this number.
        """
        return str((await self._ask("POST", what, fields))["sid"])

    async def change(self, what: str, field: tuple[str, str]) -> str:
        """Change something there is.

        Returns:
            Its status; empty when it is over, or there is no such thing.

        Raises:
            Unavailable: Twilio did not answer, or refused.
        """
        return str((await self._ask("POST", what, [field])).get("status", ""))

    async def listed(self, what: str, **fields: str) -> Sequence[Mapping[str, Any]]:
        """What there is of a kind, the newest first, fifty at most.

        Raises:
            Unavailable: Twilio did not answer, or refused.
        """
        query = [*fields.items(), ("PageSize", "50")]
        answer = await self._ask("GET", what, query)
        found: Sequence[Mapping[str, Any]] = answer.get(what.lower(), ())
        return found

    async def _ask(
        self, method: str, what: str, fields: Sequence[tuple[str, str]]
    ) -> dict[str, Any]:
        line = self.line
        url = f"{line.api}/{_VERSION}/Accounts/{line.account}/{what}.json"
        let_in = aiohttp.encode_basic_auth(line.account, line.token)
        sent: dict[str, Any] = {"params" if method == "GET" else "data": fields}
        try:
            async with self.http.request(
                method,
                url,
                headers={"Authorization": let_in},
                timeout=_PATIENCE,
                allow_redirects=False,
                **sent,
            ) as answer:
                body = await answer.json(content_type=None)
                _refuse(answer.status, body)
                return dict(body) if answer.status < _OURS else {}
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise CarrierAway from error


def created(item: Mapping[str, Any]) -> Instant:
    """When Twilio made something, to the second. Source: RFC 2822, section 3.3."""
    return instant(parsedate_to_datetime(item["date_created"]))


def may_be_since(at: Instant) -> Instant:
    """From when on something counts as made at an instant or later, by Twilio's clock."""
    return later(at, -_SLACK)


def _refuse(status: int, body: object) -> None:
    """Say why Twilio refused; what is not there, or over, is no refusal.

    Raises:
        CarrierAway: It is in trouble itself.
        CarrierBusy: It asks us to wait.
        CarrierRefusesUs: We are at fault, or our account.
        NumberRefused: The number is at fault.
        OptedOutThere: Whoever has the number wants no texts from us.
    """
    if status < _OURS or status == _NOT_FOUND:
        return
    code = body.get("code") if isinstance(body, dict) else None
    if status == _TOO_MANY:
        raise CarrierBusy
    if status >= _THEIRS:
        raise CarrierAway
    if code in OVER:
        return
    if code == _OPTED_OUT:
        raise OptedOutThere
    if code in _NUMBER:
        raise NumberRefused
    raise CarrierRefusesUs
