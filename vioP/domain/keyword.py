"""What somebody wants who answers a text with a word, or a call with a key.

STOP and its like end texts and never a session: whoever writes CANCEL to a robot means the
robot. A longer sentence is for a person to read.

Sources: 47 CFR 64.1200(a)(10), which names the words; CTIA Messaging Principles, 5.1.3.
"""

import re
from enum import StrEnum


class Wish(StrEnum):
    """What is asked for."""

    STOP = "stop"
    START = "start"
    CALL_ME = "call_me"
    LATER = "later"
    LATE = "late"
    HUMAN = "human"
    JOIN_BY_PHONE = "join_by_phone"
    NOT_COMING = "not_coming"
    WRONG_NUMBER = "wrong_number"
    UNCLEAR = "unclear"


_STOP = frozenset(
    {
        "stop", "stopall", "stop all", "unsubscribe", "cancel", "end", "quit", "revoke",
        "optout", "opt out", "alto", "parar", "cancelar", "arret",
    }
)  # fmt: skip
_WORDS = {
    Wish.START: frozenset({"start", "unstop", "yes start", "optin", "opt in"}),
    Wish.CALL_ME: frozenset({"c", "call", "call me", "callme", "please call", "llamame"}),
    Wish.LATER: frozenset({"l", "later", "not now", "cant talk", "not safe"}),
    Wish.LATE: frozenset(
        {
            "late",
            "im late",
            "running late",
            "im running late",
            "i am late",
            "tarde",
            "llego tarde",
        }
    ),
    Wish.HUMAN: frozenset({"h", "help", "human", "person", "info", "ayuda"}),
    Wish.WRONG_NUMBER: frozenset({"wrong number", "wrong person", "who is this"}),
}
# Short sentences that begin with these ask for silence, whatever follows: "stop calling me".
_BEGINS_STOP = ("stop ", "unsubscribe ", "opt out ", "please stop")
_MOST_WORDS = 6

_KEYS = {
    "1": Wish.JOIN_BY_PHONE,
    "2": Wish.NOT_COMING,
    "3": Wish.WRONG_NUMBER,
    "5": Wish.LATER,
    "9": Wish.STOP,
    "0": Wish.HUMAN,
}


def wish_of_text(text: str) -> Wish:
    """What a text asks for; a sentence nobody foresaw is unclear, and for a person to read."""
    said = " ".join(re.sub(r"[^\w\s]", "", text.casefold()).split())
    if said in _STOP:
        return Wish.STOP
    for wish, words in _WORDS.items():
        if said in words:
            return wish
    short = len(said.split()) <= _MOST_WORDS
    return Wish.STOP if short and f"{said} ".startswith(_BEGINS_STOP) else Wish.UNCLEAR


def wish_of_key(key: str) -> Wish:
    """What a key pressed during a call asks for."""
    return _KEYS.get(key, Wish.UNCLEAR)
