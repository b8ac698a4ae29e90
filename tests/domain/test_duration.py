"""Durations as people say them."""

from datetime import timedelta

import pytest

from vioP.domain.duration import duration_words


@pytest.mark.parametrize(
    ("lasts", "words"),
    [
        (timedelta(minutes=10), "10 minutes"),
        (timedelta(hours=1, minutes=30), "1 hour 30 minutes"),
        (timedelta(days=1, seconds=1), "1 day 1 second"),
        (timedelta(days=2557), "2557 days"),
        (timedelta(hours=24), "1 day"),
        (timedelta(seconds=90), "1 minute 30 seconds"),
        (timedelta(seconds=1, milliseconds=200), "1.2 seconds"),
        (timedelta(), "0 minutes"),
    ],
)
def test_a_duration_in_words(lasts: timedelta, words: str):
    assert duration_words(lasts) == words
