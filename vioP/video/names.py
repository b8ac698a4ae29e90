"""Names of rooms: nobody can guess them, and they say nothing about a session."""

import hmac

from vioP.domain.ids import SessionId


def room_name(key: bytes, session_id: SessionId) -> str:
    """A session's room name, always the same; 96 bits of a keyed digest."""
    return hmac.digest(key, f"room:{session_id}".encode(), "sha256").hex()[:24]
