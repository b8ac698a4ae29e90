"""Close a day: nothing is held on it, beside the days that files name. And open it again."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from vioP.domain.arrangement import ClosedDay
from vioP.domain.errors import Invalid
from vioP.domain.programme import Programme, differences
from vioP.domain.time import Instant, week_of
from vioP.storage import Transaction


async def close_day(tx: Transaction, programme: Programme, day: date, now: Instant) -> None:
    """Close a day, in the transaction that notes it.

    Raises:
        Invalid: It is closed anyway, it is over, or something of it has begun: whoever is in
            a session is not sent away by a form.
    """
    if day in programme.program.holidays:
        raise Invalid(f"{day} is a closed day already.")
    if day < now.astimezone(ZoneInfo(programme.program.zone)).date():
        raise Invalid(f"{day} is over. Choose today or a later day.")
    told = await tx.weeks.published(week_of(day))
    for each in told.plan.sessions if told else ():
        if each.promise.day == day and each.starts <= now:
            raise Invalid(
                f"Sessions of {day} have begun. Choose a later day, and see to what is left "
                "of this one session by session."
            )
    await _keep(tx, programme, (*programme.program.holidays, day))


async def open_day(tx: Transaction, day: date) -> None:
    """Open a day that was closed here, in the transaction that takes it back."""
    programme = await tx.programme.read()
    if programme is not None:
        await _keep(tx, programme, (e for e in programme.program.holidays if e != day))


async def with_closed_days(tx: Transaction, programme: Programme) -> Programme:
    """What files say, with the days that were closed here: the next import opens none."""
    noted = [each.what for each in await tx.arrangements.noted()]
    here = [each.day for each in noted if isinstance(each, ClosedDay)]
    return _closed_on(programme, (*programme.program.holidays, *here))


async def _keep(tx: Transaction, programme: Programme, days: Iterable[date]) -> None:
    await tx.programme.apply(differences(programme, _closed_on(programme, days)))


def _closed_on(programme: Programme, days: Iterable[date]) -> Programme:
    program = replace(programme.program, holidays=tuple(sorted(set(days))))
    return replace(programme, program=program)
