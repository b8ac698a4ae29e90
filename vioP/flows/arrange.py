"""Arrange: pins, journeys, people kept apart, opened phases, days made up for, merged or closed.

Nobody is told by this. Drafts become stale; the next week that is built keeps to it.
"""

from collections.abc import Sequence
from datetime import date

from vioP.domain.arrangement import (
    Arrangement,
    Arrangements,
    ClosedDay,
    Journey,
    KeptApart,
    MakeUp,
    MergedMeeting,
    MovedMeeting,
    OfCohort,
    OpenedPhase,
    Pin,
    StandIn,
    arranged,
)
from vioP.domain.errors import Invalid, Missing, NoProgramme
from vioP.domain.ids import CohortId, ParticipantId
from vioP.domain.program import Cohort
from vioP.domain.programme import Programme
from vioP.domain.time import week_of
from vioP.flows.close_day import close_day, open_day
from vioP.flows.require_ahead import require_ahead
from vioP.planner.arranged import Arranged
from vioP.planner.phases import PhaseState, phase_states
from vioP.ports import Ports
from vioP.storage import Transaction
from vioP.storage.arrangements import NotedArrangement

_GRID = 5


async def arrange(ports: Ports, what: Arrangement, by: str) -> NotedArrangement:
    """Note an arrangement.

    Args:
        ports: The outside.
        what: The arrangement.
        by: Who arranges it; for an opened phase the clinician whose word it is.

    Raises:
        NoProgramme: Nothing was imported yet.
        Missing: It names nobody, no cohort, or no phase there is.
        Invalid: It contradicts the programme; the message says how to mend it.
    """
    async with ports.store.write() as tx:
        return await note_arrangement(ports, tx, what, by)


async def note_arrangement(
    ports: Ports, tx: Transaction, what: Arrangement, by: str
) -> NotedArrangement:
    """Note an arrangement in the caller's transaction; refuses what ``arrange`` refuses."""
    now = ports.clock.now()
    programme = await tx.programme.read()
    if programme is None:
        raise NoProgramme
    _require(programme, what)
    noted = [each.what for each in await tx.arrangements.noted()]
    if what in noted:
        raise Invalid("This is arranged already.")
    if isinstance(what, MergedMeeting):
        _require_one_merge(arranged(noted), what)
    if isinstance(what, ClosedDay):
        await close_day(tx, programme, what.day, now)
    if isinstance(what, MovedMeeting) and not what.is_lasting:
        await require_ahead(tx, what, now)
    new = NotedArrangement(ports.secrets.mint("arr", now), what)
    await tx.arrangements.add(new, now, by)
    await tx.audit.note(now, by, "arrangement.noted", f"{new.id} {_about(what)}")
    return new


async def take_back_arrangement(ports: Ports, arrangement_id: str, by: str) -> None:
    """Take an arrangement back.

    Raises:
        Missing: There is no such arrangement.
    """
    now = ports.clock.now()
    async with ports.store.write() as tx:
        what = await tx.arrangements.remove(arrangement_id)
        if what is None:
            raise Missing
        if isinstance(what, ClosedDay):
            await open_day(tx, what.day)
        await tx.audit.note(now, by, "arrangement.taken_back", arrangement_id)


async def show_arrangements(ports: Ports) -> Sequence[NotedArrangement]:
    """Every arrangement, in the order they were noted."""
    async with ports.store.read() as tx:
        return await tx.arrangements.noted()


async def show_phases(ports: Ports, day: date) -> tuple[PhaseState, ...]:
    """The phase of everybody in a track with phases, on a day.

    Raises:
        NoProgramme: Nothing was imported yet.
    """
    async with ports.store.read() as tx:
        programme = await tx.programme.read()
        arrangements = await tx.arrangements.all()
    if programme is None:
        raise NoProgramme
    return tuple(phase_states(Arranged(week_of(day), programme, arrangements), day))


def _require(programme: Programme, what: Arrangement) -> None:
    """Refuse what refers to nothing, or what no week could keep."""
    people = {each.id for each in programme.participants}
    for each in sorted(_named(what) - people):
        raise Missing(f"There is no participant {each}.")
    match what:
        case Pin():
            _require_pin(programme, what)
        case OpenedPhase():
            _require_phase(programme, what)
        case MakeUp() | StandIn() | MovedMeeting() | MergedMeeting():
            _require_of_cohort(programme, what)
        case Journey() | KeptApart() | ClosedDay():
            pass


def _require_of_cohort(programme: Programme, what: OfCohort) -> None:
    match what:
        case MakeUp():
            _require_make_up(programme, what)
        case StandIn():
            _require_stand_in(programme, what)
        case MovedMeeting():
            _require_moved(programme, what)
        case MergedMeeting():
            _require_merge(programme, what)


def _named(what: Arrangement) -> set[ParticipantId]:
    """The participants an arrangement names."""
    match what:
        case KeptApart():
            return {what.one, what.other}
        case MakeUp() | StandIn() | MovedMeeting() | MergedMeeting() | ClosedDay():
            return set()
        case Pin() | Journey() | OpenedPhase():
            return {what.participant_id}


