"""The frame of a letter: what goes in comes out, for every reader."""

from dataclasses import replace
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import parseaddr

from hypothesis import given
from hypothesis import strategies as st

from tests.adapters.letters import MAILS, an_invite
from tests.make import SENDER
from vioP.calendars.ics import render
from vioP.domain.invite import Method
from vioP.domain.text import clean_name
from vioP.mail.compose import compose_invite
from vioP.mail.frame import calendar_part, framed, text_part

HEADERS = {"From": "a@a.example", "To": "b@b.example", "Subject": "Hello"}


def parsed(raw: bytes) -> list[EmailMessage]:
    message = message_from_bytes(raw, policy=policy.default)
    assert not message.defects
    parts = list(message.iter_parts())
    assert all(isinstance(each, EmailMessage) and not each.defects for each in parts)
    return [each for each in parts if isinstance(each, EmailMessage)]


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r")))
def test_every_text_comes_out_as_it_went_in(text: str):
    raw = framed(HEADERS, [text_part(text, "plain")])

    [part] = parsed(raw)
    payload = part.get_payload(decode=True)
    assert isinstance(payload, bytes)
    assert payload.decode().replace("\r\n", "\n") == text
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert raw.isascii()


@given(st.binary(max_size=400))
def test_every_calendar_comes_out_byte_for_byte(calendar: bytes):
    raw = framed(HEADERS, [calendar_part(calendar, Method.CANCEL)])

    [part] = parsed(raw)
    assert part.get_payload(decode=True) == calendar
    assert part["Content-Type"].params["method"] == "CANCEL"


def test_a_part_that_looks_like_a_boundary_is_no_boundary():
    first = framed(HEADERS, [text_part("nothing", "plain")])
    boundary = message_from_bytes(first).get_boundary()

    raw = framed(HEADERS, [text_part(f"--{boundary}--\nmore", "plain")])

    assert len(parsed(raw)) == 1


def test_a_long_sender_of_any_script_is_read_again():
    sender = replace(SENDER, name="Łódź Health " * 9)

    letter = compose_invite(an_invite(), sender, render(an_invite(), sender), MAILS)

    name, address = parseaddr(message_from_bytes(letter.raw)["From"])
    assert address == letter.sender == SENDER.address
    assert str(make_header(decode_header(name))) == clean_name(sender.name)


def test_what_is_shared_between_invites_is_never_one_persons():
    ada, bo = an_invite(name="Ada R."), an_invite(name="Bo T.", uid="cd" * 20)

    first = render(ada, SENDER)
    second = render(bo, SENDER)

    assert render(ada, SENDER) == first
    assert b"Ada" not in second
    assert b"ab" * 20 not in second
    gone = render(an_invite(method=Method.CANCEL, sequence=1), SENDER)
    assert b"METHOD:CANCEL" in gone
    assert render(ada, SENDER) == first
