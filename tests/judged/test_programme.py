"""A programme over many weeks before an independent judge, calendars compared at every step."""

import importlib.util
import json
import os
import re
import subprocess
import sys
from collections import Counter
from datetime import date
from email import message_from_bytes, policy
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.adapters.test_ical_judge import JUDGE, missing
from tests.judged.life import DAY, Life, begin, weeks_from
from tests.make import open_sealed
from vioP.domain.arrangement import MergedMeeting
from vioP.domain.ids import CohortId
from vioP.domain.time import Week
from vioP.flows.arrange import arrange, take_back_arrangement
from vioP.mail.compose import Letter
from vioP.storage import Store

pytestmark = pytest.mark.skipif(bool(missing()), reason=missing())
# Clocks change on 14 March and on 7 November.
SPRING, AUTUMN = date(2027, 3, 8), date(2027, 11, 1)


def judge() -> ModuleType:
    """The judge as a module, to ask it what a calendar holds after some messages."""
    spec = importlib.util.spec_from_file_location("ical_judge", JUDGE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


class Reader:
    """Everybody's calendar, as a client that keeps the standard would have it."""

    def __init__(self) -> None:
        self._judge = judge()
        self._known: dict[int, Any] = {}

    def calendars(self, letters: list[Letter]) -> dict[str, list[tuple[str, str, str]]]:
        held = self._judge.replay([self._read(each) for each in letters])
        return {
            who: sorted((each["uid"], each["start"], each["end"]) for each in events)
            for who, events in held.items()
            if events
        }

    def _read(self, letter: Letter) -> Any:
        if id(letter) not in self._known:
            message = self._judge.from_eml(Path("message.eml"), letter.raw, "all")
            message.root = self._judge.read_raw(message.ics, lambda *_: None)
            self._known[id(letter)] = message
        return self._known[id(letter)]


async def live(life: Life, weeks: list[Week], replans: int) -> Counter[str]:
    """Publish each week on the Thursday before it, and plan again some days of every week."""
    reader, happened = Reader(), Counter[str]()
    for week in weeks:
        if week not in life.published:
            life.at(week.monday - 4 * DAY, 10)
            await life.publish(week)
            await life.settle()
        await life.morning(week.monday)
        ahead = Week(week.monday + 7 * DAY)
        life.at(week.monday + 3 * DAY, 10)
        await life.publish(ahead)
        await life.settle()
        await compare(life, reader, "a week was published")
        for turn in range(replans):
            life.at(week.monday + (3 + turn) * DAY, 14)
            what = await life.change()
            happened[what] += 1
            await life.settle()
            await compare(life, reader, what)
    return happened


async def compare(life: Life, reader: Reader, after: str) -> None:
    """Calendars hold what stands, in whatever order and number the messages come."""
    want = {
        who: sorted((each["uid"], each["start"], each["end"]) for each in events)
        for who, events in (await life.stands()).items()
    }
    letters = life.mail.invites()
    shuffled = [*letters, *life.chance.sample(letters, len(letters) // 3)]
    life.chance.shuffle(shuffled)

    assert reader.calendars(shuffled) == want, after


async def judged(life: Life, place: Path) -> dict[str, Any]:
    """The judge's verdict on every message, each recipient's in the order of sending."""
    for number, letter in enumerate(life.mail.invites()):
        folder = place / "sent" / letter.to
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{number:06d}.eml").write_bytes(letter.raw)
    expected = place / "expected.json"
    expected.write_text(json.dumps(await life.stands()))
    done = subprocess.run(  # noqa: S603, ASYNC221 - our own arguments, and nothing else runs
        [sys.executable, "-W", "ignore", str(JUDGE), "--json", "--expect", str(expected),
         str(place / "sent")],
        capture_output=True, text=True, check=False, timeout=900, env=dict(os.environ),
    )  # fmt: skip
    assert done.stdout, done.stderr
    verdict: dict[str, Any] = json.loads(done.stdout)
    return verdict


def trades_places(life: Life, file: str, detail: str) -> bool:
    """Whether an overlap ends with another message of the same moment.

    Of two appointments that move into each other's time one has to move first. Only a
    cancellation could avoid it, and would frighten whoever reads it.
    """
    number = int(Path(file).stem)
    letters = life.mail.invites()
    other = detail.rpartition(" ")[2].partition("@")[0]
    moment = b"\r\nDate: " + letters[number].raw.partition(b"\r\nDate: ")[2][:31]
    return any(
        each.to == letters[number].to and other in each.message_id and moment in each.raw
        for each in letters[number + 1 :]
    )


def only_in_a_link(life: Life, file: str, detail: str) -> bool:
    """Whether the words the judge heard stand in the random part of a link, and nowhere else."""
    letter = life.mail.invites()[int(Path(file).stem)]
    message = message_from_bytes(letter.raw, policy=policy.default)
    texts = [message["Subject"]] + [
        part.get_content()
        for part in message.walk()
        if part.get_content_maintype() == "text"
    ]
    plain = re.sub(r"https?://\S+", "", "\n".join(map(str, texts)).replace("\r\n ", ""))
    words = re.findall(r"'(\w+)'", detail)
    return bool(words) and not any(
        re.search(rf"\b{word}\b", plain, re.IGNORECASE) for word in words
    )


def require_clean(verdict: dict[str, Any], life: Life) -> None:
    """No violation, no warning, no judge that was missing, and no message that was left out."""
    found = [
        (file["file"], each["code"], each["detail"])
        for file in verdict["files"]
        for each in file["violations"]
        if not (each["code"] == "H09" and trades_places(life, file["file"], each["detail"]))
        and not (
            each["code"] == "M13" and only_in_a_link(life, file["file"], each["detail"])
        )
    ]
    assert found == []
    assert verdict["missing"] == []
    assert len(verdict["files"]) == len(life.mail.invites())
    names = {each.name for each in life.now.participants}
    for letter in life.mail.letters:
        others = names - {own_name(life, letter)}
        assert not [each for each in others if each.encode() in letter.raw]


def own_name(life: Life, letter: Letter) -> str:
    return next(
        each.name for each in life.now.participants if each.contact.email == letter.to
    )


async def test_four_weeks_of_changes_please_the_judge(store: Store, tmp_path: Path):
    life = await begin(store, tmp_path, people=10, seed=11)

    await live(life, [*weeks_from(SPRING, 2), *weeks_from(AUTUMN, 2)], replans=3)

    require_clean(await judged(life, tmp_path), life)
    assert len(life.mail.invites()) > 100


async def test_wards_held_together_and_apart_again_please_the_judge(
    store: Store, tmp_path: Path
):
    life = await begin(store, tmp_path, people=10, seed=12)
    reader, week = Reader(), weeks_from(SPRING, 1)[0]
    life.at(week.monday - 4 * DAY, 10)
    await life.publish(week)
    await life.settle()
    written = len(life.mail.invites())
    wednesday = week.monday + 2 * DAY
    there, back = (
        MergedMeeting(CohortId(one), wednesday, CohortId(other))
        for one, other in (("ward0", "ward1"), ("ward1", "ward0"))
    )

    for merge in (there, back):
        noted = await arrange(life.ports, merge, "k1")
        await life.publish(week)
        await life.settle()
        await compare(life, reader, "held together")
        await take_back_arrangement(life.ports, noted.id, "k1")
        await life.publish(week)
        await life.settle()
        await compare(life, reader, "apart again")

    require_clean(await judged(life, tmp_path), life)
    since = life.mail.invites()[written:]
    assert since
    assert not [each for each in since if b'method="CANCEL"' in each.raw]


@pytest.mark.scale
async def test_twelve_weeks_of_fifty_people_please_the_judge(
    sqlite_url: str, tmp_path: Path
):
    async with open_sealed(sqlite_url) as store:
        life = await begin(store, tmp_path, people=50, seed=27)
        early, late = weeks_from(date(2027, 2, 22), 6), weeks_from(date(2027, 10, 18), 6)

        happened = await live(life, [*early, *late], replans=4)

        verdict = await judged(life, tmp_path)
    require_clean(verdict, life)
    sent = Counter(each["method"] for each in verdict["files"])
    print(  # noqa: T201 - the figure
        f"{len(life.now.participants)} people, 12 weeks, {sum(happened.values())} changes "
        f"{dict(happened)}: {dict(sent)}, 0 violations"
    )
