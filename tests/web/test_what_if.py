"""The page that supposes: forms, answers in words, and the way to the real action."""

import html

import pytest

from tests.web.conftest import Browser, SignIn

PAGE = "/weeks/2026-03-09/what-if"


@pytest.fixture
def url(sqlite_url: str) -> str:
    """One database: pages do not know which."""
    return sqlite_url


async def asked(browser: Browser, **query: str) -> str:
    answer = await browser.get(PAGE, params=query)
    assert answer.status == 200
    return html.unescape(await answer.text())


async def test_the_week_leads_to_an_empty_page(browser: Browser, sign_in: SignIn):
    await sign_in("k1")

    week = await (await browser.get("/week?day=2026-03-09")).text()
    page = await asked(browser)

    assert f'href="{PAGE}"' in week
    assert "Nothing is saved and nobody is told." in page
    assert "would be told</li>" not in page
    assert page.count('value="2026-03-09"') >= 5


async def test_a_sick_day_is_answered_and_leads_to_the_leave_page(
    browser: Browser, sign_in: SignIn
):
    await sign_in("k1")

    page = await asked(
        browser, kind="away", staff="c1", first="2026-03-09", last="2026-03-15"
    )
    step = page.split('class="button" href="')[1].split('"')[0]
    leave = await (await browser.get(step)).text()

    assert "Doctor C1 is away from Monday 9 March to Sunday 15 March" in page
    assert "Who would have no place" in page
    assert "What would help" in page
    assert "Forced: the clinician does not work then" in page
    assert '<th scope="col">Then</th>' in page
    assert '<option value="c1" selected>' in leave
    assert 'name="last" value="2026-03-15"' in leave


async def test_a_discharge_leads_to_its_form_with_the_day_filled_in(
    browser: Browser, sign_in: SignIn
):
    await sign_in("k1")

    page = await asked(browser, kind="discharge", participant="p1", last="2026-03-10")
    step = page.split('class="button" href="')[1].split('"')[0]
    cohort = await (await browser.get(step)).text()

    assert "P1 A. is discharged after Tuesday 10 March" in page
    assert "<details open>" in cohort
    assert 'name="last" value="2026-03-10"' in cohort


async def test_changes_without_a_page_say_where_they_are_made(
    browser: Browser, sign_in: SignIn
):
    await sign_in("k1")

    hours = await asked(
        browser,
        **{
            "kind": "hours", "participant": "p1", "first": "2026-03-09",
            "last": "2026-03-13", "from": "08:00", "to": "12:00",
        },
    )  # fmt: skip
    closed = await asked(browser, kind="closure", first="2026-03-10")

    assert (
        "P1 A. cannot come from Monday 9 March to Friday 13 March, 08:00 to 12:00" in hours
    )
    assert "come with the import" in hours
    assert "The program is closed on Tuesday 10 March" in closed
    assert 'href="/arrangements?close=2026-03-10#closed-day"' in closed


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"kind": "away", "staff": "c1", "first": "2026-03-12", "last": "2026-03-10"},
         "The last day 2026-03-10 is before the first"),
        ({"kind": "away", "staff": "c1", "first": "2026-03-10", "last": "2026-03-10",
          "from": "nine"}, "The field from is not a time"),
        ({"kind": "away", "staff": "c1", "first": "2026-03-10", "last": "2026-03-10",
          "from": "09:00"}, "both a beginning and an end"),
        ({"kind": "away", "staff": "nobody", "first": "2026-03-10", "last": "2026-03-10"},
         "nobody called nobody"),
        ({"kind": "discharge", "participant": "p1", "last": "soon"},
         "The field last is not a date"),
        ({"kind": "admit", "participant": "p1", "cohort": "elsewhere",
          "first": "2026-03-10"}, "There is no such thing"),
        ({"kind": "closure", "first": "2026-04-10"}, "outside the week of 2026-03-09"),
        ({"kind": "magic"}, "no kind of change called magic"),
    ],
)  # fmt: skip
async def test_what_makes_no_sense_is_said_on_the_page(
    browser: Browser, sign_in: SignIn, query: dict[str, str], said: str
):
    await sign_in("k1")

    page = await asked(browser, **query)

    assert said in page
    assert 'role="alert"' in page
