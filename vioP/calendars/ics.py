"""An invite as iCalendar: one event, one attendee, the same bytes every time.

Source: RFC 5545 (format), RFC 5546 (REQUEST and CANCEL), RFC 7986 (CONFERENCE).
"""

from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event, vCalAddress, vText, vUri

from vioP.calendars.lines import line, lines, parameters
from vioP.calendars.vtimezone import rules_at
from vioP.domain.dial_in import spaced
from vioP.domain.invite import Invite, Method, Sender
from vioP.domain.text import clean_name
from vioP.domain.time import Instant

PRODUCT = "-//appointments//EN"  # neutral, like everything that leaves
_REMIND_BEFORE = timedelta(minutes=15)
_CONFERENCE = parameters(VALUE="URI", FEATURE=["AUDIO", "VIDEO"], LABEL="Join by video")


def render(invite: Invite, sender: Sender) -> bytes:
    """The calendar object of an invite, in UTF-8 with CRLF line ends.

    Times carry the recipient's zone and its rules where every calendar reads them alike,
    and are told in UTC otherwise. What everybody at one appointment is told alike is made
    once; a person's own lines stand first in the event.
    """
    begin, end = _shared(invite.method, invite.starts, invite.ends, invite.zone, sender)
    return begin + _own(invite, sender) + end


def _own(invite: Invite, sender: Sender) -> bytes:
    """The lines that are one person's alone."""
    link = invite.join_url
    return (
        line("UID", vText(f"{invite.uid}@{sender.domain}"))
        + lines(SEQUENCE=invite.sequence, DTSTAMP=invite.stamped)
        + line("DESCRIPTION", vText(_description(invite, sender)))
        + line("LOCATION", vText(link))
        + line("URL", vUri(link))
        + line("CONFERENCE", vUri(link), _CONFERENCE)
        + line("ATTENDEE", vCalAddress(f"mailto:{invite.address}"), _attendee(invite))
    )


@lru_cache(maxsize=1024)
def _shared(
    method: Method, starts: Instant, ends: Instant, zone: str, sender: Sender
) -> tuple[bytes, bytes]:
    """Everything else, up to where the event begins and from there on."""
    rules = rules_at(zone, starts, ends)
    calendar = Calendar()
    calendar.add("PRODID", PRODUCT)
    calendar.add("VERSION", "2.0")
    calendar.add("METHOD", method.value)
    calendar.add("CALSCALE", "GREGORIAN")
    from_to = [_told(each, zone, zoned=rules is not None) for each in (starts, ends)]
    calendar.add_component(_event(method, from_to[0], from_to[1], sender))
    raw = bytes(calendar.to_ical())
    head, begins, event = raw.partition(b"BEGIN:VEVENT\r\n")
    return head + (rules or b"") + begins, event


def _event(method: Method, starts: datetime, ends: datetime, sender: Sender) -> Event:
    event = Event()
    event.add("DTSTART", starts)
    event.add("DTEND", ends)
    event.add("SUMMARY", sender.title)
    event.add("ORGANIZER", _organizer(sender))
    event.add("STATUS", "CONFIRMED" if method is Method.REQUEST else "CANCELLED")
    event.add("CLASS", "PRIVATE")
    event.add("TRANSP", "OPAQUE")
    event.add("X-MICROSOFT-DISALLOW-COUNTER", "TRUE")
    event.add("X-MICROSOFT-DONOTFORWARDMEETING", "TRUE")
    if method is Method.REQUEST:
        event.add_component(_reminder(sender.title))
    return event


def appointment(invite: Invite, sender: Sender, words: str = "", *, zoned: bool) -> Event:
    """An appointment as an event, without anybody in it.

    Args:
        invite: The appointment.
        sender: Who offers it.
        words: What it says; nothing for what an invite says.
        zoned: Whether its zone's rules go with it.
    """
    request = invite.method is Method.REQUEST
    event = Event()
    event.add("UID", f"{invite.uid}@{sender.domain}")
    event.add("SEQUENCE", invite.sequence)
    event.add("DTSTAMP", invite.stamped)
    event.add("DTSTART", _told(invite.starts, invite.zone, zoned=zoned))
    event.add("DTEND", _told(invite.ends, invite.zone, zoned=zoned))
    event.add("SUMMARY", sender.title)
    event.add("DESCRIPTION", words or _description(invite, sender))
    event.add("LOCATION", invite.join_url)
    event.add("URL", invite.join_url)
    event.add("CONFERENCE", _conference(invite.join_url))
    event.add("STATUS", "CONFIRMED" if request else "CANCELLED")
    event.add("CLASS", "PRIVATE")
    event.add("TRANSP", "OPAQUE")
    return event


def _told(moment: datetime, zone: str, *, zoned: bool) -> datetime:
    return moment.astimezone(ZoneInfo(zone)) if zoned else moment


def _description(invite: Invite, sender: Sender) -> str:
    if invite.method is Method.CANCEL:
        return f"This appointment was cancelled. Questions? Call {sender.phone}."
    lines = [
        f"Join by video: {invite.join_url}",
        "The link opens 10 minutes before the start.",
    ]
    if sender.dial_in:
        lines.append(f"Join by phone: {sender.dial_in}, PIN {spaced(invite.pin)}")
    if invite.word:
        lines.append(f"Your word for the set-up page: {invite.word}")
    lines.append(f"Cannot come, or need help? Call {sender.phone}.")
    return "\n".join(lines)


def _conference(url: str) -> vUri:
    place = vUri(url)
    place.params["VALUE"] = "URI"
    place.params["FEATURE"] = ["AUDIO", "VIDEO"]
    place.params["LABEL"] = "Join by video"
    return place


def _organizer(sender: Sender) -> vCalAddress:
    organizer = vCalAddress(f"mailto:{sender.address}")
    organizer.params["CN"] = vText(clean_name(sender.name))
    return organizer


def _attendee(invite: Invite) -> str:
    name = parameters(CN=clean_name(invite.name) or "Guest")
    return f"{name};{_answer(invite.answer)}"


@lru_cache(maxsize=8)
def _answer(known: str) -> str:
    """What is asked of somebody, with their answer as last known."""
    return parameters(
        CUTYPE="INDIVIDUAL", ROLE="REQ-PARTICIPANT", PARTSTAT=known, RSVP="TRUE"
    )


def _reminder(title: str) -> Alarm:
    alarm = Alarm()
    alarm.add("ACTION", "DISPLAY")
    alarm.add("DESCRIPTION", title)
    alarm.add("TRIGGER", -_REMIND_BEFORE)
    return alarm
