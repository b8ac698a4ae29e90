"""Twilio: what is asked of it, what its refusals mean, and who may say that they are Twilio."""

import base64
import hashlib
import hmac
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlencode

import aiohttp
import pytest
from multidict import CIMultiDict, MultiDict
from twilio.request_validator import RequestValidator

from tests.carrier import KnownCalls
from tests.make import NINE
from tests.twilio_server import ACCOUNT, OURS, PUBLIC, SHARED, TOKEN, Somebody, TwilioServer
from vioP.domain.call import PhoneCall
from vioP.domain.carrier import Ask, Connect, Forward, Noted, Say, WriteBack
from vioP.domain.errors import Missing, VioPError
from vioP.domain.message import Text
from vioP.phone.errors import (
    CarrierAway,
    CarrierBusy,
    CarrierRefusesUs,
    NotFromCarrier,
    NumberRefused,
    OptedOutThere,
)
from vioP.phone.twilio.api import TwilioApi
from vioP.phone.twilio.calls import TwilioPhone
from vioP.phone.twilio.hooks import TwilioHooks
from vioP.phone.twilio.line import TwilioLine
from vioP.phone.twilio.signature import is_signed
from vioP.phone.twilio.texts import TwilioTexts
from vioP.phone.twilio.twiml import twiml

NUMBER = "+13035550101"
CALL = PhoneCall("call:sea_1:0:phone", NUMBER, "This is Example Health.")
TEXT = Text("nudge:sea_1:0:sms", NUMBER, "Example Health: your appointment has started.")
LINE = TwilioLine(ACCOUNT, TOKEN, OURS, PUBLIC, shared_keys=SHARED)
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
async def server() -> AsyncIterator[TwilioServer]:
    async with TwilioServer().running() as running:
        yield running


@pytest.fixture
async def api(server: TwilioServer) -> AsyncIterator[TwilioApi]:
    async with aiohttp.ClientSession() as http:
        yield TwilioApi(server.line(), http)


@pytest.fixture
def telephone(api: TwilioApi) -> TwilioPhone:
    return TwilioPhone(api, KnownCalls({CALL.key: NUMBER}))


async def test_a_call_is_ordered_with_its_key_in_the_callbacks(
    server: TwilioServer, telephone: TwilioPhone
):
    await telephone.place(CALL)

    [(_, fields)] = server.orders
    key = "call%3Asea_1%3A0%3Aphone"
    assert fields == [
        ("To", NUMBER),
        ("From", OURS),
        ("Url", f"{PUBLIC}/hooks/phone/twilio/answer?call={key}"),
        ("Timeout", "20"),  # 25 seconds, less the five that Twilio adds
        ("TimeLimit", "14400"),
        ("StatusCallback", f"{PUBLIC}/hooks/phone/twilio/status?call={key}"),
        ("StatusCallbackEvent", "initiated"),
        ("StatusCallbackEvent", "ringing"),
        ("StatusCallbackEvent", "answered"),
        ("StatusCallbackEvent", "completed"),
        ("MachineDetection", "Enable"),
        ("MachineDetectionTimeout", "5"),
    ]


async def test_a_call_whose_order_was_never_answered_is_found_and_not_placed_again(
    server: TwilioServer, telephone: TwilioPhone
):
    server.hangs = 1
    with pytest.raises(CarrierAway):
        await telephone.place(CALL)

    [placed] = server.to(NUMBER)
    assert await telephone.find(CALL.key) == placed["sid"]
    assert await telephone.place(CALL) == placed["sid"]
    assert len(server.to(NUMBER)) == 1


async def test_an_older_call_one_of_another_key_and_one_they_made_are_not_taken_for_ours(
    server: TwilioServer, api: TwilioApi
):
    server.now = lambda: NINE - timedelta(minutes=4)
    older = TwilioPhone(api, KnownCalls())
    await older.place(CALL)
    server.now = lambda: NINE
    known = await older.place(CALL)
    theirs = await older.place(CALL)
    server.calls[theirs]["direction"] = "inbound"

    telephone = TwilioPhone(api, KnownCalls({CALL.key: NUMBER}, others=frozenset({known})))

    assert await telephone.find(CALL.key) is None


