"""Jitsi of one's own: doors by tokens, events by Prosody's module ``event_sync``.

A room comes to be when somebody enters it with a token for it. The module calls us with a
header only it and we know; it signs nothing, so its calls travel by TLS or not at all.

Source: jitsi/lib-jitsi-meet, doc/tokens.md; jitsi-contrib/prosody-plugins, event_sync.
"""

import hashlib
import hmac
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlsplit

from vioP.domain.attendance import Fact
from vioP.domain.errors import Forged, Unavailable
from vioP.domain.ids import SessionId
from vioP.domain.room import Guest, Heard, Proof, Seen, Sighting
from vioP.domain.time import Instant, later, since_epoch
from vioP.strict_json import read_json
from vioP.video.asking import Asking
from vioP.video.jwt import signed
from vioP.video.names import room_name

DOOR_LASTS = timedelta(minutes=10)
_FEATURES = ("livestreaming", "recording", "transcription", "outbound-call")


@dataclass(frozen=True, slots=True)
class JitsiChoices:
    """Where Jitsi is, and how we are known to it.

    Attributes:
        url: Such as ``https://meet.clinic.example``.
        app_id: Prosody's ``app_id``, with ``secret`` as its ``app_secret``.
        hook_tokens: What ``event_sync`` sends as ``Authorization: Bearer …``; several while
            one replaces another.
    """

    url: str
    app_id: str
    secret: bytes = field(repr=False)
    hook_tokens: tuple[bytes, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class JitsiRooms:
    """Rooms in a Jitsi of one's own.

    It proves who came in by the token they came with, and not whose camera is on. Nobody can
    ask it who is inside, or put somebody out through it: a host does that.
    """

    choices: JitsiChoices
    asking: Asking
    now: Callable[[], Instant]
    house_key: bytes
    name: str = "jitsi"
    proves: frozenset[Proof] = frozenset({Proof.JOINED})
    is_ours: bool = False
    looks: bool = False
    puts_out: bool = False

    async def ensure(self, session_id: SessionId) -> str:
        """What the room will be called, once Jitsi's page is seen to answer.

        Raises:
            Unavailable: Jitsi does not answer.
        """
        answer = await self.asking.ask("GET", f"{self.choices.url}/config.js")
        if not answer.is_yes:
            raise Unavailable(
                f"Jitsi answers with status {answer.status}. Check video.jitsi.url."
            )
        return room_name(self.house_key, session_id)

    async def door(self, session_id: SessionId, guest: Guest) -> str:
        """A room's address with a token in it, which opens it to this guest for ten minutes."""
        choices, room, now = self.choices, room_name(self.house_key, session_id), self.now()
        claims = {
            "iss": choices.app_id,
            "aud": choices.app_id,
            "sub": urlsplit(choices.url).hostname or "*",
            "room": room,
            "nbf": int(now.timestamp()),
            "exp": int(later(now, DOOR_LASTS).timestamp()),
            "context": context_of(guest),
        }
        return f"{choices.url}/{room}?jwt={quote(signed(claims, choices.secret), safe='.')}"

    async def revoke(self, session_id: SessionId, guest_id: str) -> None:
        """Nobody can be put out of a room of Jitsi's through it; a host there can.

        A door made in the last ten minutes still opens.
        """

    async def present(self, session_id: SessionId) -> Sequence[Seen] | None:
        """Not known: Jitsi names nobody it is asked about."""
        return None

    async def verify(self, headers: Mapping[str, str], raw: bytes, now: Instant) -> Heard:
        """What ``event_sync`` says, once it has shown the header it shares with us.

        Raises:
            Forged: It has not, or says something else than such calls say.
        """
        given = headers.get("Authorization", "").removeprefix("Bearer ").encode()
        known = [hmac.compare_digest(each, given) for each in self.choices.hook_tokens]
        if not any(known):
            raise Forged
        try:
            return Heard(tuple(_sightings(read_json(raw))))
        except (ArithmeticError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise Forged("This message is not one of Jitsi's.") from error

    async def close(self, session_id: SessionId) -> None:
        """Nothing here ends a room; it ends with its last guest."""


def context_of(guest: Guest) -> dict[str, object]:
    """Who somebody is and what they may do, in the words of Jitsi's tokens.

    A host moderates. Nobody records, streams, transcribes or dials out.
    """
    role = "owner" if guest.is_host else "member"
    return {
        "user": {
            "id": guest.id,
            "name": guest.name,
            "moderator": str(guest.is_host).lower(),
            "affiliation": role,
        },
        "features": dict.fromkeys(_FEATURES, "false"),
    }


def _sightings(event: Mapping[str, Any]) -> Iterator[Sighting]:
    """Who came or went; the end of a room says once more who had not gone."""
    room = str(event["room_name"])
    match event["event_name"]:
        case "muc-occupant-joined":
            yield from _moved(room, event["occupant"], Fact.ENTERED, "joined_at")
        case "muc-occupant-left":
            yield from _moved(room, event["occupant"], Fact.LEFT, "left_at")
        case "muc-room-destroyed":
            for each in event["all_occupants"]:
                gone = (
                    each
                    if each.get("left_at")
                    else {**each, "left_at": event["destroyed_at"]}
                )
                yield from _moved(room, gone, Fact.LEFT, "left_at")
        case _:
            return


def _moved(
    room: str, someone: Mapping[str, Any], fact: Fact, when: str
) -> Iterator[Sighting]:
    """One move of one guest; whoever came without a token of ours is nobody."""
    guest, device, at = someone.get("id"), str(someone["occupant_jid"]), int(someone[when])
    if guest:
        name = hashlib.sha256(f"{room} {device} {fact} {at}".encode()).hexdigest()
        moment = since_epoch(at)
        yield Sighting(name, room, str(guest), fact, moment, None, device)
