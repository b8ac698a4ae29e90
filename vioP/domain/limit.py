"""How often something may be tried before whoever tries must wait."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many tries within a time, counted from the first of them.

    Source: OWASP ASVS 5.0, 6.3.1 (guessing is slowed down, nobody is locked out for good).
    """

    most: int
    within: timedelta


_QUARTER, _HALF_HOUR, _HOUR = (timedelta(minutes=each) for each in (15, 30, 60))

# One person at one place mistypes; the same account from everywhere, or one place with every
# account, is guessed at. A whole clinic may sign in from one address at nine.
PASSWORD_HERE = Limit(5, _QUARTER)
PASSWORD_OF_ACCOUNT = Limit(50, _HOUR)
SIGN_IN_FROM_PLACE = Limit(300, _QUARTER)
CODES_SENT = Limit(5, _HOUR)
PASSWORD_LINKS = Limit(5, _HOUR)
SECOND_FACTOR = Limit(5, _QUARTER)
# A calling number can be forged, so wrong PINs count for the whole house as well.
WRONG_PINS_FROM_NUMBER = Limit(9, _HALF_HOUR)
WRONG_PINS_IN_ALL = Limit(90, _HALF_HOUR)
