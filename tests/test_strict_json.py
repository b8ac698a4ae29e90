"""JSON from strangers: nothing nested too deep, no words the standard does not know."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vioP.strict_json import read_json

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**12), 10**12) | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3)
    ),
    max_leaves=20,
)


@given(VALUES)
def test_what_is_json_is_read_as_python_reads_it(value):
    assert read_json(json.dumps(value)) == value
    assert read_json(json.dumps(value).encode()) == value


@pytest.mark.parametrize(
    "text",
    [
        "[" * 33 + "]" * 33,
        "[" * 100_000,
        '{"a":' * 100_000,
        "[" * 100_000 + "]" * 100_000,
        "9" * 5_000,
        "NaN",
        '{"a": Infinity}',
        '{"a": 1',
        "",
        b"\xff\xfe",
        '"' + "\\" * 1001,
    ],
)
def test_what_is_not_is_refused_in_one_way(text):
    with pytest.raises((ValueError, UnicodeDecodeError)):
        read_json(text)


@pytest.mark.parametrize("pair", ['\\"', "\\\\", '"', '\\"[', "\\\n"])
def test_a_string_that_never_ends_is_looked_at_once(pair):
    begun = time.perf_counter()

    with pytest.raises(ValueError, match=r".+"):
        read_json('"' + pair * 100_000)

    assert time.perf_counter() - begun < 5  # it took hours


def test_brackets_inside_words_do_not_count():
    words = {"a": "[" * 100 + '\\"{' * 100}

    assert read_json(json.dumps(words)) == words
