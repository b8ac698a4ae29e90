"""The feed: the plan as calendars fetch it, for whoever holds the secret address."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from icalendar import Calendar

from tests.adapters.test_ical_judge import JUDGE, missing
from tests.make import (
    WEEK,
    FixedClock,
    Postbox,
    minutes_later,
    participant,
    programme,
    publish,
)
from tests.web.conftest import Browser, SignIn
from vioP.calendars.ics import PRODUCT
from vioP.domain.delivery import Channel
from vioP.domain.ids import ParticipantId, StaffId
from vioP.flows.deliver import deliver
from vioP.flows.enroll import discharge
from vioP.flows.feed import feed_path, renew_feed
from vioP.flows.import_programme import import_programme
from vioP.ports import Ports


async def address(ports: Ports, person: str = "p1") -> str:
    """Somebody's address, made when there is none."""
    path = await feed_path(ports, person)
    if path is None:
        await renew_feed(ports, person, person)
        path = await feed_path(ports, person)
    assert path is not None
    return path


def uids(raw: bytes) -> set[str]:
    return {str(each["UID"]) for each in Calendar.from_ical(raw).walk("VEVENT")}


async def test_a_feed_holds_the_events_of_the_invites_and_nobody_else(
    ports: Ports, browser: Browser, clock: FixedClock, postbox: Postbox
):
    clock.move_to(minutes_later(-2 * 24 * 60))
    while await deliver(ports, Channel.MAIL):
        pass
    invited = {
        str(letter.message_id).split(".")[0].lstrip("<") + "@example.org"
        for letter in postbox.to("p1@participants.example")
    }

    answer = await browser.get(await address(ports))

    raw = await answer.read()
    assert uids(raw) == invited
    assert len(invited) == 3
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Cache-Control"] == "private, max-age=900"
    for name in (b"ATTENDEE", b"ORGANIZER", b"METHOD", b"VALARM", b"mailto:"):
        assert name not in raw
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n" in raw
    assert b"X-PUBLISHED-TTL:PT1H\r\n" in raw
    assert PRODUCT.encode() in raw
    assert raw.count(b"BEGIN:VTIMEZONE") == 1


async def test_what_is_held_already_is_not_sent_again_until_it_changes(
    ports: Ports, browser: Browser
):
    where = await address(ports)
    tag = (await browser.get(where)).headers["ETag"]
    assert tag.startswith('"')

    again = await browser.get(where, headers={"If-None-Match": tag})
    assert again.status == 304
    assert await again.read() == b""
    assert again.headers["ETag"] == tag

    await import_programme(
        ports, programme([participant(f"p{n}") for n in range(1, 6)]), "k1"
    )
    await publish(ports)
    assert (await browser.get(where, headers={"If-None-Match": tag})).status == 304

    await discharge(ports, ParticipantId("p1"), date(2026, 3, 11), "k1")
    await publish(ports)
    assert (await browser.get(where, headers={"If-None-Match": tag})).status == 200


async def test_the_whole_stay_is_in_the_feed_though_only_two_weeks_are_told_by_invite(
    ports: Ports, browser: Browser
):
    for weeks in (1, 2, 3):
        await publish(ports, replace(WEEK, monday=WEEK.monday + timedelta(weeks=weeks)))

    raw = await (await browser.get(await address(ports))).read()

    assert len(uids(raw)) == 12


async def test_a_new_address_ends_the_old_one(
    ports: Ports, browser: Browser, sign_in: SignIn
):
    await sign_in("p1")
    assert "Make my calendar address" in await (await browser.get("/me")).text()
    await browser.post("/calendar/link")
    old = await address(ports)
    assert old in await (await browser.get("/me")).text()

    await browser.post("/calendar/link")

    new = await address(ports)
    assert new != old
    assert (await browser.get(old)).status == 404
    assert (await browser.get(new)).status == 200


async def test_a_discharged_person_finds_an_empty_calendar_and_later_none(
    ports: Ports, browser: Browser, clock: FixedClock
):
    where = await address(ports)
    await discharge(ports, ParticipantId("p1"), date(2026, 3, 10), "k1")

    clock.forward(24 * 60)
    answer = await browser.get(where)
    assert answer.status == 200
    assert uids(await answer.read()) == set()

    clock.forward(31 * 24 * 60)
    assert (await browser.get(where)).status == 410


async def test_a_clinicians_calendar_names_nobody(
    ports: Ports, browser: Browser, sign_in: SignIn
):
    await sign_in("c1")
    await browser.post("/calendar/link")
    page = await (await browser.get("/roster")).text()
    where = await address(ports, "c1")
    assert where in page

    raw = await (await browser.get(where)).read()

    events = Calendar.from_ical(raw).walk("VEVENT")
    async with ports.store.read() as tx:
        hosted = await tx.live.of_staff(
            StaffId("c1"), minutes_later(-24 * 60), minutes_later(7 * 24 * 60)
        )
    assert len(events) == len(hosted) >= 4
    assert {urlsplit(str(each["URL"])).path for each in events} == {
        f"/sessions/{each.id}" for each in hosted
    }
    text = raw.decode().lower()
    for word in ("p1 a.", "p2 a.", "@participants", "tidewater", "individual", "group"):
        assert word not in text


async def test_somebody_who_left_the_staff_has_no_calendar(ports: Ports, browser: Browser):
    where = await address(ports, "c2")
    small = programme()
    await import_programme(
        ports, replace(small, staff=tuple(each for each in small.staff if each.id != "c2"),
                       cohorts=tuple(replace(each, facilitators=each.facilitators[:1])
                                     for each in small.cohorts)), "k1",
    )  # fmt: skip

    assert (await browser.get(where)).status == 410


async def test_an_address_is_never_logged(
    ports: Ports, browser: Browser, capsys: pytest.CaptureFixture[str]
):
    where = await address(ports)
    await browser.get(where)
    await browser.get(where[:-8] + "XXXX.ics")

    heard = capsys.readouterr()
    assert where.split("/")[2][:20] not in heard.out + heard.err


@pytest.mark.skipif(bool(missing()), reason=missing())
async def test_a_feed_pleases_every_judge(ports: Ports, browser: Browser, tmp_path: Path):
    folder = tmp_path / "feeds"
    folder.mkdir()
    for person in ("p1", "c1"):
        raw = await (await browser.get(await address(ports, person))).read()
        (folder / f"{person}.ics").write_bytes(
            raw.replace(b"http://127.0.0.1:8080", b"https://x.example")
        )

    judged = subprocess.run(  # noqa: S603, ASYNC221 - our own arguments, and nothing else runs
        [sys.executable, "-W", "ignore", str(JUDGE), "--profile", "feed", "--json", str(folder)],
        capture_output=True, text=True, check=False, timeout=120, env=dict(os.environ),
    )  # fmt: skip

    assert judged.returncode == 0, judged.stdout
    found = json.loads(judged.stdout)
    assert (len(found["files"]), found["fails"], found["warnings"]) == (2, 0, 0)
