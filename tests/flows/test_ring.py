"""Calls by a machine: placed once, ended when they are for nobody, and what keys do."""

from dataclasses import replace

import pytest

from tests.carrier import FakeCarrier
from tests.make import (
    NINE,
    FixedClock,
    deliveries,
    group_session,
    participant,
    programme,
    published_programme,
    seat_of,
)
from vioP.domain.attendance import Evidence, Fact, Leg, Presence
from vioP.domain.call import ALREADY_HERE, CallState
from vioP.domain.carrier import Pressed, Say
from vioP.domain.contact_facts import ContactFact, ContactKind
from vioP.domain.delivery import Channel
from vioP.domain.errors import Missing, NoTelephone
from vioP.domain.ids import SeatId, SessionId
from vioP.domain.keyword import Wish
from vioP.domain.people import Supporter
from vioP.domain.room import Guest
from vioP.flows.answer_call import take_key
from vioP.flows.deliver import deliver
from vioP.flows.drill import drill, how_it_went
from vioP.flows.hear_call import hear_call, hear_key
from vioP.flows.import_programme import import_programme
from vioP.flows.mark_attendance import start_session
from vioP.flows.note_presence import Noted, note_presence
from vioP.flows.record_join import record_join
from vioP.flows.ring import ring
from vioP.flows.show import show_session
from vioP.flows.show_calls import show_call_list
from vioP.flows.show_live import show_story
from vioP.ports import Ports
from vioP.worker import handlers

NUMBER = "+13035550101"


async def run_due(ports: Ports) -> None:
    """Run every job that is due, until none is."""
    known = handlers(ports)
    now = ports.clock.now()
    for _ in range(50):
        async with ports.store.write() as tx:
            claims = await tx.jobs.claim(now, until=now.replace(year=2099), at_most=50)
        if not claims:
            return
        for claim in claims:
            await known[claim.job.name](claim.job.args)
            async with ports.store.write() as tx:
                await tx.jobs.finish([claim])


async def at(ports: Ports, minute: float) -> None:
    """Go to a minute and let everything happen that is due."""
    clock = ports.clock
    assert isinstance(clock, FixedClock)
    clock.moment = NINE
    clock.forward(minute)
    await run_due(ports)


async def key_of(ports: Ports, session: SessionId, rung: str = "call") -> str:
    seat = await seat_of(ports, session, "p4")
    return f"{rung}:{seat}:0:phone"


async def on_the_list(ports: Ports, session: SessionId) -> set[str]:
    """What somebody still has to do about the group."""
    return {
        each.rung
        for each in await show_call_list(ports)
        if each.session_id == session and each.outcome is None
    }


async def steps(ports: Ports, seat: SeatId) -> dict[str, tuple[str, str | None]]:
    return {
        f"{row['kind']} {row['channel']}": (row["state"], row["reason"])
        for row in await deliveries(ports.store)
        if row["seat_id"] == seat and row["kind"] != "invite"
    }


async def test_a_phone_rings_at_six_and_at_ten_and_never_again(
    phoned: Ports, session, carrier: FakeCarrier
):
    for minute in (3, 6, 7, 10, 11, 14, 20, 40):
        await at(phoned, minute)

    seat = await seat_of(phoned, session, "p4")
    assert carrier.rings == {f"call:{seat}:0:phone": 1, f"second_call:{seat}:0:phone": 1}
    said = carrier.calls[f"call:{seat}:0:phone"]
    assert said.to == "+13035550104"
    assert said.prompt.startswith("This is Example Health. To join your appointment")
    assert await on_the_list(phoned, session) == {"coordinator", "clinician"}


async def test_a_join_while_the_phone_rings_ends_the_call(
    phoned: Ports, session, carrier: FakeCarrier
):
    await at(phoned, 6)
    key = await key_of(phoned, session)
    await hear_call(phoned, key, CallState.RINGING)
    seat = await seat_of(phoned, session, "p4")

    await record_join(phoned, phoned.secrets.link_token(seat))
    await run_due(phoned)

    assert carrier.ended == {f"ref-{key}": ALREADY_HERE}
    await at(phoned, 12)
    assert sum(carrier.rings.values()) == 1
    assert await on_the_list(phoned, session) == set()


@pytest.mark.parametrize("fact", [Fact.ENTERED, Fact.MEDIA_UP])
async def test_who_is_seen_in_the_room_has_their_call_ended_by_the_very_next_job(
    phoned: Ports, session, carrier: FakeCarrier, fact: Fact
):
    await at(phoned, 6)
    key = await key_of(phoned, session)
    seat = await seat_of(phoned, session, "p4")
    now = phoned.clock.now()
    seen = Evidence(fact, now, "janus", Leg.VIDEO, "c1")

    await note_presence(phoned, [Noted(session, Guest(seat, "P4", False), seen, "e:1")])

    async with phoned.store.write() as tx:
        claims = await tx.jobs.claim(now, until=now.replace(year=2099), at_most=50)
    [job] = [each.job for each in claims if each.job.name == "end_calls"]
    assert carrier.ended == {}
    await handlers(phoned)[job.name](job.args)
    assert carrier.ended == {f"ref-{key}": ALREADY_HERE}


