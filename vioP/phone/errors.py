"""What a telephone company can say no to, and whose fault it is.

A refusal of the number ends that call or text. Trouble between us and the company is no
number's fault: everything waits, and the trouble is said by name.
"""

from vioP.domain.errors import Forbidden, Invalid, Unavailable, VioPError


class NotFromCarrier(Forbidden):
    """This message is not proven to come from the telephone company."""

    code = "phone.forged"


class NumberRefused(Invalid):
    """The telephone company refuses this number for good. Correct it."""

    code = "phone.number_refused"


class OptedOutThere(Invalid):
    """The telephone company was told by this number to bring it no texts from us."""

    code = "phone.opted_out_there"


class TextLost(Invalid):
    """The text did not arrive. Check the number, or tell the person in another way."""

    code = "text.lost"


class TextBlocked(Invalid):
    """The text was held back on its way as unwanted. Ask the telephone company why."""

    code = "text.blocked"


class TakesNoTexts(Invalid):
    """This number takes no texts: it is a landline, or is not in service. Correct it."""

    code = "text.takes_none"


class CarrierAway(Unavailable):
    """The telephone company does not answer. Nothing is lost: it is asked again."""

    code = "phone.away"


class CarrierBusy(Unavailable):
    """The telephone company asks us to wait. Nothing is lost: it is asked again."""

    code = "phone.busy"


class CarrierRefusesUs(Unavailable):
    """The telephone company refuses us. Check the account, the token and our own number."""

    code = "phone.refuses_us"


_ALL: tuple[type[VioPError], ...] = (
    NumberRefused, OptedOutThere, TextLost, TextBlocked, TakesNoTexts, CarrierAway,
    CarrierBusy, CarrierRefusesUs,
)  # fmt: skip


def in_words(code: str) -> str | None:
    """What a code says, for people; nothing when it is none of these."""
    found = next((each for each in _ALL if each.code == code), None)
    return (found.__doc__ or "").splitlines()[0] if found else None
