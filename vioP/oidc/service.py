"""A service that speaks OpenID Connect: what it says of itself, its keys, and its answers.

Source: OpenID Connect Discovery 1.0; OpenID Connect Core 1.0, 3.1; RFC 6749, 2.3.1.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import aiohttp

from vioP.domain.errors import NotVouchedFor, Unavailable
from vioP.strict_json import read_json

_PATIENCE = aiohttp.ClientTimeout(total=10, connect=5)
_LONGEST = 512 * 1024
_KEPT_FOR = 3600.0  # seconds that what it says of itself is taken as still true
_NOT_SOONER = 60.0  # seconds before its keys are fetched again for one we do not know
_OK, _REFUSED = 200, range(400, 500)


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where a service does what.

    Attributes:
        takes_basic: Whether it takes our secret in a header, which is the usual way.
        names_itself: Whether it says who it is when it sends somebody back.
    """

    authorize: str
    token: str
    keys: str
    takes_basic: bool
    names_itself: bool

    @classmethod
    def read(cls, said: Mapping[str, Any], issuer: str) -> "Endpoints":
        """What a service says of itself.

        Raises:
            ValueError: It is not the service that was asked, or leads away from HTTPS.
        """
        if said.get("issuer") != issuer:
            raise ValueError("it calls itself by another name than access.oidc.issuer")
        names = ("authorization_endpoint", "token_endpoint", "jwks_uri")
        where = [said.get(name, "") for name in names]
        safe = "https://" if issuer.startswith("https://") else "http"
        if not all(isinstance(each, str) and each.startswith(safe) for each in where):
            raise ValueError("it does not say where it does what, by https")
        ways = said.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        names_itself = said.get("authorization_response_iss_parameter_supported") is True
        authorize, token, keys = where
        return cls(authorize, token, keys, "client_secret_basic" in ways, names_itself)


@dataclass(frozen=True, slots=True)
class Client:
    """How we are known to a service.

    Attributes:
        secret: Empty where we are known without one; PKCE holds either way.
    """

    issuer: str
    id: str
    secret: str = ""


class Service:
    """One service, over one HTTP session."""

    def __init__(self, client: Client, http: aiohttp.ClientSession) -> None:
        self._client = client
        self._http = http
        self._endpoints: tuple[float, Endpoints] | None = None
        self._keys: tuple[float, Mapping[str, Any]] | None = None
        self._turn = asyncio.Lock()

    async def endpoints(self) -> Endpoints:
        """Where it does what; asked once an hour.

        Raises:
            Unavailable: It does not answer, or not as it should.
        """
        async with self._turn:
            if self._endpoints is None or _age(self._endpoints[0]) > _KEPT_FOR:
                url = f"{self._client.issuer.rstrip('/')}/.well-known/openid-configuration"
                said = await self._ask("GET", url)
                try:
                    self._endpoints = _now(), Endpoints.read(said, self._client.issuer)
                except ValueError as error:
                    raise Unavailable(
                        f"Signing in elsewhere does not work: {error}."
                    ) from error
            return self._endpoints[1]

    async def keys(self, *, anew: bool = False) -> Mapping[str, Any]:
        """The keys it signs with; anew when it may have made others since.

        Raises:
            Unavailable: It does not answer, or not as it should.
        """
        where = (await self.endpoints()).keys
        async with self._turn:
            kept_for = _NOT_SOONER if anew else _KEPT_FOR
            if self._keys is None or _age(self._keys[0]) > kept_for:
                self._keys = _now(), await self._ask("GET", where)
            return self._keys[1]

    async def exchange(self, code: str, verifier: str, back: str) -> str:
        """The token that says who somebody is, for the code they came back with.

        Raises:
            NotVouchedFor: It does not take the code.
            Unavailable: It does not answer, or not as it should.
        """
        where = await self.endpoints()
        client = self._client
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": back,
            "code_verifier": verifier,
        }
        headers = {}
        if client.secret and where.takes_basic:
            name, secret = quote(client.id, safe=""), quote(client.secret, safe="")
            headers["Authorization"] = aiohttp.encode_basic_auth(name, secret)
        else:
            form["client_id"] = client.id
            if client.secret:
                form["client_secret"] = client.secret
        said = await self._ask("POST", where.token, data=form, headers=headers)
        token = said.get("id_token")
        if not isinstance(token, str):
            raise NotVouchedFor
        return token

    async def _ask(self, method: str, url: str, **request: Any) -> Mapping[str, Any]:
        try:
            async with self._http.request(
                method, url, timeout=_PATIENCE, allow_redirects=False, **request
            ) as answer:
                body = await _body(answer)
                if method == "POST" and answer.status in _REFUSED:
                    raise NotVouchedFor
                said = read_json(body) if answer.status == _OK else None
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise Unavailable(
                "The service to sign in at did not answer. Try again."
            ) from error
        if not isinstance(said, dict):
            raise Unavailable("The service to sign in at did not answer. Try again.")
        return said


async def _body(answer: aiohttp.ClientResponse) -> bytes:
    """An answer as it was sent.

    Raises:
        ValueError: It is far longer than any such answer is.
    """
    body = b""
    async for part in answer.content.iter_chunked(64 * 1024):
        body += part
        if len(body) > _LONGEST:
            raise ValueError("too long")
    return body


def _now() -> float:
    return asyncio.get_running_loop().time()


def _age(at: float) -> float:
    return _now() - at
