"""What people ask for by text, on the phone, or through staff, and what follows from it."""

from dataclasses import replace

import pytest

from tests.make import (
    FixedClock,
    Pocket,
    Postbox,
    deliveries,
    group_session,
    participant,
    published_programme,
    seat_of,
)
from vioP.domain.attendance import Evidence, Fact
from vioP.domain.board import Standing, standing
from vioP.domain.delivery import Channel
from vioP.domain.errors import Conflict, Invalid, Missing
from vioP.domain.ids import ParticipantId, SessionId
from vioP.domain.keyword import Wish
from vioP.domain.people import Supporter
from vioP.flows.claim_attempt import claim_attempt, give_back_attempt
from vioP.flows.deliver import deliver
from vioP.flows.mark_attendance import start_session
from vioP.flows.note_contact import ContactNote, note_contact
from vioP.flows.record_join import record_join
from vioP.flows.settle_attempt import Outcome, settle_attempt
from vioP.flows.show import show_session
from vioP.flows.show_calls import show_call_list
from vioP.flows.show_live import show_live_board, show_safety, show_story
from vioP.flows.take_text import take_text
from vioP.flows.tell_session import tell_session
from vioP.flows.watch_session import watch_session
from vioP.ports import Ports
from vioP.storage.call_list import OpenAttempt

P4 = "+13035550104"


pytestmark = pytest.mark.usefixtures("session")


@pytest.fixture
async def session(ports: Ports, postbox: Postbox) -> SessionId:
    """The group at nine: its host is there and p4 is missing."""
    people = [
        participant(
            f"p{n}",
            contact=replace(participant(f"p{n}").contact, phone=f"+130355501{n:02}"),
            supporters=(Supporter("emergency", name="Sam", phone="+13035550777"),),
        )
        for n in range(1, 5)
    ]
    await published_programme(ports, people=people)
    await run(ports)
    postbox.letters.clear()
    session_id = await group_session(ports)
    await start_session(ports, session_id, "c1")
    for name in ("p1", "p2", "p3"):
        seat = await seat_of(ports, session_id, name)
        await record_join(ports, ports.secrets.link_token(seat))
    return session_id


async def run(ports: Ports) -> None:
    for channel in (Channel.MAIL, Channel.SMS, Channel.CALL_LIST):
        while await deliver(ports, channel):
            pass


async def look(ports: Ports, session: SessionId, by: float = 0) -> None:
    clock = ports.clock
    assert isinstance(clock, FixedClock)
    clock.forward(by)
    await watch_session(ports, session)
    await run(ports)


async def waiting(ports: Ports) -> list[OpenAttempt]:
    return [each for each in await show_call_list(ports) if each.outcome is None]


async def word(ports: Ports, session: SessionId) -> Standing:
    shown = await show_session(ports, session)
    [seat] = [each for each in shown.seats if each.participant_id == "p4"]
    return standing(shown, seat, ports.clock.now())


async def test_stop_ends_texts_and_no_session_and_start_begins_them_again(
    ports: Ports, session, pocket: Pocket, postbox: Postbox
):
    heard = await take_text(ports, "t1", P4, "Cancel")
    await look(ports, session, 3)

    assert heard.wish is Wish.STOP
    assert "Your appointments stay as they are" in heard.answer
    assert pocket.texts == {}
    assert [letter.to for letter in postbox.letters.values()] == ["p4@participants.example"]
    nudges = [each for each in await deliveries(ports.store) if each["kind"] == "nudge"]
    assert ("sms", "skipped", "opted_out") in [
        (each["channel"], each["state"], each["reason"]) for each in nudges
    ]
    assert len((await show_session(ports, session)).seats) == 4

    await take_text(ports, "t2", P4, "START")
    sent = await tell_session(ports, session, "room_down", "k1")
    assert sent == 8


async def test_a_text_that_waits_is_dropped_the_moment_somebody_writes_stop(
    ports: Ports, session, clock: FixedClock, pocket: Pocket
):
    clock.forward(3)
    await watch_session(ports, session)

    await take_text(ports, "t1", P4, "STOP")
    await run(ports)

    assert pocket.texts == {}


