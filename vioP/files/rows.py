"""The rows of a CSV file, read column by column. What is wrong is noted, and reading goes on."""

import csv
import io
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from vioP.domain.text import clean_text
from vioP.files.problems import Notebook, nearest
from vioP.files.source import Source

REQUIRED = (
    "id", "display_name", "birth_year", "city", "state", "timezone", "cohort", "therapist",
    "prescriber", "payer", "start_date", "planned_weeks", "units_authorised", "sms_ok",
    "voicemail_ok", "language", "accommodation", "family", "story",
)  # fmt: skip
OPTIONAL = (
    "email", "phone", "call_ok", "high_risk", "days", "phase", "hours", "prefers", "calendar",
    "guardian_name", "guardian_email", "guardian_phone", "emergency_name", "emergency_phone",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One row, with where it stands."""

    line: int
    values: Mapping[str, str]
    notes: Notebook

    def note(self, column: str, what: str, remedy: str) -> None:
        """Note a problem in a column."""
        self.notes.note(self.line, column, what, remedy)

    def text(self, column: str) -> str:
        """What a column holds, as one clean line."""
        raw = self.values.get(column, "")
        kept = clean_text(raw)
        if kept != " ".join(raw.replace('"', "").split()):
            self.note(
                column, "has control characters or is too long.", "Write one short line."
            )
        return kept

    def needed(self, column: str) -> str:
        """A text that may not be empty."""
        value = self.text(column)
        if not value:
            self.note(column, "is empty.", f"Fill in {column}.")
        return value

    def whole(self, column: str, least: int, most: int) -> int:
        """A whole number within bounds."""
        value = self.text(column)
        if not (value.isascii() and value.isdigit()) or not least <= int(value[:9]) <= most:
            self.note(
                column, f"is “{value}”.", f"Write a whole number from {least} to {most}."
            )
            return least
        return int(value)

    def day(self, column: str) -> date | None:
        """A day, or nothing when it is none."""
        value = self.text(column)
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.note(column, f"“{value}” is no date.", "Write it as 2027-03-08.")
            return None

    def yes(self, column: str, *, default: bool = False) -> bool:
        """Yes or no, as y or n."""
        value = self.text(column).lower()
        if not value and column in OPTIONAL:
            return default
        if value not in {"y", "n", "yes", "no"}:
            self.note(column, f"is “{value}”.", "Write y or n.")
        return value in {"y", "yes"}

    def known(self, column: str, known: Collection[str], what: str) -> str:
        """An identifier that the programme file names."""
        value = self.needed(column)
        if value and value not in known:
            remedy = nearest(
                value, list(known), f"Add it to the programme file as a {what}."
            )
            self.note(column, f"there is no {what} “{value}”.", remedy)
            return ""
        return value


def read_rows(source: Source, notes: Notebook) -> list[Row]:
    """The rows of the file, each with every column; problems go to the notebook."""
    reader = csv.reader(io.StringIO(source.text.replace("\r\n", "\n").replace("\r", "\n")))
    try:
        header = [each.strip() for each in next(reader, [])]
        if not _header_is_right(header, notes):
            return []
        rows = []
        before = reader.line_num
        for cells in reader:
            line, before = before + 1, reader.line_num
            if len(cells) == len(header):
                rows.append(Row(line, dict(zip(header, cells, strict=True)), notes))
            elif any(cells):
                notes.note(
                    line,
                    "row",
                    f"has {len(cells)} columns, the header has {len(header)}.",
                    "Check for a missing comma, or a comma outside quotation marks.",
                )
    except csv.Error as error:
        notes.note(reader.line_num, "row", f"cannot be read ({error}).", "Mend the row.")
        return []
    return rows


def _header_is_right(header: list[str], notes: Notebook) -> bool:
    known = [*REQUIRED, *OPTIONAL]
    missing = [each for each in REQUIRED if each not in header]
    for column in missing:
        notes.note(1, column, "is not a column.", f"Add the column {column} to the header.")
    for column in header:
        if column not in known:
            remedy = nearest(column, known, f"Known columns: {', '.join(known)}.")
            notes.note(1, column or "header", "is not a known column.", remedy)
        elif header.count(column) > 1:
            notes.note(1, column, "is there twice.", "Keep one of them.")
    return not missing and len(set(header)) == len(header)
