"""Open the set-up: who holds this link, or has signed in, and what they find there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from vioP.domain.consent import Consent, ConsentKind, Wording
from vioP.domain.contact import agrees
from vioP.domain.contact_facts import ContactKind, Way, last_of
from vioP.domain.errors import Missing, SetupLinkOver, SetupLinkUnknown
from vioP.domain.ids import ParticipantId
from vioP.domain.onboarding import (
    Onboarding,
    Piece,
    Step,
    Who,
    is_ready,
    missing,
    required,
    steps,
    to_renew,
)
from vioP.domain.people import Participant
from vioP.domain.setup_link import LinkPurpose, Visitor
from vioP.domain.time import Instant
from vioP.ports import Ports
from vioP.storage import Transaction


@dataclass(frozen=True, slots=True)
class SetUp:
    """What somebody finds who sets up.

    Attributes:
        steps: Their own part, in order.
        open: What of it is missing still.
        renew: What they agreed to that runs out, with the first day it holds no more; nothing
            where nothing of it may be shown.
        said: What they said before, by piece; nothing where nothing of it may be shown.
        on_file: The person as the programme knows them; nothing where that may not be shown.
        name: The first name they are greeted by; empty where nothing may be shown.
        waits_for: Whether somebody else's part is missing still.
        refused: The ways they have since ended by a word or a key.
        agreed: The ways they may be reached as things stand; nothing where nothing of it may
            be shown.
        rest_by_mail: Whether something that opens the door is asked behind the mailed link only.
    """

    visitor: Visitor
    of: Onboarding
    steps: tuple[Step, ...]
    open: tuple[Step, ...]
    renew: Mapping[Piece, date]
    said: Mapping[Piece, Mapping[str, str]]
    on_file: Participant | None
    consents: Sequence[Consent]
    waits_for: Who | None
    refused: frozenset[Way]
    agreed: frozenset[Way]
    rest_by_mail: bool = False

    @property
    def is_ready(self) -> bool:
        """Whether join links are issued."""
        return is_ready(self.of)

    def step(self, piece: str) -> Step:
        """Their own step of that name.

        Raises:
            Missing: It is not asked of them.
        """
        found = [each for each in self.steps if each.piece == piece]
        if not found:
            raise Missing
        return found[0]


async def open_setup(ports: Ports, token: str) -> Visitor:
    """Who holds a link.

    Raises:
        SetupLinkUnknown: It is forged.
        SetupLinkOver: It is too old, or a newer one took its place.
    """
    async with ports.store.read() as tx:
        link = await tx.setup_links.by_digest(ports.secrets.digest(token))
    if link is None:
        raise SetupLinkUnknown
    if not link.is_open(ports.clock.now()):
        raise SetupLinkOver
    sees_file = link.purpose is not LinkPurpose.DOOR
    return Visitor(link.participant_id, link.purpose.who, sees_file, link.seat_id)


async def show_setup(ports: Ports, visitor: Visitor) -> SetUp:
    """How far a visitor is, and what they said before.

    Raises:
        Missing: The person is not in the programme any more.
    """
    now = ports.clock.now()
    async with ports.store.read() as tx:
        of = await tx.onboardings.of(visitor.person, now)
        if of is None:
            raise Missing
        return await _set_up(tx, visitor, of, now)


async def words_of(ports: Ports, consent: Consent) -> str:
    """The words somebody agreed to, as they read them; empty when they were not kept."""
    async with ports.store.read() as tx:
        return await tx.consents.words(consent.kind, consent.version)


def wording_of(ports: Ports, kind: ConsentKind) -> Wording:
    """The words that are shown now.

    Raises:
        Missing: Nobody is asked for this consent.
    """
    found = ports.consent_texts.get(kind)
    if found is None:
        raise Missing
    return found


async def person_on_file(tx: Transaction, person: ParticipantId) -> Participant:
    """A participant as the programme knows them.

    Raises:
        Missing: They are not in it.
    """
    programme = await tx.programme.read()
    people = programme.participants if programme else ()
    for each in people:
        if each.id == person:
            return each
    raise Missing


def _part(those: tuple[Step, ...], visitor: Visitor) -> tuple[Step, ...]:
    """What a visitor does: at the door only what opens it, and nothing of 42 CFR Part 2.

    Join links are forwarded, and being asked that question already tells which program it is.
    """
    if visitor.sees_file:
        return those
    return tuple(each for each in required(those) if each.piece is not Piece.PART2)


async def _set_up(tx: Transaction, visitor: Visitor, of: Onboarding, now: Instant) -> SetUp:
    known = await tx.contacts.of(visitor.person, now)
    facts = known.reachable.facts if known else ()
    word = {ContactKind.CONSENTED, ContactKind.OPTED_OUT}
    last = {
        way: last_of([each for each in facts if each.way in {None, way}], word)
        for way in Way
    }
    others = Who.PARTICIPANT if visitor.who is Who.GUARDIAN else Who.GUARDIAN
    owed = required(missing(of, others))
    return SetUp(
        visitor=visitor,
        of=of,
        steps=_part(steps(of, visitor.who), visitor),
        open=_part(missing(of, visitor.who), visitor),
        renew=to_renew(of, visitor.who) if visitor.sees_file else {},
        said=await tx.onboardings.said(visitor.person) if visitor.sees_file else {},
        on_file=await person_on_file(tx, visitor.person) if visitor.sees_file else None,
        consents=await tx.consents.of(visitor.person),
        waits_for=others if owed else None,
        refused=frozenset(
            way
            for way, fact in last.items()
            if fact is not None and fact.kind is ContactKind.OPTED_OUT
        ),
        agreed=frozenset(
            way
            for way in Way
            if known and visitor.sees_file and agrees(known.reachable, way)
        ),
        rest_by_mail=not visitor.sees_file
        and any(each.piece is Piece.PART2 for each in missing(of)),
    )
