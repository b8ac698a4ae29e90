"""Onboarding: links go out, answers hold at once, and no join link leaves before its time."""

import email
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.carrier import FakeCarrier
from tests.flows.test_ring import run_due
from tests.flows.test_take_reply import uid_of
from tests.make import (
    NINE,
    FixedClock,
    Pocket,
    Postbox,
    group_session,
    participant,
    programme,
    publish,
    seat_of,
)
from tests.replies import answer, calendar, event
from vioP.domain.call import CallState
from vioP.domain.consent import ConsentKind
from vioP.domain.contact import Reach, Refusal, may_reach
from vioP.domain.contact_facts import Way
from vioP.domain.errors import (
    Conflict,
    Invalid,
    Missing,
    NotSetUp,
    SetupLinkOver,
    SetupLinkUnknown,
    TooManyChecks,
)
from vioP.domain.ids import ParticipantId, TrackId
from vioP.domain.onboarding import Onboarding, Piece, Who, is_ready, missing
from vioP.domain.people import Participant, Supporter
from vioP.domain.phone_check import digit_of
from vioP.domain.program import Track
from vioP.domain.reply import InboundMail
from vioP.domain.setup_link import LinkPurpose, Visitor
from vioP.flows.agree import Signature, agree, withdraw
from vioP.flows.answer_piece import answer_piece
from vioP.flows.check_phone import check_phone, take_code
from vioP.flows.hear_call import hear_call, hear_key
from vioP.flows.import_programme import compare_programme, import_programme
from vioP.flows.look_ahead import look_ahead
from vioP.flows.open_setup import open_setup, show_setup, wording_of, words_of
from vioP.flows.prove_calendar import prove_by_word
from vioP.flows.record_join import let_in, open_link, record_join
from vioP.flows.send_setup_link import (
    make_door_link,
    renew_setup_link,
    revoke_setup_links,
    send_setup_link,
)
from vioP.flows.show_calls import show_call_list
from vioP.flows.take_reply import take_reply
from vioP.flows.waive_piece import waive_piece
from vioP.ports import Ports

P1 = ParticipantId("p1")
ADA = Visitor(P1, Who.PARTICIPANT)
ANSWERS = {
    Piece.NAME: {"name": "Ada"},
    Piece.ZONE: {"zone": "America/Boise"},
    Piece.PLACE: {
        "street": "1 Elm St", "city": "Boise", "state": "ID", "country": "US",
        "emergency": "911",
    },
    Piece.PHONE: {"phone": "+12085550123", "second": ""},
    Piece.CONTACT: {"sms": "yes", "machine": "yes", "call": "yes", "voicemail": "no"},
    Piece.EMERGENCY: {
        "name": "Bea", "phone": "+12085550124", "supporter": "", "supporter_phone": "",
    },
}  # fmt: skip
TEEN = replace(
    participant("p1"),
    birth_year=2011,
    supporters=(Supporter("guardian", email="g@example.org", phone="+13035550155"),),
)


@pytest.fixture
async def asked(ports: Ports, clock: FixedClock) -> Ports:
    """A program in which p1 was asked to set up before the week was published."""
    clock.forward(-2 * 24 * 60)
    await import_programme(ports, programme(), "k1")
    await send_setup_link(ports, P1, LinkPurpose.PARTICIPANT, "k1")
    await publish(ports)
    await run_due(ports)
    clock.move_to(NINE)
    return ports


async def far(ports: Ports) -> Onboarding:
    async with ports.store.read() as tx:
        found = await tx.onboardings.of(P1, ports.clock.now())
    assert found is not None
    return found


async def on_file(ports: Ports) -> Participant:
    async with ports.store.read() as tx:
        found = await tx.programme.read()
    assert found is not None
    return next(each for each in found.participants if each.id == P1)


