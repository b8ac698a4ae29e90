"""The access matrix: every route, asked by everybody, for what is theirs and what is not.

``access_matrix.txt`` beside this file says what each may open. A route that is not in it fails.
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp import ClientResponse, DummyCookieJar
from aiohttp.web import Application
from pytest_aiohttp.plugin import AiohttpClient

from tests.make import FixedClock
from tests.web.asked import PASSWORD, Asked, about, asked, in_order
from tests.web.conftest import OWN, Browser
from tests.web.test_looking import kept
from tests.web.world import UNKNOWN, World, two_of_everything
from vioP.app import create_app
from vioP.flows.sign_in import begin_session, set_password
from vioP.ports import Ports
from vioP.settings import Settings

MATRIX = Path(__file__).with_name("access_matrix.txt")
# Who asks: a column of the matrix, and whom it signs in.
ACTORS = {
    "nobody": "",
    "p1": "p1",
    "p2": "p2",
    "coordinator": "k1",
    "host_c1": "c1",
    "host_c2": "c2",
    "tech": "t1",
    "compliance": "a1",
    "admin": "b1",
}
# What leads to the sign-in when it is done, as what is refused does.
_LEADS_THERE = {"home", "sign_out"}
_REFUSED = {403, 404}
_TOKENS = ("join", "rsvp", "reminders", "feed", "set_up", "new_password")
_SAME = (
    "Content-Type",
    "Location",
    "Set-Cookie",
    "Cache-Control",
    "Content-Security-Policy",
)


@pytest.fixture
def url(sqlite_url: str) -> str:
    """One database: who may do what does not depend on it."""
    return sqlite_url


@pytest.fixture
async def world(ports: Ports, clock: FixedClock) -> World:
    return await two_of_everything(ports, clock)


@pytest.fixture
async def app(ports: Ports, settings: Settings, world: World) -> Application:
    """The application, with two of everything in it."""
    assert world.objects
    return create_app(ports, settings)


@pytest.fixture
async def browser(app: Application, aiohttp_client: AiohttpClient) -> Browser:
    """A browser that keeps no cookie: each request says who asks."""
    return await aiohttp_client(app, headers=OWN, cookie_jar=DummyCookieJar())


def expected() -> Mapping[str, Mapping[str, str]]:
    """What the matrix says: by route and actor, the letters of what opens."""
    lines = [
        line.split()
        for line in MATRIX.read_text("utf-8").splitlines()
        if line and not line.startswith("#")
    ]
    head, *rows = lines
    return {row[0]: dict(zip(head[1:], row[1:], strict=True)) for row in rows}


async def cookie_of(ports: Ports, person: str) -> Mapping[str, str]:
    if not person:
        return {}
    async with ports.store.read() as tx:
        account = await tx.accounts.of_person(person)
    assert account is not None
    await set_password(ports, account.id, PASSWORD)
    return {"Cookie": f"viop={(await begin_session(ports, account)).token}"}


async def said(answer: ClientResponse) -> tuple[object, ...]:
    """Everything by which two refusals could be told apart."""
    heads = tuple(answer.headers.get(name) for name in _SAME)
    return answer.status, sorted(answer.headers), heads, await answer.read()


def is_refused(answer: ClientResponse, name: str) -> bool:
    to_sign_in = answer.headers.get("Location") == "/sign-in"
    return answer.status in _REFUSED or (to_sign_in and name not in _LEADS_THERE)


NONE = "-"
# What may be said to whom a route opens for: it is done, or it does not fit as things are.
_OPENED = {200, 204, 303, 409, 410, 426}
# There is no telephone here, which is said only to whom it would ring.
_SAYS_WHY = {"drill": 422}
# Their forms are tried elsewhere; here it is enough that they are read at all.
_FORM_IS_MISSING = {
    "forgotten_password.ask", "sign_in.passkey", "passkeys.keep", "week.move",
    "week.move_keep", "week.unpin", "week.undo", "leave.decide", "break_glass.open",
    "time_off.ask", "emergency_access.sign", "disclosures.note", "disclosures.account",
}  # fmt: skip
# What was mailed once and is no more says so, known or not.
_GONE = 410


async def ask(browser: Browser, one: Asked, cookie: Mapping[str, str]) -> ClientResponse:
    answer = await browser.request(
        one.method, one.address, data=one.form, headers=cookie, allow_redirects=False
    )
    if answer.content_type == "text/event-stream":
        answer.close()  # it ends when its reader goes
    return answer


async def state(ports: Ports) -> tuple[Mapping[str, str], int]:
    """What is kept, and how much was written down about who did what."""
    async with ports.store.read() as tx:
        [row] = await tx.connection.fetch("SELECT count(*) AS lines FROM audit")
    return await kept(ports), int(row["lines"])


def test_every_route_is_in_the_matrix_and_nothing_else(app: Application):
    assert {route.name for route in in_order(app)} == set(expected())
    assert all(set(row) == {"about", *ACTORS} for row in expected().values())


@pytest.mark.parametrize("actor", ACTORS)
async def test_everybody_opens_what_the_matrix_says_and_nothing_else(
    ports: Ports, app: Application, browser: Browser, world: World, actor: str
):
    cookie = await cookie_of(ports, ACTORS[actor])
    table, before = expected(), await state(ports)
    wrong, open_to_them = [], []

    for route in in_order(app):
        name = route.name or ""
        may, refusals = table[name][actor], {}
        for one in asked(route, world):
            if may == "yes" or (may != NONE and one.letter in may):
                open_to_them.append((name, one))
                continue
            answer = await ask(browser, one, cookie)
            if not is_refused(answer, name):
                wrong.append(f"{actor} opened {one.method} {name} {one.letter}")
            refusals[one.letter] = await said(answer)
        if UNKNOWN in refusals and len(set(map(str, refusals.values()))) > 1:
            wrong.append(f"{actor} can tell what is there at {name}")
    assert not wrong
    assert await state(ports) == before, "a refusal changed something"

    for name, one in open_to_them:
        answer = await ask(browser, one, cookie)
        status = answer.status
        fits = (
            status in _OPENED
            or _SAYS_WHY.get(name) == status
            or (status == 422 and name in _FORM_IS_MISSING)
        )
        if not fits or is_refused(answer, name):
            wrong.append(f"{actor} got {status} from {one.method} {name} {one.letter}")
    assert not wrong


async def test_a_token_opens_the_routes_of_its_own_purpose_only(
    ports: Ports, app: Application, browser: Browser, world: World
):
    purposes = [kind for kind in world.objects if kind in _TOKENS]
    session = (await cookie_of(ports, "k1"))["Cookie"].removeprefix("viop=")
    before, tried = await state(ports), 0

    for route in in_order(app):
        purpose = about(route)
        if purpose not in purposes:
            continue
        others = {
            kind: world.objects[kind]["A"]
            for kind in purposes
            if kind != purpose and "A" in world.objects[kind]
        }
        [unknown] = [one for one in asked(route, world) if one.letter == UNKNOWN]
        refusal = await said(await ask(browser, unknown, {}))
        assert refusal[0] in {404, _GONE}, route.name
        for kind, token in (others | {"session": session}).items():
            wrong = replace(
                unknown,
                address=unknown.address.replace(world.objects[purpose][UNKNOWN], token),
            )
            answer = await said(await ask(browser, wrong, {}))
            assert answer == refusal, f"a token for {kind} at {route.name}"
            tried += 1

    assert tried > 150
    assert await state(ports) == before


async def test_a_token_of_a_link_signs_nobody_in(
    app: Application, browser: Browser, world: World
):
    assert app
    for kind in _TOKENS:
        cookie = {"Cookie": f"viop={world.objects[kind].get('A', 'x' * 43)}"}

        answer = await browser.get("/me", headers=cookie, allow_redirects=False)

        assert answer.headers.get("Location") == "/sign-in", kind


@pytest.mark.parametrize("actor", ["coordinator", "host_c1", "host_c2"])
async def test_a_seat_is_marked_in_its_own_session_only(
    ports: Ports, app: Application, browser: Browser, world: World, actor: str
):
    assert app
    cookie, before = await cookie_of(ports, ACTORS[actor]), await state(ports)

    for session, seat in (("A", "B"), ("B", "A")):
        address = f"/sessions/{world.objects['session'][session]}/seats/{world.seats[seat]}"
        answer = await browser.post(
            address, data={"mark": "present"}, headers=cookie, allow_redirects=False
        )
        assert answer.status == 404

    assert await state(ports) == before


@pytest.mark.parametrize(
    ("who", "address", "form"),
    [
        ("c2", "/phases", {"participant": "p9", "phase": "Deep", "first": "2026-03-17"}),
        ("k1", "/participants/p9/contact", {"note": "no_texts", "seat": ""}),
        ("k1", "/cohorts/tidewater/enrollments",
         {"participant": "p9", "first": "2026-05-05", "until": "2026-06-01"}),
        ("k1", "/leave", {"staff": "c9", "first": "2026-03-24", "last": "2026-03-24"}),
        ("a1", "/records/export", {"participant": "p9"}),
    ],
)  # fmt: skip
async def test_nothing_is_kept_about_whom_nobody_knows(
    ports: Ports,
    app: Application,
    browser: Browser,
    who: str,
    address: str,
    form: Mapping[str, str],
):
    assert app
    cookie, before = await cookie_of(ports, who), await state(ports)

    answer = await browser.post(address, data=form, headers=cookie, allow_redirects=False)

    assert answer.status in {404, 422}
    assert await state(ports) == before
