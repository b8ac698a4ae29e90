"""PROGRAMME.toml: the program, its tracks, cohorts, payers and staff."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from vioP.domain.ids import ProgramId, StaffId, TrackId
from vioP.domain.people import Staff, StaffRole
from vioP.domain.program import (
    Cadence,
    Cohort,
    EnrollmentMode,
    Payer,
    Phase,
    Policy,
    Program,
    Track,
)
from vioP.files.cohort import read_cohort
from vioP.files.policy import days_a_week, read_policy
from vioP.files.problems import Notebook, nearest
from vioP.files.rotation import read_mode, read_turns
from vioP.files.source import Lines, Source
from vioP.files.staff import hours_of, licences_of
from vioP.files.table import Table

_TABLES = ("programme", "policy", "track", "cohort", "cadence", "payer", "staff")
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_KINDS = ("individual", "psychiatry", "family")


@dataclass(frozen=True, slots=True)
class Offer:
    """What the programme file says."""

    program: Program
    tracks: tuple[Track, ...]
    cohorts: tuple[Cohort, ...]
    payers: tuple[Payer, ...]
    staff: tuple[Staff, ...]


def read_offer(source: Source, notes: Notebook, *, invent_contacts: bool) -> Offer | None:
    """What a programme file says; problems go to the notebook.

    Returns:
        The offer, or nothing when the file is no TOML at all.
    """
    try:
        data = tomllib.loads(source.text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        line = _line_of(str(error))
        notes.note(line, "file", f"is not TOML ({error}).", "Mend the line.")
        return None
    return _Reader(data, Lines(source.text), notes, invent_contacts).read()


def _line_of(message: str) -> int:
    words = message.replace(",", " ").split()
    return int(words[words.index("line") + 1]) if "line" in words else 1


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads the tables one after the other.

    Attributes:
        modes: When people may join the cohorts of each track, where these say nothing.
    """

    data: Mapping[str, Any]
    lines: Lines
    notes: Notebook
    invent: bool
    modes: dict[str, EnrollmentMode] = field(default_factory=dict)

    def read(self) -> Offer:
        for key in self.data:
            if key not in _TABLES:
                remedy = nearest(key, list(_TABLES), f"Known tables: {', '.join(_TABLES)}.")
                self.notes.note(self.lines.of(key, 0), key, "is not a table.", remedy)
        tracks = self._each("track", self._track)
        staff = self._each("staff", self._staff)
        cohorts = self._each("cohort", self._cohort)
        payers = self._each("payer", self._payer)
        return Offer(self._program(), tracks, cohorts, payers, staff)

    def table(self, name: str, number: int, values: Any) -> Table:
        return Table(name, number, values, self.lines, self.notes)

    def _single(self, name: str) -> Table:
        values = self.data.get(name, {})
        if not isinstance(values, dict) or not values:
            line = self.lines.of(name, 0)
            self.notes.note(line, name, "is missing.", f"Add a table [{name}].")
            values = {}
        return self.table(name, 0, values)

    def _each(self, name: str, read: Any) -> tuple[Any, ...]:
        """Every table of a kind that could be read, each identifier once."""
        values = self.data.get(name, [])
        if not isinstance(values, list) or not all(
            isinstance(each, dict) for each in values
        ):
            line = self.lines.of(name, 0)
            self.notes.note(line, name, "is not a list of tables.", f"Write [[{name}]].")
            return ()
        found: dict[str, Any] = {}
        for number, each in enumerate(values):
            table = self.table(name, number, each)
            value = read(table)
            if value is not None and value.id in found:
                table.note("id", f"“{value.id}” is there twice.", "Give each its own id.")
            elif value is not None:
                found[value.id] = value
        return tuple(found.values())

    def _program(self) -> Program:
        table = self._single("programme")
        holidays = [
            table.day("holidays", each) for each in table.get("holidays", list, default=[])
        ]
        starts = table.one_of("week_starts", list(_DAYS), "monday")
        program = Program(
            id=ProgramId(table.identifier()),
            name=table.text("name"),
            invite_name=table.text("invite_name"),
            zone=table.zone(),
            callback_phone=table.text("callback_phone"),
            policy=replace(self._policy(), week_starts=_DAYS.index(starts)),
            cadence=self._cadence(None),
            holidays=tuple(sorted({day for day in holidays if day is not None})),
            crisis_lines=tuple(table.list_of("crisis_lines", str, [])),
        )
        table.close([starts])
        return program

    def _policy(self) -> Policy:
        values = self.data.get("policy", {})
        inner = values if isinstance(values, dict) else {}
        impact, ladder = (inner.get(name, {}) for name in ("impact", "ladder"))
        return read_policy(
            self.table("policy", 0, values),
            self.table("policy.impact", 0, impact),
            self.table("policy.ladder", 0, ladder),
        )

    def _cadence(self, track: str | None) -> tuple[Cadence, ...]:
        """The program's own appointments, or those of one track."""
        whole = self.data.get("cadence", {})
        values = whole.get(track, {}) if track else whole
        table = self.table(f"cadence.{track}" if track else "cadence", 0, values)
        found = []
        for kind in _KINDS:
            if kind in values:
                inner = self.table(table.name, 0, table.get(kind, dict, default={}))
                cadence = Cadence(
                    kind,
                    inner.whole("minutes", None, 5),
                    inner.whole("every_weeks", 1, 1),
                    inner.whole("early_weeks", 0),
                    inner.whole("early_every_weeks", 1, 1),
                )
                inner.close()
                found.append(cadence)
        tracks = [
            each.get("id") for each in self.data.get("track", []) if isinstance(each, dict)
        ]
        table.close([] if track else [each for each in tracks if isinstance(each, str)])
        return tuple(found)

    def _track(self, table: Table) -> Track | None:
        name = table.identifier()
        phases = [
            Phase(
                str(each.get("name", "")),
                int(each.get("weeks", 1)),
                str(each.get("gate", "")),
            )
            for each in table.list_of("phases", dict, [])
        ]
        ages = (table.whole("min_age", 18), table.whole("max_age", 120))
        details = ("conditions", "modalities", "measures")
        self.modes[name] = read_mode(table, EnrollmentMode.ROLLING)
        track = Track(
            id=TrackId(name),
            name=table.text("name"),
            modules=tuple(table.list_of("modules", str, [])),
            phases=tuple(phases),
            part2=table.flag("part2"),
            ages=ages,
            minimum_weekly_minutes=table.whole("min_weekly_minutes", 540),
            guardian=table.one_of("guardian", ["none", "required"], "none") == "required",
            cadence=self._cadence(name),
            details=_details(table, details),
            rotation=read_turns(table),
        )
        if ages[0] > ages[1]:
            table.note("min_age", "is more than max_age.", "Put them in order.")
        table.close(details)
        return track

    def _cohort(self, table: Table) -> Cohort | None:
        usual = self.modes.get(str(table.values.get("track")), EnrollmentMode.ROLLING)
        return read_cohort(table, usual)

    def _payer(self, table: Table) -> Payer | None:
        details = (
            "review_every_units",
            "audio_counts",
            "max_weeks_without_review",
            "sliding_scale",
        )
        payer = Payer(
            days_a_week=days_a_week(table, "days_a_week", None),
            longest_gap=_optional(table, "longest_gap_days"),
            max_week_minutes=table.whole("max_week_minutes", 0),
            id=table.identifier(),
            code=table.text("code"),
            unit=table.one_of("unit", ["day", "session"], "day"),
            min_day_minutes=table.whole("min_day_minutes", 0),
            min_week_minutes=table.whole("min_week_minutes", 0),
            details=_details(table, details),
        )
        table.close(details)
        return payer

    def _staff(self, table: Table) -> Staff | None:
        name = table.identifier()
        role = StaffRole(table.one_of("role", list(StaffRole)))
        invented = f"{name}@staff.example" if self.invent else ""
        staff = Staff(
            id=StaffId(name),
            name=table.text("name"),
            role=role,
            zone=table.zone(),
            hours=hours_of(table),
            credential=table.text("credential", ""),
            email=table.text("email", invented),
            phone=table.text("phone", ""),
            languages=tuple(table.list_of("languages", str, ["en"])),
            specialties=tuple(table.list_of("specialty", str, [])),
            licences=licences_of(table),
            compacts=tuple(table.list_of("compacts", str, [])),
        )
        if role.is_clinician and not staff.licences:
            table.note(
                "states",
                f"{name} is a {role} without any licence.",
                "Add states or licences, or change the role.",
            )
        table.close()
        return staff


def _optional(table: Table, key: str) -> int | None:
    """A whole number, or nothing where none is written."""
    return table.whole(key, 0) if key in table.values else None


def _details(table: Table, keys: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Facts that are kept as they are written, for people to read."""
    table.seen.update(keys)
    return tuple(
        (key, str(table.values[key])) for key in sorted(keys) if key in table.values
    )