async def sign(ports: Ports, visitor: Visitor, piece: Piece, kind: ConsentKind) -> None:
    version = wording_of(ports, kind).version
    await agree(ports, visitor, piece, Signature(agreed=True, name="Ada", version=version))


async def set_up(ports: Ports, visitor: Visitor = ADA) -> None:
    for piece, said in ANSWERS.items():
        await answer_piece(ports, visitor, piece, said)
    await sign(ports, visitor, Piece.TELEHEALTH, ConsentKind.TELEHEALTH)
    await sign(ports, visitor, Piece.GROUP, ConsentKind.GROUP_CONFIDENTIALITY)


async def gate(ports: Ports, way: Way) -> Reach | Refusal:
    async with ports.store.read() as tx:
        known = await tx.contacts.of(P1, ports.clock.now())
    assert known is not None
    policy = ports.house.contact_policy(None)
    return may_reach(known.reachable, way, policy, ports.clock.now())


def link_in(postbox: Postbox, address: str = "p1@participants.example") -> str:
    [letter] = [each for each in postbox.to(address) if b"/set-up/" in each.raw]
    text = letter.raw.replace(b"=\r\n", b"").decode()
    return text.split("/set-up/")[1].split()[0].rstrip()


def subjects(postbox: Postbox, address: str = "p1@participants.example") -> list[str]:
    return sorted(
        each.raw.split(b"Subject: ")[1].split(b"\r\n")[0].decode()
        for each in postbox.to(address)
    )


async def test_no_join_link_leaves_before_all_that_is_required_is_there(
    asked: Ports, postbox: Postbox
):
    assert subjects(postbox) == ["Example Health: set up your visits"]
    assert "Example Health appointment" in subjects(postbox, "p2@participants.example")

    await set_up(asked)
    await run_due(asked)

    assert is_ready(await far(asked))
    assert subjects(postbox).count("Example Health appointment") >= 1
    async with asked.store.read() as tx:
        actions = [each.action for each in await tx.audit.latest(3)]
    assert "onboarding.ready" in actions


async def test_whoever_is_expected_soon_and_not_set_up_is_called_by_a_person(
    asked: Ports, clock: FixedClock
):
    clock.forward(-24 * 60)
    await look_ahead(asked)
    await look_ahead(asked)

    lines = [each for each in await show_call_list(asked) if each.rung == "not_set_up"]
    assert [each.participant_id for each in lines] == ["p1"]
    await set_up(asked)
    clock.forward(12 * 60)
    await look_ahead(asked)
    lines = [each for each in await show_call_list(asked) if each.rung == "not_set_up"]
    assert not lines  # nobody is called for what is there


async def test_no_calendar_address_leaves_either_but_what_had_left_stays(
    asked: Ports, postbox: Postbox
):
    p2 = ParticipantId("p2")
    before = subjects(postbox, "p2@participants.example")
    await send_setup_link(asked, p2, LinkPurpose.PARTICIPANT, "k1")
    said = {"calendar": "feed"}
    for person in (P1, p2):
        visitor = Visitor(person, Who.PARTICIPANT)
        await answer_piece(asked, visitor, Piece.CALENDAR, said)
    await look_ahead(asked)
    await run_due(asked)

    assert subjects(postbox) == ["Example Health: set up your visits"]
    after = subjects(postbox, "p2@participants.example")
    assert sorted([*before, "Example Health: set up your visits"]) == after
    await set_up(asked)
    await run_due(asked)
    assert "Example Health appointments: your calendar" in subjects(postbox)


async def test_what_is_said_holds_at_once_and_outlives_the_next_import(asked: Ports):
    await set_up(asked)

    ada = await on_file(asked)
    assert (ada.name, ada.zone, ada.city, ada.state) == (
        "Ada",
        "America/Boise",
        "Boise",
        "ID",
    )
    assert ada.contact.phone == "+12085550123"
    assert Supporter("emergency", name="Bea", phone="+12085550124") in ada.supporters
    assert await compare_programme(asked, programme()) == ()
    await import_programme(asked, programme(), "k1")
    assert await on_file(asked) == ada


