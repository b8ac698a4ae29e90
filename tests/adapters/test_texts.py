"""What every way of texting keeps to: a folder, Twilio over HTTP, and the fake of the tests."""

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from tests.carrier import KnownCalls
from tests.make import Pocket
from tests.twilio_server import TwilioServer
from vioP.domain.errors import Unavailable
from vioP.domain.message import Text
from vioP.phone.outbox import FolderTexts, read_texts
from vioP.phone.twilio.api import TwilioApi
from vioP.phone.twilio.texts import TwilioTexts
from vioP.ports import TextsOut

TEXT = Text(
    "nudge:sea_a", "+13035550101", "Example Health: join at https://join.example/j/x"
)
OTHER = Text("nudge:sea_b", "+13035550101", TEXT.body)


@pytest.fixture(params=["folder", "fake", "twilio"])
async def texts(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[TextsOut]:
    if request.param == "folder":
        yield FolderTexts(tmp_path)
        return
    if request.param == "fake":
        yield Pocket()
        return
    server = TwilioServer()
    async with server.running(), aiohttp.ClientSession() as http:
        book = KnownCalls(texts=frozenset({TEXT.key}))
        yield TwilioTexts(TwilioApi(server.line(), http), book)


async def test_the_same_text_again_is_the_same_text(texts: TextsOut):
    first = await texts.send(TEXT)
    again = await texts.send(TEXT)

    assert first == again


async def test_the_same_words_under_another_key_are_another_text(texts: TextsOut):
    assert await texts.send(TEXT) != await texts.send(OTHER)


async def test_the_folder_keeps_a_text_once(tmp_path: Path):
    texts = FolderTexts(tmp_path)

    await texts.send(TEXT)
    await texts.send(TEXT)

    assert read_texts(tmp_path) == (TEXT,)


async def test_a_folder_that_cannot_be_written_is_said_so(tmp_path: Path):
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(Unavailable, match="cannot be written"):
        await FolderTexts(tmp_path / "file" / "texts").send(TEXT)
