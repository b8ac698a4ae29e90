"""Rooms at Zoom, as a video service among others."""

from collections.abc import Callable, Mapping, Sequence

import aiohttp

from vioP.domain.errors import Unavailable
from vioP.domain.ids import SessionId
from vioP.domain.room import Guest, Heard, Proof, Seen
from vioP.domain.time import Instant
from vioP.video.notebook import Notebook
from vioP.video.zoom.account import ZoomAccount, ZoomChoices
from vioP.video.zoom.attendance import AttendanceBook
from vioP.video.zoom.meetings import Meetings
from vioP.video.zoom.messages import challenge_answer, event_of, message_of, require_zoom


class ZoomRooms:
    """Rooms at Zoom.

    Zoom proves who waits and who came in, by the registrant a link belongs to. It does not
    say whose camera or microphone is on, and nobody can be taken out of a running meeting
    through it: a link is denied, and whoever is inside is for the host to remove.
    """

    name = "zoom"
    proves = frozenset({Proof.LOBBY, Proof.JOINED})
    is_ours = False
    puts_out = False

    def __init__(
        self,
        choices: ZoomChoices,
        http: aiohttp.ClientSession,
        notebook: Notebook,
        now: Callable[[], Instant],
        house_key: bytes,
    ) -> None:
        account = ZoomAccount(choices, http, now)
        self._choices = choices
        self._now = now
        self._meetings = Meetings(choices, account, notebook, house_key)
        self._book = AttendanceBook(self._meetings, notebook)

    @property
    def looks(self) -> bool:
        """Whether the account's plan has a dashboard to look at."""
        return self._choices.dashboard

    async def ensure(self, session_id: SessionId) -> str:
        """The number of a session's meeting, which is made if need be.

        Raises:
            Unavailable: Zoom did not answer in time, or refused.
        """
        return await self._meetings.ensure(session_id)

    async def door(self, session_id: SessionId, guest: Guest) -> str:
        """A registrant's own link, or for a host the link that begins the meeting.

        Raises:
            Unavailable: Zoom did not answer in time, or refused.
        """
        for _ in range(2):
            meeting = await self._meetings.ensure(session_id)
            address = await self._address(meeting, guest)
            if address is not None:
                return address
            await self._meetings.lost(session_id)  # taken away at Zoom: make another
        raise Unavailable("Zoom does not keep this meeting. Try again.")

    async def revoke(self, session_id: SessionId, guest_id: str) -> None:
        """Deny a guest's link from now on. Whoever is inside is for the host to remove.

        Raises:
            Unavailable: Zoom did not answer in time, or refused.
        """
        meeting = await self._meetings.of(session_id)
        if meeting is not None:
            await self._meetings.deny(meeting, guest_id)

    async def present(self, session_id: SessionId) -> Sequence[Seen] | None:
        """Who is in a meeting now; nothing where the plan does not let us ask, or Zoom fails."""
        meeting = await self._meetings.of(session_id)
        if meeting is None or not self.looks:
            return None
        return await self._book.present(meeting, self._now())

    async def verify(self, headers: Mapping[str, str], raw: bytes, now: Instant) -> Heard:
        """What a webhook says, and the answer when Zoom asks whether we know the secret.

        Raises:
            Forged: Its signature is wrong, or it is more than five minutes old.
        """
        secret = require_zoom(headers, raw, self._choices.hook_secrets, now)
        message = message_of(raw)
        answer = challenge_answer(message, secret)
        event = event_of(message, raw)
        sightings = await self._book.sightings(event) if event else ()
        return Heard(sightings, answer)

    async def close(self, session_id: SessionId) -> None:
        """End a meeting for everybody.

        Raises:
            Unavailable: Zoom did not answer in time, or refused.
        """
        meeting = await self._meetings.of(session_id)
        if meeting is not None:
            await self._meetings.end(session_id, meeting)

    async def _address(self, meeting: str, guest: Guest) -> str | None:
        if guest.is_host:
            return await self._meetings.start_url(meeting, guest)
        registrant = await self._meetings.register(meeting, guest)
        return registrant.url if registrant else None
