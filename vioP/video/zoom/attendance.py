"""Who is in a meeting at Zoom, from its messages and from looks at its dashboard.

Messages come within seconds and may be lost. The dashboard forgets nothing and is some
minutes late, nobody says how many. So a look adds whoever it shows, and takes away only whom
it shows as gone: that somebody is not on it yet says nothing.
"""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from vioP.domain.attendance import Fact
from vioP.domain.errors import Unavailable
from vioP.domain.room import Seen, Sighting
from vioP.domain.time import Instant, later
from vioP.video.notebook import Notebook
from vioP.video.zoom.meetings import Meetings
from vioP.video.zoom.messages import Happened, ZoomEvent

# The dashboard's limit is ten to twenty looks a minute for a whole account.
LOOKED_AT_EVERY = timedelta(minutes=1)
TRIED_AGAIN_AFTER = timedelta(seconds=15)
KNOWN_FOR = timedelta(minutes=3)
_MOVES_WITHIN = timedelta(seconds=15)
_WAITS_IN_LOBBY = "in_waiting_room"


@dataclass(frozen=True, slots=True)
class _Look:
    """One look at the dashboard: who it shows as there, and which connections as gone."""

    at: Instant
    there: tuple[Seen, ...]
    gone: frozenset[str]


@dataclass(frozen=True)
class AttendanceBook:
    """Turns what Zoom says into sightings of guests of ours."""

    meetings: Meetings
    notebook: Notebook
    _looks: dict[str, _Look] = field(default_factory=dict)
    _tried: dict[str, Instant] = field(default_factory=dict)
    _looking: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def sightings(self, event: ZoomEvent) -> tuple[Sighting, ...]:
        """What an event says about a guest; nothing about anybody else."""
        if event.is_host:
            guest = await self.notebook.find(f"host:{event.meeting}")
        else:
            guest = await self.notebook.find(f"guest:{event.meeting}:{event.registrant}")
        if guest is None:
            return ()
        device = event.device or f"host:{event.meeting}"
        lobby = f"lobby:{event.registrant or device}"
        facts = await self._facts(event, guest, device, lobby)
        for fact, connection in facts:
            await self._note(event, guest, fact, connection)
        return tuple(
            Sighting(
                f"{event.id}:{number}", event.meeting, guest, fact, event.at, None, where
            )
            for number, (fact, where) in enumerate(facts)
        )

    async def present(self, meeting: str, now: Instant) -> Sequence[Seen] | None:
        """Who is in a meeting now; nothing when the dashboard has not said for too long."""
        async with self._looking:
            tried = self._tried.get(meeting)
            if tried is None or tried <= now:
                await self._look(meeting, now)
        look = self._looks.get(meeting)
        if look is None or later(look.at, KNOWN_FOR) <= now:
            return None
        return await self._with_messages(meeting, look)

    async def _look(self, meeting: str, now: Instant) -> None:
        """Look at the dashboard, and say when it may be looked at again."""
        try:
            self._looks[meeting] = await self._dashboard(meeting, now)
            self._tried[meeting] = later(now, LOOKED_AT_EVERY)
        except Unavailable:
            self._tried[meeting] = later(now, TRIED_AGAIN_AFTER)

    async def _facts(
        self, event: ZoomEvent, guest: str, device: str, lobby: str
    ) -> list[tuple[Fact, str]]:
        """Each thing an event says, and about which connection.

        Coming in ends waiting at the same instant, so that nobody is gone in between.
        """
        let_in = f"let_in:{event.meeting}:{guest}"
        waits = f"waits:{event.meeting}:{guest}"
        match event.happened:
            case Happened.WAITS:
                await self._keep_newest(waits, event.at)
                return [(Fact.ENTERED, lobby)]
            case Happened.LET_IN:
                await self._keep_newest(let_in, event.at)
                return [(Fact.ENTERED, lobby)]
            case Happened.WAITS_NO_MORE:
                is_let_in = await self._is_near(let_in, event.at)
                return [] if is_let_in else [(Fact.LEFT, lobby)]
            case Happened.CAME:
                return [(Fact.ENTERED, device), (Fact.LEFT, lobby)]
            case Happened.WENT:
                is_put_back = await self._is_near(waits, event.at)
                rest = [] if is_put_back else [(Fact.LEFT, lobby)]
                return [(Fact.LEFT, device), *rest]

    async def _keep_newest(self, key: str, at: Instant) -> None:
        known = await self.notebook.find(key)
        if known is None or _at(known) < at:
            await self.notebook.replace(key, at.isoformat())

    async def _is_near(self, key: str, at: Instant) -> bool:
        known = await self.notebook.find(key)
        return known is not None and abs(_at(known) - at) <= _MOVES_WITHIN

    async def _note(
        self, event: ZoomEvent, guest: str, fact: Fact, connection: str
    ) -> None:
        """Keep the newest word about a connection, for the next look."""
        key = f"seen:{event.meeting}:{connection}"
        known = await self.notebook.find(key)
        if known is None or _at(json.loads(known)["at"]) <= event.at:
            word = {
                "at": event.at.isoformat(),
                "guest": guest,
                "in": fact is Fact.ENTERED,
                "host": event.is_host,
            }
            await self.notebook.replace(key, json.dumps(word))

    async def _dashboard(self, meeting: str, now: Instant) -> _Look:
        people = await self.meetings.people(meeting)
        owner = await self.notebook.find(f"owner:{meeting}")
        there, gone = list[Seen](), set[str]()
        for each in people:
            registrant = str(each.get("registrant_id") or "")
            connection = _connection(each, registrant)
            if each.get("leave_time"):
                gone.add(connection)
                continue
            is_host = bool(owner) and each.get("id") == owner
            key = f"host:{meeting}" if is_host else f"guest:{meeting}:{registrant}"
            guest = await self.notebook.find(key)
            if guest is not None:
                there.append(Seen(guest, connection, is_host=is_host))
        return _Look(now, tuple(there), frozenset(gone))

    async def _with_messages(self, meeting: str, look: _Look) -> Sequence[Seen]:
        """A look, put right by every message about a connection that it contradicts."""
        seen = {each.connection: each for each in look.there}
        prefix = f"seen:{meeting}:"
        for key, value in (await self.notebook.under(prefix)).items():
            word: Mapping[str, Any] = json.loads(value)
            connection = key.removeprefix(prefix)
            if not word["in"]:
                seen.pop(connection, None)
            elif connection not in look.gone:
                seen[connection] = Seen(word["guest"], connection, is_host=word["host"])
        return tuple(seen.values())


def _connection(someone: Mapping[str, Any], registrant: str) -> str:
    if someone.get("status") == _WAITS_IN_LOBBY:
        return f"lobby:{registrant}"
    return str(someone.get("participant_uuid") or someone.get("user_id") or registrant)


def _at(text: str) -> Instant:
    return Instant(datetime.fromisoformat(text))
