"""Reminders are stopped by one click in the mail, and by nothing less."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from urllib.parse import urlsplit

import pytest

from tests.make import FixedClock, Postbox, deliveries, group_session, seat_of
from tests.web.conftest import Browser
from vioP.domain.delivery import Channel
from vioP.domain.ids import SeatId
from vioP.flows.deliver import deliver
from vioP.flows.mark_attendance import start_session
from vioP.flows.watch_session import watch_session
from vioP.mail.compose import Letter
from vioP.ports import Ports


@pytest.fixture
async def nudge(
    ports: Ports, browser: Browser, clock: FixedClock, postbox: Postbox
) -> Letter:
    """What p4 gets three minutes after the start, everybody else being there."""
    session = await group_session(ports)
    await start_session(ports, session, "c1")
    for name in ("p1", "p2", "p3"):
        seat = await seat_of(ports, session, name)
        await browser.post(f"/j/{ports.secrets.link_token(seat)}", allow_redirects=False)
    clock.forward(3)
    await watch_session(ports, session)
    await deliver(ports, Channel.MAIL)
    [letter] = [each for each in postbox.letters.values() if ".nudge@" in each.message_id]
    return letter


def headers(letter: Letter) -> EmailMessage:
    message = message_from_bytes(letter.raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def address(letter: Letter) -> str:
    return urlsplit(str(headers(letter)["List-Unsubscribe"]).strip("<>")).path


async def test_only_reminders_can_be_unsubscribed_from(nudge: Letter, postbox: Postbox):
    others = [each for each in postbox.letters.values() if each is not nudge]

    assert headers(nudge)["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert address(nudge).startswith("/reminders/sea_")
    assert b"\r\nList-Unsubscribe: <http" in nudge.raw
    assert others
    assert not [each for each in others if b"unsubscribe" in each.raw.lower()]


async def test_a_mail_program_stops_them_with_one_post_without_cookie_or_page(
    ports: Ports, nudge: Letter, browser: Browser, clock: FixedClock, postbox: Postbox
):
    answer = await browser.post(
        address(nudge),
        data={"List-Unsubscribe": "One-Click"},
        headers={"Sec-Fetch-Site": "none"},
        allow_redirects=False,
    )

    assert answer.status == 200
    assert "no more reminders by mail" in await answer.text()
    session = await group_session(ports)
    seat = await seat_of(ports, session, "p4")
    await browser.post(f"/j/{ports.secrets.link_token(seat)}", allow_redirects=False)
    before = len(postbox.letters)
    clock.forward(1)
    async with ports.store.write() as tx:
        await tx.connection.execute(
            "UPDATE delivery SET state = 'pending', due = :now, deadline = NULL "
            "WHERE kind = 'nudge'",
            now=clock.now(),
        )
        await tx.connection.execute("DELETE FROM evidence WHERE seat_id = :s", s=seat)
    await deliver(ports, Channel.MAIL)
    await deliver(ports, Channel.SMS)
    assert len(postbox.letters) == before
    nudges = {
        each["channel"]: each["reason"]
        for each in await deliveries(ports.store)
        if each["kind"] == "nudge"
    }
    assert nudges == {"mail": "unsubscribed", "sms": None}


async def test_looking_changes_nothing_and_one_can_change_ones_mind(
    ports: Ports, nudge: Letter, browser: Browser
):
    where = address(nudge)

    looked = await (await browser.get(where)).text()
    stopped = await (await browser.post(where, data={"reminders": "stop"})).text()
    again = await (await browser.post(where, data={"reminders": "send"})).text()

    assert "Send me no more reminders" in looked
    assert "Send me reminders again" in stopped
    assert "Send me no more reminders" in again
    async with ports.store.read() as tx:
        rows = await tx.audit.latest(2)
    assert [each.action for each in rows] == ["reminders.resumed", "reminders.stopped"]


async def test_only_the_sealed_token_stops_anything(
    ports: Ports, nudge: Letter, browser: Browser
):
    seat = address(nudge).removeprefix("/reminders/").partition(".")[0]
    forged = [
        seat, f"{seat}.", f"{seat}.{'A' * 43}", "x", ports.secrets.link_token(SeatId(seat)),
        ports.secrets.reminder_token(SeatId("sea_nothing")),
    ]  # fmt: skip

    for token in forged:
        assert (await browser.get(f"/reminders/{token}")).status == 404
        assert (await browser.post(f"/reminders/{token}")).status == 404


async def test_the_token_opens_no_room(nudge: Letter, browser: Browser):
    token = address(nudge).removeprefix("/reminders/")

    assert (await browser.get(f"/j/{token}")).status == 404
