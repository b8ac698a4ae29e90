"""Which meetings cohorts have in a week: on their days, made up for, or held together."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from zoneinfo import ZoneInfo

from vioP.domain.arrangement import MakeUp, MovedMeeting
from vioP.domain.enrollment import Enrollment
from vioP.domain.ids import CohortId, ParticipantId, StaffId
from vioP.domain.program import Cohort
from vioP.domain.programme import Programme
from vioP.domain.session import due_day, made_up_key
from vioP.domain.time import Instant, WallTime, later, week_of
from vioP.planner.arranged import Arranged
from vioP.planner.minutes import minutes_of
from vioP.planner.problem import ProblemClinician, Span


@dataclass(frozen=True, slots=True)
class HeldMeeting:
    """A cohort's meeting in one week, with whoever of its facilitators can host it.

    Attributes:
        attendees: Whoever takes part, people of groups that join it included.
        instead_of: The day it is usually on, if it was moved.
        joined: The meetings of other cohorts that are held together with it.
        guests: The attendees who take part only because of that.
    """

    id: str
    cohort: Cohort
    day: date
    at: time
    starts: Instant
    ends: Instant
    hosts: tuple[StaffId, ...]
    attendees: tuple[ParticipantId, ...] = ()
    instead_of: date | None = None
    joined: tuple["HeldMeeting", ...] = ()
    guests: tuple[ParticipantId, ...] = ()

    @property
    def usual_day(self) -> date:
        """The day its cohort usually has it on."""
        return self.instead_of or self.day


def enrolled(programme: Programme) -> Mapping[CohortId, Sequence[Enrollment]]:
    """The enrollments of each cohort, of people the programme knows."""
    known = {each.id for each in programme.participants}
    found: dict[CohortId, list[Enrollment]] = {}
    for each in programme.enrollments:
        if each.participant_id in known:
            found.setdefault(each.cohort_id, []).append(each)
    return found


def attendees(enrollments: Iterable[Enrollment], day: date) -> tuple[ParticipantId, ...]:
    """Who of a cohort takes part on a day: computed, never stored."""
    return tuple(
        sorted({each.participant_id for each in enrollments if each.includes(day)})
    )


def held_meetings(
    arranged: Arranged, clinicians: Mapping[StaffId, ProblemClinician]
) -> tuple[tuple[HeldMeeting, ...], tuple[HeldMeeting, ...]]:
    """Every cohort's meetings of a week: those somebody can host, and those nobody can.

    A day that is made up for is held on the other day instead, once. A meeting that joins
    another one is held where that one is, and not at all where that one is not. One that has
    begun keeps its time and its hosts, whatever the programme has come to say since.
    """
    held: list[HeldMeeting] = []
    unheld: list[HeldMeeting] = []
    joining: list[tuple[CohortId, HeldMeeting]] = []
    for usual in planned_meetings(arranged):
        into = arranged.arrangements.joins(usual.cohort.id, usual.day)
        if into is not None:
            joining.append((into, usual))
            continue
        move = arranged.arrangements.moved_meeting(usual.cohort.id, usual.day)
        meeting = usual if move is None else _moved(arranged, usual, move)
        meeting = _as_told(arranged, meeting)
        lead = () if move is None or move.staff_id is None else (move.staff_id,)
        hosts = _hosts(arranged, meeting, clinicians, lead)
        if (
            meeting.id in arranged.begun
            or meeting.day not in arranged.programme.program.holidays
        ):
            stated = replace(meeting, hosts=hosts)
            (held if hosts else unheld).append(stated)
    unheld += _not_joined(arranged, held, joining)
    done = days_held(held)
    for make_up in arranged.arrangements.make_ups:
        missed = (make_up.cohort_id, make_up.instead_of)
        if week_of(make_up.instead_of) != arranged.week or missed in done:
            continue
        for meeting in made_up(arranged, make_up):
            as_told = _as_told(arranged, meeting)
            stated = replace(as_told, hosts=_hosts(arranged, as_told, clinicians))
            (held if stated.hosts else unheld).append(stated)
            done.add(missed)
    made = {(each.cohort_id, each.instead_of) for each in arranged.arrangements.make_ups}
    lost = [each for each in unheld if (each.cohort.id, each.usual_day) not in made & done]
    return tuple(held), tuple(lost)


def together(meeting: HeldMeeting, other: HeldMeeting) -> HeldMeeting:
    """A meeting that another one joins: with the people of both, whoever is in both once."""
    more = tuple(each for each in other.attendees if each not in meeting.attendees)
    return replace(
        meeting,
        attendees=tuple(sorted((*meeting.attendees, *more))),
        joined=(*meeting.joined, other),
        guests=(*meeting.guests, *more),
    )


def days_held(meetings: Iterable[HeldMeeting]) -> set[tuple[CohortId, date]]:
    """The cohorts' usual days that some meetings stand for, those held together included."""
    return {
        (each.cohort.id, each.usual_day)
        for meeting in meetings
        for each in (meeting, *meeting.joined)
    }