def calendars(postbox: Postbox) -> list[str]:
    """The calendar parts of everything p1 was sent."""
    letters = [
        email.message_from_bytes(e.raw) for e in postbox.to("p1@participants.example")
    ]
    parts = [part for letter in letters for part in letter.walk()]
    found = [e for e in parts if e.get_content_type() == "text/calendar"]
    return [e.get_payload(decode=True).decode().replace("\r\n ", "") for e in found]  # type: ignore[union-attr]


async def test_a_clock_that_was_corrected_is_the_one_invites_are_told_by(
    asked: Ports, postbox: Postbox
):
    await set_up(asked)
    await run_due(asked)
    first = calendars(postbox)
    assert first
    assert all("TZID=America/Boise" in each for each in first)

    await answer_piece(asked, ADA, Piece.ZONE, {"zone": "America/Chicago"})
    await run_due(asked)

    moved = [each for each in calendars(postbox) if "SEQUENCE:1" in each]
    assert len(moved) == len(first)
    assert all("TZID=America/Chicago" in each for each in moved)


async def test_another_state_is_put_before_a_coordinator(asked: Ports):
    await set_up(asked)

    [line] = [e for e in await show_call_list(asked) if e.rung == "other_state"]
    assert line.said == "Was CO, says ID."


async def test_choices_feed_the_gate_with_number_and_wording(asked: Ports):
    await set_up(asked)

    reach = await gate(asked, Way.TEXT)
    version = wording_of(asked, ConsentKind.MESSAGES).version
    assert reach == Reach("+12085550123", basis=version)
    assert await gate(asked, Way.VOICEMAIL) is Refusal.OPTED_OUT
    assert await gate(asked, Way.MACHINE_CALL) is Refusal.UNVERIFIED
    assert isinstance(await gate(asked, Way.HUMAN_CALL), Reach)

    said = ANSWERS[Piece.CONTACT] | {"sms": "no", "machine": "no"}
    await answer_piece(asked, ADA, Piece.CONTACT, said)

    assert await gate(asked, Way.TEXT) is Refusal.OPTED_OUT
    assert await gate(asked, Way.MACHINE_CALL) is Refusal.OPTED_OUT
    assert isinstance(await gate(asked, Way.HUMAN_CALL), Reach)


async def test_messages_taken_back_end_texts_machines_and_voicemail_but_no_person(
    asked: Ports,
):
    await set_up(asked)

    await withdraw(asked, ADA, ConsentKind.MESSAGES)

    assert await gate(asked, Way.TEXT) is Refusal.OPTED_OUT
    assert await gate(asked, Way.MACHINE_CALL) is Refusal.OPTED_OUT
    assert isinstance(await gate(asked, Way.HUMAN_CALL), Reach)
    assert isinstance(await gate(asked, Way.MAIL), Reach)
    assert "consent_withdrawn" in {each.rung for each in await show_call_list(asked)}
    with pytest.raises(Missing):
        await withdraw(asked, ADA, ConsentKind.MESSAGES)


async def test_a_consent_keeps_its_words_and_its_withdrawal_shuts_the_door_again(
    asked: Ports,
):
    await set_up(asked)
    before = await show_setup(asked, ADA)
    [telehealth] = [e for e in before.consents if e.kind is ConsentKind.TELEHEALTH]
    assert telehealth.signed == "Ada"
    assert (await words_of(asked, telehealth)).startswith("Appointments by video\n\n")

    await withdraw(asked, ADA, ConsentKind.TELEHEALTH)

    assert not is_ready(await far(asked))
    assert [e.piece for e in missing(await far(asked)) if e.required] == [Piece.TELEHEALTH]


async def test_words_that_changed_meanwhile_must_be_read_anew(asked: Ports):
    with pytest.raises(Conflict, match="have changed"):
        await agree(
            asked, ADA, Piece.GROUP, Signature(agreed=True, name="Ada", version="1")
        )


