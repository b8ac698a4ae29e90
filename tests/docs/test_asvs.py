"""The list of what holds each line of the standard names tests and files that exist."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "asvs.md").read_text()


def test_every_test_it_names_exists():
    named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", TEXT)

    assert len(named) > 80
    for file, name in named:
        text = (ROOT / file).read_text()
        assert not name or re.search(rf"def {name}\(", text), f"{file}::{name}"


def test_every_file_it_names_exists():
    for file in re.findall(r"`((?:vioP|templates)/[\w/.]+|requirements\.lock)`", TEXT):
        assert (ROOT / file).exists(), file


def test_each_line_stands_once_and_says_something():
    lines = [
        each.split("|")[1:-1] for each in TEXT.splitlines() if re.match(r"\| \d", each)
    ]

    assert len(lines) > 130
    assert all(len(cells) == 3 and all(cell.strip() for cell in cells) for cells in lines)
    numbers = [
        number for cells in lines for number in re.findall(r"\d+\.\d+\.\d+", cells[0])
    ]
    assert len(numbers) == len(set(numbers))
