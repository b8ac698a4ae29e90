"""The page of somebody who is out: every way out is offered, one press takes it."""

import re
from dataclasses import replace

import pytest
from aiohttp.web import Application

from tests.make import WEEK, FixedClock, cohort, enrollment, participant, programme
from tests.web.conftest import SignIn
from vioP.domain.arrangement import MakeUp, MergedMeeting
from vioP.flows.arrange import show_arrangements
from vioP.flows.build_week import build_week
from vioP.flows.import_programme import import_programme
from vioP.flows.note_leave import show_leave
from vioP.flows.publish_week import publish_week
from vioP.ports import Ports

OUT = {"staff": "c1", "day": "2026-03-10"}


@pytest.fixture
async def two_groups(app: Application, ports: Ports, clock: FixedClock) -> Ports:  # noqa: ARG001 - it comes first
    """Tidewater with c1 alone and Cedar with c2, at the same hours, published."""
    clock.forward(-120)
    people = [participant(f"p{number}") for number in range(1, 7)]
    alone, cedar = (
        cohort(name, facilitators=(each,))
        for name, each in (("tidewater", "c1"), ("cedar", "c2"))
    )
    plain = programme(
        people,
        cohorts=(alone, cedar),
        enrollments=tuple(
            enrollment(each.id, "tidewater" if number < 4 else "cedar")
            for number, each in enumerate(people)
        ),
    )
    await import_programme(ports, replace(plain, service_plans=()), "test")
    await build_week(ports, WEEK, "test")
    await publish_week(ports, WEEK, "test")
    return ports


def ways(page: str) -> dict[str, str]:
    """What may be chosen, with its words."""
    found = re.findall(
        r'name="instead.tidewater" value="([^"]*)"(?: checked)?> ([^<]+)</label>', page
    )
    return dict(found)


async def test_a_group_is_held_together_with_another_in_one_press(
    two_groups: Ports, sign_in: SignIn
):
    browser = await sign_in("k1")

    first = await (await browser.get("/sick-call", params=OUT)).text()
    offered = ways(first)
    chosen = OUT | {"instead.tidewater": "with cedar"}
    seen = await (await browser.get("/sick-call", params=chosen)).text()
    version = re.findall('name="version" value="([^"]+)"', seen)[0]
    done = await browser.post("/sick-call", data=chosen | {"version": version})

    assert offered[""] == "Not held that day"
    assert offered["with cedar"] == (
        "Together with the Cedar group, 09:00 to 11:10: a place for 4 of 4"
    )
    instead = [key for key in offered if key.startswith("on ")]
    assert instead
    assert all("instead: 4 of 4 can come" in offered[key] for key in instead)
    assert "0 people are told of a change." in seen
    assert done.status == 200
    [noted] = await show_arrangements(two_groups)
    assert isinstance(noted.what, MergedMeeting)
    listed = await (await browser.get("/arrangements")).text()
    assert "Tidewater: with Cedar on Tuesday 10 March" in listed


async def test_a_day_is_held_on_another_in_one_press(two_groups: Ports, sign_in: SignIn):
    browser = await sign_in("k1")
    first = await (await browser.get("/sick-call", params=OUT)).text()
    way = next(key for key in ways(first) if key.startswith("on "))
    chosen = OUT | {"instead.tidewater": way}

    seen = await (await browser.get("/sick-call", params=chosen)).text()
    version = re.findall('name="version" value="([^"]+)"', seen)[0]
    done = await browser.post("/sick-call", data=chosen | {"version": version})

    assert "4 people are told of a change." in seen
    assert "Who would have no place" not in seen
    assert done.status == 200
    [noted] = await show_arrangements(two_groups)
    assert isinstance(noted.what, MakeUp)
    assert f"on {noted.what.day} {noted.what.at:%H:%M}" == way


@pytest.mark.parametrize(
    "way", ["with tidewater", "on never", "fly there", "on 2026-03-11"]
)
async def test_what_no_form_offers_is_refused_and_nothing_is_noted(
    two_groups: Ports, sign_in: SignIn, way: str
):
    browser = await sign_in("k1")
    chosen = OUT | {"instead.tidewater": way, "version": "0"}

    answer = await browser.post("/sick-call", data=chosen)

    assert answer.status in {409, 422}
    assert await show_leave(two_groups) == []


@pytest.mark.usefixtures("two_groups")
async def test_a_coordinator_merges_two_groups_without_a_sick_call(sign_in: SignIn):
    browser = await sign_in("k1")
    merge = {"cohort": "tidewater", "into": "cedar", "day": "2026-03-10"}

    page = await (await browser.post("/arrangements/merge", data=merge)).text()
    again = await browser.post(
        "/arrangements/merge", data=merge | {"cohort": "cedar", "into": "tidewater"}
    )

    assert "Tidewater: with Cedar on Tuesday 10 March" in page
    assert again.status == 422
    assert (
        "Tidewater is held together with Cedar on Tuesday 10 March already."
        in await again.text()
    )