async def test_nobody_who_arrives_without_a_ringing_phone_costs_a_job(
    phoned: Ports, session, carrier: FakeCarrier
):
    seat = await seat_of(phoned, session, "p4")
    now = phoned.clock.now()

    seen = Evidence(Fact.MEDIA_UP, now, "janus", Leg.VIDEO, "c1")
    await note_presence(phoned, [Noted(session, Guest(seat, "P4", False), seen, "e:1")])

    async with phoned.store.write() as tx:
        claims = await tx.jobs.claim(now, until=now.replace(year=2099), at_most=50)
    assert "end_calls" not in {each.job.name for each in claims}
    assert carrier.ended == {}


async def test_a_join_while_the_call_is_being_placed_ends_it_as_soon_as_it_rings(
    phoned: Ports, session, carrier: FakeCarrier, clock: FixedClock
):
    clock.forward(6)
    seat = await seat_of(phoned, session, "p4")
    place = carrier.place

    async def join_meanwhile(call):
        await record_join(phoned, phoned.secrets.link_token(seat))
        return await place(call)

    carrier.place = join_meanwhile  # type: ignore[method-assign]  # a race, made certain
    await run_due(phoned)

    assert list(carrier.ended.values()) == [ALREADY_HERE]


async def test_a_call_that_was_picked_up_meanwhile_hears_that_they_are_connected(
    phoned: Ports, session, carrier: FakeCarrier
):
    await at(phoned, 6)
    key = await key_of(phoned, session)
    await hear_call(phoned, key, CallState.ANSWERED)
    seat = await seat_of(phoned, session, "p4")
    await record_join(phoned, phoned.secrets.link_token(seat))

    await run_due(phoned)

    assert carrier.ended[f"ref-{key}"] == ALREADY_HERE


async def test_pressing_one_is_taking_part_and_a_bridged_call_goes_on(
    phoned: Ports, session, carrier: FakeCarrier
):
    await at(phoned, 6)
    key = await key_of(phoned, session)

    assert await hear_key(phoned, key, "1") is Wish.JOIN_BY_PHONE
    await at(phoned, 15)

    assert (await show_session(phoned, session)).present == 4
    assert carrier.ended == {}
    assert sum(carrier.rings.values()) == 1


@pytest.mark.parametrize(
    ("pressed", "reason"),
    [("3", "wrong_number"), ("5", "not_safe"), ("9", "opted_out")],
)
async def test_keys_stop_the_second_call_for_their_reason(
    phoned: Ports, session, carrier: FakeCarrier, pressed, reason
):
    await at(phoned, 6)
    key = await key_of(phoned, session)

    await hear_key(phoned, key, pressed)
    await at(phoned, 10)

    seat = await seat_of(phoned, session, "p4")
    assert (await steps(phoned, seat))["second_call phone"] == ("skipped", reason)
    assert sum(carrier.rings.values()) == 1


async def test_pressing_two_excuses_and_stops_the_ladder(phoned: Ports, session):
    await at(phoned, 6)

    await hear_key(phoned, await key_of(phoned, session), "2")
    await at(phoned, 20)

    shown = await show_session(phoned, session)
    [seat] = [each for each in shown.seats if each.participant_id == "p4"]
    assert seat.is_excused
    assert await on_the_list(phoned, session) == set()


async def test_pressing_zero_brings_a_coordinator_at_once(phoned: Ports, session):
    await at(phoned, 6)

    await hear_key(phoned, await key_of(phoned, session), "0")
    await run_due(phoned)

    assert await on_the_list(phoned, session) == {"coordinator"}


async def test_what_the_far_end_tells_late_or_twice_changes_nothing(phoned: Ports, session):
    await at(phoned, 6)
    key = await key_of(phoned, session)
    await hear_call(phoned, key, CallState.BUSY)
    await hear_call(phoned, key, CallState.RINGING)
    await hear_call(phoned, key, CallState.NO_ANSWER)
    assert await hear_key(phoned, key, "1") is Wish.JOIN_BY_PHONE

    shown = await show_session(phoned, session)
    assert shown.present == 3
    [step] = [each for seat in shown.seats for each in seat.steps if each.key == key]
    assert (step.call, step.outcome) == (CallState.BUSY, "busy")
    with pytest.raises(Missing):
        await hear_call(phoned, "unknown", CallState.BUSY)


