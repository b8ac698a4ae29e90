"""Reading the calendar part of a reply: line by line, once, and never by expanding anything.

A reply's time zones, rules and descriptions are not looked at: they are the least reliable
part of it, and which seat is meant stands in the uid alone. Source: RFC 5545 (lines and
parameters), RFC 5546 (REPLY, COUNTER), MS-OXCICAL (X-MICROSOFT-CDO-REPLYTIME).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from vioP.domain.reply import Answer, Rsvp, Unclear, Why
from vioP.domain.text import clean_text, without_tokens
from vioP.domain.time import Instant, instant

LARGEST_PART = 256 * 1024
_LONGEST_LINE = 16 * 1024
_LEFT_OUT = "X-LEFT-OUT:"
_MOST_EVENTS = 20
_LONGEST_COMMENT = 500
_WANTED = frozenset(
    {
        "UID", "SEQUENCE", "DTSTAMP", "X-MICROSOFT-CDO-REPLYTIME", "ATTENDEE", "COMMENT",
        "DTSTART",
    }
)  # fmt: skip
_ANSWERS = {
    "ACCEPTED": Answer.ACCEPTED,
    "DECLINED": Answer.DECLINED,
    "TENTATIVE": Answer.TENTATIVE,
}
_LONGEST_ADDRESS = 320
_BESIDE = re.compile(r"[\s<>\"\0]")
_PERCENT = {"%40": "@", "%2b": "+", "%2e": ".", "%5f": "_", "%2d": "-"}


@dataclass(frozen=True, slots=True)
class _Line:
    """One property: its parameters, names in upper case, and its value."""

    parameters: dict[str, str]
    value: str


@dataclass(slots=True)
class _Event:
    """The wanted properties of one event, by name."""

    lines: dict[str, list[_Line]] = field(default_factory=dict)

    def value(self, name: str) -> str:
        """The value of a property's first line; may be empty."""
        found = self.lines.get(name)
        return found[0].value.strip() if found else ""


def read_reply(text: str, sender: str, method: str = "") -> tuple[Rsvp | Unclear, ...]:
    """What a calendar object answers, event by event; never empty, and never an error.

    Args:
        text: The calendar object, in whatever shape it came.
        sender: Who mailed it, in lower case: it decides whose answer counts when an event
            lists several people.
        method: The method its MIME part names, for objects that name none themselves.
    """
    lines = _unfolded(text)
    if lines is None:
        return (Unclear(Why.TOO_BIG),)
    calendar = _Object()
    for line in lines:
        calendar.take(line)
    if calendar.is_broken or calendar.inside or not calendar.events:
        return (Unclear(Why.UNREADABLE),)
    method = (calendar.method or method).strip().upper()
    told = [one for event in calendar.events for one in _told(event, method, sender)]
    return tuple(dict.fromkeys(told))


def address_of(value: str) -> str:
    """The mail address in a calendar address, in lower case; may be empty.

    It may be written ``MAILTO:A@B``, percent-encoded, or as ``mailto: <a@b>``.
    """
    inner = value.rpartition("<")[2].strip()[:_LONGEST_ADDRESS]
    lower = inner.lower().removeprefix("mailto:")
    for code, plain in _PERCENT.items():
        lower = lower.replace(code, plain)
    name, at, domain = lower.partition("@")
    name = _BESIDE.split(name.strip())[-1].removeprefix("mailto:")
    domain = _BESIDE.split(domain)[0]
    return f"{name}{at}{domain}" if name and domain else ""


def _unfolded(text: str) -> list[str] | None:
    """Whole lines, whatever line ends were used; nothing when there is too much of it.

    A line far longer than any we look for is left out before it costs anything.
    """
    plain = text.replace("\0", "").lstrip("\ufeff \t\r\n").replace("\r", "\n")
    rows = [
        row if len(row) <= _LONGEST_LINE else _LEFT_OUT for row in plain.split("\n") if row
    ]
    if sum(map(len, rows)) > LARGEST_PART:
        return None
    lines: list[list[str]] = []
    for row in rows:
        if row[0] in " \t" and lines:
            lines[-1].append(row[1:])
        else:
            lines.append([row])
    return ["".join(pieces) for pieces in lines]


