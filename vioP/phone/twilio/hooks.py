"""What Twilio tells us, as values, once it is proven to come from there.

Source: twilio.com/docs/voice/twiml, "Twilio's request"; twilio.com/docs/messaging, "Track
outbound message status" and "Advanced Opt-Out".
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from vioP.domain.call import CallState
from vioP.domain.carrier import (
    CallWent,
    PickedUp,
    Pressed,
    Reply,
    SomebodyCalls,
    TextCame,
    TextWent,
    Told,
)
from vioP.domain.errors import Missing
from vioP.phone.errors import (
    NotFromCarrier,
    OptedOutThere,
    TakesNoTexts,
    TextBlocked,
    TextLost,
)
from vioP.phone.twilio.line import TwilioLine
from vioP.phone.twilio.signature import fields_of, is_signed
from vioP.phone.twilio.twiml import twiml

_STATES = {
    "ringing": CallState.RINGING,
    "in-progress": CallState.ANSWERED,
    "completed": CallState.NO_KEY,
    "busy": CallState.BUSY,
    "no-answer": CallState.NO_ANSWER,
    "failed": CallState.FAILED,
    "canceled": CallState.CANCELLED,
}
_OVER = frozenset({"completed", "busy", "no-answer", "failed", "canceled"})
_DECLINED = "603"  # SIP's word for somebody who pressed "decline"; Source: RFC 3261, 21.6.2
_MACHINES = ("machine", "fax")
# Twilio itself answers a text that is one of these and nothing else, and blocks ours.
_ANSWERED_THERE = frozenset(
    {"stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout",
     "start", "unstop", "help", "info"}
)  # fmt: skip
_NOT_DELIVERED = frozenset({"undelivered", "failed"})
_WHY = {
    "21610": OptedOutThere.code,
    "30004": TextBlocked.code,
    "30007": TextBlocked.code,
    "30034": TextBlocked.code,
    "30005": TakesNoTexts.code,
    "30006": TakesNoTexts.code,
    "21614": TakesNoTexts.code,
}


@dataclass(frozen=True, slots=True)
class TwilioHooks:
    """Where Twilio tells us things."""

    line: TwilioLine
    name: str = "twilio"

    def verify(self, target: str, headers: Mapping[str, str], raw: bytes) -> None:
        """Make sure that Twilio says this.

        Raises:
            NotFromCarrier: It is not proven.
        """
        if not is_signed(self.line, target, headers, raw):
            raise NotFromCarrier

    def read(self, target: str, raw: bytes) -> Told:
        """What Twilio says.

        Raises:
            Missing: Nothing of the kind is expected at this address.
            NotFromCarrier: It lacks what Twilio always says, or is about another account.
        """
        parts = urlsplit(target)
        about = dict(parse_qsl(parts.query))
        reader = _READERS.get(parts.path.rpartition("/")[2])
        if reader is None:
            raise Missing
        given = fields_of(raw)
        if given.get("AccountSid") != self.line.account:
            raise NotFromCarrier
        try:
            return reader(about, given)
        except (KeyError, ValueError) as error:
            raise NotFromCarrier("This message is not one of Twilio's.") from error

    def written(self, reply: Reply) -> str:
        """A reply as Twilio reads it, in XML."""
        return twiml(reply, self.line)


_About = Mapping[str, str]


def _picked_up(about: _About, given: _About) -> Told:
    sid = given["CallSid"]
    machine = given.get("AnsweredBy", "").startswith(_MACHINES)
    return PickedUp(f"{sid}:answer", about["call"], sid, machine)


def _pressed(about: _About, given: _About) -> Told:
    sid, turn = given["CallSid"], int(about["turn"])
    pressed = given.get("Digits", "")[:1]
    return Pressed(f"{sid}:keys:{turn}", about["call"], sid, pressed, turn)


def _call_went(about: _About, given: _About) -> Told:
    sid, status = given["CallSid"], given["CallStatus"]
    state = _STATES.get(status)
    if given.get("SipResponseCode") == _DECLINED:
        state = CallState.DECLINED
    return CallWent(f"{sid}:{status}", about["call"], sid, state, status in _OVER)


def _text_came(_about: _About, given: _About) -> Told:
    body = given.get("Body", "")
    answered = bool(given.get("OptOutType")) or body.strip().casefold() in _ANSWERED_THERE
    return TextCame(given["MessageSid"], given["From"], body, answered)


def _text_went(about: _About, given: _About) -> Told:
    sid, status = given["MessageSid"], given["MessageStatus"]
    trouble = ""
    if status in _NOT_DELIVERED:
        trouble = _WHY.get(given.get("ErrorCode", ""), TextLost.code)
    return TextWent(f"{sid}:{status}", about["text"], sid, trouble)


def _somebody_calls(_about: _About, given: _About) -> Told:
    return SomebodyCalls(f"{given['CallSid']}:incoming", given["CallSid"])


_READERS: Mapping[str, Callable[[_About, _About], Told]] = {
    "answer": _picked_up,
    "keys": _pressed,
    "status": _call_went,
    "text": _text_came,
    "text-status": _text_went,
    "incoming": _somebody_calls,
}