async def test_whoever_asks_to_be_called_is_next_on_the_call_list_and_only_once(
    ports: Ports, session
):
    await look(ports, session, 3)
    await take_text(ports, "t1", P4, "C")
    await look(ports, session)
    await look(ports, session, 1)
    await look(ports, session, 3)

    assert [each.rung for each in await waiting(ports)] == ["call"]


async def test_whoever_writes_later_is_left_alone_by_everybody_for_the_agreed_time(
    ports: Ports, session, pocket: Pocket
):
    heard = await take_text(ports, "t1", P4, "L")
    assert "30 minutes" in heard.answer
    for minute in (3, 3, 4, 2, 3):
        await look(ports, session, minute)

    assert pocket.texts == {}
    assert await word(ports, session) is Standing.LATER
    assert [each.rung for each in await waiting(ports)] == ["clinician"]

    await look(ports, session, 16)
    assert [each.rung for each in await waiting(ports)] == ["clinician", "coordinator"]


async def test_whoever_writes_that_they_are_late_is_given_ten_minutes(
    ports: Ports, session: SessionId, clock: FixedClock
):
    clock.forward(1)
    heard = await take_text(ports, "SM1", P4, "Running late!")

    assert heard.answer == "Example Health: thank you. We expect you in about 10 minutes."
    assert await word(ports, session) is Standing.LATE
    clock.forward(11)
    assert await word(ports, session) is not Standing.LATE


async def test_late_for_nothing_is_read_by_a_person(
    ports: Ports, session: SessionId, clock: FixedClock
):
    clock.forward(40)  # nobody is waited for so long

    heard = await take_text(ports, "SM1", P4, "late")

    assert (heard.wish, heard.answer) == (Wish.UNCLEAR, "")
    assert await word(ports, session) is not Standing.LATE
    assert "read_text" in [each.rung for each in await show_call_list(ports)]


async def test_a_sentence_is_put_before_a_coordinator_word_for_word(ports: Ports):
    await take_text(ports, "t1", P4, "I cannot find my glasses, see you")
    await take_text(ports, "t1", P4, "I cannot find my glasses, see you")

    [line] = await waiting(ports)
    assert (line.rung, line.name) == ("read_text", "P4 A.")
    assert line.said == "I cannot find my glasses, see you"


async def test_what_somebody_wrote_is_read_even_when_they_joined_or_were_called_since(
    ports: Ports, session
):
    await take_text(ports, "t1", P4, "I said goodbye to everybody")
    await look(ports, session, 6)
    _, call = await waiting(ports)
    await settle_attempt(ports, call.id, Outcome.NO_ANSWER, "k1")
    seat = await seat_of(ports, session, "p4")
    await record_join(ports, ports.secrets.link_token(seat))

    assert [each.rung for each in await waiting(ports)] == ["read_text"]


async def test_a_text_from_a_number_nobody_has_is_read_by_somebody(ports: Ports):
    heard = await take_text(ports, "t9", "+19995550000", "hello?")

    [line] = await waiting(ports)
    assert heard.answer == ""
    assert (line.rung, line.name, line.said) == ("read_text", None, "hello?")


async def test_a_wrong_number_is_called_no_more_and_somebody_looks_for_another(
    ports: Ports, session
):
    await look(ports, session, 6)
    [call] = await waiting(ports)
    await settle_attempt(ports, call.id, Outcome.WRONG_NUMBER, "k1")
    await look(ports, session, 4)

    reasons = {
        (each["kind"], each["channel"]): each["reason"]
        for each in await deliveries(ports.store)
        if each["state"] == "skipped"
    }
    assert reasons["second_call", "call_list"] == "wrong_number"
    assert {each.rung for each in await waiting(ports)} == {"find_number", "coordinator"}


