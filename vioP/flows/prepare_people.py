"""Prepare: whoever comes for the first time tomorrow and is not ready gets a call today."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from vioP.domain.availability import local_day
from vioP.domain.readiness import is_newcomer
from vioP.ports import Ports
from vioP.storage import Transaction
from vioP.storage.attempts import Task


async def prepare_people(ports: Ports, tx: Transaction) -> int:
    """Put newcomers who are not ready on the call list, once, up to the end of tomorrow.

    Returns:
        How many there are.
    """
    now = ports.clock.now()
    zone = ZoneInfo(await tx.programme.zone() or "UTC")
    today = now.astimezone(zone).date()
    _, until = local_day(today + timedelta(days=1), zone)
    checks, silenced = await tx.readiness.checks(), await tx.contacts.silenced()
    called = 0
    for each in await tx.readiness.first_between(now, until):
        check = checks.get(each.participant_id)
        is_old_hand = each.enrolled is None or not is_newcomer(each.enrolled, today)
        is_ready = check is not None and check.is_enough(each.starts)
        if is_old_hand or is_ready or each.participant_id in silenced:
            continue
        day = each.starts.astimezone(zone).date()
        key = f"get_ready:{each.participant_id}:{day}"
        await tx.attempts.ask(Task(key, "get_ready", each.participant_id), now)
        called += 1
    return called
