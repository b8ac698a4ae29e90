"""Tell: bring what people know of some weeks to what they are to know, message by message."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import assert_never

from vioP.domain.delivery import Channel, Delivery, DeliveryKind, DeliveryState, SkipReason
from vioP.domain.ids import SeatId
from vioP.domain.invite import UNANSWERED, Method
from vioP.domain.telling import Decision, Keep, Standing, Tell, Withdraw, decide
from vioP.domain.time import Instant, Week, week_of
from vioP.flows.first_feed import first_feeds
from vioP.flows.jobs import deliver_job
from vioP.flows.sum_up import Changed, near_changes, summaries
from vioP.flows.telling_turn import Told, Turn
from vioP.ports import Ports
from vioP.storage import Transaction
from vioP.storage.tellings import Number, SeatStanding

NOTHING_CHANGED: Changed = {}


async def tell_seats(
    ports: Ports,
    tx: Transaction,
    since: Week,
    until: Week,
    changed: Changed = NOTHING_CHANGED,
) -> int:
    """Write, rewrite or take back what the people of some weeks must be told.

    It runs in the transaction that changed their seats, and may run again at any time:
    whoever knows what they are to know hears nothing.

    Args:
        ports: The surroundings.
        tx: The transaction.
        since: The first week.
        until: The last week.
        changed: Seats that were changed just now, each with its span before.

    Returns:
        How many calendar messages were written.
    """
    horizon = ports.house.telling.last_week(week_of(ports.clock.now().date()))
    held = await tx.tellings.hold()
    seats = await tx.tellings.standing(since, until)
    turn = decide_all(ports, seats, horizon, await tx.replies.known(since, until))
    summed, outdated = summaries(turn, since, held)
    more = [
        *summed,
        *near_changes(turn, seats, changed),
        *await first_feeds(turn, tx, seats),
    ]
    turn.withdrawn.extend(outdated)
    await write_turn(tx, turn, more)
    return len(turn.told)


async def write_turn(tx: Transaction, turn: Turn, more: Sequence[Delivery] = ()) -> None:
    """Write what was decided, and queue its sending."""
    written = [*turn.deliveries(), *more]
    await tx.tellings.withdraw(turn.withdrawn)
    await tx.deliveries.add(written, turn.now)
    await tx.tellings.number(turn.numbers)
    if written:
        due = min(each.due for each in written)
        await turn.ports.jobs.defer(tx, [deliver_job(Channel.MAIL, due)])


def decide_all(
    ports: Ports,
    seats: Iterable[SeatStanding],
    horizon: Week,
    answers: Mapping[SeatId, str],
    how: Callable[[Standing, Instant], Decision] = decide,
) -> Turn:
    """What must be told about some seats, up to a week; nothing is written."""
    turn = Turn(ports, ports.clock.now(), horizon, answers)
    for seat in seats:
        _take(turn, seat, how(_standing(turn, seat), turn.now))
    return turn


def _take(turn: Turn, seat: SeatStanding, decision: Decision) -> None:
    """Note what follows from a decision about one seat."""
    match decision:
        case Keep():
            if seat.waiting is not None:
                turn.kept.append((seat, seat.waiting))
        case Withdraw():
            turn.concerned.add(seat.participant_id)
            _withdraw(turn, seat)
            _number(turn, seat, None)
        case Tell() as tell:
            turn.concerned.add(seat.participant_id)
            _withdraw(turn, seat)
            _number(turn, seat, tell)
            turn.told.append(Told(seat, tell, _delivery(turn, seat, tell)))
        case other:
            assert_never(other)


def _standing(turn: Turn, seat: SeatStanding) -> Standing:
    shown = turn.ports.shown(seat.id, seat.starts, seat.ends, seat.zone)
    return Standing(
        wanted=shown if seat.is_theirs else None,
        address=seat.address,
        by_mail=seat.calendar.by_mail and seat.week <= turn.horizon and not seat.is_held,
        left=seat.left.message if seat.left else None,
        waiting=seat.waiting.message if seat.waiting else None,
        highest=seat.highest,
    )


def _withdraw(turn: Turn, seat: SeatStanding) -> None:
    if seat.waiting is not None:
        turn.withdrawn.append(seat.waiting.key)


def _number(turn: Turn, seat: SeatStanding, tell: Tell | None) -> None:
    """The seat stands under its newest message; the guard drops whatever is older."""
    newest = tell or (seat.left.message if seat.left else None)
    if newest is not None:
        turn.numbers.append(Number(seat.id, newest.revision, newest.stamped))


def _delivery(turn: Turn, seat: SeatStanding, tell: Tell) -> Delivery:
    """The message that tells a seat's person, with its facts frozen."""
    telling = turn.ports.house.telling
    told_before = tell.moved_from[:1] if tell.moved_from else ()
    due = telling.due(turn.now, tell.starts, *told_before)
    if seat.waiting is not None:
        # The first edit opened the window: whoever goes on editing must not keep it open.
        due = min(due, max(turn.now, seat.waiting.due))
    reachable = bool(tell.address)
    cancels = tell.method is Method.CANCEL
    return Delivery(
        key=f"invite:{seat.id}:{tell.revision}",
        kind=DeliveryKind.CANCEL if cancels else DeliveryKind.INVITE,
        channel=Channel.MAIL,
        due=due,
        deadline=tell.ends,
        session_id=seat.session_id,
        seat_id=seat.id,
        revision=tell.revision,
        content=_content(turn, seat, tell),
        state=DeliveryState.PENDING if reachable else DeliveryState.SKIPPED,
        reason=None if reachable else SkipReason.NO_ADDRESS,
    )


def _content(turn: Turn, seat: SeatStanding, tell: Tell) -> dict[str, str]:
    content = {
        "uid": seat.uid,
        "method": tell.method.value,
        "stamped": tell.stamped.isoformat(),
        "starts": tell.starts.isoformat(),
        "ends": tell.ends.isoformat(),
        "zone": tell.zone,
        "name": seat.name,
        "address": tell.address,
        "fingerprint": tell.fingerprint,
        "language": seat.language,
    }
    if tell.is_first:
        content["is_first"] = "yes"
    if seat.asks_word:
        content["word"] = "yes"
    if tell.is_again:
        content["is_again"] = "yes"
    if tell.moved_from is not None:
        content["moved_from"], content["moved_until"] = (
            each.isoformat() for each in tell.moved_from
        )
    elif not tell.is_first:
        # A new time asks anew; a new phone number does not forget what was answered.
        content["answer"] = turn.answers.get(seat.id, UNANSWERED)
    return content