async def test_a_ringing_call_is_cancelled_and_an_answered_one_hears_a_word(
    server: TwilioServer, telephone: TwilioPhone
):
    ringing = await telephone.place(CALL)
    await telephone.end(ringing, "Goodbye.")
    await server.settled()
    assert server.calls[ringing]["status"] == "canceled"
    assert server.said[ringing] == []

    answered = await TwilioPhone(telephone.api, KnownCalls()).place(CALL)
    server.calls[answered]["status"] = "in-progress"
    await telephone.end(answered, "You are connected already. Goodbye.")
    await server.settled()
    assert server.said[answered] == ["|", "You are connected already. Goodbye."]
    assert server.calls[answered]["status"] == "completed"

    await telephone.end(answered, "And again.")
    assert server.said[answered] == ["|", "You are connected already. Goodbye."]


@pytest.mark.parametrize(
    ("status", "code", "meant"),
    [
        (400, 21211, NumberRefused),
        (400, 21610, OptedOutThere),
        (400, 21606, CarrierRefusesUs),
        (401, 20003, CarrierRefusesUs),
        (403, 20005, CarrierRefusesUs),
        (429, 20429, CarrierBusy),
        (500, 20500, CarrierAway),
        (503, 0, CarrierAway),
    ],
)
async def test_a_refusal_is_the_numbers_fault_or_ours_or_nobodys(
    server: TwilioServer, api: TwilioApi, status: int, code: int, meant: type[VioPError]
):
    server.status, server.code = status, code

    with pytest.raises(meant):
        await TwilioTexts(api, KnownCalls()).send(TEXT)


async def test_what_is_no_answer_at_all_leaves_it_unknown(api: TwilioApi):
    nowhere = TwilioApi(replace(LINE, api="http://127.0.0.1:9"), api.http)

    with pytest.raises(CarrierAway):
        await TwilioTexts(nowhere, KnownCalls()).send(TEXT)


async def test_a_text_that_may_have_left_is_looked_up_first(
    server: TwilioServer, api: TwilioApi
):
    texts = TwilioTexts(api, KnownCalls())
    earlier = await texts.send(TEXT)  # the same words, of another absence
    server.hangs = 1
    with pytest.raises(CarrierAway):
        await texts.send(TEXT)
    book = KnownCalls(texts=frozenset({TEXT.key}), others=frozenset({earlier}))

    found = await TwilioTexts(api, book).send(TEXT)

    assert list(server.texts) == [earlier, found]


async def test_a_messaging_service_sends_in_place_of_the_number(
    server: TwilioServer, api: TwilioApi
):
    service = TwilioApi(server.line(service="MG" + "0" * 32), api.http)

    await TwilioTexts(service, KnownCalls()).send(TEXT)

    [(_, fields)] = server.orders
    assert ("MessagingServiceSid", "MG" + "0" * 32) in fields
    assert "From" not in dict(fields)


def test_what_is_said_is_written_so_that_no_word_becomes_an_order():
    assert twiml(Say("a < b & <Dial>"), LINE).endswith(
        "<Response><Say>a &lt; b &amp; &lt;Dial&gt;</Say><Hangup/></Response>"
    )
    assert twiml(Ask("call:1", "Press 1.", 2), LINE).endswith(
        '<Response><Gather input="dtmf" numDigits="1" timeout="8" '
        f'action="{PUBLIC}/hooks/phone/twilio/keys?call=call%3A1&amp;turn=2" '
        'actionOnEmptyResult="true"><Say>Press 1.</Say></Gather></Response>'
    )
    waits = twiml(Connect("abc", "Hold."), LINE)
    assert 'startConferenceOnEnter="false">abc</Conference>' in waits
    assert 'startConferenceOnEnter="true"' in twiml(Connect("abc", "", is_host=True), LINE)
    assert "<Dial>+13035550100</Dial>" in twiml(Forward(OURS, "Hello."), LINE)
    assert twiml(WriteBack("a & b"), LINE).endswith(
        "<Message>a &amp; b</Message></Response>"
    )
    assert twiml(WriteBack(), LINE).endswith("<Response></Response>")
    assert twiml(Noted(), LINE).endswith("<Response></Response>")


