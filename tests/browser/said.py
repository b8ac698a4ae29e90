"""What a process under test wrote to its standard error: nothing broke."""

from pathlib import Path

# Python 3.11 may say this as the very last thing, of a process of its own that has ended.
_AT_THE_END = "Exception ignored in: <function BaseSubprocessTransport.__del__"


def nothing_broke(log: Path) -> bool:
    """Whether a log tells of no error that nobody caught."""
    said, *_ = log.read_text(errors="replace").split(_AT_THE_END)
    return "Traceback" not in said
