"""What a browser may say to Janus, and what becomes of it on the way.

A browser chooses nothing about who it is or where it goes: room, identifier and name are
put in here. Whatever is not listed is refused. Pictures go through one part of Janus and
sound through another; a browser has handles of both.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from vioP.domain.attendance import Leg
from vioP.domain.errors import Forbidden
from vioP.video.janus.talk import PLUGINS

_LONGEST_NAME = 64
_MOST_STREAMS = 64
_PASSED = frozenset({"detach", "hangup"})
_BODIES = {
    Leg.VIDEO: {
        "publish": {"request", "audio", "video"},
        "unpublish": {"request"},
        "configure": {"request", "restart", "audio", "video"},
        "start": {"request"},
        "leave": {"request"},
    },
    Leg.AUDIO: {"configure": {"request", "muted"}, "leave": {"request"}},
}
_LEGS = {plugin: leg for leg, plugin in PLUGINS.items()}


class RequestRefused(Forbidden):
    """A browser may not ask the video service for this."""

    code = "video.request_refused"


@dataclass(slots=True)
class Place:
    """Where one browser is in Janus: put there by us, and the only place it can speak of.

    Attributes:
        feed: What others in the room know this browser by; new for every connection.
        handles: Janus's handles that belong to this browser, and what goes by each.
        senders: The one it sends each kind of media by.
    """

    room: str
    feed: str
    display: str
    secret: str
    session_id: int = 0
    handles: dict[int, Leg] = field(default_factory=dict)
    senders: dict[Leg, int] = field(default_factory=dict)

    def sends(self, handle: object) -> Leg | None:
        """What this browser sends by a handle, if anything."""
        return next((leg for leg, each in self.senders.items() if each == handle), None)


def to_janus(place: Place, asked: Mapping[str, Any]) -> dict[str, Any]:
    """The request Janus gets for what a browser asked.

    Raises:
        RequestRefused: It is not on the list, names somebody else's handle, or is malformed.
    """
    try:
        return _frame(place, asked) | _content(place, asked)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise RequestRefused from error


def leg_of(request: Mapping[str, Any]) -> Leg:
    """What goes by the handle that a request to attach asks for."""
    return _LEGS[request["plugin"]]


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
        plugin = PLUGINS[Leg(asked.get("leg", Leg.VIDEO))]
        return {"plugin": plugin, "opaque_id": place.feed}
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
    request, leg = body["request"], place.handles[handle]
    if request != "join":
        return {name: body[name] for name in body if name in _BODIES[leg][request]}
    if leg is Leg.AUDIO:
        return _as_sender(place, handle) | {"muted": body.get("muted") is True}
    if body["ptype"] == "publisher":
        return _as_sender(place, handle) | {"ptype": "publisher"}
    streams = [{"feed": str(each["feed"])} for each in body["streams"]]
    return {
        "request": "join",
        "ptype": "subscriber",
        "room": place.room,
        "streams": streams[:_MOST_STREAMS],
    }


def _as_sender(place: Place, handle: int) -> dict[str, Any]:
    """How this browser enters to send; by one handle for each kind of media."""
    if place.senders.setdefault(place.handles[handle], handle) != handle:
        raise RequestRefused
    return {
        "request": "join",
        "room": place.room,
        "id": place.feed,
        "display": place.display,
    }


def _jsep(asked: Mapping[str, Any]) -> dict[str, Any]:
    if "jsep" not in asked:
        return {}
    return {"jsep": {"type": str(asked["jsep"]["type"]), "sdp": str(asked["jsep"]["sdp"])}}
