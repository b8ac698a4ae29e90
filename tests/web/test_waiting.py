"""The waiting list over HTTP: from a full cohort to a place, and who sees none of it."""

import html
import re
from dataclasses import replace
from datetime import date

import pytest
from aiohttp.web import Application

from tests.waiting import P4, P5, full_programme, waits
from tests.web.conftest import OWN, Browser, SignIn
from vioP.app import create_app
from vioP.domain.foresight import Foresight, Question
from vioP.domain.ids import CohortId, ParticipantId
from vioP.domain.time import week_named
from vioP.domain.waiting import Offer
from vioP.flows.enroll import discharge
from vioP.flows.import_programme import import_programme
from vioP.flows.offer_place import offer_place
from vioP.flows.show_waiting import show_waiting
from vioP.flows.work_out import work_out
from vioP.ports import Ports
from vioP.settings import Settings

PAGE = "/cohorts/tidewater"
JOINING = {"participant": "p4", "first": "2026-03-24", "until": "2026-05-01"}


@pytest.fixture
def url(sqlite_url: str) -> str:
    """One database: pages do not know which."""
    return sqlite_url


@pytest.fixture
async def app(ports: Ports, settings: Settings) -> Application:
    """The application, with a cohort that is full."""
    await import_programme(ports, full_programme(), "k1")
    return create_app(ports, settings)


async def read(browser: Browser, page: str) -> str:
    answer = await browser.get(page)
    assert answer.status == 200
    return plain(await answer.text())


def plain(page: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html.unescape(page)).split())


async def test_from_a_full_cohort_to_a_place(
    ports: Ports, browser: Browser, sign_in: SignIn
):
    await sign_in("k1")

    full = await browser.post(f"{PAGE}/enrollments", data=JOINING)
    page = await full.text()
    assert full.status == 422
    assert (
        "Tidewater has no place on Tuesday 24 March: 3 of 3 are taken. A place is free from "
        "Tuesday 5 May on. Nobody was enrolled." in plain(page)
    )
    [form] = re.findall(
        r'action="/cohorts/tidewater/waiting">(.*?)</form>', page, re.DOTALL
    )[:1]
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
    assert fields == {
        "participant": "p4", "asked_on": "2026-03-10", "earliest": "2026-03-24",
    }  # fmt: skip

    put = await browser.post(f"{PAGE}/waiting", data=fields)
    listed = plain(await put.text())
    assert put.url.path == PAGE
    assert "Waiting list: 1" in listed
    assert "P4 A. p4 Waiting Waits since Tue 10 March, 0 days" in listed
    assert "wants to begin from Tue 24 March. A place is free from Tue 5 May on." in listed
    assert "waiting: 1" in await read(browser, "/cohorts")
    assert "waiting list" not in await read(browser, "/board")

    await browser.post("/participants/p1/discharge", data={"last": "2026-03-22"})
    said = (
        "Tidewater: a place is free from Tue 24 March on; next on the waiting list is P4 A."
    )
    assert said in await read(browser, "/board")
    assert said in await read(browser, "/forecast")
    assert "P4 A. p4 Next" in await read(browser, PAGE)
    weeks = await read(browser, PAGE)
    assert "Week of 16 March 2026 : 3 of 3 taken, 0 free. P1 A. ends Sun 22 March." in weeks
    assert "Week of 23 March 2026 : 2 of 3 taken, 1 free." in weeks

    [found] = await show_waiting(ports)
    entry = found.turns[0].entry.id
    held = await browser.post(
        f"/waiting/{entry}/offer", data={"first": "2026-03-24", "until": "2026-03-10"}
    )
    assert "A place from Tue 24 March is held until the end of Tue 10 March." in plain(
        await held.text()
    )
    assert "Tidewater: the offer to P4 A. runs out today" in await read(browser, "/board")
    assert "3 of 3 taken, 1 of them offered, 0 free" in await read(browser, PAGE)

    enrolled = await browser.post(
        f"/waiting/{entry}/enroll", data={"first": "2026-03-24", "until": "2026-05-01"}
    )
    after = plain(await enrolled.text())
    assert "Waiting list: 0 Nobody waits for this cohort." in after
    assert "P4 A. begins Tue 24 March." in after
    assert "waiting list" not in await read(browser, "/board")
    assert await show_waiting(ports) == ()


