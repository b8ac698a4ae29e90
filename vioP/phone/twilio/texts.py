"""Texts through Twilio.

Twilio has no key that would make a second order harmless. A text that may have left before
is looked up, by its number, its words and the time, and sent only when it is not there.
Source: twilio.com/docs/messaging/api/message-resource.
"""

from dataclasses import dataclass

from vioP.domain.message import Text
from vioP.phone.call_book import CallBook
from vioP.phone.errors import CarrierRefusesUs
from vioP.phone.twilio.api import TwilioApi, created, may_be_since


@dataclass(frozen=True, slots=True)
class TwilioTexts:
    """Texts that leave through Twilio."""

    api: TwilioApi
    book: CallBook

    async def send(self, text: Text) -> str:
        """Hand a text over, unless it has left already.

        Raises:
            Unavailable: Twilio did not answer, or refused us; try again.
            NumberRefused: Twilio will never write to this number.
            OptedOutThere: Whoever has the number wants no texts from us.
        """
        found = await self._found(text)
        if found is not None:
            return found
        line = self.api.line
        sender = (
            ("MessagingServiceSid", line.service) if line.service else ("From", line.number)
        )
        fields = [
            ("To", text.to),
            sender,
            ("Body", text.body),
            ("StatusCallback", line.hook("text-status", text=text.key)),
        ]
        sid = await self.api.create("Messages", fields)
        if not sid:
            raise CarrierRefusesUs
        return sid

    async def _found(self, text: Text) -> str | None:
        """What Twilio calls a text that may have left before, or nothing."""
        begun = await self.book.begun_text(text.key)
        if begun is None:
            return None
        since = may_be_since(begun.at)
        texts = await self.api.listed("Messages", To=text.to)
        found = [
            each
            for each in texts
            if each["body"] == text.body
            and each["direction"] == "outbound-api"
            and each["sid"] not in begun.others
            and created(each) >= since
        ]
        return str(min(found, key=created)["sid"]) if found else None
