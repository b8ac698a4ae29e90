"""Telling people apart who are called alike."""

from collections import Counter
from collections.abc import Mapping


def told_apart(names: Mapping[str, str]) -> dict[str, str]:
    """Names by identifier; two who are called alike have theirs behind the name."""
    often = Counter(names.values())
    return {
        key: name if often[name] == 1 else f"{name}, {key}" for key, name in names.items()
    }
