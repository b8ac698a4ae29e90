"""The link that asks whether somebody will come, as a browser and as a mail scanner."""

import re
from datetime import timedelta

import pytest
from aiohttp.web import Application

from tests.make import FixedClock, Postbox, group_session, minutes_later, seat_of
from tests.web.conftest import Browser, SignIn
from vioP.domain.delivery import Channel
from vioP.domain.ids import SeatId
from vioP.domain.time import later
from vioP.flows.deliver import deliver
from vioP.flows.show import show_session
from vioP.ports import Ports

NO = {"answer": "no", "sequence": "0"}
YES = NO | {"answer": "yes"}


@pytest.fixture
async def link(ports: Ports, app: Application) -> str:  # noqa: ARG001 - publishes the week
    """Where p1 answers for the group at nine."""
    seat = await seat_of(ports, await group_session(ports), "p1")
    return f"/r/{ports.secrets.rsvp_token(seat)}"


async def answers(ports: Ports) -> list[str]:
    async with ports.store.read() as tx:
        return [
            row["answer"] for row in await tx.connection.fetch("SELECT answer FROM reply")
        ]


async def test_opening_the_link_answers_nothing(ports: Ports, browser: Browser, link: str):
    for method in ("GET", "HEAD", "GET"):
        answer = await browser.request(method, f"{link}?answer=no")
        assert answer.status == 200

    assert await answers(ports) == []


async def test_pressing_a_button_answers_and_says_so(
    ports: Ports, browser: Browser, link: str, sign_in: SignIn
):
    answer = await browser.post(link, data=NO | {"reason": "My <b>car</b> broke"})

    page = await answer.text()
    assert "You said that you can&#39;t come" in page
    assert "car" not in page  # a link that is passed on tells no reason
    assert await answers(ports) == ["declined"]
    await sign_in("k1")
    board = await (await browser.get("/board")).text()
    assert "1 reply wants a decision" in board
    assert "Can&#39;t come" in board
    assert "My &lt;b&gt;car&lt;/b&gt; broke" in await (await browser.get("/replies")).text()


async def test_an_answer_can_be_changed(
    ports: Ports, browser: Browser, link: str, clock: FixedClock
):
    await browser.post(link, data=NO)
    clock.forward(1)
    page = await (await browser.post(link, data=YES)).text()

    assert "You said that you will come" in page
    assert await answers(ports) == ["declined", "accepted"]


async def test_my_week_knows_what_was_answered(
    browser: Browser, link: str, sign_in: SignIn, clock: FixedClock
):
    await sign_in("p1")
    before = await (await browser.get("/me")).text()
    await browser.post(link, data=NO)
    said_no = await (await browser.get("/me")).text()
    clock.forward(1)
    await browser.post(link, data=YES)
    said_yes = await (await browser.get("/me")).text()

    words = "You said that you can't come."
    assert words in said_no
    assert "Change my answer" in said_no
    assert words not in before
    assert words not in said_yes


@pytest.mark.parametrize(
    "form",
    [{}, NO | {"answer": "maybe"}, NO | {"sequence": "x"}, NO | {"reason": "x" * 301}],
)
async def test_what_is_no_answer_is_refused(
    ports: Ports, browser: Browser, link: str, form
):
    answer = await browser.post(link, data=form)

    assert answer.status == 422
    assert await answers(ports) == []


async def test_a_foreign_page_answers_nothing(ports: Ports, browser: Browser, link: str):
    answer = await browser.post(link, data=NO, headers={"Sec-Fetch-Site": "cross-site"})

    assert answer.status == 403
    assert await answers(ports) == []


async def test_afterwards_there_is_nothing_to_answer(
    browser: Browser, link: str, clock: FixedClock
):
    clock.forward(60 * 24)

    assert (await browser.get(link)).status == 410
    assert (await browser.post(link, data=NO)).status == 409


async def test_a_withdrawn_link_and_a_forged_one_look_the_same(
    ports: Ports, browser: Browser, link: str
):
    seat = await seat_of(ports, await group_session(ports), "p1")
    async with ports.store.write() as tx:
        await tx.seats.revoke_link(seat, ports.clock.now())

    withdrawn = await browser.get(link)
    forged = await browser.get(link[:-3] + "AAA")

    assert withdrawn.status == forged.status == 404
    assert await withdrawn.text() == await forged.text()


async def test_the_page_says_nothing_about_the_kind_of_care(browser: Browser, link: str):
    answer = await browser.get(link)
    page = re.sub('/[jr]/[^"]+', "", await answer.text()).lower()  # tokens hold any letters

    for word in ("therapy", "group", "skills", "mood", "iop", "doctor", "tidewater", "p1"):
        assert word not in page


async def test_somebodys_own_week_leads_there(
    browser: Browser, link: str, sign_in: SignIn, clock: FixedClock
):
    clock.moment = minutes_later(-24 * 60)
    await sign_in("p1")

    assert f'href="{link}"' in await (await browser.get("/me")).text()


async def test_the_invite_says_where_to_answer(ports: Ports, postbox: Postbox, link: str):
    while await deliver(ports, Channel.MAIL):
        pass

    token = link.encode()
    plain = [
        each.raw.replace(b"=\r\n", b"") for each in postbox.to("p1@participants.example")
    ]
    assert sum(token in each for each in plain) == 1
    shown = await show_session(ports, await group_session(ports))
    other = await seat_of(ports, shown.id, "p2")
    assert not any(ports.secrets.rsvp_token(other).encode() in each for each in plain)


async def test_what_is_on_leads_the_week_though_something_ended_just_now(
    ports: Ports, browser: Browser, link: str, sign_in: SignIn
):
    """A room that stays open for a while after the end keeps nobody from the next one."""
    group = SeatId(link.removeprefix("/r/").partition(".")[0])
    now = ports.clock.now()
    async with ports.store.write() as tx:
        [over] = await tx.connection.fetch(
            "SELECT seat.id FROM seat JOIN session ON session.id = seat.session_id "
            "WHERE seat.participant_id = 'p1' AND session.kind <> 'group'"
        )
        await tx.connection.execute(
            "UPDATE seat SET starts = :starts, ends = :ends WHERE id = :id",
            id=over["id"],
            starts=later(now, -timedelta(hours=1)),
            ends=later(now, -timedelta(minutes=5)),
        )
    await sign_in("p1")

    page = await (await browser.get("/me")).text()

    first, _, rest = page.partition('id="rest"')
    assert f"/j/{ports.secrets.link_token(group)}" in first
    assert ports.secrets.link_token(SeatId(over["id"])) not in page
    assert rest
