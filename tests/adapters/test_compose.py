"""Letters: one recipient, constant subjects, neutral words, the calendar last."""

from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.adapters.letters import LINK, MAILS, START, a_letter, an_invite, letter_of
from tests.make import SENDER
from vioP.domain.invite import Method
from vioP.domain.message import nudge_text
from vioP.domain.time import later
from vioP.mail.compose import Letter, compose_note

BEFORE = tuple(later(START, timedelta(minutes=each)) for each in (-60, -10))
FORBIDDEN = (
    "therap", "iop", "psychiatr", "counsel", "depress", "anxiety", "trauma", "ptsd", "bipolar",
    "dual diag", "recovery", "addict", "substance", "mental", "treatment", "clinic", "diagnos",
    "group",
    "session", "skills", "mood", "patient", "dbt", "cbt",
)  # fmt: skip


def parsed(letter: Letter):
    return message_from_bytes(letter.raw, policy=policy.default)


def words(letter: Letter) -> str:
    """Everything a reader or a passer-by may see of a letter."""
    message = parsed(letter)
    parts = [part.get_content() for part in message.walk() if not part.is_multipart()]
    text = "\n".join(each if isinstance(each, str) else each.decode() for each in parts)
    return "\n".join([*map(str, message.values()), text.replace("\r\n ", "")]).lower()


def every_letter() -> list[Letter]:
    update = an_invite(sequence=1, is_first=False, moved_from=BEFORE)
    notes = [
        compose_note(
            "nudge", ("Ada R.", "a@x.example"), SENDER, "k", START, MAILS, join_url=LINK
        ),
        compose_note("code", ("", "a@x.example"), SENDER, "k", START, MAILS, code="123456"),
    ]
    cancel = an_invite(sequence=2, method=Method.CANCEL)
    return [a_letter(), letter_of(update), letter_of(cancel), *notes]


@pytest.mark.parametrize("letter", every_letter(), ids=lambda each: each.message_id)
def test_no_letter_says_what_kind_of_care_it_is(letter: Letter):
    seen = words(letter).replace(LINK, "")

    assert [each for each in FORBIDDEN if each in seen] == []


def test_no_text_says_it_either():
    seen = nudge_text(SENDER.name, LINK, SENDER.phone).lower()

    assert [each for each in FORBIDDEN if each in seen] == []


@pytest.mark.parametrize("letter", every_letter(), ids=lambda each: each.message_id)
def test_every_letter_has_what_mail_needs(letter: Letter):
    message = parsed(letter)

    assert str(message["To"]) == letter.to
    assert message["From"].addresses[0].addr_spec == SENDER.address
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"] == letter.message_id
    assert "Cc" not in message
    assert b"\n" not in letter.raw.replace(b"\r\n", b"")


def test_the_calendar_is_the_last_alternative_and_names_its_method():
    message = parsed(a_letter(method=Method.CANCEL, sequence=1))

    kinds = [part.get_content_type() for part in message.iter_parts()]
    *_, calendar = message.iter_parts()
    assert kinds == ["text/plain", "text/html", "text/calendar"]
    assert calendar["Content-Type"].params["method"] == "CANCEL"
    assert calendar["Content-Type"].params["charset"] == "UTF-8"


def test_people_read_the_time_in_their_own_zone_with_its_name_and_offset():
    text = words(a_letter(zone="Pacific/Honolulu"))

    assert "tuesday, 16 march 2027" in text
    assert "07:00 to 07:50 honolulu time (hst, utc-10:00)" in text


def test_an_update_says_from_when_it_moved():
    text = words(a_letter(sequence=1, is_first=False, moved_from=BEFORE))

    assert "tuesday, 16 march 2027, 12:00 to 12:50" in text


def test_the_same_letter_is_the_same_bytes():
    assert a_letter() == a_letter()


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=80))
def test_no_name_can_add_a_header_or_change_the_subject(name: str):
    plain, strange = parsed(a_letter()), parsed(a_letter(name=name))

    assert strange.keys() == plain.keys()
    assert strange["Subject"] == plain["Subject"]
    assert str(strange["To"]) == str(plain["To"])


def test_markup_in_a_name_is_text_in_the_html_part():
    message = parsed(a_letter(name="<img src=x onerror=alert(1)>"))

    html = message.get_body(("html",))
    assert html is not None
    assert "<img" not in html.get_content()
