"""From settings to what calls, what texts, and what tells us how both go.

A telephone by SIP leads into our own rooms, and is opened with them.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp

from vioP.meeting import CarrierHooks, Telephone
from vioP.phone.call_book import RowBook
from vioP.phone.folder import FolderPhone
from vioP.phone.outbox import FolderTexts
from vioP.phone.twilio.api import TwilioApi
from vioP.phone.twilio.calls import TwilioPhone
from vioP.phone.twilio.hooks import TwilioHooks
from vioP.phone.twilio.texts import TwilioTexts
from vioP.ports import TextsOut
from vioP.settings import Settings
from vioP.storage import Store


@dataclass(frozen=True, slots=True)
class PhoneServices:
    """What calls, what texts, and what tells us how both go."""

    telephone: Telephone | None
    texts: TextsOut
    carrier: CarrierHooks | None = None


@asynccontextmanager
async def open_phones(settings: Settings, store: Store) -> AsyncIterator[PhoneServices]:
    """Twilio where it is chosen; the demo calls and texts nobody outside."""
    folder_texts = FolderTexts(settings.data / "texts")
    calls = settings.phone.provider == "twilio"
    texts = settings.texts.provider == "twilio"
    if settings.demo:
        yield PhoneServices(FolderPhone(settings.data / "calls"), folder_texts)
        return
    if not calls and not texts:
        yield PhoneServices(None, folder_texts)
        return
    line, book = settings.twilio.as_line(settings.public_url()), RowBook(store)
    async with aiohttp.ClientSession() as http:
        api = TwilioApi(line, http)
        yield PhoneServices(
            TwilioPhone(api, book) if calls else None,
            TwilioTexts(api, book) if texts else folder_texts,
            TwilioHooks(line),
        )
