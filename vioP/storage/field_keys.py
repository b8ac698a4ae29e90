"""Sealed fields: what says who somebody is, written so that only a key opens it.

AES-256-GCM with a random nonce of 96 bits; what a field belongs to (table, column, row and
key) is authenticated with it, so that a value copied into another row does not open there.
Source: NIST SP 800-38D; RFC 5869 for the keys, one for each purpose.
"""

import base64
import hmac
import os
from collections.abc import Mapping
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from vioP.domain.errors import Unavailable

_SEALED = "sealed."
_NONCE = 12
_REMEMBERED = 8192  # a page reads the same names again and again


class Unreadable(Unavailable):
    """A sealed field does not open; nobody knows what it said."""

    code = "field.unreadable"


class FieldKeys:
    """Seals with one key, and opens with that and every older one.

    Attributes:
        unreadable: Where something was read that does not open, since this process began.
    """

    def __init__(self, secrets: Mapping[str, bytes], active: str) -> None:
        """Derive what is needed.

        Args:
            secrets: 256 random bits by the name of each key.
            active: The name of the one that seals.

        Raises:
            Unavailable: The active one is not among them.
        """
        if active not in secrets:
            raise Unavailable(
                f"The fields of this database are sealed with the key {active}, which the key "
                "file does not hold. Put that file back; see docs/howto/seal-fields.md."
            )
        self.active = active
        self.unreadable: set[str] = set()
        self._ciphers = {
            name: AESGCM(_derived(secret, b"viop field"))
            for name, secret in secrets.items()
        }
        self._index = _derived(secrets[active], b"viop index")
        self.open = lru_cache(_REMEMBERED)(self._open)

    def seal(self, place: str, text: str) -> str:
        """A text as it is kept; an empty one stays empty.

        Args:
            place: Table, column and row, such as ``participant.name:p01``.
            text: What is to be sealed.
        """
        if not text:
            return text
        nonce = os.urandom(_NONCE)
        cipher = self._ciphers[self.active]
        sealed = nonce + cipher.encrypt(nonce, text.encode(), _bound(place, self.active))
        return f"{_SEALED}{self.active}.{base64.urlsafe_b64encode(sealed).decode()}"

    def _open(self, place: str, kept: str) -> str:
        """A text from what is kept of it.

        Raises:
            Unreadable: It was not sealed for this place, or was changed.
            Unavailable: Its key is missing: the right key file opens it.
        """
        if not kept:
            return kept
        name, _, rest = kept.removeprefix(_SEALED).partition(".")
        if not is_sealed(kept):
            raise Unreadable(
                f"{place} is sealed not at all. See docs/howto/seal-fields.md."
            )
        if name not in self._ciphers:
            raise Unavailable(
                f"{place} is sealed with a key this process does not have. If the key was "
                "changed, start it again; see docs/howto/seal-fields.md."
            )
        try:
            raw = base64.b64decode(rest, altchars=b"-_", validate=True)
            nonce, sealed = raw[:_NONCE], raw[_NONCE:]
            return self._ciphers[name].decrypt(nonce, sealed, _bound(place, name)).decode()
        except (InvalidTag, ValueError) as error:
            raise Unreadable(
                f"{place} does not open: it was changed, or comes from another row. "
                "Compare with a backup; see docs/howto/seal-fields.md."
            ) from error

    def index(self, text: str) -> str:
        """What stands for a text where it is looked up: the same for the same text.

        It tells whoever reads the database which rows are alike, and nothing else.
        """
        return hmac.digest(self._index, text.encode(), "sha256").hex() if text else text


def is_sealed(kept: str) -> bool:
    """Whether a text is one that was sealed."""
    return kept.startswith(_SEALED)


def _bound(place: str, name: str) -> bytes:
    return f"{place}:{name}".encode()


def _derived(secret: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(secret)
