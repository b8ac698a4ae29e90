"""Getting ready meets the rest: tests of a device, links of guardians, the call list."""

from dataclasses import replace

import pytest

from tests.flows.test_book_test import tests_of
from tests.flows.test_onboarding import (
    ADA,
    P1,
    TEEN,
    asked,
    gate,
    on_file,
    set_up,
    subjects,
)
from tests.flows.test_ring import run_due
from tests.make import (
    NINE,
    FixedClock,
    Postbox,
    Refusing,
    group_session,
    participant,
    programme,
    publish,
    published_programme,
)
from vioP.domain.contact import Refusal
from vioP.domain.contact_facts import Way
from vioP.domain.delivery import Channel
from vioP.domain.ids import ParticipantId, StaffId, TrackId
from vioP.domain.onboarding import Piece, Who
from vioP.domain.people import CalendarChoice, Supporter
from vioP.domain.program import Track
from vioP.domain.setup_link import LinkPurpose, Visitor
from vioP.flows.answer_piece import answer_piece
from vioP.flows.ask_tech_help import ask_tech_help
from vioP.flows.book_test import book_test, offer_tests
from vioP.flows.check_phone import check_phone, take_code
from vioP.flows.deliver import deliver
from vioP.flows.import_programme import import_programme
from vioP.flows.look_ahead import look_ahead
from vioP.flows.note_contact import note_contact
from vioP.flows.note_leave import note_leave
from vioP.flows.open_setup import show_setup
from vioP.flows.record_join import open_link, record_join
from vioP.flows.send_setup_link import send_setup_link
from vioP.flows.settle_attempt import settle_attempt
from vioP.flows.settle_undelivered import send_again, show_undelivered
from vioP.flows.show_calls import show_call_list
from vioP.flows.show_readiness import show_readiness_of
from vioP.mail.errors import AddressRefused
from vioP.ports import Ports
from vioP.web.set_up_values import values_of
from vioP.web.words import STARTED, opening_words

__all__ = ["asked"]


async def test_a_test_of_the_device_opens_for_somebody_who_has_not_set_up(
    asked: Ports, clock: FixedClock
):
    slots, _, _ = await offer_tests(asked, P1)
    await book_test(asked, P1, slots[0].starts)
    [session] = await tests_of(asked)
    clock.move_to(slots[0].starts)
    token = asked.secrets.link_token(session.seats[0].id)

    doorstep = await open_link(asked, token)

    assert not doorstep.seat.is_held
    assert doorstep.seat.owes
    assert await record_join(asked, token)


async def test_a_code_in_other_digits_is_a_wrong_code_and_no_fault(
    asked: Ports,
):
    await set_up(asked)
    await check_phone(asked, ADA, Way.TEXT)

    assert not await take_code(asked, ADA, "١٢٣٤٥٦")


async def test_a_guardians_link_that_came_back_names_them_and_goes_to_them_again(
    ports: Ports, postbox: Postbox
):
    people = [
        replace(
            TEEN,
            supporters=(
                Supporter(
                    "guardian", name="Gia G.", email="g@example.org", phone="+13035550155"
                ),
            ),
        ),
        *(participant(f"p{number}") for number in range(2, 5)),
    ]
    await import_programme(ports, programme(people), "k1")
    await send_setup_link(ports, P1, LinkPurpose.GUARDIAN, "k1")
    refusing = Refusing(AddressRefused("550"), "g@example.org", postbox)
    await deliver(replace(ports, mail=refusing), Channel.MAIL)

    [found] = await show_undelivered(ports)

    assert found.participant_id == P1
    assert (found.name, found.email) == ("Gia G., guardian of P1 A.", "g@example.org")
    assert found.phone == "+13035550155"
    await send_again(ports, found.key, "k1")
    await deliver(ports, Channel.MAIL)
    assert postbox.to("g@example.org")
    assert not postbox.to("p1@participants.example")


async def test_whoever_has_set_up_is_not_called_to_set_up(asked: Ports, clock: FixedClock):
    clock.forward(-24 * 60)
    await look_ahead(asked)
    await set_up(asked)

    [line] = [each for each in await show_call_list(asked) if each.rung == "not_set_up"]
    assert line.outcome == "ready"


async def test_a_calendar_address_that_came_back_names_its_person(
    ports: Ports, postbox: Postbox, clock: FixedClock
):
    people = [
        participant("p1", calendar=CalendarChoice.FEED),
        *(participant(f"p{number}") for number in range(2, 5)),
    ]
    clock.forward(-2 * 24 * 60)
    await import_programme(ports, programme(people), "k1")
    await publish(ports)
    refusing = Refusing(AddressRefused("550"), "p1@participants.example", postbox)
    await deliver(replace(ports, mail=refusing), Channel.MAIL)

    found = await show_undelivered(ports)

    assert "feed_link" in {each.kind.value for each in found}
    assert {(each.name, each.email) for each in found} == {
        ("P1 A.", "p1@participants.example")
    }


async def test_a_week_that_puts_care_where_a_test_was_booked_calls_the_test_off(
    ports: Ports, clock: FixedClock, postbox: Postbox
):
    clock.forward(-4 * 24 * 60)
    await import_programme(ports, programme(), "k1")
    slots, _, _ = await offer_tests(ports, P1)
    taken = next(each.starts for each in slots if each.starts == NINE)
    await book_test(ports, P1, taken)
    await run_due(ports)

    await publish(ports)
    await run_due(ports)

    assert await tests_of(ports) == []
    [line] = await show_call_list(ports)
    assert (line.rung, line.participant_id) == ("tech_help", "p1")
    assert "called off" in line.said
    assert "Example Health appointment cancelled" in subjects(postbox)
    assert await group_session(ports)


