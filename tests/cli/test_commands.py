"""The command line as an operator uses it: a fresh folder, real files, real exits."""

import contextlib
import io
import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import pytest

from vioP import cli
from vioP.__main__ import Composition
from vioP.cli import plan_week
from vioP.flows import search_week

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "config" / "demo"
KEY = "a key for tests, of more than thirty-two bytes"
FILES = (str(DEMO / "programme.toml"), str(DEMO / "participants.csv"))


@dataclass
class Done:
    """What a command answered."""

    returncode: int
    stdout: str
    stderr: str


class Shell:
    """A folder of its own, and the environment a command sees in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.env = {"VIOP_LINK_KEY": KEY}

    def run(self, *args: str, typed: str = "") -> Done:
        outside = {
            name: each for name, each in os.environ.items() if not name.startswith("VIOP")
        }
        out, err = io.StringIO(), io.StringIO()
        with (
            contextlib.chdir(self.folder),
            mock.patch.dict(os.environ, outside | self.env, clear=True),
            mock.patch.object(sys, "stdin", io.StringIO(typed)),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
        ):
            try:
                code = cli.main(args, Composition())
            except SystemExit as stop:
                code = int(str(stop.code))
        return Done(code, out.getvalue(), err.getvalue())

    def succeed(self, *args: str, typed: str = "") -> str:
        done = self.run(*args, typed=typed)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def fail(self, *args: str, code: int = 1, typed: str = "") -> str:
        done = self.run(*args, typed=typed)
        assert done.returncode == code, done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        return done.stderr


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path)


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """A folder with the demo programme imported, as a real installation holds it."""
    shell = Shell(tmp_path_factory.mktemp("viop"))
    shell.succeed("migrate")
    shell.succeed("import", *FILES, "--yes", "--invent-contacts")
    return shell


def rows(shell: Shell, table: str) -> int:
    with sqlite3.connect(shell.folder / "viop.db") as connection:
        return int(connection.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0])  # noqa: S608


def test_the_demo_week_is_built_without_a_violation_and_everything_placed(furnished: Shell):
    built = json.loads(furnished.succeed("plan", "build", "--week", "2027-03-08", "--json"))

    assert built["week"] == "2027-03-08"
    assert (built["sessions"], built["seats"]) == (95, 208)
    assert built["violations"] == built["unplaced"] == []
    assert 0 < built["bound"] <= built["score"]
    shown = json.loads(furnished.succeed("plan", "show", "--week", "2027-03-08", "--json"))
    assert shown == built


def test_a_long_search_says_how_far_it_is_beside_the_result(furnished: Shell, monkeypatch):
    monkeypatch.setattr(search_week, "LARGE", 0)
    monkeypatch.setattr(plan_week, "_SAY_EVERY", 0.0)

    done = furnished.run("plan", "build", "--week", "2027-04-05")

    assert done.returncode == 0
    assert " s: 0 without a place, score " in done.stderr
    assert "no week for them can cost less than" in done.stdout


def test_ctrl_c_ends_a_long_search_with_the_best_so_far(furnished: Shell, monkeypatch):
    def interrupted(said: str) -> None:
        if "without a place" in said:
            os.kill(os.getpid(), signal.SIGINT)

    monkeypatch.setattr(search_week, "LARGE", 0)
    monkeypatch.setattr(plan_week, "_SAY_EVERY", 0.0)
    monkeypatch.setattr(plan_week, "remark", interrupted)

    furnished.succeed("plan", "build", "--week", "2027-04-12")

    with sqlite3.connect(furnished.folder / "viop.db") as connection:
        [found] = connection.execute(
            "SELECT found FROM week_plan WHERE monday = '2027-04-12'"
        ).fetchone()
    assert json.loads(found)["is_stopped"]


def test_the_planted_cases_are_seen(furnished: Shell):
    built = json.loads(furnished.succeed("plan", "build", "--week", "2027-03-17", "--json"))
    notices = {(each["about"], each["text"]) for each in built["notices"]}

    def said(who: str, words: str) -> bool:
        return any(about == who and words in text for about, text in notices)

    assert built["week"] == "2027-03-15"
    assert said("p07", "No authorized unit is left from 2027-03-17")
    assert said("p20", "starts at 07:00 in Hilo")
    assert said("p19", "starts at 10:00 instead of 11:00 in Phoenix")
    assert said("p34", "starts at 10:00 instead of 11:00 in Tucson")
    first = json.loads(furnished.succeed("plan", "build", "--week", "2027-03-01", "--json"))
    assert [each["about"] for each in first["notices"]] == ["p08"]


def test_a_week_is_shown_verified_explained_and_published_once(furnished: Shell):
    furnished.succeed("plan", "build", "--week", "2027-03-22")

    assert "c04" in furnished.succeed("plan", "show", "--week", "2027-03-22")
    assert "0 violations" in furnished.succeed("plan", "verify", "--week", "2027-03-22")
    why = furnished.succeed("plan", "explain", "--week", "2027-03-22", "p01-individual")
    assert "p01" in why
    first = json.loads(
        furnished.succeed("plan", "publish", "--week", "2027-03-22", "--json")
    )
    again = json.loads(
        furnished.succeed("plan", "publish", "--week", "2027-03-22", "--json")
    )
    assert first["invited"] == 208
    assert again["publication"] == 0
    out = json.loads(
        furnished.succeed(
            "invites", "export", "--week", "2027-03-22", "--out", "OUT", "--json"
        )
    )
    assert (out["messages"], out["recipients"]) == (208, 42)
    assert (furnished.folder / "OUT" / "p01@participants.example" / "000001.eml").exists()
    assert "unbroken" in furnished.succeed("audit", "verify")


def test_leave_is_noted_listed_and_taken_back(furnished: Shell):
    assert "Nobody is away" in furnished.succeed("leave", "list")
    said = furnished.succeed("leave", "add", "c05", "2027-03-10")
    assert "Noted as lve_" in said
    [noted] = json.loads(furnished.succeed("leave", "list", "--json"))
    assert noted["staff"] == "c05"
    furnished.succeed("leave", "take-back", noted["id"])
    assert "Nobody is away" in furnished.succeed("leave", "list")
    assert "Nobody called c99" in furnished.fail("leave", "add", "c99", "2027-03-10")


def test_what_is_arranged_is_noted_listed_and_taken_back(furnished: Shell):
    furnished.succeed("arrange", "keep-apart", "p01", "p02")
    furnished.succeed(
        "arrange", "pin", "p03", "individual", "tue", "10:30", "--from", "2027-03-08"
    )
    furnished.succeed(
        "arrange", "journey", "p04", "2027-03-09", "2027-03-10", "Mobile", "AL",
        "America/Chicago",
    )  # fmt: skip
    noted = json.loads(furnished.succeed("arrange", "list", "--json"))
    assert [each["arrangement"] for each in noted] == ["KeptApart", "Pin", "Journey"]
    assert noted[1]["at"] == "10:30:00"
    for each in noted:
        furnished.succeed("arrange", "take-back", each["id"])
    assert "Nothing is arranged" in furnished.succeed("arrange", "list")
    assert "themselves" in furnished.fail("arrange", "keep-apart", "p01", "p01")
    assert "no participant p99" in furnished.fail("arrange", "keep-apart", "p01", "p99")


def test_the_weeks_ahead_are_foreseen_proposed_and_recommended(furnished: Shell):
    week = ("--week", "2027-03-15")
    ahead = json.loads(
        furnished.succeed("plan", "forecast", *week, "--weeks", "2", "--json")
    )
    assert [each["week"] for each in ahead] == ["2027-03-15", "2027-03-22"]
    assert any(each["about"] == "p07" for each in ahead[0]["notices"])
    assert "lantern" in furnished.succeed("plan", "template", *week)
    found = json.loads(furnished.succeed("plan", "recommend", *week, "p20", "--json"))
    assert any("licence" in " ".join(each["against"]) for each in found)


def test_what_is_asked_for_and_not_there_is_said_so(furnished: Shell):
    assert "no need nothing" in furnished.fail(
        "plan", "explain", "--week", "2027-03-01", "nothing"
    )
    assert "no draft" in furnished.fail("plan", "show", "--week", "2029-01-01")
    assert "not a date" in furnished.fail("plan", "build", "--week", "March")
    furnished.fail("plan", "build", code=2)
    furnished.fail("dance", code=2)


def test_importing_twice_changes_nothing_and_a_change_is_asked_about(shell: Shell):
    shell.succeed("migrate")
    shell.succeed("import", *FILES, "--yes", "--invent-contacts")
    before = (rows(shell, "audit"), rows(shell, "participant"))

    again = shell.succeed("import", *FILES, "--invent-contacts")
    assert "Nothing to do" in again
    assert (rows(shell, "audit"), rows(shell, "participant")) == before

    people = shell.folder / "people.csv"
    people.write_text((DEMO / "participants.csv").read_text().replace("Brooklyn", "Queens"))
    asked = shell.run("import", FILES[0], str(people), "--invent-contacts")
    assert asked.returncode == 1
    assert "~ participants p01 (city)" in asked.stdout
    assert "--yes" in asked.stderr
    changed = json.loads(
        shell.succeed(
            "import", FILES[0], str(people), "--invent-contacts", "--yes", "--json"
        )
    )
    assert changed["changes"] == [
        {"kind": "changed", "noun": "participants", "id": "p01", "fields": ["city"]}
    ]


def test_a_file_with_problems_imports_nothing_and_names_them_all(shell: Shell):
    shell.succeed("migrate")
    people = shell.folder / "people.csv"
    people.write_text(
        (DEMO / "participants.csv").read_text().replace(",NY,", ",QQ,").replace("1988", "x")
    )

    said = shell.fail("import", FILES[0], str(people), "--yes")
    found = shell.run("import", FILES[0], str(people), "--yes", "--json")

    assert "people.csv:2 state: “QQ” is not a state." in said
    assert "Nothing was imported" in said
    assert len(json.loads(found.stdout)["problems"]) > 40
    assert rows(shell, "participant") == rows(shell, "program") == 0


def test_without_a_key_or_with_a_short_one_nothing_starts(shell: Shell):
    shell.env = {}
    assert "link_key is not set. Set VIOP_LINK_KEY, or run: viop init" in shell.fail(
        "migrate", code=2
    )
    shell.env = {"VIOP_LINK_KEY": "short"}
    said = shell.fail("migrate", code=2)
    assert "shorter than 32 bytes" in said
    assert "short\n" not in said.replace("shorter", "")
    assert list(shell.folder.iterdir()) == []


def test_an_unknown_setting_stops_the_program(shell: Shell):
    shell.env |= {"VIOP_JOINING__NUDGE_AFTR": "PT5M"}

    assert "nudge_aftr" in shell.fail("migrate", code=2).lower()


def test_a_first_configuration_is_written_once_and_is_private(shell: Shell):
    shell.env = {}
    shell.succeed("init")
    local = shell.folder / "config" / "local.toml"
    kept = local.read_text()

    assert stat.S_IMODE(local.stat().st_mode) == 0o600
    assert "already there" in shell.fail("init")
    assert local.read_text() == kept
    assert "up to date" in shell.succeed("migrate")


def test_a_command_without_a_database_makes_none(shell: Shell):
    said = shell.fail("plan", "build", "--week", "2027-03-08")

    assert "There is no database at viop.db. Make one: viop migrate." in said
    assert list(shell.folder.iterdir()) == []


def test_a_database_of_a_newer_version_is_left_alone(shell: Shell):
    shell.succeed("migrate")
    with sqlite3.connect(shell.folder / "viop.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")

    for command in (["migrate"], ["plan", "build", "--week", "2027-03-08"], ["up"]):
        assert "newer version of vioP" in shell.fail(*command)
    with sqlite3.connect(shell.folder / "viop.db") as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == (
            "9999",
        )


def test_a_file_that_is_no_database_is_said_so_and_left_alone(shell: Shell):
    (shell.folder / "viop.db").write_text("not a database, though it is long enough" * 40)

    assert "viop.db cannot be opened" in shell.fail("migrate")
    assert (shell.folder / "viop.db").read_text().startswith("not a database")


def test_a_folder_that_is_not_there_is_said_so(shell: Shell):
    shell.env |= {"VIOP_DATABASE": "sqlite:///nowhere/viop.db"}

    assert "Check that its folder exists" in shell.fail("migrate")


def test_a_busy_port_is_said_so_before_anything_is_written(shell: Shell):
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = str(busy.getsockname()[1])

        said = shell.fail("up", "--demo", "--port", port)

    assert f"Port {port} on 127.0.0.1 is taken" in said
    assert "--port" in said
    assert not (shell.folder / "var" / "demo" / "viop.db").exists()


def test_a_place_that_cannot_be_written_is_said_so(shell: Shell):
    (shell.folder / "var").write_text("in the way")

    assert "cannot be written" in shell.fail("up", "--demo", "--port", "0")


def test_the_demo_cannot_be_shown_to_a_network(shell: Shell):
    shell.env |= {"VIOP_DEMO": "true", "VIOP_HOST": "0.0.0.0"}  # noqa: S104 - refused

    assert "127.0.0.1 only" in shell.fail("migrate", code=2)


def test_a_resync_is_counted_before_it_is_done(furnished: Shell):
    counted = json.loads(furnished.succeed("invites", "resync", "--dry-run", "--json"))

    assert counted == {"invites": 0, "cancellations": 0, "people": 0, "dry_run": True}
    assert "0 invites and 0 cancellations to 0 people were written" in furnished.succeed(
        "invites", "resync"
    )


def test_the_doctor_says_what_is_wrong_and_how_to_mend_it(furnished: Shell, shell: Shell):
    found = json.loads(furnished.run("doctor", "--json").stdout)
    empty = json.loads(shell.run("doctor", "--json").stdout)

    assert {each["check"]: each["ok"] for each in found} == {
        "settings": True, "mail": False, "mail in": False, "video": True, "replies": True,
        "folder": True, "database": True,
        "fields": False, "clock": True,
        "programme": True, "sender": True, "channels": True, "deliveries": True, "audit": True,
        "wording": True, "promises": True, "telephone": True, "texts": True,
        "jobs": True, "rooms": True, "disk": True, "backups": False,
    }  # fmt: skip
    assert all(set(each) == {"check", "ok", "detail", "remedy"} for each in found)
    assert all(each["remedy"] for each in (*found, *empty) if not each["ok"])
    assert next(each for each in empty if each["check"] == "database")["ok"] is False


def test_the_doctor_names_a_channel_in_trouble_and_since_when(shell: Shell):
    shell.succeed("migrate")
    with sqlite3.connect(shell.folder / "viop.db") as connection:
        connection.execute(
            "INSERT INTO outage VALUES ('mail', 'mail.not_let_in', "
            "'2027-03-08T09:00:00.000000+00:00', '2027-03-08T09:00:30.000000+00:00')"
        )
    connection.close()

    found = json.loads(shell.run("doctor", "--json").stdout)

    channels = next(each for each in found if each["check"] == "channels")
    assert channels["ok"] is False
    assert "mail is in trouble since 2027-03-08 09:00 UTC" in channels["detail"]
    assert "mail.username" in channels["remedy"]


def test_the_doctor_says_when_a_programme_meets_where_nothing_is_set_up(shell: Shell):
    programme = Path(FILES[0]).read_text().replace("[policy]", '[policy]\nvideo = "zoom"')
    (shell.folder / "programme.toml").write_text(programme)
    shell.succeed("migrate")
    shell.succeed("import", "programme.toml", FILES[1], "--yes", "--invent-contacts")

    found = json.loads(shell.run("doctor", "--json").stdout)

    [video] = [each for each in found if each["check"] == "programme video"]
    assert video["ok"] is False
    assert "zoom" in video["detail"]
    assert "docs/howto/video.md" in video["remedy"]


def test_a_backup_is_a_copy_that_can_be_put_back(shell: Shell):
    shell.succeed("migrate")
    shell.succeed("import", *FILES, "--yes", "--invent-contacts")
    shell.succeed("backup", "copy.db")

    assert "already there" in shell.fail("backup", "copy.db")
    assert "in the way" in shell.fail("restore", "copy.db")
    (shell.folder / "viop.db").rename(shell.folder / "old.db")
    (shell.folder / "broken.db").write_text("nothing" * 500)
    assert "damaged" in shell.fail("restore", "broken.db")
    shell.succeed("restore", "copy.db")
    assert rows(shell, "participant") == 42


def test_whoever_was_erased_since_a_backup_is_erased_again_when_it_is_restored(
    shell: Shell,
):
    shell.succeed("migrate")
    shell.succeed("import", *FILES, "--yes", "--invent-contacts")
    shell.succeed("backup", "copy.db")
    file, address = shell.folder / "viop.db", b"p01@"
    assert address in (shell.folder / "copy.db").read_bytes()
    (shell.folder / "var").mkdir(exist_ok=True)
    (shell.folder / "var" / "erased.txt").write_text("p01\np77\n")
    file.rename(shell.folder / "old.db")

    assert "Erased again" in shell.succeed("restore", "copy.db")

    assert not [e for e in shell.folder.glob("viop.db*") if address in e.read_bytes()]
    assert [each.name for each in shell.folder.glob("viop.db*")] == ["viop.db"]
    assert rows(shell, "participant") == 42
    assert "2 listed; erased again: nobody" in shell.succeed("erase", "again")


def test_a_sealed_backup_opens_with_its_key_and_holds_nothing_readable(
    shell: Shell,
):
    shell.succeed("migrate")
    shell.succeed("import", *FILES, "--yes", "--invent-contacts")
    said = shell.succeed("backup-key", "first.key")
    other = shell.succeed("backup-key", "other.key")
    public, wrong = (re.findall(r"age1\w+", each)[0] for each in (said, other))
    shell.env["VIOP_BACKUP__RECIPIENTS"] = json.dumps([public])
    shell.succeed("backup", "copy.age")
    sealed = (shell.folder / "copy.age").read_bytes()
    (shell.folder / "viop.db").rename(shell.folder / "old.db")

    assert stat.S_IMODE((shell.folder / "first.key").stat().st_mode) == 0o600
    assert stat.S_IMODE((shell.folder / "copy.age").stat().st_mode) == 0o600
    assert b"participants.example" in (shell.folder / "old.db").read_bytes()
    assert b"participants.example" not in sealed
    assert b"SQLite format" not in sealed
    assert wrong != public
    assert "--key FILE" in shell.fail("restore", "copy.age")
    assert "another key" in shell.fail("restore", "copy.age", "--key", "other.key")
    (shell.folder / "cut.age").write_bytes(sealed[: len(sealed) // 2])
    (shell.folder / "turned.age").write_bytes(
        sealed[:-200_000] + sealed[-100_000:] + sealed[-200_000:-100_000]
    )
    for bad in ("cut.age", "turned.age"):
        assert "use another copy" in shell.fail("restore", bad, "--key", "first.key")
    assert not [each.name for each in shell.folder.iterdir() if "viop.db" in each.name]
    shell.succeed("restore", "copy.age", "--key", "first.key")
    assert [each.name for each in shell.folder.iterdir() if "viop.db" in each.name] == [
        "viop.db"
    ]
    assert rows(shell, "participant") == 42


def test_the_program_age_opens_a_sealed_backup(shell: Shell):
    age = shutil.which("age")
    if age is None:
        pytest.skip("age is missing: apt install age")
    shell.succeed("migrate")
    said = shell.succeed("backup-key", "first.key")
    shell.env["VIOP_BACKUP__RECIPIENTS"] = json.dumps(re.findall(r"age1\w+", said)[:1])
    shell.succeed("backup", "copy.age")

    opened = subprocess.run(  # noqa: S603 - the program itself, by its path
        [age, "--decrypt", "-i", "first.key", "copy.age"],
        cwd=shell.folder,
        capture_output=True,
        check=True,
    )

    assert opened.stdout.startswith(b"SQLite format 3")


def test_a_wrong_public_key_is_named_before_anything_is_copied(shell: Shell):
    shell.succeed("migrate")
    shell.env["VIOP_BACKUP__RECIPIENTS"] = '["age1nonsense"]'

    assert "“age1nonsense” is no public key" in shell.fail("backup", "copy.age", code=2)
    assert not (shell.folder / "copy.age").exists()


def test_the_record_of_one_person_is_written_once_and_for_its_owner_only(furnished: Shell):
    said = furnished.succeed("export", "person", "p01", "--to", "p01.zip")

    file = furnished.folder / "p01.zip"
    assert "Keep it safe" in said
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with zipfile.ZipFile(file) as archive:
        assert json.loads(archive.read("record.json"))["participant"] == "p01"
    assert "already there" in furnished.fail("export", "person", "p01", "--to", "p01.zip")
    assert "no participant p99" in furnished.fail(
        "export", "person", "p99", "--to", "no.zip"
    )
    assert not (furnished.folder / "no.zip").exists()


def test_an_anchor_is_written_once_and_shows_what_was_cut_off(shell: Shell):
    shell.succeed("migrate")
    shell.succeed("import", *FILES, "--yes", "--invent-contacts")
    assert json.loads(shell.succeed("audit", "anchor"))["length"] == 1
    shell.succeed("audit", "anchor", "--to", "anchor.json")
    assert "already there" in shell.fail("audit", "anchor", "--to", "anchor.json")
    assert "unbroken" in shell.succeed("audit", "verify", "--anchor", "anchor.json")

    with sqlite3.connect(shell.folder / "viop.db") as connection:
        connection.execute("DELETE FROM audit")
        connection.execute("UPDATE audit_head SET digest = '', length = 0")
    connection.close()

    assert "unbroken" in shell.succeed("audit", "verify")
    assert "1 rows are gone" in shell.fail("audit", "verify", "--anchor", "anchor.json")
    (shell.folder / "other.json").write_text("{}")
    assert "is no anchor" in shell.fail("audit", "verify", "--anchor", "other.json")
    assert "cannot be read" in shell.fail("audit", "verify", "--anchor", "none.json")


def test_retention_and_erasure_only_count_until_they_are_told_to(shell: Shell):
    shell.succeed("migrate")
    shell.succeed("import", *FILES, "--yes", "--invent-contacts")
    with sqlite3.connect(shell.folder / "viop.db") as connection:
        connection.execute(
            "INSERT INTO provider_event VALUES"
            " ('livekit', 'e', 'h', '2020-03-08T09:00:00.000000+00:00')"
        )
        connection.execute(
            "UPDATE enrollment SET first = '2019-01-01', until = '2020-01-01'"
            " WHERE participant_id = 'p01'"
        )
    connection.close()

    counted = json.loads(shell.succeed("retention", "--json"))
    assert (counted["done"], counted["counts"]["events"]) == (False, 1)
    assert rows(shell, "provider_event") == 1
    assert "Done" in shell.succeed("retention", "--do")
    assert rows(shell, "provider_event") == 0

    assert "Nothing was changed" in shell.succeed("erase", "person", "p01")
    assert "Say why" in shell.fail("erase", "person", "p01", "--do")
    assert "Discharge them first" in shell.fail("erase", "person", "p02")
    shell.succeed("erase", "person", "p01", "--do", "--reason", "asked in writing")
    with sqlite3.connect(shell.folder / "viop.db") as connection:
        [name] = connection.execute(
            "SELECT name FROM participant WHERE id = 'p01'"
        ).fetchone()
    connection.close()
    assert name == "Erased"
    assert (shell.folder / "var" / "erased.txt").read_text() == "p01\n"
    assert "p01 was erased" in shell.fail("import", *FILES, "--yes", "--invent-contacts")


def test_a_password_is_set_from_a_pipe_and_a_short_one_refused(furnished: Shell):
    assert "shorter than 12" in furnished.fail(
        "password", "k01@staff.example", typed="short\n"
    )
    assert "No member of staff" in furnished.fail(
        "password", "p01@participants.example", typed="a long enough one\n"
    )
    furnished.succeed("password", "k01@staff.example", typed="a long enough one\n")
    with sqlite3.connect(furnished.folder / "viop.db") as connection:
        [kept] = connection.execute(
            "SELECT password_hash FROM account WHERE person_id = 'k01'"
        ).fetchone()
    assert kept.startswith("$argon2id$")


def test_working_on_sqlite_is_refused_with_the_reason(furnished: Shell):
    assert "inside viop serve" in furnished.fail("work")


def test_the_command_itself_answers_from_a_shell(tmp_path: Path):
    answered = subprocess.run(
        [sys.executable, "-m", "vioP", "plan", "build", "--week", "2027-03-08"],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "VIOP_LINK_KEY": KEY},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert answered.returncode == 1
    assert "Make one: viop migrate" in answered.stderr
    assert answered.stdout == ""
