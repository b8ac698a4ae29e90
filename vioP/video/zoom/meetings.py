"""Meetings at Zoom: one for each session, made once however many ask; one registrant a guest.

Source: developers.zoom.us, Meeting APIs: create, get, update status, delete a meeting; add a
registrant, update a registrant's status; List meeting participants (dashboard).
"""

import asyncio
import hmac
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from vioP.domain.ids import SessionId
from vioP.domain.room import Guest
from vioP.video.notebook import Notebook
from vioP.video.zoom.account import NotAllowed, ZoomAccount, ZoomChoices

_SCHEDULED = 2
_HOURS = 4
_DASHBOARD = "dashboard"
_PAGE = 300


@dataclass(frozen=True, slots=True)
class Registrant:
    """A guest as Zoom knows them: a link that lets in one device at a time, as them alone."""

    id: str
    url: str


@dataclass(frozen=True, slots=True)
class Meetings:
    """Makes meetings and registrants, and notes what Zoom calls them."""

    choices: ZoomChoices
    account: ZoomAccount
    notebook: Notebook
    house_key: bytes
    _making: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def of(self, session_id: SessionId) -> str | None:
        """The number of a session's meeting, or nothing while it has none."""
        return await self.notebook.find(f"meeting:{session_id}")

    async def ensure(self, session_id: SessionId) -> str:
        """The number of a session's meeting, which is made if need be.

        Raises:
            Unavailable: Zoom did not answer in time, or refused.
        """
        known = await self.of(session_id)
        if known is not None:
            return known
        async with self._making:
            return await self.of(session_id) or await self._first(session_id)

    async def _first(self, session_id: SessionId) -> str:
        """Make a meeting, unless another process was faster: then everybody goes there."""
        made = await self._make(session_id)
        stands = await self.notebook.keep(f"meeting:{session_id}", made)
        if stands != made:
            await self.account.ask("DELETE", f"/meetings/{made}")
        return stands

    async def lost(self, session_id: SessionId) -> None:
        """Zoom does not know a session's meeting any more: forget it."""
        await self.notebook.drop(f"meeting:{session_id}")

    async def register(self, meeting: str, guest: Guest) -> Registrant | None:
        """A guest's registrant, the same at every ask; nothing when the meeting is gone.

        Raises:
            Unavailable: Zoom did not answer in time, or refused.
        """
        known = await self._registrant(meeting, guest.id)
        if known is not None and await self._is_out(meeting, guest.id):
            await self._decide(meeting, known.id, "approve")
            await self.notebook.drop(f"out:{meeting}:{guest.id}")
        if known is not None:
            return known
        wish = {
            "email": self._address(guest.id),
            "first_name": guest.name,
            "auto_approve": True,
        }
        made = await self.account.ask("POST", f"/meetings/{meeting}/registrants", json=wish)
        if made is None:
            return None
        registrant = Registrant(str(made["registrant_id"]), str(made["join_url"]))
        await self.notebook.keep(f"guest:{meeting}:{registrant.id}", guest.id)
        value = json.dumps({"id": registrant.id, "url": registrant.url})
        return _registrant(await self.notebook.keep(f"door:{meeting}:{guest.id}", value))

    async def start_url(self, meeting: str, host: Guest) -> str | None:
        """Where a host begins a meeting as its owner; nothing when the meeting is gone."""
        found = await self.account.ask("GET", f"/meetings/{meeting}")
        if found is None:
            return None
        await self.notebook.replace(f"host:{meeting}", host.id)
        return str(found["start_url"])

    async def deny(self, meeting: str, guest_id: str) -> None:
        """Make a guest's link open nothing any more; whoever has none is left alone."""
        known = await self._registrant(meeting, guest_id)
        if known is None or await self._is_out(meeting, guest_id):
            return
        await self._decide(meeting, known.id, "deny")
        await self.notebook.keep(f"out:{meeting}:{guest_id}", "denied")

    async def end(self, session_id: SessionId, meeting: str) -> None:
        """End a meeting for everybody and take it away."""
        with suppress(NotAllowed):  # it is not running; the next request shows if it is
            await self.account.ask(
                "PUT", f"/meetings/{meeting}/status", json={"action": "end"}
            )
        await self.account.ask("DELETE", f"/meetings/{meeting}")
        await self.lost(session_id)

    async def people(self, meeting: str) -> Sequence[Mapping[str, Any]]:
        """Everybody the dashboard has seen in a running meeting; nobody when it is not running.

        Raises:
            Unavailable: Zoom did not answer in time, refused, or asks us to wait.
        """
        found, more = list[Mapping[str, Any]](), ""
        while True:
            page = await self.account.ask(
                "GET",
                f"/metrics/meetings/{meeting}/participants",
                limit=_DASHBOARD,
                params={
                    "type": "live",
                    "page_size": _PAGE,
                    "include_fields": "registrant_id",
                }
                | ({"next_page_token": more} if more else {}),
            )
            if page is None:
                return found
            found += page.get("participants", ())
            more = str(page.get("next_page_token") or "")
            if not more:
                return found

    async def _make(self, session_id: SessionId) -> str:
        """A new meeting of the session's own host, or of the house's where they have no account."""
        hosts = (await self.notebook.host_address(session_id), self.choices.fallback_host)
        for host in filter(None, hosts):
            path = f"/users/{quote(host, safe='@')}/meetings"
            made = await self.account.ask("POST", path, json=self._wish())
            if made is not None:
                meeting = str(made["id"])
                await self.notebook.replace(
                    f"owner:{meeting}", str(made.get("host_id", ""))
                )
                return meeting
        raise NotAllowed(
            f"No host of {session_id} has an account at Zoom. "
            "Give them one with the mail address they have here, or set video.zoom.host."
        )

    def _wish(self) -> dict[str, Any]:
        """How our meetings are: private, unrecorded, and nobody is written to by Zoom."""
        return {
            "topic": self.choices.topic,
            "type": _SCHEDULED,
            "duration": _HOURS * 60,
            "settings": {
                "approval_type": 0,
                "waiting_room": self.choices.waiting_room,
                "join_before_host": False,
                "auto_recording": "none",
                "use_pmi": False,
                "private_meeting": True,
                "show_share_button": False,
                "email_notification": False,
                "registrants_confirmation_email": False,
                "registrants_email_notification": False,
                "allow_multiple_devices": False,
            },
        }

    def _address(self, guest_id: str) -> str:
        """A mail address Zoom can tell guests apart by, and that says nothing about anybody."""
        digest = hmac.digest(self.house_key, f"zoom:{guest_id}".encode(), "sha256").hex()
        return f"guest-{digest[:24]}@{self.choices.guest_domain}"

    async def _registrant(self, meeting: str, guest_id: str) -> Registrant | None:
        value = await self.notebook.find(f"door:{meeting}:{guest_id}")
        return _registrant(value) if value else None

    async def _is_out(self, meeting: str, guest_id: str) -> bool:
        return await self.notebook.find(f"out:{meeting}:{guest_id}") is not None

    async def _decide(self, meeting: str, registrant: str, action: str) -> None:
        wish = {"action": action, "registrants": [{"id": registrant}]}
        await self.account.ask("PUT", f"/meetings/{meeting}/registrants/status", json=wish)


def _registrant(value: str) -> Registrant:
    return Registrant(**json.loads(value))
