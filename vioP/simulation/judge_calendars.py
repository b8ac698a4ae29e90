"""The judge of calendars: what each person's calendar holds is what the week holds for them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy

from icalendar import Calendar, Component

from vioP.domain.time import instant
from vioP.mail.compose import Letter
from vioP.simulation.programme import address_of
from vioP.simulation.remains import Remains
from vioP.simulation.truth import Truth

Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class _Told:
    """One calendar message."""

    uid: str
    number: int
    span: Span | None


def calendars_differ(truth: Truth, remains: Remains) -> Iterator[str]:
    """Replay every letter in the order of arrival, as a calendar does, and compare."""
    shown: dict[str, dict[str, _Told]] = {}
    said: dict[tuple[str, int], _Told] = {}
    gone = set(map(address_of, truth.silenced))
    for post, letter in truth.letters:
        told = _read(letter)
        if told is None:
            continue
        before = said.setdefault((told.uid, told.number), told)
        if before != told:
            yield f"I1 {told.uid} number {told.number} was told in two ways"
        own = shown.setdefault(post.to, {})
        if told.uid not in own or own[told.uid].number <= told.number:
            own[told.uid] = told
    for email in sorted((set(shown) | set(remains.plan)) - gone):
        held = {
            uid: told.span
            for uid, told in shown.get(email, {}).items()
            if told.span is not None
        }
        planned = {
            f"{uid}@{_domain(held)}": span
            for uid, span in remains.plan.get(email, {}).items()
        }
        for uid in sorted(held.keys() | planned.keys()):
            if held.get(uid) != planned.get(uid):
                yield f"I1 the calendar of {email} shows {uid} otherwise than the week does"


def _domain(held: dict[str, Span]) -> str:
    return next((uid.rpartition("@")[2] for uid in held), "")


def _read(letter: Letter) -> _Told | None:
    message = message_from_bytes(letter.raw, policy=policy.default)
    for part in message.walk():
        if part.get_content_type() == "text/calendar":
            content = part.get_payload(decode=True)
            assert isinstance(content, bytes)  # noqa: S101 - it was decoded
            return _event(content)
    return None


def _event(content: bytes) -> _Told:
    calendar = Calendar.from_ical(content)
    [event] = calendar.walk("VEVENT")
    uid, number = str(event["UID"]), int(str(event["SEQUENCE"]))
    if str(calendar["METHOD"]) == "CANCEL":
        return _Told(uid, number, None)
    return _Told(uid, number, (_instant(event, "DTSTART"), _instant(event, "DTEND")))


def _instant(event: Component, name: str) -> datetime:
    found = event.decoded(name)
    assert isinstance(found, datetime)  # noqa: S101 - ours are never whole days
    return instant(found)
