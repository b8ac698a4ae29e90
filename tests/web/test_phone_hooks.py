"""A missed join through Twilio, over HTTP both ways: it rings, is pressed on, and tells of it."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from urllib.parse import urlencode

import aiohttp
import pytest
from aiohttp.test_utils import TestServer

from tests.flows.test_ring import at, on_the_list, run_due, steps
from tests.make import (
    NINE,
    FixedClock,
    seat_of,
)
from tests.missed_group import group_without_p4
from tests.phone_check import a_phone_check
from tests.twilio_server import PUBLIC, TICK, Somebody, TwilioServer
from vioP.app import create_app
from vioP.domain.attendance import Presence
from vioP.domain.call import ALREADY_HERE, BE_CONNECTED, BRIDGE_PROMPT, NO_MORE
from vioP.domain.contact import Refusal
from vioP.domain.contact_facts import ContactKind
from vioP.domain.delivery import Channel
from vioP.domain.errors import Conflict
from vioP.domain.ids import ParticipantId, SessionId
from vioP.domain.phone_check import digit_of
from vioP.flows.drill import drill
from vioP.flows.hear_carrier import hear_again
from vioP.flows.open_bridge import open_bridge, show_bridge
from vioP.flows.record_join import record_join
from vioP.flows.settle_undelivered import show_undelivered
from vioP.flows.sweep import sweep
from vioP.phone.call_book import RowBook
from vioP.phone.twilio.api import TwilioApi
from vioP.phone.twilio.calls import TwilioPhone
from vioP.phone.twilio.hooks import TwilioHooks
from vioP.phone.twilio.texts import TwilioTexts
from vioP.ports import Ports
from vioP.settings import Settings
from vioP.storage.undelivered import Undelivered

MISSING, HOST = "+13035550104", "+13035550201"
EVENTS = (
    "SELECT event_id, OPENED(carrier_event.body), OPENED(carrier_event.target), done_at, tries"
    " FROM carrier_event ORDER BY received_at"
)


@pytest.fixture
async def twilio(clock: FixedClock) -> AsyncIterator[TwilioServer]:
    server = TwilioServer(repeats=0.5, now=clock.now)
    async with server.running():
        yield server


@pytest.fixture
async def phoned(
    ports: Ports, twilio: TwilioServer, settings: Settings
) -> AsyncIterator[Ports]:
    """A house that calls and texts through Twilio, and is reached by it behind a proxy."""
    line, book = twilio.line(), RowBook(ports.store)
    async with aiohttp.ClientSession() as http:
        api = TwilioApi(line, http)
        phoned = replace(
            ports,
            telephone=TwilioPhone(api, book),
            texts=TwilioTexts(api, book),
            carrier=TwilioHooks(line),
        )
        async with TestServer(create_app(phoned, settings)) as server:
            twilio.reached = str(server.make_url("")).rstrip("/")
            yield phoned


@pytest.fixture
async def session(phoned: Ports) -> SessionId:
    """The group at nine: its host is there and has a phone; p4 is missing, and has one."""
    session_id = await group_without_p4(phoned)
    async with phoned.store.write() as tx:
        await tx.connection.execute(
            "UPDATE staff SET phone = :phone WHERE id = 'c1'", phone=HOST
        )
    return session_id


async def a_moment() -> None:
    await asyncio.sleep(TICK)


async def events(ports: Ports) -> list[dict[str, object]]:
    async with ports.store.read() as tx:
        rows = await tx.connection.fetch(EVENTS)
    return [{name: row[name] for name in row.keys()} for row in rows]  # noqa: SIM118 - a Row


async def lost_texts(ports: Ports) -> list[Undelivered]:
    return [each for each in await show_undelivered(ports) if each.channel is Channel.SMS]


async def outcomes(ports: Ports) -> dict[str, str | None]:
    async with ports.store.read() as tx:
        rows = await tx.connection.fetch("SELECT rung, outcome FROM attempt")
    return {row["rung"]: row["outcome"] for row in rows}


async def standing(ports: Ports, session_id: SessionId) -> Presence:
    async with ports.store.read() as tx:
        session = await tx.live.session(session_id)
    assert session is not None
    return next(each.presence for each in session.seats if each.participant_id == "p4")


async def test_nobody_answers_twice_and_the_ladder_climbs_to_people(
    phoned: Ports, session: SessionId, twilio: TwilioServer
):
    for minute in (3, 6, 7, 10, 11, 12, 15):
        await at(phoned, minute)
        await twilio.settled()

    assert [each["status"] for each in twilio.to(MISSING)] == ["no-answer", "no-answer"]
    assert len(twilio.texts) == 1
    assert await on_the_list(phoned, session) == {"coordinator", "clinician"}
    found = await outcomes(phoned)
    assert found["call"] == found["second_call"] == "no_answer"
    assert set(twilio.answers) == {200}


async def test_pressing_1_connects_with_the_host_whose_phone_rings_too(
    phoned: Ports, session: SessionId, twilio: TwilioServer, clock: FixedClock
):
    twilio.people[MISSING] = Somebody(picks_up=True, keys="1", stays=10_000)
    twilio.people[HOST] = Somebody(picks_up=True, keys="1", stays=10_000)
    await at(phoned, 6)
    [call] = twilio.to(MISSING)
    await twilio.until(call["sid"], "in-progress")
    while not any(twilio.rooms.values()):
        await a_moment()
    await run_due(phoned)
    while [len(each) for each in twilio.rooms.values()] != [2]:
        await a_moment()

    [room] = twilio.rooms.values()
    assert room == [(MISSING, False), (HOST, True)]
    [prompt, connected] = twilio.said[call["sid"]]
    assert prompt.startswith("This is Example Health. To join your appointment by phone")
    assert connected == BE_CONNECTED
    [host] = twilio.to(HOST)
    assert twilio.said[host["sid"]] == [BRIDGE_PROMPT]
    assert await standing(phoned, session) is Presence.PRESENT

    clock.forward(20)
    await twilio.hang_up(call["sid"])

    assert await standing(phoned, session) is Presence.LEFT
    assert len(twilio.to(MISSING)) == 1


@pytest.mark.parametrize(
    ("host", "listed"),
    [
        (Somebody(), True),
        (Somebody(ends="busy"), True),
        (Somebody(picks_up=True, keys="2"), True),
        (Somebody(picks_up=True, keys="1", stays=10_000), False),
    ],
)
async def test_a_host_who_does_not_come_to_the_phone_is_fetched_by_a_coordinator(
    phoned: Ports, session: SessionId, twilio: TwilioServer, host: Somebody, listed: bool
):
    twilio.people[MISSING] = Somebody(picks_up=True, keys="1", stays=10_000)
    twilio.people[HOST] = replace(host)
    await at(phoned, 6)
    while not any(twilio.rooms.values()):
        await a_moment()

    await run_due(phoned)
    async with asyncio.timeout(60):
        while listed and "on_hold" not in await on_the_list(phoned, session):
            await a_moment()
        while not listed and [len(each) for each in twilio.rooms.values()] != [2]:
            await a_moment()

    assert len(twilio.to(HOST)) == 1
    assert ("on_hold" in await on_the_list(phoned, session)) is listed


@pytest.mark.parametrize("trouble", ["refused", "away"])
async def test_a_host_whose_phone_cannot_be_rung_is_fetched_at_once(
    phoned: Ports, session: SessionId, twilio: TwilioServer, trouble: str
):
    twilio.people[MISSING] = Somebody(picks_up=True, keys="1", stays=10_000)
    await at(phoned, 6)
    while not any(twilio.rooms.values()):
        await a_moment()
    if trouble == "refused":
        twilio.refuses[HOST] = 21211
    else:
        twilio.status = 503

    await run_due(phoned)

    assert twilio.to(HOST) == []
    assert "on_hold" in await on_the_list(phoned, session)


async def test_without_a_hosts_number_a_coordinator_is_asked_at_once(
    phoned: Ports, session: SessionId, twilio: TwilioServer
):
    async with phoned.store.write() as tx:
        await tx.connection.execute("UPDATE staff SET phone = ''")
    twilio.people[MISSING] = Somebody(picks_up=True, keys="1")
    await at(phoned, 6)
    await twilio.settled()

    assert "on_hold" in await on_the_list(phoned, session)


@pytest.mark.usefixtures("session")
async def test_a_mailbox_hears_nothing(phoned: Ports, twilio: TwilioServer):
    twilio.people[MISSING] = Somebody(picks_up=True, machine=True)
    await at(phoned, 6)
    await twilio.settled()

    [call] = twilio.to(MISSING)
    assert twilio.said[call["sid"]] == []
    assert (await outcomes(phoned))["call"] == "mailbox"


@pytest.mark.usefixtures("session")
async def test_without_a_key_is_asked_twice_and_hung_up(
    phoned: Ports, twilio: TwilioServer
):
    twilio.people[MISSING] = Somebody(picks_up=True)
    await at(phoned, 6)
    await twilio.settled()

    [call] = twilio.to(MISSING)
    assert len(twilio.said[call["sid"]]) == 2
    assert (await outcomes(phoned))["call"] == "no_key"


async def test_pressing_9_ends_automatic_calls_and_nothing_else(
    phoned: Ports, session: SessionId, twilio: TwilioServer
):
    twilio.people[MISSING] = Somebody(picks_up=True, keys="9")
    for minute in (6, 10, 12):
        await at(phoned, minute)
        await twilio.settled()

    [call] = twilio.to(MISSING)
    assert twilio.said[call["sid"]][-1] == NO_MORE
    seat = await seat_of(phoned, session, "p4")
    assert (await steps(phoned, seat))["second_call phone"] == (
        "skipped",
        Refusal.OPTED_OUT,
    )
    assert "coordinator" in await on_the_list(phoned, session)


async def test_a_join_while_the_phone_rings_cancels_the_call(
    phoned: Ports, session: SessionId, twilio: TwilioServer
):
    twilio.people[MISSING] = Somebody(picks_up=True, rings=10_000)
    await at(phoned, 6)
    [call] = twilio.to(MISSING)
    await twilio.until(call["sid"], "ringing")
    seat = await seat_of(phoned, session, "p4")

    await record_join(phoned, phoned.secrets.link_token(seat))
    await run_due(phoned)

    assert call["status"] == "canceled"
    assert twilio.said[call["sid"]] == []


async def test_whoever_picks_up_after_joining_hears_that_they_are_connected(
    phoned: Ports, session: SessionId, twilio: TwilioServer
):
    reaches = asyncio.Event()
    twilio.people[MISSING] = Somebody(picks_up=True, keys="1", hand=reaches)
    await at(phoned, 6)
    [call] = twilio.to(MISSING)
    seat = await seat_of(phoned, session, "p4")

    await record_join(phoned, phoned.secrets.link_token(seat))  # and no job has run yet
    reaches.set()
    await twilio.settled()

    assert twilio.said[call["sid"]] == [ALREADY_HERE]
    assert not any(twilio.rooms.values())


async def test_an_order_that_was_never_answered_rings_once(
    phoned: Ports, session: SessionId, twilio: TwilioServer, clock: FixedClock
):
    twilio.people[MISSING] = Somebody(picks_up=True, rings=10_000)
    reached, twilio.reached = twilio.reached, ""  # nor are we told that it rings
    twilio.hangs = 1
    await at(phoned, 6)
    seat = await seat_of(phoned, session, "p4")
    assert (await steps(phoned, seat))["call phone"] == ("pending", "phone.away")

    twilio.reached = reached
    clock.forward(0.5)
    await run_due(phoned)

    [call] = twilio.to(MISSING)
    assert (await steps(phoned, seat))["call phone"] == ("sent", None)
    await record_join(phoned, phoned.secrets.link_token(seat))
    await run_due(phoned)
    assert call["status"] == "canceled"


@pytest.mark.usefixtures("session")
async def test_a_call_that_rings_beside_ours_is_ended_before_a_word_is_said(
    phoned: Ports, twilio: TwilioServer
):
    twilio.people[MISSING] = Somebody(picks_up=True, rings=10_000)
    await at(phoned, 6)
    [ours] = twilio.to(MISSING)
    fields = twilio.told[ours["sid"]]

    second = twilio._ring(fields)  # noqa: SLF001 - the order reached Twilio a second time
    await twilio.until(second["sid"], "canceled")

    assert twilio.said[second["sid"]] == []
    assert ours["status"] == "ringing"


@pytest.mark.usefixtures("session")
async def test_words_are_heeded_and_answered_once(phoned: Ports, twilio: TwilioServer):
    await at(phoned, 3)
    await twilio.settled()

    assert await twilio.writes(MISSING, "L") == (
        "Example Health: we leave you alone for 30 minutes."
    )
    assert await twilio.writes(MISSING, "STOP", OptOutType="STOP") == ""
    assert "no more texts" in await twilio.writes(MISSING, "stop texting me")

    async with phoned.store.read() as tx:
        known = await tx.contacts.of(ParticipantId("p4"), NINE)
    assert known is not None
    kinds = {each.kind for each in known.reachable.facts}
    assert {ContactKind.NOT_SAFE, ContactKind.OPTED_OUT} <= kinds


@pytest.mark.usefixtures("session")
async def test_a_text_that_did_not_arrive_is_shown_and_can_be_sent_again(
    phoned: Ports, twilio: TwilioServer
):
    twilio.people[MISSING] = Somebody(loses="30006")
    await at(phoned, 3)
    await twilio.settled()

    [lost] = await lost_texts(phoned)
    assert (lost.channel, lost.reason) == (Channel.SMS, "text.takes_none")
    assert len(twilio.texts) == 1


@pytest.mark.usefixtures("session")
async def test_a_failure_told_before_the_text_was_settled_is_heard_again(
    phoned: Ports, twilio: TwilioServer, clock: FixedClock
):
    twilio.people[MISSING] = Somebody(loses="30003")
    twilio.hangs = 1  # it leaves, and we do not know it
    await at(phoned, 3)
    await twilio.settled()
    assert await lost_texts(phoned) == []

    clock.forward(0.5)
    await run_due(phoned)
    await sweep(phoned)
    clock.forward(0.5)
    await run_due(phoned)

    [lost] = await lost_texts(phoned)
    assert lost.reason == "text.lost"
    assert len(twilio.texts) == 1


@pytest.mark.usefixtures("session")
async def test_what_was_told_is_kept_before_it_is_answered_and_forgotten_once_heeded(
    phoned: Ports, twilio: TwilioServer
):
    await twilio.writes(MISSING, "something private")

    [event] = await events(phoned)
    assert event["done_at"] is not None
    assert (event["body"], event["target"]) == ("", "")


@pytest.mark.usefixtures("session")
async def test_what_could_not_be_heeded_is_heeded_later(
    phoned: Ports, twilio: TwilioServer, clock: FixedClock, monkeypatch
):
    async def fails(*_: object) -> None:
        raise RuntimeError("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr("vioP.flows.hear_carrier.take_text", fails)
        assert await twilio.writes(MISSING, "the cat is ill") == ""
    assert twilio.answers == [500]
    [event] = await events(phoned)
    assert "Body=the+cat" in str(event["body"])

    clock.forward(1)
    await sweep(phoned)
    await run_due(phoned)

    assert "read_text" in await outcomes(phoned)
    [event] = await events(phoned)
    assert (event["body"], event["tries"]) == ("", 1)
    assert await hear_again(phoned) == 0


@pytest.mark.usefixtures("session")
async def test_a_drill_rings_and_says_that_it_works(phoned: Ports, twilio: TwilioServer):
    twilio.people["+12125550101"] = Somebody(picks_up=True, keys="1")

    await drill(phoned, "+12125550101", "k1")
    await run_due(phoned)
    await twilio.settled()

    [call] = twilio.to("+12125550101")
    assert twilio.said[call["sid"]][0].startswith("This is a test of the phone backup")
    assert "works" in twilio.said[call["sid"]][1]


@pytest.mark.usefixtures("session", "phoned")
async def test_whoever_calls_back_gets_through_to_the_office(twilio: TwilioServer):
    url = f"{PUBLIC}/hooks/phone/twilio/incoming"

    _, document = await twilio.tell(url, {"CallSid": "CA1", "CallStatus": "ringing"})

    assert document.findtext("Dial") == "+12125550100"
    assert document.findtext("Say") == "This is Example Health. We put you through."


@pytest.mark.usefixtures("session")
@pytest.mark.parametrize("key", ["", "webhooks_sharedkey_1"])
async def test_only_twilio_is_believed_whatever_host_is_named(
    phoned: Ports, twilio: TwilioServer, key: str
):
    twilio.shared_key = key
    url = f"{PUBLIC}/hooks/phone/twilio/text"
    given = {"MessageSid": "SM1", "From": MISSING, "Body": "STOP",
             "AccountSid": twilio.line().account}  # fmt: skip
    raw = urlencode(given).encode()
    good = twilio.signature(url, given)

    assert (await twilio.post(url, raw, good | {"Host": "evil.example"}))[0] == 200
    for headers in ({}, good | {"X-Twilio-Signature": "AAAA"},
                    twilio.signature(url.replace(PUBLIC, twilio.reached), given)):  # fmt: skip
        assert (await twilio.post(url, raw, headers))[0] == 403
    assert (await twilio.post(url, raw.replace(b"STOP", b"HELP"), good))[0] == 403
    assert (await twilio.post(url.replace("twilio", "telnyx"), raw, good))[0] == 404
    assert len(await events(phoned)) == 1


@pytest.mark.usefixtures("session", "phoned")
async def test_a_call_nobody_here_made_is_hung_up(twilio: TwilioServer):
    url = f"{PUBLIC}/hooks/phone/twilio/answer?call=another"

    status, document = await twilio.tell(
        url, {"CallSid": "CA9", "CallStatus": "in-progress"}
    )

    assert status == 200
    assert [each.tag for each in document] == ["Hangup"]


async def test_the_bridge_is_opened_from_the_sessions_page(
    phoned: Ports, session: SessionId, twilio: TwilioServer
):
    twilio.people[HOST] = Somebody(picks_up=True, keys="1", stays=10_000)
    assert (await show_bridge(phoned, session)).connects

    await open_bridge(phoned, session, "k1")
    await open_bridge(phoned, session, "k1")  # a second click
    await run_due(phoned)
    while not any(twilio.rooms.values()):
        await a_moment()

    assert [each for room in twilio.rooms.values() for each in room] == [(HOST, True)]
    assert len(twilio.to(HOST)) == 1
    assert (await show_bridge(phoned, session)).is_open


async def test_a_bridge_that_cannot_be_opened_says_why(phoned: Ports, session: SessionId):
    with pytest.raises(Conflict, match="do not lead to a host"):
        await open_bridge(replace(phoned, carrier=None), session, "k1")
    async with phoned.store.write() as tx:
        await tx.connection.execute("UPDATE staff SET phone = ''")
    with pytest.raises(Conflict, match="has a number in the people file"):
        await open_bridge(phoned, session, "k1")
    clock = phoned.clock
    assert isinstance(clock, FixedClock)
    clock.forward(600)
    with pytest.raises(Conflict, match="over"):
        await open_bridge(phoned, session, "k1")


@pytest.mark.usefixtures("session")
async def test_a_phone_is_proven_by_the_digit_on_the_screen(
    phoned: Ports, twilio: TwilioServer
):
    check = await a_phone_check(phoned, MISSING)
    right = digit_of(phoned.secrets.code(check))
    wrong = next(each for each in "4678" if each != right)
    twilio.people[MISSING] = Somebody(picks_up=True, keys=wrong + right)
    await run_due(phoned)
    await twilio.settled()

    [call] = twilio.to(MISSING)
    said = [each for each in twilio.said[call["sid"]] if each != "|"]
    assert said[0].startswith("This is Example Health. You asked us to test this phone.")
    assert said[-1] == "Thank you. This phone is confirmed. Goodbye."
    async with phoned.store.read() as tx:
        known = await tx.contacts.of(ParticipantId("p4"), NINE)
    assert known is not None
    assert ContactKind.VERIFIED in {each.kind for each in known.reachable.facts}
