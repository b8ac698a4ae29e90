"""Waiting lists in words: each turn, and what a list wants to have decided."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from vioP.domain.program import WEEKDAYS
from vioP.domain.waiting import Decision, Entry, Turn, Wanted
from vioP.flows.show_waiting import WaitingList
from vioP.web.cohort_forms import Form, Refused

# How long a place is held unless somebody says otherwise.
_HELD_FOR = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class EntryForm:
    """A form of an entry: what its fields show, and why it was refused if it was.

    Attributes:
        id: The identifier of its first field.
    """

    id: str
    problem: str = ""
    first: str = ""
    until: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """One entry of a waiting list, and what its forms show.

    Attributes:
        since: Since when they wait, and how long that is.
        wants: From when on, and on which weekdays.
        state: Shape and word of how it stands.
        place: When a place is free for them, or held.
        may_offer: Whether a place is known to come free for them, or was asked for.
        is_offered: Whether one is held for them, or was.
    """

    id: str
    participant: str
    name: str
    since: str
    wants: str
    note: str
    state: tuple[str, str]
    place: str
    may_offer: bool
    is_offered: bool
    offer: EntryForm
    enroll: EntryForm
    take_off: EntryForm


@dataclass(frozen=True, slots=True)
class WantedLine:
    """One decision a waiting list wants, and where it is made."""

    cohort: str
    text: str


def waiting_lines(of: WaitingList, refused: Refused | None) -> tuple[WaitingLine, ...]:
    """A list in order, and in the form that was refused, if one was, what was typed."""
    called = {each.turn.entry.id for each in of.wants if each.what is Decision.PLACE_FREE}
    return tuple(
        _line(each, of.today, each.entry.id in called, refused) for each in of.turns
    )


def wanted_lines(lists: Iterable[WaitingList]) -> tuple[WantedLine, ...]:
    """What all lists want to have decided today, the most urgent first."""
    found = sorted(
        ((each, of) for of in lists for each in of.wants),
        key=lambda each: (each[0].urgency, each[1].cohort_id),
    )
    return tuple(WantedLine(of.cohort_id, _wanted(each, of.today)) for each, of in found)


def short_day(day: date) -> str:
    """A day in a sentence, such as Mon 8 March."""
    return f"{day:%a} {day.day} {day:%B}"


def days_in_words(days: Sequence[int]) -> str:
    """Weekdays, such as Mon, Tue."""
    return ", ".join(WEEKDAYS[each].capitalize() for each in days)


def _line(turn: Turn, today: date, is_called: bool, refused: Refused | None) -> WaitingLine:
    entry = turn.entry
    first = f"{max(today, turn.place or entry.earliest)}"
    until = f"{today + _HELD_FOR}"
    offer = _form(entry, Form.OFFER, refused, first=first, until=until)
    enroll = _form(entry, Form.ENROLL_ENTRY, refused, first=first)
    days = (today - entry.asked_on).days
    on = f" on {days_in_words(entry.days)}" if entry.days else ""
    return WaitingLine(
        id=entry.id,
        participant=entry.participant_id,
        name=entry.name,
        since=f"{short_day(entry.asked_on)}, {days} {'day' if days == 1 else 'days'}",
        wants=f"from {short_day(entry.earliest)}{on}",
        note=entry.note,
        state=_state(turn, today, is_called),
        place=_place(turn, today),
        may_offer=bool(turn.place or offer.problem or enroll.problem),
        is_offered=entry.is_offered,
        offer=offer,
        enroll=enroll,
        take_off=_form(entry, Form.TAKE_OFF, refused),
    )


def _form(entry: Entry, form: Form, refused: Refused | None, **shown: str) -> EntryForm:
    """A form with what was typed into it if it was refused, and otherwise as it comes."""
    key = f"{form}-{entry.id}"
    if refused is None or not (problem := refused.about(form, entry.id)):
        return EntryForm(key, **shown)
    typed = refused.tried.typed
    filled = {name: typed.get(name, "") for name in ("first", "until", "reason")}
    return EntryForm(key, problem, **filled)


def _state(turn: Turn, today: date, is_called: bool) -> tuple[str, str]:
    if turn.entry.has_run_out(today):
        return "missing", "Offer ran out"
    if turn.entry.is_offered:
        return "waiting", "Offered"
    return ("present", "Next") if is_called else ("ahead", "Waiting")


def _place(turn: Turn, today: date) -> str:
    offer = turn.entry.offer
    if offer is not None:
        held = "was held until" if turn.entry.has_run_out(today) else "is held until"
        return (
            f"A place from {short_day(offer.first)} {held} the end of "
            f"{short_day(offer.until)}."
        )
    if turn.place is None:
        return "No place is known to come free."
    return f"A place is free from {_from(turn.place, turn)} on."


def _from(day: date, turn: Turn) -> str:
    """From when on: the next meeting is as good as now."""
    return "now" if turn.is_now else short_day(day)


def _wanted(each: Wanted, today: date) -> str:
    entry, place = each.turn.entry, each.turn.place
    match each.what:
        case Decision.RUN_OUT:
            until = short_day(entry.offer.until) if entry.offer else ""
            return f"the offer to {entry.name} ran out on {until}"
        case Decision.RUNS_OUT_TODAY:
            return f"the offer to {entry.name} runs out today"
        case Decision.PLACE_FREE:
            begins = _from(place or today, each.turn)
            return (
                f"a place is free from {begins} on; next on the waiting list is "
                f"{entry.name}"
            )
