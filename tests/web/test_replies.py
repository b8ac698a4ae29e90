"""The page of what came in and wants a decision."""

import pytest

from tests.make import group_session, seat_of
from tests.replies import mail, report, text_part
from tests.web.conftest import Browser, SignIn
from vioP.domain.reply import InboundMail
from vioP.flows.answer_invite import answer_invite
from vioP.flows.take_reply import take_reply
from vioP.ports import Ports


@pytest.mark.usefixtures("app")
async def test_a_coordinator_decides_and_the_page_remembers(
    ports: Ports, browser: Browser, sign_in: SignIn
):
    seat = await seat_of(ports, await group_session(ports), "p1")
    await answer_invite(ports, ports.secrets.rsvp_token(seat), "no", "Dentist", 0)
    await sign_in("k1")
    page = await (await browser.get("/replies")).text()
    assert "Can&#39;t come: P1 A." in page
    assert "Dentist" in page
    matter = page.partition('action="/replies/')[2].partition('"')[0]

    answer = await browser.post(f"/replies/{matter}", data={"decision": "absent"})

    page = await answer.text()
    assert "Nothing wants a decision." in page
    assert "They will be absent" in page
    again = await browser.post(f"/replies/{matter}", data={"decision": "keep"})
    assert again.status == 409
    async with ports.store.read() as tx:
        done = [(row.actor, row.action) for row in await tx.audit.latest(2)]
    assert ("k1", "matter.decided") in done


@pytest.mark.usefixtures("app")
async def test_what_strangers_write_is_shown_as_text(
    ports: Ports, browser: Browser, sign_in: SignIn
):
    raw = mail(text_part("<script>alert(1)</script>"), headers={"Subject": '"><img src=x>'})
    await take_reply(ports, InboundMail(raw, ports.clock.now()))
    await sign_in("k1")

    page = await (await browser.get("/replies")).text()

    assert "&lt;script&gt;alert(1)" in page
    assert "<img" not in page


@pytest.mark.usefixtures("app")
async def test_the_roster_and_the_session_show_answers_and_failing_mail(
    ports: Ports, browser: Browser, sign_in: SignIn
):
    session = await group_session(ports)
    token = ports.secrets.rsvp_token(await seat_of(ports, session, "p1"))
    other = ports.secrets.rsvp_token(await seat_of(ports, session, "p3"))
    await answer_invite(ports, token, "yes", "", 0)
    await answer_invite(ports, other, "no", "Dentist", 0)
    await take_reply(
        ports, InboundMail(report("p2@participants.example"), ports.clock.now())
    )
    await sign_in("c1")

    for address in ("/roster", f"/sessions/{session}"):
        page = await (await browser.get(address)).text()
        assert "Accepted" in page
        assert "None yet" in page
        assert "ail comes back" in page
        assert ("Dentist" in page) is ("/sessions/" in address)
