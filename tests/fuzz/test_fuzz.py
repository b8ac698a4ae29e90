"""Every reader of what strangers send, with what nobody would: changed examples, and noise."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.seeds import SEEDS
from tests.fuzz.targets import TARGETS

# What breaks readers more often than chance would find it.
PIECES = (
    b"\0", b"\xff\xfe", b"\xed\xa0\x80", b'"', b"\\", b"\r", b"\r\n ", b"=", b";", b":",
    b"{", b"[", b"null", b"[]", b"{}", b"1e999", b"-1", b"9" * 20, b"9" * 400, b'"\\ud800"',
    b'"\\u0000"', "é".encode(), "\u0663".encode(), b"%00", b"%ff", b"&", b"NaN", b"utf-16",
    b"=?utf-8?b?AAAA?=", b"=00", b"AAAA", b"\n\n",
)  # fmt: skip


def examples(name: str) -> st.SearchStrategy[bytes]:
    """Honest examples, with pieces of them left out, doubled or put in; and noise."""
    edits = st.lists(
        st.tuples(
            st.floats(0, 1),
            st.integers(0, 30),
            st.sampled_from(PIECES) | st.binary(max_size=9),
        ),
        max_size=5,
    )
    return st.binary(max_size=300) | st.builds(_edited, st.sampled_from(SEEDS[name]), edits)


def _edited(honest: bytes, edits: list[tuple[float, int, bytes]]) -> bytes:
    for where, gone, put in edits:
        at = int(where * len(honest))
        honest = honest[:at] + put + honest[at + gone :]
    return honest


def test_every_target_begins_with_an_honest_example():
    assert set(SEEDS) == set(TARGETS)


@pytest.mark.parametrize("name", TARGETS)
def test_a_reader_reads_or_refuses(name: str):
    target = TARGETS[name]
    for honest in SEEDS[name]:
        target(honest)

    @settings(
        max_examples=300,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(examples(name))
    def try_it(raw: bytes) -> None:
        target(raw)

    try_it()
