"""Reading mail: every shape a calendar or mail server is known to write, and hostile ones."""

import time
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.make import published_programme
from tests.replies import (
    UID,
    WHO,
    answer,
    attendees,
    calendar,
    calendar_part,
    event,
    mail,
    report,
    text_part,
)
from vioP.domain.reply import (
    Answer,
    Automatic,
    Bounce,
    InboundMail,
    Reading,
    Rsvp,
    Told,
    Unclear,
    Why,
)
from vioP.flows.read_mail import read_mail
from vioP.flows.take_reply import take_reply
from vioP.ports import Ports

WINDOWS = (
    "BEGIN:VTIMEZONE\nTZID:Eastern Standard Time\nBEGIN:STANDARD\nDTSTART:16010101T020000\n"
    "TZOFFSETFROM:-0400\nTZOFFSETTO:-0500\nRRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=11\n"
    "END:STANDARD\nEND:VTIMEZONE\n"
)
BROKEN_ZONE = WINDOWS.replace("16010101T020000", "nonsense")
LONG = "X" * 3_000_000
ICS = calendar_part(
    calendar(), encoding="base64", kind='application/ics; name="invite.ics"'
)

# Each must read as one plain acceptance by p1.
ACCEPTANCES = {
    "alone": mail(kind="text/calendar; method=REPLY").partition(b"\r\n\r\n")[0]
    + b"\r\n\r\n"
    + calendar().encode(),
    "inline and attached": mail(text_part("Yes"), calendar_part(calendar()), ICS),
    "only attached, as bytes": answer(kind='application/octet-stream; name="reply.ics"'),
    "base64": answer(encoding="base64"),
    "quoted-printable": answer(encoding="quoted-printable"),
    "latin-1": answer(calendar(event(more=["SUMMARY:Bär"])), charset="iso-8859-1"),
    "no charset that exists": answer().replace(b"charset=utf-8", b"charset=x-unknown"),
    "latin-1 that says utf-8": answer(
        calendar(event(more=["SUMMARY:Bär"])), charset="iso-8859-1"
    ).replace(b"charset=iso-8859-1", b"charset=utf-8"),
    "a charset nobody writes mail in": answer().replace(b"charset=utf-8", b"charset=punycode"),
    "utf-16": answer(charset="utf-16", encoding="base64"),
    "BOM": answer("\ufeff" + calendar(), encoding="base64"),
    "CRCRLF": answer(newline="\r\r\n", encoding="base64"),
    "CR": answer(newline="\r", encoding="base64"),
    "the whole mail in CRCRLF": answer().replace(b"\r\n", b"\r\r\n"),
    "the whole mail in LF": answer().replace(b"\r\n", b"\n"),
    "no method in MIME": answer(kind="text/calendar"),
    "no method in the object": answer(calendar(method="")),
    "lower case": answer(calendar().lower().replace("partstat", "PartStat")),
    "uid in upper case": answer(calendar(event(uid=UID.upper()))),
    "uid folded": answer(calendar(event(uid=UID[:20] + "\n " + UID[20:]))),
    "MAILTO and mixed case": answer(
        calendar(event(attendees=["ATTENDEE;PARTSTAT=ACCEPTED:MAILTO:P1@Participants.Example"]))
    ),
    "percent-encoded": answer(
        calendar(event(attendees=["ATTENDEE;PARTSTAT=ACCEPTED:mailto:p1%40participants.example"]))
    ),
    "in angle brackets": answer(
        calendar(event(attendees=[f"ATTENDEE;PARTSTAT=ACCEPTED:mailto: <{WHO}>"]))
    ),
    "Apple's principal": answer(
        calendar(event(attendees=[f"ATTENDEE;EMAIL={WHO};PARTSTAT=ACCEPTED:/principals/77/"]))
    ),
    "a name with quotes and colons": answer(
        calendar(event(attendees=[f'ATTENDEE;CN="A: B; C";PARTSTAT=ACCEPTED:mailto:{WHO}']))
    ),
    "a quote that never ends": answer(
        calendar(event(attendees=[f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{WHO}", 'COMMENT;X="y:z']))
    ),
    "Windows zones": answer(calendar(zone=WINDOWS)),
    "a zone nobody can read": answer(calendar(zone=BROKEN_ZONE)),
    "an endless rule": answer(calendar(event(more=["RRULE:FREQ=SECONDLY;COUNT=999999999"]))),
    "an alarm with an attendee": answer(
        calendar(
            event(more=["BEGIN:VALARM", "ATTENDEE;PARTSTAT=DECLINED:mailto:x@y", "END:VALARM"])
        )
    ),
    "a line of three megabytes": answer(calendar(event(more=[f"COMMENT:{LONG}"]))),
    "the long line folded on": answer(calendar(event(more=[f"COMMENT:{LONG}", " tail"]))),
    "an instance of a series": answer(calendar(event(more=["RECURRENCE-ID:20260310T150000Z"]))),
    "all attendees listed": answer(
        calendar(event(attendees=attendees((WHO, "ACCEPTED"), ("x@y.example", "NEEDS-ACTION"))))
    ),
    "deep inside": mail(
        b'Content-Type: multipart/related; boundary="b10"\n\n--b10\n'
        b'Content-Type: multipart/alternative; boundary="b"\n\n--b\n'
        + calendar_part(calendar())
        + b"\n--b--\n--b10--\n"
    ),
    "the last boundary missing": answer().replace(b"--b1--", b""),
}  # fmt: skip


@pytest.mark.parametrize("shape", ACCEPTANCES)
def test_every_shape_of_an_acceptance_is_one_acceptance(shape: str):
    [rsvp] = read_mail(ACCEPTANCES[shape]).told

    assert isinstance(rsvp, Rsvp)
    assert (rsvp.uid.lower(), rsvp.attendee, rsvp.answer) == (UID, WHO, Answer.ACCEPTED)
    assert rsvp.sequence == 0
    assert str(rsvp.stamped) == "2026-03-08 12:00:00+00:00"


def told(raw: bytes) -> tuple[Told, ...]:
    return read_mail(raw).told


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (mail(text_part("Yes, I will be there")), Why.FREE_TEXT),
        (mail(text_part("<p>yes</p>", "html")), Why.FREE_TEXT),
        (answer(calendar()[:-60]), Why.UNREADABLE),
        (answer("not a calendar"), Why.UNREADABLE),
        (answer(calendar(event(attendees=[]))), Why.UNREADABLE),
        (answer(calendar(event(partstat="NEEDS-ACTION"))), Why.ODD_ANSWER),
        (answer(calendar(event(partstat="X-MAYBE"))), Why.ODD_ANSWER),
        (answer(calendar(event(attendees=[f"ATTENDEE:mailto:{WHO}"]))), Why.ODD_ANSWER),
        (answer(calendar(method="METHOD:REQUEST\n")), Why.ODD_ANSWER),
        (answer(calendar(method="METHOD:REFRESH\n")), Why.ODD_ANSWER),
        (
            answer(
                calendar(
                    event(
                        attendees=attendees((WHO, "DELEGATED"), ("x@y.example", "ACCEPTED"))
                    )
                )
            ),
            Why.DELEGATED,
        ),
        (answer(calendar(event(more=[f"X-A:{'y' * 1000}"] * 300))), Why.TOO_BIG),
        (mail(text_part("no such user"), headers={"Return-Path": "<>"}), Why.ODD_BOUNCE),
        (
            mail(
                text_part("away"),
                headers={
                    "From": "Mailer-Daemon@mx.example",
                    "Auto-Submitted": "auto-replied",
                },
            ),
            Why.ODD_BOUNCE,
        ),
        (
            mail(text_part("gone"), headers={"From": "postmaster@mx.example"}),
            Why.ODD_BOUNCE,
        ),
    ],
)
def test_what_no_machine_can_answer_is_for_a_person(raw: bytes, why: Why):
    [unclear] = told(raw)

    assert isinstance(unclear, Unclear)
    assert unclear.why is why


def test_a_decline_carries_its_reason_and_a_counter_its_proposal():
    [declined] = told(
        answer(calendar(event(partstat="DECLINED", more=["COMMENT:Doctor\\, at 3"])))
    )
    [google] = told(
        answer(
            calendar(
                event(
                    attendees=[
                        f'ATTENDEE;PARTSTAT=DECLINED;X-RESPONSE-COMMENT="At 3; or 4":mailto:{WHO}'
                    ]
                )
            )
        )
    )
    [counter] = told(
        answer(
            calendar(
                event(start="DTSTART;TZID=Eastern Standard Time:20260311T130000"),
                method="METHOD:COUNTER\n",
            )
        )
    )

    assert isinstance(declined, Rsvp)
    assert (declined.answer, declined.comment) == (Answer.DECLINED, "Doctor, at 3")
    assert isinstance(google, Rsvp)
    assert google.comment == "At 3; or 4"
    assert isinstance(counter, Rsvp)
    assert counter.answer is Answer.COUNTER
    assert counter.proposed == "2026-03-11 13:00 Eastern Standard Time"


def test_an_answer_without_a_stamp_takes_the_moment_outlook_gives():
    [rsvp] = told(
        answer(
            calendar(
                event(
                    stamp="DTSTAMP:20260308T120000",
                    sequence="SEQUENCE:soon",
                    more=["X-MICROSOFT-CDO-REPLYTIME:20260308T115955Z"],
                )
            )
        )
    )

    assert isinstance(rsvp, Rsvp)
    assert rsvp.sequence is None
    assert str(rsvp.stamped) == "2026-03-08 11:59:55+00:00"


def test_two_seats_in_one_mail_are_two_answers():
    other = "f" * 40 + "@example.org"
    raw = mail(
        calendar_part(calendar(event(), event(uid=other, partstat="DECLINED"))),
        calendar_part(calendar(event())),
    )

    assert [(each.uid, each.answer) for each in told(raw) if isinstance(each, Rsvp)] == [
        (UID, Answer.ACCEPTED),
        (other, Answer.DECLINED),
    ]


def test_a_mail_that_somebody_passes_on_is_not_an_answer():
    passed_on = b"Content-Type: message/rfc822\n\n" + answer().replace(b"b1", b"inner")
    assert told(mail(text_part("See below"), passed_on)) == (Unclear(Why.FREE_TEXT),)


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto-Submitted": "auto-replied"},
        {"Auto-Submitted": "auto-generated; owner-email=x"},
        {"X-Autoreply": "yes"},
        {"Precedence": "auto_reply"},
    ],
)
def test_an_absence_notice_is_nobodys_answer(headers):
    assert told(mail(text_part("I am away"), headers=headers)) == (Automatic(),)
    assert told(mail(calendar_part(calendar()), headers=headers)) == (Automatic(),)


