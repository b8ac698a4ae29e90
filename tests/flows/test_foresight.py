"""An answer about weeks ahead is there at once while it holds, and asked for when it does not."""

import asyncio
import os
import signal
from dataclasses import dataclass, replace

import pytest

from tests.make import FixedClock, make_ports, programme, publish, published_programme
from vioP.domain.foresight import Foresight, Question
from vioP.domain.ids import ParticipantId
from vioP.domain.time import Week, week_named
from vioP.flows import forecast_weeks
from vioP.flows.import_programme import import_programme
from vioP.flows.recommend_cohorts import recommend_cohorts
from vioP.flows.see_foresight import see_cohorts, see_forecast, see_template
from vioP.flows.sweep import sweep
from vioP.flows.work_out import work_out
from vioP.ports import Ports
from vioP.storage import Store
from vioP.storage.erasures import ERASED

THIS = week_named("2026-03-09")
NEXT = week_named("2026-03-16")
P1 = ParticipantId("p1")
FORECAST = Question(Foresight.FORECAST, THIS)


@pytest.fixture
async def ports(store: Store, clock: FixedClock) -> Ports:
    """The small programme, imported."""
    ports = make_ports(store, clock)
    await import_programme(ports, programme(), "test")
    return ports


async def queued(ports: Ports) -> list[str]:
    async with ports.store.write() as tx:
        rows = await tx.connection.fetch(
            "SELECT key FROM job WHERE name = 'work_out' ORDER BY key"
        )
        await tx.connection.execute("DELETE FROM job WHERE name = 'work_out'")
    return [row["key"] for row in rows]


async def test_a_first_visitor_asks_and_everybody_after_finds_the_answer(ports: Ports):
    first = await see_forecast(ports, THIS, "k1")
    second = await see_forecast(ports, THIS, "k2")
    assert first.answer is None
    assert second.kept.asked is not None
    assert second.kept.asked.by == "k1"
    assert await queued(ports) == ["work_out:forecast:2026-03-09:"]

    await work_out(ports, FORECAST)

    seen = await see_forecast(ports, THIS, "k2")
    assert seen.answer is not None
    assert [each.week for each in seen.answer][:2] == [THIS, NEXT]
    assert seen.kept.asked is None
    assert not seen.is_old
    assert await queued(ports) == []


async def test_every_kind_of_answer_is_kept_as_it_was_found(ports: Ports):
    await see_template(ports, NEXT, "k1")
    await see_cohorts(ports, P1, NEXT, "k1")
    await work_out(ports, Question(Foresight.TEMPLATE, NEXT))
    await work_out(ports, Question(Foresight.COHORTS, NEXT, P1))

    proposed = (await see_template(ports, NEXT, "k1")).answer
    found = (await see_cohorts(ports, P1, NEXT, "k1")).answer

    assert proposed is not None
    assert [each.cohort for each in proposed] == list(programme().cohorts)
    assert found == await recommend_cohorts(ports, P1, NEXT)


async def test_a_change_makes_an_answer_old_and_asks_for_a_new_one(ports: Ports):
    await see_template(ports, NEXT, "k1")
    await work_out(ports, Question(Foresight.TEMPLATE, NEXT))
    await queued(ports)
    small = programme()
    await import_programme(
        ports, replace(small, cohorts=(replace(small.cohorts[0], capacity=9),)), "test"
    )

    seen = await see_template(ports, NEXT, "k2")

    assert seen.is_old
    assert seen.answer is not None
    assert seen.kept.asked is not None
    assert seen.kept.asked.by == "k2"
    assert await queued(ports) == ["work_out:template:2026-03-16:"]
    await work_out(ports, Question(Foresight.TEMPLATE, NEXT))
    assert not (await see_template(ports, NEXT, "k2")).is_old


async def test_what_people_were_told_and_a_new_day_make_a_forecast_old(
    store: Store, clock: FixedClock
):
    ports = make_ports(store, clock)
    await published_programme(ports)
    await see_forecast(ports, THIS, "k1")
    await work_out(ports, FORECAST)
    assert not (await see_forecast(ports, THIS, "k1")).is_old
    await publish(ports, NEXT)
    assert (await see_forecast(ports, THIS, "k1")).is_old
    await work_out(ports, FORECAST)
    assert not (await see_forecast(ports, THIS, "k1")).is_old

    clock.forward(24 * 60)

    assert (await see_forecast(ports, THIS, "k1")).is_old


async def test_a_lost_job_is_queued_again(ports: Ports):
    await see_forecast(ports, THIS, "k1")
    await queued(ports)

    await sweep(ports)

    assert await queued(ports) == ["work_out:forecast:2026-03-09:"]


@dataclass(frozen=True, slots=True)
class Dying:
    """A task whose worker is ended by somebody else."""

    week: object = None

    def run(self, _report: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)


async def test_what_came_to_nothing_says_so_and_is_asked_again_after_a_minute(
    ports: Ports, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(forecast_weeks, "Foresee", Dying)
    await see_forecast(ports, THIS, "k1")
    await work_out(ports, FORECAST)
    await queued(ports)

    seen = await see_forecast(ports, THIS, "k1")

    assert seen.kept.failed is not None
    assert "SIGKILL" in seen.kept.failed.note
    assert await queued(ports) == []
    clock.forward(1)
    again = await see_forecast(ports, THIS, "k1")
    assert (again.kept.failed, len(await queued(ports))) == (None, 1)


async def test_work_cut_short_is_taken_up_by_the_next_worker(ports: Ports):
    await see_forecast(ports, THIS, "k1")
    running = asyncio.create_task(work_out(ports, FORECAST))
    await asyncio.sleep(0.2)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert (await see_forecast(ports, THIS, "k1")).answer is None

    await work_out(ports, FORECAST)

    assert (await see_forecast(ports, THIS, "k1")).answer is not None


async def test_nobody_works_out_what_nobody_asks(ports: Ports):
    await work_out(ports, FORECAST)

    async with ports.store.read() as tx:
        assert (await tx.foresights.of(FORECAST)).answered is None


async def test_where_somebody_fits_is_forgotten_with_them(ports: Ports):
    await see_cohorts(ports, P1, NEXT, "k1")
    await see_cohorts(ports, ParticipantId("p2"), NEXT, "k1")

    async with ports.store.write() as tx:
        await tx.connection.execute(ERASED["foresight"], id=P1)
        left = await tx.foresights.waiting()

    assert left == [Question(Foresight.COHORTS, NEXT, ParticipantId("p2"))]


def test_a_question_survives_being_a_job():
    assert Question(Foresight.COHORTS, Week(THIS.monday), P1).to_args() == {
        "what": "cohorts",
        "week": "2026-03-09",
        "participant_id": "p1",
    }
