"""Require ahead: a group that has begun is not moved any more."""

from vioP.domain.arrangement import MovedMeeting
from vioP.domain.errors import Invalid
from vioP.domain.session import due_day, group_of
from vioP.domain.time import Instant, week_of
from vioP.storage import Transaction


async def require_ahead(tx: Transaction, what: MovedMeeting, now: Instant) -> None:
    """Refuse to move what people are in, or were: it would do nothing.

    Raises:
        Invalid: The group has begun on that day.
    """
    told = await tx.promises.told(week_of(what.instead_of), now)
    for each in told.values():
        is_meant = (group_of(each.key), due_day(each.key)) == (
            what.cohort_id,
            what.instead_of,
        )
        if is_meant and each.starts <= now:
            raise Invalid(
                f"{what.cohort_id.capitalize()} has begun on {what.instead_of} and keeps its "
                "time. Move it from its next day on."
            )
