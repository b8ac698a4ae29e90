"""Words and keys: what they ask for, and that a session is never called off by one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vioP.domain.keyword import Wish, wish_of_key, wish_of_text


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        *((word, Wish.STOP) for word in (
            "STOP", "stop", " Stop. ", "STOP!!", "StopAll", "stop all", "Unsubscribe",
            "CANCEL", "cancel", "END", "end", "QUIT", "revoke", "OPT-OUT", "opt out", "opt-Out",
            "stop calling me", "Please stop", "please stop texting", "STOP IT NOW",
            "unsubscribe me",
        )),
        *((word, Wish.START) for word in ("START", "start", "unstop", "Opt in")),
        *((word, Wish.CALL_ME) for word in ("C", "c", "Call me", "call", "c.")),
        *((word, Wish.LATE) for word in ("Late", "I'm late", "running late", "Llego tarde")),
        *((word, Wish.LATER) for word in ("L", "later", "can't talk", "Not safe")),
        *((word, Wish.HUMAN) for word in ("H", "help", "Help!", "human")),
        *((word, Wish.WRONG_NUMBER) for word in ("wrong number", "Who is this?")),
        *((word, Wish.UNCLEAR) for word in (
            "cancel my appointment on Thursday", "I will be late", "", "?", "👍",
            "I can't stop crying and do not know what to do any more",
            "endless", "starting soon", "stopped at the shop, back in ten minutes",
        )),
    ],
)  # fmt: skip
def test_what_a_text_asks_for(text, wish):
    assert wish_of_text(text) is wish


@given(st.text(max_size=200))
def test_any_text_is_understood_as_something(text):
    assert wish_of_text(text) in set(Wish)
    assert wish_of_text(text) not in {Wish.NOT_COMING, Wish.JOIN_BY_PHONE}


@pytest.mark.parametrize(
    ("key", "wish"),
    [
        ("1", Wish.JOIN_BY_PHONE),
        ("2", Wish.NOT_COMING),
        ("3", Wish.WRONG_NUMBER),
        ("5", Wish.LATER),
        ("9", Wish.STOP),
        ("0", Wish.HUMAN),
        ("7", Wish.UNCLEAR),
        ("", Wish.UNCLEAR),
    ],
)
def test_what_a_key_asks_for(key, wish):
    assert wish_of_key(key) is wish