async def test_the_ladder_heeds_that_a_voice_is_no_use(asked: Ports):
    await set_up(asked)
    said = {"no_voice": "yes", "interpreter": "yes", "language": "asl"}

    await answer_piece(asked, ADA, Piece.NEEDS, said)

    ada = await on_file(asked)
    assert ada.accommodation == "text interpreter:asl"
    assert ada.is_text_only
    assert ada.has_interpreter
    assert await gate(asked, Way.MACHINE_CALL) is Refusal.TEXT_ONLY


async def test_a_link_opens_for_a_while_and_a_newer_one_ends_it(
    asked: Ports, postbox: Postbox, clock: FixedClock
):
    token = link_in(postbox)
    assert await open_setup(asked, token) == ADA
    with pytest.raises(SetupLinkUnknown):
        await open_setup(asked, "x" * 43)

    postbox.letters.clear()
    await renew_setup_link(asked, token)
    await renew_setup_link(asked, token)  # within five minutes it is sent once
    await run_due(asked)
    with pytest.raises(SetupLinkOver):
        await open_setup(asked, token)
    newer = link_in(postbox)
    assert await open_setup(asked, newer) == ADA

    clock.forward(timedelta(days=15) / timedelta(minutes=1))
    with pytest.raises(SetupLinkOver):
        await open_setup(asked, newer)
    async with asked.store.read() as tx:
        rows = await tx.connection.fetch("SELECT * FROM setup_link")
        sent = await tx.connection.fetch("SELECT content FROM delivery")
    kept = str([[row[name] for name in row.keys()] for row in (*rows, *sent)])  # noqa: SIM118 - a Row
    assert newer not in kept


async def test_a_coordinator_ends_every_link(asked: Ports, postbox: Postbox):
    await revoke_setup_links(asked, P1, "k1")

    token = link_in(postbox)
    with pytest.raises(SetupLinkOver):
        await open_setup(asked, token)
    with pytest.raises(SetupLinkOver, match="Our office has ended"):
        await renew_setup_link(asked, token)


async def test_the_door_waits_and_lets_in_whoever_asks_for_it(asked: Ports):
    seat = await seat_of(asked, await group_session(asked), "p1")
    token = asked.secrets.link_token(seat)
    with pytest.raises(NotSetUp):
        await record_join(asked, token)

    await let_in(asked, token)
    await let_in(asked, token)

    assert (await record_join(asked, token)).startswith("https://video.test/")
    assert [e.rung for e in await show_call_list(asked)].count("let_in") == 1


async def test_who_was_never_asked_joins_as_before(asked: Ports):
    seat = await seat_of(asked, await group_session(asked), "p2")

    assert await record_join(asked, asked.secrets.link_token(seat))


async def test_at_the_door_nothing_on_file_is_shown(asked: Ports):
    seat = await seat_of(asked, await group_session(asked), "p1")
    doorstep = await open_link(asked, asked.secrets.link_token(seat))
    visitor = await open_setup(asked, await make_door_link(asked, doorstep.seat))

    shown = await show_setup(asked, visitor)

    assert shown.on_file is None
    assert shown.said == {}
    assert shown.open


async def test_at_the_door_nobody_learns_that_part_2_applies(ports: Ports):
    track = Track(TrackId("mood"), "Mood", minimum_weekly_minutes=240, part2=True)
    await import_programme(ports, programme(tracks=(track,)), "k1")
    await send_setup_link(ports, P1, LinkPurpose.PARTICIPANT, "k1")
    await set_up(ports)
    at_the_door = await show_setup(ports, Visitor(P1, Who.PARTICIPANT, sees_file=False))

    assert [each.piece for each in missing(await far(ports)) if each.required] == [
        Piece.PART2
    ]
    assert Piece.PART2 not in {each.piece for each in at_the_door.steps}
    assert at_the_door.rest_by_mail
    version = wording_of(ports, ConsentKind.PART2_DISCLOSURE).version
    no = Signature(agreed=False, name="Ada", version=version)
    await agree(ports, ADA, Piece.PART2, no)

    assert is_ready(await far(ports))  # a no is an answer
    assert ConsentKind.PART2_DISCLOSURE not in (await far(ports)).agreed