@pytest.mark.parametrize(
    ("last", "says"),
    [
        (date(2026, 3, 9), "A place is free from now on."),
        (date(2026, 3, 10), "A place is free from Thu 12 March on."),
    ],
)
async def test_a_place_that_comes_free_in_two_days_is_not_said_to_be_free_now(
    ports: Ports, browser: Browser, sign_in: SignIn, last: date, says: str
):
    await waits(ports)
    await discharge(ports, ParticipantId("p1"), last, "k1")
    await sign_in("k1")

    assert says in await read(browser, PAGE)
    assert says[len("A ") :].removesuffix(".") in await read(browser, "/board")


async def test_going_above_is_said_and_confirmed(browser: Browser, sign_in: SignIn):
    await sign_in("k1")
    await browser.post(f"{PAGE}/enrollments", data=JOINING)
    assert "3 of 3 places" in await read(browser, PAGE)

    answer = await browser.post(f"{PAGE}/enrollments", data=JOINING | {"above": "yes"})

    page = plain(await answer.text())
    assert answer.status == 200
    assert (
        "Week of 23 March 2026 : 4 of 3 taken, 0 free. P4 A. begins Tue 24 March." in page
    )


async def test_who_cannot_be_put_on_it_reads_why_and_keeps_the_form(
    ports: Ports, browser: Browser, sign_in: SignIn
):
    await waits(ports, P5)
    await sign_in("k1")
    form = {
        "participant": "p5", "asked_on": "2026-03-09", "earliest": "2026-03-30",
        "note": "After work.", "on-3": "yes",
    }  # fmt: skip

    answer = await browser.post(f"{PAGE}/waiting", data=form)

    page = await answer.text()
    assert answer.status == 422
    assert "P5 A. is on the waiting list of Tidewater since Sunday 1 March." in page
    assert '<option value="p5" selected>' in page
    assert 'name="asked_on" value="2026-03-09"' in page
    assert 'name="earliest" value="2026-03-30"' in page
    assert 'name="note" value="After work."' in page
    assert 'name="on-3" value="yes" checked' in page
    assert 'href="#w-participant"' in page


FIRST_FIELD = {"offer": "of", "enroll": "ef", "take-off": "wr"}


@pytest.mark.parametrize(
    ("verb", "form", "says"),
    [
        ("offer", {"first": "2026-03-17", "until": "2026-03-13"},
         "A place in Tidewater is free for P4 A. from Tuesday 24 March on, not from Tuesday"),
        ("offer", {"first": "2026-03-24", "until": "2026-03-09"},
         "until Monday 9 March, which is over. Choose today or a later day."),
        ("offer", {"first": "2026-03-24", "until": "2026-05-09"},
         "at most 28 days. Choose Tuesday 7 April or an earlier day."),
        ("offer", {"first": "soon", "until": "2026-03-13"}, "is not a date such as"),
        ("enroll", {"first": "2026-03-17", "until": "2026-05-01"},
         "3 of 3 are taken. A place is free from Tuesday 24 March on."),
        ("enroll", {"first": "2026-05-01", "until": "2026-03-24"},
         "on Tuesday 24 March, before it begins on Friday 1 May. Choose a later end."),
        ("take-off", {"reason": " "}, "Say why, in a few words: it stays on record."),
    ],
)  # fmt: skip
async def test_what_cannot_be_done_with_an_entry_is_said_on_its_page_with_names(
    ports: Ports, browser: Browser, sign_in: SignIn, verb, form, says
):
    await discharge(ports, ParticipantId("p1"), date(2026, 3, 22), "k1")
    entry = await waits(ports)
    await sign_in("k1")

    answer = await browser.post(f"/waiting/{entry.id}/{verb}", data=form)

    page = await answer.text()
    assert answer.status == 422
    assert says in plain(page)
    assert f'href="#{FIRST_FIELD[verb]}-{entry.id}"' in page
    assert 'href="/cohorts" aria-current="true"' in page
    opened = re.findall(r"<details open>(.*?)</details>", page, re.DOTALL)
    assert [f'action="/waiting/{entry.id}/{verb}"' in each for each in opened] == [True]
    for name, value in form.items():
        assert f'name="{name}" value="{value.strip()}"' in opened[0]
    assert "P4 A. p4 Next" in plain(page)


