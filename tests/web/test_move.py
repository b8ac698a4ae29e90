"""Moving a session by a plain form: seen, refused in words, kept, pinned, taken back."""

import html
import re
from collections.abc import Mapping

import pytest

from tests.make import WEEK
from tests.web.conftest import Browser, SignIn
from vioP.flows.show import show_week
from vioP.ports import Ports

Query = Mapping[str, str]

GRID = "/weeks/2026-03-09/grid"
MOVE = "/weeks/2026-03-09/move"
P4 = {"what": "p4-individual:2026-03-09", "of": "person:p4"}
FRIDAY = P4 | {"day": "2026-03-13", "at": "10:00", "staff": "c1"}


@pytest.fixture
def url(sqlite_url: str) -> str:
    """One database: pages do not know which."""
    return sqlite_url


async def get(browser: Browser, path: str, query: Query, status: int = 200) -> str:
    answer = await browser.get(path, params=query)
    text = html.unescape(await answer.text())
    assert answer.status == status, text
    return text


async def post(browser: Browser, path: str, form: Query, status: int = 200) -> str:
    answer = await browser.post(path, data=form)
    text = html.unescape(await answer.text())
    assert answer.status == status, text
    return text


def revision_in(page: str) -> str:
    found: list[str] = re.findall(r'name="revision" value="(\d+)"', page)
    return found[0]


async def test_a_block_leads_to_a_form_that_says_when_it_fits(
    browser: Browser, sign_in: SignIn
):
    await sign_in("k1")

    grid = await get(browser, GRID, {"of": "person:p4"})
    [block] = re.findall(r'class="block" id="p4-[^>]*href="([^"]+)"', grid)
    page = await get(browser, block, {})

    assert "Move Individual: P4 A." in page
    assert "Thursday 12 March, 11:20 to 12:10" in page
    assert '<option value="c1" selected>' in page
    assert "When it fits with Doctor C1" in page
    assert "Friday 13 March: " in page


async def test_a_move_is_seen_kept_and_taken_back(
    browser: Browser, sign_in: SignIn, ports: Ports
):
    await sign_in("k1")

    seen = await get(browser, MOVE, FRIDAY)
    before = await show_week(ports, WEEK)
    kept = await post(browser, MOVE, FRIDAY | {"revision": revision_in(seen)})
    page = await get(browser, MOVE, P4)
    undone = await post(
        browser,
        "/weeks/2026-03-09/undo",
        {"of": "person:p4", "revision": revision_in(kept)},
    )

    assert "Friday at 10:00 with Doctor C1: it can be" in seen
    assert "these would be told: P4 A." in seen
    assert "Sessions that change: 1." in seen
    assert re.search(r"the week costs \d+ points (more|less): \d+, now \d+\.", seen)
    assert before.is_told
    assert "Nobody is told until you publish the week." in kept
    assert "Moved: people know Thursday 11:20" in kept
    assert kept.count("</span> Pinned</span>") == 1
    assert "Take back the last move: Individual of P4 A." in kept
    assert "Pinned in this week" in page
    assert "The last move is taken back." in undone
    assert "Moved: people know" not in undone
    assert "Pinned" not in undone
    assert (await show_week(ports, WEEK)).is_told


async def test_what_is_there_already_is_said_so_and_makes_no_step_to_undo(
    browser: Browser, sign_in: SignIn, ports: Ports
):
    await sign_in("k1")
    seen = await get(browser, MOVE, FRIDAY)
    await post(browser, MOVE, FRIDAY | {"revision": revision_in(seen)})
    async with ports.store.read() as tx:
        [before] = await tx.connection.fetch("SELECT COUNT(*) AS moves FROM week_move")
        stood = await tx.weeks.draft(WEEK)
    assert stood is not None

    again = await get(browser, MOVE, FRIDAY)
    await post(browser, MOVE, FRIDAY | {"revision": f"{stood.revision}"})

    assert "Nobody more would be told by this." in again
    assert "1 person hears of what its draft holds already." in again
    assert "It is there already, and pinned." in again
    assert 'id="keep"' not in again
    async with ports.store.read() as tx:
        [after] = await tx.connection.fetch("SELECT COUNT(*) AS moves FROM week_move")
        stands = await tx.weeks.draft(WEEK)
    assert after["moves"] == before["moves"]
    assert stands == stood


