"""What the forms of the set-up begin with: what was said, what is on file, and the zones."""

from collections.abc import Mapping

from vioP.domain.onboarding import CONSENTS, Piece
from vioP.domain.own_words import NO, YES
from vioP.domain.people import Participant
from vioP.domain.phone_number import spoken_number
from vioP.files.table import ZONES
from vioP.flows.answer_piece import CHOICES
from vioP.flows.open_setup import SetUp
from vioP.web.set_up_forms import HOME, blank

# The zones most people here are in, in words; all others follow by name.
US_ZONES = (
    ("America/New_York", "Eastern: New York"),
    ("America/Chicago", "Central: Chicago"),
    ("America/Denver", "Mountain: Denver"),
    ("America/Phoenix", "Mountain without summer time: Phoenix"),
    ("America/Los_Angeles", "Pacific: Los Angeles"),
    ("America/Anchorage", "Alaska: Anchorage"),
    ("Pacific/Honolulu", "Hawaii: Honolulu"),
    ("America/Puerto_Rico", "Atlantic: Puerto Rico"),
)
_FIRST = {zone for zone, _ in US_ZONES}
OTHER_ZONES = tuple(
    (zone, zone.replace("_", " ").replace("/", ", "))
    for zone in sorted(ZONES)
    if "/" in zone
    and zone not in _FIRST
    and not zone.startswith(("Etc/", "posix", "right"))
)


def values_of(setup: SetUp, piece: Piece) -> Mapping[str, str]:
    """What the form of a piece begins with: what was said, or else what is on file."""
    values = blank(piece)
    on_file = setup.on_file
    if piece in setup.said:
        said = setup.said[piece]
        values |= {name: said[name] for name in values if name in said}
    elif on_file is not None:
        values |= _filed(on_file, piece)
    if piece in CONSENTS:
        values["agreed"] = ""
    if piece is Piece.CONTACT:
        values |= _choices(setup)
    for name in ("phone", "second", "supporter_phone"):
        if values.get(name):
            values[name] = spoken_number(values[name])
    return values


def _choices(setup: SetUp) -> dict[str, str]:
    """How somebody may be reached as things stand, whoever said so last, and wherever."""
    chosen = {name: YES if way in setup.agreed else NO for name, way in CHOICES.items()}
    is_none = Piece.CONTACT in setup.said and YES not in chosen.values()
    return chosen | {"none": YES if is_none else NO}


def _filed(person: Participant, piece: Piece) -> dict[str, str]:
    """What the programme's files say already; nobody has agreed to anything by that."""
    known = {each.kind: each for each in person.supporters}
    guardian, emergency = known.get("guardian"), known.get("emergency")
    need = person.accommodation.casefold()
    is_said_otherwise = any(
        each in need for each in ("captions", "relay", "interpreter:asl")
    )
    words = {
        Piece.NAME: {"name": person.name},
        Piece.ZONE: {"zone": person.zone},
        Piece.PLACE: {"city": person.city, "state": person.state, "country": HOME},
        Piece.PHONE: {"phone": person.contact.phone},
        Piece.CALENDAR: {"calendar": person.calendar.value},
        Piece.NEEDS: {
            "captions": YES if "captions" in need else NO,
            "relay": YES if "relay" in need else NO,
            "no_voice": YES if person.is_text_only and not is_said_otherwise else NO,
            "interpreter": YES if person.has_interpreter else NO,
            "language": next(
                (each.language for each in person.supporters if each.language), ""
            ),
        },
    }
    if guardian is not None:
        words[Piece.GUARDIAN] = {"name": guardian.name, "phone": guardian.phone}
    if emergency is not None:
        words[Piece.EMERGENCY] = {"name": emergency.name, "phone": emergency.phone}
    return words.get(piece, {})