async def test_a_form_shows_again_though_no_place_is_known_any_more(
    ports: Ports, browser: Browser, sign_in: SignIn
):
    stays = tuple(replace(each, until=date.max) for each in full_programme().enrollments)
    await import_programme(ports, full_programme(enrollments=stays), "test")
    entry = await waits(ports)
    await sign_in("k1")
    offer = {"first": "2026-03-24", "until": "2026-03-13"}

    answer = await browser.post(f"/waiting/{entry.id}/offer", data=offer)

    page = await answer.text()
    assert (
        "No place in Tidewater is known to come free for P4 A. Discharge somebody or take "
        "an offer back first." in plain(page)
    )
    assert f'id="of-{entry.id}"' in page


async def test_enrolling_somebody_is_refused_on_the_same_page_with_what_was_typed(
    browser: Browser, sign_in: SignIn
):
    await sign_in("k1")
    form = JOINING | {"until": "2026-03-20"}

    answer = await browser.post(f"{PAGE}/enrollments", data=form)

    page = await answer.text()
    assert answer.status == 422
    assert "It would end on Friday 20 March, before it begins on Tuesday 24" in plain(page)
    assert 'href="#participant"' in page
    assert 'name="first" value="2026-03-24"' in page
    assert 'name="until" value="2026-03-20"' in page
    assert '<option value="p4" selected>' in page


async def test_a_last_day_outside_somebodys_stay_is_refused_where_it_was_asked(
    browser: Browser, sign_in: SignIn
):
    await sign_in("k1")
    form = {"last": "2025-03-10", "cohort": "tidewater"}

    answer = await browser.post("/participants/p1/discharge", data=form)

    page = await answer.text()
    assert answer.status == 404
    assert (
        "No enrollment of P1 A. would end after Monday 10 March. Choose a day of their stay, "
        "before its last." in plain(page)
    )
    assert 'href="#last-p1"' in page
    assert 'id="last-p1" type="date" name="last" value="2025-03-10"' in page


async def test_an_entry_nobody_knows_is_not_there(browser: Browser, sign_in: SignIn):
    await sign_in("k1")

    for verb in ("offer", "take-back", "enroll", "take-off"):
        answer = await browser.post(f"/waiting/wai_nothing/{verb}", data={"reason": "x"})
        assert answer.status == 404


async def test_weekdays_and_a_note_are_kept(
    ports: Ports, browser: Browser, sign_in: SignIn
):
    await sign_in("k1")
    form = {
        "participant": "p4", "asked_on": "2026-03-09", "earliest": "2026-03-16",
        "on-3": "yes", "note": "After <work>.",
    }  # fmt: skip

    answer = await browser.post(f"{PAGE}/waiting", data=form)

    page = await answer.text()
    assert "wants to begin from Mon 16 March on Thu." in plain(page)
    assert "After &lt;work&gt;." in page
    [found] = await show_waiting(ports)
    assert found.turns[0].entry.days == (3,)


