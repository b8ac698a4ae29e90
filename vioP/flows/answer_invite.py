"""Answer an invite: somebody followed the link in their mail to say whether they will come."""

from dataclasses import dataclass

from vioP.domain.errors import Conflict, Invalid, LinkUnknown
from vioP.domain.reply import Answer, AskedSeat, Reply
from vioP.domain.text import clean_text
from vioP.flows.note_answer import Given, close_answers, note_answer
from vioP.ports import Ports

LONGEST_REASON = 300
_FITTING = {"yes": Answer.ACCEPTED, "no": Answer.DECLINED}


class AnswerTooLate(Conflict):
    """This appointment is over. Nothing was recorded."""

    code = "reply.too_late"


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody is asked, and what they said before. Looking changes nothing.

    Attributes:
        said: Their last answer; nothing when they gave none.
        is_old: Whether it was about a time that has changed since.
    """

    seat: AskedSeat
    said: Answer | None
    is_old: bool
    is_over: bool


async def open_question(ports: Ports, token: str) -> Question:
    """What a link asks. Mail scanners open links, so this records nothing.

    Raises:
        LinkUnknown: The token is forged or withdrawn, or its session was called off.
    """
    seat_id = ports.secrets.seat_of_rsvp(token)
    if seat_id is None:
        raise LinkUnknown
    async with ports.store.read() as tx:
        seat = await tx.replies.asked(seat_id)
        last = await tx.replies.newest(seat_id)
    if seat is None or not seat.stands or not seat.link_works:
        raise LinkUnknown
    is_old = last is not None and not last.is_about(seat.starts, seat.ends)
    over = ports.clock.now() >= seat.ends
    return Question(seat, last.answer if last else None, is_old, over)


async def answer_invite(
    ports: Ports, token: str, answer: str, reason: str, sequence: int
) -> None:
    """Keep an answer given on the page, about the time that the page showed.

    Args:
        ports: The surroundings.
        token: The link's.
        sequence: The message whose time the page showed: the seat may have moved since.
        answer: ``yes`` or ``no``.
        reason: Why not, in the person's words; may be empty.

    Raises:
        LinkUnknown: The token is forged or withdrawn, or its session was called off.
        AnswerTooLate: The session is over.
        Invalid: The answer is neither, or the reason too long.
    """
    if answer not in _FITTING:
        raise Invalid(f"An answer is one of {', '.join(_FITTING)}.")
    if len(reason) > LONGEST_REASON:
        raise Invalid(f"The reason is longer than {LONGEST_REASON} characters.")
    question = await open_question(ports, token)
    if question.is_over:
        raise AnswerTooLate
    now = ports.clock.now()
    async with ports.store.write() as tx:
        seat = await tx.replies.asked(question.seat.id)
        if seat is None or not seat.stands:
            raise LinkUnknown
        words = clean_text(reason, LONGEST_REASON)
        shown = min(sequence, seat.sequence)
        starts, ends = seat.times(shown) or (None, None)
        reply = Reply(_FITTING[answer], now, starts, ends, comment=words)
        given = Given(
            id=ports.secrets.mint("rpl", now),
            reply=reply,
            order=(shown, now),
            source="link",
            said=words,
        )
        await close_answers(ports, tx, [await note_answer(tx, seat, given)])
