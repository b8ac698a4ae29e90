"""Note what staff learned about reaching somebody: not at all, at this number, agreed to."""

from dataclasses import replace
from enum import StrEnum

from vioP.domain.contact import called_number
from vioP.domain.contact_facts import ContactFact, ContactKind, Way
from vioP.domain.delivery import SkipReason
from vioP.domain.errors import Invalid, Missing
from vioP.domain.ids import ParticipantId
from vioP.ports import Ports


class ContactNote(StrEnum):
    """What can be noted."""

    DECEASED = "deceased"
    DISCHARGED = "discharged"
    REACH_AGAIN = "reach_again"
    NUMBER_VERIFIED = "number_verified"
    NUMBER_WRONG = "number_wrong"
    AGREED_TO_TEXTS = "agreed_to_texts"
    AGREED_TO_CALLS = "agreed_to_calls"
    NO_TEXTS = "no_texts"
    NO_CALLS = "no_calls"


# Which version of the consent's wording staff read out; raise it with every change of it.
WORDING = "2026-11"
_KINDS: dict[ContactNote, tuple[ContactKind, Way | None]] = {
    ContactNote.DECEASED: (ContactKind.SILENCED, None),
    ContactNote.DISCHARGED: (ContactKind.SILENCED, None),
    ContactNote.REACH_AGAIN: (ContactKind.UNSILENCED, None),
    ContactNote.NUMBER_VERIFIED: (ContactKind.VERIFIED, None),
    ContactNote.NUMBER_WRONG: (ContactKind.WRONG_NUMBER, None),
    ContactNote.AGREED_TO_TEXTS: (ContactKind.CONSENTED, Way.TEXT),
    ContactNote.AGREED_TO_CALLS: (ContactKind.CONSENTED, Way.MACHINE_CALL),
    ContactNote.NO_TEXTS: (ContactKind.OPTED_OUT, Way.TEXT),
    ContactNote.NO_CALLS: (ContactKind.OPTED_OUT, Way.MACHINE_CALL),
}
_OPENING = {ContactKind.CONSENTED, ContactKind.VERIFIED, ContactKind.UNSILENCED}
_CHANNELS = {Way.TEXT: "sms", Way.MACHINE_CALL: "phone"}


async def note_contact(ports: Ports, person: ParticipantId, note: str, by: str) -> None:
    """Keep a note about reaching somebody; what waits to leave obeys it at once.

    Whoever has died or left the program gets nothing more from this instant on: waiting
    messages are dropped and open lines of the call list are settled.

    Raises:
        Invalid: There is no such note.
        Missing: There is no such participant.
    """
    if note not in set(ContactNote):
        raise Invalid(f"A note is one of {', '.join(ContactNote)}.")
    kind, way = _KINDS[ContactNote(note)]
    now = ports.clock.now()
    async with ports.store.write() as tx:
        known = await tx.contacts.of(person, now)
        if known is None:
            raise Missing
        fact = ContactFact(
            kind, now, by, way=way, number=called_number(known.reachable), wording=note
        )
        if kind is ContactKind.CONSENTED:
            fact = replace(fact, wording=WORDING)
        await tx.contacts.add(ports.secrets.mint("fct", now), person, fact)
        if kind not in _OPENING:
            reason = (
                SkipReason.SILENCED
                if kind is ContactKind.SILENCED
                else SkipReason.OPTED_OUT
            )
            channel = _CHANNELS.get(way, "") if way else ""
            if kind is ContactKind.WRONG_NUMBER:
                channel = "sms"
            await tx.contacts.drop_waiting(person, reason, now, channel)
        if kind is ContactKind.SILENCED:
            await tx.attempts.settle_of_person(person, "silenced", now, by)
        await tx.audit.note(now, by, "contact.noted", person, {"note": note})
