"""Be away: a participant says that they cannot come for some days, in one go.

Each appointment of these days gets the same no as from its own link, and a coordinator is told
of the days, because more may be planned for them.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from vioP.domain.errors import Invalid
from vioP.domain.ids import ParticipantId
from vioP.domain.reply import Answer, Reply
from vioP.domain.text import clean_text
from vioP.domain.time import later
from vioP.flows.answer_invite import LONGEST_REASON
from vioP.flows.note_answer import Given, close_answers, note_answer
from vioP.ports import Ports
from vioP.storage import Transaction
from vioP.storage.attempts import Task
from vioP.storage.seats import OwnSeat

LONGEST = timedelta(days=56)


async def seats_of_days(
    ports: Ports, tx: Transaction, person: ParticipantId, first: date, last: date
) -> Sequence[OwnSeat]:
    """Somebody's own appointments on whole days of their clock that are not over.

    Raises:
        Invalid: The days are the wrong way round, or too many.
    """
    if last < first:
        raise Invalid("The last day is before the first.")
    if last - first > LONGEST:
        raise Invalid("That is more than eight weeks. Please call us about it.")
    now = ports.clock.now()
    ahead = await tx.seats.of_participant(person, now, later(now, LONGEST * 2))
    return [
        each
        for each in ahead
        if first <= each.starts.astimezone(ZoneInfo(each.zone)).date() <= last
    ]


async def show_away(
    ports: Ports, person: ParticipantId, first: date, last: date
) -> Sequence[OwnSeat]:
    """Which appointments fall into some days. Looking says nothing to anybody.

    Raises:
        Invalid: The days are the wrong way round, or too many.
    """
    async with ports.store.read() as tx:
        return await seats_of_days(ports, tx, person, first, last)


async def be_away(
    ports: Ports, person: ParticipantId, first: date, last: date, reason: str
) -> int:
    """Say no to every appointment of some days, and tell a coordinator of the days.

    A no ends no care: places stay, links work, and whoever is marked high risk is looked for.

    Returns:
        To how many appointments it says no.

    Raises:
        Invalid: The days are the wrong way round, too many or over, or the reason is too long.
    """
    now = ports.clock.now()
    if len(reason) > LONGEST_REASON:
        raise Invalid(f"The reason is longer than {LONGEST_REASON} characters.")
    words = clean_text(reason, LONGEST_REASON)
    async with ports.store.write() as tx:
        own = await seats_of_days(ports, tx, person, first, last)
        noted = []
        for each in own:
            seat = await tx.replies.asked(each.id)
            if seat is None or not seat.stands:
                continue
            starts, ends = seat.times(seat.sequence) or (None, None)
            given = Given(
                id=ports.secrets.mint("rpl", now),
                reply=Reply(Answer.DECLINED, now, starts, ends, comment=words),
                order=(seat.sequence, now),
                source="link",
                said=words,
            )
            noted.append(await note_answer(tx, seat, given))
        said = f"Away from {first} to {last}; said no to {len(noted)}. {words}".strip()
        task = Task(ports.secrets.mint("att", now), "away_days", person, said=said)
        await tx.attempts.ask(task, now)
        days = {"first": str(first), "last": str(last)}
        await tx.audit.note(now, person, "participant.away", person, days)
        await close_answers(ports, tx, noted)
    return len(noted)
