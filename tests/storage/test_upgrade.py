"""A database of any earlier version is brought up to date, keeps what it holds, and works."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import POSTGRES
from tests.make import NINE, FixedClock, make_ports, programme, publish
from vioP.flows.import_programme import import_programme
from vioP.flows.sweep import sweep
from vioP.flows.verify_audit import verify_audit
from vioP.storage import Store, migrate, schema
from vioP.storage.connect import connect

REVISIONS = sorted(path.name[:4] for path in schema.VERSIONS.glob("[0-9]*.py"))

# What the first version wrote; every later one knows these columns too.
OLD: tuple[tuple[str, dict[str, Any]], ...] = (
    ("participant", {"id": "old", "name": "Olga Old", "birth_year": 1980, "city": "Denver",
                     "state": "CO", "zone": "America/Denver", "email": "old@example.org",
                     "phone": "+13035550199", "sms": True, "call": True, "voicemail": False,
                     "language": "en", "accommodation": "", "high_risk": True, "note": "",
                     "retired": False}),
    ("supporter", {"participant_id": "old", "position": 0, "kind": "guardian",
                   "language": "en"}),
    ("consent", {"participant_id": "old", "kind": "telehealth", "given_at": NINE}),
    ("session", {"id": "ses_old", "key": "old", "monday": date(2026, 3, 2), "kind": "group",
                 "day": date(2026, 3, 3), "wall_time": "09:00", "zone": "America/Denver",
                 "starts": NINE, "ends": NINE, "blocks": []}),
    ("seat", {"id": "sea_old", "session_id": "ses_old", "participant_id": "old",
              "uid": "uid_old", "sequence": 3, "stamped": NINE, "starts": NINE, "ends": NINE,
              "zone": "America/Denver", "link_hash": "hash_old"}),
    ("evidence", {"id": "evi_old", "seat_id": "sea_old", "fact": "join_pressed",
                  "source": "link", "at": NINE, "recorded_at": NINE}),
    ("attempt", {"id": "att_old", "session_id": "ses_old", "seat_id": "sea_old",
                 "rung": "call", "begun_at": NINE, "outcome": "reached"}),
    ("delivery", {"key": "invite:sea_old:3", "kind": "invite", "channel": "mail",
                  "session_id": "ses_old", "seat_id": "sea_old", "revision": 3, "due": NINE,
                  "content": {"address": "old@example.org"}, "state": "sent",
                  "created_at": NINE, "done_at": NINE}),
    ("account", {"id": "acc_old", "person_id": "old", "role": "participant",
                 "email": "old@example.org"}),
    ("web_session", {"token_hash": "t_old", "account_id": "acc_old", "seen_at": NINE,
                     "ends_at": NINE}),
)  # fmt: skip


@pytest.fixture(params=["sqlite", POSTGRES])
def blank_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database with nothing in it."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/old.db"
        return
    with request.getfixturevalue("postgres_server").blank() as url:
        yield url


async def fill(url: str) -> None:
    """Write what an earlier version would have written."""
    async with connect(url) as database, database.write() as connection:
        for table, row in OLD:
            names = ", ".join(row)
            places = ", ".join(f":{name}" for name in row)
            await connection.execute(
                f"INSERT INTO {table} ({names}) VALUES ({places})",  # noqa: S608 - ours
                **row,
            )


def test_the_history_begins_at_the_beginning():
    assert REVISIONS[0] == "0001"
    assert len(REVISIONS) >= 10


@pytest.mark.parametrize("revision", REVISIONS)
async def test_a_database_of_an_earlier_version_is_brought_up_to_date_and_works(
    blank_url: str, revision: str
):
    migrate.upgrade(blank_url, revision)
    await fill(blank_url)

    assert await schema.bring_up_to_date(blank_url) is (revision != schema.newest())

    await schema.require_current(blank_url)
    async with Store.open(blank_url) as store:
        async with store.read() as tx:
            for table, row in OLD:
                [kept] = await tx.connection.fetch(f"SELECT * FROM {table}")  # noqa: S608 - ours
                for name, value in row.items():
                    assert kept[name] == value, f"{table}.{name}"
        clock = FixedClock()
        ports = make_ports(store, clock)
        await import_programme(ports, programme(), "k1")
        assert (await publish(ports)).invited > 0
        await sweep(ports)
        assert await verify_audit(ports) is None
