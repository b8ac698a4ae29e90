"""Both files together: each checked by itself, then against the other, then believed."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import combinations
from typing import Any

from vioP.domain.enrollment import clashing_days
from vioP.domain.ids import ParticipantId
from vioP.domain.openings import Openings
from vioP.domain.people import Participant
from vioP.domain.program import WEEKDAYS, Cohort
from vioP.domain.programme import Programme
from vioP.files.people import Member, read_member
from vioP.files.problems import Notebook, ProblemsFound, nearest
from vioP.files.programme import Offer, read_offer
from vioP.files.rotation import amiss_in_cohort, foreign_turns
from vioP.files.rows import read_rows
from vioP.files.same_person import differing, merged
from vioP.files.source import Lines, Source, load

__all__ = ["Source", "load", "read_programme"]

# A whole year holds every change of clocks; which year hardly matters.
_ANY_YEAR = (date(2027, 1, 4), date(2028, 1, 3))


def read_programme(
    programme: Source,
    people: Source,
    *,
    invent_contacts: bool = False,
    today: date | None = None,
) -> Programme:
    """What two files say.

    Args:
        programme: The programme file, TOML.
        people: The participants file, CSV.
        invent_contacts: Make up addresses and phones that are not real, where none are given.
        today: Whoever begins on this day or later must do so where their cohort takes people;
            whoever began before is there already. Without it nobody is to begin.

    Raises:
        ProblemsFound: With every problem of both files; nothing may be imported.
    """
    offers, rows = Notebook(programme.name), Notebook(people.name)
    offer = read_offer(programme, offers, invent_contacts=invent_contacts)
    found = read_rows(people, rows)
    members: list[Member] = []
    if offer is not None:
        _check_offer(offer, Lines(programme.text), offers)
        members = [
            member
            for row in found
            if (member := read_member(row, offer, invent_contacts=invent_contacts))
        ]
        _check_members(offer, members, today)
    problems = (*offers.found, *rows.found)
    if problems or offer is None:
        raise ProblemsFound(tuple(dict.fromkeys(problems)))
    return _programme(offer, members)


def _programme(offer: Offer, members: Sequence[Member]) -> Programme:
    """The value, in the order in which the database gives it back."""

    def by_id(things: Iterable[Any]) -> tuple[Any, ...]:
        unique = {each.id: each for each in things}
        return tuple(unique[key] for key in sorted(unique))

    people: dict[ParticipantId, Participant] = {}
    for each in members:
        person = each.participant
        known = people.get(person.id)
        people[person.id] = merged(known, person) if known else person

    return Programme(
        program=offer.program,
        tracks=by_id(offer.tracks),
        payers=by_id(offer.payers),
        staff=by_id(offer.staff),
        cohorts=by_id(offer.cohorts),
        participants=by_id(people.values()),
        enrollments=by_id(each.enrollment for each in members),
        service_plans=by_id(plan for each in members for plan in each.plans),
        authorizations=by_id(each.authorization for each in members if each.authorization),
    )


def _check_offer(offer: Offer, lines: Lines, notes: Notebook) -> None:
    """What tracks and cohorts refer to, and facilitators in two places at once."""
    for number, track in enumerate(offer.tracks):
        for what, remedy in foreign_turns(track.rotation, track):
            line = lines.of("track", number, "rotation")
            notes.note(line, "track.rotation", what, remedy)
    for number, cohort in enumerate(offer.cohorts):
        own = [each for each in offer.tracks if each.id == cohort.track_id]
        unfit = (one for track in own for one in amiss_in_cohort(cohort, track))
        for key, what, remedy in (*_dangling(offer, cohort), *unfit):
            notes.note(lines.of("cohort", number, key), f"cohort.{key}", what, remedy)
    for (_, one), (second, other) in combinations(enumerate(offer.cohorts), 2):
        shared = set(one.facilitators) & set(other.facilitators)
        if shared and (days := _clashes(one, other, *_ANY_YEAR)):
            notes.note(
                lines.of("cohort", second, "facilitators"),
                "cohort.facilitators",
                f"{', '.join(sorted(shared))} would host {one.id} and {other.id} at the same "
                f"time on {days}.",
                "Give one of them another facilitator.",
            )


def _dangling(offer: Offer, cohort: Cohort) -> Iterator[tuple[str, str, str]]:
    """What a cohort refers to and is not there: the key, what is wrong, the remedy."""
    tracks = sorted(each.id for each in offer.tracks)
    staff = {each.id: each for each in offer.staff}
    if cohort.track_id not in tracks:
        yield (
            "track",
            f"there is no track “{cohort.track_id}”.",
            f"Use one of {', '.join(tracks)}.",
        )
    phases = [p.name for t in offer.tracks if t.id == cohort.track_id for p in t.phases]
    for each in cohort.phases:
        if each not in phases:
            what = f"“{each}” is no phase of {cohort.track_id}."
            yield "phases", what, nearest(each, phases, "Leave phases out.")
    if not cohort.facilitators:
        yield "facilitators", "is empty.", "Name at least one clinician."
    for each in cohort.facilitators:
        if each not in staff or not staff[each].role.is_clinician:
            what = f"“{each}” is no clinician of this programme."
            yield "facilitators", what, "Name a therapist or prescriber."
    if cohort.coordinator_id is not None and cohort.coordinator_id not in staff:
        what = f"“{cohort.coordinator_id}” does not work here."
        yield "coordinator", what, "Name a member of staff."


def _check_members(offer: Offer, members: Sequence[Member], today: date | None) -> None:
    """What rows show together, or beside what is offered."""
    if today is not None:
        _check_first_days(
            offer, [each for each in members if each.enrollment.first >= today]
        )
    by_person: dict[str, list[Member]] = {}
    for member in members:
        by_person.setdefault(member.participant.id, []).append(member)
    for rows in by_person.values():
        _check_person(offer, rows)
    if offer.program.policy.coverage == "any":
        _check_coverage(offer, members)


def _check_first_days(offer: Offer, members: Sequence[Member]) -> None:
    tracks = {each.id: each for each in offer.tracks}
    closed = frozenset(offer.program.holidays)
    ways = {
        each.id: Openings(each, tracks.get(each.track_id), closed) for each in offer.cohorts
    }
    for member in members:
        found = ways[member.enrollment.cohort_id].against(member.enrollment.first)
        if found is not None:
            member.row.note("start_date", found.why, found.remedy)


def _check_person(offer: Offer, rows: Sequence[Member]) -> None:
    cohorts = {each.id: each for each in offer.cohorts}
    for one, other in combinations(rows, 2):
        name = other.participant.id
        if one.enrollment.id == other.enrollment.id:
            other.row.note("id", f"{name} is there twice.", "Keep one row per cohort.")
            continue
        if columns := differing(one.participant, other.participant):
            what = f"two rows of {name} differ in {', '.join(columns)}."
            other.row.note("id", what, "Make them agree.")
        first = max(one.enrollment.first, other.enrollment.first)
        until = min(one.enrollment.until, other.enrollment.until)
        mine, theirs = (
            cohorts[one.enrollment.cohort_id],
            cohorts[other.enrollment.cohort_id],
        )
        if days := _clashes(mine, theirs, first, until):
            other.row.note(
                "cohort",
                f"{name} is in {mine.id} and {theirs.id}, which meet at the same time on {days}.",
                "Choose one of the two, or attend the second on other days only.",
            )


def _clashes(one: Cohort, other: Cohort, first: date, until: date) -> str:
    """The weekdays on which two cohorts meet at the same time, in words."""
    days = clashing_days(one, other, first, until)
    return " and ".join(WEEKDAYS[day].capitalize() for day in days)


def _check_coverage(offer: Offer, members: Sequence[Member]) -> None:
    staff = {each.id: each for each in offer.staff}
    cohorts = {each.id: each for each in offer.cohorts}
    for member in members:
        cohort = cohorts[member.enrollment.cohort_id]
        states = {
            licence.state
            for each in cohort.facilitators
            if each in staff
            for licence in staff[each].licences
        }
        if states and member.participant.state not in states:
            member.row.note(
                "cohort",
                f"no facilitator of {cohort.id} holds a licence for {member.participant.state}.",
                "Choose another cohort, or add the licence.",
            )
