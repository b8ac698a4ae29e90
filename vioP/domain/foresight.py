"""Foresights: questions about weeks ahead that take so long to work out that answers are kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from vioP.domain.ids import ParticipantId
from vioP.domain.time import Week, week_named

NOBODY = ParticipantId("")


class Foresight(StrEnum):
    """What is asked."""

    FORECAST = "forecast"
    TEMPLATE = "template"
    COHORTS = "cohorts"


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, of which week, and about whom, if about one participant."""

    what: Foresight
    week: Week
    participant_id: ParticipantId = NOBODY

    def to_args(self) -> Mapping[str, str]:
        """The question in words of a job."""
        return {
            "what": self.what.value,
            "week": self.week.monday.isoformat(),
            "participant_id": self.participant_id,
        }


def question_of(args: Mapping[str, str]) -> Question:
    """The question that a job's words stand for."""
    return Question(
        Foresight(args["what"]),
        week_named(args["week"]),
        ParticipantId(args["participant_id"]),
    )
