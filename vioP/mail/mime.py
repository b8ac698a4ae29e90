"""Taking a mail apart, in one pass, whatever it holds.

The standard library's parser compares every line with every boundary that is open and reads
long parameter lists again and again: 200 kB of nesting cost it seconds. Mail comes from
strangers, so this reader is linear, stops at fixed depths and counts, and never raises.
It knows what replies and reports need of MIME, and no more.
Source: RFC 5322, RFC 2045 to 2047, RFC 2231 (names are recognised, continuations are not).
"""

import binascii
import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.header import decode_header

_DEEPEST = 8
_MOST_PARTS = 100
_LONGEST_HEADER = 4096
_MOST_HEADERS = 32 * 1024  # bytes of all headers of one part
_LONGEST_CHARSET = 40
_CHARSETS = (
    "utf-8", "utf-16", "utf-32", "ascii", "iso8859", "cp1", "cp8", "cp9", "gb", "big5",
    "shift_jis", "euc_", "iso2022", "koi8", "mac-",
)  # fmt: skip
_PARAMETER = re.compile(r';\s*([\w.*-]+)\s*=\s*("[^"]*"|[^;\s"]*)')


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a mail that holds no further parts.

    Attributes:
        kind: Its media type in lower case, such as ``text/calendar``.
        parameters: Of the media type, names in lower case.
        headers: Names in lower case, values unfolded; of a name that repeats, the first.
        body: Decoded from its transfer encoding.
        inside: The media types of the parts around it, the outermost first.
    """

    kind: str
    parameters: dict[str, str]
    headers: dict[str, str]
    body: bytes
    inside: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The file name it goes by, in lower case; may be empty."""
        _, given = media_type(self.headers.get("content-disposition", ""))
        return (given.get("filename") or self.parameters.get("name") or "").lower()

    def text(self) -> str:
        """The body as text: in the charset it names, if that can be, and somehow otherwise."""
        return decoded(self.body, self.parameters.get("charset", ""))


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail taken apart.

    Attributes:
        headers: As in ``Part``.
        parameters: Of the mail's own media type.
        body: Everything after the headers, as it came.
    """

    headers: dict[str, str]
    kind: str
    parameters: dict[str, str]
    body: bytes
    parts: tuple[Part, ...]


def take_apart(raw: bytes) -> Mail:
    """The parts of a mail that hold content, in order; past the hundredth, nothing."""
    plain = raw.replace(b"\r\r\n", b"\n").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    headers, body = split_headers(plain)
    kind, parameters = media_type(headers.get("content-type", ""))
    budget = iter(range(_MOST_PARTS))
    return Mail(headers, kind, parameters, body, tuple(_parts(headers, body, (), budget)))


def split_headers(raw: bytes) -> tuple[dict[str, str], bytes]:
    """Headers by name, and what follows the first empty line. Line ends are LF."""
    if raw.startswith(b"\n"):
        return {}, raw[1:]
    until = raw.find(b"\n\n")
    until = len(raw) if until < 0 else until
    head = raw[: min(until, _MOST_HEADERS)].decode("utf-8", "replace")
    lines = head.replace("\0", "").split("\n")
    headers: dict[str, str] = {}
    name, pieces = "", list[str]()
    for line in [*lines, "end:"]:
        if line[:1] in {" ", "\t"}:
            pieces.append(line.strip())
            continue
        if name:
            headers.setdefault(name, " ".join(pieces)[:_LONGEST_HEADER])
        name, _, value = line.partition(":")
        name, pieces = name.strip().lower(), [value.strip()]
    return headers, raw[until + 2 :]


def media_type(header: str) -> tuple[str, dict[str, str]]:
    """The first word of a header such as Content-Type, and its parameters."""
    kind, _, rest = header.partition(";")
    given = {
        name.lower().rstrip("*"): value.strip('"')
        for name, value in _PARAMETER.findall(f";{rest}")
    }
    return kind.strip().lower(), given


def words(header: str) -> str:
    """A header as people read it. Source: RFC 2047."""
    try:
        pieces = decode_header(header)
    except (HeaderParseError, ValueError, binascii.Error):
        return header
    return "".join(
        piece if isinstance(piece, str) else decoded(piece, charset or "")
        for piece, charset in pieces
    )


def decoded(raw: bytes, charset: str) -> str:
    """Bytes as text: in the named charset, else UTF-8, else Latin-1, which takes anything.

    Zero bytes are left out: nothing that is read holds them, and PostgreSQL keeps none.

    Only charsets that mail is written in count: others, such as punycode, are not linear.
    """
    for name in (charset, "utf-8"):
        try:
            if codecs.lookup(name[:_LONGEST_CHARSET]).name.startswith(_CHARSETS):
                return raw.decode(name).replace("\0", "")
        except (LookupError, ValueError):
            continue
    return raw.decode("latin-1").replace("\0", "")


def _parts(
    headers: dict[str, str], body: bytes, inside: tuple[str, ...], budget: Iterator[int]
) -> Iterator[Part]:
    if next(budget, None) is None:
        return
    kind, parameters = media_type(headers.get("content-type", ""))
    boundary = parameters.get("boundary", "")
    if kind.startswith("multipart/") and boundary and len(inside) < _DEEPEST:
        for piece in _pieces(body, b"--" + boundary.encode("utf-8", "replace")):
            yield from _parts(*split_headers(piece), (*inside, kind), budget)
        return
    yield Part(
        kind or "text/plain",
        parameters,
        headers,
        _plain(body, headers.get("content-transfer-encoding", "")),
        inside,
    )


def _pieces(body: bytes, marker: bytes) -> Iterator[bytes]:
    """What stands between boundaries; a last one that is missing is forgiven."""
    begun = -1
    for at, line_end in _lines_starting(body, marker):
        if begun >= 0:
            yield body[begun : max(at - 1, begun)]
        if body.startswith(b"--", at + len(marker)):
            return
        begun = line_end + 1
    if begun >= 0:
        yield body[begun:]


def _lines_starting(body: bytes, marker: bytes) -> Iterator[tuple[int, int]]:
    """Where boundary lines begin and end; one that only begins alike is another's."""
    at = 0 if body.startswith(marker) else body.find(b"\n" + marker) + 1
    while at > 0 or body.startswith(marker, at):
        line_end = body.find(b"\n", at)
        line_end = len(body) if line_end < 0 else line_end
        if body[at + len(marker) : line_end].strip() in {b"", b"--"}:
            yield at, line_end
        at = body.find(b"\n" + marker, line_end) + 1
        if at == 0:
            return


def _plain(body: bytes, encoding: str) -> bytes:
    """A body without its transfer encoding; what is broken comes back as it is."""
    try:
        match encoding.strip().lower():
            case "base64":
                return binascii.a2b_base64(body)
            case "quoted-printable":
                return binascii.a2b_qp(body)
            case _:
                return body
    except (binascii.Error, ValueError):
        return body
