"""Agree: give a consent in the words that were shown, or take it back with effect at once."""

from dataclasses import dataclass

from vioP.domain.consent import Consent, ConsentKind
from vioP.domain.contact import agrees
from vioP.domain.contact_facts import Way
from vioP.domain.errors import Conflict, Missing
from vioP.domain.onboarding import CONSENTS, Piece
from vioP.domain.own_words import NO, YES
from vioP.domain.setup_link import Visitor
from vioP.flows.answer_piece import CHOICES, choose_contact, step_of
from vioP.flows.note_progress import note_progress
from vioP.flows.open_setup import wording_of
from vioP.ports import Ports
from vioP.storage import Transaction
from vioP.storage.attempts import Task


@dataclass(frozen=True, slots=True)
class Signature:
    """What somebody answered, to which words.

    Attributes:
        agreed: Whether they agree; a no to what may be refused is an answer as well.
        name: The name they typed.
        version: The version of the words their page showed.
    """

    agreed: bool
    name: str
    version: str


async def agree(ports: Ports, visitor: Visitor, piece: Piece, signed: Signature) -> None:
    """Keep an answer to a consent.

    Raises:
        Missing: It is not asked of them.
        Conflict: The words have changed since the page was opened; they must be read anew.
    """
    kind = CONSENTS.get(piece)
    if kind is None:
        raise Missing
    wording = wording_of(ports, kind)
    if wording.version != signed.version:
        raise Conflict("These words have changed since you opened them. Read them again.")
    now, by = ports.clock.now(), visitor.who.value
    async with ports.store.write() as tx:
        await tx.programme.lock()
        of = await tx.onboardings.of(visitor.person, now)
        if of is None:
            raise Missing
        step_of(of, visitor, piece)
        said = {"agreed": "yes" if signed.agreed else "no", "name": signed.name}
        await tx.onboardings.say(visitor.person, piece, said, now, by)
        if signed.agreed:
            await tx.consents.keep_wording(wording)
            consent = Consent(
                kind,
                now,
                None,
                wording.version,
                by,
                signed.name,
                wording.until(now.date()),
                wording.with_care,
            )
            key = ports.secrets.mint("con", now)
            await tx.consents.give(key, visitor.person, consent)
        else:
            await tx.consents.withdraw(visitor.person, kind, now, by)
        word = "consent.given" if signed.agreed else "consent.refused"
        told = {"kind": kind.value, "version": wording.version}
        await note_progress(ports, tx, visitor.person, word, by, told)


async def withdraw(ports: Ports, visitor: Visitor, kind: ConsentKind) -> None:
    """Take a consent back. It holds from this instant, and a coordinator is told.

    Raises:
        Missing: None is in force.
    """
    now, by = ports.clock.now(), visitor.who.value
    async with ports.store.write() as tx:
        await tx.programme.lock()
        if not await tx.consents.withdraw(visitor.person, kind, now, by):
            raise Missing
        if kind is ConsentKind.MESSAGES:
            await _end_messages(ports, tx, visitor)
        key = f"withdrawn:{kind}:{visitor.person}:{now:%Y%m%dT%H%M%S}"
        said = kind.value.replace("_", " ").capitalize()
        task = Task(key, "consent_withdrawn", visitor.person, said=said)
        await tx.attempts.ask(task, now)
        told = {"kind": kind.value}
        await note_progress(ports, tx, visitor.person, "consent.withdrawn", by, told)


async def _end_messages(ports: Ports, tx: Transaction, visitor: Visitor) -> None:
    """No text, no machine and no voicemail from now on. People may call as before."""
    now = ports.clock.now()
    known = await tx.contacts.of(visitor.person, now)
    may_call = known is not None and agrees(known.reachable, Way.HUMAN_CALL)
    said = dict.fromkeys(CHOICES, NO) | {"call": YES if may_call else NO}
    of = await tx.onboardings.of(visitor.person, now)
    number = of.number if of else ""
    await tx.onboardings.say(visitor.person, Piece.CONTACT, said, now, visitor.who.value)
    await choose_contact(ports, tx, visitor, number, said)
    await tx.consents.withdraw(visitor.person, ConsentKind.MESSAGES, now, visitor.who.value)
