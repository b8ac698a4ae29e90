"""What a service says of somebody is believed only when all of it is proven."""

import base64
import hmac
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey
from pytest_aiohttp.plugin import AiohttpServer
from yarl import URL

from tests.adapters.oidc_server import CLIENT, KEY, OTHER_KEY, SECRET, OidcServer
from tests.make import FixedClock
from vioP.domain.errors import NotVouchedFor, Unavailable
from vioP.domain.vouched import Returned, Visit
from vioP.oidc.provider import OidcProvider
from vioP.oidc.service import Client, Service
from vioP.oidc.token import Rules, read_token

BACK = "http://127.0.0.1:8080/sign-in/elsewhere/back"
VISIT = Visit("state", "nonce", "v" * 43)
KEYS = {"keys": [KEY.as_dict(private=False)]}


@pytest.fixture
async def there(aiohttp_server: AiohttpServer, clock: FixedClock) -> OidcServer:
    """The service."""
    server = OidcServer(clock)
    running = await aiohttp_server(server.app())
    server.issuer = str(running.make_url("")).rstrip("/")
    return server


@pytest.fixture
async def provider(there: OidcServer) -> AsyncIterator[OidcProvider]:
    """The way to it."""
    async with aiohttp.ClientSession() as http:
        service = Service(Client(there.issuer, CLIENT, SECRET), http)
        yield OidcProvider("the clinic", service, Rules(there.issuer, CLIENT))


async def visit(provider: OidcProvider) -> Returned:
    """Go there and come back."""
    where = await provider.address(VISIT, BACK)
    async with (
        aiohttp.ClientSession() as http,
        http.get(where, allow_redirects=False) as answer,
    ):
        back = dict(URL(answer.headers["Location"]).query)
    return Returned(back["state"], back["code"], back["iss"])


async def vouch(provider: OidcProvider, returned: Returned, clock: FixedClock):
    return await provider.vouch(returned, VISIT, BACK, clock.now())


@pytest.mark.parametrize("takes", ["client_secret_basic", "client_secret_post"])
async def test_whoever_signed_in_there_is_vouched_for_and_a_code_counts_once(
    provider: OidcProvider, there: OidcServer, clock: FixedClock, takes: str
):
    there.takes = [takes]
    returned = await visit(provider)

    vouched = await vouch(provider, returned, clock)

    assert (vouched.issuer, vouched.subject) == (there.issuer, "u-1")
    assert (vouched.email, vouched.is_twice) == ("k1@staff.example", False)
    with pytest.raises(NotVouchedFor):
        await vouch(provider, returned, clock)


async def test_what_it_says_of_itself_is_asked_once_and_new_keys_are_fetched(
    provider: OidcProvider,
    there: OidcServer,
    clock: FixedClock,
    monkeypatch: pytest.MonkeyPatch,
):
    await vouch(provider, await visit(provider), clock)
    await vouch(provider, await visit(provider), clock)
    assert there.asked == ["discovery", "keys"]

    there.key = there.published = RSAKey.generate_key(2048, {"kid": "two"})
    with pytest.raises(NotVouchedFor):  # keys are a moment old: nobody makes us ask again
        await vouch(provider, await visit(provider), clock)
    monkeypatch.setattr("vioP.oidc.service._NOT_SOONER", -1)

    assert (await vouch(provider, await visit(provider), clock)).subject == "u-1"
    assert there.asked == ["discovery", "keys", "keys"]


async def test_a_code_that_another_service_sent_is_not_shown_to_this_one(
    provider: OidcProvider, clock: FixedClock
):
    returned = await visit(provider)

    for issuer in ("https://elsewhere.example", ""):
        with pytest.raises(NotVouchedFor):
            await vouch(provider, Returned("state", returned.code, issuer), clock)

    assert (await vouch(provider, returned, clock)).subject == "u-1"


async def test_a_service_that_is_down_or_another_one_is_unavailable(
    provider: OidcProvider, there: OidcServer
):
    there.down = True
    with pytest.raises(Unavailable, match="did not answer"):
        await provider.address(VISIT, BACK)

    there.down, there.issuer = False, "http://127.0.0.1:1"
    with pytest.raises(Unavailable, match="another name"):
        await provider.address(VISIT, BACK)


