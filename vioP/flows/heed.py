"""Heed what somebody asked for, by a word, a key, or through a member of staff."""

from dataclasses import dataclass

from vioP.domain.contact_facts import ContactFact, ContactKind, Way
from vioP.domain.delivery import Channel, SkipReason
from vioP.domain.ids import ParticipantId, SeatId, SessionId
from vioP.domain.keyword import Wish
from vioP.domain.time import Instant, later
from vioP.ports import Ports
from vioP.storage import Transaction
from vioP.storage.attempts import Task


@dataclass(frozen=True, slots=True)
class Asked:
    """Something somebody asked for.

    Attributes:
        key: The same for the same request, however often it arrives.
        way: The way of reaching them it came by, which STOP ends.
        number: The number it came from, or that was called.
        source: ``text``, ``keys``, or who of the staff says so.
        until: When they will be there, for who is late; how long they are to be left alone,
            for who cannot talk, where the usual time is not meant.
        is_missing: Whether a ladder climbs for them that will give them a person.
    """

    key: str
    person: ParticipantId
    way: Way
    number: str
    at: Instant
    source: str
    session_id: SessionId | None = None
    seat_id: SeatId | None = None
    until: Instant | None = None
    is_missing: bool = False
    said: str = ""


_FACTS = {
    Wish.START: ContactKind.CONSENTED,
    Wish.STOP: ContactKind.OPTED_OUT,
    Wish.LATER: ContactKind.NOT_SAFE,
    Wish.LATE: ContactKind.LATE,
    Wish.WRONG_NUMBER: ContactKind.WRONG_NUMBER,
    Wish.CALL_ME: ContactKind.CALL_ME,
    Wish.HUMAN: ContactKind.WANTS_HUMAN,
}
_TASKS = {
    Wish.CALL_ME: "call_back",
    Wish.HUMAN: "wants_human",
    Wish.WRONG_NUMBER: "find_number",
    Wish.UNCLEAR: "read_text",
}
_ABOUT_A_WAY = {Wish.STOP, Wish.START}
_NEEDS_NO_TASK_WHEN_MISSING = {Wish.CALL_ME, Wish.HUMAN}


async def heed(ports: Ports, tx: Transaction, asked: Asked, wish: Wish) -> None:
    """Keep what was asked for, and stop what must not leave any more.

    STOP ends one way of reaching somebody and never a session. Whoever cannot talk is left
    alone for a while by everybody. What no rule covers is put before a coordinator.
    """
    kind = _FACTS.get(wish)
    if kind is not None:
        alone = asked.until or later(asked.at, ports.house.later_for)
        fact = ContactFact(
            kind,
            asked.at,
            asked.source,
            way=asked.way if wish in _ABOUT_A_WAY else None,
            number=asked.number,
            until=alone if wish is Wish.LATER else asked.until,
            wording=wish.value,
        )
        await tx.contacts.add(asked.key, asked.person, fact)
    await _drop(tx, asked, wish)
    task = _TASKS.get(wish)
    if task and not (asked.is_missing and wish in _NEEDS_NO_TASK_WHEN_MISSING):
        await tx.attempts.ask(
            Task(
                id=asked.key,
                kind=task,
                participant_id=asked.person,
                session_id=asked.session_id,
                seat_id=asked.seat_id,
                said=asked.said,
            ),
            asked.at,
        )
    await tx.audit.note(
        asked.at, asked.source, "contact.asked", asked.person, {"wish": wish.value}
    )


async def _drop(tx: Transaction, asked: Asked, wish: Wish) -> None:
    """What waits to leave the way that was refused is skipped at once."""
    if wish is Wish.STOP:
        channel = Channel.SMS if asked.way is Way.TEXT else Channel.PHONE
        await tx.contacts.drop_waiting(
            asked.person, SkipReason.OPTED_OUT, asked.at, channel
        )
    if wish in {Wish.LATER, Wish.WRONG_NUMBER}:
        for channel in (Channel.SMS, Channel.PHONE):
            await tx.contacts.drop_waiting(asked.person, wish.value, asked.at, channel)
