"""A reply comes in: what is kept, who is told, and that nobody is dropped by a mail."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from tests.flows.test_missed_join import join, look, open_rungs, run
from tests.make import (
    FixedClock,
    Postbox,
    deliveries,
    group_session,
    participant,
    published_programme,
    seat_of,
)
from tests.replies import (
    answer,
    attendees,
    calendar,
    calendar_part,
    event,
    mail,
    report,
    text_part,
)
from vioP.domain.attendance import Attendance
from vioP.domain.errors import Conflict, Invalid, LinkUnknown
from vioP.domain.ids import SeatId, SessionId
from vioP.domain.live import LiveSeat, LiveSession
from vioP.domain.reply import Answer, InboundMail, Why
from vioP.domain.time import later
from vioP.flows.answer_invite import AnswerTooLate, answer_invite, open_question
from vioP.flows.decide_matter import count_open_matters, decide_matter, show_matters
from vioP.flows.mark_attendance import start_session
from vioP.flows.receive_mail import MailDesk
from vioP.flows.show import show_session
from vioP.flows.take_reply import set_aside, take_reply
from vioP.ports import Ports
from vioP.storage.matters import ListedMatter

EARLIER = "DTSTAMP:20260309T120000Z"
LATER = "DTSTAMP:20260309T180000Z"


@pytest.fixture
async def session(ports: Ports) -> SessionId:
    """The group at nine, published; its invites have left."""
    await published_programme(ports)
    await run(ports)
    return await group_session(ports)


async def uid_of(ports: Ports, session_id: SessionId, name: str = "p1") -> str:
    seat_id = await seat_of(ports, session_id, name)
    async with ports.store.read() as tx:
        [row] = await tx.connection.fetch("SELECT uid FROM seat WHERE id = :id", id=seat_id)
    return f"{row['uid']}@example.org"


async def take(ports: Ports, raw: bytes) -> bool:
    return await take_reply(ports, InboundMail(raw, ports.clock.now()))


async def reply(
    ports: Ports, session_id: SessionId, partstat: str = "ACCEPTED", **facts: Any
) -> bool:
    """p1's calendar answers their seat."""
    method = facts.pop("method", "METHOD:REPLY\n")
    given = {"uid": await uid_of(ports, session_id), "partstat": partstat, **facts}
    return await take(ports, answer(calendar(event(**given), method=method)))


async def own(
    ports: Ports, session_id: SessionId, name: str = "p1"
) -> tuple[LiveSession, LiveSeat]:
    shown = await show_session(ports, session_id)
    return shown, next(each for each in shown.seats if each.participant_id == name)


async def said(ports: Ports, session_id: SessionId) -> Answer | None:
    _, seat = await own(ports, session_id)
    return seat.reply.answer if seat.reply else None


async def open_matters(ports: Ports) -> list[ListedMatter]:
    return [each for each in await show_matters(ports) if each.decision is None]


async def whys(ports: Ports) -> list[Why]:
    return [each.matter.why for each in await open_matters(ports)]


@pytest.mark.parametrize(
    ("partstat", "expected"),
    [("ACCEPTED", Answer.ACCEPTED), ("TENTATIVE", Answer.TENTATIVE)],
)
async def test_a_yes_shows_on_the_seat_and_bothers_nobody(
    ports: Ports, session, partstat, expected
):
    assert await said(ports, session) is None

    assert await reply(ports, session, partstat)

    assert await said(ports, session) is expected
    assert await open_matters(ports) == []


async def test_the_same_mail_is_taken_once(ports: Ports, session):
    assert await reply(ports, session, "DECLINED")
    assert not await reply(ports, session, "DECLINED")

    assert await whys(ports) == [Why.DECLINED]


async def test_the_same_mail_by_two_ways_at_once_is_taken_by_one(ports: Ports, session):
    uid = await uid_of(ports, session)
    raw = answer(calendar(event(uid=uid, partstat="DECLINED")))
    travelled = b"Received: from mx.example\r\n" + raw

    taken = await asyncio.gather(*(take(ports, each) for each in (raw, travelled) * 3))

    assert sum(taken) == 1
    assert await whys(ports) == [Why.DECLINED]


async def test_a_no_is_a_decision_for_a_person_and_cancels_nothing(ports: Ports, session):
    before = await deliveries(ports.store)

    await reply(ports, session, "DECLINED", more=["COMMENT:Dentist"])

    [line] = await open_matters(ports)
    assert (line.matter.why, line.matter.said, line.name) == (
        Why.DECLINED,
        "Dentist",
        "P1 A.",
    )
    shown, seat = await own(ports, session)
    assert not seat.is_expected(shown)
    assert seat.attendance(shown) is Attendance.PENDING
    assert shown.expected == 3
    assert await deliveries(ports.store) == before
    await join(ports, session, "p1")
    shown, _ = await own(ports, session)
    assert (shown.present, shown.expected) == (1, 4)


