"""What people said about themselves, laid over what files say: their own word counts.

An import compares files with the database. Without this, the next import would take back a
phone number somebody has corrected, or a place somebody has moved to.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from vioP.domain.onboarding import Piece
from vioP.domain.people import CalendarChoice, Participant, Supporter, needs_text

Words = Mapping[str, str]
YES = "yes"
NO = "no"
_HELPERS = {"interpreter", "captioner"}


def with_own_words(person: Participant, said: Mapping[Piece, Words]) -> Participant:
    """A participant as they describe themselves."""
    for piece, words in said.items():
        lay = _LAID.get(piece)
        if lay is not None:
            person = lay(person, words)
    return person


def keeping_file(person: Participant, piece: Piece, said: Words) -> Words:
    """What somebody said who sees nothing of what is on file: what they leave blank stays.

    Otherwise "I can name nobody now", said at a door, would take away whoever is called in
    danger.
    """
    known = {each.kind: each for each in person.supporters}
    kept = dict(said)
    if piece is Piece.PHONE and not said["phone"] and person.contact.phone:
        kept |= {"phone": person.contact.phone, "none": NO}
    if piece is Piece.EMERGENCY:
        emergency, family = known.get("emergency"), known.get("family")
        if emergency is not None and not said["name"] and not said["phone"]:
            kept |= {"name": emergency.name, "phone": emergency.phone, "nobody": NO}
        if family is not None and not said["supporter"] and not said["supporter_phone"]:
            kept |= {"supporter": family.name, "supporter_phone": family.phone}
    return kept


def _name(person: Participant, words: Words) -> Participant:
    return replace(person, name=words["name"])


def _zone(person: Participant, words: Words) -> Participant:
    return replace(person, zone=words["zone"])


def _place(person: Participant, words: Words) -> Participant:
    return replace(person, city=words["city"], state=words["state"])


def _phone(person: Participant, words: Words) -> Participant:
    return replace(person, contact=replace(person.contact, phone=words["phone"]))


def _contact(person: Participant, words: Words) -> Participant:
    # Whether a machine may call is known to the gate alone; this says that people may.
    contact = replace(
        person.contact,
        sms=words.get("sms") == YES,
        call=words.get("call") == YES,
        voicemail=words.get("voicemail") == YES,
    )
    return replace(person, contact=contact)


def _guardian(person: Participant, words: Words) -> Participant:
    return _with(person, "guardian", words["name"], words["phone"])


def _emergency(person: Participant, words: Words) -> Participant:
    changed = _with(person, "emergency", words["name"], words["phone"])
    return _with(changed, "family", words["supporter"], words["supporter_phone"])


def _with(person: Participant, kind: str, name: str, phone: str) -> Participant:
    """Somebody with one more supporter, or with that supporter's name and phone corrected."""
    known = next((each for each in person.supporters if each.kind == kind), Supporter(kind))
    others = tuple(each for each in person.supporters if each.kind != kind)
    if not name and not phone:
        return replace(person, supporters=others)
    named = replace(known, name=name, phone=phone)
    return replace(person, supporters=(*others, named))


def _needs(person: Participant, words: Words) -> Participant:
    """What helps: a voice that is no use comes first, since the fallback depends on it."""
    language = words["language"]
    found = [
        text
        for name, text in (
            ("no_voice", "text"),
            ("relay", "relay"),
            ("captions", "captions"),
            ("interpreter", f"interpreter:{language}"),
        )
        if words.get(name) == YES
    ]
    # Whatever else the house has noted stays; the form knows nothing of it.
    found += [
        each
        for each in person.accommodation.replace(",", " ").split()
        if not needs_text(each) and not each.startswith("interpreter:")
    ]
    helpers = [each for each in person.supporters if each.kind not in _HELPERS]
    if words.get("interpreter") == YES:
        helpers.append(Supporter("interpreter", language))
    if words.get("captions") == YES:
        helpers.append(Supporter("captioner"))
    return replace(person, accommodation=" ".join(found), supporters=tuple(helpers))


def _calendar(person: Participant, words: Words) -> Participant:
    return replace(person, calendar=CalendarChoice(words["calendar"]))


_LAID: Mapping[Piece, Callable[[Participant, Words], Participant]] = {
    Piece.NAME: _name,
    Piece.ZONE: _zone,
    Piece.PLACE: _place,
    Piece.PHONE: _phone,
    Piece.CONTACT: _contact,
    Piece.GUARDIAN: _guardian,
    Piece.EMERGENCY: _emergency,
    Piece.NEEDS: _needs,
    Piece.CALENDAR: _calendar,
}
