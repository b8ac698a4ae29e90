"""Neutral words: what no message may say, because it would say what kind of care it is.

Two lists are refused: words of care that hold for everybody, and a program's own words (its
tracks, modules, phases, conditions, cohorts and specialities), which never leave the house.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from vioP.domain.program import Track
from vioP.domain.programme import Programme
from vioP.domain.session import BREAK

# The beginnings of words. "Session", "group" and "patient" give away as much as a diagnosis.
CARE = (
    "addict", "anxiety", "anxious", "bipolar", "cbt", "clinic", "counsel", "dbt", "depress",
    "detox", "diagnos", "disorder", "dual diag", "group", "illness", "intensive outpatient",
    "iop", "medication", "mental", "mood", "outpatient", "panic", "patient", "psych", "ptsd",
    "recovery", "rehab", "relaps", "schizo", "self-harm", "session", "skills", "sober",
    "substance", "suicid", "symptom", "therap", "trauma", "treatment",
)  # fmt: skip
# The same in Spanish, as people in the United States say it.
CUIDADO = (
    "adicc", "adict", "alcohol", "ansied", "ansios", "autolesi", "clínic", "consejer", "depres",
    "desintoxic", "diagn", "droga", "enfermed", "grupal", "grupo", "medicament", "paciente",
    "pánico", "psico", "psiqu", "recaída", "rehabilit", "salud mental", "sesión", "sesiones",
    "síntoma", "sobrie", "suicid", "terap", "trastorno", "tratamiento",
)  # fmt: skip
_SHORTEST = 3
_QUOTED = re.compile(r"'([^']*)'|\"([^\"]*)\"")


@dataclass(frozen=True, slots=True)
class Heard:
    """A word that must not leave the house, where it stands.

    Attributes:
        line: Counted from 1.
    """

    line: int
    word: str


def vocabulary(programme: Programme) -> tuple[str, ...]:
    """A program's own words, each once, in lower case."""
    said = [word for track in programme.tracks for word in _of_track(track)]
    for cohort in programme.cohorts:
        said.append(cohort.id)
        said += [turn.module for turn in cohort.rotation]
        said += [block.kind for block in cohort.blocks if block.kind != BREAK]
    said += [each for staff in programme.staff for each in staff.specialties]
    words = {" ".join(each.replace("_", " ").lower().split()) for each in said}
    return tuple(sorted(each for each in words if len(each) >= _SHORTEST))


def _of_track(track: Track) -> Iterator[str]:
    yield from (track.id, track.name, *track.modules)
    yield from (turn.module for turn in track.rotation)
    yield from (phase.name for phase in track.phases)
    for _, listed in track.details:
        # Details are kept as they were written, lists in their brackets.
        found = [one or other for one, other in _QUOTED.findall(listed)]
        yield from found or [listed]


def heard(text: str, words: Iterable[str] = ()) -> tuple[Heard, ...]:
    """The words of care in a text, and those of a program, wherever lines are broken.

    Args:
        text: What would leave.
        words: A program's vocabulary; its words are found whole, those of care by how they
            begin.
    """
    found = [
        *(_places(text, each, r"\w*") for each in (*CARE, *CUIDADO)),
        *(_places(text, each, r"(?:s|es)?") for each in words),
    ]
    each_once = dict.fromkeys(one for places in found for one in places)
    return tuple(sorted(each_once, key=lambda one: (one.line, one.word)))


def _places(text: str, word: str, ending: str) -> Iterator[Heard]:
    pattern = r"\s+".join(re.escape(part) for part in word.split())
    for match in re.finditer(rf"\b{pattern}{ending}\b", text, re.IGNORECASE):
        line = text.count("\n", 0, match.start()) + 1
        yield Heard(line, " ".join(match.group().split()))
