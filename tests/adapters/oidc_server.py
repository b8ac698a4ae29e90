"""A small service that speaks OpenID Connect, as strict as the standard asks."""

import base64
import hashlib
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from aiohttp import web
from joserfc import jwt
from joserfc.jwk import RSAKey

from tests.make import FixedClock

CLIENT, SECRET = "viop at the clinic", "a secret: of theirs & ours"
# Both are written as in a form before they are joined. Source: RFC 6749, 2.3.1.
_WRITTEN = b"viop%20at%20the%20clinic:a%20secret%3A%20of%20theirs%20%26%20ours"
BASIC = f"Basic {base64.b64encode(_WRITTEN).decode()}"
KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
OTHER_KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})


class OidcServer:
    """One person who is always signed in, and codes that work once.

    Attributes:
        says: What is said of the person, over what would be said.
        key: What it signs with; ``published`` is what it says that it signs with.
    """

    def __init__(self, clock: FixedClock) -> None:
        self.clock = clock
        self.issuer = ""
        self.says: dict[str, Any] = {"sub": "u-1", "email": "K1@staff.example"}
        self.key = self.published = KEY
        self.takes = ["client_secret_basic"]
        self.down = False
        self.asked: list[str] = []
        self._codes: dict[str, Mapping[str, str]] = {}

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/.well-known/openid-configuration", self._discover)
        app.router.add_get("/authorize", self._authorize)
        app.router.add_post("/token", self._token)
        app.router.add_get("/keys", self._keys)
        return app

    def claims(self, nonce: str) -> dict[str, Any]:
        """Everything that is said; what is nothing is left out."""
        at = int(self.clock.now().timestamp())
        said = {
            "iss": self.issuer,
            "aud": CLIENT,
            "exp": at + 300,
            "iat": at,
            "nonce": nonce,
            "email_verified": True,
        }
        return {name: each for name, each in (said | self.says).items() if each is not None}

    async def _discover(self, _request: web.Request) -> web.Response:
        self.asked.append("discovery")
        if self.down:
            raise web.HTTPBadGateway
        return web.json_response(
            {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
                "token_endpoint_auth_methods_supported": self.takes,
                "authorization_response_iss_parameter_supported": True,
            }
        )

    async def _authorize(self, request: web.Request) -> web.Response:
        asked = dict(request.query)
        assert (asked["response_type"], asked["client_id"]) == ("code", CLIENT)
        assert asked["code_challenge_method"] == "S256"
        assert "openid" in asked["scope"].split()
        code = f"code {len(self._codes)}"
        self._codes[code] = asked
        back = {"code": code, "state": asked["state"], "iss": self.issuer}
        raise web.HTTPFound(f"{asked['redirect_uri']}?{urlencode(back)}")

    async def _token(self, request: web.Request) -> web.Response:
        form = await request.post()
        if "client_secret_basic" in self.takes:
            is_known = request.headers.get("Authorization") == BASIC
        else:
            is_known = (form["client_id"], form["client_secret"]) == (CLIENT, SECRET)
        asked = self._codes.pop(str(form["code"]), None)
        digest = hashlib.sha256(str(form["code_verifier"]).encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if (
            asked is None
            or not is_known
            or form["redirect_uri"] != asked["redirect_uri"]
            or challenge != asked["code_challenge"]
        ):
            return web.json_response({"error": "invalid_grant"}, status=400)
        token = jwt.encode(
            {"alg": "RS256", "kid": self.key.kid}, self.claims(asked["nonce"]), self.key
        )
        return web.json_response({"id_token": token, "token_type": "Bearer"})

    async def _keys(self, _request: web.Request) -> web.Response:
        self.asked.append("keys")
        return web.json_response({"keys": [self.published.as_dict(private=False)]})
