"""Publish: tell people what changed, and only them."""

from collections.abc import Mapping
from dataclasses import dataclass

from vioP.domain.delivery import Channel, Delivery, DeliveryKind, DeliveryState, SkipReason
from vioP.domain.errors import NoPlan, StalePlan, UnsafePlan
from vioP.domain.ids import ParticipantId, SeatId, SessionId
from vioP.domain.invite import Method, next_stamp
from vioP.domain.session import PlannedSession
from vioP.domain.time import Instant, Week
from vioP.domain.week import Diff, ToldSeat, WeekPlan, diff
from vioP.flows.jobs import deliver_job, watch_job
from vioP.ports import Ports
from vioP.storage import Transaction
from vioP.storage.programme import Addressee
from vioP.storage.weeks import Draft, SeatRow, SessionRow, Told


@dataclass(frozen=True, slots=True)
class Published:
    """What a publication did.

    Attributes:
        number: How often the week has been published; 0 when nothing was written.
    """

    number: int
    invited: int
    updated: int
    cancelled: int


@dataclass(frozen=True, slots=True)
class _Turn:
    """One publication under way."""

    ports: Ports
    week: Week
    now: Instant
    plan: WeekPlan
    told: Told
    people: Mapping[ParticipantId, Addressee]
    sessions: Mapping[str, SessionId]


async def publish_week(
    ports: Ports, week: Week, by: str, revision: int | None = None
) -> Published:
    """Publish the newest draft of a week.

    Sessions, seats, messages, watches and the audit row commit together or not at all.
    Publishing the same draft again writes nothing.

    Args:
        ports: The surroundings.
        week: The week to publish.
        by: Who publishes.
        revision: The draft the person has seen; nothing for the newest.

    Raises:
        NoPlan: The week was never built.
        StalePlan: The programme or the draft changed since; build and look again.
        UnsafePlan: The draft breaks a hard rule.
    """
    now = ports.clock.now()
    async with ports.store.write() as tx:
        draft = await _publishable(tx, week, revision)
        last = await tx.weeks.published(week)
        if last is not None and last.plan.sessions == draft.plan.sessions:
            return Published(0, 0, 0, 0)
        told = await tx.weeks.told(week)
        people = await tx.programme.addressees()
        turn = _turn(ports, now, draft.plan, told, people)
        changes = diff(
            told.seats, draft.plan, {key: each.zone for key, each in people.items()}, now
        )
        changed = _changed_sessions(turn, last.plan if last else None)
        await tx.weeks.save_sessions(
            [SessionRow(turn.sessions[each.key], week, each) for each in changed]
        )
        await tx.weeks.cancel_sessions(_gone_sessions(turn))
        seats, deliveries = _seats_and_deliveries(turn, changes)
        await tx.weeks.save_seats(seats)
        await tx.deliveries.add(deliveries, now)
        published = Published(
            await tx.weeks.record_publication(
                week, draft.revision, now, by, _counts(changes)
            ),
            len(changes.new),
            len(changes.moved),
            len(changes.gone),
        )
        await tx.audit.note(
            now,
            by,
            "week.published",
            f"{week.monday} revision {draft.revision}",
            {name: str(count) for name, count in _counts(changes).items()},
        )
        jobs = [watch_job(turn.sessions[each.key], each.starts) for each in changed]
        await ports.jobs.defer(tx, [deliver_job(Channel.MAIL, now), *jobs])
    return published


async def _publishable(tx: Transaction, week: Week, revision: int | None) -> Draft:
    """The draft, read under the writer's lock, so that nothing can change meanwhile."""
    version = await tx.programme.lock()
    draft = await tx.weeks.draft(week)
    if draft is None:
        raise NoPlan
    if draft.plan.violations:
        raise UnsafePlan
    if draft.plan.basis != version or revision not in {None, draft.revision}:
        raise StalePlan
    return draft


def _turn(
    ports: Ports,
    now: Instant,
    plan: WeekPlan,
    told: Told,
    people: Mapping[ParticipantId, Addressee],
) -> _Turn:
    sessions = dict(told.sessions)
    for session in plan.sessions:
        if session.key not in sessions:
            sessions[session.key] = SessionId(ports.secrets.mint("ses", now))
    return _Turn(ports, plan.week, now, plan, told, people, sessions)


