"""Publish: tell people what changed, and only them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from vioP.domain.errors import NoPlan, StalePlan, UnsafePlan
from vioP.domain.following import Place, follow
from vioP.domain.ids import ParticipantId, SeatId, SessionId
from vioP.domain.invite import next_stamp
from vioP.domain.session import PlannedSession
from vioP.domain.time import Instant, Week, later
from vioP.domain.week import Diff, MovedSeat, ToldSeat, WeekPlan, ZoneAt, diff
from vioP.flows.call_off_tests import call_off_impossible_tests
from vioP.flows.jobs import put_out_job, watch_job
from vioP.flows.note_moved import moved_seats, note_moved, stand_again
from vioP.flows.sum_up import Changed
from vioP.flows.tell_seats import tell_seats
from vioP.ports import Ports
from vioP.storage import Transaction
from vioP.storage.weeks import Draft, SeatRow, SessionRow, Told

_A_MOMENT = timedelta(minutes=1)


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
    zone_at: ZoneAt
    sessions: Mapping[str, SessionId]


async def publish_week(
    ports: Ports,
    week: Week,
    by: str,
    revision: int | None = None,
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
        StalePlan: The programme or the draft changed since, or what it moves has begun; build
            and look again.
        UnsafePlan: The draft breaks a hard rule.
    """
    now = ports.clock.now()
    async with ports.store.write() as tx:
        draft = await _publishable(tx, week, revision)
        last = await tx.weeks.published(week)
        told = await tx.weeks.told(week)
        zone_at = await zones(tx)
        changes = await changes_by(ports, tx, told, draft.plan, zone_at)
        if any(_has_gone_on(each, now) for each in changes.moved):
            raise StalePlan
        same = last is not None and last.plan.sessions == draft.plan.sessions
        if same and changes.is_empty:
            return Published(0, 0, 0, 0)
        turn = _turn(ports, now, draft.plan, told, zone_at)
        changed = _changed_sessions(turn, last.plan if last else None)
        await tx.weeks.save_sessions(
            [SessionRow(turn.sessions[each.key], week, each) for each in changed]
        )
        await tx.weeks.cancel_sessions(_gone_sessions(turn))
        seats = _seats(turn, changes)
        await tx.weeks.save_seats(seats)
        elsewhen = moved_seats(ports, changes.moved)
        elsewhen += stand_again(ports, changes.new, _released_before(turn))
        await note_moved(ports, tx, week, elsewhen, doors_open(ports))
        await tell_seats(ports, tx, week, week, _changed_seats(seats, changes))
        await call_off_impossible_tests(ports, tx, by)
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
        jobs += [put_out_job(each, now) for each in _left_behind(turn, changes)]
        await ports.jobs.defer(tx, jobs)
    return published


async def changes_by(
    ports: Ports, tx: Transaction, told: Told, plan: WeekPlan, zone_at: ZoneAt
) -> Diff:
    """What publishing a plan now changes for people."""
    changes = diff(told.seats, plan, zone_at, ports.clock.now())
    if not (changes.new and changes.gone):
        return changes
    return follow(
        changes,
        await tx.programme.tracks_of_cohorts(),
        zone_at,
        doors=doors_open(ports),
        had={(seat.session_key, seat.participant_id) for seat in told.released},
    )


def doors_open(ports: Ports) -> Instant:
    """What begins before it has its door open, or had: people may be there by now.

    A door that opens within the next minute counts: whoever presses to join while a week is
    being published must not be noted in a group they are not in.
    """
    return later(ports.clock.now(), ports.house.opens_before + _A_MOMENT)


async def zones(tx: Transaction) -> ZoneAt:
    """Where everybody is at any moment: at home, or on a journey."""
    people = await tx.programme.addressees()
    arrangements = await tx.arrangements.all()
    return lambda who, at: arrangements.zone_at(who, people[who].zone, at)


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
    zone_at: ZoneAt,
) -> _Turn:
    sessions = dict(told.sessions)
    for session in plan.sessions:
        if session.key not in sessions:
            sessions[session.key] = SessionId(ports.secrets.mint("ses", now))
    return _Turn(ports, plan.week, now, plan, told, zone_at, sessions)


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


def _left_behind(turn: _Turn, changes: Diff) -> list[SessionId]:
    """Sessions in whose rooms somebody may be whose place is no longer there."""
    left = (*changes.gone, *(moved.told for moved in changes.carried))
    gone = {turn.sessions[seat.session_key] for seat in left}
    return sorted(gone | set(_gone_sessions(turn)))


def _counts(changes: Diff) -> dict[str, int]:
    return {
        "invited": len(changes.new),
        "updated": len(changes.moved),
        "cancelled": len(changes.gone),
    }


def _seats(turn: _Turn, changes: Diff) -> list[SeatRow]:
    """The new row of every seat that changes. What its person is told is decided after."""
    released = _released_before(turn)
    return [
        *(
            _seat(
                turn,
                new.session,
                new.participant_id,
                released.get((new.session.key, new.participant_id)),
            )
            for new in changes.new
        ),
        *(
            _seat(turn, moved.session, moved.told.participant_id, moved.told)
            for moved in (*changes.moved, *changes.carried)
        ),
        *(_released(turn, gone) for gone in changes.gone),
    ]


def _released_before(turn: _Turn) -> Mapping[Place, ToldSeat]:
    return {(seat.session_key, seat.participant_id): seat for seat in turn.told.released}


def _has_gone_on(moved: MovedSeat, now: Instant) -> bool:
    """Whether a draft came too late: what it moves has begun, or would have begun by now."""
    told, session = moved.told, moved.session
    if (told.starts, told.ends) == (session.starts, session.ends):
        return False
    return told.starts <= now or session.starts < later(now, -_A_MOMENT)


def _changed_seats(seats: Sequence[SeatRow], changes: Diff) -> Changed:
    """Every seat that looks different, with the span it had; nothing when its person had none."""
    before = {
        each.id: (each.starts, each.ends)
        for each in (*(moved.told for moved in changes.moved), *changes.gone)
    }
    carried = {each.told.id for each in changes.carried}
    return {each.id: before.get(each.id) for each in seats if each.id not in carried}


def _seat(
    turn: _Turn,
    session: PlannedSession,
    participant_id: ParticipantId,
    old: ToldSeat | None,
) -> SeatRow:
    """A seat's next row: a new seat, or the old one at its new time."""
    secrets = turn.ports.secrets
    seat_id = old.id if old else SeatId(secrets.mint("sea", turn.now))
    return SeatRow(
        id=seat_id,
        session_id=turn.sessions[session.key],
        participant_id=participant_id,
        uid=old.uid if old else secrets.uid(),
        sequence=old.sequence if old else 0,
        stamped=old.stamped if old else next_stamp(None, turn.now),
        starts=session.starts,
        ends=session.ends,
        zone=turn.zone_at(participant_id, session.starts),
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
        sequence=gone.sequence,
        stamped=gone.stamped,
        starts=gone.starts,
        ends=gone.ends,
        zone=gone.zone,
        state="released",
        link_hash=secrets.digest(secrets.link_token(gone.id)),
    )
