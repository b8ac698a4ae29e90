"""Settle an attempt: somebody called, or looked, and says how it went."""

from enum import StrEnum

from vioP.domain.attendance import Evidence, Fact
from vioP.domain.contact import called_number
from vioP.domain.contact_facts import Way
from vioP.domain.errors import Conflict, Invalid
from vioP.domain.ids import ParticipantId, SeatId
from vioP.domain.keyword import Wish
from vioP.flows.heed import Asked, heed
from vioP.flows.jobs import watch_job
from vioP.ports import Ports
from vioP.storage import Transaction
from vioP.storage.attempts import Settled


class Outcome(StrEnum):
    """How an attempt by a person went."""

    REACHED_JOINING = "reached_joining"
    ON_THE_PHONE = "on_the_phone"
    REACHED_NOT_COMING = "reached_not_coming"
    NO_ANSWER = "no_answer"
    SOMEONE_ELSE = "someone_else"
    NOT_SAFE = "not_safe"
    WRONG_NUMBER = "wrong_number"
    NO_MORE_CALLS = "no_more_calls"
    SAFETY_CALL = "safety_call"
    WELFARE_CHECK = "welfare_check"
    HANDLED = "handled"

    @property
    def needs_reason(self) -> bool:
        """Whether it may only be said with a reason that stays on record."""
        return self in {Outcome.SAFETY_CALL, Outcome.WELFARE_CHECK}


_EVIDENCE = {
    Outcome.ON_THE_PHONE: Fact.PHONE_BRIDGED,
    Outcome.REACHED_NOT_COMING: Fact.MARKED_EXCUSED,
}
_WISHES = {
    Outcome.NOT_SAFE: Wish.LATER,
    Outcome.WRONG_NUMBER: Wish.WRONG_NUMBER,
    Outcome.NO_MORE_CALLS: Wish.STOP,
}


async def settle_attempt(
    ports: Ports, attempt_id: str, outcome: str, by: str, reason: str = ""
) -> None:
    """Write down how an attempt went; the first answer stands.

    Being on the phone counts as being there, and not coming stops the ladder. Any other
    answer leaves it climbing: nobody is let go because one number did not answer. A safety
    call or a welfare check is only ever a person's act, with the reason they give for it.

    Raises:
        Invalid: There is no such outcome, or it lacks its reason.
        Conflict: It is unknown, or somebody else has settled it; look at the list again.
    """
    if outcome not in set(Outcome):
        raise Invalid(f"an attempt ends in one of {', '.join(Outcome)}")
    went = Outcome(outcome)
    if went.needs_reason and not reason.strip():
        raise Invalid("Say why: a safety call or welfare check stays on record.")
    now = ports.clock.now()
    async with ports.store.write() as tx:
        settled = await tx.attempts.settle(attempt_id, outcome, now, by, reason.strip())
        if settled is None:
            raise Conflict("This line was settled meanwhile. Look at the call list again.")
        fact = _EVIDENCE.get(went)
        if fact is not None and settled.seat_id is not None:
            await tx.live.witness(
                SeatId(settled.seat_id),
                Evidence(fact, now, by),
                recorded_at=now,
                key=f"attempt:{attempt_id}",
            )
            await tx.attempts.settle_of_seat(settled.seat_id, "joined", now, "viop")
        if went in _WISHES:
            await _heed(ports, tx, (attempt_id, by), settled, _WISHES[went])
        details = {"outcome": outcome} | ({"reason": reason.strip()} if reason else {})
        await tx.audit.note(now, by, "attempt.settled", attempt_id, details)
        if settled.session_id is not None:
            await ports.jobs.defer(tx, [watch_job(settled.session_id, now)])


async def _heed(
    ports: Ports,
    tx: Transaction,
    who: tuple[str, str],
    settled: Settled,
    wish: Wish,
) -> None:
    """What was said on the phone holds as if it had been written."""
    attempt_id, by = who
    now = ports.clock.now()
    person = settled.participant_id or await _person_of(tx, settled)
    known = await tx.contacts.of(ParticipantId(person), now) if person else None
    if known is None:
        return
    asked = Asked(
        key=f"attempt:{attempt_id}:{wish}",
        person=known.id,
        way=Way.MACHINE_CALL,
        number=called_number(known.reachable),
        at=now,
        source=by,
        session_id=settled.session_id,
        seat_id=SeatId(settled.seat_id) if settled.seat_id else None,
        is_missing=True,
    )
    await heed(ports, tx, asked, wish)


async def _person_of(tx: Transaction, settled: Settled) -> str | None:
    if settled.session_id is None or settled.seat_id is None:
        return None
    session = await tx.live.session(settled.session_id)
    seats = session.seats if session else ()
    return next((each.participant_id for each in seats if each.id == settled.seat_id), None)
