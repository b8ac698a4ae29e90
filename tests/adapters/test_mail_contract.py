"""What every way of sending mail promises: a folder, a mail server, and the tests' own postbox."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.adapters.letters import a_letter
from tests.adapters.mail_servers import Server, listening
from tests.make import Postbox
from vioP.domain.errors import Unavailable
from vioP.mail.outbox import FolderMail, list_mails, read_mail
from vioP.mail.smtp import SmtpMail
from vioP.ports import MailOut


@dataclass
class Way:
    """A way of sending, and how to see what arrived."""

    mail: MailOut
    arrived: Callable[[], list[bytes]]


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
async def smtp(server: Server) -> AsyncIterator[SmtpMail]:
    """SMTP to a real server on this machine."""
    async with listening(server) as at, SmtpMail.open(at) as mail:
        yield mail


@pytest.fixture(params=["folder", "smtp", "postbox"])
def way(request: pytest.FixtureRequest, tmp_path: Path) -> Way:
    """Each way of sending."""
    if request.param == "folder":
        files = lambda: [each.read_bytes() for each in tmp_path.glob("*.eml")]  # noqa: E731
        return Way(FolderMail(tmp_path), files)
    if request.param == "postbox":
        postbox = Postbox()
        return Way(postbox, lambda: [each.raw for each in postbox.letters.values()])
    server = request.getfixturevalue("server")
    unique = lambda: list(dict.fromkeys(server.got))  # noqa: E731 - a mailbox knows a copy
    return Way(request.getfixturevalue("smtp"), unique)


async def test_a_letter_arrives_byte_for_byte(way: Way):
    letter = a_letter()

    reference = await way.mail.send(letter)

    assert reference
    assert [each.rstrip() for each in way.arrived()] == [letter.raw.rstrip()]


async def test_the_same_letter_again_is_the_same_letter(way: Way):
    await way.mail.send(a_letter())
    await way.mail.send(a_letter())

    assert len(way.arrived()) == 1


async def test_twenty_at_once_all_arrive(way: Way):
    letters = [a_letter(uid=f"{number:040x}") for number in range(20)]

    await asyncio.gather(*(way.mail.send(each) for each in letters))

    assert len(way.arrived()) == 20


async def test_a_folder_that_cannot_be_written_says_where_and_how_to_mend_it(
    tmp_path: Path,
):
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(Unavailable, match=r"folder .*file.* cannot be written"):
        await FolderMail(tmp_path / "file" / "mail").send(a_letter())


async def test_what_was_kept_can_be_read_again(tmp_path: Path):
    await FolderMail(tmp_path).send(a_letter())

    [line] = list_mails(tmp_path)
    mail = read_mail(tmp_path, line.id)

    assert mail is not None
    assert (line.subject, line.to) == (mail.subject, mail.to)
    assert mail.subject == "Example Health appointment"
    assert mail.raw == a_letter().raw
    assert "Ada R." in mail.text
    assert mail.calendar.startswith("BEGIN:VCALENDAR")


@pytest.mark.parametrize(
    "name", ["nothing.eml", "../secret.eml", "/etc/passwd", "", "x.txt"]
)
def test_only_a_letter_of_the_folder_can_be_read(tmp_path: Path, name: str):
    (tmp_path / "secret.eml").write_text("not in the folder")
    (tmp_path / "mail").mkdir()
    (tmp_path / "mail" / "x.txt").write_text("no letter")

    assert read_mail(tmp_path / "mail", name) is None