async def test_a_waiver_needs_a_reason_and_opens_the_door(asked: Ports, postbox: Postbox):
    with pytest.raises(Invalid):
        await waive_piece(asked, P1, "group", "k1", "  ")
    for piece in missing(await far(asked)):
        await waive_piece(asked, P1, piece.piece, "k1", "Signed on paper")
    await run_due(asked)

    assert is_ready(await far(asked))
    assert "Example Health appointment" in subjects(postbox)
    async with asked.store.read() as tx:
        waivers = await tx.onboardings.waivers(P1)
    assert {(each.by, each.reason) for each in waivers} == {("k1", "Signed on paper")}


async def test_a_guardian_does_their_part_and_sees_nothing_of_the_rest(
    ports: Ports, postbox: Postbox
):
    people = [TEEN, *(participant(f"p{number}") for number in range(2, 5))]
    await import_programme(ports, programme(people), "k1")
    await send_setup_link(ports, P1, LinkPurpose.GUARDIAN, "k1")
    await run_due(ports)
    visitor = await open_setup(ports, link_in(postbox, "g@example.org"))
    assert visitor == Visitor(P1, Who.GUARDIAN)
    with pytest.raises(Missing):
        await answer_piece(ports, visitor, Piece.NAME, {"name": "Not mine"})

    said = {"name": "Gia", "phone": "+13035550177"}
    await answer_piece(ports, visitor, Piece.GUARDIAN, said)
    await answer_piece(ports, visitor, Piece.CONTACT, ANSWERS[Piece.CONTACT])
    await answer_piece(ports, visitor, Piece.EMERGENCY, ANSWERS[Piece.EMERGENCY])
    await sign(ports, visitor, Piece.TELEHEALTH, ConsentKind.TELEHEALTH)

    assert (await far(ports)).number == "+13035550177"
    reach = await gate(ports, Way.TEXT)
    assert isinstance(reach, Reach)
    assert (reach.to, reach.guardian) == ("+13035550177", True)
    carrier = FakeCarrier()
    ringing = replace(ports, telephone=carrier)
    check = await check_phone(ringing, visitor, Way.MACHINE_CALL)
    await run_due(ringing)
    assert carrier.calls[check.id].to == "+13035550177"
    await hear_key(ringing, check.id, digit_of(ports.secrets.code(check.id)))
    assert (await far(ports)).is_verified
    assert not is_ready(await far(ports))
    shown = await show_setup(ports, visitor)
    assert shown.waits_for is Who.PARTICIPANT
    guardian = next(e for e in (await on_file(ports)).supporters if e.kind == "guardian")
    assert guardian.email == "g@example.org"


async def test_an_adult_has_no_guardian_and_nobody_is_mailed_without_an_address(
    asked: Ports,
):
    with pytest.raises(Invalid, match="no minor"):
        await send_setup_link(asked, P1, LinkPurpose.GUARDIAN, "k1")
    with pytest.raises(Missing):
        await send_setup_link(asked, ParticipantId("p9"), LinkPurpose.PARTICIPANT, "k1")


