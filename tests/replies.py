"""Mails that answer invites, as many programs write them."""

import base64
import quopri
from collections.abc import Mapping, Sequence
from typing import Any

UID = "0123456789abcdef0123456789abcdef01234567@example.org"
WHO = "p1@participants.example"


def event(**given: Any) -> str:
    """One VEVENT of a reply, with LF line ends; say only what differs."""
    facts: dict[str, Any] = {
        "uid": UID,
        "attendees": (
            f"ATTENDEE;PARTSTAT={given.get('partstat', 'ACCEPTED')}:mailto:{WHO}",
        ),
        "sequence": "SEQUENCE:0",
        "stamp": "DTSTAMP:20260308T120000Z",
        "start": "DTSTART:20260310T150000Z",
        "more": (),
    } | given
    return "\n".join(
        ["BEGIN:VEVENT", f"UID:{facts['uid']}", facts["stamp"], facts["start"],
         facts["sequence"], *facts["attendees"], *facts["more"], "END:VEVENT", ""]
    )  # fmt: skip


def calendar(*events: str, method: str = "METHOD:REPLY\n", zone: str = "") -> str:
    """A calendar object around events."""
    inside = "".join(events or (event(),))
    return f"BEGIN:VCALENDAR\nPRODID:-//x//EN\nVERSION:2.0\n{method}{zone}{inside}END:VCALENDAR\n"


def mail(*parts: bytes, headers: Mapping[str, str] | None = None, **given: str) -> bytes:
    """A mail from p1 with parts."""
    named = {
        "From": f"P1 A. <{WHO}>",
        "To": "Example Health <appointments@example.org>",
        "Subject": "Re: Example Health appointment",
        "Date": "Sun, 08 Mar 2026 12:00:01 +0000",
        "Message-ID": "<m1@participants.example>",
        "MIME-Version": "1.0",
        "Content-Type": given.get("kind", 'multipart/mixed; boundary="b1"'),
    } | dict(headers or {})
    head = "".join(f"{name}: {value}\n" for name, value in named.items() if value)
    body = b"".join(b"--b1\n" + part + b"\n" for part in parts) + b"--b1--\n"
    return (head.encode() + b"\n" + body).replace(b"\n", b"\r\n")


def text_part(text: str, kind: str = "plain") -> bytes:
    """A part that people read."""
    return f"Content-Type: text/{kind}; charset=utf-8\n\n{text}\n".encode()


def calendar_part(
    text: str,
    *,
    charset: str = "utf-8",
    encoding: str = "8bit",
    kind: str = "text/calendar; method=REPLY",
    newline: str = "\n",
) -> bytes:
    """A calendar part in a charset and a transfer encoding."""
    raw = text.replace("\n", newline).encode(charset, "replace")
    match encoding:
        case "base64":
            raw = base64.encodebytes(raw)
        case "quoted-printable":
            raw = quopri.encodestring(raw)
        case _:
            pass
    head = f"Content-Type: {kind}; charset={charset}\nContent-Transfer-Encoding: {encoding}\n\n"
    return head.encode() + raw


def answer(text: str | None = None, **shape: Any) -> bytes:
    """A mail with words and one calendar part."""
    return mail(text_part("P1 has answered."), calendar_part(text or calendar(), **shape))


def report(recipient: str = WHO, action: str = "failed", message_id: str = "") -> bytes:
    """A delivery report."""
    status = (
        "Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n"
        f"Final-Recipient: rfc822; {recipient}\nAction: {action}\nStatus: 5.1.1\n"
    )
    original = (
        f"Content-Type: message/rfc822\n\nMessage-ID: {message_id}\nSubject: x\n\nx\n"
    )
    return mail(
        text_part("Undeliverable"),
        status.encode(),
        original.encode(),
        headers={
            "From": "MAILER-DAEMON@mx.example",
            "Auto-Submitted": "auto-replied",
            "Content-Type": 'multipart/report; report-type=delivery-status; boundary="b1"',
        },
    )


def attendees(*given: tuple[str, str]) -> Sequence[str]:
    """Attendee lines by address and stance."""
    return [f"ATTENDEE;PARTSTAT={stance}:mailto:{who}" for who, stance in given]