async def test_a_safety_call_or_welfare_check_is_a_persons_act_with_a_reason(
    ports: Ports, session
):
    await look(ports, session, 6)
    [call] = await waiting(ports)
    for outcome in (Outcome.SAFETY_CALL, Outcome.WELFARE_CHECK):
        with pytest.raises(Invalid, match="Say why"):
            await settle_attempt(ports, call.id, outcome, "k1")

    await settle_attempt(
        ports, call.id, Outcome.WELFARE_CHECK, "k1", "said goodbye in chat"
    )

    assert await word(ports, session) is Standing.SAFETY
    story = await show_story(ports, await seat_of(ports, session, "p4"))
    assert ("welfare_check", "said goodbye in chat", "k1") in [
        (line.kind, line.reason, line.by) for line in story.lines
    ]


async def test_two_people_do_not_call_the_same_person(
    ports: Ports, session, clock: FixedClock
):
    await look(ports, session, 6)
    await look(ports, session, 4)
    first, second = await waiting(ports)
    await claim_attempt(ports, first.id, "k1")
    await claim_attempt(ports, first.id, "k1")

    with pytest.raises(Conflict, match="A colleague is calling"):
        await claim_attempt(ports, second.id, "k2")
    with pytest.raises(Conflict, match="not yours"):
        await give_back_attempt(ports, second.id, "k2")
    await give_back_attempt(ports, second.id, "k1")
    await claim_attempt(ports, second.id, "k2")

    clock.forward(11)
    await claim_attempt(ports, first.id, "k1")  # what somebody forgot is free again


async def test_answering_the_newest_line_about_somebody_answers_the_older_ones(
    ports: Ports, session
):
    await look(ports, session, 6)
    await look(ports, session, 4)
    _, second = await waiting(ports)

    await settle_attempt(ports, second.id, Outcome.NO_ANSWER, "k1")

    assert await waiting(ports) == []


@pytest.mark.parametrize("note", [ContactNote.DECEASED, ContactNote.DISCHARGED])
async def test_whoever_died_or_left_is_reached_by_nothing_from_that_instant(
    ports: Ports, session, clock: FixedClock, postbox: Postbox, pocket: Pocket, note
):
    await look(ports, session, 6)
    assert await waiting(ports)
    clock.forward(4)
    await watch_session(ports, session)  # more waits to leave

    await note_contact(ports, ParticipantId("p4"), note, "k1")
    postbox.letters.clear()
    pocket.texts.clear()
    await run(ports)
    for minute in (2, 3, 10):
        await look(ports, session, minute)

    assert await waiting(ports) == []
    assert postbox.letters == {}
    assert pocket.texts == {}


async def test_a_note_nobody_knows_or_about_nobody_is_refused(ports: Ports):
    with pytest.raises(Invalid):
        await note_contact(ports, ParticipantId("p4"), "loud", "k1")
    with pytest.raises(Missing):
        await note_contact(ports, ParticipantId("nobody"), ContactNote.NO_TEXTS, "k1")


async def test_when_the_room_is_down_everybody_gets_the_number_and_nobody_is_called(
    ports: Ports, session, pocket: Pocket, postbox: Postbox
):
    sent = await tell_session(ports, session, "room_down", "k1")
    await run(ports)
    assert sent == 8
    assert len(pocket.texts) == len(postbox.letters) == 4
    assert all("+1 212 555 0100" in text.body for text in pocket.texts.values())

    await look(ports, session, 6)
    assert [each.rung for each in await waiting(ports)] == ["incident"]

    await tell_session(ports, session, "room_up", "k1")
    await look(ports, session, 1)
    assert [each.rung for each in await waiting(ports)] == ["call"]


async def test_whoever_waits_for_a_late_host_is_told_in_neutral_words(
    ports: Ports, session, pocket: Pocket, postbox: Postbox
):
    await tell_session(ports, session, "host_late", "c1")
    await run(ports)

    said = "Example Health: your appointment starts a little later than planned. "
    said += "Your link stays the same. STOP opts out."
    assert {text.body for text in pocket.texts.values()} == {said}
    assert b"starts a little later" in next(iter(postbox.letters.values())).raw
    with pytest.raises(Invalid):
        await tell_session(ports, session, "gone fishing", "k1")
    with pytest.raises(Missing):
        await tell_session(ports, SessionId("ses_nothing"), "host_late", "k1")


