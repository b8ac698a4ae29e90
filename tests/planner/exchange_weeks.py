"""Weeks in the exchange format, made up so that a plan with nothing left out exists.

A hidden week is drawn first: groups where people can come together, and appointments where
both are free. Participants and clinicians are then given hours around it.
"""

from dataclasses import dataclass, field
from random import Random  # noqa: TID251 - made-up weeks want to be repeatable
from typing import Any

GRID, DAY, WEEK = 30, 1440, 10080
STATES = (
    ("NY", 0.12, 0), ("FL", 0.10, 0), ("PA", 0.08, 0), ("NC", 0.07, 0), ("GA", 0.07, 0),
    ("TX", 0.14, 1), ("IL", 0.08, 1), ("MN", 0.06, 1), ("CO", 0.06, 2), ("AZ", 0.06, 2),
    ("CA", 0.10, 3), ("WA", 0.06, 3),
)  # fmt: skip
LATER = {name: hours * 60 for name, _, hours in STATES}
COMPACT = ("PA", "NC", "GA", "TX", "IL", "MN", "CO", "AZ", "WA")
# Each track: its core groups, its process group, and what some take beside.
TRACKS = (
    ("depression", ("core-dep",), "process-mood", ("mindful", "skills")),
    ("anxiety", ("core-anx",), "process-mood", ("exposure", "mindful")),
    ("trauma", ("core-stab", "core-proc"), "process-trauma", ("skills", "mindful")),
    ("bipolar", ("core-bip",), "process-mood", ("mindful", "family")),
    ("dual", ("core-dual",), "process-dual", ("relapse", "family")),
    ("borderline", ("core-dbt",), "process-mood", ("skills", "family")),
)
# Small programs have fewer tracks.
FEW, FEW_TRACKS = 100, 2
# Meetings a week, minutes, capacity, minimum.
MODULES = {
    "core-dep": (3, 120, 12, 6),
    "core-anx": (3, 120, 12, 6),
    "core-stab": (3, 120, 8, 4),
    "core-proc": (3, 120, 8, 4),
    "core-bip": (3, 120, 10, 5),
    "core-dual": (3, 120, 12, 6),
    "core-dbt": (3, 120, 10, 5),
    "process-mood": (3, 60, 10, 5),
    "process-trauma": (3, 60, 8, 4),
    "process-dual": (3, 60, 10, 5),
    "mindful": (2, 90, 12, 6),
    "skills": (2, 90, 12, 6),
    "exposure": (2, 90, 8, 4),
    "relapse": (2, 90, 12, 6),
    "family": (1, 90, 12, 5),
}
DAYSETS = {
    3: ((0, 2, 4), (1, 3, 5), (0, 1, 3), (1, 2, 3), (0, 2, 3), (1, 3, 4)),
    2: ((0, 2), (1, 3), (2, 4), (0, 3), (1, 4), (1, 5)),
    1: ((0,), (1,), (2,), (3,), (4,), (5,)),
}
STARTS = tuple(range(8 * 60, 22 * 60, 60))
WEIGHTS = {
    "missing_group": 3, "missing_appointment": 1, "preferred_group": 1,
    "preferred_appointment": 2, "participant_day": 3, "participant_idle": 1,
    "group_continuity": 15, "continuity_therapist": 20, "continuity_prescriber": 10,
    "same_time": 2, "clinician_idle": 1, "clinician_idle_free": 2, "clinician_day": 1,
    "under_minimum": 5, "fairness": 1, "moved": 6,
}  # fmt: skip

Spans = list[list[int]]


@dataclass
class _Person:
    id: str
    state: str
    modules: list[str]
    language: str
    hours: Spans
    busy: Spans = field(default_factory=list)

    def can(self, spans: Spans) -> bool:
        return all(
            _inside(each, self.hours) and not _meets(each, self.busy) for each in spans
        )


