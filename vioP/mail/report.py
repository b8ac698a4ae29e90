"""Delivery reports, and the words of a mail that a person reads.

Source: RFC 3461 to 3464 (reports), RFC 3463 (status codes).
"""

import re

from vioP.domain.reply import Bounce
from vioP.mail.mime import Mail, Part, decoded, split_headers

_MOST_RECIPIENTS = 20
_ORIGINALS = frozenset({"message/rfc822", "text/rfc822-headers", "message/rfc822-headers"})
_READ_AT_MOST = 32 * 1024
_TAG = re.compile(r"<[^<>]*>")
_UNSEEN = re.compile(r"(?is)<(style|script|head)\b.*?(?:</\1\s*>|\Z)")


def is_report(mail: Mail) -> bool:
    """Whether a mail server reports how a delivery went."""
    return any(part.kind == "message/delivery-status" for part in mail.parts)


def failures(mail: Mail) -> list[Bounce]:
    """Whom a message did not reach, for good. Delays and successes are none."""
    message_id = next(
        (_message_id(part) for part in mail.parts if part.kind in _ORIGINALS), ""
    )
    found: dict[Bounce, None] = {}
    for part in mail.parts:
        if part.kind == "message/delivery-status":
            for group in part.body.replace(b"\r\n", b"\n").split(b"\n\n")[
                :_MOST_RECIPIENTS
            ]:
                fields, _ = split_headers(group.strip(b"\n") + b"\n\n")
                bounce = _bounce(fields, message_id)
                if bounce is not None:
                    found[bounce] = None
    return list(found)


def _bounce(fields: dict[str, str], message_id: str) -> Bounce | None:
    if fields.get("action", "").strip().lower() != "failed":
        return None
    # Who was written to is what we know; where it was forwarded to is not.
    named = fields.get("original-recipient") or fields.get("final-recipient", "")
    recipient = named.rpartition(";")[2].strip().strip("<>").lower()
    status = fields.get("status", "").partition(" ")[0].strip()
    return Bounce(recipient, status, message_id) if recipient else None


def _message_id(part: Part) -> str:
    headers, _ = split_headers(part.body.lstrip())
    return headers.get("message-id", "").strip()


def readable(mail: Mail) -> str:
    """The text of a mail: its plain part, else its HTML without tags, else its beginning."""
    for kind in ("text/plain", "text/html"):
        for part in mail.parts:
            if part.kind == kind and part.body.strip():
                text = part.text()[:_READ_AT_MOST]
                return text if kind == "text/plain" else _without_tags(text)
    return decoded(mail.body[:_READ_AT_MOST], "")


def _without_tags(html: str) -> str:
    return _TAG.sub(" ", _UNSEEN.sub(" ", html))
