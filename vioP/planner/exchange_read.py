"""Read ``viop-week-problem/1``: everything wrong with it is named at once.

A problem comes from outside, so nothing about it is believed: what is missing, of the wrong
kind, out of its range or speaks of somebody unknown is told with where it stands.
"""

from collections.abc import Mapping, Sequence
from dataclasses import fields

from vioP.domain.errors import Invalid
from vioP.planner.exchange import (
    PLAN_FORMAT,
    PROBLEM_FORMAT,
    ExchangeAppointment,
    ExchangeClinician,
    ExchangeGroup,
    ExchangeParticipant,
    ExchangeProblem,
    Told,
    Weights,
)
from vioP.planner.exchange_fields import FOUR_WEEKS, Fields, shown

_A_DAY = 1440


class MalformedProblem(Invalid):
    """This is not a week problem, or a plan, that can be read."""

    code = "plan.problem_malformed"

    def __init__(self, found: Sequence[str]) -> None:
        super().__init__("\n".join(found))
        self.found = tuple(found)


def read_problem(data: object) -> ExchangeProblem:
    """A problem from what a JSON file holds.

    Raises:
        MalformedProblem: With every mistake and where it is; mend them all and try again.
    """
    notes: list[str] = []
    top = Fields("", data, notes)
    if not isinstance(data, Mapping):
        raise MalformedProblem(["The problem must be a JSON object."])
    if data.get("format") != PROBLEM_FORMAT:
        notes.append(f"format: must be {PROBLEM_FORMAT!r}, not {data.get('format')!r}.")
    grid = top.number("grid", least=1, most=_A_DAY)
    problem = ExchangeProblem(
        name=top.text("name"),
        grid=grid,
        minutes=top.number("minutes", least=_A_DAY, most=FOUR_WEEKS),
        rooms=top.number("rooms", least=0),
        weights=_weights(top),
        clinicians=top.each("clinicians", _clinician),
        groups=top.each("groups", _group),
        participants=top.each("participants", _participant),
        appointments=top.each("appointments", _appointment),
        published=_published(top, data.get("published")),
    )
    if not notes:
        notes += _contradictions(problem)
    if notes:
        raise MalformedProblem(notes)
    return problem


def read_plan(data: object) -> Told:
    """A plan from what a JSON file holds.

    Raises:
        MalformedProblem: It is no plan; every mistake is named.
    """
    notes: list[str] = []
    if not isinstance(data, Mapping):
        raise MalformedProblem(["The plan must be a JSON object."])
    if data.get("format") != PLAN_FORMAT:
        notes.append(f"format: must be {PLAN_FORMAT!r}, not {data.get('format')!r}.")
    plan = _told(Fields("", data, notes))
    if notes:
        raise MalformedProblem(notes)
    return plan


def _weights(top: Fields) -> Weights:
    given = top.mapping("weights")
    reader = Fields("weights", given, top.notes)
    names = [each.name for each in fields(Weights)]
    top.notes.extend(
        f"weights: there is no wish called {each!r}." for each in given if each not in names
    )
    return Weights(
        **{each: reader.number(each, most=10_000) for each in names if each in given}
    )


def _clinician(reader: Fields) -> ExchangeClinician:
    return ExchangeClinician(
        id=reader.text("id"),
        role=reader.role(),
        states=frozenset(reader.texts("states")),
        languages=frozenset(reader.texts("languages")),
        available=reader.spans("available"),
        max_day=reader.number("max_day"),
        max_week=reader.number("max_week"),
    )


def _group(reader: Fields) -> ExchangeGroup:
    return ExchangeGroup(
        id=reader.text("id"),
        module=reader.text("module"),
        language=reader.text("language"),
        meetings=reader.spans("meetings"),
        capacity=reader.number("capacity"),
        minimum=reader.number("minimum"),
        facilitators=reader.texts("facilitators"),
    )


def _participant(reader: Fields) -> ExchangeParticipant:
    previous = reader.mapping("previous_groups")
    return ExchangeParticipant(
        id=reader.text("id"),
        state=reader.text("state"),
        language=reader.text("language"),
        available=reader.spans("available"),
        preferred=reader.spans("preferred"),
        modules=reader.texts("modules"),
        previous_groups={
            module: group for module, group in previous.items() if isinstance(group, str)
        },
        max_day=reader.number("max_day"),
    )


def _appointment(reader: Fields) -> ExchangeAppointment:
    primary = reader.get("primary", None)
    return ExchangeAppointment(
        id=reader.text("id"),
        participant=reader.text("participant"),
        role=reader.role(),
        minutes=reader.number("minutes", least=1, most=_A_DAY),
        primary=None if primary is None else reader.text("primary"),
        previous_start=reader.minute("previous_start"),
        pinned=reader.clinician_and_start("pinned"),
    )


def _published(top: Fields, value: object) -> Told | None:
    if value is None:
        return None
    reader = Fields("published", value, top.notes)
    if not isinstance(value, Mapping):
        top.notes.append(f"published: must be an object or null, not {shown(value)}.")
        return None
    return _told(reader)


def _told(reader: Fields) -> Told:
    groups: dict[tuple[str, str], str] = {}
    for participant, chosen in reader.mapping("groups").items():
        if not isinstance(chosen, Mapping):
            reader.notes.append(
                f"{reader.where or 'plan'}: groups: {participant}: no object."
            )
            continue
        groups |= {(participant, m): g for m, g in chosen.items() if isinstance(g, str)}
    placed = reader.mapping("appointments")
    inner = Fields(f"{reader.where or 'plan'}: appointments", placed, reader.notes)
    appointments = {
        need: at for need in placed if (at := inner.clinician_and_start(need)) is not None
    }
    return Told(groups, appointments)


def _contradictions(problem: ExchangeProblem) -> list[str]:
    """What is well formed and speaks of somebody or something that is not there."""
    clinicians = {each.id for each in problem.clinicians}
    people = {each.id for each in problem.participants}
    notes = []
    if _A_DAY % problem.grid:
        notes.append(f"grid: {problem.grid} minutes do not divide a day.")
    if problem.minutes % problem.grid:
        notes.append(f"minutes: must be a multiple of the grid, not {problem.minutes}.")
    for group in problem.groups:
        where = f"groups {group.id}"
        notes += [
            f"{where}: facilitators: there is no clinician {each}."
            for each in group.facilitators
            if each not in clinicians
        ]
        notes += [
            f"{where}: meetings: {list(each)} lies outside the week."
            for each in group.meetings
            if each[1] > problem.minutes
        ]
    for need in problem.appointments:
        where = f"appointments {need.id}"
        if need.participant not in people:
            notes.append(f"{where}: there is no participant {need.participant}.")
        if need.pinned is not None and need.pinned[0] not in clinicians:
            notes.append(f"{where}: pinned: there is no clinician {need.pinned[0]}.")
    return notes
