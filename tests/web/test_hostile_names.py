"""Whatever somebody is called, a page has the elements and attributes it always has."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

import pytest

from tests.make import FixedClock, group_session, seat_of
from tests.web.conftest import Browser, SignIn
from tests.web.test_access import ROLES, addresses
from vioP.domain.delivery import Channel
from vioP.flows.deliver import deliver
from vioP.flows.watch_room import watch_room
from vioP.ports import Ports
from vioP.storage.sealed_columns import SEALED, SealedTable

HOSTILE = (
    "\"><script>alert(1)</script><img src=x onerror=alert(2)>' onmouseover='alert(3)"
    " {{7*7}} {% raw %} ${7*7} <!-- --></textarea></title><svg/onload=alert(4)>"
    " javascript:alert(5) &lt;b&gt; \u202eevil \u2028<a href=//evil.example>x</a>"
)
# Every column a stranger or a file can put words into, and a page may show.
COLUMNS = (
    ("participant", "name"), ("participant", "city"), ("participant", "note"),
    ("participant", "accommodation"), ("participant", "phone"), ("participant", "email"),
    ("staff", "name"), ("staff", "phone"), ("supporter", "name"), ("supporter", "phone"),
    ("matter", "sender"), ("matter", "subject"), ("matter", "said"), ("reply", "comment"),
    ("attempt", "note"), ("contact_fact", "wording"), ("contact_fact", "number"),
    ("audit", "object"), ("audit", "actor"), ("delivery", "reason"), ("whereabouts", "city"),
)  # fmt: skip


NOTHING_SEALED = SealedTable((), ())

ROWS = (
    """INSERT INTO matter (id, why, seat_id, participant_id, sender, subject, said, opened_at)
VALUES ('m', 'declined', :seat, 'p1', '', '', '', :at)""",
    """INSERT INTO reply (id, seat_id, answer, sequence, stamped, is_sure, comment, source,
  received_at) VALUES ('r', :seat, 'accepted', 0, :at, TRUE, '', 'x', :at)""",
    """INSERT INTO contact_fact (id, participant_id, kind, at, source, number, wording)
VALUES ('f', 'p1', 'verified', :at, 'x', '', '')""",
    """INSERT INTO supporter (participant_id, position, kind, language, name, phone)
VALUES ('p1', 0, 'guardian', 'en', '', '')""",
    """INSERT INTO whereabouts (seat_id, at, place, city, state, alone, can_talk)
VALUES (:seat, :at, 'elsewhere', '', 'CO', TRUE, TRUE)""",
)


@dataclass
class Shape(HTMLParser):
    """The elements of a page, each with the names of its attributes."""

    elements: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, tuple(name for name, _ in attrs)))
        for name, value in attrs:
            if name in {"href", "src", "action"}:
                assert not (value or "").lstrip().lower().startswith(("javascript:", "//"))


def shape(text: str) -> set[tuple[str, tuple[str, ...]]]:
    found = Shape()
    found.feed(text)
    return set(found.elements)


async def furnish(ports: Ports, clock: FixedClock) -> None:
    """Something of everything that shows words: a missing person, a matter, an answer."""
    session = await group_session(ports)
    seat = await seat_of(ports, session, "p1")
    async with ports.store.write() as tx:
        for statement in ROWS:
            used = {"seat": seat, "at": clock.now()}
            given = {name: each for name, each in used.items() if f":{name}" in statement}
            await tx.connection.execute(statement, **given)
    clock.forward(13)
    await watch_room(ports, session)
    await deliver(ports, Channel.CALL_LIST)


async def call_everything(ports: Ports, word: str) -> None:
    async with ports.store.write() as tx:
        for table, column in COLUMNS:
            if column not in SEALED.get(table, NOTHING_SEALED).columns:
                statement = f"UPDATE {table} SET {column} = :word"  # noqa: S608 - ours
                await tx.connection.execute(statement, word=word)
                continue
            key = SEALED[table].key
            places = ", ".join(f":{each}" for each in key)
            statement = (
                f"UPDATE {table} SET {column} = SEALED(:word, {table}.{column}, {places})"  # noqa: S608 - ours
            )
            where = " AND ".join(f"{each} = :{each}" for each in key)
            rows = await tx.connection.fetch(f"SELECT {', '.join(key)} FROM {table}")  # noqa: S608 - ours
            for row in rows:
                name = {each: row[each] for each in key}
                await tx.connection.execute(f"{statement} WHERE {where}", word=word, **name)


@pytest.mark.parametrize("who", ROLES)
async def test_no_page_changes_its_shape_for_a_hostile_name(
    ports: Ports, app, browser: Browser, sign_in: SignIn, clock: FixedClock, who: str
):
    await furnish(ports, clock)
    await sign_in(who)
    places = [
        (str(route.name), address)
        async for route, address in addresses(ports, app)
        if route.method == "GET" and route.name not in {"live", "room.line", "session.line"}
    ]

    async def pages() -> dict[str, str]:
        found = {}
        for name, address in places:
            answer = await browser.get(address, allow_redirects=False)
            if answer.content_type == "text/html":
                assert answer.status != 500, name
                found[name] = await answer.text()
        return found

    await call_everything(ports, "x")
    plain = await pages()
    await call_everything(ports, HOSTILE)
    hostile = await pages()

    assert set(hostile) == set(plain)
    grown = {name: shape(hostile[name]) - shape(plain[name]) for name in hostile}
    assert {name: more for name, more in grown.items() if more} == {}
    shown = [name for name, text in hostile.items() if "onerror=alert(2)" in text]
    assert shown or who in {"p1", "t1"}, (
        "nothing hostile was shown: what is proven by that?"
    )
