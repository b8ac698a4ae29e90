"""Many messages at once: paced, summed up in one mail, and a feed that is not relied on."""

from dataclasses import replace
from datetime import date, timedelta
from email import message_from_bytes, policy

import pytest

from tests.make import (
    WEEK,
    FixedClock,
    Postbox,
    deliveries,
    make_ports,
    minutes_later,
    participant,
    programme,
    publish,
)
from vioP.domain.availability import Leave
from vioP.domain.delivery import Channel
from vioP.domain.ids import StaffId
from vioP.domain.people import CalendarChoice
from vioP.domain.telling import Telling
from vioP.domain.time import later
from vioP.flows.deliver import deliver
from vioP.flows.enroll import discharge
from vioP.flows.feed import feed_path
from vioP.flows.import_programme import import_programme
from vioP.ports import Ports
from vioP.storage import Store

PACE = timedelta(seconds=5)


@pytest.fixture
def paced(store: Store, clock: FixedClock, postbox: Postbox) -> Ports:
    """A house that paces, and sums up from three messages on."""
    clock.moment = minutes_later(-2 * 24 * 60)
    plain = make_ports(store, clock, mail=postbox)
    telling = Telling(pace=PACE, overview_from=3)
    return replace(plain, house=replace(plain.house, telling=telling))


async def leave_all(ports: Ports, clock: FixedClock) -> None:
    clock.move_to(later(clock.now(), timedelta(minutes=5)))
    while await deliver(ports, Channel.MAIL):
        pass


def text_of(postbox: Postbox, address: str, kind: str) -> list[str]:
    found = []
    for letter in postbox.to(address):
        if f".{kind}@" in letter.message_id:
            message = message_from_bytes(letter.raw, policy=policy.default)
            body = message.get_body(("plain",))
            assert body is not None
            assert b"text/calendar" not in letter.raw
            found.append(body.get_content())
    return found


async def test_a_first_week_is_summed_up_and_its_invites_follow_one_by_one(
    paced: Ports, clock: FixedClock, postbox: Postbox
):
    await import_programme(paced, programme(), "k1")
    await publish(paced)
    clock.move_to(later(clock.now(), timedelta(seconds=90)))

    await deliver(paced, Channel.MAIL)
    kinds = [
        each.message_id.rpartition(".")[0].split(".")[-1]
        for each in postbox.letters.values()
    ]
    assert [kind.partition("@")[0] for kind in kinds] == ["overview"] * 4 + ["request"] * 4
    for done in (2, 3):
        clock.move_to(later(clock.now(), PACE))
        await deliver(paced, Channel.MAIL)
        assert len(postbox.letters) == 4 + 4 * done

    [words] = text_of(postbox, "p1@participants.example", "overview")
    assert words.count("March 2026") == 3
    assert "Tuesday, 10 March 2026, 09:00 to 11:10" in words
    assert "Denver time (MDT, UTC-06:00)" in words
    assert "cancelled" not in words


async def test_a_summary_follows_what_is_edited_before_it_leaves(
    paced: Ports, clock: FixedClock, postbox: Postbox
):
    await import_programme(paced, programme(), "k1")
    await publish(paced)
    clock.forward(1)
    await discharge(paced, participant("p4").id, date(2026, 3, 8), "k1")
    await publish(paced)

    await leave_all(paced, clock)

    assert postbox.to("p4@participants.example") == []
    assert len(text_of(postbox, "p1@participants.example", "overview")) == 1


async def test_two_weeks_published_in_a_row_are_summed_up_both(
    paced: Ports, clock: FixedClock, postbox: Postbox
):
    await import_programme(paced, programme(), "k1")
    clock.move_to(minutes_later(-24 * 60))
    await publish(paced)
    await publish(paced, replace(WEEK, monday=date(2026, 3, 16)))

    await leave_all(paced, clock)

    words = "".join(text_of(postbox, "p1@participants.example", "overview"))
    assert words.count("March 2026") == 6


async def test_a_discharge_is_summed_up_as_cancelled(
    paced: Ports, clock: FixedClock, postbox: Postbox
):
    await import_programme(paced, programme(), "k1")
    await publish(paced)
    await leave_all(paced, clock)
    await discharge(paced, participant("p4").id, date(2026, 3, 8), "k1")
    await publish(paced)

    await leave_all(paced, clock)

    _, words = text_of(postbox, "p4@participants.example", "overview")
    assert "These were cancelled:" in words
    assert "planned for you" not in words
    assert len(text_of(postbox, "p1@participants.example", "overview")) == 1


async def test_somebody_who_wants_a_feed_gets_its_address_once_and_no_invites(
    paced: Ports, clock: FixedClock, postbox: Postbox
):
    people = [
        participant("p1", calendar=CalendarChoice.FEED),
        participant("p2", calendar=CalendarChoice.BOTH),
        participant("p3"),
    ]
    await import_programme(paced, programme(people), "k1")
    await publish(paced)
    await publish(paced, replace(WEEK, monday=date(2026, 3, 16)))

    await leave_all(paced, clock)

    path = await feed_path(paced, "p1")
    assert path is not None
    [words] = text_of(postbox, "p1@participants.example", "feed_link")
    assert path in words
    assert len(postbox.to("p1@participants.example")) == 1
    assert len(text_of(postbox, "p2@participants.example", "feed_link")) == 1
    assert len(postbox.to("p2@participants.example")) > 3
    assert text_of(postbox, "p3@participants.example", "feed_link") == []


async def test_a_change_within_a_day_is_told_by_mail_to_those_with_a_feed_only(
    paced: Ports, clock: FixedClock, postbox: Postbox
):
    people = [participant("p1", calendar=CalendarChoice.FEED), participant("p2")]
    await import_programme(paced, programme(people), "k1")
    await publish(paced)
    await leave_all(paced, clock)
    async with paced.store.read() as tx:
        seats = (await tx.weeks.told(WEEK)).seats
    own = next(
        each for each in seats
        if each.participant_id == "p1" and "individual" in each.session_key
    )  # fmt: skip
    clock.move_to(later(own.starts, -timedelta(hours=20)))
    async with paced.store.write() as tx:
        leave = Leave(own.starts, own.ends)
        await tx.programme.add_leave("lve_1", StaffId("c1"), leave)
    done = await publish(paced)
    assert done.updated

    await leave_all(paced, clock)

    [words] = text_of(postbox, "p1@participants.example", "overview")
    assert "moved from" in words
    kinds = {
        each["kind"] for each in await deliveries(paced.store) if each["seat_id"] == own.id
    }
    assert kinds == set()
