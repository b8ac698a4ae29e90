"""What a service says of somebody, believed only when all of it is proven.

Source: OpenID Connect Core 1.0, 3.1.3.7; RFC 8725 (only algorithms we name, never "none").
"""

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from vioP.domain.errors import NotVouchedFor
from vioP.domain.time import Instant
from vioP.domain.vouched import Vouched

# Keys in pairs only: a shared secret, or no signature, would let others say what they like.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "ES256", "ES384")
_LEEWAY = 60  # seconds that clocks may differ
_FRESH = 600  # seconds since it was said
_LONGEST = 16 * 1024
_LONGEST_SUBJECT = 255


class UnknownKey(Exception):
    """It is signed with a key that was not published when the keys were fetched."""


@dataclass(frozen=True, slots=True)
class Rules:
    """Whom we believe what.

    Attributes:
        verified_by: The claim that says that the address is theirs.
        amr: Ways of signing in that are a second factor. Source: RFC 8176.
        acr: Levels of signing in that include one.
    """

    issuer: str
    client_id: str
    verified_by: str = "email_verified"
    amr: Sequence[str] = ()
    acr: Sequence[str] = ()


def read_token(
    token: str, keys: Mapping[str, Any], rules: Rules, nonce: str, now: Instant
) -> Vouched:
    """Who a token says that somebody is.

    Raises:
        NotVouchedFor: It is not signed as it must be, or was said by another, for another,
            for another visit or at another time.
        UnknownKey: Fetch the keys again.
    """
    claims = _signed_claims(token, keys)
    at = int(now.timestamp())
    known = jwt.JWTClaimsRegistry(
        now=at,
        leeway=_LEEWAY,
        iss={"essential": True, "value": rules.issuer},
        aud={"essential": True, "value": rules.client_id},
        sub={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
    )
    try:
        known.validate(claims)
    except JoseError as error:
        raise NotVouchedFor from error
    subject = claims["sub"]
    is_ours = (
        _is_for_us(claims, rules.client_id)
        and _is_same(claims.get("nonce"), nonce)
        and abs(at - claims["iat"]) <= _FRESH
        and 0 < len(subject) <= _LONGEST_SUBJECT
    )
    if not is_ours:
        raise NotVouchedFor
    return Vouched(rules.issuer, subject, _email(claims, rules), _is_twice(claims, rules))


def _signed_claims(token: str, keys: Mapping[str, Any]) -> dict[str, Any]:
    if len(token) > _LONGEST:
        raise NotVouchedFor
    try:
        key_set = KeySet.import_key_set(dict(keys))  # type: ignore[arg-type]  # it checks them
        return dict(jwt.decode(token, key_set, algorithms=ALGORITHMS).claims)
    except InvalidKeyIdError as error:
        raise UnknownKey from error
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise NotVouchedFor from error


def _is_for_us(claims: Mapping[str, Any], client_id: str) -> bool:
    """Whether it was said to us; with others beside us it must say so twice."""
    audience, party = claims["aud"], claims.get("azp")
    is_shared = isinstance(audience, list) and len(audience) > 1
    return party == client_id if is_shared or party is not None else True


def _is_same(said: object, wanted: str) -> bool:
    return isinstance(said, str) and hmac.compare_digest(said.encode(), wanted.encode())


def _email(claims: Mapping[str, Any], rules: Rules) -> str:
    """Their address, if it is said to be theirs; some say so in other types than true."""
    email = claims.get("email")
    is_theirs = str(claims.get(rules.verified_by)).lower() in {"true", "1"}
    return email.strip().lower() if is_theirs and isinstance(email, str) else ""


def _is_twice(claims: Mapping[str, Any], rules: Rules) -> bool:
    ways = claims.get("amr")
    said = (
        {each for each in ways if isinstance(each, str)}
        if isinstance(ways, list)
        else set()
    )
    return bool(said & set(rules.amr)) or claims.get("acr") in set(rules.acr)
