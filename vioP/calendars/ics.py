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
from vioP.i18n import say

PRODUCT = "-//appointments//EN"  # neutral, like everything that leaves
_REMIND_BEFORE = timedelta(minutes=15)


def render(invite: Invite, sender: Sender) -> bytes:
    """The calendar object of an invite, in UTF-8 with CRLF line ends.

    It says its words in the language of whoever reads. Times carry the recipient's zone and
    its rules where every calendar reads them alike, and are told in UTC otherwise. What
    everybody at one appointment is told alike is made once; a person's own lines stand first
    in the event.
    """
    span = invite.starts, invite.ends
    begin, end = _shared(invite.method, span, invite.zone, sender, title_of(sender))
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
        + line("CONFERENCE", vUri(link), _conference_label(say("Join by video")))
        + line("ATTENDEE", vCalAddress(f"mailto:{invite.address}"), _attendee(invite))
    )


@lru_cache(maxsize=1024)
def _shared(
    method: Method, span: tuple[Instant, Instant], zone: str, sender: Sender, title: str
) -> tuple[bytes, bytes]:
    """Everything else, up to where the event begins and from there on."""
    rules = rules_at(zone, *span)
    calendar = Calendar()
    calendar.add("PRODID", PRODUCT)
    calendar.add("VERSION", "2.0")
    calendar.add("METHOD", method.value)
    calendar.add("CALSCALE", "GREGORIAN")
    from_to = [_told(each, zone, zoned=rules is not None) for each in span]
    event_of_all = _event(method, (from_to[0], from_to[1]), sender, title)
    calendar.add_component(event_of_all)
    raw = bytes(calendar.to_ical())
    head, begins, event = raw.partition(b"BEGIN:VEVENT\r\n")
    return head + (rules or b"") + begins, event


def title_of(sender: Sender) -> str:
    """What an appointment is called outside, in the language of whoever reads."""
    return say("%(sender)s appointment") % {"sender": clean_name(sender.name)}


def _event(
    method: Method, span: tuple[datetime, datetime], sender: Sender, title: str
) -> Event:
    event = Event()
    event.add("DTSTART", span[0])
    event.add("DTEND", span[1])
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
    event.add("SUMMARY", title_of(sender))
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
        gone = say("This appointment was cancelled. Questions? Call %(phone)s.")
        return gone % {"phone": sender.phone}
    lines = [
        f"{say('Join by video')}: {invite.join_url}",
        say("The link opens 10 minutes before the start."),
    ]
    if sender.dial_in:
        by_phone = say("Join by phone: %(number)s, PIN %(pin)s")
        lines.append(by_phone % {"number": sender.dial_in, "pin": spaced(invite.pin)})
    if invite.word:
        lines.append(say("Your word for the set-up page: %(word)s") % {"word": invite.word})
    lines.append(
        say("Cannot come, or need help? Call %(phone)s.") % {"phone": sender.phone}
    )
    return "\n".join(lines)


@lru_cache(maxsize=8)
def _conference_label(label: str) -> str:
    return parameters(VALUE="URI", FEATURE=["AUDIO", "VIDEO"], LABEL=label)


def _conference(url: str) -> vUri:
    place = vUri(url)
    place.params["VALUE"] = "URI"
    place.params["FEATURE"] = ["AUDIO", "VIDEO"]
    place.params["LABEL"] = say("Join by video")
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
