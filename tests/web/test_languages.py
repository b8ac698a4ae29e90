"""Pages in the language of whoever reads them."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiohttp.web import Application
from babel.messages.pofile import read_po
from jinja2 import nodes

from tests.make import group_session, seat_of
from tests.web.conftest import Browser, SignIn
from vioP import i18n
from vioP.domain.errors import SignInFailed
from vioP.domain.onboarding import Piece, Step, Who
from vioP.flows import be_away
from vioP.flows.say_late import TooLateToSay
from vioP.ports import Ports
from vioP.resources import folder
from vioP.web import away, join, set_up_forms
from vioP.web.away import ZONES
from vioP.web.pages import environment
from vioP.web.participant import TOLD
from vioP.web.rsvp import SAID
from vioP.web.script_words import script_texts
from vioP.web.set_up_pages import CALLS
from vioP.web.tech_remedies import LIKE_ANYWHERE, PERMISSION, UPDATE
from vioP.web.tech_words import GRADES, PARTS, VERDICTS

SPANISH = {"Accept-Language": "es-US,es;q=0.9,en;q=0.5"}
PO = Path(i18n.__file__).parent / "locale/es/LC_MESSAGES/viop.po"
HOLE = re.compile(r"%\(\w+\)s|\{\w+\}|</?\w+|href=\"[^\"]*\"")


@pytest.fixture
async def link(ports: Ports, app: Application) -> str:  # noqa: ARG001 - publishes the week
    seat = await seat_of(ports, await group_session(ports), "p1")
    return f"/j/{ports.secrets.link_token(seat)}"


def asked_in_templates() -> set[str]:
    """Every English text that a template asks a translation for."""
    pages = environment(folder("templates"))
    found: set[str] = set()
    for name in pages.list_templates(filter_func=lambda each: each.startswith("web/")):
        source, _, _ = pages.loader.get_source(pages, name)  # type: ignore[union-attr]
        for call in pages.parse(source).find_all(nodes.Call):
            named = isinstance(call.node, nodes.Name) and call.node.name in {"_", "gettext"}
            if named and call.args and isinstance(call.args[0], nodes.Const):
                found.add(call.args[0].value)
    return found


def asked_in_python() -> set[str]:
    """Every English text that the program itself asks a translation for."""
    return {
        call.args[0].value
        for file in sorted(Path(i18n.__file__).parent.rglob("*.py"))
        if "from vioP.i18n import" in (source := file.read_text(encoding="utf-8"))
        for call in ast.walk(ast.parse(source))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id == "say"
        and call.args
        and isinstance(call.args[0], ast.Constant)
        and isinstance(call.args[0].value, str)
    }


def asked() -> set[str]:
    """Every English text there is to translate."""
    in_scripts = set(script_texts())
    assert "Camera off" in in_scripts
    assert "The microphone did not start." in in_scripts
    return asked_in_templates() | asked_in_python() | asked_in_code() | in_scripts


def asked_in_code() -> set[str]:
    """English words of the program that templates translate when they show them."""
    words = {each for _, word, said in VERDICTS.values() for each in (word, said)}
    words |= (
        {word for _, word in GRADES.values()} | set(PARTS.values()) | set(CALLS.values())
    )
    words |= {each for both in LIKE_ANYWHERE.values() for each in both}
    words |= {*PERMISSION.values(), *UPDATE.values()}
    words |= {Step(piece, Who.PARTICIPANT, required=True).title for piece in Piece}
    words |= {*TOLD.values(), *SAID.values()}
    words |= {name for _, name in ZONES} | set(refusals())
    return words - {""}


def refusals() -> Iterator[str]:
    """What people who take part are told when something they typed cannot be kept."""
    for each in (TooLateToSay, SignInFailed):
        yield str(each())
    for module in (away, join, be_away, set_up_forms):
        source = Path(str(module.__file__)).read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(source)):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
                continue
            said = node.args[-1] if node.args else None
            if node.func.id in {"Invalid", "Problem", "_need"} and isinstance(
                said, ast.Constant
            ):
                yield str(said.value)


def test_every_text_has_a_spanish_one_with_the_same_holes_and_tags():
    with PO.open("rb") as source:
        catalog = read_po(source, locale="es")
    known = {each.id: each for each in catalog if each.id}

    missing = asked() - known.keys()

    assert not missing
    for text, message in known.items():
        assert message.string, text
        assert not message.fuzzy, text
        assert sorted(HOLE.findall(str(text))) == sorted(
            HOLE.findall(str(message.string))
        ), text


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("es-US,es;q=0.9,en;q=0.5", "es"),
        ("fr,de;q=0.9", "en"),
        ("es;q=0.2,en;q=0.8", "en"),
        ("es;q=nonsense", "en"),
        ("es;q=0", "en"),
        ("", "en"),
    ],
)
def test_a_browser_asks_for_a_language(header: str, code: str):
    assert i18n.preferred(header) == code


async def test_a_join_page_speaks_the_language_of_the_browser(browser: Browser, link: str):
    answer = await browser.get(link, headers=SPANISH)

    page = await answer.text()
    assert '<html lang="es">' in page
    assert answer.headers["Content-Language"] == "es"
    assert "Su cita" in page
    assert " de marzo" in page
    assert "Your appointment" not in page


def test_cities_and_countries_have_the_names_their_reader_knows():
    with i18n.reading("es"):
        assert i18n.place_words("America/New_York") == "hora de Nueva York"
        assert i18n.country_words("Germany") == "Alemania"
        assert i18n.country_words("Nowhere") == "Nowhere"
        assert i18n.place_words("UTC") == "hora de UTC"
    assert i18n.place_words("America/New_York") == "New York time"
    assert i18n.country_words("Germany") == "Germany"


async def test_whoever_else_is_signed_in_is_told_that_the_link_may_not_be_theirs(
    browser: Browser, sign_in: SignIn, link: str
):
    words = "Somebody else is signed in on this device."
    nobody = await (await browser.get(link)).text()
    await sign_in("p1")
    own = await (await browser.get(link)).text()
    await sign_in("p2")
    other = await (await browser.get(link)).text()
    await sign_in("k1")
    staff = await (await browser.get(link)).text()

    assert [words in each for each in (nobody, own, other, staff)] == [
        False, False, True, True,
    ]  # fmt: skip
    assert "P1" not in other


async def test_a_choice_is_kept_and_beats_the_browser(browser: Browser, link: str):
    first = await browser.get(f"{link}?lang=es", headers={"Accept-Language": "en"})
    second = await browser.get(link, headers={"Accept-Language": "en"})
    back = await browser.get(f"{link}?lang=en")
    again = await browser.get(link, headers=SPANISH)

    assert '<a href="?lang=en"' in await first.text()
    assert '<html lang="es">' in await second.text()
    assert '<html lang="en">' in await back.text()
    assert '<html lang="en">' in await again.text()


async def test_a_link_that_is_none_is_refused_in_spanish(browser: Browser):
    page = await (await browser.get("/j/none", headers=SPANISH)).text()

    assert "Este enlace no es nuestro" in page


async def test_staff_read_english(sign_in: SignIn):
    staff = await sign_in("c1")

    for path in ("/roster", "/sign-in/second"):
        page = await (await staff.get(path, headers=SPANISH)).text()
        assert '<html lang="es">' not in page


async def test_pages_of_a_participant_leave_no_english_behind(sign_in: SignIn, link: str):
    participant = await sign_in("p1")
    english = {
        f">{each}<" for each in asked_in_templates() if " " in each and "%" not in each
    }

    for path in (
        "/me",
        "/me/tech-check",
        "/me/tech-check/practice",
        "/me/tech-check/book",
        "/me/details",
        "/me/away",
        "/me/travel",
        link,
        f"{link}/other",
    ):
        answer = await participant.get(path, headers=SPANISH)
        page = await answer.text()
        assert answer.status == 200, path
        assert not {each for each in english if each in page}, path


def test_only_words_that_stand_in_a_template_are_taken_for_safe():
    pages = environment(folder("templates"))
    for name in pages.list_templates(filter_func=lambda each: each.startswith("web/")):
        source, _, _ = pages.loader.get_source(pages, name)  # type: ignore[union-attr]
        for call in pages.parse(source).find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name == "_":
                assert isinstance(call.args[0], nodes.Const), (name, call.lineno)

    shown = pages.from_string(
        "{{ typed | said }}{% trans typed %}{{ typed }} of{% endtrans %}"
    )
    assert "<b>" not in shown.render(typed="<b>100%</b>")
