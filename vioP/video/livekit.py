"""LiveKit, hosted or one's own: rooms by its API, doors by tokens, events by signed messages.

Source: docs.livekit.io, Server APIs, and Webhooks; the shapes are those of livekit-api 1.2.
"""

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from vioP.domain.attendance import Fact, Leg
from vioP.domain.errors import Forged, Unavailable
from vioP.domain.ids import SessionId
from vioP.domain.room import Guest, Heard, Proof, Seen, Sighting
from vioP.domain.time import Instant, later, since_epoch
from vioP.strict_json import read_json
from vioP.video.asking import Asking
from vioP.video.jwt import claims_of, signed
from vioP.video.names import room_name

DOOR_LASTS = timedelta(minutes=10)
_ASKING_LASTS = timedelta(minutes=1)
_EMPTY_FOR = 3600
_NOT_FOUND = 404
_FACTS = {
    "participant_joined": Fact.ENTERED,
    "participant_left": Fact.LEFT,
    "participant_connection_aborted": Fact.LEFT,  # they pressed Join and did not get in
    "track_published": Fact.MEDIA_UP,
    "track_unpublished": Fact.MEDIA_DOWN,
}
# A phone that LiveKit calls is a participant while it rings; nobody is there yet.
_PEOPLE = {None, "STANDARD", 0}
# Whoever stops showing their screen has not stopped showing themselves.
_SCREENS = {"SCREEN_SHARE", "SCREEN_SHARE_AUDIO", 3, 4}


@dataclass(frozen=True, slots=True)
class LiveKitChoices:
    """Where LiveKit is, and how we are known to it.

    Attributes:
        url: Such as ``wss://clinic.livekit.cloud``.
        page: A page that enters a room, with ``{url}`` and ``{token}`` in it.
    """

    url: str
    key: str
    secret: bytes
    page: str


@dataclass(frozen=True, slots=True)
class LiveKitRooms:
    """Rooms in a LiveKit server."""

    choices: LiveKitChoices
    asking: Asking
    now: Callable[[], Instant]
    house_key: bytes
    name: str = "livekit"
    proves: frozenset[Proof] = frozenset({Proof.JOINED, Proof.MEDIA_UP})
    is_ours: bool = False
    looks: bool = True
    puts_out: bool = True

    async def ensure(self, session_id: SessionId) -> str:
        """Make a session's room, or keep the one there is.

        Raises:
            Unavailable: LiveKit did not answer in time, or refused.
        """
        room = room_name(self.house_key, session_id)
        wish = {"name": room, "empty_timeout": _EMPTY_FOR}
        await self._ask("CreateRoom", {"roomCreate": True}, wish)
        return room

    async def door(self, session_id: SessionId, guest: Guest) -> str:
        """A page with a token in it, which opens this room to this guest for ten minutes."""
        room = room_name(self.house_key, session_id)
        rights = {"room": room, "roomJoin": True, "roomAdmin": guest.is_host}
        token = self._token(rights, DOOR_LASTS, sub=guest.id, name=guest.name)
        return self.choices.page.format(
            url=quote(self.choices.url, safe=""), token=quote(token, safe="")
        )

    async def revoke(self, session_id: SessionId, guest_id: str) -> None:
        """Put a guest out. A door opened in the last ten minutes still lets them in again.

        Raises:
            Unavailable: LiveKit did not answer in time, or refused.
        """
        room = room_name(self.house_key, session_id)
        wish = {"room": room, "identity": guest_id}
        await self._ask("RemoveParticipant", {"room": room, "roomAdmin": True}, wish)

    async def present(self, session_id: SessionId) -> Sequence[Seen] | None:
        """Who is in a room now; nothing when LiveKit does not say."""
        room = room_name(self.house_key, session_id)
        try:
            answer = await self._ask(
                "ListParticipants", {"room": room, "roomAdmin": True}, {"room": room}
            )
        except Unavailable:
            return None
        return [
            Seen(each["identity"], each["sid"], _legs(each))
            for each in answer.get("participants", ())
            if each.get("state") in {"ACTIVE", 2} and each.get("kind") in _PEOPLE
        ]

    async def verify(self, headers: Mapping[str, str], raw: bytes, now: Instant) -> Heard:
        """What a webhook says. Its token holds the digest of the body and is signed by us two.

        Raises:
            Forged: The token or the digest is wrong.
        """
        token = headers.get("Authorization", "").removeprefix("Bearer ")
        claims = claims_of(token, {self.choices.key: self.choices.secret}, now)
        digest = base64.b64encode(hashlib.sha256(raw).digest()).decode()
        if not hmac.compare_digest(digest, str(claims.get("sha256", ""))):
            raise Forged
        try:
            return Heard(tuple(_sightings(read_json(raw))))
        except (ArithmeticError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise Forged("This message is not one of LiveKit's.") from error

    async def close(self, session_id: SessionId) -> None:
        """End a room for everybody.

        Raises:
            Unavailable: LiveKit did not answer in time, or refused.
        """
        room = room_name(self.house_key, session_id)
        await self._ask("DeleteRoom", {"roomCreate": True}, {"room": room})

    def _token(self, rights: Mapping[str, object], lasts: timedelta, **who: str) -> str:
        now = self.now()
        claims = {
            "iss": self.choices.key,
            "nbf": int(now.timestamp()),
            "exp": int(later(now, lasts).timestamp()),
            "video": dict(rights),
        }
        return signed(claims | who, self.choices.secret)

    async def _ask(
        self, what: str, rights: Mapping[str, object], wish: Mapping[str, object]
    ) -> Mapping[str, Any]:
        """Ask LiveKit's room service; whatever is not there needs no taking away."""
        base = self.choices.url.replace("ws", "http", 1)
        token = self._token(rights, _ASKING_LASTS)
        answer = await self.asking.ask(
            "POST",
            f"{base}/twirp/livekit.RoomService/{what}",
            json=wish,
            headers={"Authorization": f"Bearer {token}"},
        )
        if answer.status == _NOT_FOUND:
            return {}
        if not answer.is_yes:
            raise Unavailable(
                f"LiveKit refused {what} with status {answer.status}. "
                "Check video.livekit_key and livekit_secret."
            )
        return answer.body


def _sightings(event: Mapping[str, Any]) -> list[Sighting]:
    fact = _FACTS.get(event["event"])
    someone = event.get("participant", {})
    if fact is None or someone.get("kind") not in _PEOPLE:
        return []
    is_media = fact in {Fact.MEDIA_UP, Fact.MEDIA_DOWN}
    if is_media and event["track"].get("source") in _SCREENS:
        return []
    leg = _leg(event["track"]) if is_media else None
    at = since_epoch(int(event["createdAt"]))
    return [
        Sighting(
            event["id"],
            event["room"]["name"],
            someone["identity"],
            fact,
            at,
            leg,
            someone["sid"],
        )
    ]


def _legs(someone: Mapping[str, Any]) -> frozenset[Leg]:
    tracks = someone.get("tracks", ())
    return frozenset(_leg(each) for each in tracks if each.get("source") not in _SCREENS)


def _leg(track: Mapping[str, Any]) -> Leg:
    """Whether a track is a picture. Its type is left out when it is the first of its kind."""
    return Leg.VIDEO if track.get("type") in {"VIDEO", 1} else Leg.AUDIO
