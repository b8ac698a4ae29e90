"""What the planner says, with names, days and zones where it has identifiers."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from vioP.domain.programme import Programme
from vioP.domain.week import Notice, UnplacedNeed
from vioP.i18n import long_day, place_words
from vioP.web.need_words import language_name
from vioP.web.session_words import KINDS

_DAY = r"\d{4}-\d\d-\d\d"
_SHORT = "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) "
# A day; or an identifier. A meeting's is its cohort and its day, and what day it makes up for.
_WORD = re.compile(rf"(?:{_SHORT})?{_DAY}|[\w-]+(?:(?::| on ){_DAY}(?::for-{_DAY})?)?")
_PARTS = re.compile(rf"(?P<key>.*?)(?::| on )(?P<day>{_DAY})(?::for-(?P<other>{_DAY}))?")
_ZONE = re.compile(
    r"\b(?:Africa|America|Antarctica|Asia|Atlantic|Australia|Europe|Indian|Pacific)"
    r"/[A-Za-z_/+-]+"
)
_LANGUAGE = re.compile(r"\b(speaks|speak .+?'s) ([a-z]{2,3})\b")
_KINDS = {str(kind): word for kind, word in KINDS.items()}
_GROUP = "group:"  # what a cohort's name stands under; no other identifier has a colon


def names_of(programme: Programme) -> dict[str, str]:
    """Everybody's name by identifier, what each service plan is, and each cohort's group."""
    names: dict[str, str] = {each.id: each.name for each in programme.participants}
    plans = {
        each.id: f"{_KINDS[each.kind]} of {names.get(each.participant_id, 'somebody')}"
        for each in programme.service_plans
    }
    groups = {f"{_GROUP}{each.id}": group_name(each.id) for each in programme.cohorts}
    return names | {each.id: each.name for each in programme.staff} | plans | groups


def group_name(cohort: str) -> str:
    """What staff call the group of a cohort: ``Cedar group``."""
    return f"{cohort.capitalize()} group"


def named(text: str, names: Mapping[str, str]) -> str:
    """A sentence with names where it has identifiers, and days and zones in words."""
    zoned = _ZONE.sub(lambda found: place_words(found[0]), text)
    spoken = _LANGUAGE.sub(lambda found: f"{found[1]} {language_name(found[2])}", zoned)
    said = _WORD.sub(lambda found: _word(found[0], names), spoken)
    return said.replace(
        "..", "."
    )  # names shown in groups often end in an initial with its stop


def notices_named(
    notices: Iterable[Notice], names: Mapping[str, str]
) -> tuple[tuple[str, str], ...]:
    """Whom each notice is about, and what it says."""
    return tuple(
        (
            names.get(each.about) or names.get(f"{_GROUP}{each.about}", each.about),
            named(each.text, names),
        )
        for each in notices
    )


def needs_named(
    unplaced: Iterable[UnplacedNeed], names: Mapping[str, str]
) -> tuple[UnplacedNeed, ...]:
    """What has no place, why, and what would help."""
    return tuple(
        replace(
            each,
            need=need_title(each.need, names),
            reasons=tuple(named(reason, names) for reason in each.reasons),
            remedies=tuple(named(remedy, names) for remedy in each.remedies),
        )
        for each in unplaced
    )


def reasons_named(
    reasons: Iterable[str], cohort: str, names: Mapping[str, str]
) -> tuple[str, ...]:
    """Why somebody cannot join a cohort; what holds on several of its days is said once."""
    meeting = re.compile(rf"\b{re.escape(cohort)}(?::| on )({_DAY})")
    days: dict[str, list[str]] = {}
    for reason in reasons:
        bare = meeting.sub(group_name(cohort), reason).removesuffix(".")
        days.setdefault(bare, []).extend(map(_day, meeting.findall(reason)))
    return tuple(_on(named(bare, names), on) for bare, on in days.items())


def _on(reason: str, days: list[str]) -> str:
    if not days:
        return f"{reason.removesuffix('.')}."
    listed = " and ".join(filter(None, (", ".join(days[:-1]), days[-1])))
    return f"{reason} ({listed})."


def need_title(need: str, names: Mapping[str, str]) -> str:
    """What has no place: an appointment, a place in a group, or a whole meeting."""
    meeting, _, who = need.partition("/")
    if who:
        return f"{names.get(who, who)} in {named(meeting, names)}"
    return named(need, names)


def _word(word: str, names: Mapping[str, str]) -> str:
    parts = _PARTS.fullmatch(word)
    if parts is None:
        return names.get(word) or _day(word.rpartition(" ")[2])
    key, day, other = parts["key"], parts["day"], parts["other"]
    what = names.get(f"{_GROUP}{key}") or names.get(key)
    if ":" in word and key in names:
        return names[key]  # a plan's appointment, under the Monday of its week
    if what is None:
        what = group_name(key) if ":" in word else key
    instead = f" (for {_day(other)})" if other else ""
    return f"{what} on {_day(day)}{instead}"


def _day(word: str) -> str:
    try:
        return (
            long_day(date.fromisoformat(word)) if len(word) == len("2027-03-15") else word
        )
    except ValueError:
        return word
