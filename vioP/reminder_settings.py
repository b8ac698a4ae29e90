"""When people are reminded: the settings of reminders."""

from datetime import time, timedelta

from pydantic import BaseModel, ConfigDict, Field

from vioP.domain.reminder import Reminders


class ReminderSettings(BaseModel):
    """When people are reminded of what is to come. Durations are ISO 8601."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    day_before: bool = True
    day_before_at: time = time(17)
    same_day_before: timedelta = Field(default=timedelta(hours=2), ge=timedelta())
    door_opens: bool = True

    def reminders(self, opens_before: timedelta) -> Reminders:
        """The rules these settings describe.

        Args:
            opens_before: How long before the start a room opens.
        """
        return Reminders(
            self.day_before_at if self.day_before else None,
            self.same_day_before,
            self.door_opens,
            opens_before,
        )
