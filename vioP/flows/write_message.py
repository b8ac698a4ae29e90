"""Write a message: from a delivery's frozen facts to the letter or text that leaves."""

from dataclasses import replace
from datetime import datetime

from vioP.calendars.ics import render
from vioP.domain.address import is_mail_address
from vioP.domain.delivery import Delivery, DeliveryKind, require_content
from vioP.domain.dial_in import spaced
from vioP.domain.errors import Missing
from vioP.domain.ids import SeatId
from vioP.domain.invite import UNANSWERED, Invite, Method
from vioP.domain.message import (
    Reminded,
    Text,
    door_text,
    late_text,
    nudge_text,
    reminder_text,
    room_text,
)
from vioP.domain.phone_check import code_text
from vioP.domain.time import Instant, instant
from vioP.flows.one_time_link import token_of
from vioP.i18n import ENGLISH, reading
from vioP.mail.compose import Letter, compose_invite, compose_note
from vioP.mail.errors import NotAnAddress
from vioP.ports import Ports


def write_letter(ports: Ports, delivery: Delivery) -> Letter:
    """The letter of a delivery, byte for byte the same each time it is written.

    Raises:
        ContentLost: What it says cannot be read any more.
        NotAnAddress: Its address is none, or could be taken for more than one.
    """
    require_content(delivery)
    if not is_mail_address(delivery.content["address"]):
        raise NotAnAddress
    with reading(delivery.content.get("language", ENGLISH)):
        letter = _letter(ports, delivery)
    return replace(letter, awaited=delivery.kind.is_awaited)


def _letter(ports: Ports, delivery: Delivery) -> Letter:
    match delivery.kind:
        case DeliveryKind.INVITE | DeliveryKind.CANCEL:
            return _invite(ports, delivery)
        case DeliveryKind.DAY_BEFORE | DeliveryKind.SAME_DAY | DeliveryKind.DOOR_OPEN:
            return _reminder(ports, delivery)
        case DeliveryKind.NUDGE | DeliveryKind.HOST_LATE | DeliveryKind.ROOM_DOWN:
            return _about_now(ports, delivery)
        case DeliveryKind.SIGN_IN_CODE:
            return _code(ports, delivery)
        case (
            DeliveryKind.CLOCKS
            | DeliveryKind.OVERVIEW
            | DeliveryKind.FEED_LINK
            | DeliveryKind.RECORD_OPENED
        ):
            return _notice(ports, delivery)
        case DeliveryKind.SETUP_LINK | DeliveryKind.ONE_TIME_LINK:
            return _link(ports, delivery)
        case _:
            raise Missing(f"no letter is written for {delivery.kind}")


def write_text(ports: Ports, delivery: Delivery) -> Text:
    """The text of a delivery.

    Raises:
        ContentLost: What it says cannot be read any more.
    """
    require_content(delivery)
    sender = ports.house.sender
    language = delivery.content.get("language", ENGLISH)
    match delivery.kind:
        case DeliveryKind.PHONE_CODE:
            body = code_text(sender.name, ports.secrets.code(delivery.key), language)
        case DeliveryKind.DAY_BEFORE | DeliveryKind.SAME_DAY:
            when, zone = delivery.content["when"], delivery.content["zone"]
            told = Reminded(when, zone, *_way(ports, delivery))
            body = reminder_text(sender.name, told, language)
        case DeliveryKind.DOOR_OPEN:
            body = door_text(sender.name, ports.join_url(_seat_of(delivery)), language)
        case DeliveryKind.HOST_LATE:
            body = late_text(sender.name, language)
        case DeliveryKind.ROOM_DOWN:
            phone = sender.dial_in or sender.phone
            pin = spaced(ports.pin(_seat_of(delivery)))
            body = room_text(sender.name, phone, pin, language)
        case _:
            link = ports.join_url(_seat_of(delivery))
            body = nudge_text(sender.name, link, sender.phone, language)
    return Text(delivery.key, delivery.content["phone"], body)