async def test_another_time_is_asked_for_in_the_persons_words(ports: Ports, session):
    await reply(ports, session, method="METHOD:COUNTER\n", start="DTSTART:20260311T150000Z")

    [line] = await open_matters(ports)
    assert line.matter.why is Why.COUNTER
    assert line.matter.said.startswith("Proposes 2026-03-11 15:00 UTC.")
    shown, seat = await own(ports, session)
    assert not seat.is_expected(shown)


async def all_but_p1_are_there(ports: Ports, session_id: SessionId) -> None:
    await start_session(ports, session_id, "c1")
    for name in ("p2", "p3", "p4"):
        await join(ports, session_id, name)


async def test_whoever_declined_is_neither_nudged_nor_called(
    ports: Ports, session, postbox: Postbox
):
    await reply(ports, session, "DECLINED")
    await all_but_p1_are_there(ports, session)
    postbox.letters.clear()

    for minute in (3, 6, 10, 12, 15):
        await look(ports, session, minute)

    assert postbox.letters == {}
    assert await open_rungs(ports) == []


async def test_a_no_in_the_middle_of_the_ladder_ends_nudges_and_calls(
    ports: Ports, session
):
    await all_but_p1_are_there(ports, session)
    await look(ports, session, 6)
    assert await open_rungs(ports) == ["call"]

    await reply(ports, session, "DECLINED", stamp="DTSTAMP:20260310T150600Z")

    assert await open_rungs(ports) == []
    await look(ports, session, 12)
    assert await open_rungs(ports) == []


async def test_somebody_at_high_risk_is_looked_for_though_they_declined(ports: Ports):
    people = [participant(f"p{n}", high_risk=n == 1) for n in range(1, 5)]
    await published_programme(ports, people=people)
    session_id = await group_session(ports)
    await reply(ports, session_id, "DECLINED")
    await all_but_p1_are_there(ports, session_id)

    await look(ports, session_id, 5)

    assert await open_rungs(ports) == ["coordinator"]
    assert await whys(ports) == [Why.DECLINED]


async def test_a_no_from_another_address_lets_nobody_alone_before_a_person_has_looked(
    ports: Ports, session
):
    raw = answer(calendar(event(uid=await uid_of(ports, session), partstat="DECLINED")))
    await take(
        ports,
        raw.replace(b"From: P1 A. <p1@participants.example>", b"From: x@evil.example"),
    )

    shown, seat = await own(ports, session)
    assert seat.is_expected(shown)
    [line] = await open_matters(ports)
    assert line.matter.sender == "x@evil.example"

    await decide_matter(ports, line.matter.id, "absent", "k1")
    shown, seat = await own(ports, session)
    assert seat.attendance(shown) is Attendance.EXCUSED


async def test_deciding_to_keep_the_session_sets_the_ladder_going_again(
    ports: Ports, session
):
    await reply(ports, session, "DECLINED")
    [line] = await open_matters(ports)

    await decide_matter(ports, line.matter.id, "keep", "k1")

    shown, seat = await own(ports, session)
    assert seat.is_expected(shown)
    await all_but_p1_are_there(ports, session)
    await look(ports, session, 6)
    assert await open_rungs(ports) == ["call"]


@pytest.mark.usefixtures("session")
async def test_a_decision_is_taken_once_and_must_fit(ports: Ports):
    await take(ports, mail(text_part("Where do I click?")))
    [line] = await open_matters(ports)

    with pytest.raises(Invalid):
        await decide_matter(ports, line.matter.id, "keep", "k1")
    with pytest.raises(Invalid):
        await decide_matter(ports, line.matter.id, "throw away", "k1")
    assert await count_open_matters(ports) == 1
    await decide_matter(ports, line.matter.id, "done", "k1")
    with pytest.raises(Conflict):
        await decide_matter(ports, line.matter.id, "done", "k2")
    assert await count_open_matters(ports) == 0


async def test_whoever_comes_after_all_is_not_forgotten(
    ports: Ports, session, clock: FixedClock
):
    await reply(ports, session, "DECLINED", stamp=EARLIER)
    [line] = await open_matters(ports)
    await decide_matter(ports, line.matter.id, "absent", "k1")

    await reply(ports, session, "ACCEPTED", stamp=LATER)

    [line] = await open_matters(ports)
    assert line.matter.why is Why.COMES_AFTER_ALL
    clock.forward(1)
    await decide_matter(ports, line.matter.id, "keep", "k1")
    shown, seat = await own(ports, session)
    assert seat.is_expected(shown)
    assert seat.attendance(shown) is Attendance.PENDING


