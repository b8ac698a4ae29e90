"""Answer a piece: keep what somebody says about themselves, and let it hold at once."""

from collections.abc import Mapping
from dataclasses import fields, replace

from vioP.domain.consent import Consent, ConsentKind
from vioP.domain.contact_facts import ContactFact, ContactKind, Way
from vioP.domain.delivery import Channel, SkipReason
from vioP.domain.errors import Missing
from vioP.domain.onboarding import Onboarding, Piece, Step, steps
from vioP.domain.own_words import YES, keeping_file, with_own_words
from vioP.domain.people import Participant
from vioP.domain.programme import Change, ChangeKind
from vioP.domain.setup_link import Visitor
from vioP.flows.note_progress import note_progress
from vioP.flows.open_setup import person_on_file
from vioP.ports import Ports
from vioP.storage import Transaction
from vioP.storage.attempts import Task

# Which choice of the contact page is about which way of reaching somebody.
CHOICES = {
    "sms": Way.TEXT,
    "machine": Way.MACHINE_CALL,
    "call": Way.HUMAN_CALL,
    "voicemail": Way.VOICEMAIL,
}
_DROPS = {Way.TEXT: Channel.SMS, Way.MACHINE_CALL: Channel.PHONE}


async def answer_piece(
    ports: Ports, visitor: Visitor, piece: Piece, said: Mapping[str, str]
) -> None:
    """Keep an answer; what it changes about the person holds from now on.

    Raises:
        Missing: It is not asked of them.
    """
    now = ports.clock.now()
    by = visitor.who.value
    async with ports.store.write() as tx:
        await tx.programme.lock()
        of = await tx.onboardings.of(visitor.person, now)
        if of is None:
            raise Missing
        step_of(of, visitor, piece)
        if not visitor.sees_file:
            said = keeping_file(await person_on_file(tx, visitor.person), piece, said)
        await tx.onboardings.say(visitor.person, piece, said, now, by)
        await _correct(ports, tx, visitor, piece, said)
        if piece is Piece.CONTACT:
            await choose_contact(ports, tx, visitor, of.number, said)
        told = {"piece": piece.value}
        await note_progress(ports, tx, visitor.person, "onboarding.said", by, told)


def step_of(of: Onboarding, visitor: Visitor, piece: Piece) -> Step:
    """A visitor's own step.

    Raises:
        Missing: It is not asked of them.
    """
    for each in steps(of, visitor.who):
        if each.piece is piece:
            return each
    raise Missing


async def choose_contact(
    ports: Ports,
    tx: Transaction,
    visitor: Visitor,
    number: str,
    said: Mapping[str, str],
) -> None:
    """Tell the gate what somebody wants: which way, which number, which words, and when."""
    now = ports.clock.now()
    wording = ports.consent_texts.get(ConsentKind.MESSAGES)
    version = wording.version if wording else ""
    for name, way in CHOICES.items():
        wanted = said.get(name) == YES
        kind = ContactKind.CONSENTED if wanted else ContactKind.OPTED_OUT
        key = ports.secrets.mint("fct", now)
        by = visitor.who.value
        fact = ContactFact(kind, now, by, way=way, number=number, wording=version)
        await tx.contacts.add(key, visitor.person, fact)
        if not wanted and way in _DROPS:
            reason, channel = SkipReason.OPTED_OUT, _DROPS[way]
            await tx.contacts.drop_waiting(visitor.person, reason, now, channel)
    if wording is not None and any(said.get(name) == YES for name in CHOICES):
        await tx.consents.keep_wording(wording)
        consent = Consent(
            ConsentKind.MESSAGES,
            now,
            version=version,
            given_by=visitor.who.value,
            until=wording.until(now.date()),
            with_care=wording.with_care,
        )
        await tx.consents.give(ports.secrets.mint("con", now), visitor.person, consent)
    else:
        kind_, person = ConsentKind.MESSAGES, visitor.person
        await tx.consents.withdraw(person, kind_, now, visitor.who.value)


async def _correct(
    ports: Ports,
    tx: Transaction,
    visitor: Visitor,
    piece: Piece,
    said: Mapping[str, str],
) -> None:
    """Bring the programme's own row up to date; whoever lives elsewhere now, staff are told."""
    before = await person_on_file(tx, visitor.person)
    after = with_own_words(before, {piece: said})
    if after == before:
        return
    differing = tuple(
        each.name
        for each in fields(after)
        if getattr(before, each.name) != getattr(after, each.name)
    )
    change = Change(ChangeKind.CHANGED, "participants", after.id, differing, after)
    await tx.programme.apply([change])
    if before.zone != after.zone:
        now = ports.clock.now()
        await tx.seats.move_clock(after.id, before.zone, after.zone, now)
    if before.state != after.state:
        await _tell_staff(ports, tx, before, after)


async def _tell_staff(
    ports: Ports, tx: Transaction, before: Participant, after: Participant
) -> None:
    """Another state means other licences: somebody looks before the next appointment."""
    now = ports.clock.now()
    words = f"Was {before.state}, says {after.state}."
    task = Task(f"place:{after.id}:{now:%Y%m%dT%H%M%S}", "other_state", after.id)
    await tx.attempts.ask(replace(task, said=words), now)