def _invite(ports: Ports, delivery: Delivery) -> Letter:
    seat_id = _seat_of(delivery)
    told = delivery.content
    moved = None
    if "moved_from" in told:
        moved = _moment(told["moved_from"]), _moment(told["moved_until"])
    invite = Invite(
        uid=told["uid"],
        sequence=delivery.revision,
        method=Method(told["method"]),
        stamped=_moment(told["stamped"]),
        starts=_moment(told["starts"]),
        ends=_moment(told["ends"]),
        zone=told["zone"],
        name=told["name"],
        address=told["address"],
        join_url=ports.join_url(seat_id),
        moved_from=moved,
        is_first="is_first" in told,
        is_again="is_again" in told,
        answer=told.get("answer", UNANSWERED),
        pin=ports.pin(seat_id),
        rsvp_url=ports.rsvp_url(seat_id),
        word=ports.secrets.word(seat_id) if "word" in told else "",
    )
    sender = ports.house.sender
    return compose_invite(invite, sender, render(invite, sender), ports.mails)


def _seat_of(delivery: Delivery) -> SeatId:
    if delivery.seat_id is None:
        raise Missing(f"a {delivery.kind} is about a seat")
    return delivery.seat_id


def _about_now(ports: Ports, delivery: Delivery) -> Letter:
    """A letter to somebody of a running session, with their own link."""
    seat_id = _seat_of(delivery)
    if delivery.kind is DeliveryKind.NUDGE:
        more = {"unsubscribe_url": ports.reminders_url(seat_id)}
    else:
        more = {"pin": spaced(ports.pin(seat_id))}
    return compose_note(
        delivery.kind.value,
        (delivery.content["name"], delivery.content["address"]),
        ports.house.sender,
        delivery.key,
        delivery.due,
        ports.mails,
        join_url=ports.join_url(seat_id),
        **more,
    )


def _reminder(ports: Ports, delivery: Delivery) -> Letter:
    """A letter that reminds of one day's appointments, or says that a room is open."""
    told = delivery.content
    link, check = _way(ports, delivery)
    return compose_note(
        "reminder",
        (told["name"], told["address"]),
        ports.house.sender,
        delivery.key,
        delivery.due,
        ports.mails,
        join_url=link,
        again="yes" if check else "",
        lines=(f"{told['when']}, {told['zone']}",),
        unsubscribe_url=ports.reminders_url(_seat_of(delivery)),
    )


def _way(ports: Ports, delivery: Delivery) -> tuple[str, bool]:
    """The link of a reminder, and whether it leads to the check of a device."""
    url = ports.join_url(_seat_of(delivery))
    check = "check" in delivery.content
    return (f"{url}/tech-check", True) if check else (url, False)


def _code(ports: Ports, delivery: Delivery) -> Letter:
    return compose_note(
        "code",
        (delivery.content["name"], delivery.content["address"]),
        ports.house.sender,
        delivery.key,
        delivery.due,
        ports.mails,
        code=ports.secrets.code(delivery.content["nonce"]),
    )


def _link(ports: Ports, delivery: Delivery) -> Letter:
    """The link is made when it is written down, and kept nowhere."""
    told = delivery.content
    if delivery.kind is DeliveryKind.ONE_TIME_LINK:
        token = token_of(ports, told["link_id"])
        name = told["purpose"]
        link = {"password_url": f"{ports.house.base_url}/password/{token}"}
    else:
        name = "setup" if told["purpose"] == "participant" else "setup_guardian"
        link = {"setup_url": ports.setup_url(told["link_id"])}
    return compose_note(
        name,
        (told["name"], told["address"]),
        ports.house.sender,
        delivery.key,
        _moment(told["stamped"]),
        ports.mails,
        **link,
    )


def _feed_url(ports: Ports, delivery: Delivery) -> str:
    """The address is made when it is written down, and kept nowhere."""
    told = delivery.content
    return ports.feed_url(told["person_id"], int(told["version"]))


def _notice(ports: Ports, delivery: Delivery) -> Letter:
    """A letter whose words were decided before; its templates say which of them."""
    secrets = {}
    if delivery.kind is DeliveryKind.FEED_LINK:
        secrets["feed_url"] = _feed_url(ports, delivery)
    if delivery.kind is DeliveryKind.RECORD_OPENED:
        secrets["review_url"] = f"{ports.house.base_url}/emergency-access"
    told = {
        name: text
        for name, text in delivery.content.items()
        if name not in {"person_id", "version", "language"}
    }
    return compose_note(
        delivery.kind.value,
        (told.pop("name"), told.pop("address")),
        ports.house.sender,
        delivery.key,
        _moment(told.pop("stamped")),
        ports.mails,
        **{
            name: tuple(text.splitlines()) if name in {"lines", "gone"} else text
            for name, text in told.items()
        },
        **secrets,
    )


def _moment(text: str) -> Instant:
    return instant(datetime.fromisoformat(text))
