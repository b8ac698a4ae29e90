"""The links to read at home, and mistakes in them."""

from datetime import date
from pathlib import Path

import pytest

from vioP.domain.errors import WrongSettings
from vioP.domain.material import Material, materials_for
from vioP.files.materials import read_materials

LINK = '[[link]]\ntitle = "Calm"\nurl = "https://files.example.org/calm"\n'
MONDAY, TUESDAY = date(2026, 11, 30), date(2026, 12, 1)


def test_links_are_for_a_cohort_or_a_track_and_a_day_or_all(tmp_path: Path):
    file = tmp_path / "materials.toml"
    file.write_text(
        LINK
        + 'cohort = "a"\nday = 2026-11-30\n'
        + LINK.replace("Calm", "All")
        + 'track = "t"\n'
    )

    known = read_materials(file)

    assert known[0] == Material(
        "Calm", "https://files.example.org/calm", cohort_id="a", day=MONDAY
    )
    titles = [
        [each.title for each in materials_for(known, *asked)]
        for asked in (
            ("t", "a", MONDAY),
            ("t", "a", TUESDAY),
            ("u", "b", MONDAY),
            ("t", "", MONDAY),
        )
    ]
    assert titles == [["Calm", "All"], ["All"], [], []]
    assert not materials_for(known, "", "", MONDAY)


def test_a_link_of_a_module_is_for_whatever_session_is_of_it(tmp_path: Path):
    file = tmp_path / "materials.toml"
    file.write_text(LINK + 'track = "t"\nmodule = "Coping"\n')

    known = read_materials(file)

    assert known[0].module == "Coping"
    assert materials_for(known, "t", "a", MONDAY, "Coping") == known
    assert materials_for(known, "t", "a", MONDAY, "Sleep") == ()
    assert materials_for(known, "t", "a", MONDAY) == ()


def test_no_file_is_no_link(tmp_path: Path):
    assert read_materials(tmp_path / "materials.toml") == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[link", "cannot be read"),
        ("[link]", "under ..link"),
        (LINK, "link 1 needs a track or a cohort"),
        (LINK + 'cohort = "a"\ntrack = "t"', "and not both"),
        (LINK + "cohort = 3", "cohort must be words"),
        (LINK + 'track = "t"\nmodule = 3', "module must be words"),
        (LINK + 'module = "Coping"', "needs a track or a cohort"),
        (LINK + 'cohort = "a"\nday = "2026-11-30"', "day must be a date"),
        (LINK + 'cohort = "a"\nday = 2026-11-30T10:00:00', "day must be a date"),
        (LINK + 'cohort = "a"\nmail = true', "has mail, which means nothing"),
        (LINK.replace("Calm", " ") + 'cohort = "a"', "has no title"),
        *(
            (f'[[link]]\ntitle = "x"\nurl = "{url}"\ncohort = "a"', "begins with https")
            for url in (
                "http://example.org",
                "javascript:alert(1)",
                "https://",
                "https://me@example.org",
                "https://exa mple.org",
                "https://[",
                "",
            )
        ),
    ],
)
def test_a_mistake_says_where_it_is(tmp_path: Path, text: str, said: str):
    file = tmp_path / "materials.toml"
    file.write_text(text)

    with pytest.raises(WrongSettings, match=said):
        read_materials(file)
