"""Canaries: words that are nowhere else, in every sensitive field, and where one may be seen.

Each participant's own words carry their number; words of the house carry none. Whatever
leaves is kept with whom it was for, so that a word out of its place names its owner.
"""

import quopri
import re
from base64 import b64decode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from email import message_from_bytes, policy
from email.message import EmailMessage
from enum import StrEnum
from urllib.parse import unquote

from vioP.domain.enrollment import Authorization
from vioP.domain.ids import CohortId, ParticipantId, TrackId
from vioP.domain.people import Contact, Participant, Supporter
from vioP.domain.program import Payer, Phase, Track
from vioP.domain.programme import Programme
from vioP.domain.rotation import ModuleTurn
from vioP.domain.session import Block
from vioP.simulation.programme import address_of, small_programme

# Canaries of the house: they never leave it, whoever reads.
TRACK, MODULE, COHORT = "zqtrack", "zqmodule", "zqcohort"
TURN = "zqturn"  # a module in a rotation, which says what is taught on a day
PHASE, PAYER, SPECIALTY = "zqphase", "zqpayer", "zqspecialty"
HOUSE = (TRACK, MODULE, TURN, COHORT, PHASE, PAYER, SPECIALTY)
# Plain words that say what kind of care it is. Source: PRODUCT, "What may leave the house".
TELLING = ("therap", "psychiatr", "diagnos", "depress", "trauma", "suicid")
_SOFT_BREAK = re.compile(r"=\r?\n|\r?\n[ \t]")
_IN_NUMBERS = re.compile(r"(?<=\d)[ ()./-]+(?=\d)")


@dataclass(frozen=True, slots=True)
class Own:
    """The words of one participant: those they may read themselves, and those they may not."""

    person: ParticipantId
    open: tuple[str, ...]
    closed: tuple[str, ...]


def own(person: str) -> Own:
    """The canaries of one participant."""
    number = person.removeprefix("p")
    return Own(
        ParticipantId(person),
        (
            f"zqfirst{number}q",
            f"zqlast{number}q",
            address_of(person),
            _phone(number),
            f"zqcity{number}q",
            f"zqreason{number}q",
            f"zqkin{number}q",
            f"zqkinmail{number}q",
            _phone(number, kin=True),
        ),
        (
            f"zqnote{number}q",
            f"zqauth{number}q",
            f"zqwaived{number}q",
            f"zqsettled{number}q",
        ),
    )


def canary_programme(people: int, first: date, weeks: int) -> Programme:
    """The simulation's programme, with a canary in each field that says something."""
    plain = small_programme(people, first, weeks)
    [track], [cohort] = plain.tracks, plain.cohorts
    track = replace(
        track,
        id=TrackId("zqtrackid"),
        name=TRACK,
        modules=(MODULE,),
        rotation=(ModuleTurn(MODULE, 1),),
    )
    return replace(
        plain,
        tracks=(_phased(track),),
        payers=(Payer(PAYER, "90853", "session"),),
        staff=tuple(replace(each, specialties=(SPECIALTY,)) for each in plain.staff),
        cohorts=(
            replace(
                cohort,
                id=CohortId(COHORT),
                track_id=track.id,
                blocks=(Block(MODULE, 40),),
                first_day=first,
                rotation=(ModuleTurn(TURN, 2),),
            ),
        ),
        participants=tuple(_canary(each) for each in plain.participants),
        enrollments=tuple(
            replace(each, cohort_id=CohortId(COHORT), phase=PHASE)
            for each in plain.enrollments
        ),
        authorizations=tuple(
            Authorization(
                f"zqauth{each.id.removeprefix('p')}q", each.id, PAYER, "90853", 99, first
            )
            for each in plain.participants
        ),
    )


def _phased(track: Track) -> Track:
    return replace(track, phases=(Phase(PHASE, 12, "zqgate"),))


