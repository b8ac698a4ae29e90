"""The frame of a letter: its headers, and its parts as alternatives of each other.

The standard library folds and encodes headers, and encodes bodies; only finished pieces are
joined here, because its generators write a letter like ours five times as slowly. Nothing
that people typed is part of a boundary or of a part's own headers.
Source: RFC 2046, section 5.1.4 (alternatives); RFC 2045, sections 6.7 and 6.8 (encodings).
"""

import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.policy import Compat32
from functools import lru_cache
from hashlib import sha256

from vioP.domain.invite import Method

# A link or an address has no place to be folded at, but before it, and not every reader
# understands a header that begins on its second line.
_WIRE = Compat32(linesep="\r\n", max_line_length=998)
_END = b"\r\n"
_LINE_OF_BASE64 = 57  # bytes, which make 76 characters


@dataclass(frozen=True, slots=True)
class Part:
    """One alternative: its finished headers, and its body as it travels."""

    headers: bytes
    body: bytes


def text_part(text: str, kind: str) -> Part:
    """A text part, readable in the raw source too, for whoever has to look there.

    Args:
        text: What it says.
        kind: ``plain`` or ``html``.
    """
    quoted = binascii.b2a_qp(text.encode(), istext=True)
    headers = _headers(f'text/{kind}; charset="utf-8"', "quoted-printable")
    return Part(headers, quoted.replace(b"\r\n", b"\n").replace(b"\n", _END))


def calendar_part(calendar: bytes, method: Method) -> Part:
    """The part a calendar reads; clients want the method in its type as well."""
    lines = (
        binascii.b2a_base64(calendar[at : at + _LINE_OF_BASE64], newline=False)
        for at in range(0, len(calendar), _LINE_OF_BASE64)
    )
    kind = f'text/calendar; charset="UTF-8"; method="{method}"; component="VEVENT"'
    return Part(_headers(kind, "base64"), _END.join(lines) + _END)


def framed(headers: Mapping[str, str], parts: Sequence[Part]) -> bytes:
    """A whole letter with CRLF line ends, the same bytes for the same facts.

    Args:
        headers: The letter's own, as people would write them.
        parts: What says the same in different ways, the best last.
    """
    digest = sha256(b"\0".join(each.body for each in parts)).hexdigest()
    boundary = f"=_{digest[:32]}"
    kind = f'multipart/alternative; boundary="{boundary}"'
    own = {"MIME-Version": "1.0", **headers, "Content-Type": kind}
    head = b"".join(_header(name, value) for name, value in own.items())
    mark = b"--" + boundary.encode()
    bodies = [mark + _END + each.headers + _END + each.body for each in parts]
    return head + _END + _END.join([*bodies, mark + b"--" + _END])


def _headers(kind: str, encoding: str) -> bytes:
    return _header("Content-Type", kind) + _header("Content-Transfer-Encoding", encoding)


@lru_cache(maxsize=1024)
def _header(name: str, value: str) -> bytes:
    """A header, folded; most are the same in letter after letter."""
    return _WIRE.fold_binary(name, value)
