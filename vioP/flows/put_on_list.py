"""Put on the list: somebody waits for a place in a cohort that would take them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from vioP.domain.errors import Invalid, Missing, NoProgramme
from vioP.domain.ids import CohortId, ParticipantId
from vioP.domain.program import WEEKDAYS, Cohort
from vioP.domain.programme import Programme
from vioP.domain.time import Instant, Week, week_of
from vioP.domain.waiting import Entry
from vioP.flows.close_waiting import told
from vioP.flows.recommend_cohorts import try_cohort
from vioP.ports import Ports
from vioP.storage import Transaction

_A_WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks for a place in which cohort.

    Attributes:
        asked_on: Since when they ask.
        earliest: The first day they want to begin on.
        days: The weekdays they would attend; empty means all of the cohort's.
        note: What the coordinator writes; sealed.
    """

    participant_id: ParticipantId
    cohort_id: CohortId
    asked_on: date
    earliest: date
    days: tuple[int, ...] = ()
    note: str = ""


async def put_on_list(ports: Ports, asking: Asking, by: str) -> Entry:
    """Put somebody on the waiting list of a cohort. They are told nothing.

    Raises:
        NoProgramme: Nothing was imported yet.
        Missing: There is no such participant or cohort.
        Invalid: They are in it or on its list, or something other than that it is full is
            against it: what "where somebody fits" says, in its words.
        SearchDied: A worker process died.
    """
    now = ports.clock.now()
    async with ports.store.read() as tx:
        await _require_new(tx, asking, now)
    await _require_fit(ports, asking, now.date())
    entry = Entry(
        ports.secrets.mint("wai", now),
        asking.participant_id,
        asking.cohort_id,
        asking.asked_on,
        asking.earliest,
        asking.days,
        asking.note,
    )
    async with ports.store.write() as tx:
        await tx.programme.lock()  # of two who put somebody on the list, one is told
        await _require_new(tx, asking, now)
        await tx.waiting.add(entry, by, now)
        await tx.audit.note(now, by, "waiting.put_on", entry.participant_id, told(entry))
    return entry


async def _require_new(tx: Transaction, asking: Asking, now: Instant) -> None:
    """Refuse whom nobody knows, and who is in the cohort or on its list.

    Raises:
        NoProgramme: Nothing was imported yet.
        Missing: There is no such participant or cohort.
        Invalid: They cannot be put on the list; the message says why.
    """
    programme = await tx.programme.read()
    if programme is None:
        raise NoProgramme
    if asking.participant_id not in {each.id for each in programme.participants}:
        raise Missing
    cohort = _cohort(programme, asking)
    today = now.astimezone(ZoneInfo(cohort.zone)).date()
    why = _why_not(programme, cohort, asking, today)
    why = why or _why_not_again(await tx.waiting.open(), asking)
    if why:
        raise Invalid(why)


async def _require_fit(ports: Ports, asking: Asking, today: date) -> None:
    """Refuse whom the cohort could not take if it had a place, in the week they would begin.

    Where people join at certain days only, that is the week of the next such day.

    Raises:
        Invalid: It could not; each reason is in the message.
    """
    week = max(week_of(asking.earliest).monday, week_of(today).monday + _A_WEEK)
    who, cohort = asking.participant_id, asking.cohort_id
    found = await try_cohort(ports, who, cohort, Week(week))
    if found.opens is not None:
        found = await try_cohort(ports, who, cohort, week_of(found.opens))
    if found.against and not found.is_full:
        raise Invalid(
            f"{cohort} could not take {who} even with a place: " + " ".join(found.against)
        )


def _cohort(programme: Programme, asking: Asking) -> Cohort:
    for each in programme.cohorts:
        if each.id == asking.cohort_id:
            return each
    raise Missing


def _why_not(programme: Programme, cohort: Cohort, asking: Asking, today: date) -> str:
    """Why this cannot be asked for, in words; empty if it can."""
    who = asking.participant_id
    for each in programme.enrollments:
        is_theirs = (each.participant_id, each.cohort_id) == (who, cohort.id)
        if is_theirs and each.until > max(today, asking.earliest):
            return f"{who} is enrolled in {cohort.id} from {each.first} to {each.until}."
    if asking.asked_on > today:
        return f"{asking.asked_on} is still to come. Say since when they ask."
    others = [
        WEEKDAYS[each].capitalize() for each in asking.days if each not in cohort.days
    ]
    if others:
        return f"{cohort.id} does not meet on {' and '.join(others)}."
    return ""


def _why_not_again(entries: Sequence[Entry], asking: Asking) -> str:
    for each in entries:
        if (each.participant_id, each.cohort_id) == (
            asking.participant_id,
            asking.cohort_id,
        ):
            return (
                f"{each.participant_id} is on the waiting list of {each.cohort_id} since "
                f"{each.asked_on}."
            )
    return ""
