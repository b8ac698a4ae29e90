"""Onboarding: what somebody has to say and agree to before their first session, in order.

Who was never asked to set up, because they were in the program already, owes nothing. For
everybody else what is required comes first: until then no join link is issued. What is not
required helps the fallback to reach them, and is asked for all the same.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from vioP.domain.consent import ConsentKind
from vioP.domain.ids import ParticipantId
from vioP.domain.time import Instant


class Piece(StrEnum):
    """One thing that is asked, each on a page of its own."""

    NAME = "name"
    ZONE = "zone"
    PLACE = "place"
    SAFE_PLACES = "safe-places"
    GUARDIAN = "guardian"
    PHONE = "phone"
    CONTACT = "contact"
    EMERGENCY = "emergency"
    NEEDS = "needs"
    CALENDAR = "calendar"
    TELEHEALTH = "telehealth"
    GROUP = "group"
    PART2 = "part2"
    PHONE_CHECK = "phone-check"
    CALENDAR_CHECK = "calendar-check"


class Who(StrEnum):
    """Whose part a piece is. A minor's guardian has one of their own."""

    PARTICIPANT = "participant"
    GUARDIAN = "guardian"


CONSENTS = {
    Piece.TELEHEALTH: ConsentKind.TELEHEALTH,
    Piece.GROUP: ConsentKind.GROUP_CONFIDENTIALITY,
    Piece.PART2: ConsentKind.PART2_DISCLOSURE,
}
TITLES = {
    Piece.NAME: "The name others see",
    Piece.ZONE: "Your time zone",
    Piece.PLACE: "Where you will be",
    Piece.SAFE_PLACES: "Other safe places",
    Piece.GUARDIAN: "About you",
    Piece.PHONE: "Your phone",
    Piece.CONTACT: "How we may reach you",
    Piece.EMERGENCY: "People we may call",
    Piece.NEEDS: "What helps you take part",
    Piece.CALENDAR: "Your calendar",
    Piece.TELEHEALTH: "Appointments by video",
    Piece.GROUP: "What others say stays private",
    Piece.PART2: "Sharing your records",
    Piece.PHONE_CHECK: "A test of your phone",
    Piece.CALENDAR_CHECK: "A test of your calendar",
}
REQUIRED = frozenset(
    {
        Piece.NAME,
        Piece.ZONE,
        Piece.PLACE,
        Piece.GUARDIAN,
        Piece.PHONE,
        Piece.CONTACT,
        Piece.EMERGENCY,
        Piece.TELEHEALTH,
        Piece.GROUP,
        Piece.PART2,
    }
)
# What a guardian does for a minor, and nobody else.
_GUARDIANS = frozenset(
    {
        Piece.GUARDIAN,
        Piece.CONTACT,
        Piece.EMERGENCY,
        Piece.TELEHEALTH,
        Piece.PHONE_CHECK,
    }
)
_AGREED_TO = frozenset({Piece.TELEHEALTH, Piece.GROUP})


@dataclass(frozen=True, slots=True)
class Step:
    """One piece that is due from somebody.

    Attributes:
        required: Whether no join link is issued without it.
    """

    piece: Piece
    who: Who
    required: bool

    @property
    def title(self) -> str:
        """What it is called on pages."""
        return TITLES[self.piece]


@dataclass(frozen=True, slots=True)
class Onboarding:
    """How far somebody is.

    Attributes:
        invited_at: When they were asked to set up; nothing when they never were.
        part2: Whether they are in a program under 42 CFR Part 2.
        number: The phone a machine would ring: theirs, or a minor's guardian's.
        is_verified: Whether its owner was heard there.
        text_only: Whether a voice on the phone is no use to them.
        has_invite: Whether an invite has left by which their calendar can be proven.
        is_proven: Whether their calendar was: they answered an invite, or read its word.
        running_out: What they agreed to that has run out or will before long, with the first
            day on which it holds no more. It withholds nothing; they are asked again.
    """

    participant_id: ParticipantId
    invited_at: Instant | None = None
    is_minor: bool = False
    part2: bool = False
    answered: frozenset[Piece] = frozenset()
    agreed: frozenset[ConsentKind] = frozenset()
    waived: frozenset[Piece] = frozenset()
    number: str = ""
    is_verified: bool = False
    text_only: bool = False
    has_invite: bool = False
    is_proven: bool = False
    running_out: Mapping[ConsentKind, date] = field(default_factory=dict)

    def has(self, piece: Piece) -> bool:
        """Whether a piece is there: said, agreed to, or proven."""
        if piece in _AGREED_TO:
            return CONSENTS[piece] in self.agreed
        if piece is Piece.PHONE_CHECK:
            return self.is_verified
        if piece is Piece.CALENDAR_CHECK:
            return self.is_proven
        return piece in self.answered

    def is_due(self, piece: Piece) -> bool:
        """Whether a piece is asked of this person at all."""
        match piece:
            case Piece.GUARDIAN:
                return self.is_minor
            case Piece.PHONE:
                return not self.is_minor  # a minor's guardian is reached, at theirs
            case Piece.PART2:
                return self.part2
            case Piece.PHONE_CHECK:
                return bool(self.number)
            case Piece.CALENDAR_CHECK:
                return self.has_invite or self.is_proven
            case _:
                return True


def steps(of: Onboarding, who: Who | None = None) -> tuple[Step, ...]:
    """Everything that is due, in the order in which it is asked; one person's part if named."""
    due = (
        Step(piece, _whose(of, piece), piece in REQUIRED)
        for piece in Piece
        if of.is_due(piece)
    )
    return tuple(each for each in due if who in {None, each.who})


def missing(of: Onboarding, who: Who | None = None) -> tuple[Step, ...]:
    """What is due, not there and not waived, in the order in which it is asked.

    For the readiness of people who were never asked to set up as well: it then names
    whatever is not on file, though nothing is withheld from them for it.
    """
    return tuple(
        each
        for each in steps(of, who)
        if not of.has(each.piece) and each.piece not in of.waived
    )


def to_renew(of: Onboarding, who: Who | None = None) -> Mapping[Piece, date]:
    """What they agreed to that has run out or soon will, with the first day it holds no more.

    What is missing altogether is asked for as such.
    """
    lacking = {each.piece for each in missing(of, who)}
    return {
        each.piece: of.running_out[CONSENTS[each.piece]]
        for each in steps(of, who)
        if each.piece not in lacking and CONSENTS.get(each.piece) in of.running_out
    }


def is_ready(of: Onboarding) -> bool:
    """Whether join links are issued: nothing required is missing, or nothing was asked."""
    return of.invited_at is None or not required(missing(of))


def required(those: Iterable[Step]) -> tuple[Step, ...]:
    """Those without which no join link is issued."""
    return tuple(each for each in those if each.required)


def _whose(of: Onboarding, piece: Piece) -> Who:
    return Who.GUARDIAN if of.is_minor and piece in _GUARDIANS else Who.PARTICIPANT
