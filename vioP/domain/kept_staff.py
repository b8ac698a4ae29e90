"""What was decided here about staff, laid over what files say: it counts until it is undone here.

Without this, the next import would give a role back that somebody took away, or forget whoever
was added by hand.
"""

from collections.abc import Collection
from dataclasses import replace

from vioP.domain.ids import StaffId
from vioP.domain.programme import Programme


def with_kept_staff(
    programme: Programme, known: Programme | None, kept: Collection[StaffId]
) -> Programme:
    """A programme in which staff have the roles and licences they were given here.

    Args:
        programme: What files say.
        known: What the database holds.
        kept: Whose role and licences were decided here.
    """
    here = {each.id: each for each in (known.staff if known else ()) if each.id in kept}
    laid = [
        replace(each, role=here[each.id].role, licences=here[each.id].licences)
        if each.id in here
        else each
        for each in programme.staff
    ]
    named = {each.id for each in laid}
    added = [each for each in here.values() if each.id not in named]
    return replace(programme, staff=(*laid, *added))
