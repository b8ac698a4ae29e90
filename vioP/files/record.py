"""A record as a file: a zip with JSON for programs and one page for people."""

import json
import zipfile
from collections.abc import Mapping
from datetime import date, datetime, time
from html import escape
from io import BytesIO

from vioP.domain.record import Record

_TITLES = {
    "participant": "Who they are",
    "supporter": "Their people",
    "consent": "What they agreed to",
    "consent_record": "What they agreed to, in which words",
    "setup_answer": "What they said about themselves",
    "contact_fact": "What is known about reaching them",
    "enrollment": "Enrollments",
    "service_plan": "Planned appointments",
    "authorization_": "Approvals by payers",
    "session": "Sessions they had a place in",
    "seat": "Their places in sessions",
    "evidence": "What was seen of their presence",
    "attempt": "Attempts to reach them",
    "delivery": "Messages and calls to them",
    "reply": "Their answers to invites",
    "matter": "What they wrote that wanted a decision",
    "tech_check": "Device checks",
    "whereabouts": "Where they said they were",
    "account": "Their account",
    "audit": "Who did and saw what about them",
}
_EMPTY = ("", "[]", "{}")
_STYLE = (
    ":root{color-scheme:light dark}"
    "body{font:16px/1.5 system-ui,sans-serif;max-width:50rem;margin:2rem auto;padding:0 1rem}"
    "h1,dd{overflow-wrap:anywhere}h2{break-after:avoid}"
    "dl{display:grid;grid-template-columns:minmax(6rem,30%) minmax(0,1fr);gap:0 1rem;margin:0;"
    "border-top:1px solid #999;padding:.5rem 0;break-inside:avoid}dt{font-weight:600}dd{margin:0}"
)


def write_record(record: Record) -> bytes:
    """A zip of ``record.json`` and ``record.html``, the same bytes for the same record."""
    written = BytesIO()
    moment = record.made_at
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in (
            ("record.json", _as_json(record)),
            ("record.html", _as_page(record)),
        ):
            entry = zipfile.ZipInfo(name, moment.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            archive.writestr(entry, text)
    return written.getvalue()


def _as_json(record: Record) -> str:
    told = {
        "participant": record.participant_id,
        "made_at": record.made_at.isoformat(),
        "notice": record.notice,
        "tables": record.tables,
    }
    return json.dumps(told, ensure_ascii=False, indent=2, default=_plain)


def _plain(value: object) -> str:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return str(value)


def _as_page(record: Record) -> str:
    parts = [
        "<!doctype html>",
        '<html lang="en"><head><meta charset="utf-8">',
        f"<title>Record of {escape(record.participant_id)}</title>",
        f"<style>{_STYLE}</style></head><body>",
        f"<h1>Everything kept about {escape(record.participant_id)}</h1>",
        f"<p>As of {record.made_at:%Y-%m-%d %H:%M} UTC. Times are UTC.</p>",
        "<p>What is empty is left out here; record.json has it.</p>",
    ]
    if record.notice:
        parts.append(f"<p><strong>{escape(record.notice)}</strong></p>")
    known = [each for each in _TITLES if each in record.tables]
    for name in known + sorted(set(record.tables) - set(known)):
        title = _TITLES.get(name, name.strip("_").replace("_", " ").capitalize())
        parts.append(f"<h2>{escape(title)}</h2>")
        parts += map(_row, record.tables[name])
    return "\n".join([*parts, "</body></html>"])


def _row(row: Mapping[str, object]) -> str:
    """One row, a line a fact: it fits a telephone and paper, however much there is."""
    told = {name: _in_words(value) for name, value in row.items()}
    lines = (
        f"<dt>{escape(name.replace('_', ' '))}</dt><dd>{escape(words)}</dd>"
        for name, words in told.items()
        if words not in _EMPTY
    )
    return f"<dl>{''.join(lines)}</dl>"


def _in_words(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case datetime():
            return f"{value:%Y-%m-%d %H:%M:%S}"
        case Mapping() | list():
            return json.dumps(value, ensure_ascii=False)
        case _:
            return str(value)
