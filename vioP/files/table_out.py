"""Tables as files for spreadsheets, in which nothing that people wrote becomes a formula.

Source: RFC 4180; OWASP, "CSV Injection", for what a spreadsheet takes for a formula.
"""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

# The last four are the wide forms of the first four.
_STARTS = (
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "\n",
    "\0",
    "\uff1d",
    "\uff0b",
    "\uff0d",
    "\uff20",
)


def write_csv(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A table in UTF-8, with a mark at the start by which spreadsheets know that."""
    written = StringIO()
    writer = csv.writer(written)
    writer.writerow(heads)
    writer.writerows([_harmless(each) for each in row] for row in rows)
    return b"\xef\xbb\xbf" + written.getvalue().encode()


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.lstrip(" ").startswith(_STARTS) else cell