async def test_the_leave_of_who_tests_calls_their_tests_off(ports: Ports):
    await published_programme(ports)
    slots, _, _ = await offer_tests(ports, P1)
    first, last = slots[0].starts.date(), slots[0].starts.date()
    await book_test(ports, P1, slots[0].starts)

    await note_leave(ports, StaffId("t1"), first, last, "k1")

    assert await tests_of(ports) == []
    assert [each.rung for each in await show_call_list(ports)] == ["tech_help"]


async def test_the_call_list_names_the_guardian_who_answers_for_a_minor(ports: Ports):
    guardian = Supporter("guardian", name="Gia G.", phone="+13035550155")
    contact = replace(TEEN.contact, phone="")
    teen = replace(TEEN, supporters=(guardian,), contact=contact)
    await import_programme(
        ports, programme([teen, *(participant(f"p{n}") for n in range(2, 5))]), "k1"
    )
    await ask_tech_help(ports, P1)
    await ask_tech_help(ports, ParticipantId("p2"))

    lines = {each.participant_id: each for each in await show_call_list(ports)}

    teens, adults = lines["p1"], lines["p2"]
    assert (teens.guardian, teens.guardian_phone) == ("Gia G.", "+13035550155")
    assert teens.may_call
    assert (await show_readiness_of(ports, P1)).phone == "+13035550155"
    assert (adults.guardian, adults.guardian_phone) == ("", "")


async def test_no_message_is_left_for_somebody_under_part_2_on_any_line(ports: Ports):
    track = Track(TrackId("mood"), "Mood", minimum_weekly_minutes=240, part2=True)
    people = [participant(f"p{n}") for n in range(1, 5)]
    people[0] = replace(people[0], contact=replace(people[0].contact, voicemail=True))
    await import_programme(ports, programme(people, tracks=(track,)), "k1")

    await ask_tech_help(ports, P1)  # about no session

    [line] = await show_call_list(ports)
    assert not line.may_leave_message


def test_what_to_say_first_fits_what_it_is_about():
    assert opening_words(["tech_help", "coordinator"]) == STARTED
    assert opening_words(["coordinator"]) == STARTED
    for kind in ("not_set_up", "wants_human", "other_state", "consent_withdrawn"):
        assert "has started" not in opening_words([kind])


async def test_the_test_of_somebody_who_left_is_called_off_and_nobody_looks_for_a_time(
    ports: Ports,
):
    await published_programme(ports)
    slots, _, _ = await offer_tests(ports, P1)
    await book_test(ports, P1, slots[-1].starts)
    rest = [participant(f"p{number}") for number in range(2, 5)]
    await import_programme(ports, programme(rest), "k1")

    await look_ahead(ports)

    assert await tests_of(ports) == []
    assert not [e for e in await show_call_list(ports) if e.rung == "tech_help"]


async def test_what_is_left_blank_at_a_door_takes_nothing_away(ports: Ports):
    kim = Supporter("emergency", name="Kim", phone="+13035550166")
    people = [
        participant("p1", supporters=(kim,)),
        *(participant(f"p{number}") for number in range(2, 5)),
    ]
    await import_programme(ports, programme(people), "k1")
    at_the_door = Visitor(P1, Who.PARTICIPANT, sees_file=False)
    nobody = {
        "name": "",
        "phone": "",
        "supporter": "",
        "supporter_phone": "",
        "nobody": "yes",
    }

    await answer_piece(ports, at_the_door, Piece.EMERGENCY, nobody)
    no_phone = {"phone": "", "second": "", "none": "yes"}
    await answer_piece(ports, at_the_door, Piece.PHONE, no_phone)

    person = await on_file(ports)
    assert kim in person.supporters
    assert person.contact.phone == people[0].contact.phone
    await answer_piece(ports, ADA, Piece.EMERGENCY, nobody)  # who sees it may take it away
    assert kim not in (await on_file(ports)).supporters


@pytest.mark.parametrize("need", ["deaf", "text", "relay", "hard_of_hearing large_print"])
async def test_saving_what_helps_as_it_stands_lets_no_voice_call_a_deaf_person(
    ports: Ports, need: str
):
    people = [
        participant("p1", accommodation=need),
        *(participant(f"p{number}") for number in range(2, 5)),
    ]
    await import_programme(ports, programme(people), "k1")
    shown = values_of(await show_setup(ports, ADA), Piece.NEEDS)

    await answer_piece(ports, ADA, Piece.NEEDS, shown)

    person = await on_file(ports)
    assert person.is_text_only
    assert ("large_print" in need) == ("large_print" in person.accommodation)


async def test_nobody_is_sent_to_call_somebody_who_has_died(
    asked: Ports, clock: FixedClock
):
    clock.forward(-24 * 60)
    await note_contact(asked, P1, "deceased", "k1")

    await look_ahead(asked)

    lines = await show_call_list(asked)
    assert not [each for each in lines if each.participant_id == P1]


@pytest.mark.parametrize("by_line", [True, False])
async def test_a_wrong_number_of_a_minor_is_their_guardians(ports: Ports, by_line: bool):
    people = [TEEN, *(participant(f"p{n}") for n in range(2, 5))]
    await import_programme(ports, programme(people), "k1")
    await ask_tech_help(ports, P1)
    [line] = await show_call_list(ports)

    if by_line:
        await settle_attempt(ports, line.id, "wrong_number", "k1")
    else:
        await note_contact(ports, P1, "number_wrong", "k1")

    assert await gate(ports, Way.TEXT) is Refusal.WRONG_NUMBER
    assert await gate(ports, Way.MACHINE_CALL) is Refusal.WRONG_NUMBER
