"""Staff by administrators: out means out, nobody hosted is lost, and imports undo nothing."""

from dataclasses import replace
from datetime import timedelta

import pytest
from aiohttp.web import Application

from tests.make import WEEK, FixedClock, programme
from tests.web.conftest import Browser, SignIn
from vioP.domain.delivery import Channel
from vioP.domain.errors import LastAdmin
from vioP.domain.ids import AccountId, StaffId
from vioP.domain.passkey import Passkey
from vioP.domain.people import StaffRole
from vioP.domain.reply import Why
from vioP.domain.time import Week, later
from vioP.flows.build_week import build_week
from vioP.flows.change_staff import change_role
from vioP.flows.close_account import close_account
from vioP.flows.deliver import deliver
from vioP.flows.feed import read_feed
from vioP.flows.import_programme import import_programme
from vioP.flows.show import show_programme
from vioP.flows.sign_in import begin_session, who_is
from vioP.ports import Ports
from vioP.storage.accounts import Account


@pytest.fixture
async def admin(app: Application, sign_in: SignIn) -> Browser:  # noqa: ARG001 - publishes
    """The administrator's browser."""
    return await sign_in("b1")


async def account_of(ports: Ports, who: str) -> Account:
    async with ports.store.read() as tx:
        found = await tx.accounts.of_person(who)
    assert found is not None
    return found


async def signed_in(ports: Ports, who: str) -> str:
    return (await begin_session(ports, await account_of(ports, who))).token


async def text(browser: Browser, address: str) -> str:
    answer = await browser.get(address)
    assert answer.status == 200
    return await answer.text()


async def test_a_host_is_out_at_once_and_coordinators_are_asked_to_find_somebody(
    ports: Ports, admin: Browser
):
    token = await signed_in(ports, "c1")
    preview = await text(admin, "/staff/c1/close")
    assert "Sessions that need somebody" in preview

    unseen = await admin.post("/staff/c1/close", data={})
    assert (unseen.status, await who_is(ports, token) is None) == (409, False)
    page = await (await admin.post("/staff/c1/close", data={"sure": "yes"})).text()

    assert "The account is closed" in page
    assert await who_is(ports, token) is None
    async with ports.store.read() as tx:
        [listed] = await tx.matters.listed(ports.clock.now())
    assert listed.matter.why is Why.HOST_GONE
    assert "P1" not in listed.matter.said


async def test_nothing_is_planned_with_whoever_is_out_until_they_are_back(
    ports: Ports, admin: Browser
):
    following = Week(WEEK.monday + timedelta(days=7))
    await close_account(ports, StaffId("c1"), "b1", sure=True)

    without = await build_week(ports, following, "k1")
    await admin.post("/staff/c1/reopen", data={})
    again = await build_week(ports, following, "k1")

    assert not [each for each in without.plan.sessions if "c1" in each.staff]
    assert [each for each in again.plan.sessions if "c1" in each.staff]


async def test_a_calendar_address_shows_nothing_once_its_person_is_out(
    ports: Ports, admin: Browser, sign_in: SignIn
):
    await sign_in("c1")
    await admin.post("/calendar/link", data={})
    async with ports.store.read() as tx:
        version = await tx.feeds.version("c1")
    token = ports.secrets.feed_token("c1", version or 0)
    assert b"BEGIN:VEVENT" in ((await read_feed(ports, token)).body or b"")

    await close_account(ports, StaffId("c1"), "b1", sure=True)

    assert b"BEGIN:VEVENT" not in ((await read_feed(ports, token)).body or b"")


async def test_an_import_gives_nothing_back_that_was_taken_away_here(
    ports: Ports, admin: Browser
):
    await admin.post("/staff/t1/role", data={"role": "compliance"})
    await close_account(ports, StaffId("c2"), "b1", sure=True)
    file = programme()
    renamed = tuple(replace(each, name=f"{each.name} Jr.") for each in file.staff)

    await import_programme(ports, replace(file, staff=renamed), "k1")

    staff = {each.id: each for each in (await show_programme(ports)).staff}
    assert staff[StaffId("t1")].role is StaffRole.COMPLIANCE
    assert (await account_of(ports, "t1")).person.role == StaffRole.COMPLIANCE
    assert staff[StaffId("t1")].name.endswith("Jr.")
    assert (await account_of(ports, "c2")).is_disabled


async def test_the_last_administrator_stays_one(ports: Ports, admin: Browser):
    token = await signed_in(ports, "b1")

    demoted = await admin.post("/staff/b1/role", data={"role": "coordinator"})
    closed = await admin.post("/staff/b1/close", data={"sure": "yes"})

    assert (demoted.status, closed.status) == (409, 409)
    assert await who_is(ports, token) is not None
    await change_role(ports, StaffId("t1"), StaffRole.ADMIN, "b1")
    with pytest.raises(LastAdmin):  # t1 has never signed in, and may not be able to
        await change_role(ports, StaffId("b1"), StaffRole.COORDINATOR, "b1")
    await signed_in(ports, "t1")
    await change_role(ports, StaffId("b1"), StaffRole.COORDINATOR, "b1")