def test_a_mail_that_says_no_machine_wrote_it_is_read():
    raw = mail(calendar_part(calendar()), headers={"Auto-Submitted": "no"})

    assert isinstance(told(raw)[0], Rsvp)


def test_a_report_names_who_was_not_reached_though_a_machine_wrote_it():
    assert told(report("P1@Participants.example", message_id="<abc@example.org>")) == (
        Bounce(WHO, "5.1.1", "<abc@example.org>"),
    )
    assert (
        told(report(action="delayed")) == told(report(action="delivered")) == (Automatic(),)
    )


def test_the_address_that_was_written_to_counts_not_where_it_was_forwarded():
    raw = report("elsewhere@x.example").replace(
        b"Action:", f"Original-Recipient: rfc822;{WHO}\r\nAction:".encode()
    )
    [bounce] = told(raw)

    assert isinstance(bounce, Bounce)
    assert bounce.recipient == WHO


def test_the_same_mail_is_known_by_whichever_way_it_comes():
    raw = answer()
    travelled = b"Received: from mx\r\nDelivered-To: x@example.org\r\n" + raw

    assert read_mail(raw).id == read_mail(travelled).id
    assert read_mail(raw).id != read_mail(raw.replace(b"<m1@", b"<m2@")).id


def test_a_person_can_read_what_was_written():
    reading = read_mail(
        mail(
            text_part("<style>p{}</style><p>I can&#39;t</p> come <b>today</b>", "html"),
            headers={"Subject": "=?utf-8?q?Caf=C3=A9?= =?x-no?q?_today?="},
        )
    )

    assert "come today" in reading.text
    assert "style" not in reading.text
    assert reading.subject == "Café today"
    assert reading.sender == WHO
    assert reading.domains == {"example.org"}


