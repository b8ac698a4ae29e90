"""A call by a machine: what it is asked to do, and how far it got."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from vioP.domain.keyword import Wish

RING = timedelta(seconds=25)  # shorter than a mailbox takes to pick up


@dataclass(frozen=True, slots=True)
class PhoneCall:
    """A call to be placed.

    Attributes:
        key: Placing two calls under one key rings once.
        to: A number in E.164.
        prompt: Neutral words, spoken until a key is pressed; nothing else is said before.
        ring: How long it rings.
    """

    key: str
    to: str
    prompt: str
    language: str = "en"
    ring: timedelta = RING


class CallState(StrEnum):
    """How far a call got. All but the first three are final."""

    PLACED = "placed"
    RINGING = "ringing"
    ANSWERED = "answered"
    BRIDGED = "bridged"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    DECLINED = "declined"
    NO_KEY = "no_key"
    FAILED = "failed"
    CANCELLED = "cancelled"
    MAILBOX = "mailbox"

    @property
    def is_over(self) -> bool:
        """Whether nothing follows; a bridged call is settled, though it goes on."""
        return self not in {CallState.PLACED, CallState.RINGING, CallState.ANSWERED}


def prompt(sender_name: str) -> str:
    """What is said first. It says nothing about care, whoever picks up."""
    return (
        f"This is {sender_name}. To join your appointment by phone, press 1. "
        "If you cannot come, press 2. If this is the wrong number, press 3. "
        "If you cannot talk now, press 5. To stop these calls, press 9. "
        "For a person, press 0."
    )


DRILL_PROMPT = (
    "This is a test of the phone backup. Press 1 to say that you hear this. Goodbye."
)
BRIDGE_PROMPT = (
    "Somebody waits for you on the phone, because they cannot use the video. "
    "Press 1 to talk with them now."
)
ALREADY_HERE = "You are connected already. Goodbye."
NOT_NEEDED = "Thank you, this call is not needed any more. Goodbye."

# What is said after a key; none of it says anything about care.
BE_CONNECTED = "You are being connected. Please hold the line."
DRILL_WORKS = "Thank you. The phone backup works. Goodbye."
NOT_EXPECTED = "Thank you. We do not expect you then. Goodbye."
NEVER_AGAIN_HERE = "Thank you. We will not call this number again. Goodbye."
NO_MORE = "Thank you. There will be no more automatic calls. Goodbye."
A_PERSON_CALLS = "Thank you. Somebody will call you. Goodbye."


def left_alone(minutes: int) -> str:
    """What is said to somebody who cannot talk now."""
    return f"Thank you. We leave you alone for {minutes} minutes. Goodbye."


def goodbye(wish: Wish, minutes: int) -> str:
    """What is said at last to somebody who pressed a key.

    Args:
        wish: What the key asks for.
        minutes: How long somebody is left alone who cannot talk now.
    """
    said = {
        Wish.NOT_COMING: NOT_EXPECTED,
        Wish.WRONG_NUMBER: NEVER_AGAIN_HERE,
        Wish.LATER: left_alone(minutes),
        Wish.STOP: NO_MORE,
        Wish.HUMAN: A_PERSON_CALLS,
    }
    return said.get(wish, NOT_NEEDED)
