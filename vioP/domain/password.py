"""Which passwords are too easy to guess. A second factor stands beside each of them.

Source: NIST SP 800-63B-4, 3.1.1.2: length decides, no rules of composition, no change without
a cause, and what is commonly used or names the person or the service is refused.
"""

from collections.abc import Iterable

SHORTEST, LONGEST = 12, 128
_PIECES = 4  # letters of a name from which on it gives a password away
# What guessing begins with, once it is long enough to be allowed at all.
_COMMON = frozenset(
    {
        "password", "passwort", "qwertyuiop", "letmein", "iloveyou", "welcome", "admin",
        "administrator", "changeme", "abcdefghijkl", "qwerty", "asdfghjkl", "monkey",
        "dragon", "sunshine", "princess", "football", "baseball", "superman", "whatever",
        "trustno", "starwars", "computer", "michelle", "jennifer", "summer", "winter",
        "autumn", "spring", "secret", "hospital", "clinic", "therapy", "viop",
        "leavemealone", "mailcreated", "polniypizdec", "sojdlgaljg", "sonyericsson",
        "finalfantasy", "websolutions", "chickenwing", "justinbieber", "needforspeed",
        "newproject", "businessbabe", "counterstrike", "contortionist", "domainlock",
        "michaeljackson", "sanfrancisco", "peanutbutter", "minecraft", "playstation",
        "gfhjkmgfhjkm", "ghjcnjgfhjkm", "flvbybcnhfnjh", "ghbdtnrfrltkf", "dkflbvbhjdbx",
    }
)  # fmt: skip
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_COLUMNS = ("qaz", "wsx", "edc", "rfv", "tgb", "yhn", "ujm", "ik", "ol")
_LINES = [way for line in (*_ROWS, *_COLUMNS) for way in (line, line[::-1])]


def why_not(password: str, about: Iterable[str] = ()) -> str:
    """What is wrong with a new password, in a sentence; empty when nothing is.

    Args:
        password: What was typed.
        about: Names and addresses of its person and of the service.
    """
    if len(password) < SHORTEST:
        return f"The password is shorter than {SHORTEST} characters. Choose a longer one."
    if len(password) > LONGEST:
        return f"The password is longer than {LONGEST} characters. Choose a shorter one."
    plain = password.casefold()
    if len(set(plain)) < SHORTEST // 2:
        return (
            "The password repeats few characters. Three or four unrelated words are better."
        )
    core = _once("".join(each for each in plain if each.isalpha()))
    if core in _COMMON or len(core) < _PIECES or _is_walk(core):
        return "The password is among the first that are guessed. Choose unrelated words."
    pieces = {piece for each in about for piece in _pieces(each)}
    if any(piece in plain for piece in pieces):
        return "The password holds a name of yours or ours. Choose words that do not."
    return ""


def _once(letters: str) -> str:
    """Letters without their repetition: of ``passwordpassword`` one half."""
    return letters[: (letters * 2).find(letters, 1)] if letters else ""


def _is_walk(letters: str) -> bool:
    """Whether fingers walked along the keyboard, by one line of it or two in turn."""
    return _is_run(letters) or (_is_run(letters[::2]) and _is_run(letters[1::2]))


def _is_run(letters: str) -> bool:
    """Whether letters fall apart into neighbours on a keyboard, two or more at a time."""
    reached = {0}
    for end in range(2, len(letters) + 1):
        starts = [each for each in reached if each <= end - 2]
        if any(letters[each:end] in line for each in starts for line in _LINES):
            reached.add(end)
    return len(letters) in reached


def _pieces(text: str) -> Iterable[str]:
    plain = "".join(each if each.isalpha() else " " for each in text.casefold())
    return (each for each in plain.split() if len(each) >= _PIECES)
