"""One cohort of a programme file: when it meets, what its days are made of, who may join."""

from vioP.domain.ids import CohortId, StaffId, TrackId
from vioP.domain.program import Cohort, EnrollmentMode
from vioP.domain.session import Block
from vioP.files.rotation import read_joining, read_turns
from vioP.files.table import Table

_PAIR = 2


def read_cohort(table: Table, usual: EnrollmentMode) -> Cohort | None:
    """What a table says of a cohort, or nothing when it cannot stand for one.

    Args:
        table: The table.
        usual: When people may join the cohorts of its track, unless it says otherwise.
    """
    name = table.identifier()
    days = table.weekdays("days", table.list_of("days", str))
    blocks = _blocks(table)
    first_day, mode = read_joining(table, usual)
    cohort = table.build(
        lambda: Cohort(
            id=CohortId(name),
            track_id=TrackId(table.text("track")),
            zone=table.zone(),
            days=days,
            at=table.clock("start"),
            blocks=blocks or (Block("care", 60),),
            facilitators=tuple(map(StaffId, table.list_of("facilitators", str))),
            capacity=table.whole("capacity", 10, 1),
            coordinator_id=StaffId(table.text("coordinator", "")) or None,
            phases=tuple(table.list_of("phases", str, [])),
            first_day=first_day,
            rotation=read_turns(table),
            mode=mode,
            opens_at=tuple(table.list_of("opens_at", str, [])),
        )
    )
    table.close()
    return cohort if isinstance(cohort, Cohort) else None


def _blocks(table: Table) -> tuple[Block, ...]:
    blocks = []
    for each in table.get("blocks", list, default=[]):
        if not (isinstance(each, list) and len(each) == _PAIR and isinstance(each[1], int)):
            table.note("blocks", f"{each!r:.40} is no block.", 'Write ["skills", 60].')
        elif each[1] <= 0:
            table.note("blocks", f"{each[1]} minutes.", "A block lasts at least a minute.")
        else:
            blocks.append(Block(str(each[0]), each[1]))
    if not blocks:
        table.note("blocks", "has no block.", 'Write [["skills", 60], ["break", 10]].')
    return tuple(blocks)