def _changed_sessions(turn: _Turn, last: WeekPlan | None) -> list[PlannedSession]:
    """What differs from the last publication; what is over stays as it was."""
    before = {each.key: each for each in last.sessions} if last else {}
    return [
        each
        for each in turn.plan.sessions
        if each.ends > turn.now
        and (before.get(each.key) != each or each.key in turn.told.cancelled)
    ]


def _gone_sessions(turn: _Turn) -> list[SessionId]:
    planned = {each.key for each in turn.plan.sessions}
    over = {seat.session_key for seat in turn.told.seats if seat.ends <= turn.now}
    return [
        session_id
        for key, session_id in turn.told.sessions.items()
        if key not in planned and key not in over and key not in turn.told.cancelled
    ]


def _counts(changes: Diff) -> dict[str, int]:
    return {
        "invited": len(changes.new),
        "updated": len(changes.moved),
        "cancelled": len(changes.gone),
    }


def _seats_and_deliveries(
    turn: _Turn, changes: Diff
) -> tuple[list[SeatRow], list[Delivery]]:
    """Each change as the seat's new row and the message that tells its person."""
    released = {
        (seat.session_key, seat.participant_id): seat for seat in turn.told.released
    }
    seats: list[SeatRow] = []
    deliveries: list[Delivery] = []

    def tell(
        seat: SeatRow, kind: DeliveryKind, method: Method, moved: Instant | None
    ) -> None:
        seats.append(seat)
        deliveries.append(_delivery(turn, seat, kind, method, moved))

    for new in changes.new:
        old = released.get((new.session.key, new.participant_id))
        seat = _seat(turn, new.session, new.participant_id, old)
        tell(seat, DeliveryKind.INVITE, Method.REQUEST, None)
    for moved in changes.moved:
        seat = _seat(turn, moved.session, moved.told.participant_id, moved.told)
        was = moved.told.starts if moved.told.starts != moved.session.starts else None
        tell(seat, DeliveryKind.INVITE, Method.REQUEST, was)
    for gone in changes.gone:
        tell(_released(turn, gone), DeliveryKind.CANCEL, Method.CANCEL, None)
    return seats, deliveries


def _seat(
    turn: _Turn,
    session: PlannedSession,
    participant_id: ParticipantId,
    old: ToldSeat | None,
) -> SeatRow:
    """A seat's next row: a new seat, or the old one with its sequence raised."""
    secrets = turn.ports.secrets
    seat_id = old.id if old else SeatId(secrets.mint("sea", turn.now))
    return SeatRow(
        id=seat_id,
        session_id=turn.sessions[session.key],
        participant_id=participant_id,
        uid=old.uid if old else secrets.uid(),
        sequence=old.sequence + 1 if old else 0,
        stamped=next_stamp(old.stamped if old else None, turn.now),
        starts=session.starts,
        ends=session.ends,
        zone=turn.people[participant_id].zone,
        state="active",
        link_hash=secrets.digest(secrets.link_token(seat_id)),
    )


def _released(turn: _Turn, gone: ToldSeat) -> SeatRow:
    secrets = turn.ports.secrets
    return SeatRow(
        id=gone.id,
        session_id=turn.sessions[gone.session_key],
        participant_id=gone.participant_id,
        uid=gone.uid,
        sequence=gone.sequence + 1,
        stamped=next_stamp(gone.stamped, turn.now),
        starts=gone.starts,
        ends=gone.ends,
        zone=gone.zone,
        state="released",
        link_hash=secrets.digest(secrets.link_token(gone.id)),
    )


def _delivery(
    turn: _Turn, seat: SeatRow, kind: DeliveryKind, method: Method, moved: Instant | None
) -> Delivery:
    """The message that tells a seat's person, with its facts frozen."""
    person = turn.people[seat.participant_id]
    content = {
        "uid": seat.uid,
        "method": method.value,
        "stamped": seat.stamped.isoformat(),
        "starts": seat.starts.isoformat(),
        "ends": seat.ends.isoformat(),
        "zone": seat.zone,
        "name": person.name,
        "address": person.email,
    }
    if moved is not None:
        content["moved_from"] = moved.isoformat()
    reachable = bool(person.email)
    return Delivery(
        key=f"invite:{seat.id}:{seat.sequence}",
        kind=kind,
        channel=Channel.MAIL,
        due=turn.now,
        deadline=seat.ends,
        session_id=seat.session_id,
        seat_id=seat.id,
        revision=seat.sequence,
        content=content,
        state=DeliveryState.PENDING if reachable else DeliveryState.SKIPPED,
        reason=None if reachable else SkipReason.NO_ADDRESS,
    )