async def test_the_board_says_what_comes_next_for_whoever_is_missing(
    ports: Ports, session, clock: FixedClock, statements
):
    await look(ports, session, 4)
    statements.clear()

    board = await show_live_board(ports, "America/Denver")

    assert len(statements) == 4
    seat = await seat_of(ports, session, "p4")
    assert set(board.ahead) == {seat}
    assert board.ahead[seat].rung == "call"
    assert (board.ahead[seat].due - clock.now()).total_seconds() == 120


async def test_the_safety_panel_has_the_place_the_people_and_the_last_call(
    ports: Ports, session
):
    await look(ports, session, 6)
    [call] = await waiting(ports)
    await settle_attempt(ports, call.id, Outcome.NO_ANSWER, "k1")

    view = await show_safety(ports, await seat_of(ports, session, "p4"))

    assert (view.city, view.person.state) == ("Denver", "CO")
    assert [each.phone for each in view.person.supporters] == ["+13035550777"]
    assert view.last_call is not None
    assert view.last_call.outcome == "no_answer"


async def test_the_story_of_a_seat_is_everything_in_order(
    ports: Ports, session, clock: FixedClock
):
    await look(ports, session, 3)
    await look(ports, session, 3)
    [call] = await waiting(ports)
    await settle_attempt(ports, call.id, Outcome.SOMEONE_ELSE, "k1")
    clock.forward(1)
    await take_text(ports, "t1", P4, "H")
    clock.forward(1)
    seat = await seat_of(ports, session, "p4")
    await record_join(ports, ports.secrets.link_token(seat))

    story = await show_story(ports, seat)

    assert [(line.what, line.kind, line.channel) for line in story.lines] == [
        ("step", "invite", "mail"),
        ("step", "nudge", "mail"),
        ("step", "nudge", "sms"),
        ("step", "call", "call_list"),
        ("settled", "someone_else", "call_list"),
        ("said", "wants_human", ""),
        ("seen", "join_pressed", ""),
    ]


async def test_who_asks_for_a_person_gets_one_when_the_ladder_has_none_left(
    ports: Ports, session
):
    for minute in (3, 3, 4, 2, 3):
        await look(ports, session, minute)
    newest = (await waiting(ports))[-1]
    await settle_attempt(ports, newest.id, Outcome.NO_ANSWER, "k1")
    assert await waiting(ports) == []

    await take_text(ports, "t1", P4, "H")
    await take_text(ports, "t2", P4, "C")
    await look(ports, session)

    assert {each.rung for each in await waiting(ports)} == {"wants_human", "call_back"}


async def test_who_left_near_the_end_and_asks_for_a_person_gets_one(ports: Ports, session):
    seat = await seat_of(ports, session, "p4")
    await record_join(ports, ports.secrets.link_token(seat))
    shown = await show_session(ports, session)
    clock = ports.clock
    assert isinstance(clock, FixedClock)
    clock.forward((shown.ends - clock.now()).total_seconds() / 60 - 6)
    async with ports.store.write() as tx:
        left = Evidence(Fact.LEFT, clock.now(), "room")
        await tx.live.witness(seat, left, recorded_at=clock.now(), key="left")

    await take_text(ports, "t1", P4, "H")
    await look(ports, session)

    assert [each.rung for each in await waiting(ports)] == ["wants_human"]


async def test_who_asks_for_a_person_while_the_room_is_down_gets_one(ports: Ports, session):
    await tell_session(ports, session, "room_down", "k1")
    await look(ports, session, 20)

    await take_text(ports, "t1", P4, "H")
    await look(ports, session)

    assert "coordinator" in {each.rung for each in await waiting(ports)}


async def test_what_somebody_asked_before_a_session_is_not_asked_in_it(
    ports: Ports, session, clock: FixedClock
):
    clock.forward(-60)
    await take_text(ports, "t1", P4, "C")
    await take_text(ports, "t2", P4, "H")
    clock.forward(60)
    await look(ports, session)

    assert {each.rung for each in await waiting(ports)} == {"call_back", "wants_human"}
