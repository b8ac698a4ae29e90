"""The gate: each rule as a row of a table, with the same person a little different."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.make import NINE, minutes_later
from vioP.domain.contact import ContactPolicy, Reach, Reachable, Refusal, may_reach
from vioP.domain.contact_facts import ContactFact, ContactKind, Way, comes_at
from vioP.domain.people import Contact
from vioP.domain.time import later

NUMBER, GUARDIAN = "+13035550101", "+13035550199"
ALL = Contact("a@participants.example", NUMBER, sms=True, call=True, voicemail=True)
MAIL, TEXT, MACHINE, HUMAN, VOICEMAIL = Way


def fact(kind: ContactKind, minute: float = -60, **more) -> ContactFact:
    return ContactFact(kind, minutes_later(minute), "k1", **more)


HEARD = fact(ContactKind.VERIFIED, number=NUMBER)
ANN = Reachable(ALL, "America/Denver", (HEARD,))
NIGHT = later(NINE, timedelta(hours=13))  # 22:00 in Denver
EARLY = later(NINE, timedelta(hours=-1, minutes=-1))  # 07:59
CASES = [
    # who, how, when; what the gate says
    ("everything is agreed to", ANN, MAIL, NINE, ALL.email),
    ("everything is agreed to", ANN, TEXT, NINE, NUMBER),
    ("everything is agreed to", ANN, MACHINE, NINE, NUMBER),
    ("everything is agreed to", ANN, HUMAN, NINE, NUMBER),
    ("everything is agreed to", ANN, VOICEMAIL, NINE, NUMBER),
    *(
        ("has died or left", replace(ANN, facts=(HEARD, fact(ContactKind.SILENCED))), way,
         NINE, Refusal.SILENCED)
        for way in Way
    ),
    ("is back", replace(ANN, facts=(
        HEARD, fact(ContactKind.SILENCED), fact(ContactKind.UNSILENCED, -5),
    )), TEXT, NINE, NUMBER),
    *(
        ("cannot talk", replace(ANN, facts=(
            HEARD, fact(ContactKind.NOT_SAFE, -1, until=minutes_later(29)))), way,
         NINE, Refusal.NOT_SAFE)
        for way in Way
    ),
    ("can talk again", replace(ANN, facts=(
        HEARD, fact(ContactKind.NOT_SAFE, -30, until=NINE))), TEXT, NINE, NUMBER),
    ("no mail address", replace(ANN, contact=replace(ALL, email="")), MAIL, NINE,
     Refusal.NO_ADDRESS),
    ("no number", replace(ANN, contact=replace(ALL, phone="")), TEXT, NINE,
     Refusal.NO_ADDRESS),
    ("number belongs to somebody else", replace(ANN, facts=(
        HEARD, fact(ContactKind.WRONG_NUMBER, number=NUMBER))), TEXT, NINE,
     Refusal.WRONG_NUMBER),
    ("number belongs to somebody else", replace(ANN, facts=(
        HEARD, fact(ContactKind.WRONG_NUMBER, number=NUMBER))), HUMAN, NINE,
     Refusal.WRONG_NUMBER),
    ("another number was wrong", replace(ANN, facts=(
        HEARD, fact(ContactKind.WRONG_NUMBER, number=GUARDIAN))), HUMAN, NINE, NUMBER),
    ("number belongs to somebody else", replace(ANN, facts=(
        HEARD, fact(ContactKind.WRONG_NUMBER, number=NUMBER))), MAIL, NINE, ALL.email),
    ("wrote STOP", replace(ANN, facts=(HEARD, fact(ContactKind.OPTED_OUT, way=TEXT))),
     TEXT, NINE, Refusal.OPTED_OUT),
    ("wrote STOP", replace(ANN, facts=(HEARD, fact(ContactKind.OPTED_OUT, way=TEXT))),
     MACHINE, NINE, NUMBER),
    ("pressed 9", replace(ANN, facts=(HEARD, fact(ContactKind.OPTED_OUT, way=MACHINE))),
     MACHINE, NINE, Refusal.OPTED_OUT),
    ("pressed 9", replace(ANN, facts=(HEARD, fact(ContactKind.OPTED_OUT, way=MACHINE))),
     HUMAN, NINE, NUMBER),
    ("wrote STOP, then START", replace(ANN, facts=(
        HEARD, fact(ContactKind.OPTED_OUT, way=TEXT),
        fact(ContactKind.CONSENTED, -5, way=TEXT))), TEXT, NINE, NUMBER),
    ("never agreed to texts", replace(ANN, contact=replace(ALL, sms=False)), TEXT, NINE,
     Refusal.NO_CONSENT),
    ("agreed to texts later", replace(
        ANN, contact=replace(ALL, sms=False),
        facts=(HEARD, fact(ContactKind.CONSENTED, way=TEXT))), TEXT, NINE, NUMBER),
    ("never agreed to calls", replace(ANN, contact=replace(ALL, call=False)), HUMAN, NINE,
     Refusal.NO_CONSENT),
    ("never agreed to messages", replace(ANN, contact=replace(ALL, voicemail=False)),
     VOICEMAIL, NINE, Refusal.NO_CONSENT),
    ("a Part 2 track", replace(ANN, part2=True), VOICEMAIL, NINE, Refusal.PART2),
    ("a Part 2 track", replace(ANN, part2=True), TEXT, NINE, NUMBER),
    ("nobody was heard there", replace(ANN, facts=()), MACHINE, NINE, Refusal.UNVERIFIED),
    ("nobody was heard there", replace(ANN, facts=()), HUMAN, NINE, NUMBER),
    ("high risk", replace(ANN, high_risk=True), MACHINE, NINE, Refusal.HIGH_RISK),
    ("high risk", replace(ANN, high_risk=True), HUMAN, NINE, NUMBER),
    ("deaf", replace(ANN, text_only=True), HUMAN, NINE, Refusal.TEXT_ONLY),
    ("deaf", replace(ANN, text_only=True), TEXT, NINE, NUMBER),
    ("night", ANN, TEXT, NIGHT, Refusal.QUIET_HOURS),
    ("night", ANN, MACHINE, NIGHT, Refusal.QUIET_HOURS),
    ("night", ANN, MAIL, NIGHT, ALL.email),
    ("night", ANN, HUMAN, NIGHT, NUMBER),
    ("a minute to eight", ANN, TEXT, EARLY, Refusal.QUIET_HOURS),
    ("eight", ANN, TEXT, later(EARLY, timedelta(minutes=1)), NUMBER),
    ("eight in Denver, seven where they are", replace(ANN, zone="America/Los_Angeles"),
     TEXT, later(EARLY, timedelta(minutes=1)), Refusal.QUIET_HOURS),
    ("just written to", replace(ANN, reached=((TEXT, minutes_later(-4)),)), TEXT, NINE,
     Refusal.TOO_SOON),
    ("just written to", replace(ANN, reached=((TEXT, minutes_later(-4)),)), MAIL, NINE,
     ALL.email),
    ("written to a while ago", replace(ANN, reached=((TEXT, minutes_later(-5)),)), TEXT,
     NINE, NUMBER),
    ("a minor", replace(ANN, is_minor=True, guardian=Contact("g@x.example", GUARDIAN, sms=True)),
     TEXT, NINE, GUARDIAN),
    ("a minor", replace(ANN, is_minor=True, guardian=Contact("g@x.example", GUARDIAN)),
     HUMAN, NINE, GUARDIAN),
    ("a minor whose guardian is unknown", replace(ANN, is_minor=True), MACHINE, NINE,
     Refusal.GUARDIAN_UNKNOWN),
    ("a minor whose guardian is unknown", replace(ANN, is_minor=True), MAIL, NINE, ALL.email),
]  # fmt: skip


@pytest.mark.parametrize(
    ("person", "way", "now", "says"),
    [case[1:] for case in CASES],
    ids=[f"{name}-{way}" for name, _, way, _, _ in CASES],
)
def test_the_gate(person, way, now, says):
    answer = may_reach(person, way, ContactPolicy(), now)

    assert says == (answer.to if isinstance(answer, Reach) else answer)


def test_every_reason_is_in_the_table():
    assert {says for *_, says in CASES if isinstance(says, Refusal)} == set(Refusal)


def test_safety_calls_know_no_quiet_hours_and_no_merging():
    just = replace(ANN, reached=((TEXT, NIGHT),))

    assert isinstance(may_reach(just, TEXT, ContactPolicy(), NIGHT, safety=True), Reach)


def test_a_reach_says_what_was_agreed_to():
    later_on = fact(ContactKind.CONSENTED, way=TEXT, wording="2026-11")

    first = may_reach(ANN, TEXT, ContactPolicy(), NINE)
    second = may_reach(replace(ANN, facts=(HEARD, later_on)), TEXT, ContactPolicy(), NINE)

    assert isinstance(first, Reach)
    assert isinstance(second, Reach)
    assert (first.basis, second.basis) == ("intake", "2026-11")


facts = st.builds(
    ContactFact,
    kind=st.sampled_from(ContactKind),
    at=st.integers(-100, -1).map(minutes_later),
    source=st.just("k1"),
    way=st.none() | st.sampled_from(Way),
    number=st.sampled_from(["", NUMBER, GUARDIAN]),
    until=st.none() | st.integers(-50, 50).map(minutes_later),
)


@given(st.lists(facts, max_size=8), st.sampled_from(Way), st.integers(-900, 900))
def test_in_whatever_order_facts_come_the_gate_says_the_same(known, way, minute):
    known = list({each.at: each for each in known}.values())
    now = minutes_later(minute)

    one = may_reach(replace(ANN, facts=tuple(known)), way, ContactPolicy(), now)
    other = may_reach(replace(ANN, facts=tuple(known[::-1])), way, ContactPolicy(), now)

    assert one == other


def test_whoever_said_late_and_came_is_late_no_more_until_they_say_so_again():
    said = fact(ContactKind.LATE, 1, until=minutes_later(20))
    again = fact(ContactKind.LATE, 12, until=minutes_later(25))

    assert comes_at([said], NINE) == minutes_later(20)
    assert comes_at([said], NINE, minutes_later(10)) is None
    assert comes_at([said, again], NINE, minutes_later(10)) == minutes_later(25)