# ---- signatures --------------------------------------------------------------------------

FIELDS = [("CallSid", "CA1"), ("CallStatus", "completed"), ("Digits", "1 "), ("Dup", "b"),
          ("Dup", "a"), ("Dup", "a"), ("Empty", ""), ("Name", "Zoë 日本")]  # fmt: skip
TARGET = "/hooks/phone/twilio/status?call=call%3Asea_1%3A0%3Aphone"
NEW = {
    "X-Twilio-Webhooks-Signature-Settings": "key=webhooks_sharedkey_1,algorithm=HMAC_SHA256"
}


def headers(signature: str, more: dict[str, str] | None = None, kind: str = FORM):
    return CIMultiDict(
        {"X-Twilio-Signature": signature, "Content-Type": kind} | (more or {})
    )


@pytest.mark.parametrize(
    ("secret", "algorithm", "more"),
    [
        (TOKEN, None, {}),
        (SHARED["webhooks_sharedkey_1"], "HMAC_SHA256", NEW),
    ],
)
def test_both_kinds_of_signature_are_those_of_twilios_own_library(secret, algorithm, more):
    signature = RequestValidator(secret).compute_signature(
        PUBLIC + TARGET, MultiDict(FIELDS), algorithm
    )
    raw = urlencode(FIELDS).encode()

    assert is_signed(LINE, TARGET, headers(signature, more), raw)
    for target, signed, body in (
        (TARGET, headers(signature, more), raw.replace(b"completed", b"no-answer")),
        (TARGET, headers(signature, more), raw + b"&x=1"),
        (TARGET + "&x=1", headers(signature, more), raw),
        (TARGET, headers(signature[:-4] + "AAA=", more), raw),
        (TARGET, headers("no base64!", more), raw),
        (TARGET, headers("", more), raw),
        (TARGET, headers(signature, more, "text/plain"), raw),
    ):
        assert not is_signed(LINE, target, signed, body)


def test_a_shared_keys_signature_is_no_tokens_and_an_unknown_key_proves_nothing():
    raw = urlencode(FIELDS).encode()
    shared = RequestValidator(SHARED["webhooks_sharedkey_1"]).compute_signature(
        PUBLIC + TARGET, MultiDict(FIELDS), "HMAC_SHA256"
    )
    empty = base64.b64encode(hmac.digest(b"", b"", "sha256")).decode()

    for settings in (
        "",
        "key=another,algorithm=HMAC_SHA256",
        "key=webhooks_sharedkey_1,algorithm=HMAC_MD5",
        "key=webhooks_sharedkey_1",
    ):
        more = {"X-Twilio-Webhooks-Signature-Settings": settings} if settings else {}
        assert not is_signed(LINE, TARGET, headers(shared, more), raw)
        assert not is_signed(LINE, TARGET, headers(empty, more), raw)


@pytest.mark.parametrize(
    ("public", "signed"),
    [
        (PUBLIC, f"{PUBLIC}:443"),
        (f"{PUBLIC}:443", PUBLIC),
        ("https://viop.example/under", "https://viop.example/under"),
    ],
)
def test_an_address_is_the_same_with_the_port_it_has_anyway(public: str, signed: str):
    line = TwilioLine(ACCOUNT, TOKEN, OURS, public)
    signature = RequestValidator(TOKEN).compute_signature(
        signed + TARGET, MultiDict(FIELDS)
    )

    assert is_signed(line, TARGET, headers(signature), urlencode(FIELDS).encode())


