"""One function for each reader of what strangers send: it takes bytes, and fails on a surprise.

A reader may refuse, in the words it promises. What it hands on must fit into either database:
text that can be written as UTF-8 and holds no zero byte.
"""

import base64
import hashlib
import hmac
from collections.abc import Callable, Coroutine, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from typing import Any

from vioP.calendars.reply import address_of, read_reply
from vioP.domain.address import is_mail_address
from vioP.domain.errors import VioPError
from vioP.domain.keyword import wish_of_text
from vioP.domain.phone_number import phone_number, spoken_number
from vioP.domain.time import instant
from vioP.flows.read_mail import read_mail
from vioP.keys import Keys
from vioP.mail.signed import is_signed, sign
from vioP.phone.twilio.hooks import TwilioHooks
from vioP.phone.twilio.line import TwilioLine
from vioP.phone.twilio.signature import SIGNATURE
from vioP.strict_json import read_json
from vioP.video.asking import Asking
from vioP.video.jaas import JaasChoices, JaasRooms
from vioP.video.jitsi import JitsiChoices, JitsiRooms
from vioP.video.jwt import claims_of, signed
from vioP.video.livekit import LiveKitChoices, LiveKitRooms
from vioP.video.zoom.messages import challenge_answer, event_of, message_of, require_zoom

Target = Callable[[bytes], None]

NOW = instant(datetime(2026, 3, 10, 15, tzinfo=UTC))
STAMP = str(int(NOW.timestamp()))
SECRET = b"a secret of more than thirty-two bytes, for tests"
LINE = TwilioLine("AC1", SECRET.decode(), "+13035550100", "https://viop.example")
TWILIO = TwilioHooks(LINE)
KEYS = Keys(SECRET)
_HS256 = b'{"alg":"HS256"}'
_NOBODY: Asking = None  # type: ignore[assignment]  # nobody is asked
LIVEKIT = LiveKitRooms(
    LiveKitChoices("ws://x", "key", SECRET, ""), _NOBODY, lambda: NOW, b""
)
JITSI = JitsiRooms(
    JitsiChoices("https://x", "a", SECRET, (SECRET,)), _NOBODY, lambda: NOW, b""
)
JAAS = JaasRooms(JaasChoices("a", "k", lambda _: b"", (SECRET,)), _NOBODY, lambda: NOW, b"")


def mail(raw: bytes) -> None:
    """A mail of anybody's."""
    for whole in (True, False):
        must_fit(read_mail(raw, whole=whole))


def calendar(raw: bytes) -> None:
    """A calendar object: each of its events tells something, and nothing is an error."""
    told = read_reply(raw.decode("utf-8", "replace"), "p1@x.example", "REPLY")

    assert told
    must_fit(told)


def zoom(raw: bytes) -> None:
    """A message that is signed with Zoom's secret, whatever it says."""
    digest = hmac.digest(SECRET, f"v0:{STAMP}:".encode() + raw, "sha256").hex()
    heads = {"x-zm-request-timestamp": STAMP, "x-zm-signature": f"v0={digest}"}
    assert require_zoom(heads, raw, [SECRET], NOW) == SECRET

    def read() -> None:
        message = message_of(raw)
        must_be_told(challenge_answer(message, SECRET))
        must_be_told(event_of(message, raw))

    refuses_in_words(read)


def livekit(raw: bytes) -> None:
    """A message that is signed with LiveKit's secret."""
    digest = base64.b64encode(hashlib.sha256(raw).digest()).decode()
    claims = {"iss": "key", "exp": int(STAMP) + 60, "sha256": digest}
    token = signed(claims, SECRET)
    heard(LIVEKIT.verify({"Authorization": f"Bearer {token}"}, raw, NOW))


def jitsi(raw: bytes) -> None:
    """A message that comes with Jitsi's header."""
    heard(JITSI.verify({"Authorization": f"Bearer {SECRET.decode()}"}, raw, NOW))


def jaas(raw: bytes) -> None:
    """A message that is signed with 8x8's secret."""
    proof = base64.b64encode(hmac.digest(SECRET, f"{STAMP}.".encode() + raw, "sha256"))
    heard(JAAS.verify({"X-Jaas-Signature": f"t={STAMP},v1={proof.decode()}"}, raw, NOW))


def twilio(raw: bytes) -> None:
    """A callback that is Twilio's, at each of its addresses."""
    about = "?call=c1&text=t1&turn=1"
    for event in ("answer", "keys", "status", "text", "text-status", "incoming", "other"):
        refuses_in_words(
            lambda: must_be_told(TWILIO.read(f"/hooks/phone/twilio/{event}{about}", raw))  # noqa: B023
        )


