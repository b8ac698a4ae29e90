"""A check of a phone: was its owner heard on it, by a digit they pressed or a code they typed?"""

from dataclasses import dataclass
from datetime import timedelta

from vioP.domain.contact_facts import Way
from vioP.domain.ids import ParticipantId
from vioP.domain.time import Instant

LASTS = timedelta(minutes=10)
AT_MOST = 5  # checks of one person within a day: nobody's phone is rung for sport
WITHIN = timedelta(days=1)
TRIES = 5
HEARD = "heard"
# No digit that means anything in a call of the fallback: 1, 2, 3, 5, 9 and 0 do.
_DIGITS = "4678"


PREFIX = "phc"


def is_check(key: str) -> bool:
    """Whether a call of this key tests a phone, and is about no session."""
    return key.startswith(f"{PREFIX}_")


@dataclass(frozen=True, slots=True)
class PhoneCheck:
    """One check under way, or over.

    Attributes:
        id: Also the key of its call or text.
        asked_by: Whose part it belongs to: ``participant`` or ``guardian``.
        outcome: ``heard`` once it is proven, or what ended it; empty while it goes on.
    """

    id: str
    participant_id: ParticipantId
    number: str
    way: Way
    asked_by: str
    begun_at: Instant
    expires: Instant
    tries: int = 0
    outcome: str = ""

    def is_open(self, now: Instant) -> bool:
        """Whether it can still be proven."""
        return not self.outcome and now < self.expires and self.tries < TRIES


def digit_of(code: str) -> str:
    """The digit to press, from a six-digit code that only this house can make."""
    return _DIGITS[int(code) % len(_DIGITS)]


def check_prompt(sender_name: str) -> str:
    """What is said first. It says nothing about care, and not which digit is right."""
    return (
        f"This is {sender_name}. You asked us to test this phone. "
        "Press the digit that your screen shows. If this is the wrong number, press 3. "
        "To stop these calls, press 9."
    )


THANKS = "Thank you. This phone is confirmed. Goodbye."


def code_text(sender_name: str, code: str, language: str = "en") -> str:
    """The text with a code: one part of GSM-7, and neutral."""
    if language.partition("-")[0] == "es":
        return f"{sender_name}: su clave es {code}. Sirve diez minutos. STOP: no textos."
    return (
        f"{sender_name}: {code} is your code. It works for ten minutes. STOP to end texts."
    )
