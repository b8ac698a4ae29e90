"""When people are told what changed: the settings of messages."""

from datetime import timedelta

from pydantic import BaseModel, ConfigDict, Field

from vioP.domain.telling import Telling


class MessageSettings(BaseModel):
    """When people are told what changed, and in which words. Durations are ISO 8601."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    window: timedelta = Field(default=timedelta(seconds=90), ge=timedelta())
    at_once_within: timedelta = Field(default=timedelta(hours=2), ge=timedelta())
    weeks_ahead: int = Field(default=2, ge=1, le=52)
    pace: timedelta = Field(default=timedelta(seconds=5), ge=timedelta())
    overview_from: int = Field(default=4, ge=1)
    wording: str = ""

    def telling(self) -> Telling:
        """The rules these settings describe."""
        return Telling(
            self.window,
            self.at_once_within,
            self.weeks_ahead,
            self.pace,
            self.overview_from,
        )