def signatures(raw: bytes) -> None:
    """Headers that prove nothing: nobody is let in, and nothing breaks."""
    head = raw.decode("utf-8", "replace")
    proof = base64.b64encode(raw).decode()
    for given in (head, f"v1,{head}", f"t={STAMP},v1={head}", f"Bearer {head}", proof):
        target = f"/hooks/phone/twilio/answer?bodySHA256={head}"
        kinds = {SIGNATURE: given, "Content-Type": head}
        refused(lambda: TWILIO.verify(target, kinds, raw))  # noqa: B023
        zoom_heads = {"x-zm-request-timestamp": STAMP, "x-zm-signature": given}
        refused(lambda: require_zoom(zoom_heads, raw, [SECRET], NOW))  # noqa: B023
        for rooms in (LIVEKIT, JITSI, JAAS):
            heads = {"Authorization": given, "X-Jaas-Signature": given}
            refused(lambda: done(rooms.verify(heads, raw, NOW)))  # noqa: B023
        assert not is_signed((SECRET,), ("id", STAMP, given), raw, NOW)
    assert is_signed(
        (SECRET,), ("id", STAMP, f"v1,{sign(SECRET, 'id', STAMP, raw)}"), raw, NOW
    )
    assert not is_signed((SECRET,), (head, head, head), raw, NOW)


def tokens(raw: bytes) -> None:
    """Tokens that were not made here open nothing."""
    token = raw.decode("utf-8", "replace")
    assert KEYS.seat_of_rsvp(token) is None
    for made in (token, _parts(raw)):
        refused(lambda: claims_of(made, {"key": SECRET}, NOW))  # noqa: B023


def claims(raw: bytes) -> None:
    """A token that is signed, whatever it claims."""
    begun = f"{_encoded(_HS256)}.{_encoded(raw)}"
    proof = _encoded(hmac.digest(SECRET, begun.encode(), "sha256"))
    refuses_in_words(lambda: claims_of(f"{begun}.{proof}", {"key": SECRET}, NOW))


def addresses(raw: bytes) -> None:
    """What may be a mail address, a telephone number or a word on a telephone."""
    text = raw.decode("utf-8", "replace")
    if is_mail_address(text):
        assert text.isascii()
        assert not set(text) & set(' \r\n\t,;:<>"()[]\\\0')
        assert address_of(f"mailto:{text}") == text.lower() or "%" in text
    must_fit(address_of(text))
    number = phone_number(text)
    if number is not None:
        assert number.startswith("+")
        assert number[1:].isascii()
        assert number[1:].isdigit()
        assert phone_number(spoken_number(number)) == number
    wish_of_text(text)


def strict_json(raw: bytes) -> None:
    """JSON of anybody's."""
    try:
        read_json(raw)
    except ValueError:
        return


TARGETS: Mapping[str, Target] = {
    each.__name__: each
    for each in (mail, calendar, zoom, livekit, jitsi, jaas, twilio, signatures, tokens,
                 claims, addresses, strict_json)
}  # fmt: skip


def refuses_in_words(read: Callable[[], object]) -> None:
    """A reader reads, or refuses in words of ours."""
    try:
        read()
    except VioPError:
        return


def refused(read: Callable[[], object]) -> None:
    """A reader must refuse."""
    try:
        read()
    except VioPError:
        return
    raise AssertionError("it was let in")


def heard(verify: Coroutine[Any, Any, object]) -> None:
    """What a video service's adapter makes of a message."""
    refuses_in_words(lambda: must_be_told(done(verify)))


def done(coroutine: Coroutine[Any, Any, object]) -> object:
    """What a coroutine gives that waits for nobody."""
    try:
        coroutine.send(None)
    except StopIteration as end:
        return end.value
    raise AssertionError("it waits for somebody")


def must_fit(value: object) -> None:
    """Every text in a value can be kept."""
    for text in texts(value):
        text.encode()
        assert "\0" not in text, text[:80]


def must_be_told(value: object) -> None:
    """What a provider said is a value, all of whose texts are texts."""
    for text in texts(value):
        assert isinstance(text, str)


def texts(value: object) -> Iterator[str]:
    """Every text in a value, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from texts(tuple(value.items()))
    elif isinstance(value, (tuple, list, frozenset)):
        for each in value:
            yield from texts(each)
    elif is_dataclass(value) and not isinstance(value, type):
        for each in fields(value):
            yield from texts(getattr(value, each.name))


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _parts(raw: bytes) -> str:
    return ".".join(_encoded(each) for each in raw.split(b"."))
