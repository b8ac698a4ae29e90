"""The people: participants, those who support them, and those who work here."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from vioP.domain.availability import Hours
from vioP.domain.ids import ParticipantId, StaffId


class StaffRole(StrEnum):
    """What somebody who works here does."""

    THERAPIST = "therapist"
    PRESCRIBER = "prescriber"
    COORDINATOR = "coordinator"
    TECH_SUPPORT = "tech_support"
    COMPLIANCE = "compliance"
    ADMIN = "admin"

    @property
    def is_clinician(self) -> bool:
        """Whether they hold sessions and so need licences."""
        return self in {StaffRole.THERAPIST, StaffRole.PRESCRIBER}


class LicenceKind(StrEnum):
    """How the right to treat somebody in a state was obtained."""

    FULL = "full"
    COMPACT = "compact"


@dataclass(frozen=True, slots=True)
class Licence:
    """The right to treat people who are in a state.

    A compact privilege is issued to a person for a state, like a licence. Belonging to a
    compact grants nothing by itself.

    Attributes:
        first: The first day it holds; nothing when it always did.
        last: The last day it holds; nothing while no end is known.
    """

    state: str
    kind: LicenceKind = LicenceKind.FULL
    number: str = ""
    first: date | None = None
    last: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether it is valid on a day."""
        return (self.first is None or self.first <= day) and (
            self.last is None or day <= self.last
        )


@dataclass(frozen=True, slots=True)
class Staff:
    """Somebody who works here. A clinician is staff whose role treats people.

    Attributes:
        hours: Regular working hours in their own zone.
        compacts: Compacts they belong to, as a note.
    """

    id: StaffId
    name: str
    role: StaffRole
    zone: str
    hours: tuple[Hours, ...]
    credential: str = ""
    email: str = ""
    phone: str = ""
    languages: tuple[str, ...] = ("en",)
    specialties: tuple[str, ...] = ()
    licences: tuple[Licence, ...] = ()
    compacts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Supporter:
    """A guardian, family member, interpreter or captioner of one participant.

    Attributes:
        kind: ``guardian``, ``interpreter``, ``captioner``, ``family`` for whoever else stands
            by them, or ``emergency`` for whoever is called when somebody may be in danger.
    """

    kind: str
    language: str = ""
    name: str = ""
    email: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """How somebody may be reached, and what they said about it.

    Attributes:
        sms: Whether a text may be sent to the phone.
        call: Whether the phone may be rung.
        voicemail: Whether a neutral message may be left; never for a Part 2 track.
    """

    email: str = ""
    phone: str = ""
    sms: bool = False
    call: bool = True
    voicemail: bool = False


class CalendarChoice(StrEnum):
    """How somebody wants their appointments: invited by mail, in a feed, or both."""

    INVITES = "invites"
    FEED = "feed"
    BOTH = "both"

    @property
    def by_mail(self) -> bool:
        """Whether they are invited by mail."""
        return self is not CalendarChoice.FEED

    @property
    def by_feed(self) -> bool:
        """Whether they asked for a feed."""
        return self is not CalendarChoice.INVITES


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody who receives care.

    Attributes:
        birth_year: Enough to check a track's ages; no full date is kept.
        state: Where they are during sessions, as a postal code.
        zone: The zone in which they are told times.
        hours: When they can have appointments; empty means the program's window.
        prefers: When they like appointments best; empty if any time is as good.
        high_risk: A human looks sooner, and no machine calls.
    """

    id: ParticipantId
    name: str
    birth_year: int
    city: str
    state: str
    zone: str
    contact: Contact
    language: str = "en"
    accommodation: str = ""
    supporters: tuple[Supporter, ...] = ()
    hours: tuple[Hours, ...] = ()
    high_risk: bool = False
    note: str = ""
    prefers: tuple[Hours, ...] = ()
    calendar: CalendarChoice = CalendarChoice.INVITES

    @property
    def has_interpreter(self) -> bool:
        """Whether an interpreter joins their sessions."""
        return any(each.kind == "interpreter" for each in self.supporters)

    @property
    def is_text_only(self) -> bool:
        """Whether a voice on the phone is no use to them."""
        return needs_text(self.accommodation)

    def ages_in(self, year: int) -> tuple[int, int]:
        """The two ages they may have in a year; only the year of birth is known."""
        return year - self.birth_year - 1, year - self.birth_year


_TEXT_ONLY = (
    "captions",
    "deaf",
    "hard_of_hearing",
    "speech",
    "relay",
    "text",
    "interpreter:asl",
)


def needs_text(accommodation: str) -> bool:
    """Whether an accommodation means that a voice on the phone is no use to somebody."""
    words = accommodation.casefold().replace(",", " ").split()
    return any(each.startswith(_TEXT_ONLY) for each in words)
