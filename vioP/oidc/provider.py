"""Signing in at a service that speaks OpenID Connect: the way there, and what comes back.

Source: OpenID Connect Core 1.0, 3.1 (code flow); RFC 7636 (PKCE); RFC 9207 (who answered).
"""

import base64
import hashlib
from dataclasses import dataclass
from urllib.parse import urlencode

from vioP.domain.errors import NotVouchedFor
from vioP.domain.time import Instant
from vioP.domain.vouched import Returned, Visit, Vouched
from vioP.oidc.service import Service
from vioP.oidc.token import Rules, UnknownKey, read_token


@dataclass(frozen=True, slots=True)
class OidcProvider:
    """One service where staff sign in."""

    name: str
    service: Service
    rules: Rules

    async def address(self, visit: Visit, back: str) -> str:
        """Where a browser goes to sign in there."""
        where = (await self.service.endpoints()).authorize
        asked = {
            "response_type": "code",
            "client_id": self.rules.client_id,
            "redirect_uri": back,
            "scope": "openid email",
            "state": visit.state,
            "nonce": visit.nonce,
            "code_challenge": _challenge(visit.verifier),
            "code_challenge_method": "S256",
        }
        if self.rules.acr:
            asked["acr_values"] = " ".join(self.rules.acr)
        return f"{where}{'&' if '?' in where else '?'}{urlencode(asked)}"

    async def vouch(
        self, returned: Returned, visit: Visit, back: str, now: Instant
    ) -> Vouched:
        """Who it says that somebody is who came back."""
        where = await self.service.endpoints()
        # Another service could send its own code to us; this one says who it is where it can.
        if (returned.issuer or where.names_itself) and returned.issuer != self.rules.issuer:
            raise NotVouchedFor
        token = await self.service.exchange(returned.code, visit.verifier, back)
        keys = await self.service.keys()
        try:
            return read_token(token, keys, self.rules, visit.nonce, now)
        except UnknownKey:
            keys = await self.service.keys(anew=True)
        try:
            return read_token(token, keys, self.rules, visit.nonce, now)
        except UnknownKey as error:
            raise NotVouchedFor from error


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
