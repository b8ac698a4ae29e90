"""``viop plan build``, ``show``, ``verify``, ``explain`` and ``publish``: one week."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from vioP.cli.ahead import need_as_json
from vioP.cli.composition import Call
from vioP.cli.opening import open_house, week_of_args
from vioP.cli.say import complain, remark, say, say_json
from vioP.cli.solve import verify_file
from vioP.cli.stoppable import stoppable
from vioP.domain.errors import Invalid, Missing, NoPlan
from vioP.domain.search import Found, Step
from vioP.domain.week import WeekPlan
from vioP.flows.build_week import build_week, state_week
from vioP.flows.publish_week import publish_week
from vioP.flows.search_week import search_week
from vioP.flows.show import show_week
from vioP.planner import explain as explaining
from vioP.planner import verify as judging
from vioP.storage.weeks import Draft

_BY = "command line"
_SAY_EVERY = 1.0


def build(call: Call) -> int:
    """Build a draft; nobody is told anything."""
    with stoppable() as goes_on:
        return asyncio.run(_build_week(call, _Reporter(goes_on)))


async def _build_week(call: Call, reporter: "_Reporter") -> int:
    week = week_of_args(call)
    async with open_house(call) as ports:
        remark(f"Planning the week of {week.monday} …")
        built = await build_week(ports, week, _BY, reporter.hear)
    _say_plan(call, built.plan, built.found)
    return 1 if built.plan.violations else 0


@dataclass(slots=True)
class _Reporter:
    """Says once a second how far a search is; a short one is over before."""

    goes_on: Callable[[], bool]
    said: float = 0.0

    async def hear(self, step: Step) -> bool:
        if step.seconds - self.said >= _SAY_EVERY:
            self.said = step.seconds
            remark(
                f"{step.seconds:6.1f} s: {step.unplaced} without a place, "
                f"score {step.score:,}"
            )
        return self.goes_on()


def show(call: Call) -> int:
    """Show the newest draft."""
    return asyncio.run(_show_week(call))


async def _show_week(call: Call) -> int:
    draft = await _draft(call)
    plan = draft.plan
    if call.args.json:
        _say_plan(call, plan, draft.found)
        return 0
    for session in plan.sessions:
        starts = session.starts.astimezone(ZoneInfo(session.promise.zone))
        who = ", ".join(session.participants)
        say(
            f"{starts:%a %H:%M} {session.promise.zone:24} {session.kind:10} "
            f"{'+'.join(session.staff):9} {who}"
        )
    _say_plan(call, plan, draft.found)
    return 0


def verify(call: Call) -> int:
    """Judge the newest draft, or a plan in a file, by every hard rule."""
    args = call.args
    if args.problem and args.plan and not args.week:
        return verify_file(call)
    if args.problem or args.plan or not args.week:
        raise Invalid("Name either --week, or --problem and --plan.")
    return asyncio.run(_verify_week(call))


async def _verify_week(call: Call) -> int:
    """Judge what would be built now, from scratch, and what was kept."""
    week = week_of_args(call)
    async with open_house(call) as ports:
        stated = await state_week(ports, week)
        shown = await show_week(ports, week)
    searched = await search_week(stated, _Reporter(lambda: True).hear)
    if shown.draft is None:
        raise NoPlan
    fresh = [
        f"{each.rule}: {each.what}"
        for each in judging.verify(stated.statement.problem, searched.solution)
    ]
    found = [*shown.draft.plan.violations, *fresh]
    if call.args.json:
        say_json({"week": week.monday, "violations": found, "stale": shown.is_stale})
    else:
        for each in found:
            say(each)
        say(
            f"{len(found)} violations." + (" The draft is stale." if shown.is_stale else "")
        )
    return 1 if found else 0


def explain(call: Call) -> int:
    """Say why something stands where it does, or nowhere."""
    return asyncio.run(_explain_week(call))


async def _explain_week(call: Call) -> int:
    week = week_of_args(call)
    if not call.args.need:
        plan = (await _draft(call)).plan
        answers = [need_as_json(each) for each in plan.unplaced]
        answers += [
            {"need": each.about, "reasons": [each.text], "remedies": []}
            for each in plan.notices
        ]
    else:
        async with open_house(call) as ports:
            stated = await state_week(ports, week)
        searched = await search_week(stated, _Reporter(lambda: True).hear)
        problem = stated.statement.problem
        try:
            found = explaining.explain(problem, searched.solution, call.args.need)
        except KeyError as error:
            raise Missing(
                f"This week has no need {call.args.need}. "
                "Needs are named like p01-individual, places like harbor:2027-03-08/p01."
            ) from error
        answers = [need_as_json(found)]
    if call.args.json:
        say_json(answers)
        return 0
    for answer in answers:
        say(str(answer["need"]))
        for line in (
            *answer["reasons"],
            *(f"Remedy: {each}" for each in answer["remedies"]),
        ):
            say(f"  {line}")
    if not answers:
        say("Everything is placed, and nothing is unusual.")
    return 0


def publish(call: Call) -> int:
    """Tell people what changed."""
    return asyncio.run(_publish_week(call))


async def _publish_week(call: Call) -> int:
    week = week_of_args(call)
    async with open_house(call) as ports:
        done = await publish_week(ports, week, _BY)
    if call.args.json:
        say_json(
            {
                "week": week.monday,
                "publication": done.number,
                "invited": done.invited,
                "updated": done.updated,
                "cancelled": done.cancelled,
            }
        )
    elif not done.number:
        say("People have been told this already. Nothing was written.")
    else:
        say(
            f"Published: {done.invited} invited, {done.updated} updated, "
            f"{done.cancelled} cancelled."
        )
    return 0


async def _draft(call: Call) -> Draft:
    async with open_house(call) as ports:
        shown = await show_week(ports, week_of_args(call))
    if shown.draft is None:
        raise NoPlan
    return shown.draft


def _say_plan(call: Call, plan: WeekPlan, found: Found | None) -> None:
    if call.args.json:
        say_json(
            {
                "week": plan.week.monday,
                "sessions": len(plan.sessions),
                "seats": plan.seats,
                "violations": list(plan.violations),
                "unplaced": [need_as_json(each) for each in plan.unplaced],
                "notices": [
                    {"about": each.about, "text": each.text} for each in plan.notices
                ],
                "score": None if found is None else found.score,
                "bound": None if found is None else found.bound,
            }
        )
        return
    say(
        f"Week of {plan.week.monday}: {len(plan.sessions)} sessions, {plan.seats} seats, "
        f"{len(plan.violations)} violations, {len(plan.unplaced)} unplaced."
    )
    if found is not None:
        say(_goodness(found))
    for each in plan.violations:
        complain(each)
    for need in plan.unplaced:
        say(f"Unplaced {need.need}: {' '.join(need.reasons)}")
        for remedy in need.remedies:
            say(f"  Remedy: {remedy}")
    for notice in plan.notices:
        say(f"Note {notice.about}: {notice.text}")


def _goodness(found: Found) -> str:
    """What a week costs, and how far from the best possible that is at most."""
    if found.bound is None:
        return f"Score {found.score:,}."
    more = found.at_most_over
    over = "" if more is None else f": at most {more:.1f} % more than the best"
    return (
        f"Score {found.score:,}; no week for them can cost less than {found.bound:,}{over}."
    )
