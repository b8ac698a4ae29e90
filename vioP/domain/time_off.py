"""Time off a clinician asks for: whole days of their own, which count once somebody has agreed."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from vioP.domain.ids import StaffId

LONGEST = timedelta(days=28)


class TimeOffState(StrEnum):
    """What became of a request."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class TimeOff:
    """One request.

    Attributes:
        last: The last day, included.
        answer: What the coordinator said when they declined.
    """

    id: str
    staff_id: StaffId
    first: date
    last: date
    state: TimeOffState = TimeOffState.ASKED
    answer: str = ""

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to decide."""
        return self.state is TimeOffState.ASKED


def why_not_ask(
    first: date, last: date, today: date, known: tuple[TimeOff, ...] = ()
) -> str:
    """Why these days cannot be asked for, in words; empty if they can.

    Args:
        first: The first day.
        last: The last day, included.
        today: The present day where the clinician is.
        known: What they have asked for already.
    """
    if last < first:
        return f"The last day, {last}, is before the first, {first}. Change one of them."
    if first < today:
        return f"The first day, {first}, is over. Choose a day from {today} on."
    if last - first >= LONGEST:
        return (
            f"At most {LONGEST.days} days can be asked for at once. Ask for the rest again."
        )
    for each in known:
        counts = each.state in {TimeOffState.ASKED, TimeOffState.ACCEPTED}
        if counts and each.first <= last and first <= each.last:
            return f"You have asked for {each.first} to {each.last} already."
    return ""
