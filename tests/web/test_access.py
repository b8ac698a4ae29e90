"""Every route, for everybody: what is open, what is refused, and nothing forgotten."""

from collections.abc import Iterator

import pytest
from aiohttp.web import AbstractRoute, Application

from tests.make import group_session, seat_of
from tests.web.conftest import OWN, Browser, SignIn
from vioP.domain.access import ALLOWED, FOR_EVERYBODY, FOR_WHOEVER_IS_IN, Action
from vioP.domain.ids import ParticipantId
from vioP.flows.book_test import book_test, offer_tests
from vioP.ports import Ports
from vioP.web.access import action_of

# Each route by name with the action it must name. A new route fails here until it is added.
ROUTES = {
    "static": Action.OPEN,
    "favicon": Action.OPEN,
    "health.alive": Action.OPEN,
    "health.ready": Action.OPEN,
    "health": Action.SEE_HEALTH,
    "metrics": Action.USE_HOOK,
    "api": Action.OPEN,
    "api.openapi": Action.OPEN,
    "home": Action.OPEN,
    "sign_in.page": Action.OPEN,
    "sign_in.password": Action.OPEN,
    "sign_in.code": Action.OPEN,
    "sign_in.code_check": Action.OPEN,
    "second_factor.page": Action.OPEN,
    "second_factor.check": Action.OPEN,
    "second_factor.later": Action.OPEN,
    "elsewhere.go": Action.OPEN,
    "elsewhere.back": Action.OPEN,
    "forgotten_password.page": Action.OPEN,
    "forgotten_password.ask": Action.OPEN,
    "new_password.page": Action.USE_LINK,
    "new_password.keep": Action.USE_LINK,
    "sign_out": Action.SIGN_OUT,
    "sign_in.passkey_ask": Action.OPEN,
    "sign_in.passkey": Action.OPEN,
    "passkeys": Action.KEEP_PASSKEYS,
    "passkeys.ask": Action.KEEP_PASSKEYS,
    "passkeys.keep": Action.KEEP_PASSKEYS,
    "passkeys.remove": Action.KEEP_PASSKEYS,
    "disclosures": Action.KEEP_DISCLOSURES,
    "disclosures.note": Action.KEEP_DISCLOSURES,
    "disclosures.account": Action.KEEP_DISCLOSURES,
    "break_glass": Action.BREAK_GLASS,
    "break_glass.open": Action.BREAK_GLASS,
    "break_glass.end": Action.BREAK_GLASS,
    "emergency_access": Action.REVIEW_ACCESS,
    "emergency_access.sign": Action.REVIEW_ACCESS,
    "account": Action.CHANGE_ACCOUNT,
    "account.password": Action.CHANGE_ACCOUNT,
    "account.end": Action.CHANGE_ACCOUNT,
    "stay": Action.CHANGE_ACCOUNT,
    "account.end_one": Action.CHANGE_ACCOUNT,
    "join.page": Action.USE_LINK,
    "join.enter": Action.USE_LINK,
    "join.other": Action.USE_LINK,
    "join.late": Action.USE_LINK,
    "join.quiet": Action.USE_LINK,
    "join.calendar": Action.USE_LINK,
    "me.away": Action.CHANGE_OWN,
    "me.away.say": Action.CHANGE_OWN,
    "me.travel": Action.CHANGE_OWN,
    "me.travel.say": Action.CHANGE_OWN,
    "me.travel.stay": Action.CHANGE_OWN,
    "hooks.mail": Action.USE_HOOK,
    "rsvp.page": Action.USE_LINK,
    "rsvp.answer": Action.USE_LINK,
    "replies": Action.SEE_REPLIES,
    "replies.decide": Action.DECIDE_REPLY,
    "join.call": Action.USE_LINK,
    "join.set_up": Action.USE_LINK,
    "set_up.way": Action.USE_LINK,
    "set_up.renew": Action.USE_LINK,
    "set_up.enter": Action.USE_LINK,
    "set_up.consent": Action.USE_LINK,
    "set_up.consent.withdraw": Action.USE_LINK,
    "set_up.piece": Action.USE_LINK,
    "set_up.keep": Action.USE_LINK,
    "me.details": Action.CHANGE_OWN,
    "me.consent": Action.CHANGE_OWN,
    "me.consent.withdraw": Action.CHANGE_OWN,
    "me.piece": Action.CHANGE_OWN,
    "me.piece.keep": Action.CHANGE_OWN,
    "onboarding": Action.HELP_SET_UP,
    "onboarding.send": Action.HELP_SET_UP,
    "onboarding.waive": Action.HELP_SET_UP,
    "room.page": Action.USE_LINK,
    "room.line": Action.USE_LINK,
    "me.week": Action.SEE_OWN_WEEK,
    "feed": Action.USE_LINK,
    "feed.renew": Action.RENEW_FEED,
    "me.tech_check": Action.CHECK_TECH,
    "me.tech_check.keep": Action.CHECK_TECH,
    "me.tech_check.start": Action.CHECK_TECH,
    "me.tech_check.digits": Action.CHECK_TECH,
    "me.tech_check.down": Action.CHECK_TECH,
    "me.tech_check.up": Action.CHECK_TECH,
    "me.tech_check.echo": Action.CHECK_TECH,
    "me.tech_check.help": Action.CHECK_TECH,
    "me.tech_check.again": Action.CHECK_TECH,
    "me.tech_check.practice": Action.CHECK_TECH,
    "me.tech_check.book": Action.CHECK_TECH,
    "me.tech_check.book.take": Action.CHECK_TECH,
    "link.tech_check": Action.USE_LINK,
    "link.tech_check.keep": Action.USE_LINK,
    "link.tech_check.start": Action.USE_LINK,
    "link.tech_check.digits": Action.USE_LINK,
    "link.tech_check.down": Action.USE_LINK,
    "link.tech_check.up": Action.USE_LINK,
    "link.tech_check.echo": Action.USE_LINK,
    "link.tech_check.help": Action.USE_LINK,
    "link.tech_check.again": Action.USE_LINK,
    "link.tech_check.practice": Action.USE_LINK,
    "link.tech_check.book": Action.USE_LINK,
    "link.tech_check.book.take": Action.USE_LINK,
    "readiness": Action.SEE_READINESS,
    "readiness.person": Action.SEE_READINESS,
    "readiness.help": Action.HELP_CHECK,
    "readiness.settle": Action.HELP_CHECK,
    "board": Action.SEE_BOARD,
    "wall": Action.SEE_BOARD,
    "calls": Action.SEE_CALL_LIST,
    "calls.settle": Action.SETTLE_ATTEMPT,
    "calls.claim": Action.SETTLE_ATTEMPT,
    "calls.give_back": Action.SETTLE_ATTEMPT,
    "day_end": Action.SEE_CALL_LIST,
    "calls.take_back": Action.SETTLE_ATTEMPT,
    "drill": Action.DRILL,
    "seat.story": Action.SEE_STORY,
    "seat.safety": Action.SEE_SAFETY,
    "seat.act": Action.SEE_SAFETY,
    "participant.contact": Action.NOTE_CONTACT,
    "session.news": Action.TELL_SESSION,
    "session.bridge": Action.TELL_SESSION,
    "live": Action.HEAR_LIVE,
    "search": Action.SEARCH,
    "search.find": Action.SEARCH,
    "cohorts": Action.SEE_COHORT,
    "cohort": Action.SEE_COHORT,
    "cohort.enroll": Action.ENROLL,
    "participant.discharge": Action.ENROLL,
    "waiting.put": Action.ENROLL,
    "waiting.offer": Action.ENROLL,
    "waiting.take_back": Action.ENROLL,
    "waiting.enroll": Action.ENROLL,
    "waiting.take_off": Action.ENROLL,
    "week": Action.PLAN_WEEK,
    "week.build": Action.PLAN_WEEK,
    "week.progress": Action.PLAN_WEEK,
    "week.stop": Action.PLAN_WEEK,
    "week.grid": Action.PLAN_WEEK,
    "week.what_if": Action.PLAN_WEEK,
    "week.move": Action.PLAN_WEEK,
    "week.move_fits": Action.PLAN_WEEK,
    "week.move_keep": Action.PLAN_WEEK,
    "week.unpin": Action.PLAN_WEEK,
    "week.undo": Action.PLAN_WEEK,
    "week.publish": Action.PUBLISH_WEEK,
    "sick_call": Action.PLAN_WEEK,
    "sick_call.take": Action.PUBLISH_WEEK,
    "leave": Action.PLAN_WEEK,
    "leave.decide": Action.PLAN_WEEK,
    "leave.note": Action.PLAN_WEEK,
    "leave.take_back": Action.PLAN_WEEK,
    "arrangements": Action.PLAN_WEEK,
    "arrangements.note": Action.PLAN_WEEK,
    "arrangements.take_back": Action.PLAN_WEEK,
    "phases": Action.OPEN_PHASE,
    "phases.open": Action.OPEN_PHASE,
    "forecast": Action.PLAN_WEEK,
    "forecast.approvals": Action.PLAN_WEEK,
    "template": Action.PLAN_WEEK,
    "participant.cohorts": Action.ENROLL,
    "roster": Action.SEE_ROSTER,
    "service_worker": Action.OPEN,
    "roster.print": Action.SEE_ROSTER,
    "roster.week": Action.SEE_ROSTER,
    "roster.pdf": Action.SEE_ROSTER,
    "time_off": Action.ASK_TIME_OFF,
    "time_off.ask": Action.ASK_TIME_OFF,
    "time_off.withdraw": Action.ASK_TIME_OFF,
    "session": Action.SEE_ROSTER,
    "session.start": Action.START_SESSION,
    "session.enter": Action.START_SESSION,
    "session.room": Action.START_SESSION,
    "session.line": Action.START_SESSION,
    "session.mark": Action.MARK_ATTENDANCE,
    "sheet": Action.MARK_ATTENDANCE,
    "sheet.confirm": Action.MARK_ATTENDANCE,
    "audit": Action.SEE_AUDIT,
    "settings": Action.SEE_SETTINGS,
    "wording": Action.SEE_WORDING,
    "wording.mail": Action.SEE_WORDING,
    "wording.mail.html": Action.SEE_WORDING,
    "staff": Action.SEE_STAFF,
    "staff.new": Action.CHANGE_STAFF,
    "staff.invite": Action.CHANGE_STAFF,
    "staff.link": Action.CHANGE_STAFF,
    "staff.licences": Action.CHANGE_STAFF,
    "staff.licences.keep": Action.CHANGE_STAFF,
    "staff.one": Action.SEE_STAFF,
    "staff.role": Action.CHANGE_STAFF,
    "staff.close.ask": Action.CHANGE_STAFF,
    "staff.close": Action.CHANGE_STAFF,
    "staff.reopen": Action.CHANGE_STAFF,
    "staff.end": Action.CHANGE_STAFF,
    "staff.second_factor": Action.CHANGE_STAFF,
    "records": Action.EXPORT_PERSON,
    "reports": Action.SEE_REPORTS,
    "reports.csv": Action.SEE_REPORTS,
    "reports.payers": Action.SEE_REPORTS,
    "reports.waits": Action.SEE_REPORTS,
    "records.export": Action.EXPORT_PERSON,
    "reminders": Action.USE_LINK,
    "reminders.choose": Action.USE_LINK,
    "undelivered": Action.SEE_UNDELIVERED,
    "undelivered.again": Action.SETTLE_UNDELIVERED,
    "undelivered.done": Action.SETTLE_UNDELIVERED,
    "hooks.video": Action.USE_HOOK,
    "hooks.phone": Action.USE_HOOK,
    "hooks.video.part": Action.USE_HOOK,
}
ROLES = {
    "p1": "participant",
    "k1": "coordinator",
    "c1": "therapist",
    "t1": "tech_support",
    "a1": "compliance",
    "b1": "admin",
}
# Tech support holds test sessions; the group of these tests is not one of theirs.
NOT_THEIRS = {"t1": ("session", "seat", "sheet")}
FILLED = {"cohort": "tidewater", "attempt": "nothing", "name": "style.css", "token": "x" * 43,
          "participant": "p1",
          "leave": "nothing", "request": "nothing", "entry": "nothing",
          "kind": "pin",
          "piece": "name",
          "arrangement": "nothing",
          "monday": "2026-03-09",
          "matter": "nothing",
          "delivery": "nothing",
          "staff": "c1",
          "language": "en",
          "part": "x", "provider": "nothing",
          "told": "nothing",
          "nonce": "nothing", "record": "nothing", "passkey": "nothing",
}  # fmt: skip


