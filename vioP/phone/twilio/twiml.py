"""What Twilio is asked to do on a call, or to answer to a text, in its own words.

Source: twilio.com/docs/voice/twiml and twilio.com/docs/messaging/twiml.
"""

from xml.sax.saxutils import escape, quoteattr

from vioP.domain.carrier import Ask, Connect, Forward, Noted, Reply, Say, WriteBack
from vioP.phone.twilio.line import TwilioLine

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
_WAITS = 8  # seconds for a key


def twiml(reply: Reply, line: TwilioLine) -> str:
    """A reply as a document."""
    return f"{_HEAD}<Response>{_verbs(reply, line)}</Response>"


def _verbs(reply: Reply, line: TwilioLine) -> str:
    match reply:
        case Ask(key, words, turn):
            action = quoteattr(line.hook("keys", call=key, turn=str(turn)))
            return (
                f'<Gather input="dtmf" numDigits="1" timeout="{_WAITS}" action={action} '
                f'actionOnEmptyResult="true">{_say(words)}</Gather>'
            )
        case Say(words):
            return f"{_say(words)}<Hangup/>"
        case Connect(room, words, is_host):
            # Whoever waits hears music until the host is there, and not each other.
            starts = "true" if is_host else "false"
            return (
                f'{_say(words)}<Dial><Conference beep="false" '
                f'startConferenceOnEnter="{starts}">{escape(room)}</Conference></Dial>'
            )
        case Forward(number, words):
            return f"{_say(words)}<Dial>{escape(number)}</Dial>"
        case WriteBack(words):
            return f"<Message>{escape(words)}</Message>" if words else ""
        case Noted():
            return ""


def _say(words: str) -> str:
    return f"<Say>{escape(words)}</Say>" if words else ""
