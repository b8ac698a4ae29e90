"""A question about weeks ahead is worked out by one worker at a time, on either database."""

from datetime import timedelta

from tests.make import NINE, WEEK, minutes_later
from vioP.domain.foresight import Foresight, Question
from vioP.domain.ids import ParticipantId
from vioP.domain.time import later
from vioP.storage import Store
from vioP.storage.foresights import Answered, Asked, Failed, Kept

SILENT = later(NINE, -timedelta(seconds=15))
FORECAST = Question(Foresight.FORECAST, WEEK)
COHORTS = Question(Foresight.COHORTS, WEEK, ParticipantId("p1"))


async def test_of_two_who_ask_the_first_is_named_and_the_old_answer_stays(store: Store):
    async with store.write() as tx:
        assert await tx.foresights.of(FORECAST) == Kept()
        await tx.foresights.ask(FORECAST, NINE, "k1")
        await tx.foresights.ask(FORECAST, minutes_later(1), "k2")
        await tx.foresights.ask(COHORTS, NINE, "k2")
        assert await tx.foresights.waiting() == [COHORTS, FORECAST]
        held = await tx.foresights.take(FORECAST, NINE, SILENT)
        assert held is not None
        await tx.foresights.answer(held, [{"week": 1}], "1/0", minutes_later(2))
        answered = Answered([{"week": 1}], "1/0", minutes_later(2), "k1")
        assert await tx.foresights.of(FORECAST) == Kept(answered=answered)
        assert await tx.foresights.waiting() == [COHORTS]

        await tx.foresights.ask(FORECAST, minutes_later(3), "k2")
        again = await tx.foresights.of(FORECAST)

    assert again == Kept(Asked(minutes_later(3), "k2"), answered)


async def test_whoever_falls_silent_is_overtaken_and_keeps_nothing(store: Store):
    async with store.write() as tx:
        assert await tx.foresights.take(FORECAST, NINE, SILENT) is None
        await tx.foresights.ask(FORECAST, NINE, "k1")
        first = await tx.foresights.take(FORECAST, NINE, SILENT)
        assert first is not None
        assert await tx.foresights.take(FORECAST, NINE, SILENT) is None
        await tx.foresights.beat(first, minutes_later(1))
        quiet_since = later(minutes_later(1), -timedelta(seconds=15))
        assert await tx.foresights.take(FORECAST, minutes_later(1), quiet_since) is None

        second = await tx.foresights.take(FORECAST, minutes_later(2), minutes_later(1))
        assert second is not None
        await tx.foresights.answer(first, ["late"], "1/0", minutes_later(2))
        await tx.foresights.fail(first, "late", minutes_later(2))
        await tx.foresights.release(first)
        assert await tx.foresights.of(FORECAST) == Kept(Asked(NINE, "k1"))
        assert await tx.foresights.take(FORECAST, NINE, SILENT) is None

        await tx.foresights.release(second)
        third = await tx.foresights.take(FORECAST, NINE, SILENT)
        assert third is not None
        await tx.foresights.fail(third, "It came to nothing.", minutes_later(3))
        failed = Failed(minutes_later(3), "It came to nothing.")
        assert await tx.foresights.of(FORECAST) == Kept(failed=failed)
        await tx.foresights.ask(FORECAST, minutes_later(4), "k2")
        assert await tx.foresights.of(FORECAST) == Kept(Asked(minutes_later(4), "k2"))
