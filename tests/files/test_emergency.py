"""The table of emergency numbers: the one that comes with vioP, and mistakes in one's own."""

from pathlib import Path

import pytest

from vioP.domain.emergency import AT_HOME, HOME, abroad, country_of, lines_for
from vioP.domain.errors import WrongSettings
from vioP.files.emergency import read_emergency
from vioP.files.table import STATES
from vioP.resources import folder

OURS = folder("config") / "emergency.toml"
HOME_LINE = """
[[country]]
name = "United States"
emergency = "911"
crisis = "988"
source = "fcc.gov"
"""


def test_the_table_that_comes_with_viop_is_whole_and_no_country_reads_like_a_state():
    known = read_emergency(OURS)

    assert AT_HOME in known
    assert HOME not in abroad(known)
    assert {"Canada", "Mexico", "United Kingdom"} <= set(abroad(known))
    assert not {each.country.upper() for each in known} & STATES


def test_a_state_is_at_home_and_a_country_has_its_own_numbers():
    known = read_emergency(OURS)

    assert country_of("CO", known) == AT_HOME
    assert country_of("Mexico", known).crisis == "Línea de la Vida 800 911 2000"
    home, crisis = lines_for("Denver, CO", country_of("CO", known))
    assert home.endswith("pass you to the dispatch for Denver, CO.")
    assert crisis == "Crisis line: 988, by call or text."
    there, _ = lines_for("Paris, France", country_of("France", known))
    assert there.startswith(
        "In France one dials 112, or 15 for medical help. That works from"
    )
    assert "911" not in there


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[country", "cannot be read"),
        ("", "United States is missing"),
        (HOME_LINE + HOME_LINE, "United States is there twice"),
        (
            HOME_LINE + '[[country]]\nname = "Chile"\nemergency = "131"',
            "country 2 .Chile. has no crisis",
        ),
        (HOME_LINE.replace('source = "fcc.gov"', ""), "has no source"),
        (HOME_LINE + 'phone = "1"', "has phone, which means nothing"),
    ],
)
def test_a_mistake_says_where_it_is(tmp_path: Path, text: str, said: str):
    file = tmp_path / "emergency.toml"
    file.write_text(text)

    with pytest.raises(WrongSettings, match=said):
        read_emergency(file)


def test_a_file_that_is_not_there_is_named(tmp_path: Path):
    with pytest.raises(WrongSettings, match="cannot be read"):
        read_emergency(tmp_path / "emergency.toml")
