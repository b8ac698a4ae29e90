"""Take a reply: a mail came in; keep what it answers, and hand a person what it does not.

Nothing is lost in silence: what is neither an answer to one of our invites nor plainly none
of our business becomes a matter for a coordinator. Nothing is believed that could drop
somebody: an answer names a uid nobody can guess, and a no from another address than the
invited one waits for a person before anything follows.
"""

import asyncio
from dataclasses import dataclass
from hashlib import sha256

import structlog

from vioP.domain.ids import ParticipantId
from vioP.domain.reply import (
    LARGEST_MAIL,
    AskedSeat,
    Automatic,
    Bounce,
    InboundMail,
    Reading,
    Reply,
    Rsvp,
    Told,
    Unclear,
    Why,
)
from vioP.domain.text import clean_text, without_tokens
from vioP.flows.note_answer import Given, Noted, close_answers, note_answer
from vioP.flows.read_mail import read_mail
from vioP.ports import Ports
from vioP.storage import Transaction
from vioP.storage.matters import Matter

log = structlog.get_logger()

_BEGINNING = 2000


@dataclass(frozen=True, slots=True)
class _Turn:
    """One thing a mail tells, being taken.

    Attributes:
        id: The same for the same thing in the same mail.
    """

    ports: Ports
    tx: Transaction
    mail: InboundMail
    reading: Reading
    id: str


async def take_reply(ports: Ports, mail: InboundMail) -> bool:
    """Take a mail; the same mail is taken once, by whichever way and however often it comes.

    It is read off the event loop, and one that is too big only at its beginning.

    Returns:
        Whether it was new.
    """
    whole = mail.whole and len(mail.raw) <= LARGEST_MAIL
    reading = await asyncio.to_thread(read_mail, mail.raw, whole=whole)
    kinds = " ".join(sorted({type(each).__name__.lower() for each in reading.told}))
    async with ports.store.write() as tx:
        if not await tx.mail_in.receive(reading.id, mail.received_at, kinds):
            return False
        noted = []
        for number, told in enumerate(reading.told):
            turn = _Turn(ports, tx, mail, reading, f"{reading.id}:{number}")
            noted += await _take(turn, told)
        await close_answers(ports, tx, noted)
    log.info("mail.taken", key=reading.id, count=len(reading.told))
    return True


async def set_aside(ports: Ports, mail: InboundMail) -> None:
    """Hand a mail that met a fault of ours to a coordinator; the same mail once.

    The fault may be in reading it: then its beginning is shown as it is.
    """
    key = f"aside:{sha256(mail.raw).hexdigest()[:32]}"
    at = mail.received_at
    [reading] = await asyncio.gather(
        asyncio.to_thread(read_mail, mail.raw), return_exceptions=True
    )
    if isinstance(reading, Reading):
        matter = Matter(key, Why.FAULT, at, reading.sender, reading.subject, reading.text)
    else:
        beginning = without_tokens(mail.raw[:_BEGINNING].decode("latin-1"))
        matter = Matter(key, Why.FAULT, at, said=clean_text(beginning, _BEGINNING))
    async with ports.store.write() as tx:
        await tx.matters.add(matter)


async def _take(turn: _Turn, told: Told) -> list[Noted]:
    match told:
        case Rsvp():
            noted = await _take_rsvp(turn, told)
            return [noted] if noted else []
        case Bounce():
            await _take_bounce(turn, told)
        case Unclear():
            await _take_unclear(turn, told)
        case Automatic():
            pass
    return []


async def _take_rsvp(turn: _Turn, rsvp: Rsvp) -> Noted | None:
    seat = await _seat(turn, rsvp.uid)
    if seat is None:
        if _is_ours(turn, rsvp.uid) or await turn.tx.mail_in.whose(turn.reading.sender):
            await _open(turn, Why.UNKNOWN_SEAT)
        return None
    if rsvp.attendee not in seat.addresses:
        await _open(turn, Why.STRANGER, seat)
        return None
    order = seat.answered(rsvp, turn.mail.received_at)
    starts, ends = seat.times(order[0]) or (None, None)
    reply = Reply(
        answer=rsvp.answer,
        received_at=turn.mail.received_at,
        starts=starts,
        ends=ends,
        is_sure=turn.reading.sender in seat.addresses,
        comment=rsvp.comment,
    )
    given = Given(
        id=turn.id,
        reply=reply,
        order=order,
        source="mail",
        sender=turn.reading.sender,
        subject=turn.reading.subject,
        said=_said(turn, rsvp),
    )
    return await note_answer(turn.tx, seat, given)


def _said(turn: _Turn, rsvp: Rsvp) -> str:
    """What the person added, or else what their program wrote for people to read."""
    wish = f"Proposes {rsvp.proposed}." if rsvp.proposed else ""
    text = turn.reading.text
    words = rsvp.comment or ("" if text.startswith("BEGIN:VCALENDAR") else text)
    return " ".join(each for each in (wish, words) if each)


async def _take_bounce(turn: _Turn, bounce: Bounce) -> None:
    """Mark an address; what is no report about our mail is backscatter."""
    seat = await _seat(turn, _uid_of(bounce.message_id))
    whose = await turn.tx.mail_in.whose(bounce.recipient)
    if seat is None and not whose:
        if not bounce.message_id or _is_ours(turn, bounce.message_id):
            await _open(turn, Why.ODD_BOUNCE)
        return
    failing = frozenset({bounce.recipient}) if seat is None or whose else seat.addresses
    for address in failing:
        await turn.tx.mail_in.mark_dead(address, bounce.status, turn.mail.received_at)
    await _open(turn, Why.BOUNCE, seat, whose[0] if whose else None)


async def _take_unclear(turn: _Turn, unclear: Unclear) -> None:
    await _open(turn, unclear.why, await _seat(turn, unclear.uid))


async def _seat(turn: _Turn, uid: str) -> AskedSeat | None:
    local, _, _ = uid.lower().partition("@")
    if not local or not _is_ours(turn, uid):
        return None
    return await turn.tx.replies.asked_by_uid(local)


def _is_ours(turn: _Turn, name: str) -> bool:
    domain = name.strip().strip("<>").lower().rpartition("@")[2]
    return domain == turn.ports.house.sender.domain


def _uid_of(message_id: str) -> str:
    """The uid in the message id of an invite: ``<uid.sequence.method@domain>``."""
    local, _, domain = message_id.strip().strip("<>").lower().partition("@")
    return f"{local.partition('.')[0]}@{domain}"


async def _open(
    turn: _Turn,
    why: Why,
    seat: AskedSeat | None = None,
    person: ParticipantId | None = None,
) -> None:
    """Open a matter about a seat, or about whoever wrote."""
    if person is None and seat is not None:
        person = seat.participant_id
    if person is None:
        known = await turn.tx.mail_in.whose(turn.reading.sender)
        person = known[0] if known else None
    await turn.tx.matters.add(
        Matter(
            id=turn.id,
            why=why,
            opened_at=turn.mail.received_at,
            sender=turn.reading.sender,
            subject=turn.reading.subject,
            said=turn.reading.text,
            seat_id=seat.id if seat else None,
            participant_id=person,
        )
    )