def routes(app: Application) -> Iterator[AbstractRoute]:
    for route in app.router.routes():
        if route.method != "HEAD":
            yield route


async def test_every_route_names_its_action_and_is_in_the_table(app):
    found = {route.name: action_of(route.handler) for route in routes(app)}

    assert found == ROUTES


async def test_outside_demo_mode_no_demo_route_exists(browser: Browser, app):
    assert not [route for route in routes(app) if "demo" in str(route.resource)]
    assert (await browser.get("/demo")).status == 404


async def test_every_demo_route_names_the_demos_action(demo_app: Application):
    found = {
        action_of(route.handler)
        for route in routes(demo_app)
        if "/demo" in str(route.resource)
    }

    assert found == {Action.USE_DEMO}


async def addresses(ports: Ports, app):
    session = await group_session(ports)
    parts = FILLED | {"session": session, "seat": await seat_of(ports, session, "p1")}
    for route in routes(app):
        assert route.resource is not None
        yield route, route.resource.canonical.format(**parts)


@pytest.mark.parametrize("who", [None, *ROLES])
async def test_each_role_gets_what_it_may_and_nothing_else(
    ports: Ports, app, browser: Browser, sign_in: SignIn, who
):
    if who:
        await sign_in(who)
    allowed = FOR_EVERYBODY | (ALLOWED[ROLES[who]] | FOR_WHOEVER_IS_IN if who else set())

    async for route, address in addresses(ports, app):
        if route.name == "sign_out":
            continue
        answer = await browser.request(route.method, address, allow_redirects=False)
        refused = (
            answer.status in {403, 404} or answer.headers.get("Location") == "/sign-in"
        )
        if ROUTES[route.name] not in allowed:
            assert refused, f"{who} {route.method} {address} gave {answer.status}"
        elif route.name not in {
            "join.page",
            "join.enter",
            "home",
            "sign_in.password",
            "sign_in.code_check",
            "second_factor.page",
            "second_factor.check",
            "second_factor.later",
            "leave.take_back",
            "time_off.withdraw",
            "waiting.offer",
            "waiting.take_back",
            "waiting.enroll",
            "waiting.take_off",
            "arrangements.take_back",
            "rsvp.page",
            "rsvp.answer",
            "hooks.mail",
            "undelivered.again",
            "undelivered.done",
            "reminders",
            "reminders.choose",
            "feed",
            "sign_in.passkey",
            "passkeys.remove",
            "account.end_one",
            "account.password",  # 403 as well where the old password is wrong
            "join.call",
            "join.other",
            "join.late",
            "join.quiet",
            "join.calendar",
            "join.set_up",
            "set_up.way",
            "set_up.renew",
            "set_up.enter",
            "set_up.consent",
            "set_up.consent.withdraw",
            "set_up.piece",
            "set_up.keep",
            "me.consent",
            "me.consent.withdraw",
            "onboarding.waive",
            "room.page",
            "room.line",
            "hooks.video",
            "wording.mail",
            "wording.mail.html",
            "hooks.phone",
            "metrics",
            "elsewhere.go",
            "elsewhere.back",
            "hooks.video.part",
        } and not route.name.startswith(("link.", *NOT_THEIRS.get(who, ()))):
            assert not refused, f"{who} {route.method} {address} gave {answer.status}"


