"""What we ask of Twilio, and what our Twilio answers, against Twilio's own description."""

import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import aiohttp
import pytest

from tests.adapters.prism import installed, prism
from tests.carrier import KnownCalls
from tests.twilio_server import ACCOUNT, OURS, PUBLIC, TOKEN, Somebody, TwilioServer
from vioP.domain.call import PhoneCall
from vioP.domain.message import Text
from vioP.phone.errors import CarrierAway, NumberRefused
from vioP.phone.twilio.api import TwilioApi
from vioP.phone.twilio.calls import TwilioPhone
from vioP.phone.twilio.line import TwilioLine
from vioP.phone.twilio.texts import TwilioTexts

NUMBER, NEVER = "+13035550101", "+13035550999"
CALL = PhoneCall("call:sea_1:0:phone", NUMBER, "This is Example Health.")
TEXT = Text("nudge:sea_1:0:sms", NUMBER, "Example Health: your appointment has started.")
ROOT = f"/2010-04-01/Accounts/{ACCOUNT}"


@pytest.fixture(scope="module")
def folder() -> Path:
    return installed()


@pytest.fixture(scope="module")
def mock(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with prism(folder, tmp_path_factory.mktemp("mock")) as url:
        yield url


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


def line(url: str) -> TwilioLine:
    return TwilioLine(ACCOUNT, TOKEN, OURS, PUBLIC, api=url)


async def test_twilios_description_takes_our_calls_texts_and_look_ups(
    mock: str, http: aiohttp.ClientSession
):
    api = TwilioApi(line(mock), http)
    book = KnownCalls({CALL.key: NUMBER}, frozenset({TEXT.key}))

    reference = await TwilioPhone(api, KnownCalls()).place(CALL)
    assert re.fullmatch("CA[0-9a-fA-F]{32}", reference)
    await TwilioPhone(api, book).find(CALL.key)
    await TwilioPhone(api, book).end("CA" + "0" * 32, "Goodbye.")
    for service in ("", "MG" + "0" * 32):
        sender = TwilioLine(ACCOUNT, TOKEN, OURS, PUBLIC, service, api=mock)
        texts = TwilioTexts(TwilioApi(sender, http), book)
        assert re.fullmatch("(SM|MM)[0-9a-fA-F]{32}", await texts.send(TEXT))
    for change in (("Status", "canceled"), ("Twiml", "<Response/>")):
        await api.change("Calls/CA" + "0" * 32, change)


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("Calls", {"From": OURS, "Url": PUBLIC}),
        ("Calls", {"To": NUMBER, "From": OURS, "Url": PUBLIC, "Timeout": "soon"}),
        (
            "Calls",
            {"To": NUMBER, "From": OURS, "Url": PUBLIC, "StatusCallbackMethod": "PUT"},
        ),
        ("Calls/CA" + "0" * 32, {"Status": "stopped"}),
        ("Messages", {"From": OURS, "Body": "x"}),
    ],
)
async def test_the_description_refuses_what_twilio_would_refuse(
    mock: str, http: aiohttp.ClientSession, path: str, fields: dict[str, str]
):
    let_in = {"Authorization": aiohttp.encode_basic_auth(ACCOUNT, TOKEN)}

    async with http.post(
        f"{mock}{ROOT}/{path}.json", data=fields, headers=let_in
    ) as answer:
        assert answer.status == 422
    async with http.post(f"{mock}{ROOT}/{path}.json", data=fields) as answer:
        assert answer.status == 401


async def test_our_twilio_answers_as_twilio_describes_itself(
    folder: Path, tmp_path: Path, http: aiohttp.ClientSession
):
    people = {NUMBER: Somebody(picks_up=True, rings=10_000)}
    server = TwilioServer(people, refuses={NEVER: 21211})
    async with server.running():
        with prism(folder, tmp_path, server.base) as checked:
            api = TwilioApi(line(checked), http)
            book = KnownCalls({CALL.key: NUMBER}, frozenset({TEXT.key}))
            telephone, texts = TwilioPhone(api, book), TwilioTexts(api, book)

            reference = await telephone.place(CALL)
            await server.until(reference, "ringing")
            assert await telephone.find(CALL.key) == reference
            await telephone.end(reference, "Goodbye.")
            assert server.calls[reference]["status"] == "canceled"
            assert await texts.send(TEXT) == await texts.send(TEXT)
            with pytest.raises(NumberRefused):
                await telephone.place(PhoneCall("other", NEVER, ""))

            server.calls[reference]["status"] = "exploded"
            with pytest.raises(CarrierAway):
                await telephone.find(CALL.key)
