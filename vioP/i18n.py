"""Languages: what we say, in the language of whoever reads it.

English words are the keys; ``locale/<language>/LC_MESSAGES/viop.po`` holds them in other
languages and is compiled in memory. Who reads is known where a request or a letter begins
and needed wherever a word is made, so it travels with the task, in a context variable.
What has no translation stays English: a word in the wrong language beats none.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.core import negotiate_locale
from babel.dates import format_date, get_timezone_location
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ENGLISH = "en"
# Languages by code, each in its own name: what a switch shows.
LANGUAGES = {"en": "English", "es": "Español"}

_LOCALE = Path(__file__).parent / "locale"
_READER: ContextVar[str] = ContextVar("viop_reader", default=ENGLISH)


def language() -> str:
    """The language of whoever reads what is written now."""
    return _READER.get()


def speak(code: str) -> None:
    """Go on in a language, for the rest of this task; in English where we lack it."""
    _READER.set(known(code) or ENGLISH)


@contextmanager
def reading(code: str) -> Iterator[None]:
    """Write in a language for a while, and then as before."""
    before = _READER.set(known(code) or ENGLISH)
    try:
        yield
    finally:
        _READER.reset(before)


def known(code: str) -> str:
    """The language we have for a code such as ``es-US``; empty where we have none."""
    short = code.replace("_", "-").partition("-")[0].casefold()
    return short if short in LANGUAGES else ""


def preferred(header: str) -> str:
    """The language a browser asks for.

    Args:
        header: ``Accept-Language``, such as ``es-US,es;q=0.9,en;q=0.8``.

    Source: RFC 9110, section 12.5.4.
    """
    ranked = []
    for at, each in enumerate(header.split(",")):
        tag, _, parameter = each.strip().partition(";")
        name, _, value = parameter.strip().partition("=")
        weight = _weight(value) if name == "q" else 1.0
        if weight > 0:
            ranked.append((-weight, at, tag.strip()))
    asked = [tag for _, _, tag in sorted(ranked)]
    return negotiate_locale(asked, list(LANGUAGES), sep="-") or ENGLISH


def say(text: str) -> str:
    """Words of ours in the language of whoever reads them."""
    return catalog(language()).gettext(text) if text else ""


def say_many(one: str, many: str, count: int) -> str:
    """Words of ours about one or several things."""
    return catalog(language()).ngettext(one, many, count)


def long_day(day: date) -> str:
    """A day in words: ``Monday 7 December``; ``lunes, 7 de diciembre``."""
    if language() == ENGLISH:
        return f"{day:%A} {day.day} {day:%B}"
    return format_date(day, "EEEE, d 'de' MMMM", locale=_locale())


def full_day(day: date) -> str:
    """A day with its year: ``Tuesday, 16 March 2027``; ``martes, 16 de marzo de 2027``."""
    if language() == ENGLISH:
        return f"{day:%A}, {day.day} {day:%B %Y}"
    return format_date(day, "full", locale=_locale())


def short_day(day: date) -> str:
    """A day with its year and nothing else: ``16 March 2027``; ``16 de marzo de 2027``."""
    if language() == ENGLISH:
        return f"{day.day} {day:%B %Y}"
    return format_date(day, "long", locale=_locale())


def zone_phrase(local: datetime, zone: str) -> str:
    """A zone with its name and offset: ``Denver time (MST, UTC-07:00)``."""
    offset = f"{local:%z}"
    return f"{place_words(zone)} ({local:%Z}, UTC{offset[:3]}:{offset[3:]})"


def place_words(zone: str) -> str:
    """Whose clock it is: ``Denver time``."""
    return say("%(city)s time") % {"city": _city(zone)}


def country_words(name: str) -> str:
    """A country by the name it has in the reader's language: ``Germany``; ``Alemania``."""
    code = _countries().get(name)
    if language() == ENGLISH or code is None:
        return name
    return str(_locale().territories.get(code, name))


def _city(zone: str) -> str:
    """The city a zone is named after: ``New York``; ``Nueva York``."""
    plain = zone.rpartition("/")[2].replace("_", " ")
    if language() == ENGLISH or "/" not in zone:
        return plain
    return get_timezone_location(zone, locale=_locale(), return_city=True) or plain


@cache
def _countries() -> dict[str, str]:
    """The code of each country by its English name."""
    return {name: code for code, name in Locale(ENGLISH).territories.items()}


def weekly(day: date) -> str:
    """Every such day of the week: ``Mondays``; ``los lunes``."""
    if language() == ENGLISH:
        return f"{day:%A}s"
    name = format_date(day, "EEEE", locale=_locale())
    plural = name if name.endswith("s") else f"{name}s"
    return f"los {plural}"


@cache
def catalog(code: str) -> NullTranslations:
    """What we say in a language; English is what is written in the program."""
    file = _LOCALE / code / "LC_MESSAGES" / "viop.po"
    if code == ENGLISH or not file.is_file():
        return NullTranslations()
    with file.open("rb") as source:
        read = read_po(source, locale=code, domain="viop", abort_invalid=True)
    compiled = BytesIO()
    write_mo(compiled, read)
    compiled.seek(0)
    return GNUTranslations(compiled)


def _locale() -> Locale:
    try:
        return Locale.parse(f"{language()}_US")
    except UnknownLocaleError:
        return Locale.parse(language())


def _weight(value: str) -> float:
    try:
        return float(value)
    except ValueError:
        return 0.0
