"""Mails in the language of their reader."""

from dataclasses import replace
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from tests.make import (
    FixedClock,
    Postbox,
    make_ports,
    minutes_later,
    participant,
    programme,
    publish,
)
from vioP.domain.delivery import Channel
from vioP.domain.message import nudge_text
from vioP.domain.neutral import heard
from vioP.domain.people import Participant
from vioP.domain.programme import Programme
from vioP.flows.deliver import deliver
from vioP.flows.import_programme import import_programme
from vioP.ports import Ports
from vioP.resources import folder
from vioP.storage import Store

MAILS = folder("templates") / "mail"


def bodies(raw: bytes) -> tuple[str, str, str]:
    """The subject, the text and the page of a letter."""
    letter = message_from_bytes(raw, policy=policy.default)
    text, page = (letter.get_body((kind,)) for kind in ("plain", "html"))
    assert text is not None
    assert page is not None
    return letter["Subject"], text.get_content(), page.get_content()


def bilingual(*people: Participant) -> Programme:
    """The small programme, where all of the staff speak Spanish too."""
    whole = programme(people)
    staff = tuple(replace(each, languages=("en", "es")) for each in whole.staff)
    return replace(whole, staff=staff)


async def send_all(ports: Ports) -> None:
    while await deliver(ports, Channel.MAIL):
        pass


async def test_an_invite_comes_in_its_readers_language_and_another_one_resends_nothing(
    store: Store, clock: FixedClock, postbox: Postbox
):
    clock.moment = minutes_later(-2 * 24 * 60)
    ports = make_ports(store, clock, mail=postbox)
    reader, other = participant("p1", language="es"), participant("p2")
    await import_programme(ports, bilingual(reader, other), "k1")
    await publish(ports)
    await send_all(ports)
    first = tuple(postbox.to(reader.contact.email))
    subject, text, page = bodies(first[0].raw)

    assert subject.startswith("Cita con ")
    assert "tiene una cita con" in text
    assert " de marzo de 2026" in text
    assert "Hello" not in text + page
    assert '<html lang="es">' in page
    assert "you have an appointment" in bodies(postbox.to(other.contact.email)[0].raw)[1]

    await import_programme(ports, bilingual(participant("p1"), other), "k1")
    await publish(ports)
    await send_all(ports)

    assert len(postbox.to(reader.contact.email)) == len(first)


@pytest.mark.parametrize(
    "file",
    sorted((MAILS / "es").rglob("*.*")),
    ids=lambda each: f"{each.parent.name}.{each.name}",
)
def test_no_spanish_mail_says_what_kind_of_care_it_is(file: Path):
    assert heard(file.read_text(encoding="utf-8")) == ()


def test_every_spanish_mail_has_its_three_files_and_an_english_one_beside_it():
    for kind in (each for each in (MAILS / "es").iterdir() if each.is_dir()):
        for name in ("subject.txt", "body.txt", "body.html"):
            assert (kind / name).is_file()
            assert (MAILS / kind.name / name).is_file()


@pytest.mark.parametrize(
    "words", ["su terapeuta", "grupo de apoyo", "depresión", "la sesión", "ansiedad"]
)
def test_words_of_care_are_heard_in_spanish_too(words: str):
    assert heard(f"Hola, {words} a las 9.")


def test_the_nudge_in_spanish_is_one_text_without_costly_letters():
    link = "https://go.example/j/" + "x" * 43

    said = nudge_text("Example Health", link, "+1 212 555 0100", "es-US")

    assert said.isascii()
    assert len(said) <= 160
    assert "empezado" in said
