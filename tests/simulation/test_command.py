"""``viop simulate``."""

import json

import pytest

from vioP import cli
from vioP.__main__ import Composition


def test_a_life_is_told_as_json_and_nothing_broke(capsys: pytest.CaptureFixture[str]):
    code = cli.main(["simulate", "--seed", "5", "--people", "3", "--json"], Composition())

    told = json.loads(capsys.readouterr().out)
    assert code == 0
    assert set(told) == {
        "seed", "weeks", "people", "violations", "counts", "trace", "version",
    }  # fmt: skip
    assert (told["seed"], told["weeks"], told["people"]) == (5, 1, 3)
    assert told["violations"] == []


def test_too_few_people_are_refused_in_words(capsys: pytest.CaptureFixture[str]):
    code = cli.main(["simulate", "--people", "1"], Composition())

    assert code == 1
    assert "--people from 3 to 40" in capsys.readouterr().err
