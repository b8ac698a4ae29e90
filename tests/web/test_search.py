"""Search: what begins so is found, what is somebody else's never, and the words stay nowhere."""

from dataclasses import replace

import pytest
from aiohttp.web import Application

from tests.make import (
    group_session,
    participant,
    programme,
    published_programme,
    seat_of,
)
from tests.web.conftest import OWN, Browser, SignIn
from vioP import logs
from vioP.app import create_app
from vioP.ports import Ports
from vioP.settings import Settings

PEOPLE = [participant(f"p{number}") for number in range(1, 5)]
ZOE = replace(participant("p5"), name="Zoë O'Brien M.")
MANY = [participant(f"q{number}") for number in range(22)]  # on file, with nothing planned
WIDE = "\uff3a\uff4f\uff45"  # as some keyboards write Zoe
SPELLINGS = (
    "Zoë",
    "zoe",
    "ZOE\u0308",
    "o'brien",
    "O Brien",
    "m. zoë",
    "zo",
    "p5",
    "P5",
    WIDE,
)
NOTED = (
    "SELECT actor, object, details FROM audit WHERE action = 'search.done' ORDER BY number"
)


# Zoë keeps her appointment with c1 alone; from the group that c2 holds as well she was taken out.
OUT = """
UPDATE seat SET state = 'released' WHERE participant_id = 'p5'
  AND session_id IN (SELECT id FROM session WHERE cohort_id IS NOT NULL)
"""


@pytest.fixture
async def app(ports: Ports, settings: Settings) -> Application:
    """The small programme, and Zoë, whom one of two therapists sees."""
    cared_for = [*PEOPLE, ZOE]
    given = programme(cared_for)
    await published_programme(
        ports,
        people=[*cared_for, *MANY],
        enrollments=given.enrollments,
        service_plans=given.service_plans,
    )
    async with ports.store.write() as tx:
        await tx.connection.execute(OUT)
    return create_app(ports, settings)


async def found(browser: Browser, words: str, status: int = 200) -> str:
    answer = await browser.post("/search", data={"words": words})
    assert answer.status == status
    return await answer.text()


@pytest.mark.parametrize("words", SPELLINGS)
async def test_whoever_hosts_somebody_finds_them_in_any_spelling_and_nobody_else_does(
    sign_in: SignIn, words: str
):
    theirs = await found(await sign_in("c1"), words)
    others = await found(await sign_in("c2"), words)
    nothing = await found(await sign_in("c2"), "qqq")

    assert "1 found." in theirs
    assert "Zoë O&#39;Brien M." in theirs
    assert 'href="/seats/' in theirs
    typed = others.replace(f'value="{_escaped(words)}"', 'value="qqq"')
    assert typed == nothing
    assert "Nothing found." in nothing


def _escaped(words: str) -> str:
    return words.replace("'", "&#39;")


async def test_what_a_clinician_finds_opens_and_cohorts_and_sessions_are_not_searched(
    ports: Ports, sign_in: SignIn
):
    session = await group_session(ports)
    seat = await seat_of(ports, session, "p1")
    browser = await sign_in("c2")

    page = await found(browser, "p1")

    assert f'href="/seats/{seat}"' in page
    assert (await browser.get(f"/seats/{seat}")).status == 200
    for words in ("tidewater", session, "doctor", "p5"):
        assert "Nothing found." in await found(browser, words)


async def test_a_coordinator_finds_people_cohorts_and_sessions_each_as_a_link(
    ports: Ports, sign_in: SignIn
):
    session = await group_session(ports)
    browser = await sign_in("k1")

    person = await found(browser, "zoe")
    cohort = await found(browser, "tide")
    named = await found(browser, session)

    assert 'href="/seats/' in person
    assert "Individual, " in person
    assert 'href="/cohorts/tidewater"' in cohort
    assert f'href="/sessions/{session}"' in cohort
    assert "Tuesday 10 March, 09:00 · Doctor C1" in cohort
    assert "1 found." in named
    assert f'href="/sessions/{session}"' in named


async def test_somebody_without_an_appointment_near_is_found_too(
    ports: Ports, sign_in: SignIn
):
    browser = await sign_in("k1")
    async with ports.store.write() as tx:
        await tx.connection.execute("UPDATE session SET state = 'cancelled'")

    enrolled, loose = await found(browser, "zoe"), await found(browser, "q7")

    assert 'href="/cohorts/tidewater"' in enrolled
    assert 'href="/participants/q7/cohorts"' in loose
    assert (await browser.get("/participants/q7/cohorts")).status == 200


async def test_no_more_than_twenty_are_shown_and_it_says_so(sign_in: SignIn):
    page = await found(await sign_in("k1"), "q")

    assert page.split('class="found"')[1].split("</ul>")[0].count("<li>") == 20
    assert "The first 20. Type more letters to see fewer." in page


async def test_who_was_erased_is_not_found(ports: Ports, sign_in: SignIn):
    browser = await sign_in("k1")
    async with ports.store.write() as tx:
        await tx.erasures.note(ZOE.id, ports.clock.now(), "a1", "asked for it")

    for words in ("p5", "zoe"):
        assert "Nothing found." in await found(browser, words)


async def test_the_audit_keeps_how_many_were_found_and_no_word(
    ports: Ports, sign_in: SignIn
):
    browser = await sign_in("k1")

    await found(browser, "zoe")
    await found(browser, "qqq")

    async with ports.store.read() as tx:
        rows = await tx.connection.fetch(NOTED)
    assert [(row["actor"], row["object"], row["details"]) for row in rows] == [
        ("k1", "search", {"found": "1"}),
        ("k1", "search", {"found": "0"}),
    ]


async def test_the_words_are_in_no_log_line_and_no_address(
    sign_in: SignIn, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
):
    browser = await sign_in("k1")
    logs.configure(json=True)
    caplog.set_level("DEBUG")

    answer = await browser.post("/search", data={"words": "zoesecret"})
    refused = await browser.post("/search", data={"words": "zoesecret" * 100})
    page = await answer.text()

    heard = capsys.readouterr()
    assert (answer.status, refused.status) == (200, 422)
    assert "zoesecret" in page
    assert 'method="post" action="/search"' in page
    assert answer.url.query_string == ""
    assert "/search" in heard.out + caplog.text
    assert "zoesecret" not in heard.out + heard.err + caplog.text


@pytest.mark.parametrize("words", ["", "  ", "'-_.", "\u0301", "x" * 501])
async def test_what_cannot_be_looked_for_is_said_and_what_was_typed_stays(
    sign_in: SignIn, words: str
):
    page = await found(await sign_in("c1"), words, status=422)

    assert 'role="alert"' in page
    assert f'value="{_escaped(words)}"' in page


@pytest.mark.parametrize("who", ["p1", "t1", "a1"])
async def test_nobody_else_has_the_page(sign_in: SignIn, who: str):
    browser = await sign_in(who)

    assert (await browser.get("/search")).status == 404
    assert (await browser.post("/search", data={"words": "p"}, headers=OWN)).status == 404