async def test_a_clinician_cannot_open_somebody_elses_session(
    ports: Ports, browser: Browser, sign_in: SignIn
):
    async with ports.store.read() as tx:
        sessions = await tx.live.between(
            ports.clock.now(), ports.clock.now().replace(day=14)
        )
    own = next(each for each in sessions if not each.cohort_id and each.staff == ("c1",))
    await sign_in("c2")

    answer = await browser.get(f"/sessions/{own.id}")
    unknown = await browser.get("/sessions/ses_nothing")

    assert answer.status == unknown.status == 404
    assert await answer.text() == await unknown.text()


async def test_a_change_from_a_foreign_page_is_refused(browser: Browser, sign_in: SignIn):
    await sign_in("k1")

    for headers in (
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "https://evil.example"},
    ):
        answer = await browser.post(
            "/week/build", data={"monday": "2026-03-09"}, headers=OWN | headers
        )
        assert answer.status == 403


async def test_every_answer_is_guarded_errors_included(browser: Browser):
    for address in ("/sign-in", "/nowhere", "/j/forged", "/static/style.css", "/board"):
        answer = await browser.get(address, allow_redirects=False)
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        if not address.startswith("/static"):
            assert answer.headers["Cache-Control"] == "no-store"


DUMP = ("participant", "feed", "enrollment", "session", "seat", "delivery", "evidence", "attempt",
        "week_plan", "publication", "tech_check", "audit", "job", "reply", "matter",
        "inbound_mail", "onboarding", "setup_link", "setup_answer", "consent_record",
        "waiver", "phone_check", "waiting")  # fmt: skip


