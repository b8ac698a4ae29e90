"""Nothing that people typed adds a header, a property, a recipient, or a fault."""

import re
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, reject, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from tests.make import HOUSE, KEY, NINE, SENDER, TEMPLATES, make_ports, minutes_later
from vioP.domain.delivery import Channel, Delivery, DeliveryKind
from vioP.domain.ids import SeatId
from vioP.domain.invite import Method
from vioP.flows.write_message import write_letter
from vioP.keys import Keys
from vioP.mail.compose import Letter, MailTemplates
from vioP.mail.errors import NotAnAddress
from vioP.ports import Ports
from vioP.sender_settings import SenderSettings

MAILS = MailTemplates(TEMPLATES / "mail")
KINDS = ("invite", "update", "cancel", "nudge", "code")
HOSTILE = (
    "a\r\nBcc: evil@x.example", "a\nATTENDEE:mailto:evil@x.example", "a\rX:y", "a\x00b\x1fc",
    "=?utf-8?q?x=0d=0aBcc:_evil@x.example?=", "\u2028Bcc: x", "a\x85b\x0bc\x0cd", '";CN="x"',
    "x;y:z,w\\n\\N", "--=_0\r\n\r\n", "END:VEVENT\r\nBEGIN:VEVENT", "\u202e<evil@x.example>",
    "{{ page.sender }}{% raw %}", "<script>alert(1)</script>", "^n^'", "%0d%0aBcc:x", "\ud800",
    "a" * 3000, "🦆" * 300, ".\r\n.\r\n", " ", "",
)  # fmt: skip
typed = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(max_size=200),
    st.text(alphabet='\r\n\0\x0b\x85\u2028\u202e;:,\\"=?<>@^%{}ATENDmailto', max_size=120),
)

# Nearly everything else is refused when settings are read; see the test of settings.
plain_lines = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=90)
kinds = st.sampled_from(KINDS)
SOME = settings(
    max_examples=120,
    deadline=timedelta(seconds=2),
    suppress_health_check=[HealthCheck.filter_too_much],
)


def ports_of(sender_name: str = SENDER.name, phone: str = SENDER.phone) -> Ports:
    try:
        allowed = SenderSettings(name=sender_name, phone=phone)
    except ValidationError:
        reject()  # refused when the settings are read
    sender = replace(SENDER, name=allowed.name, phone=allowed.phone)
    store: Any = None  # writing a letter reads nothing
    return make_ports(
        store, store, mails=MAILS, secrets=Keys(KEY), house=replace(HOUSE, sender=sender)
    )


def delivery(kind: str, name: str = "Ada R.", address: str = "a@p.example") -> Delivery:
    plain = Delivery(
        key="k",
        kind=DeliveryKind.CANCEL if kind == "cancel" else DeliveryKind.INVITE,
        channel=Channel.MAIL,
        due=NINE,
        seat_id=SeatId("sea_a"),
        revision=0 if kind == "invite" else 1,
        content={
            "uid": "ab" * 20,
            "method": Method.CANCEL if kind == "cancel" else Method.REQUEST,
            "stamped": NINE.isoformat(),
            "starts": minutes_later(60).isoformat(),
            "ends": minutes_later(120).isoformat(),
            "zone": "America/Denver",
            "name": name,
            "address": address,
            "nonce": "n",
        },
    )
    note = {"nudge": DeliveryKind.NUDGE, "code": DeliveryKind.SIGN_IN_CODE}
    return replace(plain, kind=note.get(kind, plain.kind))


def parsed(letter: Letter) -> EmailMessage:
    message = message_from_bytes(letter.raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def header_names(letter: Letter) -> list[str]:
    """As the most careless reader splits them: at every character that ends a line."""
    head = letter.raw.partition(b"\r\n\r\n")[0].decode()
    unfolded = re.sub(r"\r\n[ \t]", "", head)
    return [each.partition(":")[0] for each in unfolded.splitlines()]


def properties(letter: Letter) -> list[str]:
    """The names of a calendar's lines, split as carelessly."""
    for part in parsed(letter).walk():
        if part.get_content_type() == "text/calendar":
            raw = part.get_payload(decode=True)
            assert isinstance(raw, bytes)
            unfolded = raw.decode().replace("\r\n ", "")
            return [re.split(r"[;:]", each)[0] for each in unfolded.splitlines()]
    return []


@cache
def plain(kind: str) -> Letter:
    return write_letter(ports_of(), delivery(kind))


def assert_same_shape(letter: Letter, kind: str) -> None:
    usual = plain(kind)
    assert header_names(letter) == header_names(usual)
    assert properties(letter) == properties(usual)
    assert letter.to == usual.to
    assert str(parsed(letter)["To"]) == usual.to
    assert parsed(letter)["From"].addresses[0].addr_spec == SENDER.address
    kinds = [part.get_content_type() for part in parsed(letter).walk()]
    assert kinds == [part.get_content_type() for part in parsed(usual).walk()]
    assert b"\n" not in letter.raw.replace(b"\r\n", b"")
    assert letter.raw.isascii()


@pytest.mark.parametrize("name", HOSTILE)
def test_names_that_have_broken_others(name: str):
    for kind in KINDS:
        assert_same_shape(write_letter(ports_of(), delivery(kind, name=name)), kind)


@SOME
@given(kinds, typed)
def test_a_participants_name(kind: str, name: str):
    assert_same_shape(write_letter(ports_of(), delivery(kind, name=name)), kind)


@SOME
@given(kinds, plain_lines)
@example("invite", "Health, Inc. (Boston) \\ 'Group' [a]")
@example("nudge", "=?utf-8?q?x=0d=0aBcc=3a_evil=40x.example?=")
def test_the_senders_name(kind: str, name: str):
    assert_same_shape(write_letter(ports_of(sender_name=name), delivery(kind)), kind)


@SOME
@given(kinds, plain_lines)
def test_the_senders_phone(kind: str, phone: str):
    assert_same_shape(write_letter(ports_of(phone=phone), delivery(kind)), kind)


@SOME
@given(kinds, typed | st.from_regex(r"[a-z]{1,5}@[a-z]{1,5}\.example[\r\n ,;<>\"a-z]{0,9}"))
@example("invite", "a@p.example\n")
@example("code", "a@p.example,b@p.example")
def test_an_address_is_taken_whole_or_refused(kind: str, address: str):
    try:
        letter = write_letter(ports_of(), delivery(kind, address=address))
    except NotAnAddress:
        return

    assert letter.to == address
    assert str(parsed(letter)["To"]) == address
    assert len(parsed(letter)["To"].addresses) == 1
    assert header_names(letter) == header_names(plain(kind))
    assert properties(letter) == properties(plain(kind))
