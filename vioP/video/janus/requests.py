"""What a browser may say to Janus, and what becomes of it on the way.

A browser chooses nothing about who it is or where it goes: room, identifier and name are
put in here. Whatever is not listed is refused.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from vioP.domain.errors import Forbidden
from vioP.video.janus.talk import PLUGIN

_LONGEST_NAME = 64
_MOST_STREAMS = 64
_PASSED = frozenset({"detach", "hangup"})
_BODIES = {
    "publish": {"request", "audio", "video"},
    "unpublish": {"request"},
    "configure": {"request", "restart", "audio", "video"},
    "start": {"request"},
    "leave": {"request"},
}


class RequestRefused(Forbidden):
    """A browser may not ask the video service for this."""

    code = "video.request_refused"


@dataclass(slots=True)
class Place:
    """Where one browser is in Janus: put there by us, and the only place it can speak of.

    Attributes:
        feed: What others in the room know this browser by; new for every connection.
        handles: Janus's handles that belong to this browser.
        publisher: The one it sends media by.
    """

    room: str
    feed: str
    display: str
    secret: str
    session_id: int = 0
    handles: set[int] = field(default_factory=set)
    publisher: int | None = None


def to_janus(place: Place, asked: Mapping[str, Any]) -> dict[str, Any]:
    """The request Janus gets for what a browser asked.

    Raises:
        RequestRefused: It is not on the list, names somebody else's handle, or is malformed.
    """
    try:
        return _frame(place, asked) | _content(place, asked)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise RequestRefused from error


def _frame(place: Place, asked: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "janus": asked["janus"],
        "transaction": str(asked["transaction"])[:_LONGEST_NAME],
        "session_id": place.session_id,
        "apisecret": place.secret,
    }


def _content(place: Place, asked: Mapping[str, Any]) -> dict[str, Any]:
    kind = asked["janus"]
    if kind == "attach":
        return {"plugin": PLUGIN, "opaque_id": place.feed}
    handle = int(asked["handle_id"])
    if handle not in place.handles:
        raise RequestRefused
    if kind in _PASSED:
        return {"handle_id": handle}
    if kind == "trickle":
        return {"handle_id": handle, "candidate": dict(asked["candidate"])}
    if kind == "message":
        return {"handle_id": handle, "body": _body(place, handle, asked["body"])} | _jsep(
            asked
        )
    raise RequestRefused


def _body(place: Place, handle: int, body: Mapping[str, Any]) -> dict[str, Any]:
    request = body["request"]
    if request == "join" and body["ptype"] == "publisher":
        if place.publisher not in {None, handle}:
            raise RequestRefused
        place.publisher = handle
        return {
            "request": "join",
            "ptype": "publisher",
            "room": place.room,
            "id": place.feed,
            "display": place.display,
        }
    if request == "join" and body["ptype"] == "subscriber":
        streams = [{"feed": str(each["feed"])} for each in body["streams"]]
        return {
            "request": "join",
            "ptype": "subscriber",
            "room": place.room,
            "streams": streams[:_MOST_STREAMS],
        }
    return {name: value for name, value in body.items() if name in _BODIES[request]}


def _jsep(asked: Mapping[str, Any]) -> dict[str, Any]:
    if "jsep" not in asked:
        return {}
    return {"jsep": {"type": str(asked["jsep"]["type"]), "sdp": str(asked["jsep"]["sdp"])}}