@dataclass
class _Clinician:
    id: str
    role: str
    states: set[str]
    busy: Spans = field(default_factory=list)
    language: str = "en"

    def can(self, spans: Spans) -> bool:
        busy = [*self.busy, *spans]
        return (
            not any(_meets(each, self.busy) for each in spans)
            and sum(b - a for a, b in busy) <= 1500
            and all(
                sum(b - a for a, b in busy if a // DAY == day) <= 400
                for day in {a // DAY for a, _ in spans}
            )
        )


def make_week(people: int, seed: int = 1, *, weekly: bool = False) -> dict[str, Any]:
    """A problem as JSON; a weekly one knows what most people had the week before."""
    return _Maker(people, Random(seed * 7919 + people)).make(weekly)  # noqa: S311


class _Maker:
    def __init__(self, people: int, dice: Random) -> None:
        self.dice, self.count = dice, people
        self.people = [self._person(number) for number in range(people)]
        self.staff: list[_Clinician] = []
        self.groups: list[dict[str, Any]] = []
        self.places: dict[tuple[str, str], str] = {}
        self.needs: list[dict[str, Any]] = []
        self.hidden: dict[str, tuple[str, int]] = {}

    def make(self, weekly: bool) -> dict[str, Any]:
        for module in MODULES:
            for language in ("en", "es"):
                self._hold(module, language)
        for who in self.people:
            for role in ["therapist"] + ["prescriber"] * (self.dice.random() < 0.35):
                self._meet(who, role)
        hours = {each.id: self._hours(each) for each in self.staff}
        people = [self._stated(each, weekly) for each in self.people]
        return {
            "format": "viop-week-problem/1",
            "name": f"{'weekly' if weekly else 'cold'}-{len(people)}",
            "grid": GRID,
            "minutes": WEEK,
            "rooms": self._rooms(),
            "weights": dict(WEIGHTS),
            "clinicians": [
                {
                    "id": each.id, "role": each.role, "states": sorted(each.states),
                    "languages": sorted({"en", each.language}), "available": hours[each.id],
                    "max_day": 420, "max_week": 1680,
                }
                for each in self.staff
            ],
            "groups": self.groups,
            "participants": people,
            "appointments": self._appointments(weekly),
            "published": None,
        }  # fmt: skip

    def _person(self, number: int) -> _Person:
        dice = self.dice
        state = dice.choices([s for s, _, _ in STATES], [w for _, w, _ in STATES])[0]
        kind = dice.choices(("evening", "day", "student"), (0.4, 0.4, 0.2))[0]
        first, last = {"evening": (17, 22), "day": (8, 16), "student": (14, 21)}[kind]
        hours = [[day * DAY + first * 60, day * DAY + last * 60] for day in range(6)]
        later = LATER[state]
        hours = [[a + later, min(b + later, (a // DAY + 1) * DAY)] for a, b in hours]
        tracks = TRACKS if self.count >= FEW else TRACKS[:FEW_TRACKS]
        _, cores, process, beside = dice.choice(tracks)
        modules = [dice.choice(cores), process]
        modules += dice.choice(([], [], [beside[0]], [beside[1]], list(beside)))
        language = "es" if dice.random() < 0.05 else "en"
        return _Person(f"p{number}", state, modules, language, hours)

    def _hold(self, module: str, language: str) -> None:
        meetings, minutes, capacity, minimum = MODULES[module]
        todo = [p for p in self.people if module in p.modules and p.language == language]
        patterns = [
            [[day * DAY + at, day * DAY + at + minutes] for day in days]
            for days in DAYSETS[meetings]
            for at in STARTS
            if at + minutes <= DAY
        ]
        while todo:
            tried = self.dice.sample(patterns, min(40, len(patterns)))
            near = todo[:200]
            spans = max(tried, key=lambda each: sum(p.can(each) for p in near))
            can = [p for p in near if p.can(spans)][: capacity - 1]
            if not can:
                todo[0].modules.remove(module)
                todo.pop(0)
                continue
            lead = self._find(spans, {p.state for p in can}, "therapist", language)
            group = f"g{len(self.groups)}"
            self.groups.append(
                {
                    "id": group, "module": module, "language": language, "meetings": spans,
                    "capacity": capacity, "minimum": minimum, "facilitators": [lead.id],
                }
            )  # fmt: skip
            for who in can:
                who.busy += spans
                self.places[who.id, module] = group
            todo = [p for p in todo if p not in can]

    def _meet(self, who: _Person, role: str) -> None:
        minutes = 60 if role == "therapist" else 30
        starts = [
            at for a, b in who.hours for at in range(a, b - minutes + 1, GRID)
            if not _meets([at, at + minutes], who.busy)
        ]  # fmt: skip
        if not starts:
            return
        start = self.dice.choice(starts)
        span = [start, start + minutes]
        giver = self._find([span], {who.state}, role, who.language)
        who.busy.append(span)
        need = f"a{len(self.needs)}"
        self.hidden[need] = (giver.id, start)
        self.needs.append(
            {"id": need, "participant": who.id, "role": role, "minutes": minutes}
        )

    def _find(self, spans: Spans, states: set[str], role: str, language: str) -> _Clinician:
        tried = self.dice.sample(self.staff, min(60, len(self.staff)))
        fit = [
            each for each in tried
            if each.role == role and states <= each.states and each.can(spans)
            and language in {"en", each.language}
        ]  # fmt: skip
        if fit:
            found = self.dice.choice(fit)
        else:
            licences = {*states, self.dice.choice(STATES)[0]}
            if licences & set(COMPACT):
                licences |= set(COMPACT)
            found = _Clinician(f"c{len(self.staff)}", role, licences, language=language)
            self.staff.append(found)
        found.busy += spans
        return found

    def _hours(self, who: _Clinician) -> Spans:
        """A shift around each day's work."""
        hours = []
        for day in sorted({a // DAY for a, _ in who.busy}):
            spans = [each for each in who.busy if each[0] // DAY == day]
            first = min(a for a, _ in spans) - self.dice.choice((0, 30, 60, 120))
            last = max(b for _, b in spans) + self.dice.choice((0, 60, 120, 180))
            hours.append([max(first, day * DAY), min(last, (day + 1) * DAY)])
        return hours

    def _stated(self, who: _Person, weekly: bool) -> dict[str, Any]:
        evening = [[a, b] for a, b in who.hours if self.dice.random() < 0.8]
        stays = weekly and self.dice.random() < 0.88
        return {
            "id": who.id, "state": who.state, "language": who.language,
            "available": who.hours, "preferred": evening, "modules": who.modules,
            "previous_groups": {
                m: self.places[who.id, m] for m in who.modules if stays
            },
            "max_day": 420,
        }  # fmt: skip

    def _appointments(self, weekly: bool) -> list[dict[str, Any]]:
        found = []
        for need in self.needs:
            giver, start = self.hidden[need["id"]]
            stays = weekly and self.dice.random() < 0.88
            same = stays and self.dice.random() < 0.9
            found.append(
                {
                    **need, "primary": giver if stays else None,
                    "previous_start": start if same else None, "pinned": None,
                }
            )  # fmt: skip
        return found

    def _rooms(self) -> int:
        use = [0] * (WEEK // GRID)
        spans = [each for group in self.groups for each in group["meetings"]]
        lengths = {each["id"]: each["minutes"] for each in self.needs}
        spans += [[at, at + lengths[need]] for need, (_, at) in self.hidden.items()]
        for a, b in spans:
            for slot in range(a // GRID, b // GRID):
                use[slot] += 1
        return max(use) + 1


def _inside(span: list[int], hours: Spans) -> bool:
    return any(a <= span[0] and span[1] <= b for a, b in hours)


def _meets(span: list[int], spans: Spans) -> bool:
    return any(a < span[1] and span[0] < b for a, b in spans)
