"""What Zoom tells us: whether a message is its own, and what it says of whom.

Source: developers.zoom.us, Using webhooks, *Verify webhook events* and *Validate your webhook
endpoint*; the shapes are those of ``@zoom/rivet`` 0.4.
"""

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from vioP.domain.errors import Forged
from vioP.domain.time import Instant, instant, since_epoch
from vioP.strict_json import read_json

_VALID_FOR = 300.0
_CHALLENGE = "endpoint.url_validation"


class Happened(StrEnum):
    """What Zoom says happened to somebody, in our words."""

    WAITS = "waits"
    WAITS_NO_MORE = "waits_no_more"
    LET_IN = "let_in"
    CAME = "came"
    WENT = "went"


# Whoever waits for a host, or to be let in, is here: a host has to be told, not they.
_EVENTS = {
    "meeting.participant_jbh_waiting": Happened.WAITS,
    "meeting.participant_jbh_joined": Happened.WAITS,
    "meeting.participant_joined_waiting_room": Happened.WAITS,
    "meeting.participant_put_in_waiting_room": Happened.WAITS,
    "meeting.participant_jbh_waiting_left": Happened.WAITS_NO_MORE,
    "meeting.participant_left_waiting_room": Happened.WAITS_NO_MORE,
    "meeting.participant_admitted": Happened.LET_IN,
    "meeting.participant_joined": Happened.CAME,
    "meeting.participant_left": Happened.WENT,
}
_TIMES = ("join_time", "leave_time", "date_time")


@dataclass(frozen=True, slots=True)
class ZoomEvent:
    """One message about one person.

    Attributes:
        registrant: What Zoom calls a registrant of ours; empty for anybody else.
        is_host: Whether it is about the owner of the meeting.
        device: Zoom's name for the connection; empty while somebody waits for a host.
    """

    id: str
    meeting: str
    happened: Happened
    at: Instant
    registrant: str
    is_host: bool
    device: str


def require_zoom(
    headers: Mapping[str, str], raw: bytes, secrets: Iterable[bytes], now: Instant
) -> bytes:
    """The secret a message is signed with, by which it is proven to be Zoom's and of now.

    Raises:
        Forged: It is signed with none of these, or is more than five minutes old.
    """
    stamp = headers.get("x-zm-request-timestamp", "")
    given = headers.get("x-zm-signature", "")
    try:
        age = abs(now.timestamp() - float(stamp))
    except ValueError as error:
        raise Forged from error
    if not age <= _VALID_FOR:
        raise Forged("This message of Zoom's is too old. Is this machine's clock right?")
    for secret in secrets:
        digest = hmac.digest(secret, b"v0:" + stamp.encode() + b":" + raw, "sha256").hex()
        if hmac.compare_digest(f"v0={digest}".encode(), given.encode()):
            return secret
    raise Forged


def challenge_answer(message: Mapping[str, Any], secret: bytes) -> dict[str, str]:
    """What Zoom wants to hear when it asks whether we know the secret; otherwise empty.

    It asks when the address is saved, and every 72 hours.

    Raises:
        Forged: It asks without a token.
    """
    if message.get("event") != _CHALLENGE:
        return {}
    try:
        token = str(message["payload"]["plainToken"])
    except (KeyError, TypeError, IndexError) as error:
        raise Forged("This message is not one of Zoom's.") from error
    digest = hmac.digest(secret, token.encode(), "sha256").hex()
    return {"plainToken": token, "encryptedToken": digest}


def message_of(raw: bytes) -> Mapping[str, Any]:
    """A message as it is written.

    Raises:
        Forged: It is no JSON object.
    """
    try:
        message = read_json(raw)
    except ValueError as error:
        raise Forged("This message is not one of Zoom's.") from error
    if not isinstance(message, dict):
        raise Forged("This message is not one of Zoom's.")
    return message


def event_of(message: Mapping[str, Any], raw: bytes) -> ZoomEvent | None:
    """What a message says about somebody; nothing when it is about something else.

    Zoom repeats a message it got no answer to word for word, so its words are its identity.

    Raises:
        Forged: It is about somebody and does not say what such messages say.
    """
    happened = _EVENTS.get(str(message.get("event")))
    if happened is None:
        return None
    try:
        meeting = message["payload"]["object"]
        someone = meeting["participant"]
        owner = str(meeting.get("host_id", ""))
        return ZoomEvent(
            id=hashlib.sha256(raw).hexdigest(),
            meeting=str(meeting["id"]),
            happened=happened,
            at=_when(message, someone),
            registrant=str(someone.get("registrant_id") or ""),
            is_host=bool(owner) and str(someone.get("id") or "") == owner,
            device=str(someone.get("participant_uuid") or someone.get("user_id") or ""),
        )
    except (ArithmeticError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise Forged("This message is not one of Zoom's.") from error


def _when(message: Mapping[str, Any], someone: Mapping[str, Any]) -> Instant:
    """When it happened, as the message says; otherwise when the message was written."""
    for name in _TIMES:
        if someone.get(name):
            return instant(datetime.fromisoformat(str(someone[name])))
    return since_epoch(int(message["event_ts"]) / 1000)
