"""What a telephone company tells us, and what it is asked to do on a call, as values."""

from dataclasses import dataclass

from vioP.domain.call import CallState


@dataclass(frozen=True, slots=True)
class PickedUp:
    """A call of ours was picked up; the carrier asks what to say.

    Attributes:
        id: The same however often it is told.
        key: The key the call was placed under.
        reference: What the carrier calls the call.
        is_machine: Whether a mailbox or a fax has picked up, not a person.
    """

    id: str
    key: str
    reference: str
    is_machine: bool = False


@dataclass(frozen=True, slots=True)
class Pressed:
    """A key was pressed, or none in time.

    Attributes:
        pressed: The key; empty when none was.
        turn: How often was asked by then, from 1.
    """

    id: str
    key: str
    reference: str
    pressed: str
    turn: int


@dataclass(frozen=True, slots=True)
class CallWent:
    """How far a call got.

    Attributes:
        state: As far as it got; nothing when it is no news.
        is_over: Whether both sides have hung up.
    """

    id: str
    key: str
    reference: str
    state: CallState | None
    is_over: bool


@dataclass(frozen=True, slots=True)
class TextCame:
    """Somebody has written to us.

    Attributes:
        number: Whose number it came from, in E.164.
        is_answered: Whether the carrier answers it by itself, as it does to STOP.
    """

    id: str
    number: str
    body: str
    is_answered: bool = False


@dataclass(frozen=True, slots=True)
class TextWent:
    """What became of a text of ours.

    Attributes:
        key: The key the text was sent under.
        reference: What the carrier calls the text.
        trouble: The code of why it did not arrive; empty while nothing is wrong.
    """

    id: str
    key: str
    reference: str
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class SomebodyCalls:
    """Somebody rings the number that calls people; they get through to the office."""

    id: str
    reference: str


Told = PickedUp | Pressed | CallWent | TextCame | TextWent | SomebodyCalls


@dataclass(frozen=True, slots=True)
class Ask:
    """Say something and wait for a key.

    Attributes:
        key: The call's.
        turn: How often is asked, this time included.
    """

    key: str
    words: str
    turn: int


@dataclass(frozen=True, slots=True)
class Say:
    """Say something and hang up; with nothing to say, hang up."""

    words: str = ""


@dataclass(frozen=True, slots=True)
class Connect:
    """Connect the call with others of the same room.

    Attributes:
        room: A name that says nothing.
        words: Said before.
        is_host: Whether this is whom the others wait for.
    """

    room: str
    words: str
    is_host: bool = False


@dataclass(frozen=True, slots=True)
class Forward:
    """Put the call through to a number."""

    number: str
    words: str


@dataclass(frozen=True, slots=True)
class WriteBack:
    """Answer a text; with no words, with nothing."""

    words: str = ""


@dataclass(frozen=True, slots=True)
class Noted:
    """Nothing is asked of the carrier."""


Reply = Ask | Say | Connect | Forward | WriteBack | Noted
