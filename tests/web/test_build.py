"""Building a large week is seen, can be stopped, and says when it came to nothing."""

import pytest

from tests.make import FixedClock
from tests.web.conftest import Browser, SignIn
from vioP.domain.search import Found, Step, Wish, WishScore
from vioP.domain.time import Week, week_named
from vioP.flows import search_week
from vioP.flows.compare_week import ScoredWeek
from vioP.flows.run_build import run_build
from vioP.ports import Ports
from vioP.storage.builds import Held
from vioP.web.found import curve, found_card, score_table

WEEK = week_named("2026-03-16")
PAGE = "/weeks/2026-03-16/build"


@pytest.fixture
def url(sqlite_url: str) -> str:
    """One database: pages do not know which."""
    return sqlite_url


@pytest.fixture
async def begun(browser: Browser, sign_in: SignIn, monkeypatch) -> Browser:
    """A coordinator who has asked for a week that counts as large."""
    monkeypatch.setattr(search_week, "LARGE", 0)
    await sign_in("k1")
    answer = await browser.post("/week/build", data={"monday": "2026-03-16"})
    assert answer.url.path == PAGE
    assert "Waiting for a worker" in await answer.text()
    return browser


async def read(browser: Browser, address: str) -> str:
    answer = await browser.get(address)
    assert answer.status == 200
    return await answer.text()


async def held(ports: Ports, week: Week = WEEK) -> Held:
    async with ports.store.write() as tx:
        found = await tx.builds.take(week, ports.clock.now(), ports.clock.now())
    assert found is not None
    return found


async def test_a_build_is_watched_from_the_first_word_to_the_draft(
    ports: Ports, begun: Browser, clock: FixedClock
):
    mine = await held(ports)
    assert "placed for the first time" in await read(begun, PAGE)
    async with ports.store.write() as tx:
        trace = (Step(0.5, 4, 0), Step(1.0, 1, 40), Step(2.0, 1, 31))
        await tx.builds.beat(mine, clock.now(), trace)

    page = await read(begun, PAGE)
    week = await read(begun, "/week?day=2026-03-16")

    assert "1 without a place, score 31 after 2 s." in page
    assert "From a score of 40 after 1.0 s to 31 after 2.0 s." in page
    assert page.count('<th scope="row" class="clock">') == 3
    assert f'href="{PAGE}"' in week
    assert "Build this week" not in week

    clock.forward(1)
    assert "not been heard of for 60 s" in await read(begun, PAGE)
    await run_build(ports, WEEK)
    done = await begun.get(PAGE)
    assert done.url.path == "/week"
    assert "as the best of 4 searches" in await done.text()


async def test_a_stop_is_heard_and_the_best_so_far_becomes_the_draft(
    ports: Ports, begun: Browser
):
    stopped = await begun.post(f"{PAGE}/stop")
    assert "Stop and use the best so far" not in await stopped.text()

    await run_build(ports, WEEK)

    assert "took the best so far" in await read(begun, PAGE)


async def test_a_build_that_came_to_nothing_says_so_until_there_is_a_draft(
    ports: Ports, begun: Browser, monkeypatch
):
    async with ports.store.write() as tx:
        await tx.builds.fail(Held(WEEK, 1, "k1"), "A worker process was ended by SIGKILL.")

    page = await read(begun, PAGE)

    assert "The last build came to nothing" in page
    assert "SIGKILL" in page
    assert "Build it again" in page
    monkeypatch.setattr(search_week, "LARGE", 150)
    built = await begun.post("/week/build", data={"monday": "2026-03-16"})
    assert "came to nothing" not in await built.text()


async def test_the_week_says_how_good_it_is_in_plain_words(
    browser: Browser, sign_in: SignIn
):
    await sign_in("k1")

    page = await read(browser, "/week?day=2026-03-09")

    assert "Days on which a participant has something" in page
    assert "No week with these appointments can cost less" in page
    assert "Found in" in page


def test_the_bound_is_said_as_it_is():
    wishes = (WishScore(Wish.PARTICIPANT_DAYS, 149, 3),)

    def said(**facts: object) -> str:
        return found_card(Found(wishes, **facts)).bound  # type: ignore[arg-type]

    assert said(bound=436) == (
        "No week with these appointments can cost less than 436 points; this one costs 447, "
        "at most 2.5 % more. The lower number takes each participant alone, as if nobody else "
        "wanted the same clinician at the same hour."
    )
    assert said(bound=447).endswith("No week with these appointments can cost less.")
    assert "this one costs 447. The lower" in said(bound=0)
    assert "not proven" in said()


def test_the_curve_falls_in_steps_and_leaves_out_what_had_fewer_places():
    drawn = curve((Step(0, 3, 9), Step(1, 0, 100), Step(2, 0, 90), Step(4, 0, 90)))

    assert drawn is not None
    assert drawn.points == "85.0,10.0 160.0,10.0 160.0,80.0 310.0,80.0 310.0,80.0"
    assert [each.unplaced for each in drawn.lines] == [3, 0, 0, 0]
    assert curve(()) is None
    flat = curve((Step(1, 0, 90), Step(2, 0, 90)))
    assert flat is not None
    assert (flat.points, flat.summary) == ("", "The score was 90 from the first week on.")
    late = curve((Step(1, 2, 90), Step(2, 0, 70)))
    assert late is not None
    assert late.summary == (
        "The first week with a place for everything came after 2.0 s. Its score is 70."
    )


def test_only_wishes_somebody_pays_for_are_named():
    free = WishScore(Wish.OVERLOAD, 0, 1)
    before = ScoredWeek((WishScore(Wish.PARTICIPANT_DAYS, 5, 3), free), 1)
    after = ScoredWeek((WishScore(Wish.PARTICIPANT_DAYS, 4, 3), free), 0)

    table = score_table({"As told": before, "In this draft": after})

    assert table is not None
    [line] = table.lines
    assert (line.counts, line.each) == ((5, 4), 3)
    assert table.titles == ("As told", "In this draft")
    assert table.score == (15, 12)
    assert table.unplaced == (1, 0)
    alone = score_table({"As told": None, "In this draft": after})
    assert alone is not None
    assert (alone.titles, alone.score) == (("In this draft",), (12,))
    assert score_table({"As told": None}) is None