@dataclass(slots=True)
class _Object:
    """A calendar object as its lines go by: the method, and the events that are complete."""

    method: str = ""
    events: list[_Event] = field(default_factory=list)
    inside: list[str] = field(default_factory=list)
    event: _Event = field(default_factory=_Event)
    is_broken: bool = False

    def take(self, line: str) -> None:
        """Take the next line."""
        word, _, name = line[:40].upper().strip().partition(":")
        match word:
            case "BEGIN":
                self._begin(name.strip())
            case "END":
                self._end(name.strip())
            case "METHOD":
                self.method = self.method or line[7:]
            case _ if self.inside[-1:] == ["VEVENT"]:
                _keep(self.event, line)

    def _begin(self, name: str) -> None:
        self.inside.append(name)
        if name == "VEVENT":
            self.event = _Event()

    def _end(self, name: str) -> None:
        if not self.inside or self.inside.pop() != name:
            self.is_broken = True
        elif name == "VEVENT":
            self.events.append(self.event)
            self.is_broken = self.is_broken or len(self.events) > _MOST_EVENTS


def _keep(event: _Event, line: str) -> None:
    name = re.split("[;:]", line[:60], maxsplit=1)[0].strip().upper()
    if name in _WANTED:
        pieces, value = _cut(line)
        given = (piece.partition("=") for piece in pieces)
        parameters = {
            key.strip().upper(): what.strip().strip('"') for key, _, what in given
        }
        event.lines.setdefault(name, []).append(_Line(parameters, value))


def _cut(line: str) -> tuple[list[str], str]:
    """A line's parameters and its value; what stands in quotes parts nothing."""
    pieces, start, quoted = list[str](), 0, False
    for at, char in enumerate(line):
        if char == '"':
            quoted = not quoted
        elif not quoted and char in ";:":
            pieces.append(line[start:at])
            start = at + 1
            if char == ":":
                return pieces[1:], line[start:]
    # A quote that is never closed: the last colon is the likeliest place of the value.
    return [], line.rpartition(":")[2]


def _told(event: _Event, method: str, sender: str) -> Iterator[Rsvp | Unclear]:
    uid = event.value("UID")
    attendees = event.lines.get("ATTENDEE", [])
    stances = {one.parameters.get("PARTSTAT", "").upper() for one in attendees}
    if not uid or not attendees:
        yield Unclear(Why.UNREADABLE, uid)
    elif "DELEGATED" in stances:
        yield Unclear(Why.DELEGATED, uid)
    elif method not in {"REPLY", "COUNTER"}:
        yield Unclear(Why.ODD_ANSWER, uid)
    else:
        for attendee in _speaking(attendees, sender):
            yield _answer(event, uid, attendee, method)


def _speaking(attendees: list[_Line], sender: str) -> list[_Line]:
    """Whose answers these are: the sender's own, when an event lists several people."""
    own = [each for each in attendees if _whose(each) == sender]
    return own if own and len(attendees) > 1 else attendees


def _whose(attendee: _Line) -> str:
    """An attendee's address. Apple writes a principal, and the address beside it."""
    return address_of(attendee.parameters.get("EMAIL", "")) or address_of(attendee.value)


def _answer(event: _Event, uid: str, attendee: _Line, method: str) -> Rsvp | Unclear:
    stance = attendee.parameters.get("PARTSTAT", "").upper()
    answer = Answer.COUNTER if method == "COUNTER" else _ANSWERS.get(stance)
    address = _whose(attendee)
    if answer is None or not address:
        return Unclear(Why.ODD_ANSWER, uid)
    said = event.value("COMMENT") or attendee.parameters.get("X-RESPONSE-COMMENT", "")
    return Rsvp(
        uid=uid,
        attendee=address,
        answer=answer,
        sequence=_whole(event.value("SEQUENCE")),
        stamped=_moment(event.value("DTSTAMP"))
        or _moment(event.value("X-MICROSOFT-CDO-REPLYTIME")),
        comment=without_tokens(clean_text(_unescaped(said), _LONGEST_COMMENT)),
        proposed=_proposed(event) if answer is Answer.COUNTER else "",
    )


def _proposed(event: _Event) -> str:
    [start] = event.lines.get("DTSTART", [_Line({}, "")])[:1]
    zone = start.parameters.get("TZID", "UTC" if start.value.strip().endswith("Z") else "")
    return clean_text(f"{_readable(start.value.strip())} {zone}")


def _readable(value: str) -> str:
    try:
        at = datetime.strptime(value.rstrip("zZ"), "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return value
    return f"{at:%Y-%m-%d %H:%M}"


def _unescaped(text: str) -> str:
    return re.sub(
        r"\\([\\;,nN])", lambda found: " " if found[1] in "nN" else found[1], text
    )


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None  # noqa: PLR2004


def _moment(text: str) -> Instant | None:
    """A moment in UTC, or nothing. A local one names no moment."""
    try:
        return instant(
            datetime.strptime(text.upper(), "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        )
    except ValueError:
        return None
