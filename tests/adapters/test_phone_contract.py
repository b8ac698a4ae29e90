"""What every telephone keeps to: the demo's folder, SIP, Twilio, and the fake of the tests."""

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from tests.carrier import FakeCarrier, KnownCalls
from tests.sip_line import choices
from tests.sip_line import telephone as sip_telephone
from tests.sip_phone import SipPhone
from tests.twilio_server import TwilioServer
from vioP.domain.call import ALREADY_HERE, PhoneCall
from vioP.domain.errors import Invalid, Unavailable
from vioP.meeting import Telephone
from vioP.phone.folder import FolderPhone, read_calls
from vioP.phone.twilio.api import TwilioApi
from vioP.phone.twilio.calls import TwilioPhone

CALL = PhoneCall("call:sea_1:0:phone", "+13035550101", "This is Example Health.")
NEVER = PhoneCall("call:sea_2:0:phone", "+13035550999", "This is Example Health.")


@pytest.fixture(params=["folder", "fake", "twilio", "sip"])
async def telephone(
    request: pytest.FixtureRequest, tmp_path: Path
) -> AsyncIterator[Telephone]:
    match request.param:
        case "folder":
            yield FolderPhone(tmp_path)
        case "fake":
            yield FakeCarrier(refuses=frozenset({NEVER.to}))
        case "twilio":
            server = TwilioServer(refuses={NEVER.to: 21211})
            async with server.running(), aiohttp.ClientSession() as http:
                book = KnownCalls({each.key: each.to for each in (CALL, NEVER)})
                yield TwilioPhone(TwilioApi(server.line(), http), book)
        case _:
            sounds = request.getfixturevalue("sounds")
            async with (
                SipPhone.open(tmp_path / "phone", "manual", number=CALL.to) as phone,
                sip_telephone(choices(f"127.0.0.1:{phone.port}"), sounds, tmp_path) as ours,
            ):
                yield ours
                await phone.until("CALL_INCOMING")
                assert phone.count("CALL_INCOMING") == 1  # each test places one call


async def test_a_call_is_placed_once_under_its_key(telephone: Telephone):
    first = await telephone.place(CALL)
    again = await telephone.place(CALL)

    assert first == again


async def test_a_call_is_found_by_its_key_and_no_other_is(telephone: Telephone):
    reference = await telephone.place(CALL)

    assert await telephone.find(CALL.key) == reference
    assert await telephone.find("another") is None


async def test_ending_a_call_twice_is_ending_it_once(telephone: Telephone):
    reference = await telephone.place(CALL)

    await telephone.end(reference, ALREADY_HERE)
    await telephone.end(reference, "and again")
    await telephone.end("unknown", ALREADY_HERE)

    assert await telephone.find(CALL.key) == reference


async def test_a_number_that_is_refused_for_good_says_so():
    server = TwilioServer(refuses={NEVER.to: 21211})
    async with server.running(), aiohttp.ClientSession() as http:
        api = TwilioApi(server.line(), http)
        for telephone in (
            FakeCarrier(refuses=frozenset({NEVER.to})),
            TwilioPhone(api, KnownCalls({NEVER.key: NEVER.to})),
        ):
            with pytest.raises(Invalid):
                await telephone.place(NEVER)

            assert await telephone.find(NEVER.key) is None


async def test_the_folder_shows_what_rings_and_what_was_said(tmp_path: Path):
    telephone = FolderPhone(tmp_path)
    reference = await telephone.place(CALL)
    [ringing] = read_calls(tmp_path)
    assert (ringing.to, ringing.prompt, ringing.said) == (CALL.to, CALL.prompt, "")

    await telephone.end(reference, ALREADY_HERE)
    await telephone.end(reference, "and again")

    [ended] = read_calls(tmp_path)
    assert ended.said == ALREADY_HERE


async def test_a_folder_that_cannot_be_written_says_so(tmp_path: Path):
    (tmp_path / "file").write_text("")

    with pytest.raises(Unavailable, match="cannot be written"):
        await FolderPhone(tmp_path / "file").place(CALL)