async def test_a_call_with_the_right_digit_verifies_the_number(asked: Ports):
    carrier = FakeCarrier()
    ports = replace(asked, telephone=carrier)
    await set_up(ports)

    check = await check_phone(ports, ADA, Way.MACHINE_CALL)
    await run_due(ports)
    assert carrier.calls[check.id].to == "+12085550123"
    await hear_call(ports, check.id, CallState.ANSWERED)
    right = digit_of(ports.secrets.code(check.id))
    await hear_key(ports, check.id, "4" if right != "4" else "6")
    assert not (await far(ports)).is_verified
    await hear_key(ports, check.id, right)

    assert (await far(ports)).is_verified
    assert carrier.ended == {
        f"ref-{check.id}": "Thank you. This phone is confirmed. Goodbye."
    }
    assert isinstance(await gate(ports, Way.MACHINE_CALL), Reach)


async def test_a_stranger_who_picks_up_ends_it(asked: Ports):
    ports = replace(asked, telephone=FakeCarrier())
    await set_up(ports)
    check = await check_phone(ports, ADA, Way.MACHINE_CALL)
    await run_due(ports)

    await hear_key(ports, check.id, "3")
    await hear_key(ports, check.id, digit_of(ports.secrets.code(check.id)))

    assert await gate(ports, Way.TEXT) is Refusal.WRONG_NUMBER
    assert not (await far(ports)).is_verified


async def test_a_phone_is_tested_a_few_times_a_day_only(asked: Ports, clock: FixedClock):
    ports = replace(asked, telephone=FakeCarrier())
    await set_up(ports)
    for _ in range(5):
        await check_phone(ports, ADA, Way.MACHINE_CALL)
    with pytest.raises(TooManyChecks):
        await check_phone(ports, ADA, Way.TEXT)

    clock.forward(24 * 60 + 1)
    await check_phone(ports, ADA, Way.TEXT)


async def test_a_texted_code_verifies_where_no_voice_is_possible(
    asked: Ports, pocket: Pocket
):
    ports = replace(asked, telephone=FakeCarrier())
    await set_up(ports)
    await answer_piece(ports, ADA, Piece.NEEDS, {"relay": "yes", "language": ""})
    with pytest.raises(Conflict, match="a voice is no use"):
        await check_phone(ports, ADA, Way.MACHINE_CALL)

    check = await check_phone(ports, ADA, Way.TEXT)
    await run_due(ports)
    body = pocket.texts[check.id].body
    assert len(body) <= 160
    assert body.isascii()
    code = body.split(": ")[1].split()[0]
    for _ in range(4):
        assert not await take_code(ports, ADA, "000000" if code != "000000" else "1")
    assert await take_code(ports, ADA, f"{code[:3]} {code[3:]}")
    assert (await far(ports)).is_verified
    with pytest.raises(Conflict):
        await take_code(ports, ADA, code)


async def test_a_code_is_tried_five_times_at_most(asked: Ports):
    await set_up(asked)
    check = await check_phone(asked, ADA, Way.TEXT)
    wrong = "000000" if asked.secrets.code(check.id) != "000000" else "1"
    for _ in range(5):
        assert not await take_code(asked, ADA, wrong)

    with pytest.raises(Conflict):
        await take_code(asked, ADA, asked.secrets.code(check.id))


async def test_the_word_of_an_own_invite_proves_the_calendar(
    asked: Ports, postbox: Postbox
):
    await set_up(asked)
    await run_due(asked)
    seat = await seat_of(asked, await group_session(asked), "p1")
    word = asked.secrets.word(seat)
    assert any(word.encode() in each.raw for each in postbox.to("p1@participants.example"))
    other = asked.secrets.word(await seat_of(asked, await group_session(asked), "p2"))
    assert not await prove_by_word(asked, ADA, other)

    assert await prove_by_word(asked, ADA, f" {word.upper()} ")

    assert (await far(asked)).is_proven


async def test_a_mailed_answer_proves_the_calendar_too(asked: Ports):
    await set_up(asked)
    await run_due(asked)
    uid = await uid_of(asked, await group_session(asked))
    assert not (await far(asked)).is_proven

    raw = answer(calendar(event(uid=uid)))
    await take_reply(asked, InboundMail(raw, asked.clock.now()))

    assert (await far(asked)).is_proven
