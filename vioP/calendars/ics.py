"""An invite as iCalendar: one event, one attendee, the same bytes every time.

Source: RFC 5545 (format), RFC 5546 (REQUEST and CANCEL), RFC 7986 (CONFERENCE).
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event, vCalAddress, vText, vUri

from vioP.calendars.vtimezone import rules_at
from vioP.domain.invite import Invite, Method, Sender
from vioP.domain.text import clean_name

PRODUCT = "-//appointments//EN"  # neutral, like everything that leaves
_REMIND_BEFORE = timedelta(minutes=15)


def render(invite: Invite, sender: Sender) -> bytes:
    """The calendar object of an invite, in UTF-8 with CRLF line ends.

    Times carry the recipient's zone and its rules where every calendar reads them alike,
    and are told in UTC otherwise.
    """
    rules = rules_at(invite.zone, invite.starts, invite.ends)
    calendar = Calendar()
    calendar.add("PRODID", PRODUCT)
    calendar.add("VERSION", "2.0")
    calendar.add("METHOD", invite.method.value)
    calendar.add("CALSCALE", "GREGORIAN")
    calendar.add_component(_event(invite, sender, zoned=rules is not None))
    raw = bytes(calendar.to_ical())
    if rules is None:
        return raw
    head, event, tail = raw.partition(b"BEGIN:VEVENT\r\n")
    return head + rules + event + tail


def _event(invite: Invite, sender: Sender, *, zoned: bool) -> Event:
    event = appointment(invite, sender, zoned=zoned)
    event.add("ORGANIZER", _organizer(sender))
    event.add("ATTENDEE", _attendee(invite))
    event.add("X-MICROSOFT-DISALLOW-COUNTER", "TRUE")
    event.add("X-MICROSOFT-DONOTFORWARDMEETING", "TRUE")
    if invite.method is Method.REQUEST:
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
        lines.append(
            f"Join by phone: {sender.dial_in}, PIN {invite.pin[:3]} {invite.pin[3:]}"
        )
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


def _attendee(invite: Invite) -> vCalAddress:
    attendee = vCalAddress(f"mailto:{invite.address}")
    attendee.params["CN"] = vText(clean_name(invite.name) or "Guest")
    attendee.params["CUTYPE"] = vText("INDIVIDUAL")
    attendee.params["ROLE"] = vText("REQ-PARTICIPANT")
    attendee.params["PARTSTAT"] = vText(invite.answer)
    attendee.params["RSVP"] = vText("TRUE")
    return attendee


def _reminder(title: str) -> Alarm:
    alarm = Alarm()
    alarm.add("ACTION", "DISPLAY")
    alarm.add("DESCRIPTION", title)
    alarm.add("TRIGGER", -_REMIND_BEFORE)
    return alarm
