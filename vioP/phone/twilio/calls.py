"""Calls through Twilio.

Twilio has no key that would make a second order harmless. So an order is looked up before
it is given: by number and time, among the calls we do not know already.
Source: twilio.com/docs/voice/api/call-resource.
"""

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import quote

from vioP.domain.call import PhoneCall
from vioP.domain.carrier import Say
from vioP.phone.call_book import CallBook
from vioP.phone.errors import CarrierRefusesUs
from vioP.phone.twilio.api import TwilioApi, created, may_be_since
from vioP.phone.twilio.line import TwilioLine
from vioP.phone.twilio.twiml import twiml

# Twilio adds so much to the time it is told to let a phone ring.
RING_BUFFER = timedelta(seconds=5)
_SHORTEST_RING = timedelta(seconds=5)
_LONGEST_CALL = timedelta(hours=4)
_LISTENS_FOR = timedelta(seconds=5)
_EVENTS = ("initiated", "ringing", "answered", "completed")


@dataclass(frozen=True, slots=True)
class TwilioPhone:
    """A telephone at Twilio."""

    api: TwilioApi
    book: CallBook

    async def place(self, call: PhoneCall) -> str:
        """Ring a number, unless it rings already under this key.

        Raises:
            Unavailable: Twilio did not answer, or refused us.
            NumberRefused: Twilio will never ring this number.
        """
        found = await self.find(call.key)
        if found is not None:
            return found
        sid = await self.api.create("Calls", _order(self.api.line, call))
        if not sid:
            raise CarrierRefusesUs
        return sid

    async def find(self, key: str) -> str | None:
        """What Twilio calls a call of this key, or nothing when it has none.

        Raises:
            Unavailable: Twilio did not answer; nothing is known.
        """
        begun = await self.book.begun(key)
        if begun is None or begun.reference is not None:
            return begun.reference if begun else None
        since = may_be_since(begun.at)
        calls = await self.api.listed("Calls", To=begun.to, From=self.api.line.number)
        found = [
            each
            for each in calls
            if each["direction"] == "outbound-api"
            and each["sid"] not in begun.others
            and created(each) >= since
        ]
        return str(min(found, key=created)["sid"]) if found else None

    async def end(self, reference: str, say: str) -> None:
        """Stop a call: while it rings at once, once it is answered after a word.

        Raises:
            Unavailable: Twilio did not answer; try again.
        """
        call = f"Calls/{quote(reference, safe='')}"
        # This stops a call that rings, and leaves one alone that was answered.
        status = await self.api.change(call, ("Status", "canceled"))
        if status == "in-progress":
            await self.api.change(call, ("Twiml", twiml(Say(say), self.api.line)))


def _order(line: TwilioLine, call: PhoneCall) -> list[tuple[str, str]]:
    ring = max(call.ring - RING_BUFFER, _SHORTEST_RING)
    status = line.hook("status", call=call.key)
    fields = [
        ("To", call.to),
        ("From", line.number),
        ("Url", line.hook("answer", call=call.key)),
        ("Timeout", _seconds(ring)),
        ("TimeLimit", _seconds(_LONGEST_CALL)),
        ("StatusCallback", status),
        *(("StatusCallbackEvent", each) for each in _EVENTS),
    ]
    if line.screens:
        # A mailbox is hung up on before a word is said.
        fields += [
            ("MachineDetection", "Enable"),
            ("MachineDetectionTimeout", _seconds(_LISTENS_FOR)),
        ]
    return fields


def _seconds(span: timedelta) -> str:
    return str(round(span.total_seconds()))
