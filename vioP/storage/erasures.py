"""Erasures: what is taken out of each table when somebody asks to be forgotten, and what stays.

Care that was given stays on record under the participant's identifier, which then names
nobody. Source: 45 CFR 164.514(b)(2) for what may stay without identifying (state, year of
birth); state law for how long records of care are kept.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from vioP.domain.ids import ParticipantId
from vioP.domain.retention import emptied
from vioP.domain.time import Instant
from vioP.storage.database import Connection
from vioP.storage.holdings import LINKS, SPECIAL
from vioP.storage.programme_sql import TOUCH

_OF_SEAT = LINKS["seat_id"]
_OF_ACCOUNT = LINKS["account_id"]
_EITHER = f"(participant_id = :id OR {_OF_SEAT})"
# In this order: an address is needed to find what is kept under it.
ERASED: dict[str, str] = {
    "dead_address": """DELETE FROM dead_address
WHERE address = (SELECT email_index FROM participant WHERE id = :id)""",
    "participant": """UPDATE participant SET
  name = SEALED(:erased, participant.name, :id), city = '', email = '', email_index = '',
  phone = '', phone_index = '', sms = FALSE, call = FALSE, voicemail = FALSE,
  language = 'en', accommodation = '',
  high_risk = FALSE, note = '', retired = TRUE WHERE id = :id""",
    "supporter": "DELETE FROM supporter WHERE participant_id = :id",
    "contact_fact": """UPDATE contact_fact SET number = '', wording = ''
WHERE participant_id = :id""",
    "attempt": f"""UPDATE attempt SET note = '' WHERE {_EITHER}
  AND (rung = 'read_text' OR begun_at < :records)""",  # noqa: S608 - ours
    "reply": f"UPDATE reply SET comment = '' WHERE {_OF_SEAT}",  # noqa: S608 - ours
    "matter": f"UPDATE matter SET sender = '', subject = '', said = '' WHERE {_EITHER}",  # noqa: S608 - ours
    "whereabouts": f"UPDATE whereabouts SET city = '' WHERE {_OF_SEAT}",  # noqa: S608 - ours
    "seat": """UPDATE seat SET link_revoked_at = COALESCE(link_revoked_at, :now)
WHERE participant_id = :id""",
    "arrangement": f"DELETE FROM arrangement WHERE {SPECIAL['arrangement']}",  # noqa: S608 - ours
    "hours": "DELETE FROM hours WHERE owner_id = :id",
    "preferred_hours": "DELETE FROM preferred_hours WHERE owner_id = :id",
    "setup_answer": "DELETE FROM setup_answer WHERE participant_id = :id",
    "foresight": "DELETE FROM foresight WHERE participant_id = :id",
    "setup_link": "DELETE FROM setup_link WHERE participant_id = :id",
    "waiting": """UPDATE waiting SET note = '', reason = '',
  state = CASE WHEN closed_at IS NULL THEN 'withdrawn' ELSE state END,
  closed_at = COALESCE(closed_at, :now) WHERE participant_id = :id""",
    "waiver": "UPDATE waiver SET reason = '' WHERE participant_id = :id",
    "consent_record": "UPDATE consent_record SET signed = '' WHERE participant_id = :id",
    "opened_record": """UPDATE opened_record SET reason = '', review = ''
