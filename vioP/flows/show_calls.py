"""The call list: what somebody still has to do, by person."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from vioP.domain.time import later
from vioP.ports import Ports
from vioP.storage.call_list import OpenAttempt

_ALONE = frozenset(
    {
        "read_text", "find_number", "let_in", "other_state", "consent_withdrawn",
        "away_days", "travels",
    }
)  # fmt: skip
# What is about days ahead, and not about somebody who may wait for us this minute.
_CAN_WAIT = frozenset(
    {"get_ready", "not_set_up", "consent_withdrawn", "away_days", "travels"}
)
_SETTLED_SHOWN = timedelta(hours=2)


async def show_call_list(ports: Ports) -> Sequence[OpenAttempt]:
    """Everything somebody still has to do, and what was settled lately."""
    since = later(ports.clock.now(), -_SETTLED_SHOWN)
    async with ports.store.read() as tx:
        return await tx.attempts.listed(since)


def by_person(attempts: Iterable[OpenAttempt]) -> list[list[OpenAttempt]]:
    """Lines of one person's ladder together: who is looked for now first, then the oldest.

    Within both, people at high risk come before others. What somebody wrote, and a number
    that must be found, are lines of their own: no answer on the phone settles them.
    """
    groups: dict[str, list[OpenAttempt]] = {}
    for each in attempts:
        alone = each.participant_id is None or each.rung in _ALONE
        groups.setdefault(each.id if alone else str(each.participant_id), []).append(each)
    return sorted(
        groups.values(),
        key=lambda group: (
            all(each.rung in _CAN_WAIT for each in group),
            not any(each.high_risk for each in group),
        ),
    )
