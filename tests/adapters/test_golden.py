"""What people read, word for word. Whoever changes a mail changes these files as well."""

from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from tests.adapters.letters import MAILS, START, an_invite
from tests.make import SENDER
from vioP.calendars.ics import render
from vioP.domain.invite import Method
from vioP.domain.time import later
from vioP.mail.compose import compose_invite

GOLDEN = Path(__file__).parent / "golden"
DIALLED = replace(SENDER, dial_in="+1 212 555 0188")
BEFORE = (
    later(START, timedelta(hours=-27)),
    later(START, timedelta(hours=-26, minutes=-10)),
)
LETTERS = {
    "invite": (an_invite(), SENDER),
    "invite_with_phone": (an_invite(pin="482913"), DIALLED),
    "moved": (an_invite(sequence=1, is_first=False, moved_from=BEFORE), SENDER),
    "new_details": (an_invite(sequence=2, is_first=False, pin="482913"), DIALLED),
    "again": (an_invite(sequence=102, is_first=False, is_again=True), SENDER),
    "cancel": (an_invite(sequence=3, method=Method.CANCEL), SENDER),
}  # fmt: skip


def parts(name: str) -> dict[str, str]:
    invite, sender = LETTERS[name]
    letter = compose_invite(invite, sender, render(invite, sender), MAILS)
    message = message_from_bytes(letter.raw, policy=policy.default)
    text, html, _ = (part.get_content() for part in message.iter_parts())
    return {
        "txt": f"Subject: {message['Subject']}\n\n{text}".replace("\r\n", "\n"),
        "html": html.replace("\r\n", "\n"),
    }


@pytest.mark.parametrize("name", LETTERS)
@pytest.mark.parametrize("part", ["txt", "html"])
def test_a_mail_says_exactly_this(name: str, part: str):
    file = GOLDEN / f"{name}.{part}"

    assert parts(name)[part].rstrip() + "\n" == file.read_text(encoding="utf-8")