def test_a_long_text_is_not_spoiled_where_it_is_cut():
    assert read_mail(mail(text_part("ü" * 20_001))).text == "ü" * 2000


def hostile() -> Iterator[tuple[str, bytes]]:
    nested = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n)
        for n in range(400)
    )
    yield "nesting", nested + b"--x\r\n" * 400_000
    yield "parts", mail(*[text_part("x")] * 50_000)
    yield "empty parts", mail() + b"--b1\r\n" * 1_000_000
    yield (
        "parameters",
        b"Content-Type: multipart/mixed; " + b'";' * 1_000_000 + b"\r\n\r\nx",
    )
    yield "header", b"Subject: " + b"=?" * 2_000_000 + b"\r\n\r\n"
    yield "folded", b"Subject: x\r\n" + b" \r\n" * 1_000_000 + b"\r\n"
    yield "angles", mail(text_part("<" * 3_000_000, "html"))
    yield (
        "address",
        answer(calendar(event(attendees=["ATTENDEE;PARTSTAT=ACCEPTED:" + "a" * 200_000]))),
    )
    yield "quotes", answer(calendar(event(attendees=['ATTENDEE;CN="' + '"' * 200_000])))
    yield "punycode", mail(text_part("a-" + "b9" * 300_000)).replace(b"utf-8", b"punycode")
    yield "begins", answer("BEGIN:VEVENT\n" * 15_000)


