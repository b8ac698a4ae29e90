"""``viop plan forecast``, ``template`` and ``recommend``: looking ahead."""

import asyncio
from typing import Any

from vioP.cli.composition import Call
from vioP.cli.opening import open_house, week_of_args
from vioP.cli.say import say, say_json
from vioP.domain.ids import ParticipantId
from vioP.domain.program import WEEKDAYS
from vioP.domain.week import UnplacedNeed
from vioP.flows.forecast_weeks import WEEKS, forecast_weeks
from vioP.flows.propose_template import propose_template
from vioP.flows.recommend_cohorts import recommend_cohorts
from vioP.planner.explain import Explanation
from vioP.planner.template import Fit


def forecast(call: Call) -> int:
    """What the weeks ahead will be short of."""
    return asyncio.run(_forecast(call))


def template(call: Call) -> int:
    """When cohorts could meet next term, and who would hold them."""
    return asyncio.run(_template(call))


def recommend(call: Call) -> int:
    """Where somebody fits without anybody moving."""
    return asyncio.run(_recommend(call))


def need_as_json(need: UnplacedNeed | Explanation) -> dict[str, Any]:
    """A need with why and what would help, as every command writes it."""
    return {
        "need": need.need,
        "reasons": list(need.reasons),
        "remedies": list(need.remedies),
    }


async def _forecast(call: Call) -> int:
    async with open_house(call) as ports:
        ahead = await forecast_weeks(ports, week_of_args(call), call.args.weeks or WEEKS)
    if call.args.json:
        say_json(
            [
                {
                    "week": each.week.monday,
                    "sessions": each.sessions,
                    "unplaced": [need_as_json(one) for one in each.unplaced],
                    "notices": [
                        {"about": one.about, "text": one.text} for one in each.notices
                    ],
                }
                for each in ahead
            ]
        )
        return 0
    for each in ahead:
        say(
            f"Week of {each.week.monday}: {each.sessions} sessions, "
            f"{len(each.unplaced)} unplaced, {len(each.notices)} notices."
        )
        for need in each.unplaced:
            say(f"  Unplaced {need.need}: {' '.join(need.reasons)}")
        for notice in each.notices:
            say(f"  {notice.about}: {notice.text}")
    return 0


async def _template(call: Call) -> int:
    async with open_house(call) as ports:
        found = await propose_template(ports, week_of_args(call))
    if call.args.json:
        say_json(
            [
                {"cohort": each.cohort.id, "is_new": each.is_new}
                | {
                    name: {
                        "days": list(fit.pattern.days),
                        "at": f"{fit.pattern.at:%H:%M}",
                        "facilitators": list(fit.hosts),
                        "cannot_come": fit.cannot_come,
                        "uncovered": list(fit.uncovered),
                        "price": fit.price,
                    }
                    for name, fit in (("before", each.before), ("after", each.after))
                }
                for each in found
            ]
        )
        return 0
    for each in found:
        say(f"{each.cohort.id}: {_shown(each.before)}")
        if each.is_new:
            say(f"  better: {_shown(each.after)}")
    return 0


def _shown(fit: Fit) -> str:
    days = ", ".join(WEEKDAYS[day].capitalize() for day in fit.pattern.days)
    uncovered = f", uncovered {', '.join(fit.uncovered)}" if fit.uncovered else ""
    return (
        f"{days} at {fit.pattern.at:%H:%M} with {'+'.join(fit.hosts)}: "
        f"{fit.cannot_come} meetings missed{uncovered}, price {fit.price}"
    )


async def _recommend(call: Call) -> int:
    who = ParticipantId(call.args.participant)
    async with open_house(call) as ports:
        found = await recommend_cohorts(ports, who, week_of_args(call))
    if call.args.json:
        say_json(
            [
                {
                    "cohort": each.cohort_id,
                    "price": None if each.against else each.price,
                    "sessions": [one.key for one in each.sessions],
                    "against": list(each.against),
                    "opens": each.opens,
                }
                for each in found
            ]
        )
        return 0
    for each in found:
        if each.against:
            say(f"{each.cohort_id}: no. {' '.join(each.against)}")
        else:
            say(f"{each.cohort_id}: yes, price {each.price}.")
            for one in each.sessions:
                say(f"  {one.starts:%a %H:%M} UTC {one.kind} with {'+'.join(one.staff)}")
    return 0
