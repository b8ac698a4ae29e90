"""Take a text: somebody wrote back. Heed the word, or put the text before a coordinator."""

from dataclasses import dataclass
from datetime import timedelta

from vioP.domain.approach import will_send_human
from vioP.domain.contact_facts import Way, latest
from vioP.domain.ids import ParticipantId
from vioP.domain.keyword import Wish, wish_of_text
from vioP.domain.time import Instant, later
from vioP.flows.heed import Asked, heed
from vioP.flows.jobs import watch_job
from vioP.flows.say_late import BY_TEXT
from vioP.ports import Ports
from vioP.storage import Transaction
from vioP.storage.attempts import Task
from vioP.storage.contacts import NearSeat

_AROUND = timedelta(hours=12)
# A phone that is shared: these hold for everybody it reaches.
_FOR_THE_NUMBER = {Wish.STOP, Wish.START, Wish.LATER, Wish.WRONG_NUMBER}
_LONGEST = 1000


@dataclass(frozen=True, slots=True)
class Heard:
    """What was understood, and what is answered at once; the answer may be empty."""

    wish: Wish
    answer: str


async def take_text(ports: Ports, key: str, number: str, body: str) -> Heard:
    """Take a text that came in; the same key twice is one text.

    Args:
        ports: The surroundings.
        key: What the provider calls the text.
        number: Who sent it, in E.164.
        body: What it says. It is kept for the coordinator who reads it, and logged nowhere.
    """
    now = ports.clock.now()
    wish = wish_of_text(body)
    async with ports.store.write() as tx:
        people = await tx.contacts.whose(number)
        if not people:
            await _from_a_stranger(tx, key, body, now)
        meant = people if wish in _FOR_THE_NUMBER else people[:1]
        for person in meant:
            seat = await _seat(tx, person, now)
            until = _comes_at(wish, seat, now)
            if wish is Wish.LATE and until is None:
                wish = Wish.UNCLEAR  # nothing they could be late for: a person reads it
            asked = Asked(
                key=f"text:{key}:{person}",
                person=person,
                way=Way.TEXT,
                number=number,
                at=now,
                source="text",
                session_id=seat.session_id if seat else None,
                seat_id=seat.id if seat else None,
                is_missing=seat is not None and await _is_missing(ports, tx, seat),
                until=until,
                said=body[:_LONGEST] if wish is Wish.UNCLEAR else "",
            )
            await heed(ports, tx, asked, wish)
            if seat is not None:
                await ports.jobs.defer(tx, [watch_job(seat.session_id, now)])
    return Heard(wish, _answer(ports, wish))


async def _from_a_stranger(tx: Transaction, key: str, body: str, now: Instant) -> None:
    """A number nobody has: a coordinator reads it, and finds out who it is."""
    task = Task(f"text:{key}", "read_text", participant_id="", said=body[:_LONGEST])
    await tx.attempts.ask(task, now)


async def _seat(tx: Transaction, person: ParticipantId, now: Instant) -> NearSeat | None:
    window = later(now, -_AROUND), later(now, _AROUND)
    return await tx.contacts.nearest_seat(person, now, window)


async def _is_missing(ports: Ports, tx: Transaction, seat: NearSeat) -> bool:
    """Whether their ladder is climbing, and can give them what they ask for."""
    session = await tx.live.session(seat.session_id)
    now = ports.clock.now()
    return session is not None and will_send_human(
        ports.house.ladder, session, seat.id, now
    )


def _comes_at(wish: Wish, seat: NearSeat | None, now: Instant) -> Instant | None:
    """When somebody comes who writes that they are late, without saying how late.

    Nothing where there is no session they could be late for, or it would be too late.
    """
    if wish is not Wish.LATE or seat is None:
        return None
    until = later(max(seat.starts, now), BY_TEXT)
    return until if until <= latest(seat.starts) else None


def _answer(ports: Ports, wish: Wish) -> str:
    """One neutral line; nothing where a person will answer."""
    sender = ports.house.sender
    minutes = ports.house.minutes_alone
    answers = {
        Wish.STOP: f"{sender.name}: no more texts. Your appointments stay as they are. "
        "Reply START to get texts again.",
        Wish.START: f"{sender.name}: you will get texts again. Reply STOP to end them.",
        Wish.CALL_ME: f"{sender.name}: we will call you now.",
        Wish.LATER: f"{sender.name}: we leave you alone for {minutes} minutes.",
        Wish.LATE: f"{sender.name}: thank you. We expect you in about 10 minutes.",
        Wish.HUMAN: f"{sender.name}: somebody will get in touch. In an emergency call 911.",
        Wish.WRONG_NUMBER: "Thank you. We will not write to this number again.",
    }
    return answers.get(wish, "")
