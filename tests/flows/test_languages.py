"""Mails in the language of their reader."""

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from icalendar import Calendar, Component

from tests.make import (
    FixedClock,
    Pocket,
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
from vioP.domain.people import Contact, Participant
from vioP.domain.programme import Programme
from vioP.domain.time import instant
from vioP.files.read import load, read_programme
from vioP.flows.deliver import deliver
from vioP.flows.feed import read_feed, renew_feed
from vioP.flows.import_programme import import_programme
from vioP.flows.look_ahead import look_ahead
from vioP.flows.remind import remind
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


def calendar_of(postbox: Postbox, person: Participant) -> Component:
    """The event of the first invite somebody had."""
    letter = message_from_bytes(
        postbox.to(person.contact.email)[0].raw, policy=policy.default
    )
    [part] = [each for each in letter.walk() if each.get_content_type() == "text/calendar"]
    [event] = Calendar.from_ical(part.get_content()).walk("VEVENT")
    return event


async def versions(ports: Ports) -> list[tuple[str, int]]:
    """Whose feed is in use in which version."""
    async with ports.store.read() as tx:
        return sorted((await tx.feeds.versions()).items())


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


async def test_the_calendar_and_its_feed_speak_their_readers_language(
    store: Store, clock: FixedClock, postbox: Postbox
):
    clock.moment = minutes_later(-2 * 24 * 60)
    ports = make_ports(store, clock, mail=postbox)
    reader, other = participant("p1", language="es"), participant("p2")
    await import_programme(ports, bilingual(reader, other), "k1")
    await publish(ports)
    await send_all(ports)
    spanish, english = (calendar_of(postbox, each) for each in (reader, other))
    for person in ("p1", "p2"):
        await renew_feed(ports, person, "k1")
    feeds = [
        (await read_feed(ports, ports.secrets.feed_token(each, version))).body or b""
        for each, version in await versions(ports)
    ]

    assert str(spanish["SUMMARY"]) == "Cita con Example Health"
    assert "¿No puede ir, o necesita ayuda?" in str(spanish["DESCRIPTION"])
    assert spanish["CONFERENCE"].params["LABEL"] == "Entrar por video"
    assert [str(each["DESCRIPTION"]) for each in spanish.walk("VALARM")] == [
        "Cita con Example Health"
    ]
    assert str(english["SUMMARY"]) == "Example Health appointment"
    assert "Cannot come, or need help?" in str(english["DESCRIPTION"])
    assert "Cita con Example Health" in feeds[0].decode()
    assert "Example Health appointment" in feeds[1].decode()


async def test_reminders_come_in_their_readers_language(
    store: Store, clock: FixedClock, postbox: Postbox, pocket: Pocket
):
    ports = make_ports(store, clock, mail=postbox, texts=pocket)
    clock.moment = minutes_later(-2 * 24 * 60)
    people = (
        participant("p1", language="es"),
        participant("p2", language="es", contact=Contact("p2@participants.example")),
    )
    await import_programme(ports, bilingual(*people), "k1")
    await publish(ports)
    await send_all(ports)
    clock.move_to(minutes_later(-16 * 60))

    await remind(ports)
    await deliver(ports, Channel.SMS)
    await send_all(ports)

    [text] = pocket.texts.values()
    assert "mañana 08:00, 09:00, hora de Denver. Pruebe: " in text.body
    subject, body, page = bodies(postbox.to("p2@participants.example")[-1].raw)
    assert subject == "Cita con Example Health"
    assert "mañana 09:00, 11:20, hora de Denver" in body
    assert "Probar mi equipo" in page


async def test_clocks_are_told_in_their_readers_language(
    ports: Ports, clock: FixedClock, postbox: Postbox
):
    clock.moment = instant(datetime(2027, 3, 8, 14, tzinfo=UTC))
    demo = folder("config") / "demo"
    whole = read_programme(
        *(load(demo / each) for each in ("programme.toml", "participants.csv")),
        invent_contacts=True,
    )
    people = tuple(
        replace(each, language="es", accommodation="interpreter")
        if each.id == "p20"
        else each
        for each in whole.participants
    )
    await import_programme(ports, replace(whole, participants=people), "k01")
    await look_ahead(ports)
    await send_all(ports)

    subject, body, page = bodies(postbox.to("p20@participants.example")[-1].raw)
    assert subject.endswith(": otra hora en su reloj")
    assert "el domingo, 14 de marzo de 2027 cambia la hora" in " ".join(body.split())
    assert "los martes a las 07:00, hasta ahora 08:00" in body
    assert "hora de Honolulu (HST, UTC-10:00)" in page


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
