"""The page of one cohort: its places week by week, who is in it, and who waits for it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from aiohttp import web

from vioP.domain.enrollment import Enrollment
from vioP.domain.errors import Missing
from vioP.domain.openings import openings
from vioP.domain.places import places_of
from vioP.domain.program import WEEKDAYS, Cohort
from vioP.domain.programme import Programme
from vioP.domain.session import LeftBehind
from vioP.domain.time import Instant
from vioP.domain.waiting import with_offers
from vioP.flows.show import show_left_behind, show_programme
from vioP.flows.show_waiting import WaitingList, show_waiting
from vioP.web.cohort_forms import Form, Refused, Tried
from vioP.web.cohort_news import CohortNews, cohort_news
from vioP.web.curriculum import Curriculum, curriculum, this_week
from vioP.web.forms import day_field
from vioP.web.keys import PORTS
from vioP.web.named import named, names_of
from vioP.web.pages import render
from vioP.web.place_lines import WeekLine, place_weeks
from vioP.web.problems import status_of
from vioP.web.waiting_lines import WaitingLine, days_in_words, waiting_lines


@dataclass(frozen=True, slots=True)
class CohortLine:
    """One cohort in the list.

    Attributes:
        seats: How many are enrolled today, of how many places.
        waiting: How many wait for it.
        module: What it is taught this week.
    """

    id: str
    days: str
    at: str
    zone: str
    seats: str
    waiting: int
    module: str


@dataclass(frozen=True, slots=True)
class MemberLine:
    """One participant of a cohort, whose stretch there is not over.

    Attributes:
        elsewhere: In which other cohorts they are.
    """

    id: str
    name: str
    place: str
    zone: str
    first: date
    until: date
    therapist: str
    elsewhere: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CohortPage:
    """A cohort: when it meets, its places, who is in it, who waits, and what its forms show.

    Attributes:
        minimum: So many it needs to be held.
        weekdays: Those it meets on, and whether they are ticked for whoever waits.
        chosen: Who is to be enrolled, discharged or put on the list.
        named: What the chosen one is called.
        enrolling: What the fields of the form to enroll show.
        asking: The same of the form to put somebody on the list.
        refused: What was wanted last and could not be.
        news: Who left or joined just now.
    """

    cohort: CohortLine
    minimum: int
    facilitators: tuple[str, ...]
    weeks: tuple[WeekLine, ...]
    members: tuple[MemberLine, ...]
    others: tuple[tuple[str, str], ...]
    waiting: tuple[WaitingLine, ...]
    weekdays: tuple[tuple[int, str, bool], ...]
    chosen: str
    named: str
    today: date
    enrolling: Mapping[str, str]
    asking: Mapping[str, str]
    last: str
    refused: Refused | None
    curriculum: Curriculum
    news: CohortNews


async def cohort_page(
    request: web.Request,
    cohort_id: str,
    asked: Mapping[str, str],
    tried: Tried | None = None,
) -> web.Response:
    """One cohort as it stands.

    Args:
        request: Who asks.
        cohort_id: Which cohort.
        asked: Whom an address names, and on which days.
        tried: What was asked for last and is refused.

    Raises:
        Missing: There is no such cohort.
    """
    ports = request.app[PORTS]
    programme = await show_programme(ports)
    cohort = next((each for each in programme.cohorts if each.id == cohort_id), None)
    if cohort is None:
        raise Missing
    lists = [each for each in await show_waiting(ports) if each.cohort_id == cohort_id]
    now = ports.clock.now()
    behind = await show_left_behind(ports) if "left" in asked else ()
    page = _page(programme, cohort, (lists, behind), now, asked, tried)
    status = status_of(tried.error) if tried else 200
    return render(request, "cohort", page, status=status)


def cohort_lines(
    programme: Programme, lists: Iterable[WaitingList], now: Instant
) -> tuple[CohortLine, ...]:
    """Every cohort in a line."""
    waiting = {each.cohort_id: len(each.turns) for each in lists}
    return tuple(
        _cohort_line(programme, each, today_of(each, now), waiting.get(each.id, 0))
        for each in programme.cohorts
    )


def today_of(cohort: Cohort, now: Instant) -> date:
    """The present day where a cohort is."""
    return now.astimezone(ZoneInfo(cohort.zone)).date()


def _cohort_line(
    programme: Programme, cohort: Cohort, today: date, waiting: int
) -> CohortLine:
    most = min(cohort.capacity, programme.program.policy.group_max)
    inside = sum(each.first <= today < each.until for each in _of(programme, cohort))
    return CohortLine(
        id=cohort.id,
        days=days_in_words(cohort.days),
        at=f"{cohort.at:%H:%M}",
        zone=cohort.zone,
        seats=f"{inside} of {most}",
        waiting=waiting,
        module=this_week(openings(programme, cohort), today),
    )


def _of(programme: Programme, cohort: Cohort) -> list[Enrollment]:
    """The enrollments of a cohort, of people the programme knows."""
    known = {each.id for each in programme.participants}
    return [
        each
        for each in programme.enrollments
        if each.cohort_id == cohort.id and each.participant_id in known
    ]


def _page(
    programme: Programme,
    cohort: Cohort,
    beside: tuple[list[WaitingList], Sequence[LeftBehind]],
    now: Instant,
    asked: Mapping[str, str],
    tried: Tried | None,
) -> CohortPage:
    lists, behind = beside
    today = today_of(cohort, now)
    people: dict[str, str] = {each.id: each.name for each in programme.participants}
    staff = {each.id: each.name for each in programme.staff}
    members = _members(programme, cohort, today)
    tomorrow = today + timedelta(days=1)
    # Whoever was in it may come back, also on the day on which they were discharged.
    inside = {member.id for member in members if member.until > tomorrow}
    refused = _refused(programme, tried) if tried else None
    waiting = tuple(line for each in lists for line in waiting_lines(each, refused))
    enrolling = tried.into(Form.ENROLL) if tried else {}
    asking = tried.into(Form.WAIT) if tried else {}
    leaving = tried.into(Form.DISCHARGE) if tried else {}
    chosen = (enrolling or asking or asked).get("participant", "")
    policy = programme.program.policy
    own = _of(programme, cohort)
    held = places_of(cohort, policy.group_max, own)
    taught = curriculum(openings(programme, cohort), today)
    first = enrolling.get("first", f"{_day(asked, 'first', taught.opens or today)}")
    offers = [turn.entry for each in lists for turn in each.turns]
    return CohortPage(
        cohort=_cohort_line(programme, cohort, today, len(waiting)),
        minimum=policy.group_min,
        facilitators=tuple(staff.get(each, each) for each in cohort.facilitators),
        weeks=tuple(
            place_weeks(held, with_offers(held, offers, today), own, people, today)
        ),
        members=members,
        others=tuple((key, name) for key, name in people.items() if key not in inside),
        waiting=waiting,
        weekdays=tuple(
            (each, WEEKDAYS[each].capitalize(), f"on-{each}" in asking)
            for each in cohort.days
        ),
        chosen=chosen,
        named=people.get(chosen, chosen),
        today=today,
        enrolling={"first": first, "until": enrolling.get("until", "")},
        asking={"asked_on": f"{today}", "earliest": first, "note": ""} | asking,
        last=leaving.get("last", f"{_day(asked, 'last', today)}"),
        refused=refused,
        curriculum=taught,
        news=cohort_news(programme, cohort, asked, behind, today),
    )


def _refused(programme: Programme, tried: Tried) -> Refused:
    """Why something was refused, with names where the flow knows identifiers."""
    said = named(str(tried.error), names_of(programme))
    cohorts = "|".join(re.escape(each.id) for each in programme.cohorts)
    return Refused(
        tried, re.sub(rf"\b(?:{cohorts})\b", lambda found: found[0].capitalize(), said)
    )


def _day(asked: Mapping[str, str], name: str, otherwise: date) -> date:
    return day_field(asked, name) if name in asked else otherwise


def _members(programme: Programme, cohort: Cohort, today: date) -> tuple[MemberLine, ...]:
    people = {each.id: each for each in programme.participants}
    staff = {each.id: each.name for each in programme.staff}
    therapist = {
        each.participant_id: staff.get(each.staff_id, each.staff_id)
        for each in programme.service_plans
        if each.kind == "individual"
    }
    members = [
        MemberLine(
            id=each.participant_id,
            name=people[each.participant_id].name,
            place=f"{people[each.participant_id].city}, {people[each.participant_id].state}",
            zone=people[each.participant_id].zone,
            first=each.first,
            until=each.until,
            therapist=therapist.get(each.participant_id, ""),
            elsewhere=tuple(
                sorted(
                    {
                        other.cohort_id.capitalize()
                        for other in programme.enrollments
                        if other.participant_id == each.participant_id
                        and other.cohort_id != cohort.id
                        and other.until > today
                    }
                )
            ),
        )
        for each in _of(programme, cohort)
        if each.until > today
    ]
    return tuple(sorted(members, key=lambda each: each.name))
