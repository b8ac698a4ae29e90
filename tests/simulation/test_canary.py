"""A week with a canary in every sensitive field: none is found where it does not belong."""

from dataclasses import replace
from pathlib import Path

import pytest
import structlog

from tests.simulation.canaries import MODULE, TRACK, TURN, Net, Reader, own
from tests.simulation.eavesdrop import LINK, live_a_week, look_at_pages
from vioP import logs
from vioP.furnish import house_of
from vioP.mail.compose import Letter
from vioP.mail.taken import Taken, nothing
from vioP.ports import House
from vioP.settings import Settings
from vioP.simulation import machine
from vioP.simulation.post import MailTwin

PEOPLE = 5
# What left in a week, at the least: a net that catches nothing proves nothing.
CAUGHT = {"mail", "mail headers", "ics", "text", "prompt", "log", "room request", "address"}
SEEN_PAGES = 30


def expected(net: Net) -> set[str]:
    """What is found outside its place and belongs there.

    An act is judged by the reason given for it, so whoever may read the audit reads why a
    coordinator waived a piece or asked for a welfare check, with identifiers and no names.
    """
    words = [
        f"zq{what}{name[1:]}q" for what in ("settled", "waived") for name in net.people
    ]
    return {f"{word} in page /audit for anybody" for word in words}


@pytest.fixture(scope="module")
def week(tmp_path_factory: pytest.TempPathFactory) -> tuple[Net, Path]:
    """All that left in a week, and the database at its end."""
    net = Net([f"p{number}" for number in range(1, PEOPLE + 1)])
    file = tmp_path_factory.mktemp("canary") / "week.db"
    with pytest.MonkeyPatch.context() as patch:
        live_a_week(net, file, patch)
    return net, file


async def test_nothing_leaks_in_a_week(week: tuple[Net, Path]):
    net, file = week

    await look_at_pages(net, file)

    caught = {each.where for each in net.seen}
    assert caught >= CAUGHT
    assert sum(each.startswith("page ") for each in caught) > SEEN_PAGES
    assert {each for each in net.leaks() if each not in expected(net)} == set()
    # The module of a day was there to be told, and helped a participant without being told.
    assert {"page /roster/week", "page /cohorts/zqcohort"} <= readers(
        net, TURN, Reader.STAFF
    )
    assert "page /me of Monday" in readers(net, LINK.title, Reader.PARTICIPANT)


def readers(net: Net, words: str, reader: Reader) -> set[str]:
    """Where a kind of reader saw words."""
    return {each.where for each in net.seen if each.reader is reader and words in each.text}


def test_the_file_of_the_database_says_nothing_of_who_somebody_is(
    week: tuple[Net, Path],
):
    net, file = week
    raw = file.read_bytes().lower()

    # Why somebody did something is in the audit, which is kept as it was written.
    said = ("zqauth", "zqsettled", "zqwaived")
    for name in net.people:
        found = {
            each for each in (*own(name).open, *own(name).closed) if each.encode() in raw
        }
        assert {each for each in found if not each.startswith(said)} == set()
    assert MODULE.encode() in raw
    assert TURN.encode() in raw
    assert b"zqsettled1q" in raw


def test_everybody_finds_their_own_words_on_their_own_pages():
    """Whoever looks for canaries must be able to find one."""
    net = Net(["p1", "p2"])
    for word in (*own("p1").open, *own("p1").closed):
        net.keep("page /me", f"<p>{word}</p>", "p2")

    assert len(list(net.leaks())) == len(own("p1").open) + len(own("p1").closed)


@pytest.mark.parametrize(
    "hidden",
    [
        "Subject: Zq=\r\ntrack",
        "SUMMARY:Zq\r\n track",
        "/j/x?to=%7Aqtrack",
        "eyJuYW1lIjogIlpxdHJhY2sgZ3JvdXAifQ",
        "+1 (303) 888-0001",
    ],
    ids=["soft break", "folded line", "address", "token", "number"],
)
def test_a_word_is_found_however_it_is_written(hidden: str):
    net = Net(["p1"])
    net.keep("mail", hidden, "p2")

    assert list(net.leaks())


def test_planted_leaks_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A house that says its track and what it teaches, and a log line with an address in it."""
    send = MailTwin.send

    def telling(settings: Settings) -> House:
        plain = house_of(settings)
        return replace(plain, sender=replace(plain.sender, name=f"Care {TRACK} {TURN}"))

    async def loud(self: MailTwin, letter: Letter, taken: Taken = nothing) -> str:
        structlog.get_logger().info("mail.sent", key=letter.to, person=MODULE)
        return await send(self, letter, taken)

    monkeypatch.setattr(machine, "house_of", telling)
    monkeypatch.setattr(MailTwin, "send", loud)
    monkeypatch.setattr(logs, "_ALLOWED", {*logs._ALLOWED, "person"})  # noqa: SLF001 - the bug is planted there
    net = Net(["p1", "p2", "p3"])

    live_a_week(net, tmp_path / "week.db", monkeypatch)

    found = set(net.leaks())
    for where in ("mail headers", "mail", "ics"):
        for word in (TRACK, TURN):
            assert any(each.startswith(f"{word} in {where} for p") for each in found), where
    assert f"{MODULE} in log for anybody" in found
    assert "p1@participants.example in log for anybody" in found
