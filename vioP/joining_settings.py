"""When doors open and ladders climb: the settings of joining."""

from datetime import timedelta
from typing import Self

from pydantic import BaseModel, ConfigDict, model_validator

from vioP.domain.fallback import Ladder, Rung, Step


class Joining(BaseModel):
    """How joins are timed. Durations are ISO 8601, such as PT5M."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    opens_before: timedelta = timedelta(minutes=10)
    closes_after: timedelta = timedelta(minutes=15)
    nudge_after: timedelta = timedelta(minutes=3)
    call_after: timedelta = timedelta(minutes=6)
    second_call_after: timedelta = timedelta(minutes=10)
    coordinator_after: timedelta = timedelta(minutes=12)
    clinician_after: timedelta = timedelta(minutes=15)
    high_risk_coordinator_after: timedelta = timedelta(minutes=5)
    high_risk_clinician_after: timedelta = timedelta(minutes=10)
    stale_after: timedelta = timedelta(minutes=4)
    rejoin_grace: timedelta = timedelta(minutes=2)
    host_grace: timedelta = timedelta(minutes=2)
    no_show_after: timedelta = timedelta(minutes=20)
    later_for: timedelta = timedelta(minutes=30)

    @model_validator(mode="after")
    def steps_are_in_order(self) -> Self:
        """Refuse a ladder whose steps are out of order."""
        self.ladder()
        return self

    def ladder(self) -> Ladder:
        """The ladder these times describe.

        Raises:
            ValueError: A step is not later than the one before.
        """
        return Ladder(
            steps=(
                Step(Rung.NUDGE, self.nudge_after),
                Step(Rung.CALL, self.call_after),
                Step(Rung.SECOND_CALL, self.second_call_after),
                Step(Rung.COORDINATOR, self.coordinator_after),
                Step(Rung.CLINICIAN, self.clinician_after),
            ),
            high_risk=(
                Step(Rung.NUDGE, self.nudge_after),
                Step(Rung.COORDINATOR, self.high_risk_coordinator_after),
                Step(Rung.CLINICIAN, self.high_risk_clinician_after),
            ),
            stale_after=self.stale_after,
            rejoin_grace=self.rejoin_grace,
            host_grace=self.host_grace,
        )