def _canary(plain: Participant) -> Participant:
    number = plain.id.removeprefix("p")
    kin = Supporter(
        "family",
        "en",
        f"Zqkin{number}q Kin",
        f"zqkinmail{number}q@kin.example",
        f"+1{_phone(number, kin=True)}",
    )
    return replace(
        plain,
        name=f"Zqfirst{number}q Zqlast{number}q",
        city=f"Zqcity{number}q",
        contact=Contact(address_of(plain.id), f"+1{_phone(number)}", sms=True),
        supporters=(kin, replace(kin, kind="emergency")),
        note=f"zqnote{number}q",
    )


def _phone(number: str, *, kin: bool = False) -> str:
    return f"303{'777' if kin else '888'}{int(number):04}"


class Reader(StrEnum):
    """Who reads something, as far as words are concerned."""

    ANYBODY = "anybody"  # it has left the house
    PARTICIPANT = "participant"  # who has signed in, and may know what care they receive
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class Seen:
    """Something that left, or that somebody saw.

    Attributes:
        of: Whose words may be in it: the addressee's, or those of a clinician's people.
    """

    where: str
    text: str
    of: frozenset[str] = frozenset()
    reader: Reader = Reader.ANYBODY

    def amiss(self, own: Own) -> tuple[str, ...]:
        """A participant's words that are out of place here."""
        if own.person not in self.of:
            return (*own.open, *own.closed)
        return () if self.reader is Reader.STAFF else own.closed


_OF_THE_HOUSE = {
    Reader.ANYBODY: (*HOUSE, *TELLING),
    Reader.PARTICIPANT: HOUSE,
    Reader.STAFF: (),
}


@dataclass(slots=True)
class Net:
    """All that left, and what in it is out of place."""

    people: Sequence[str]
    seen: list[Seen] = field(default_factory=list)

    def keep(
        self, where: str, text: str, *of: str, reader: Reader = Reader.ANYBODY
    ) -> None:
        """Keep something, and whose words may be in it."""
        self.seen.append(Seen(where, text, frozenset(of), reader))

    def letter(self, to: str, raw: bytes) -> None:
        """Keep a mail: its headers, and each part as a reader sees it."""
        whose = to.partition("@")[0]
        message = message_from_bytes(raw, policy=policy.default)
        self.keep("mail headers", "\n".join(f"{n}: {v}" for n, v in message.items()), whose)
        for part in message.walk():
            if not part.is_multipart():
                assert isinstance(part, EmailMessage)
                kind = "ics" if part.get_content_type() == "text/calendar" else "mail"
                self.keep(kind, str(part.get_content()), whose)

    def leaks(self) -> Iterator[str]:
        """Each word out of its place, and where it was."""
        everybody = [own(name) for name in self.people]
        for each in self.seen:
            text = readable(each.text)
            words = [*_OF_THE_HOUSE[each.reader]]
            for one in everybody:
                words += each.amiss(one)
            who = ", ".join(sorted(each.of)) or "anybody"
            yield from (
                f"{word} in {each.where} for {who}" for word in words if word in text
            )


def readable(text: str) -> str:
    """A text as it can be read: unfolded, numbers without their gaps, addresses decoded."""
    return "\n".join(
        (
            _SOFT_BREAK.sub("", text).lower(),
            _IN_NUMBERS.sub("", unquote(text)).lower(),
            unquote(text).lower(),
            *_decoded(text),
        )
    )


def _decoded(text: str) -> Iterator[str]:
    """What is hidden in a text in base 64 or quoted-printable."""
    for piece in re.findall(r"[A-Za-z0-9_-]{16,}|[A-Za-z0-9+/]{16,}", text):
        bare = piece.rstrip("=")
        whole = bare[: len(bare) // 4 * 4]
        yield b64decode(whole, altchars=b"-_").decode("ascii", "replace").lower()
    yield quopri.decodestring(text.encode()).decode("utf-8", "replace").lower()
