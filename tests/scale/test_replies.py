"""What reading mail from strangers costs, beside the parsers everybody has."""

import email
import email.policy
import time
from collections.abc import Callable

import pytest
from icalendar import Calendar

from tests.replies import answer, mail, text_part
from tests.scale.page import write_section
from vioP.domain.reply import LARGEST_MAIL, Why
from vioP.flows.read_mail import read_mail

ROUNDS = 300
MOST_SECONDS_TOO_BIG = 0.05
_TEXT = """\
| What | CPU | With `email` and `icalendar` used plainly |
|---|---|---|
| a calendar's answer, from bytes to what it says | {ours:.2f} ms | {theirs:.2f} ms |
| 220 kB of parts within parts | {nested:.1f} ms | {nested_theirs:.0f} ms |
| a mail over 10 MB, refused, its sender and subject known | {big:.1f} ms | |

The promise is less than {most:.0f} ms for a mail that is too big.
"""


def cost(act: Callable[[], object], rounds: int = 1) -> float:
    """Seconds of the processor for one round."""
    begun = time.process_time()
    for _ in range(rounds):
        act()
    return (time.process_time() - begun) / rounds


def plainly(raw: bytes) -> object:
    """What most programs do."""
    message = email.message_from_bytes(raw, policy=email.policy.default)
    for part in message.walk():
        if part.get_content_type() == "text/calendar":
            return Calendar.from_ical(part.get_content())
    return None


@pytest.mark.scale
def test_reading_replies_costs_little_whoever_wrote_them():
    plain = answer()
    nested = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n)
        for n in range(400)
    )
    nested += b"--x\r\n" * 40_000
    big = mail(text_part("I cannot come. " + "x" * LARGEST_MAIL))
    assert read_mail(big, whole=False).told[0] == read_mail(big[:9000], whole=False).told[0]
    assert getattr(read_mail(big, whole=False).told[0], "why", None) is Why.TOO_BIG

    seconds = {
        "ours": cost(lambda: read_mail(plain), ROUNDS),
        "theirs": cost(lambda: plainly(plain), ROUNDS),
        "nested": cost(lambda: read_mail(nested)),
        "nested_theirs": cost(lambda: plainly(nested)),
        "big": cost(lambda: read_mail(big, whole=False)),
    }

    figures = {name: value * 1000 for name, value in seconds.items()}
    write_section(
        "Reading replies", _TEXT.format(**figures, most=MOST_SECONDS_TOO_BIG * 1000)
    )
    assert seconds["big"] < MOST_SECONDS_TOO_BIG
    assert seconds["ours"] < seconds["theirs"]
    assert seconds["nested"] * 10 < seconds["nested_theirs"]
