"""Days and zones in words, as people read them in a mail."""

from datetime import date, datetime

from vioP.i18n import full_day, say, zone_phrase


def day_words(day: date) -> str:
    """A day with its weekday and year: Tuesday, 16 March 2027."""
    return full_day(day)


def zone_words(local: datetime, zone: str) -> str:
    """A zone with its name and offset at a moment: Denver time (MST, UTC-07:00)."""
    return zone_phrase(local, zone)


def span_words(starts: datetime, ends: datetime) -> str:
    """From when to when: 09:00 to 12:00."""
    span = {"starts": f"{starts:%H:%M}", "ends": f"{ends:%H:%M}"}
    return say("%(starts)s to %(ends)s") % span
