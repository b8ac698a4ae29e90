"""Which columns are sealed, and what each of their rows is called.

Names, addresses, numbers, and whatever people wrote. What identifies a row, says when
something happens, or is counted stays readable: the program must find it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class SealedTable:
    """The sealed columns of a table.

    Attributes:
        key: The columns that name a row.
        columns: What is sealed.
        documents: Those of them that hold JSON.
        indexes: The column by which a sealed one is looked up, for those that are.
    """

    key: tuple[str, ...]
    columns: tuple[str, ...]
    documents: frozenset[str] = frozenset()
    indexes: Mapping[str, str] = field(default_factory=dict)


SEALED: Mapping[str, SealedTable] = {
    "account": SealedTable(("person_id",), ("email",), indexes={"email": "email_index"}),
    "attempt": SealedTable(("id",), ("note",)),
    "carrier_event": SealedTable(("provider", "event_id"), ("target", "body")),
    "consent_record": SealedTable(("id",), ("signed",)),
    "contact_fact": SealedTable(("id",), ("number", "wording")),
    "delivery": SealedTable(("key",), ("content",), frozenset({"content"})),
    "disclosure": SealedTable(("id",), ("recipient", "what", "purpose")),
    "matter": SealedTable(("id",), ("sender", "subject", "said")),
    "opened_record": SealedTable(("id",), ("reason", "review")),
    "participant": SealedTable(
        ("id",),
        ("name", "city", "email", "phone", "accommodation", "note"),
        indexes={"email": "email_index", "phone": "phone_index"},
    ),
    "phone_check": SealedTable(("id",), ("number",)),
    "reply": SealedTable(("id",), ("comment",)),
    "setup_answer": SealedTable(
        ("participant_id", "piece"), ("said",), frozenset({"said"})
    ),
    "supporter": SealedTable(
        ("participant_id", "position"),
        ("name", "email", "phone"),
        indexes={"phone": "phone_index"},
    ),
    "waiting": SealedTable(("id",), ("note", "reason")),
    "waiver": SealedTable(("participant_id", "piece"), ("reason",)),
    "whereabouts": SealedTable(("seat_id",), ("city",)),
}


def looked_up(text: str) -> str:
    """A text as it is compared: without regard to case and the blanks around it."""
    return text.strip().lower()
