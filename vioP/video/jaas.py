"""Jitsi as a service (JaaS) of 8x8: doors by tokens, events by signed messages.

Source: developer.8x8.com/jaas: The Jitsi JSON Web Token, Check the webhook signatures, Payload
structure. Messages come in any order and may come twice.
"""

import base64
import hmac
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from vioP.domain.attendance import Fact
from vioP.domain.errors import Forged, WrongSettings
from vioP.domain.ids import SessionId
from vioP.domain.room import Guest, Heard, Proof, Seen, Sighting
from vioP.domain.time import Instant, later, since_epoch
from vioP.strict_json import read_json
from vioP.video.asking import Asking
from vioP.video.jitsi import DOOR_LASTS, context_of
from vioP.video.jwt import signed_by
from vioP.video.names import room_name

_SITE = "https://8x8.vc"
_VALID_FOR = 300.0
_FACTS = {
    "PARTICIPANT_JOINED": Fact.ENTERED,
    "PARTICIPANT_LEFT": Fact.LEFT,
    "PARTICIPANT_JOINED_LOBBY": Fact.ENTERED,
    "PARTICIPANT_LEFT_LOBBY": Fact.LEFT,
}
Sign = Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True)
class JaasChoices:
    """How we are known to 8x8.

    Attributes:
        app_id: Such as ``vpaas-magic-cookie-…``.
        key_id: The name of our key there, such as ``vpaas-magic-cookie-…/4f4910``.
        sign: Signs with our private key (``signer_of``).
        hook_secrets: What messages are signed with; several while one replaces another.
    """

    app_id: str
    key_id: str
    sign: Sign = field(repr=False)
    hook_secrets: tuple[bytes, ...] = field(repr=False)
    site: str = _SITE


@dataclass(frozen=True, slots=True)
class JaasRooms:
    """Rooms at 8x8.

    It proves who waits and who came in, by the token they came with. Nobody can ask it who is
    inside, or put somebody out through it: a host does that.
    """

    choices: JaasChoices
    asking: Asking
    now: Callable[[], Instant]
    house_key: bytes
    name: str = "jaas"
    proves: frozenset[Proof] = frozenset({Proof.LOBBY, Proof.JOINED})
    is_ours: bool = False
    looks: bool = False
    puts_out: bool = False

    async def ensure(self, session_id: SessionId) -> str:
        """What the room will be called, once 8x8's page is seen to answer.

        Raises:
            Unavailable: It does not answer.
        """
        await self.asking.ask("GET", f"{self.choices.site}/{self.choices.app_id}/config.js")
        return f"{self.choices.app_id}/{room_name(self.house_key, session_id)}"

    async def door(self, session_id: SessionId, guest: Guest) -> str:
        """A room's address with a token in it, which opens it to this guest for ten minutes."""
        choices, room, now = self.choices, room_name(self.house_key, session_id), self.now()
        claims = {
            "aud": "jitsi",
            "iss": "chat",
            "sub": choices.app_id,
            "room": room,
            "nbf": int(now.timestamp()),
            "exp": int(later(now, DOOR_LASTS).timestamp()),
            "context": context_of(guest),
        }
        header = {"alg": "RS256", "kid": choices.key_id, "typ": "JWT"}
        token = quote(signed_by(header, claims, choices.sign), safe=".")
        return f"{choices.site}/{choices.app_id}/{room}?jwt={token}"

    async def revoke(self, session_id: SessionId, guest_id: str) -> None:
        """Nobody can be put out of a room at 8x8 through it; a host there can.

        A door made in the last ten minutes still opens.
        """

    async def present(self, session_id: SessionId) -> Sequence[Seen] | None:
        """Not known: 8x8 cannot be asked."""
        return None

    async def verify(self, headers: Mapping[str, str], raw: bytes, now: Instant) -> Heard:
        """What a message says, once it is proven to be signed with a secret of ours.

        Raises:
            Forged: It is not, or is more than five minutes old.
        """
        _require_signature(headers.get("X-Jaas-Signature", ""), raw, self.choices, now)
        try:
            return Heard(tuple(_sightings(read_json(raw))))
        except (ArithmeticError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise Forged("This message is not one of 8x8's.") from error

    async def close(self, session_id: SessionId) -> None:
        """Nothing here ends a room; it ends with its last guest."""


def signer_of(private_key: str) -> Sign:
    """What signs with an RSA key in PEM.

    Raises:
        WrongSettings: It is no such key, or ``cryptography`` is not installed.
    """
    try:
        # It comes with the extra "jaas", which nobody else needs.
        from cryptography.hazmat.primitives import hashes, serialization  # noqa: PLC0415
        from cryptography.hazmat.primitives.asymmetric import padding, rsa  # noqa: PLC0415
    except ImportError as error:
        raise WrongSettings("jaas needs an extra: pip install 'viop[jaas]'") from error
    try:
        key = serialization.load_pem_private_key(private_key.encode(), password=None)
    except ValueError as error:
        raise WrongSettings("video.jaas.private_key is no private key in PEM.") from error
    if not isinstance(key, rsa.RSAPrivateKey):
        raise WrongSettings("video.jaas.private_key is no RSA key, which 8x8 asks for.")
    own = key

    def sign(what: bytes) -> bytes:
        return own.sign(what, padding.PKCS1v15(), hashes.SHA256())

    return sign


def _require_signature(header: str, raw: bytes, choices: JaasChoices, now: Instant) -> None:
    """Refuse what is signed by somebody else, or is old; only the scheme ``v1`` counts.

    Raises:
        Forged: It is.
    """
    parts = [each.strip().partition("=") for each in header.split(",")]
    stamps = [value for name, _, value in parts if name == "t"]
    given = [value.encode() for name, _, value in parts if name == "v1"]
    try:
        age = abs(now.timestamp() - float(stamps[0]))
    except (IndexError, ValueError) as error:
        raise Forged from error
    wanted = [
        base64.b64encode(hmac.digest(each, stamps[0].encode() + b"." + raw, "sha256"))
        for each in choices.hook_secrets
    ]
    is_signed = any(
        hmac.compare_digest(ours, theirs) for ours in wanted for theirs in given
    )
    if not is_signed or not age <= _VALID_FOR:
        raise Forged


def _sightings(event: Mapping[str, Any]) -> Iterator[Sighting]:
    fact, someone = _FACTS.get(event["eventType"]), event["data"]
    guest = someone.get("id")
    if fact is None or not guest:
        return
    at = since_epoch(int(event["timestamp"]) / 1000)
    lobby = "lobby:" if event["eventType"].endswith("_LOBBY") else ""
    device = f"{lobby}{someone.get('participantJid') or guest}"
    yield Sighting(
        str(event["idempotencyKey"]), str(event["fqn"]), str(guest), fact, at, None, device
    )
