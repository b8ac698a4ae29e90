"""How long something lasts, in words."""

from datetime import timedelta

_A_DAY, _AN_HOUR, _A_MINUTE = 86_400, 3_600, 60


def duration_words(lasts: timedelta) -> str:
    """A duration as people say it: ``1 hour 30 minutes``.

    Args:
        lasts: Not less than nothing.
    """
    whole = lasts.days * _A_DAY + lasts.seconds
    parts = [
        (whole // _A_DAY, "day"),
        (whole % _A_DAY // _AN_HOUR, "hour"),
        (whole % _AN_HOUR // _A_MINUTE, "minute"),
        (whole % _A_MINUTE + lasts.microseconds / 1_000_000, "second"),
    ]
    words = [
        f"{count:.10g} {unit}{'' if count == 1 else 's'}" for count, unit in parts if count
    ]
    return " ".join(words) or "0 minutes"
