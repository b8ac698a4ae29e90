"""Holdings: everything kept about one participant, found by the columns that lead to them.

Which tables there are is read from the database itself, so that a new table with such a
column is part of every export from its first day.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from vioP.domain.ids import ParticipantId
from vioP.domain.record import Rows
from vioP.storage.database import Connection, Row
from vioP.storage.sealing import select_all

Tables = Mapping[str, Sequence[str]]

# What leads from a row to a participant, by column.
LINKS = {
    "participant_id": "participant_id = :id",
    "seat_id": "seat_id IN (SELECT id FROM seat WHERE participant_id = :id)",
    "person_id": "person_id = :id",
    "owner_id": "owner_id = :id",
    "account_id": "account_id IN (SELECT id FROM account WHERE person_id = :id)",
}
_NAMED = "CAST(details AS TEXT) LIKE :named"
_OF_SEATS = "object IN (SELECT id FROM seat WHERE participant_id = :id)"
# Tables that hold something about a participant under another name.
SPECIAL = {
    "participant": "id = :id",
    "session": "id IN (SELECT session_id FROM seat WHERE participant_id = :id)",
    "arrangement": _NAMED,
    "delivery": f"""{LINKS["seat_id"]} OR {LINKS["account_id"]}
  OR key IN (SELECT id FROM phone_check WHERE participant_id = :id)
  OR key IN (SELECT 'setup_link:' || id FROM setup_link WHERE participant_id = :id)""",  # noqa: S608 - ours
    "audit": f"object = :id OR actor = :id OR {_OF_SEATS} OR {_NAMED}",
}
# Tables that hold nothing about a participant, and why.
ABOUT_NOBODY = {
    "alembic_version": "the schema",
    "audit_head": "the end of the audit",
    "carrier_event": "what carriers told us; emptied as soon as it is heeded",
    "closure": "days off",
    "consent_wording": "the words people agreed to",
    "cohort": "what is offered",
    "dead_address": "addresses without their people; taken back with the participant",
    "field_key": "which keys seal the fields",
    "inbound_mail": "digests of mails, to know them again",
    "job": "alarm clocks; what they lead to is in other tables",
    "leave": "staff",
    "licence": "staff",
    "mailbox": "how far a mailbox was read",
    "outage": "channels",
    "passkey_question": "digests, forgotten within minutes",
    "payer": "rules",
    "program": "what is offered",
    "provider_note": "what video services call our sessions and guests",
    "provider_event": "digests of messages, to know them again",
    "publication": "numbers",
    "room": "rooms of whole sessions",
    "session_mark": "whole sessions",
    "session_staff": "staff",
    "staff": "staff",
    "time_off": "staff",
    "track": "what is offered",
    "tries": "digests, forgotten within hours",
    "week_build": "how a search went",
    "week_move": "drafts as they were before a move by hand; gone within weeks",
    "week_plan": "drafts of everybody's week; what became of them is in seats",
}
# What opens something, or proves something, and tells a reader nothing.
SECRET = frozenset(
    {
        "password_hash",
        "token_hash",
        "link_hash",
        "digest",
        "nonce",
        "body_hash",
        "email_index",
        "phone_index",
        "uid",
        "public_key",
    }
)
# Reasons name what others need by them, such as p05-individual.
_WORD = re.compile(r"\w+")
SOMEBODY_ELSE = "somebody else"
EVERYBODY = "SELECT id FROM participant WHERE id <> :id"
IS_PART2 = """
SELECT COUNT(*) AS number FROM enrollment JOIN cohort ON cohort.id = enrollment.cohort_id
JOIN track ON track.id = cohort.track_id
WHERE enrollment.participant_id = :id AND track.part2
"""


def which(table: str, columns: Sequence[str]) -> str:
    """The condition for rows about a participant; empty when a table has none."""
    if table in ABOUT_NOBODY or table.startswith("procrastinate_"):
        return ""
    if table in SPECIAL:
        return SPECIAL[table]
    return " OR ".join(LINKS[each] for each in columns if each in LINKS)


@dataclass(frozen=True, slots=True)
class Holdings:
    """Reads what is kept about single people within one transaction."""

    connection: Connection

    async def of(self, participant_id: ParticipantId, tables: Tables) -> Mapping[str, Rows]:
        """Every row about a participant, by table; without secrets, and without others' names.

        Args:
            participant_id: Who.
            tables: Every table with its columns, as the store tells.
        """
        others = frozenset(
            row["id"] for row in await self.connection.fetch(EVERYBODY, id=participant_id)
        )
        found: dict[str, Rows] = {}
        for table in sorted(tables):
            condition = which(table, tables[table])
            if not condition:
                continue
            # Names of tables and columns come from the database's own catalogue.
            statement = f"{select_all(table, tables[table])} WHERE {condition}"
            values: dict[str, str] = {"id": participant_id}
            if ":named" in condition:
                values["named"] = f'%"{participant_id}"%'
            rows = await self.connection.fetch(statement, **values)
            if rows:
                found[table] = [_shown(row, others) for row in rows]
        return found

    async def is_part2(self, participant_id: ParticipantId) -> bool:
        """Whether somebody was ever enrolled in a track under 42 CFR Part 2."""
        [row] = await self.connection.fetch(IS_PART2, id=participant_id)
        return bool(row["number"])


def _shown(row: Row, others: frozenset[str]) -> Mapping[str, object]:
    return {
        name: _without(value, others) for name, value in row.items() if name not in SECRET
    }


def _hidden(word: str, others: frozenset[str]) -> str:
    return SOMEBODY_ELSE if word in others else word


def _without(value: object, others: frozenset[str]) -> object:
    """A value that names nobody else who receives care."""
    match value:
        case str() if value in others:
            return SOMEBODY_ELSE
        case str():
            return _WORD.sub(lambda word: _hidden(word[0], others), value)
        case dict():
            return {name: _without(each, others) for name, each in value.items()}
        case list():
            return [_without(each, others) for each in value]
        case _:
            return value