# What looking may write: that somebody looked, and the alarm clock of what is to be worked out
# for them, as a cache is filled. Source: RFC 9110, section 9.2.1.
READINGS = {
    "audit": "WHERE action NOT LIKE '%.read'",
    "job": "WHERE name <> 'work_out'",
}


async def snapshot(ports: Ports) -> list[str]:
    async with ports.store.read() as tx:
        return [
            str([tuple(row[name] for name in row.keys()) for row in  # noqa: SIM118 - a Row
                 await tx.connection.fetch(
                     f"SELECT * FROM {table} {READINGS.get(table, '')} ORDER BY 1, 2"  # noqa: S608
                 )])
            for table in DUMP
        ]  # fmt: skip


@pytest.mark.parametrize("who", [None, *ROLES])
async def test_no_get_changes_anything(
    ports: Ports, app, browser: Browser, sign_in: SignIn, who
):
    if who:
        await sign_in(who)
    before = await snapshot(ports)

    async for route, address in addresses(ports, app):
        if route.method == "GET":
            await browser.get(address, allow_redirects=False)
            await browser.head(address, allow_redirects=False)

    assert await snapshot(ports) == before


async def test_tech_support_can_look_after_whom_they_test_and_nobody_else(
    ports: Ports, browser: Browser, sign_in: SignIn
):
    slots, _, _ = await offer_tests(ports, ParticipantId("p1"))
    test = await book_test(ports, ParticipantId("p1"), slots[0].starts)
    group = await group_session(ports)
    await sign_in("t1")

    for session, status in ((test, 200), (group, 404)):
        seat = await seat_of(ports, session, "p1")
        for address in (f"/seats/{seat}", f"/seats/{seat}/safety"):
            assert (await browser.get(address)).status == status
