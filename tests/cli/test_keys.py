"""Keys of sealed fields, as an operator makes, changes, loses and puts them back."""

import stat
from pathlib import Path

import pytest

from tests.cli.test_commands import FILES, Shell, rows, shell  # noqa: F401 - a fixture

ADDRESS = b"participants.example"


@pytest.fixture
def furnished(shell: Shell) -> Shell:  # noqa: F811 - the fixture
    """A place with the demo's programme, and no key."""
    shell.succeed("migrate")
    shell.succeed("import", *FILES, "--yes", "--invent-contacts")
    return shell


def in_database(place: Shell) -> bool:
    """Whether an address can be read in the files of the database."""
    return any(ADDRESS in each.read_bytes() for each in place.folder.glob("viop.db*"))


def test_a_new_place_seals_from_its_first_day(shell: Shell):  # noqa: F811 - the fixture
    said = shell.succeed("init")
    shell.succeed("migrate")
    shell.succeed("import", *FILES, "--yes", "--invent-contacts")

    file = shell.folder / "var" / "field.keys"
    assert "Copy it to where neither the database nor its backups are" in said
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert not in_database(shell)
    assert "sealed with k1, since" in shell.succeed("keys", "status")
    assert "ok  fields: sealed with k1" in shell.run("doctor").stdout


def test_a_place_that_was_not_sealed_is_sealed_by_a_key_and_migrate(furnished: Shell):
    assert in_database(furnished)
    assert "NOT sealed" in furnished.succeed("keys", "status")
    assert "BAD fields: not sealed" in furnished.run("doctor").stdout
    assert "viop migrate" in furnished.fail("keys", "rotate", "--stopped")
    (furnished.folder / "var" / "field.keys").unlink()

    furnished.succeed("keys", "make")
    assert "already there" in furnished.fail("keys", "make")
    assert "brought up to date" in furnished.succeed("migrate")

    assert not in_database(furnished)
    assert "up to date" in furnished.succeed("migrate")
    assert rows(furnished, "participant") == 42


def test_a_new_key_opens_everything_and_older_copies_only_until_it_is_forgotten(
    furnished: Shell,
):
    furnished.succeed("keys", "make")
    furnished.succeed("migrate")
    furnished.succeed("backup", "copy.db")
    assert "Stop every process" in furnished.fail("keys", "rotate")

    assert "sealed with k2" in furnished.succeed("keys", "rotate", "--stopped")
    (furnished.folder / "viop.db").rename(furnished.folder / "second.db")
    furnished.succeed("restore", "copy.db")
    furnished.succeed("export", "person", "p01", "--to", "first.zip")
    assert "sealed with k1" in furnished.succeed("keys", "status")

    said = furnished.succeed("keys", "rotate", "--stopped", "--forget-old")
    assert "make a backup now" in said
    (furnished.folder / "viop.db").rename(furnished.folder / "third.db")
    furnished.succeed("restore", "copy.db")
    assert "sealed with the key k1, which the key file does not hold" in furnished.fail(
        "export", "person", "p01", "--to", "again.zip"
    )
    assert "BAD fields" in furnished.run("doctor").stdout


def test_without_its_key_nothing_starts_and_nothing_is_lost(furnished: Shell):
    furnished.succeed("keys", "make")
    furnished.succeed("migrate")
    file = furnished.folder / "var" / "field.keys"
    kept = file.read_bytes()

    file.unlink()
    assert "Put that file back" in furnished.fail("plan", "build", "--week", "2027-03-08")
    file.write_bytes(kept)
    file.chmod(0o644)
    assert "chmod 600" in furnished.fail("plan", "build", "--week", "2027-03-08", code=2)
    file.write_text("k1 short\n")
    file.chmod(0o600)
    assert "line 1: no key" in furnished.fail(
        "plan", "build", "--week", "2027-03-08", code=2
    )
    file.write_bytes(kept)
    assert "42" in str(rows(furnished, "participant"))
    furnished.succeed("export", "person", "p01", "--to", "p01.zip")
    assert Path(furnished.folder / "p01.zip").exists()