@pytest.mark.parametrize("case", [pytest.param(raw, id=name) for name, raw in hostile()])
def test_hostile_mail_costs_no_more_than_its_size(case: bytes):
    begun = time.process_time()

    assert read_mail(case).told

    assert time.process_time() - begun < 1.5  # a quadratic reader takes minutes


def test_a_mail_that_is_too_big_is_known_from_its_beginning():
    raw = mail(text_part("I cannot come. " + "x" * 10_000_000))

    reading = read_mail(raw, whole=False)

    assert reading.told == (Unclear(Why.TOO_BIG),)
    assert reading.sender == WHO
    assert reading.text.startswith("I cannot come.")


SAMPLES = [*ACCEPTANCES.values(), report(), mail(text_part("yes"))]
SMALL = [each for each in SAMPLES if len(each) < 20_000]


def check(reading: Reading) -> None:
    assert reading.told
    assert len(reading.text) <= 2000
    assert "\n" not in reading.subject


@settings(deadline=None)
@given(st.binary(max_size=2000))
def test_no_bytes_break_the_reader(raw: bytes):
    check(read_mail(raw))


@settings(deadline=None)
@given(
    st.sampled_from(SMALL),
    st.lists(
        st.tuples(st.floats(0, 1), st.binary(max_size=6), st.integers(0, 40)), max_size=6
    ),
)
def test_no_damage_to_a_mail_breaks_the_reader(raw: bytes, damage):
    for where, what, gone in damage:
        at = int(where * len(raw))
        raw = raw[:at] + what + raw[at + gone :]

    check(read_mail(raw))


ZEROES = {
    "in an address": answer().replace(b"p1@participants", b"p1\0@participants"),
    "in a uid": answer().replace(b"UID:", b"UID:\0"),
    "in words": mail(
        text_part("hi\0you"), headers={"Subject": "a\0b", "Message-ID": "<\0>"}
    ),
}


@pytest.mark.parametrize("raw", ZEROES.values(), ids=ZEROES)
async def test_zero_bytes_in_a_mail_are_left_out_on_either_database(
    ports: Ports, raw: bytes
):
    await published_programme(ports)

    await take_reply(ports, InboundMail(raw, ports.clock.now()))

    async with ports.store.read() as tx:
        kept = await tx.connection.fetch("SELECT id FROM inbound_mail")
    assert len(kept) == 1
