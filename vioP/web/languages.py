"""The language of a page: what its reader chose, else what their browser asks for.

Only pages that participants see are translated; staff read English.
"""

from collections.abc import Awaitable, Callable

from aiohttp import web

from vioP.i18n import ENGLISH, LANGUAGES, known, language, preferred, speak
from vioP.web.keys import CHOICES

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_COOKIE = "viop-language"
_KEPT = 400 * 24 * 3600  # seconds; browsers keep no cookie for longer
_TRANSLATED = (
    "/j/",
    "/me",
    "/r/",
    "/room",
    "/set-up/",
    "/sign-in",
    "/passkeys",
    "/reminders/",
    "/t/",
)


def other_languages(request: web.Request) -> tuple[tuple[str, str], ...]:
    """What else a page can be read in, as code and name; nothing where it cannot."""
    if not request.path.startswith(_TRANSLATED):
        return ()
    return tuple(each for each in LANGUAGES.items() if each[0] != language())


@web.middleware
async def languages(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer in the reader's language, and remember what they choose with ``?lang=``."""
    chosen = known(request.query.get("lang", ""))
    if not request.path.startswith(_TRANSLATED):
        speak(ENGLISH)
        return await handler(request)
    kept = known(request.cookies.get(_COOKIE, ""))
    speak(chosen or kept or preferred(request.headers.get("Accept-Language", "")))
    response = await handler(request)
    if not response.prepared:
        response.headers["Content-Language"] = language()
        if chosen:
            secure = request.app[CHOICES].is_secure
            response.set_cookie(
                _COOKIE,
                chosen,
                max_age=_KEPT,
                secure=secure,
                httponly=True,
                samesite="Lax",
            )
    return response