def test_a_body_that_is_no_form_is_covered_by_its_digest_in_the_address():
    raw = b'{"property": "value", "boolean": true}'
    target = f"{TARGET}&bodySHA256={hashlib.sha256(raw).hexdigest()}"
    signature = RequestValidator(TOKEN).compute_signature(PUBLIC + target, {})
    assert RequestValidator(TOKEN).validate(PUBLIC + target, raw.decode(), signature)

    assert is_signed(LINE, target, headers(signature, kind="application/json"), raw)
    assert not is_signed(
        LINE, target, headers(signature, kind="application/json"), raw + b" "
    )
    bare = RequestValidator(TOKEN).compute_signature(PUBLIC + TARGET, {})
    assert not is_signed(LINE, TARGET, headers(bare, kind="application/json"), raw)


def test_the_vector_that_twilio_publishes():
    line = TwilioLine(ACCOUNT, "12345", OURS, "https://mycompany.com")
    fields = {"CallSid": "CA1234567890ABCDE", "Caller": "+14158675309", "Digits": "1234",
              "From": "+14158675309", "To": "+18005551212"}  # fmt: skip

    assert is_signed(
        line,
        "/myapp.php?foo=1&bar=2",
        headers("RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        urlencode(fields).encode(),
    )


# ---- what is told ------------------------------------------------------------------------


def read(event: str, **given: str):
    raw = urlencode({"AccountSid": ACCOUNT} | given).encode()
    return TwilioHooks(LINE).read(f"/hooks/phone/twilio/{event}", raw)


def test_what_is_told_of_another_account_or_without_its_name_is_refused():
    with pytest.raises(NotFromCarrier):
        read("status?call=k", AccountSid="AC" + "f" * 32, CallSid="CA1", CallStatus="busy")
    with pytest.raises(NotFromCarrier):
        read("status?call=k", CallSid="CA1")
    with pytest.raises(NotFromCarrier):
        read("keys?call=k&turn=x", CallSid="CA1")
    with pytest.raises(Missing):
        read("nothing")


@pytest.mark.parametrize(
    ("given", "state", "over"),
    [
        ({"CallStatus": "initiated"}, None, False),
        ({"CallStatus": "ringing"}, "ringing", False),
        ({"CallStatus": "in-progress"}, "answered", False),
        ({"CallStatus": "completed"}, "no_key", True),
        ({"CallStatus": "busy"}, "busy", True),
        ({"CallStatus": "busy", "SipResponseCode": "603"}, "declined", True),
        ({"CallStatus": "no-answer"}, "no_answer", True),
        ({"CallStatus": "failed"}, "failed", True),
        ({"CallStatus": "canceled"}, "cancelled", True),
    ],
)
def test_each_status_of_a_call_is_one_of_ours(given, state, over):
    told = read("status?call=k", CallSid="CA1", **given)

    assert (told.state, told.is_over, told.key, told.reference) == (state, over, "k", "CA1")


def test_a_text_that_twilio_answers_by_itself_is_known():
    def answered(**given: str) -> bool:
        return bool(read("text", MessageSid="SM1", From=NUMBER, **given).is_answered)

    assert answered(Body="STOP")
    assert answered(Body=" Unsubscribe ")
    assert answered(Body="alto", OptOutType="STOP")
    assert not answered(Body="stop calling me")
    assert not answered(Body="C")


@pytest.mark.parametrize(
    ("status", "code", "trouble"),
    [
        ("queued", "", ""),
        ("delivered", "", ""),
        ("undelivered", "30003", "text.lost"),
        ("undelivered", "30006", "text.takes_none"),
        ("undelivered", "30007", "text.blocked"),
        ("failed", "21610", "phone.opted_out_there"),
        ("failed", "", "text.lost"),
    ],
)
def test_why_a_text_did_not_arrive(status: str, code: str, trouble: str):
    told = read(
        "text-status?text=k", MessageSid="SM1", MessageStatus=status, ErrorCode=code
    )

    assert (told.trouble, told.key, told.id) == (trouble, "k", f"SM1:{status}")


async def test_the_other_side_rings_as_long_as_it_was_told():
    people = {NUMBER: Somebody(ends="busy")}
    async with TwilioServer(people).running() as server, aiohttp.ClientSession() as http:
        await TwilioPhone(TwilioApi(server.line(), http), KnownCalls()).place(CALL)
        await server.settled()

        [call] = server.to(NUMBER)
        assert call["status"] == "busy"
