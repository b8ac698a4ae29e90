"""Days and zones in words, as people read them in a mail."""

from datetime import date, datetime


def day_words(day: date) -> str:
    """A day with its weekday and year: Tuesday, 16 March 2027."""
    return f"{day:%A}, {day.day} {day:%B %Y}"


def zone_words(local: datetime, zone: str) -> str:
    """A zone with its name and offset at a moment: Denver time (MST, UTC-07:00)."""
    offset = f"{local:%z}"
    city = zone.rpartition("/")[2].replace("_", " ")
    return f"{city} time ({local:%Z}, UTC{offset[:3]}:{offset[3:]})"
