"""How long things are kept: the settings of retention."""

from datetime import timedelta

from pydantic import BaseModel, ConfigDict, Field

from vioP.domain.retention import Retention

_A_DAY = timedelta(days=1)


class RetentionSettings(BaseModel):
    """For how long each class of things is kept. Durations are ISO 8601, such as P30D."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    nightly: bool = False
    messages: timedelta = Field(default=timedelta(days=30), ge=_A_DAY)
    events: timedelta = Field(default=timedelta(days=30), ge=_A_DAY)
    sign_ins: timedelta = Field(default=timedelta(days=7), ge=_A_DAY)
    feeds: timedelta = Field(default=timedelta(days=90), ge=_A_DAY)
    drafts: timedelta = Field(default=timedelta(days=90), ge=_A_DAY)
    waiting: timedelta = Field(default=timedelta(days=90), ge=_A_DAY)
    records: timedelta = Field(default=timedelta(days=7 * 365 + 2), ge=_A_DAY)

    def retention(self) -> Retention:
        """The rules these settings describe."""
        return Retention(
            self.messages,
            self.events,
            self.sign_ins,
            self.feeds,
            self.drafts,
            self.waiting,
            self.records,
            self.nightly,
        )