WHERE participant_id = :id""",
    "phone_check": "UPDATE phone_check SET number = '' WHERE participant_id = :id",
    "tech_help": "DELETE FROM tech_help WHERE participant_id = :id",
    "feed": "DELETE FROM feed WHERE person_id = :id",
    "reminder_stop": "DELETE FROM reminder_stop WHERE participant_id = :id",
    "sign_in_code": f"DELETE FROM sign_in_code WHERE {_OF_ACCOUNT}",  # noqa: S608 - ours
    "web_session": f"DELETE FROM web_session WHERE {_OF_ACCOUNT}",  # noqa: S608 - ours
    "one_time_link": f"DELETE FROM one_time_link WHERE {_OF_ACCOUNT}",  # noqa: S608 - ours
    "known_elsewhere": f"DELETE FROM known_elsewhere WHERE {_OF_ACCOUNT}",  # noqa: S608 - ours
    "second_factor": f"DELETE FROM second_factor WHERE {_OF_ACCOUNT}",  # noqa: S608 - ours
    "passkey": f"DELETE FROM passkey WHERE {_OF_ACCOUNT}",  # noqa: S608 - ours
    "spare_code": f"DELETE FROM spare_code WHERE {_OF_ACCOUNT}",  # noqa: S608 - ours
    "account": "DELETE FROM account WHERE person_id = :id",
}
# Emptied one by one, as retention does.
EMPTIED = "delivery"
KEPT = {
    "admission": "that they were let in",
    "audit": "who did what; it names nobody",
    "confirmation": "attendance of care that was given, without words",
    "authorization_": "approvals of care that was given",
    "consent": "that they had agreed",
    "disclosure": "what left, to whom; the law keeps the account six years",
    "enrollment": "care that was given",
    "erasure": "that they were erased",
    "evidence": "attendance",
    "onboarding": "that they were set up",
    "service_plan": "care that was given",
    "session": "care that was given",
    "tech_check": "that a device worked",
}
_MESSAGES = (
    f"SELECT key, OPENED(delivery.content) FROM delivery WHERE {SPECIAL['delivery']}"  # noqa: S608 - ours
)
EMPTY = """
UPDATE delivery SET content = SEALED(:content, delivery.content, :key), emptied = TRUE,
  provider_ref = NULL,
  reason = CASE WHEN state IN ('pending', 'sending') THEN 'silenced' ELSE reason END,
  state = CASE WHEN state IN ('pending', 'sending') THEN 'skipped' ELSE state END,
  lease_until = NULL
WHERE key = :key
"""
AHEAD = """
SELECT COUNT(*) AS number FROM seat JOIN session ON session.id = seat.session_id
WHERE seat.participant_id = :id AND seat.state = 'active' AND session.state = 'planned'
  AND session.ends > :now
"""
ENROLLED = """
SELECT COUNT(*) AS number FROM enrollment WHERE participant_id = :id AND until > :day
"""
NOTE = """
INSERT INTO erasure (participant_id, at, by, reason) VALUES (:id, :now, :by, :reason)
ON CONFLICT (participant_id) DO NOTHING
"""
ALL = "SELECT participant_id FROM erasure"


@dataclass(frozen=True, slots=True)
class Erasures:
    """Erases people within one transaction."""

    connection: Connection

    async def is_in_care(self, participant_id: ParticipantId, now: Instant) -> bool:
        """Whether somebody is enrolled, or has an appointment ahead."""
        [seats] = await self.connection.fetch(AHEAD, id=participant_id, now=now)
        [rows] = await self.connection.fetch(ENROLLED, id=participant_id, day=now.date())
        return bool(seats["number"] or rows["number"])

    async def erase(
        self, participant_id: ParticipantId, now: Instant, records: Instant
    ) -> None:
        """Take everything out that says who somebody is.

        Args:
            participant_id: Who.
            now: From when on their links open nothing.
            records: Staff's own notes about care older than this go as well.
        """
        rows = await self.connection.fetch(_MESSAGES, id=participant_id)
        if rows:
            await self.connection.execute_many(
                EMPTY,
                [{"key": row["key"], "content": emptied(row["content"])} for row in rows],
            )
        given: Mapping[str, object] = {
            "id": participant_id,
            "now": now,
            "records": records,
            "erased": "Erased",
            "named": f'%"{participant_id}"%',
        }
        for statement in ERASED.values():
            used = {name: each for name, each in given.items() if f":{name}" in statement}
            await self.connection.execute(statement, **used)
        await self.connection.execute(TOUCH)

    async def note(
        self, participant_id: ParticipantId, now: Instant, by: str, reason: str
    ) -> None:
        """Remember that somebody was erased, so that no file brings them back."""
        await self.connection.execute(
            NOTE, id=participant_id, now=now, by=by, reason=reason
        )

    async def all(self) -> frozenset[str]:
        """Everybody who was erased."""
        rows = await self.connection.fetch(ALL)
        return frozenset(row["participant_id"] for row in rows)
