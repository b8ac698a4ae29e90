"""What scripts say in the language of a page: a page brings the words, its scripts look them up."""

import json
from functools import cache
from io import BytesIO

from babel.messages.extract import extract

from vioP.i18n import catalog
from vioP.web.static_files import FOLDER

_ASKS = "inWords"  # the function of static/words.js


@cache
def script_texts() -> tuple[str, ...]:
    """Every English text that a script asks a translation for."""
    found: set[str] = set()
    for file in sorted(FOLDER.glob("*.js")):
        source = BytesIO(file.read_bytes())
        for _, text, _, _ in extract("javascript", source, keywords={_ASKS: None}):
            found.update(text if isinstance(text, tuple) else (text,))
    return tuple(sorted(found))


@cache
def script_words(code: str) -> str:
    """The words of all scripts in a language, as JSON by their English; nothing for English."""
    known = catalog(code)
    words = {text: known.gettext(text) for text in script_texts()}
    told = {text: word for text, word in words.items() if word != text}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))