@pytest.mark.parametrize(
    ("pressed", "said"), [("9", "opted_out"), ("3", "wrong_number"), ("5", "not_safe")]
)
async def test_who_is_heard_to_hang_up_before_their_key_is_heeded_all_the_same(
    phoned: Ports, session, carrier: FakeCarrier, pressed, said
):
    await at(phoned, 6)
    key = await key_of(phoned, session)
    await hear_call(phoned, key, CallState.NO_KEY)

    for _ in range(2):  # a carrier tells it twice
        await hear_key(phoned, key, pressed)
    await at(phoned, 10)

    seat = await seat_of(phoned, session, "p4")
    assert (await steps(phoned, seat))["second_call phone"] == ("skipped", said)
    assert sum(carrier.rings.values()) == 1


async def test_who_hung_up_and_pressed_zero_is_looked_for_at_once(phoned: Ports, session):
    await at(phoned, 6)
    key = await key_of(phoned, session)
    await hear_call(phoned, key, CallState.NO_KEY)

    await hear_key(phoned, key, "0")
    await run_due(phoned)

    assert await on_the_list(phoned, session) == {"coordinator"}


async def test_who_hung_up_and_pressed_one_brings_no_host_to_an_empty_line(
    phoned: Ports, session
):
    await at(phoned, 6)
    key = await key_of(phoned, session)
    await hear_call(phoned, key, CallState.NO_KEY)

    reply = await take_key(phoned, Pressed("p1", key, f"ref-{key}", "1", 1))

    assert isinstance(reply, Say)
    assert "bridge" not in {row["kind"] for row in await deliveries(phoned.store)}
    assert await on_the_list(phoned, session) == set()


async def test_a_placing_whose_answer_was_lost_is_looked_up_and_not_repeated(
    phoned: Ports, session, carrier: FakeCarrier, clock: FixedClock
):
    carrier.silent = True
    await at(phoned, 6)
    key = await key_of(phoned, session)
    assert carrier.rings[key] == 1

    carrier.silent = False
    clock.forward(1)
    await run_due(phoned)

    seat = await seat_of(phoned, session, "p4")
    assert (await steps(phoned, seat))["call phone"] == ("sent", None)
    assert carrier.rings[key] == 1


async def test_a_placing_whose_answer_was_lost_is_found_even_after_its_deadline(
    phoned: Ports, session, carrier: FakeCarrier
):
    carrier.silent = True
    await at(phoned, 6)
    carrier.silent = False
    await at(phoned, 11)

    seat = await seat_of(phoned, session, "p4")
    assert (await steps(phoned, seat))["call phone"] == ("sent", None)
    assert carrier.rings[await key_of(phoned, session)] == 1


async def test_a_carrier_that_is_down_calls_nobody_late_and_humans_look(
    phoned: Ports, session, carrier: FakeCarrier
):
    carrier.down = True
    await at(phoned, 6)
    await at(phoned, 9)
    carrier.down = False
    await at(phoned, 16)

    seat = await seat_of(phoned, session, "p4")
    found = await steps(phoned, seat)
    assert found["call phone"] == ("skipped", "late")
    assert found["second_call phone"] == ("skipped", "stale")
    assert carrier.rings == {}
    assert await on_the_list(phoned, session) == {"coordinator", "clinician"}


async def test_a_number_that_is_refused_for_good_is_written_down_as_failed(
    phoned: Ports, session, carrier: FakeCarrier
):
    carrier.refuses = frozenset({"+13035550104"})
    await at(phoned, 6)

    seat = await seat_of(phoned, session, "p4")
    assert (await steps(phoned, seat))["call phone"] == ("dead", "invalid")
    story = await show_story(phoned, seat)
    assert ("step", "call", "failed") in [
        (each.what, each.kind, each.end) for each in story.lines
    ]


async def test_nobody_is_called_twice_at_once(phoned: Ports, session, carrier: FakeCarrier):
    await at(phoned, 6)
    await hear_call(phoned, await key_of(phoned, session), CallState.ANSWERED)
    async with phoned.store.write() as tx:  # as if they listened to the prompt for ever
        await tx.connection.execute(
            "UPDATE attempt SET begun_at = :at", at=NINE.replace(year=2030)
        )

    await at(phoned, 10)

    assert sum(carrier.rings.values()) == 1


async def test_an_unverified_number_is_not_rung_and_a_human_looks_at_the_time_of_the_call(
    ports: Ports, carrier: FakeCarrier
):
    phoned = replace(ports, telephone=carrier)
    await published_programme(phoned)
    session_id = await group_session(phoned)
    await start_session(phoned, session_id, "c1")
    for name in ("p1", "p2", "p3"):
        seat = await seat_of(phoned, session_id, name)
        await record_join(phoned, phoned.secrets.link_token(seat))

    await at(phoned, 6)

    seat = await seat_of(phoned, session_id, "p4")
    assert (await steps(phoned, seat))["call phone"] == ("skipped", "unverified")
    assert await on_the_list(phoned, session_id) == {"coordinator"}
    assert carrier.rings == {}


