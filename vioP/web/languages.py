"""The language of a page: English, or another there is a catalog of under ``templates/locale``.

Staff read English. Whoever receives care reads what they chose on a page, otherwise what their
browser asks for. A catalog is a gettext ``.po`` file, compiled as the program starts.
Source: RFC 9110, section 12.5.4, for what a browser asks for.
"""

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from gettext import NullTranslations
from io import BytesIO
from pathlib import Path

from aiohttp import web
from babel.core import negotiate_locale
from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

from vioP.domain.access import Action
from vioP.domain.errors import Invalid
from vioP.web.access import PERSON, action
from vioP.web.forms import field
from vioP.web.keys import CHOICES

routes = web.RouteTableDef()

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Catalogs = Mapping[str, NullTranslations]

CATALOGS = web.AppKey("CATALOGS", dict[str, NullTranslations])
ENGLISH = "en"
NAMES = {"en": "English", "es": "Español"}
_COOKIE = "viop_language"
_A_YEAR = 365 * 24 * 3600
_DATES = {"en": ("en_US", "EEEE d MMMM"), "es": ("es_US", "EEEE d 'de' MMMM")}

_language: ContextVar[str] = ContextVar("language", default=ENGLISH)
_words: ContextVar[NullTranslations] = ContextVar("words", default=NullTranslations())  # noqa: B039 - it holds nothing that changes


def read_catalogs(folder: Path) -> dict[str, NullTranslations]:
    """Every catalog there is, by language.

    Raises:
        ValueError: A file is no catalog; its name is in the message.
    """
    return {path.stem: _compiled(path) for path in sorted(folder.glob("*.po"))}


def _compiled(path: Path) -> NullTranslations:
    with path.open("rb") as file:
        try:
            catalog = read_po(file, locale=path.stem, abort_invalid=True)
        except ValueError as error:
            raise ValueError(f"{path.name} is no catalog: {error}") from error
    compiled = BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return Translations(compiled)


@contextmanager
def speaking(request: web.Request) -> Iterator[None]:
    """Write pages in the language of whoever asks, until the block ends."""
    catalogs = request.app[CATALOGS]
    wanted = _wanted(request, catalogs)
    said, words = _language.set(wanted), _words.set(catalogs.get(wanted, _NO_WORDS))
    try:
        yield
    finally:
        _language.reset(said)
        _words.reset(words)


@web.middleware
async def speak(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer in the language of whoever asks."""
    with speaking(request):
        return await handler(request)


_NO_WORDS = NullTranslations()


def _wanted(request: web.Request, catalogs: Catalogs) -> str:
    person = request.get(PERSON)
    if person is not None and not person.is_participant:
        return ENGLISH
    known = [ENGLISH, *catalogs]
    chosen = request.cookies.get(_COOKIE, "")
    if chosen in known:
        return chosen
    asked = request.headers.get("Accept-Language", "")
    ranked = [part.partition(";")[0].strip().replace("-", "_") for part in asked.split(",")]
    return negotiate_locale(ranked[:10], known) or ENGLISH


@routes.post("/language", name="language")
@action(Action.OPEN)
async def choose_language(request: web.Request) -> web.Response:
    """Read pages in another language from now on, on this device."""
    form = await request.post()
    wanted, back = field(form, "language"), field(form, "back")
    if wanted not in {ENGLISH, *request.app[CATALOGS]}:
        raise Invalid("There is no such language here.")
    if not back.startswith("/") or back.startswith(("//", "/\\")):
        back = "/"
    answer = web.HTTPSeeOther(back)
    answer.set_cookie(
        _COOKIE,
        wanted,
        max_age=_A_YEAR,
        httponly=True,
        samesite="Lax",
        secure=request.app[CHOICES].is_secure,
    )
    raise answer


def language() -> str:
    """The language the page at hand is written in, such as ``es``."""
    return _language.get()


def others(catalogs: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """The languages a reader could change to, by code and in their own name."""
    return tuple(
        (each, NAMES.get(each, each)) for each in (ENGLISH, *catalogs) if each != language()
    )


def say(words: str) -> str:
    """English words in the language of the page at hand, or as they are."""
    return _words.get().gettext(words) if words else ""


def say_many(one: str, many: str, count: int) -> str:
    """The same, for words that differ by a number."""
    return _words.get().ngettext(one, many, count)


def day_in_words(day: date) -> str:
    """A day with its weekday, in the language of the page at hand."""
    locale, pattern = _DATES.get(language(), (language(), "full"))
    return format_date(day, pattern, locale=locale)
