"""What was just done on a cohort's page, and what that leaves to do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from vioP.domain.ids import ParticipantId
from vioP.domain.program import Cohort
from vioP.domain.programme import Programme
from vioP.domain.right_licence import lacks_licence
from vioP.domain.session import LeftBehind
from vioP.i18n import full_day
from vioP.web.forms import day_field


@dataclass(frozen=True, slots=True)
class CohortNews:
    """Who left or joined just now; all of it empty where nobody did.

    Attributes:
        left: Who was discharged.
        ends: When that ends their care, in words.
        weeks: The published weeks that still hold appointments of theirs.
        joined: Who was enrolled.
        begins: From which day on, in words.
        lacks: The state for which no host of the cohort has the licence that is needed.
    """

    left: str = ""
    ends: str = ""
    weeks: tuple[date, ...] = ()
    joined: str = ""
    joined_id: str = ""
    begins: str = ""
    lacks: str = ""


def cohort_news(
    programme: Programme,
    cohort: Cohort,
    asked: Mapping[str, str],
    behind: Sequence[LeftBehind],
    today: date,
) -> CohortNews:
    """What an address says was just done, as the programme knows it."""
    people: dict[str, str] = {each.id: each.name for each in programme.participants}
    left, joined = asked.get("left", ""), asked.get("joined", "")
    if left in people:
        return CohortNews(
            left=people[left],
            ends=_ends(day_field(asked, "last"), today) if "last" in asked else "",
            weeks=tuple(e.week.monday for e in behind if e.participant_id == left),
        )
    firsts = [
        each.first
        for each in programme.enrollments
        if (each.participant_id, each.cohort_id) == (joined, cohort.id)
    ]
    if joined not in people or not firsts:
        return CohortNews()
    first = max(firsts)
    lacks = lacks_licence(programme, ParticipantId(joined), cohort.id, max(first, today))
    return CohortNews(
        joined=people[joined], joined_id=joined, begins=full_day(first), lacks=lacks
    )


def _ends(last: date, today: date) -> str:
    days = (today - last).days
    if days > 0:
        ago = "yesterday" if days == 1 else f"{days} days ago"
        return f"Ended after {full_day(last)}, {ago}."
    return f"Ends after {full_day(last)}."
