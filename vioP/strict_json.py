"""JSON from strangers: read only when it is no deeper than anything we are ever told.

Python's reader takes what the standard does not know (``NaN``), and fails with an error of
its own on what is nested too deep. Source: RFC 8259, sections 6 and 9.
"""

import json
import re
from typing import Any, NoReturn

_DEEPEST = 32
# Whole strings, also one that never ends, are passed over at once and never looked at again.
_BRACKETS = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[\[\]{}]', re.DOTALL)


def read_json(text: str | bytes) -> Any:
    """What a text says.

    Raises:
        ValueError: It is no JSON, or is nested deeper than 32 levels.
    """
    written = text.decode() if isinstance(text, bytes) else text
    depth = 0
    for found in _BRACKETS.finditer(written):
        mark = found[0]
        if mark in "[{":
            depth += 1
            if depth > _DEEPEST:
                raise ValueError("nested too deep")
        elif mark in "]}":
            depth -= 1
    return json.loads(written, parse_constant=_refuse)


def _refuse(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number")
