"""What is random, and what only the holder of the link key can make."""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass

from vioP.domain.dial_in import PIN_DIGITS
from vioP.domain.ids import SeatId, SessionId, StaffId, mint
from vioP.domain.time import Instant

SHORTEST_KEY = 32
_CODE_DIGITS = 6
# No letter that looks or sounds like another one of them.
_CONSONANTS, _VOWELS = "bdgklmnrstvz", "aeou"


@dataclass(frozen=True, slots=True)
class Keys:
    """Secrets of this house.

    A seat's link must be written into every message about the seat, so its token is made
    from the key each time; the database keeps a digest, which opens nothing.

    Raises:
        ValueError: The key is shorter than 32 bytes.
    """

    key: bytes

    def __post_init__(self) -> None:
        if len(self.key) < SHORTEST_KEY:
            raise ValueError(f"the link key must have at least {SHORTEST_KEY} bytes")

    def mint(self, prefix: str, now: Instant) -> str:
        """A new identifier. It names something and grants nothing."""
        return mint(prefix, int(now.timestamp() * 1000), secrets.token_bytes(10))

    def uid(self) -> str:
        """A new invite uid: 160 random bits, in lower case."""
        return secrets.token_hex(20)

    def token(self) -> str:
        """A new token of 256 random bits."""
        return secrets.token_urlsafe(32)

    def link_token(self, seat_id: SeatId) -> str:
        """The token of a seat's own link: 256 bits."""
        return self._written("link", seat_id)

    def rsvp_token(self, seat_id: SeatId) -> str:
        """The token with which a seat's person answers: the seat, and 256 bits."""
        return f"{seat_id}.{self._written('rsvp', seat_id)}"

    def seat_of_rsvp(self, token: str) -> SeatId | None:
        """The seat a token answers for, or nothing when it was not made here."""
        seat_id = SeatId(token.partition(".")[0])
        fits = hmac.compare_digest(self.rsvp_token(seat_id).encode(), token.encode())
        return seat_id if fits else None

    def reminder_token(self, seat_id: SeatId) -> str:
        """What stops a person's reminders, and opens nothing else: the seat, sealed."""
        return f"{seat_id}.{self._written('reminders', seat_id)}"

    def feed_token(self, person_id: str, version: int) -> str:
        """The token of somebody's feed: 256 bits, another for each version."""
        return self._written("feed", f"{version}:{person_id}")

    def feed_uid(self, session_id: SessionId, staff_id: StaffId) -> str:
        """The uid under which a host's own calendar knows a session."""
        return self._sealed("uid", f"{session_id}:{staff_id}").hex()[:40]

    def pin(self, seat_id: SeatId) -> str:
        """What is typed on a phone to take a seat: eight digits."""
        return self._digits("pin", seat_id, PIN_DIGITS)

    def phone_room(self, session_id: SessionId) -> str:
        """Under what name those who take part by phone are connected."""
        return self._sealed("phone", session_id).hex()[:24]

    def code(self, nonce: str) -> str:
        """The one-time code that goes with a nonce: six digits."""
        return self._digits("code", nonce, _CODE_DIGITS)

    def authenticator_secret(self, nonce: str) -> str:
        """What an authenticator is given that goes with a nonce: 160 bits in base 32."""
        return base64.b32encode(self._sealed("authenticator", nonce)[:20]).decode()

    def sealed_digest(self, purpose: str, text: str) -> str:
        """What is kept of something short enough to be guessed: only this key makes it."""
        return self._sealed(purpose, text).hex()

    def setup_token(self, link_id: str) -> str:
        """The token of a link by which somebody sets up: 256 bits."""
        return self._written("set-up", link_id)

    def word(self, seat_id: SeatId) -> str:
        """A word that can be said and typed, always the same for the same seat."""
        sealed = self._sealed("word", seat_id)
        return "".join(
            _CONSONANTS[one % len(_CONSONANTS)] + _VOWELS[two % len(_VOWELS)]
            for one, two in zip(sealed[0:6:2], sealed[1:6:2], strict=True)
        )

    def digest(self, token: str) -> str:
        """What is kept of a token. Source: NIST SP 800-63B, for secrets over 112 bits."""
        return hashlib.sha256(token.encode()).hexdigest()

    def _written(self, purpose: str, text: str) -> str:
        sealed = self._sealed(purpose, text)
        return base64.urlsafe_b64encode(sealed).decode().rstrip("=")

    def _digits(self, purpose: str, text: str, count: int) -> str:
        number = int.from_bytes(self._sealed(purpose, text), "big") % 10**count
        return f"{number:0{count}d}"

    def _sealed(self, purpose: str, text: str) -> bytes:
        return hmac.digest(self.key, f"{purpose}:{text}".encode(), "sha256")
