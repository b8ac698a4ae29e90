"""What a staff table says about hours and licences."""

from typing import Any

from vioP.domain.availability import Hours, every_day
from vioP.domain.people import Licence, LicenceKind
from vioP.files.table import WEEKDAYS, Table


def hours_of(table: Table) -> tuple[Hours, ...]:
    """Working hours: one stretch for Monday to Friday, or a table by weekday."""
    value = table.get("hours", (list, dict))
    if isinstance(value, dict):
        found = [
            stretch
            for day in table.weekdays("hours", value)
            for stretch in _stretch(table, value[WEEKDAYS[day]], [day])
        ]
        return tuple(found)
    return tuple(_stretch(table, value, range(5))) if value is not None else ()


def _stretch(table: Table, value: Any, days: Any) -> tuple[Hours, ...]:
    if not isinstance(value, list) or len(value) != 2:  # noqa: PLR2004 - opens, closes
        table.note("hours", f"{value!r:.40} are no hours.", 'Write ["09:00", "17:00"].')
        return ()
    opens, closes = (table.reading("hours", each) for each in value)
    if closes <= opens:
        table.note(
            "hours", f"close at {closes:%H:%M} before they open.", "Put them in order."
        )
        return ()
    return every_day(opens, closes, days)


def licences_of(table: Table) -> tuple[Licence, ...]:
    """Licences: states in short, or each with number, kind and validity."""
    short = [
        Licence(state)
        for each in table.list_of("states", str, [])
        if (state := table.state("states", each))
    ]
    full = []
    for each in table.list_of("licences", dict, []):
        state = table.state("licences", each.get("state"))
        kind = str(each.get("kind", "full"))
        if kind not in set(LicenceKind):
            table.note("licences", f"“{kind}” is no kind.", "Use full or compact.")
        elif unknown := set(each) - {"state", "kind", "number", "from", "until"}:
            table.note(
                "licences",
                f"{', '.join(sorted(unknown))} is not known.",
                "Use state, kind, number, from and until.",
            )
        elif state:
            first, last = (
                table.day("licences", each[key]) if key in each else None
                for key in ("from", "until")
            )
            if first and last and last < first:
                table.note("licences", "ends before it begins.", "Put the days in order.")
            number = str(each.get("number", ""))
            full.append(Licence(state, LicenceKind(kind), number, first, last))
    return (*short, *full)
