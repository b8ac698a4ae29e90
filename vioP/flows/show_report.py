"""Show a report: what the sessions of some weeks add up to."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from vioP.domain.availability import local_day
from vioP.domain.care_taken import Kept, care_taken
from vioP.domain.errors import Invalid, NoProgramme
from vioP.domain.first_session import Waited, first_enrollments, waited
from vioP.domain.ids import CohortId, ParticipantId, TrackId
from vioP.domain.live import LiveSession
from vioP.domain.payer_units import PayerUnits, by_payer, counted
from vioP.domain.programme import Programme
from vioP.domain.report import Report, report, whole_weeks
from vioP.domain.time import Instant
from vioP.ports import Ports

USUAL = timedelta(weeks=8)
LONGEST = timedelta(weeks=13)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which days a report is wanted of.

    Attributes:
        first: Eight weeks before the last where it is left open.
        last: Today where it is left open.
        only_whole_weeks: Only the whole weeks within these days that are over.
    """

    first: date | None = None
    last: date | None = None
    only_whole_weeks: bool = False

    def days(self, today: date) -> tuple[date, date]:
        """The first and the last day, included.

        Raises:
            Invalid: The days are the wrong way round, more than a quarter of a year, or
                without a whole week where one is wanted.
        """
        last = self.last or today
        first = self.first or last - USUAL
        if last < first:
            raise Invalid(f"The last day, {last}, is before the first, {first}.")
        if last - first > LONGEST:
            raise Invalid("A report covers thirteen weeks at most. Choose fewer days.")
        if not self.only_whole_weeks:
            return first, last
        weeks = whole_weeks(first, last, today)
        if weeks is None:
            raise Invalid(
                "No whole week that is over lies in these days. Choose more days."
            )
        return weeks


@dataclass(frozen=True, slots=True)
class Shown:
    """A report with what the programme adds to it. It names nobody.

    Attributes:
        zone: Whose days these are.
        payers: Units and minutes of care, by payer.
        enrolled: How long people waited for their first session from the first day they
            were enrolled, of those enrolled within the days.
        asked: The same from the day they were asked to set up, of those asked within them.
        tracks: Which track each cohort belongs to.
    """

    first: date
    last: date
    zone: str
    report: Report
    payers: Mapping[str, PayerUnits]
    enrolled: Mapping[CohortId, Waited]
    asked: Mapping[CohortId, Waited]
    tracks: Mapping[CohortId, TrackId]


async def show_report(ports: Ports, asked: Asked) -> Shown:
    """What the sessions of some days of the program's zone add up to. It names nobody.

    Raises:
        Invalid: There is no report of these days; see ``Asked.days``.
        NoProgramme: None was imported yet.
    """
    now = ports.clock.now()
    async with ports.store.read() as tx:
        programme = await tx.programme.read()
        if programme is None:
            raise NoProgramme
        home = ZoneInfo(programme.program.zone)
        today = now.astimezone(home).date()
        first, last = asked.days(today)
        since, until = local_day(first, home)[0], local_day(last, home)[1]
        sessions = await tx.live.between(since, until)
        kept = Kept(
            await tx.care.blocks(since, until),
            await tx.care.confirmed_minutes(since, until),
        )
        invited = await tx.onboardings.invited(since, until)
    inside = [each for each in sessions if since <= each.starts < until]
    asked_on = {who: at.astimezone(home).date() for who, at in invited.items()}
    return await asyncio.to_thread(
        _shown, programme, inside, kept, (first, last), asked_on, now
    )


def _shown(
    programme: Programme,
    sessions: Sequence[LiveSession],
    kept: Kept,
    days: tuple[date, date],
    asked_on: Mapping[ParticipantId, date],
    now: Instant,
) -> Shown:
    taken = care_taken(sessions, kept, now)
    begun = first_enrollments(programme.enrollments)
    cohorts = {who: each.cohort_id for who, each in begun.items()}
    over = [each for each in sessions if each.ends <= now]
    today = now.astimezone(ZoneInfo(programme.program.zone)).date()
    ends = min(days[1], today)
    return Shown(
        first=days[0],
        last=days[1],
        zone=programme.program.zone,
        report=report(sessions, now),
        payers=by_payer(counted(taken, programme.authorizations, programme.payers)),
        enrolled=waited(
            {
                who: each.first
                for who, each in begun.items()
                if days[0] <= each.first <= ends
            },
            cohorts,
            over,
        ),
        asked=waited(
            {who: day for who, day in asked_on.items() if who in cohorts}, cohorts, over
        ),
        tracks={each.id: each.track_id for each in programme.cohorts},
    )
