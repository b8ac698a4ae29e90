"""Reminders: the day before, on the day, when the door opens; one a person and day."""

from dataclasses import replace
from datetime import date, time, timedelta
from itertools import product

import pytest

from tests.make import (
    NINE,
    FixedClock,
    Pocket,
    Postbox,
    deliveries,
    enrollment,
    group_session,
    minutes_later,
    participant,
    published_programme,
    seat_of,
)
from vioP.domain.delivery import Channel, DeliveryKind
from vioP.domain.gsm import ONE_PART, fit, in_gsm, length
from vioP.domain.ids import ParticipantId, SeatId, SessionId, StaffId
from vioP.domain.keyword import Wish
from vioP.domain.message import (
    Reminded,
    door_text,
    late_text,
    nudge_text,
    reminder_text,
    room_text,
)
from vioP.domain.people import Contact
from vioP.domain.phone_check import code_text
from vioP.domain.reminder import Expected, Reminders, due_now
from vioP.domain.time import Instant
from vioP.flows.deliver import deliver
from vioP.flows.help_check import settle_check
from vioP.flows.remind import remind, when_words
from vioP.flows.sweep import sweep
from vioP.flows.take_text import take_text
from vioP.ports import Ports

EVENING = minutes_later(-16 * 60)  # five o'clock in Denver, the day before
REMINDERS = ("day_before", "same_day", "door_open")


async def kinds(ports: Ports) -> list[tuple[str, str, str]]:
    return sorted(
        (row["kind"], row["channel"], row["state"])
        for row in await deliveries(ports.store)
        if row["kind"] in REMINDERS
    )


async def alone(ports: Ports) -> None:
    """A programme of two: p1, and p2 who agreed to no texts."""
    people = [
        participant("p1"),
        participant("p2", contact=Contact("p2@participants.example", "+13035550102")),
    ]
    await published_programme(
        ports,
        people=people,
        enrollments=tuple(enrollment(each.id) for each in people),
        service_plans=(),
    )


async def test_a_day_is_reminded_of_by_text_or_else_by_mail(
    ports: Ports, clock: FixedClock, pocket: Pocket, postbox: Postbox
):
    await alone(ports)
    clock.move_to(EVENING)

    for _ in range(2):
        await remind(ports)
    await deliver(ports, Channel.SMS)
    await deliver(ports, Channel.MAIL)

    assert await kinds(ports) == [
        ("day_before", "mail", "sent"),
        ("day_before", "sms", "sent"),
    ]
    [text] = pocket.texts.values()
    assert "tomorrow 09:00" in text.body
    assert "Reply H for a person" in text.body
    assert "/tech-check" in text.body  # nothing was checked yet
    letter = postbox.to("p2@participants.example")[-1].raw
    assert b"tomorrow 09:00, Denver time" in letter
    assert b"List-Unsubscribe" in letter


async def test_whoever_is_ready_is_led_to_the_room(
    ports: Ports, clock: FixedClock, pocket: Pocket
):
    await alone(ports)
    clock.move_to(EVENING)
    await settle_check(ports, ParticipantId("p1"), "ready", StaffId("t1"))

    await remind(ports)
    await deliver(ports, Channel.SMS)

    [text] = pocket.texts.values()
    assert "/tech-check" not in text.body
    assert "/j/" in text.body


@pytest.mark.parametrize(
    ("at", "kind", "says"),
    [(-120, "same_day", "today 09:00"), (-10, "door_open", "room is open")],
)
async def test_the_day_and_the_door_have_reminders_of_their_own(
    ports: Ports, clock: FixedClock, pocket: Pocket, at: float, kind: str, says: str
):
    await alone(ports)
    clock.move_to(minutes_later(at))

    await remind(ports)
    await deliver(ports, Channel.SMS)

    found = await kinds(ports)
    if at == -120:  # seven in the morning is a quiet hour: no text, so a mail
        assert found == [(kind, "mail", "pending"), (kind, "mail", "pending")]
        assert pocket.texts == {}
    else:
        assert found == [(kind, "mail", "pending"), (kind, "sms", "sent")]
        assert says in next(iter(pocket.texts.values())).body


async def test_nobody_is_reminded_who_has_joined_or_said_no_or_late(
    ports: Ports, clock: FixedClock, pocket: Pocket
):
    await alone(ports)
    seat = await seat_of(ports, await group_session(ports), "p1")
    clock.move_to(minutes_later(-9))
    await remind(ports)
    async with ports.store.write() as tx:
        await tx.seats.revoke_link(seat, clock.now())
    await deliver(ports, Channel.SMS)
    clock.move_to(NINE)
    pocket.texts.clear()

    await remind(ports)

    assert pocket.texts == {}
    assert len(await kinds(ports)) == 2