@pytest.mark.parametrize("in_order", [True, False])
async def test_of_two_answers_the_newer_counts_in_whichever_order_they_come(
    ports: Ports, session, in_order
):
    told = [("DECLINED", EARLIER), ("ACCEPTED", LATER)]
    for partstat, stamp in told if in_order else reversed(told):
        await reply(ports, session, partstat, stamp=stamp)

    assert await said(ports, session) is Answer.ACCEPTED
    assert await open_matters(ports) == []


async def test_an_answer_from_the_future_does_not_outrank_what_comes_after(
    ports: Ports, session, clock: FixedClock
):
    await reply(
        ports, session, "DECLINED", stamp="DTSTAMP:20990101T000000Z", sequence="SEQUENCE:99"
    )
    clock.forward(1)

    await reply(ports, session, "ACCEPTED", stamp="DTSTAMP:20260310T150100Z")

    assert await said(ports, session) is Answer.ACCEPTED


async def moved(ports: Ports, session_id: SessionId) -> None:
    """The session moves by an hour, as a publication would move it."""
    shown = await show_session(ports, session_id)
    async with ports.store.write() as tx:
        for table, where in (("session", "id"), ("seat", "session_id")):
            more = ", sequence = sequence + 1" if table == "seat" else ""
            await tx.connection.execute(
                f"UPDATE {table} SET starts = :starts, ends = :ends{more} WHERE {where} = :id",  # noqa: S608
                id=session_id,
                starts=later(shown.starts, timedelta(hours=1)),
                ends=later(shown.ends, timedelta(hours=1)),
            )


async def test_an_answer_to_the_old_time_is_known_as_one(ports: Ports, session):
    await moved(ports, session)

    await reply(ports, session, "ACCEPTED", sequence="SEQUENCE:0")

    shown, seat = await own(ports, session)
    assert seat.reply is not None
    assert not seat.reply.is_about(shown.starts, shown.ends)
    assert await open_matters(ports) == []
    await reply(ports, session, "ACCEPTED", sequence="SEQUENCE:1")
    shown, seat = await own(ports, session)
    assert seat.reply is not None
    assert seat.reply.is_about(shown.starts, shown.ends)


async def test_a_no_to_the_old_time_lets_nobody_alone_at_the_new_one(ports: Ports, session):
    await reply(ports, session, "DECLINED")
    await moved(ports, session)

    shown, seat = await own(ports, session)
    assert seat.is_expected(shown)
    await reply(ports, session, "DECLINED", sequence="SEQUENCE:0", stamp=LATER)
    assert await whys(ports) == [Why.OLD_TIME]
    shown, seat = await own(ports, session)
    assert seat.is_expected(shown)


async def test_an_invite_that_was_passed_on_answers_for_nobody(ports: Ports, session):
    await reply(ports, session, attendees=attendees(("friend@x.example", "ACCEPTED")))

    assert await said(ports, session) is None
    [line] = await open_matters(ports)
    assert (line.matter.why, line.name) == (Why.STRANGER, "P1 A.")


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (mail(text_part("I don't feel safe")), Why.FREE_TEXT),
        (answer("BEGIN:VCALENDAR"), Why.UNREADABLE),
        (answer(calendar(event(partstat="X-MAYBE"))), Why.ODD_ANSWER),
        (answer(calendar(event())), Why.UNKNOWN_SEAT),
        (answer(calendar(event(uid="other@elsewhere.example"))), Why.UNKNOWN_SEAT),
        (report("nobody@x.example"), Why.ODD_BOUNCE),
    ],
)
@pytest.mark.usefixtures("session")
async def test_what_no_rule_answers_waits_for_a_person(ports: Ports, raw, why):
    assert await take(ports, raw)

    assert await whys(ports) == [why]


@pytest.mark.usefixtures("session")
async def test_what_is_none_of_our_business_bothers_nobody(ports: Ports):
    stranger = {"From": "x@elsewhere.example"}
    foreign = answer(calendar(event(uid="other@elsewhere.example")))
    for raw in (
        foreign.replace(b"p1@participants.example>", b"x@elsewhere.example>", 1),
        report("nobody@x.example", message_id="<spam@elsewhere.example>"),
        mail(
            text_part("I am away"), headers={**stranger, "Auto-Submitted": "auto-replied"}
        ),
        report(action="delayed"),
    ):
        assert await take(ports, raw)

    assert await open_matters(ports) == []


