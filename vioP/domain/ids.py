"""Typed identifiers, so that a seat can never be passed where a session belongs."""

from typing import NewType

ProgramId = NewType("ProgramId", str)
TrackId = NewType("TrackId", str)
CohortId = NewType("CohortId", str)
StaffId = NewType("StaffId", str)
ParticipantId = NewType("ParticipantId", str)
SessionId = NewType("SessionId", str)
SeatId = NewType("SeatId", str)
AccountId = NewType("AccountId", str)

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford base32: no i, l, o, u
_ENTROPY_BYTES = 10


def mint(prefix: str, unix_ms: int, entropy: bytes) -> str:
    """Build an identifier that sorts by creation time, such as ``ses_01k3...``.

    Args:
        prefix: What is being named, in three letters: ``ses``, ``sea``, ``par``.
        unix_ms: Milliseconds since 1970-01-01T00:00Z.
        entropy: Ten random bytes. Identifiers name things; they grant nothing.

    Raises:
        ValueError: The entropy is not ten bytes long.
    """
    if len(entropy) != _ENTROPY_BYTES:
        raise ValueError(f"entropy must be {_ENTROPY_BYTES} bytes")
    number = (unix_ms << 8 * _ENTROPY_BYTES) | int.from_bytes(entropy, "big")
    digits = [_ALPHABET[(number >> shift) & 31] for shift in range(125, -1, -5)]
    return f"{prefix}_{''.join(digits)}"
