"""Two rows about one person: whether they agree, and what they say together."""

from dataclasses import replace

from vioP.domain.people import Participant


def differing(one: Participant, other: Participant) -> tuple[str, ...]:
    """The columns in which two rows of one person differ.

    Voicemail and supporters follow from the track as well, so two rows may rightly differ.
    """
    names = (
        "name", "birth_year", "city", "state", "zone", "contact", "language", "hours",
        "prefers", "calendar",
    )  # fmt: skip
    same = replace(other, contact=replace(other.contact, voicemail=one.contact.voicemail))
    return tuple(name for name in names if getattr(one, name) != getattr(same, name))


def merged(one: Participant, other: Participant) -> Participant:
    """One person from two rows: what either forbids is forbidden, who supports them stays."""
    supporters = tuple(dict.fromkeys((*one.supporters, *other.supporters)))
    voicemail = one.contact.voicemail and other.contact.voicemail
    contact = replace(one.contact, voicemail=voicemail)
    return replace(one, contact=contact, supporters=supporters)