async def test_an_offer_is_taken_back_and_somebody_is_taken_off(
    ports: Ports, browser: Browser, sign_in: SignIn
):
    await discharge(ports, ParticipantId("p1"), date(2026, 3, 22), "k1")
    entry = await waits(ports)
    await offer_place(ports, entry.id, Offer(date(2026, 3, 24), date(2026, 3, 13)), "k1")
    await sign_in("k1")

    back = await browser.post(f"/waiting/{entry.id}/take-back")
    silent = await browser.post(f"/waiting/{entry.id}/take-off", data={"reason": " "})
    off = await browser.post(f"/waiting/{entry.id}/take-off", data={"reason": "Moved."})
    again = await browser.post(f"/waiting/{entry.id}/take-off", data={"reason": "Moved."})

    assert "P4 A. p4 Next" in plain(await back.text())
    assert (silent.status, off.status, again.status) == (422, 200, 409)
    assert "Say why, in a few words" in plain(await silent.text())
    settled = plain(await again.text())
    assert "Somebody has decided about P4 A. on the waiting list of Tidewater" in settled
    assert "Nobody waits for this cohort." in settled


async def test_where_somebody_fits_leads_to_the_list_only_where_a_place_is_missing(
    ports: Ports, browser: Browser, sign_in: SignIn
):
    full = full_programme()
    [only] = full.cohorts
    harbor = replace(only, id=CohortId("harbor"), capacity=8)
    await import_programme(ports, replace(full, cohorts=(only, harbor)), "test")
    await sign_in("k1")
    address = "/participants/p4/cohorts"
    question = Question(Foresight.COHORTS, week_named("2026-03-16"), P4)
    await browser.get(address)
    await work_out(ports, question)

    page = await (await browser.get(address)).text()
    [action] = re.findall(r'action="(/cohorts/[^"]*)"', page)
    assert action == "/cohorts/tidewater/waiting"
    await waits(ports)

    after = await (await browser.get(address)).text()
    assert "action=" + f'"{action}"' not in after
    assert "On its waiting list" in after


@pytest.mark.parametrize("who", ["t1", "c1", "a1", "b1", "p1", "p4"])
async def test_who_sees_no_cohort_sees_nothing_of_a_list(
    ports: Ports, browser: Browser, sign_in: SignIn, who: str
):
    await discharge(ports, ParticipantId("p1"), date(2026, 3, 22), "k1")
    entry = await waits(ports, note="Mother in hospital.")
    await offer_place(ports, entry.id, Offer(date(2026, 3, 24), date(2026, 3, 10)), "k1")
    await sign_in(who)

    for address in ("/board", "/wall", "/roster", "/me", "/search", "/reports", PAGE):
        page = await (await browser.get(address)).text()
        assert "aiting list" not in page, address
        assert "Mother" not in page, address
    for verb in ("offer", "take-back", "enroll", "take-off"):
        assert (await browser.post(f"/waiting/{entry.id}/{verb}")).status == 404


async def test_the_board_shows_a_few_decisions_and_leads_to_the_others(
    ports: Ports, browser: Browser, sign_in: SignIn
):
    full = full_programme(enrollments=())
    await import_programme(ports, full, "test")
    for number in range(1, 6):
        await waits(ports, ParticipantId(f"p{number}"))
    await sign_in("k1")

    page = await read(browser, "/board")

    assert page.count("next on the waiting list is") == 3
    assert "P1 A." in page


async def test_nobody_is_told_that_they_are_on_a_list(
    ports: Ports, browser: Browser, sign_in: SignIn
):
    async def outgoing() -> int:
        async with ports.store.read() as tx:
            [row] = await tx.connection.fetch("SELECT COUNT(*) AS number FROM delivery")
        return int(row["number"])

    before = await outgoing()
    await sign_in("k1")
    form = {"participant": "p4", "asked_on": "2026-03-09", "earliest": "2026-03-16"}
    await browser.post(f"{PAGE}/waiting", data=form, headers=OWN)
    await discharge(ports, ParticipantId("p1"), date(2026, 3, 22), "k1")
    [found] = await show_waiting(ports)
    entry = found.turns[0].entry.id
    offer = {"first": "2026-03-24", "until": "2026-03-13"}
    await browser.post(f"/waiting/{entry}/offer", data=offer)

    assert await outgoing() == before