@pytest.mark.usefixtures("session")
async def test_a_mail_that_is_too_big_is_told_by_who_sent_it(ports: Ports):
    raw = mail(text_part("x" * 10_500_000))

    assert await take(ports, raw)

    [line] = await open_matters(ports)
    assert (line.matter.why, line.name) == (Why.TOO_BIG, "P1 A.")


async def test_a_link_that_is_quoted_back_to_us_is_not_kept(ports: Ports, session):
    seat = await seat_of(ports, session, "p1")
    links = f"{ports.join_url(seat)} {ports.rsvp_url(seat)}"
    uid = await uid_of(ports, session)
    for raw in (
        mail(text_part(f"No!\n> Join by video: {links}"), headers={"Subject": links}),
        answer(calendar(event(uid=uid, partstat="DECLINED", more=[f"COMMENT:No {links}"]))),
        mail(
            calendar_part(calendar(event(more=[f"LOCATION:{links}"]))[:-40]),
            headers={"Message-ID": "<m9@x>"},
        ),
    ):
        assert await take(ports, raw)

    async with ports.store.read() as tx:
        rows = [
            *await tx.connection.fetch("SELECT * FROM matter"),
            *await tx.connection.fetch("SELECT * FROM reply"),
        ]
    kept = str([tuple(row[name] for name in row.keys()) for row in rows])  # noqa: SIM118
    assert len(rows) == 4
    assert ports.secrets.link_token(seat) not in kept
    assert ports.secrets.rsvp_token(seat).partition(".")[2] not in kept
    assert "No" in kept


async def test_mail_that_comes_back_marks_the_address_until_somebody_has_seen_to_it(
    ports: Ports, session
):
    uid = (await uid_of(ports, session)).partition("@")[0]
    await take(ports, report("old@x.example", message_id=f"<{uid}.0.request@example.org>"))

    _, seat = await own(ports, session)
    assert seat.mail_fails
    [line] = await open_matters(ports)
    assert (line.matter.why, line.name) == (Why.BOUNCE, "P1 A.")
    await decide_matter(ports, line.matter.id, "done", "k1")
    _, seat = await own(ports, session)
    assert not seat.mail_fails


@pytest.mark.usefixtures("session")
async def test_a_mail_that_meets_a_fault_is_set_aside_once_with_what_it_says(ports: Ports):
    for _ in range(2):
        await set_aside(ports, InboundMail(mail(text_part("Help")), ports.clock.now()))

    [line] = await open_matters(ports)
    assert (line.matter.why, line.matter.said) == (Why.FAULT, "Help")
    assert line.matter.sender == "p1@participants.example"


@pytest.mark.usefixtures("session")
async def test_even_a_mail_whose_reader_fails_is_shown(
    ports: Ports, monkeypatch: pytest.MonkeyPatch
):
    def broken(*_given: object, **_named: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("vioP.flows.take_reply.read_mail", broken)
    await MailDesk(ports).take(mail(text_part("Help")))

    [line] = await open_matters(ports)
    assert line.matter.why is Why.FAULT
    assert "Help" in line.matter.said


async def test_answering_by_link_is_answering(ports: Ports, session, clock: FixedClock):
    token = ports.secrets.rsvp_token(await seat_of(ports, session, "p1"))

    await answer_invite(ports, token, "no", "I am\r\nill", 0)

    [line] = await open_matters(ports)
    assert (line.matter.why, line.matter.said) == (Why.DECLINED, "I am ill")
    assert (await open_question(ports, token)).said is Answer.DECLINED
    clock.forward(1)
    await answer_invite(ports, token, "yes", "", 0)
    assert await open_matters(ports) == []
    clock.forward(60 * 24)
    with pytest.raises(AnswerTooLate):
        await answer_invite(ports, token, "no", "", 0)


async def test_an_answer_by_link_is_about_the_time_the_page_showed(ports: Ports, session):
    token = ports.secrets.rsvp_token(await seat_of(ports, session, "p1"))
    await moved(ports, session)

    await answer_invite(ports, token, "no", "", sequence=0)

    assert await whys(ports) == [Why.OLD_TIME]
    shown, seat = await own(ports, session)
    assert seat.is_expected(shown)
    assert (await open_question(ports, token)).is_old


@pytest.mark.parametrize("bad", ["sea_x.y", "", ".", "sea_01.é", "x" * 5000])
async def test_a_forged_link_answers_nothing(ports: Ports, session, bad):
    with pytest.raises(LinkUnknown):
        await answer_invite(ports, bad, "no", "", 0)
    one = ports.secrets.rsvp_token(await seat_of(ports, session, "p1"))
    other = await seat_of(ports, session, "p2")
    with pytest.raises(LinkUnknown):
        await open_question(ports, f"{other}.{one.partition('.')[2]}")
    assert ports.secrets.link_token(SeatId(other)) not in one
