"""A page as a PDF: the same template and the same rules for paper, without a browser."""

import asyncio
import re
from importlib import import_module
from importlib.util import find_spec

from vioP.domain.errors import Unavailable
from vioP.web.static_files import FOLDER

_MAKER = "weasyprint"
_SHEET = re.compile(r'<link rel="stylesheet" href="/static/([a-z_]+\.css)">')


def can_make_pdf() -> bool:
    """Whether what makes PDFs is installed: the extra ``pdf``."""
    return find_spec(_MAKER) is not None


async def make_pdf(html: str) -> bytes:
    """A page as it is printed. It loads nothing; our own style sheets are handed in.

    Raises:
        Unavailable: Nothing that makes PDFs is installed.
    """
    if not can_make_pdf():
        raise Unavailable(
            "No PDF can be made here: vioP was installed without its extra pdf. "
            "Print the page from the browser instead; it looks the same."
        )
    return await asyncio.to_thread(_made, html)


def _made(html: str) -> bytes:
    maker = import_module(_MAKER)  # over a second of work: only where it is asked for
    nothing = maker.urls.URLFetcher(allowed_protocols=())  # whatever a page may say
    sheets = [
        maker.CSS(string=(FOLDER / name).read_text(), url_fetcher=nothing)
        for name in _SHEET.findall(html)
    ]
    page = maker.HTML(string=_SHEET.sub("", html), url_fetcher=nothing)
    made: bytes = page.write_pdf(stylesheets=sheets)
    return made
