"""Note an answer: keep what somebody says about their seat, and see to what follows."""

from collections.abc import Iterable
from dataclasses import dataclass

from vioP.domain.reply import AskedSeat, Reply, Why
from vioP.domain.time import Instant
from vioP.flows.jobs import watch_job
from vioP.ports import Ports
from vioP.storage import Transaction
from vioP.storage.matters import Matter
from vioP.storage.replies import KeptReply

_BY_MAIL, _RSVP = "mail", "rsvp"


@dataclass(frozen=True, slots=True)
class Given:
    """An answer and where it comes from.

    Attributes:
        id: The same for the same answer, however often it arrives.
        order: The message it answers and when it was given; the greatest counts.
        source: ``mail`` or ``link``.
        sender: Who mailed it.
        said: What a person reads of it.
    """

    id: str
    reply: Reply
    order: tuple[int, Instant]
    source: str
    sender: str = ""
    subject: str = ""
    said: str = ""


@dataclass(frozen=True, slots=True)
class Noted:
    """An answer that was kept, and whether anything follows from it."""

    seat: AskedSeat
    given: Given
    counts: bool


async def note_answer(tx: Transaction, seat: AskedSeat, given: Given) -> Noted:
    """Keep an answer in the caller's transaction; nothing follows from one that was outrun.

    A no opens a matter for a coordinator. It ends no care: the seat stays, the link works,
    and the ladder leaves only those alone whom it may. So does a yes from somebody whom a
    coordinator has excused: otherwise nobody would wait for them.
    """
    reply, now = given.reply, given.reply.received_at
    counts = await tx.replies.add(
        KeptReply(given.id, seat.id, *given.order, given.source, reply)
    )
    noted = Noted(seat, given, counts and seat.stands)
    if not noted.counts:
        return noted
    if given.source == _BY_MAIL and reply.is_sure:
        await tx.onboardings.prove(seat.participant_id, now, _RSVP)
    await tx.matters.overtake(seat.id, now)
    if reply.answer.is_no:
        await tx.matters.add(_matter(seat, given, _why_no(seat, reply)))
    elif await tx.replies.is_excused(seat.id):
        await tx.matters.add(_matter(seat, given, Why.COMES_AFTER_ALL))
    if reply.means_absent(seat.starts, seat.ends) and not seat.high_risk:
        await tx.replies.skip_steps(seat.id, now)
    return noted


async def close_answers(ports: Ports, tx: Transaction, noted: Iterable[Noted]) -> None:
    """Audit what was kept, then have the sessions looked at.

    Once, at the end: everybody locks the audit after the rows it is about, and jobs last.
    """
    jobs = []
    for each in noted:
        reply = each.given.reply
        told = {"answer": reply.answer.value}
        source = each.given.source
        await tx.audit.note(reply.received_at, source, "reply.taken", each.seat.id, told)
        if each.counts:
            jobs.append(watch_job(each.seat.session_id, reply.received_at))
    if jobs:
        await ports.jobs.defer(tx, jobs)


def _why_no(seat: AskedSeat, reply: Reply) -> Why:
    about_now = reply.is_about(seat.starts, seat.ends)
    return Why(reply.answer.value) if about_now else Why.OLD_TIME


def _matter(seat: AskedSeat, given: Given, why: Why) -> Matter:
    return Matter(
        id=given.id,
        why=why,
        opened_at=given.reply.received_at,
        sender=given.sender,
        subject=given.subject,
        said=given.said,
        reply_id=given.id,
        seat_id=seat.id,
        participant_id=seat.participant_id,
    )