async def test_three_pressed_on_a_guardians_phone_is_about_that_phone(
    ports: Ports, carrier: FakeCarrier
):
    phoned = replace(ports, telephone=carrier)
    guardian = "+13035550199"
    minor = participant(
        "p4", birth_year=2012, supporters=(Supporter("guardian", phone=guardian),)
    )
    people = [participant(f"p{n}") for n in range(1, 4)]
    await published_programme(phoned, people=[*people, minor])
    session_id = await group_session(phoned)
    await start_session(phoned, session_id, "c1")
    for name in ("p1", "p2", "p3"):
        seat = await seat_of(phoned, session_id, name)
        await record_join(phoned, phoned.secrets.link_token(seat))
    async with phoned.store.write() as tx:
        fact = ContactFact(ContactKind.VERIFIED, NINE, "keys", number=guardian)
        await tx.contacts.add("fct_1", minor.id, fact)
    await at(phoned, 6)
    key = await key_of(phoned, session_id)
    assert carrier.calls[key].to == guardian

    await hear_key(phoned, key, "3")
    await at(phoned, 10)

    seat = await seat_of(phoned, session_id, "p4")
    assert (await steps(phoned, seat))["second_call phone"] == ("skipped", "wrong_number")


async def test_a_drill_rings_whoever_asks_and_says_what_it_is(
    phoned: Ports, carrier: FakeCarrier
):
    key = await drill(phoned, NUMBER, "command line")
    await ring(phoned)

    assert await how_it_went(phoned, key) == "sent"
    assert carrier.calls[key].to == NUMBER
    assert "This is a test of the phone backup" in carrier.calls[key].prompt


async def test_a_drill_without_a_telephone_says_so(ports: Ports):
    with pytest.raises(NoTelephone):
        await drill(ports, NUMBER, "k1")


async def test_a_telephone_that_was_taken_away_leaves_no_call_waiting(
    phoned: Ports, ports: Ports, session, clock: FixedClock
):
    clock.forward(6)
    await handlers(phoned)["watch_session"]({"session_id": session})

    await ring(ports)

    seat = await seat_of(ports, session, "p4")
    assert (await steps(ports, seat))["call phone"] == ("dead", "phone.none")
    assert await deliver(ports, Channel.CALL_LIST) == 0
    shown = await show_session(ports, session)
    assert all(each.presence is not Presence.LEFT for each in shown.seats)


async def test_a_join_ends_the_call_though_the_room_cannot_say_yet_who_is_in_it(
    phoned: Ports, session, carrier: FakeCarrier
):
    await at(phoned, 6)
    key = await key_of(phoned, session)
    await hear_call(phoned, key, CallState.RINGING)
    seat = await seat_of(phoned, session, "p4")

    await record_join(phoned, phoned.secrets.link_token(seat))
    known = handlers(phoned)
    async with phoned.store.write() as tx:
        claims = await tx.jobs.claim(
            phoned.clock.now(), until=phoned.clock.now().replace(year=2099), at_most=50
        )
    for claim in claims:
        if claim.job.name == "end_calls":  # and no look into the room
            await known["end_calls"](claim.job.args)

    assert carrier.ended == {f"ref-{key}": ALREADY_HERE}


async def test_a_phone_is_to_speak_the_language_of_its_person(
    phoned: Ports, session, carrier: FakeCarrier
):
    async with phoned.store.write() as tx:
        await tx.connection.execute(
            "UPDATE participant SET language = 'es' WHERE id = :id", id="p4"
        )

    await at(phoned, 6)

    assert carrier.calls[await key_of(phoned, session)].language == "es"


async def test_three_pressed_at_a_guardians_number_stops_calls_to_that_number(
    phoned: Ports, session, carrier: FakeCarrier
):
    guardian = Supporter("guardian", name="Gia", phone="+13035550155")
    teen = replace(participant("p4"), birth_year=2011, supporters=(guardian,))
    people = [*(participant(f"p{n}") for n in range(1, 4)), teen]
    await import_programme(phoned, programme(people), "k1")
    heard = ContactFact(ContactKind.VERIFIED, NINE, "test", number=guardian.phone)
    async with phoned.store.write() as tx:
        await tx.contacts.add("heard", teen.id, heard)
    await at(phoned, 6)
    key = await key_of(phoned, session)
    assert carrier.calls[key].to == guardian.phone

    await hear_key(phoned, key, "3")
    await at(phoned, 10)

    seat = await seat_of(phoned, session, "p4")
    assert (await steps(phoned, seat))["second_call phone"] == ("skipped", "wrong_number")
    assert sum(carrier.rings.values()) == 1