@pytest.mark.parametrize(
    ("change", "status", "said"),
    [
        ({"at": "20:30"}, 200, "Doctor C1 does not work then."),
        ({"day": "2026-03-12", "at": "09:30"}, 200,
         "Doctor C1 has Tidewater group on Thursday 12 March then."),
        ({"day": "2026-03-09"}, 422, "That time is over."),
        ({"day": "2026-03-20"}, 422, "Friday 20 March is not in the week of Monday 9 March."),
        ({"at": "ten"}, 422, "The field at is not a time such as 09:30."),
        ({"what": "tidewater:2026-03-12", "day": "2026-03-11", "at": "20:00"}, 200,
         "None of its facilitators works then."),
    ],
)  # fmt: skip
async def test_what_cannot_be_is_said_and_what_was_typed_stays(
    browser: Browser, sign_in: SignIn, change: dict[str, str], status: int, said: str
):
    await sign_in("k1")
    asked = FRIDAY | change

    page = await get(browser, MOVE, asked, status)

    assert said in page
    assert "Nothing was changed." in page
    assert f'name="at" step="300" value="{asked["at"]}"' in page
    assert 'id="keep"' not in page
    refused = await post(browser, MOVE, asked | {"revision": "1"}, 422)
    assert said in refused
    assert f'name="at" step="300" value="{asked["at"]}"' in refused


async def test_a_move_on_another_draft_than_was_seen_is_not_kept(
    browser: Browser, sign_in: SignIn
):
    await sign_in("k1")
    seen = await get(browser, MOVE, FRIDAY)
    revision = revision_in(seen)
    await post(browser, MOVE, FRIDAY | {"revision": revision})

    again = await post(browser, MOVE, FRIDAY | {"revision": revision}, 409)

    assert "The week changed while you looked at it." in again


async def test_an_appointment_is_pinned_and_unpinned_where_it_stands(
    browser: Browser, sign_in: SignIn
):
    await sign_in("k1")
    page = await get(browser, MOVE, P4)
    here = P4 | {"day": "2026-03-12", "at": "11:20", "staff": "c1"}

    kept = await post(browser, MOVE, here | {"revision": revision_in(page)})
    pinned = await get(browser, MOVE, P4)
    free = await post(
        browser, "/weeks/2026-03-09/unpin", P4 | {"revision": revision_in(pinned)}
    )

    assert "Pin it where it is" in page
    assert "</span> Pinned</span>" in kept
    assert "</span> Told</span>" in kept
    assert "Take the pin out" in pinned
    assert "No longer pinned." in free
    assert "</span> Pinned</span>" not in free


async def test_a_group_is_moved_and_its_form_puts_it_back(
    browser: Browser, sign_in: SignIn
):
    await sign_in("k1")
    group = {"what": "tidewater:2026-03-12", "of": "cohort:tidewater"}
    there = group | {"day": "2026-03-13", "at": "09:00", "staff": "c1"}

    seen = await get(browser, MOVE, there)
    kept = await post(browser, MOVE, there | {"revision": revision_in(seen)})
    page = await get(browser, MOVE, group)

    assert "these would be told: P1 A., P2 A., P3 A., P4 A." in seen
    assert "Moved: people know Thursday 09:00" in kept
    assert "Pinned for this once" in page
    assert "Put it back at its usual time" in page
    assert 'name="day" value="2026-03-12"' in page


async def test_a_group_moved_from_a_week_on_says_so_and_goes_back_for_good(
    browser: Browser, sign_in: SignIn
):
    await sign_in("k1")
    group = {"what": "tidewater:2026-03-12", "of": "cohort:tidewater"}
    there = group | {"day": "2026-03-13", "at": "09:00", "staff": "c1", "until": "always"}

    seen = await get(browser, MOVE, there)
    await post(browser, MOVE, there | {"revision": revision_in(seen)})
    page = await get(browser, MOVE, group)
    listed = await get(browser, "/arrangements", {})
    back = there | {"day": "2026-03-12"}
    seen = await get(browser, MOVE, back)
    await post(browser, MOVE, back | {"revision": revision_in(seen)})

    assert "Pinned from Thursday 12 March on" in page
    assert "Put it back at its usual time, from this week on" in page
    said = "Tidewater: every Thursday is held on Friday at 09:00 from 12 March 2026 on"
    assert said in listed
    assert said not in await get(browser, "/arrangements", {})


async def test_whether_it_fits_is_said_at_once(browser: Browser, sign_in: SignIn):
    await sign_in("k1")

    async def said(**change: str) -> tuple[bool, str]:
        answer = await browser.get(f"{MOVE}/fits.json", params=FRIDAY | change)
        found = await answer.json()
        return found["fits"], found["said"]

    assert await said() == (True, "It fits. Nobody else moves.")
    fits, night = await said(at="20:30")
    assert not fits
    assert night.startswith("It does not fit.")
    assert "Doctor C1 does not work then." in night
    fits, taken = await said(day="2026-03-12", at="08:00")
    assert not fits
    assert "Doctor C1 has Individual of P3 A. then." in taken
    fits, over = await said(day="2026-03-09")
    assert (fits, over) == (False, "That time is over. Choose one that is still to come.")


async def test_names_are_never_markup(browser: Browser, sign_in: SignIn):
    await sign_in("k1")

    answer = await browser.get(MOVE, params=FRIDAY | {"of": '"><script>', "at": "'<b>"})
    page = await answer.text()

    assert answer.status == 422
    assert "<script>" not in page
    assert "<b>" not in page