async def test_a_new_role_opens_other_pages_with_the_next_click(
    ports: Ports, admin: Browser, sign_in: SignIn
):
    await change_role(ports, StaffId("t1"), StaffRole.COMPLIANCE, "b1")
    browser = await sign_in("t1")

    assert (await browser.get("/board")).status == 404
    assert (await browser.get("/audit")).status == 200
    assert admin is browser


async def test_whoever_hosts_what_people_were_told_of_goes_on_treating(
    ports: Ports, admin: Browser
):
    answer = await admin.post("/staff/c1/role", data={"role": "coordinator"})

    assert answer.status == 409
    assert (await account_of(ports, "c1")).person.role == StaffRole.THERAPIST


async def test_what_was_lost_is_forgotten_and_every_browser_signed_out(
    ports: Ports, admin: Browser, clock: FixedClock
):
    token = await signed_in(ports, "c1")
    account = await account_of(ports, "c1")
    async with ports.store.write() as tx:
        await tx.second_factors.offer(account.id, "nonce")
        await tx.second_factors.use(account.id, 1, clock.now())
        await tx.passkeys.add(Passkey("pk", account.id, "Phone", "key", 0, clock.now()))
    assert "Set up" in await text(admin, "/staff/c1")

    await admin.post("/staff/c1/second-factor/reset", data={})

    async with ports.store.read() as tx:
        assert await tx.second_factors.of(AccountId(account.id)) is None
        assert not await tx.passkeys.of(account.id)
    assert await who_is(ports, token) is None


async def test_the_list_says_when_somebody_was_here_and_names_nobody_in_care(
    ports: Ports, admin: Browser
):
    ports.clock.move_to(later(ports.clock.now(), timedelta(minutes=1)))  # type: ignore[attr-defined]
    page = await text(admin, "/staff")

    assert "Doctor C1" in page
    assert "March 2026" in page
    assert "Never" in page
    assert "P1 A." not in page + await text(admin, "/staff/c1/close")


NEW = {
    "name": "Nora New",
    "email": "Nora@staff.example",
    "role": "therapist",
    "zone": "America/Denver",
}


async def test_somebody_new_gets_a_link_and_chooses_their_password(
    ports: Ports, admin: Browser
):
    page = await (await admin.post("/staff/new", data=NEW)).text()
    await deliver(ports, Channel.MAIL)

    assert "Not opened yet" in page
    [letter] = ports.mail.to("nora@staff.example")  # type: ignore[attr-defined]
    assert b"/password/" in letter.raw
    before = await show_programme(ports)
    await import_programme(ports, programme(), "k1")
    after = await show_programme(ports)
    assert before.staff == after.staff
    again = await admin.post("/staff/new", data=NEW)
    assert (again.status, "Nora New" in await again.text()) == (409, True)


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("name", " ", "Write their name"),
        ("email", "a@b@c", "one mail address"),
        ("zone", "Denver", "time zone"),
    ],
)
async def test_what_is_wrong_with_somebody_new_is_said_beside_what_was_typed(
    admin: Browser, field: str, value: str, says: str
):
    answer = await admin.post("/staff/new", data=NEW | {field: value})

    page = await answer.text()
    assert answer.status == 422
    assert f'href="#{field}"' in page
    assert says in page
    assert value in page


def licence_form(*rows: tuple[str, str, str]) -> dict[str, str]:
    return {
        f"{name}-{number}": value
        for number, (state, first, last) in enumerate(rows)
        for name, value in (("state", state), ("kind", "full"), ("number", ""),
                            ("first", first), ("last", last))
    }  # fmt: skip


async def test_licences_are_what_weeks_are_planned_by_and_imports_leave_them(
    ports: Ports, admin: Browser
):
    form = licence_form(("NY", "", "2026-04-01"), ("", "", ""), ("CO", "", "2026-03-01"))

    page = await (await admin.post("/staff/c1/licences", data=form)).text()
    await import_programme(ports, programme(), "k1")

    assert "Ends soon" in page
    assert "Expired" in page
    own = next(each for each in (await show_programme(ports)).staff if each.id == "c1")
    assert [(each.state, str(each.last)) for each in own.licences] == [
        ("NY", "2026-04-01"),
        ("CO", "2026-03-01"),
    ]
    following = Week(WEEK.monday + timedelta(days=7))
    built = await build_week(ports, following, "k1")
    assert not [each for each in built.plan.sessions if each.staff == ("c1",)]


async def test_a_licence_that_ends_before_it_begins_keeps_nothing(
    ports: Ports, admin: Browser
):
    form = licence_form(("NY", "2026-04-01", "2026-03-01"))

    answer = await admin.post("/staff/c1/licences", data=form)

    assert answer.status == 422
    assert "before the first" in await answer.text()
    own = next(each for each in (await show_programme(ports)).staff if each.id == "c1")
    assert [each.state for each in own.licences] == ["CO"]
