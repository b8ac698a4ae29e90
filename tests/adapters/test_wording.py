"""Mails in a clinic's own words: used when they are right, refused by file, line and word."""

from pathlib import Path

import pytest

from tests.adapters.letters import an_invite
from tests.make import SENDER, TEMPLATES, make_ports, programme
from vioP.calendars.ics import render
from vioP.domain.errors import WrongSettings
from vioP.flows.check_wording import check_wording
from vioP.flows.import_programme import import_programme
from vioP.i18n import LANGUAGES
from vioP.mail.compose import MailTemplates, compose_invite
from vioP.mail.wording import FIELDS, read_wording

SHIPPED = TEMPLATES / "mail"
RIGHT = """Good day {{ page.name }}!
{{ page.day }}, {{ page.starts }} to {{ page.ends }}, {{ page.zone }}
{{ page.join_url }}
{{ page.sender.phone }}
"""


def written(folder: Path, **files: str) -> MailTemplates:
    """A clinic's folder; a file's name is written with two underscores for the slash."""
    for name, text in files.items():
        file = folder / (name.replace("__", "/") + ".txt")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return MailTemplates(SHIPPED, folder)


def refusal(mails: MailTemplates) -> str:
    with pytest.raises(WrongSettings) as refused:
        read_wording(mails, SENDER)
    return str(refused.value)


def test_a_clinics_own_words_are_used_and_everything_else_stays(tmp_path: Path):
    mails = written(tmp_path, invite__body=RIGHT)
    read_wording(mails, SENDER)
    invite = an_invite()

    letter = compose_invite(invite, SENDER, render(invite, SENDER), mails)

    assert b"Good day Ada R.!" in letter.raw
    assert b"Subject: Example Health appointment\r\n" in letter.raw


def test_a_file_of_no_mail_is_named(tmp_path: Path):
    assert "invite/bdy.txt is not a file of any mail" in refusal(
        written(tmp_path, invite__bdy=RIGHT)
    )


def test_an_unknown_field_is_named_with_file_and_line(tmp_path: Path):
    text = refusal(written(tmp_path, invite__body=RIGHT + "{{ page.diagnosis }}"))

    assert "invite/body.txt line 5: there is no field “diagnosis”" in text
    assert "page.join_url" in text


def test_a_field_of_another_mail_is_unknown_and_so_is_a_bare_name(tmp_path: Path):
    code = "{{ page.code }} {{ page.join_url }} {{ password }}"

    text = refusal(written(tmp_path, code__body=code))

    assert "“join_url”" in text
    assert "“password”" in text


def test_a_subject_says_nothing_about_a_person(tmp_path: Path):
    assert "“name”" in refusal(
        written(tmp_path, invite__subject="{{ page.sender.name }} for {{ page.name }}")
    )


def test_a_mail_that_leaves_out_the_link_is_refused(tmp_path: Path):
    text = refusal(
        written(tmp_path, invite__body=RIGHT.replace("page.join_url", "page.day"))
    )

    assert "invite/body.txt must say {{ page.join_url }}" in text


def test_a_word_of_care_is_named_with_its_line(tmp_path: Path):
    text = refusal(written(tmp_path, invite__body=RIGHT + "Your group\nwaits."))

    assert "invite/body.txt line 5: “group”" in text


def test_a_mistake_in_a_template_is_named_with_its_line(tmp_path: Path):
    assert "invite/body.txt line 5" in refusal(
        written(tmp_path, invite__body=RIGHT + "{% if page.name %}")
    )


def test_a_shared_file_is_tried_with_every_mail(tmp_path: Path):
    (tmp_path / "_base.html").write_text("<p>{% block body %}{% endblock %}</p>")

    text = refusal(MailTemplates(SHIPPED, tmp_path))

    assert "invite/body.html must say {{ page.sender.phone }}" in text


def test_a_folder_that_is_not_there_is_said_so(tmp_path: Path):
    assert "is no folder" in refusal(MailTemplates(SHIPPED, tmp_path / "nowhere"))


async def test_the_programmes_own_words_stop_the_start(store, clock, tmp_path: Path):
    mails = written(tmp_path / "words", invite__body=RIGHT + "See you at Tidewater.")
    ports = make_ports(store, clock, mails=mails)
    await check_wording(ports)
    await import_programme(ports, programme(), "k1")

    with pytest.raises(WrongSettings, match="line 5: “Tidewater”"):
        await check_wording(ports)


def test_every_mail_has_its_list_of_fields():
    mails = {each.name for each in SHIPPED.iterdir() if each.is_dir()}

    assert set(FIELDS) == mails - set(LANGUAGES)
    for language in set(LANGUAGES) & mails:  # the same mails in another language
        assert {e.name for e in (SHIPPED / language).iterdir() if e.is_dir()} <= set(FIELDS)