def _not_joined(
    arranged: Arranged,
    held: list[HeldMeeting],
    joining: Iterable[tuple[CohortId, HeldMeeting]],
) -> list[HeldMeeting]:
    """Hold meetings together with others that are held; those left, closed days apart."""
    closed = arranged.programme.program.holidays
    left = [meeting for into, meeting in joining if not _join(held, into, meeting)]
    return [each for each in left if each.day not in closed]


def _join(held: list[HeldMeeting], into: CohortId, meeting: HeldMeeting) -> bool:
    """Hold a meeting together with another cohort's of its day; whether that could be done.

    A file may have put one of them into another track since: Part 2 may lie between them now.
    """
    for number, each in enumerate(held):
        is_alike = each.cohort.track_id == meeting.cohort.track_id
        if is_alike and (each.cohort.id, each.usual_day) == (into, meeting.day):
            held[number] = together(each, meeting)
            return True
    return False


def planned_meetings(arranged: Arranged) -> Iterator[HeldMeeting]:
    """Every meeting that somebody is enrolled for, closed days included, without hosts.

    A day that has begun stays one, also where its cohort meets on other weekdays by now.
    """
    of_cohort = enrolled(arranged.programme)
    for cohort in arranged.programme.cohorts:
        days = {day: (starts, ends) for day, starts, ends in cohort.meetings(arranged.week)}
        for each in arranged.begun.values():
            day = due_day(each.key)
            if each.key == f"{cohort.id}:{day}":
                days.setdefault(day, (each.starts, each.ends))
        for day, (starts, ends) in sorted(days.items()):
            who = attendees(of_cohort.get(cohort.id, ()), day)
            if who:
                yield HeldMeeting(
                    f"{cohort.id}:{day}", cohort, day, cohort.at, starts, ends, (), who
                )


def _moved(arranged: Arranged, usual: HeldMeeting, move: MovedMeeting) -> HeldMeeting:
    """A meeting at the time it was moved to; it stays the same meeting for its people."""
    cohort = usual.cohort
    starts = WallTime(move.day.weekday(), move.at).on(arranged.week, ZoneInfo(cohort.zone))
    return replace(
        usual,
        day=move.day,
        at=move.at,
        starts=starts,
        ends=later(starts, cohort.length),
        instead_of=move.instead_of,
    )


def _as_told(arranged: Arranged, meeting: HeldMeeting) -> HeldMeeting:
    """A meeting at the time people know, if it has begun then or would have begun by now."""
    told, now = arranged.told.get(meeting.id), arranged.now
    if told is None or now is None or (told.starts > now and meeting.starts > now):
        return meeting
    promise, usual = told.promise, meeting.usual_day
    return replace(
        meeting,
        cohort=replace(meeting.cohort, zone=promise.zone, blocks=told.blocks),
        day=promise.day,
        at=promise.at,
        starts=told.starts,
        ends=told.ends,
        instead_of=None if promise.day == usual else usual,
    )


def made_up(arranged: Arranged, make_up: MakeUp) -> Iterator[HeldMeeting]:
    """The meeting that makes up for a day: whoever had that day, and is still enrolled."""
    enrollments = enrolled(arranged.programme).get(make_up.cohort_id, ())
    still = {each.participant_id for each in enrollments if each.covers(make_up.day)}
    for cohort in arranged.programme.cohorts:
        if cohort.id != make_up.cohort_id:
            continue
        starts = WallTime(make_up.day.weekday(), make_up.at).on(
            arranged.week, ZoneInfo(cohort.zone)
        )
        yield HeldMeeting(
            made_up_key(cohort.id, make_up.day, make_up.instead_of),
            cohort,
            make_up.day,
            make_up.at,
            starts,
            later(starts, cohort.length),
            (),
            tuple(
                each for each in attendees(enrollments, make_up.instead_of) if each in still
            ),
        )


def _hosts(
    arranged: Arranged,
    meeting: HeldMeeting,
    clinicians: Mapping[StaffId, ProblemClinician],
    lead: tuple[StaffId, ...] = (),
) -> tuple[StaffId, ...]:
    """The facilitators who work then, and whoever stands in for them on that day.

    Who hosts one that has begun comes first.
    """
    begun = arranged.begun.get(meeting.id)
    lead = (*(begun.staff if begun else ()), *lead)
    week = arranged.week
    span = (minutes_of(meeting.starts, week), minutes_of(meeting.ends, week))
    cohort = meeting.cohort
    others = arranged.arrangements.standing_in(cohort.id, meeting.day)
    return tuple(
        each
        for each in dict.fromkeys((*lead, *cohort.facilitators, *others))
        if each in clinicians and _is_open(clinicians[each].available, span)
    )


def _is_open(available: Iterable[Span], span: Span) -> bool:
    return any(start <= span[0] and span[1] <= end for start, end in available)