async def test_the_sweep_reminds(ports: Ports, clock: FixedClock):
    await alone(ports)
    clock.move_to(EVENING)

    await sweep(ports)

    async with ports.store.read() as tx:
        rows = await tx.connection.fetch("SELECT key FROM job WHERE key = 'remind'")
    assert len(rows) == 1


async def test_reply_h_brings_a_person(ports: Ports, clock: FixedClock):
    await alone(ports)
    clock.move_to(EVENING)

    heard = await take_text(ports, "t1", "+13035550101", "H")

    assert heard.wish is Wish.HUMAN


def expected(name: str, starts: Instant, person: str = "p1") -> Expected:
    return Expected(
        SeatId(name), SessionId(name), ParticipantId(person), "P", "America/Denver", starts
    )


def test_one_reminder_speaks_of_all_of_a_day():
    seats = [expected(f"s{n}", minutes_later(n * 120)) for n in range(5)]

    [reminder] = due_now(seats, Reminders(), EVENING)

    assert reminder.kind is DeliveryKind.DAY_BEFORE
    assert reminder.seat.seat_id == "s0"
    assert when_words(reminder) == "tomorrow 09:00, 11:00, 13:00 and 2 more"
    assert reminder.key == "day_before:p1:2026-03-10"


def test_reminders_that_are_late_are_left_out_and_rules_can_end_each():
    seats = [expected("s1", NINE)]
    late = minutes_later(-16 * 60 + 16)

    assert due_now(seats, Reminders(), late) == ()
    silent = Reminders(None, timedelta(), door_opens=False)
    every_minute = [minutes_later(-minute) for minute in range(30 * 60)]
    assert not any(due_now(seats, silent, now) for now in every_minute)
    told = [
        each.kind
        for now in reversed(every_minute)
        for each in due_now(seats, Reminders(), now)
    ]
    assert list(dict.fromkeys(told)) == [
        DeliveryKind.DAY_BEFORE, DeliveryKind.SAME_DAY, DeliveryKind.DOOR_OPEN,
    ]  # fmt: skip


def test_the_evening_before_is_the_persons_own():
    honolulu = replace(expected("s1", NINE), zone="Pacific/Honolulu")

    [reminder] = due_now([honolulu], Reminders(time(17)), minutes_later(-12 * 60))

    assert when_words(reminder) == "tomorrow 05:00"
    assert honolulu.day == date(2026, 3, 10)


NAMES = ["Example Health", "Häuser & Söhne Gesundheit München", "N" * 64]
LINKS = [f"https://{'x' * length_}/j/{'t' * 43}" for length_ in (12, 40, 60)]
WHENS = ["today 09:00", "tomorrow 09:00, 11:00, 13:00 and 2 more"]
ZONES = ["Denver time", "North Dakota New Salem time"]
A_PERSON = {
    "en": ("Reply H for a person",),
    "es-US": ("Responda H para una persona", "H: una persona"),
}
PHONES = ["+1 212 555 0100", "+49 89 1234567890 ext. 1234"]


@pytest.mark.parametrize("language", ["en", "es-US"])
def test_every_text_is_one_part_with_the_longest_of_names(language: str):
    texts = [code_text("Example Health", "123456", language)]
    for name, link, when, zone, phone in product(NAMES, LINKS, WHENS, ZONES, PHONES):
        for check in (False, True):
            way = f"{link}/tech-check" if check else link
            said = reminder_text(name, Reminded(when, zone, way, check=check), language)
            assert way in said
            assert any(each in said for each in A_PERSON[language])
            texts.append(said)
        opened = door_text(name, link, language)
        nudged = nudge_text(name, link, phone, language)
        assert link in opened
        assert link in nudged
        texts += [opened, nudged]
        texts += [late_text(name, language), room_text(name, phone, "1234", language)]

    too_long = [each for each in texts if not 0 < (length(each) or 999) <= ONE_PART]
    assert too_long == []


def test_letters_outside_the_alphabet_are_written_with_those_inside():
    assert in_gsm("Clínica “Łódź” ñ") == 'Clinica "?odz" ñ'
    assert length("{}") == 4
    assert length("Ł") is None
    assert fit("x" * 161, "{" * 100) == "{" * 80