def _require_pin(programme: Programme, pin: Pin) -> None:
    owed = {
        each.kind
        for each in programme.service_plans
        if each.participant_id == pin.participant_id
    }
    if pin.kind not in owed:
        kinds = ", ".join(sorted(owed)) or "no appointments"
        raise Invalid(f"{pin.participant_id} has no {pin.kind} appointments, but {kinds}.")
    if pin.at.minute % _GRID or pin.at.second:
        raise Invalid(f"Appointments start every {_GRID} minutes, not at {pin.at:%H:%M}.")


def _require_moved(programme: Programme, moved: MovedMeeting) -> None:
    cohort = _cohort(programme, moved.cohort_id)
    if moved.instead_of.weekday() not in cohort.days:
        raise Invalid(f"{cohort.id} does not meet on {moved.instead_of}.")
    if moved.day != moved.instead_of and moved.day.weekday() in cohort.days:
        raise Invalid(f"{cohort.id} meets on {moved.day} anyway. Choose another day.")
    if moved.day in programme.program.holidays:
        raise Invalid(f"{moved.day} is a closed day. Choose another day.")
    if week_of(moved.day) != week_of(moved.instead_of):
        raise Invalid(f"{moved.day} is in another week than {moved.instead_of}.")


def _require_phase(programme: Programme, opened: OpenedPhase) -> None:
    cohorts = {each.id: each for each in programme.cohorts}
    own = {
        cohorts[each.cohort_id].track_id
        for each in programme.enrollments
        if each.participant_id == opened.participant_id
    }
    names = [
        phase.name
        for track in programme.tracks
        if track.id in own
        for phase in track.phases
    ]
    if opened.phase not in names:
        there = ", ".join(names) or "none"
        raise Invalid(f"There is no phase {opened.phase} there; phases are: {there}.")


def _require_make_up(programme: Programme, make_up: MakeUp) -> None:
    cohort = _cohort(programme, make_up.cohort_id)
    if make_up.instead_of.weekday() not in cohort.days:
        raise Invalid(f"{cohort.id} does not meet on {make_up.instead_of}.")
    if make_up.day.weekday() in cohort.days:
        raise Invalid(f"{cohort.id} meets on {make_up.day} anyway. Choose another day.")
    if make_up.day in programme.program.holidays:
        raise Invalid(f"{make_up.day} is a closed day. Choose another day.")
    if week_of(make_up.day) != week_of(make_up.instead_of):
        raise Invalid(
            f"{make_up.day} is in another week than {make_up.instead_of}: it would not "
            "count for it."
        )


def _require_stand_in(programme: Programme, stand_in: StandIn) -> None:
    cohort = _cohort(programme, stand_in.cohort_id)
    who = next((e for e in programme.staff if e.id == stand_in.staff_id), None)
    if who is None or not who.role.is_clinician:
        raise Missing(f"There is no clinician {stand_in.staff_id}.")
    if stand_in.staff_id in cohort.facilitators:
        raise Invalid(f"{stand_in.staff_id} is a facilitator of {cohort.id} anyway.")
    if stand_in.day.weekday() not in cohort.days:
        raise Invalid(f"{cohort.id} does not meet on {stand_in.day}.")


def _require_merge(programme: Programme, merge: MergedMeeting) -> None:
    cohort, into = (_cohort(programme, each) for each in (merge.cohort_id, merge.into))
    for each in (cohort, into):
        if merge.day.weekday() not in each.days:
            raise Invalid(f"{each.id} does not meet on {merge.day}.")
    if cohort.track_id != into.track_id:
        raise Invalid(
            f"{cohort.id} and {into.id} are of two tracks. Choose one of the same."
        )


def _require_one_merge(noted: Arrangements, merge: MergedMeeting) -> None:
    """Refuse a group that would have to be in two places, or to go from one to the next."""
    for each in noted.merged:
        moves = each.cohort_id in {merge.cohort_id, merge.into}
        if each.day == merge.day and (moves or each.into == merge.cohort_id):
            raise Invalid(
                f"{each.cohort_id.capitalize()} is held together with "
                f"{each.into.capitalize()} on {each.day} already. "
                "Take that back first, or choose another group."
            )


def _cohort(programme: Programme, cohort_id: CohortId) -> Cohort:
    """A cohort of the programme, or a refusal."""
    for each in programme.cohorts:
        if each.id == cohort_id:
            return each
    raise Missing(f"There is no cohort {cohort_id}.")


def _about(what: Arrangement) -> str:
    """Whom an arrangement is about, by identifiers."""
    match what:
        case KeptApart():
            return f"kept_apart {what.one} {what.other}"
        case ClosedDay():
            return f"closed_day {what.day}"
        case MakeUp() | StandIn() | MovedMeeting() | MergedMeeting():
            return _about_cohort(what)
        case Pin():
            return f"pin {what.participant_id} {what.kind}"
        case Journey():
            return f"journey {what.participant_id} {what.first} {what.last}"
        case OpenedPhase():
            return f"opened_phase {what.participant_id} {what.phase}"


def _about_cohort(what: OfCohort) -> str:
    match what:
        case MakeUp():
            return f"make_up {what.cohort_id} {what.instead_of} {what.day}"
        case StandIn():
            return f"stand_in {what.cohort_id} {what.day} {what.staff_id}"
        case MovedMeeting():
            lasts = " from then on" if what.is_lasting else ""
            return f"moved_meeting {what.cohort_id} {what.instead_of} {what.day}{lasts}"
        case MergedMeeting():
            return f"merged_meeting {what.cohort_id} {what.day} {what.into}"