def said(clock: FixedClock, **says: Any) -> dict[str, Any]:
    server = OidcServer(clock)
    server.issuer = "https://login.example"
    server.says |= says
    return server.claims("nonce")


def read(token: str, clock: FixedClock, **rules: Any):
    known = Rules("https://login.example", CLIENT, **rules)
    return read_token(token, KEYS, known, "nonce", clock.now())


def signed(clock: FixedClock, **says: Any) -> str:
    return jwt.encode({"alg": "RS256", "kid": "one"}, said(clock, **says), KEY)


@pytest.mark.parametrize(
    "says",
    [
        {"iss": "https://login.example/"},
        {"aud": "another client"},
        {"aud": [CLIENT, "another client"]},
        {"azp": "another client"},
        {"nonce": "another visit's"},
        {"nonce": None},
        {"exp": 0},
        {"exp": None},
        {"iat": 0},
        {"iat": None},
        {"iat": "yesterday"},
        {"sub": ""},
        {"sub": None},
        {"sub": 7},
        {"sub": "u" * 256},
    ],
    ids=str,
)
def test_what_was_said_by_another_for_another_or_at_another_time_is_not_believed(
    clock: FixedClock, says: dict[str, Any]
):
    assert read(signed(clock), clock).subject == "u-1"

    with pytest.raises(NotVouchedFor):
        read(signed(clock, **says), clock)


def by_hand(algorithm: str, claims: dict[str, Any], secret: bytes) -> str:
    """A token that is signed with what everybody knows, or not at all."""
    parts = [{"alg": algorithm, "kid": "one"}, claims]
    body = ".".join(written(json.dumps(each).encode()) for each in parts)
    signature = hmac.digest(secret, body.encode(), "sha256") if secret else b""
    return f"{body}.{written(signature)}"


def written(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def test_a_signature_of_anybody_else_or_none_is_not_believed(clock: FixedClock):
    claims, header = said(clock), {"alg": "RS256", "kid": "one"}
    forged = [
        jwt.encode(header, claims, OTHER_KEY),
        by_hand("HS256", claims, KEY.as_pem(private=False)),
        by_hand("none", claims, b""),
        "no token",
        "a" * 20_000,
    ]

    for token in forged:
        with pytest.raises(NotVouchedFor):
            read(token, clock)


@pytest.mark.parametrize(
    ("says", "email"),
    [
        ({}, "k1@staff.example"),
        ({"email_verified": "true"}, "k1@staff.example"),
        ({"email_verified": False}, ""),
        ({"email_verified": None}, ""),
        ({"email": None}, ""),
    ],
    ids=str,
)
def test_an_address_counts_only_when_it_is_said_to_be_theirs(
    clock: FixedClock, says: dict[str, Any], email: str
):
    assert read(signed(clock, **says), clock).email == email


def test_another_claim_may_say_that_an_address_is_theirs(clock: FixedClock):
    token = signed(clock, email_verified=None, xms_edov="1")

    assert read(token, clock).email == ""
    assert read(token, clock, verified_by="xms_edov").email == "k1@staff.example"


@pytest.mark.parametrize(
    ("says", "rules", "is_twice"),
    [
        ({"amr": ["pwd", "mfa"]}, {}, False),
        ({"amr": ["pwd", "mfa"]}, {"amr": ("mfa",)}, True),
        ({"amr": ["pwd"]}, {"amr": ("mfa",)}, False),
        ({"amr": "mfa"}, {"amr": ("mfa",)}, False),
        ({"acr": "2"}, {"acr": ("2",)}, True),
        ({"acr": "1"}, {"acr": ("2",)}, False),
        ({}, {"acr": ("2",), "amr": ("mfa",)}, False),
    ],
    ids=str,
)
def test_a_second_factor_there_counts_only_where_the_house_says_so(
    clock: FixedClock, says: dict[str, Any], rules: dict[str, Any], is_twice: bool
):
    assert read(signed(clock, **says), clock, **rules).is_twice is is_twice
