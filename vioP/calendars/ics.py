"""An invite as iCalendar: one event, one attendee, the same bytes every time.

Source: RFC 5545 (format), RFC 5546 (REQUEST and CANCEL), RFC 7986 (CONFERENCE).
"""

from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event, vCalAddress, vText, vUri

from vioP.calendars.lines import line, lines, parameters
from vioP.calendars.vtimezone import vtimezone
from vioP.domain.invite import Invite, Method, Sender
from vioP.domain.text import clean_name
from vioP.domain.time import Instant

_PRODUCT = "-//appointments//EN"  # neutral, like everything that leaves
_REMIND_BEFORE = timedelta(minutes=15)
_CONFERENCE = parameters(VALUE="URI", FEATURE=["AUDIO", "VIDEO"], LABEL="Join by video")
_ANSWER = parameters(
    CUTYPE="INDIVIDUAL", ROLE="REQ-PARTICIPANT", PARTSTAT="NEEDS-ACTION", RSVP="TRUE"
)


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
    rules = vtimezone(zone, starts.year)
    calendar = Calendar()
    calendar.add("PRODID", _PRODUCT)
    calendar.add("VERSION", "2.0")
    calendar.add("METHOD", method.value)
    calendar.add("CALSCALE", "GREGORIAN")
    from_to = [_told(each, zone, zoned=rules is not None) for each in (starts, ends)]
    calendar.add_component(_event(method, from_to[0], from_to[1], sender))
    raw = bytes(calendar.to_ical())
    head, begins, event = raw.partition(b"BEGIN:VEVENT\r\n")
    return head + (rules or b"") + begins, event


def _event(method: Method, starts: datetime, ends: datetime, sender: Sender) -> Event:
    title = f"{clean_name(sender.name)} appointment"
    event = Event()
    event.add("DTSTART", starts)
    event.add("DTEND", ends)
    event.add("SUMMARY", title)
    event.add("ORGANIZER", _organizer(sender))
    event.add("STATUS", "CONFIRMED" if method is Method.REQUEST else "CANCELLED")
    event.add("CLASS", "PRIVATE")
    event.add("TRANSP", "OPAQUE")
    event.add("X-MICROSOFT-DISALLOW-COUNTER", "TRUE")
    event.add("X-MICROSOFT-DONOTFORWARDMEETING", "TRUE")
    if method is Method.REQUEST:
        event.add_component(_reminder(title))
    return event


def _told(moment: datetime, zone: str, *, zoned: bool) -> datetime:
    return moment.astimezone(ZoneInfo(zone)) if zoned else moment


def _description(invite: Invite, sender: Sender) -> str:
    if invite.method is Method.CANCEL:
        return f"This appointment was cancelled. Questions? Call {sender.phone}."
    return (
        f"Join by video: {invite.join_url}\n"
        f"The link opens 10 minutes before the start. By phone or for help: {sender.phone}."
    )


def _organizer(sender: Sender) -> vCalAddress:
    organizer = vCalAddress(f"mailto:{sender.address}")
    organizer.params["CN"] = vText(clean_name(sender.name))
    return organizer


def _attendee(invite: Invite) -> str:
    name = parameters(CN=clean_name(invite.name) or "Guest")
    return f"{name};{_ANSWER}"


def _reminder(title: str) -> Alarm:
    alarm = Alarm()
    alarm.add("ACTION", "DISPLAY")
    alarm.add("DESCRIPTION", title)
    alarm.add("TRIGGER", -_REMIND_BEFORE)
    return alarm
