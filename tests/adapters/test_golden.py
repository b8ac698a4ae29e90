"""What people read, word for word. Whoever changes a mail changes these files as well."""

from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.adapters.letters import MAILS, START, an_invite
from tests.make import SENDER
from vioP.calendars.ics import render
from vioP.domain.invite import Method
from vioP.domain.time import later
from vioP.mail.compose import MailPage, compose_invite
from vioP.mail.wording import FIELDS

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


class Words(HTMLParser):
    """What somebody reads of a page: its words, and where its links lead."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self._silent = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent = tag in {"style", "title"}
        if tag == "a":
            self.lines.append(f"<{dict(attrs)['href']}>")

    def handle_endtag(self, tag: str) -> None:
        self._silent = False

    def handle_data(self, data: str) -> None:
        words = " ".join(data.split())
        if words and not self._silent:
            self.lines.append(words)


def read(html: str) -> str:
    page = Words()
    page.feed(html)
    return "\n".join(page.lines)


def parts(name: str) -> dict[str, str]:
    invite, sender = LETTERS[name]
    letter = compose_invite(invite, sender, render(invite, sender), MAILS)
    message = message_from_bytes(letter.raw, policy=policy.default)
    text, html, _ = (part.get_content() for part in message.iter_parts())
    return {
        "txt": f"Subject: {message['Subject']}\n\n{text}".replace("\r\n", "\n"),
        "html.txt": read(html),
    }


@pytest.mark.parametrize("name", LETTERS)
@pytest.mark.parametrize("part", ["txt", "html.txt"])
def test_a_mail_says_exactly_this(name: str, part: str):
    file = GOLDEN / f"{name}.{part}"

    assert parts(name)[part].rstrip() + "\n" == file.read_text(encoding="utf-8")


def test_pages_fit_a_phone_and_a_dark_room():
    page = MailPage(sender=SENDER, name="")

    for kind in FIELDS:
        html = MAILS.html(kind, page)
        assert 'name="viewport" content="width=device-width, initial-scale=1"' in html
        assert 'name="color-scheme" content="light dark"' in html
        assert "@media (prefers-color-scheme: dark)" in html
