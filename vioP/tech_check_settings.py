"""From where on a tech check passes: the settings of tech_check."""

from datetime import timedelta
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from vioP.domain.support_slot import SupportRules
from vioP.domain.tech_thresholds import Thresholds

_ORDERED = (
    ("down_least_kbps", "down_good_kbps"),
    ("up_least_kbps", "up_good_kbps"),
    ("rtt_good_ms", "rtt_most_ms"),
    ("loss_good_percent", "loss_most_percent"),
    ("jitter_good_ms", "jitter_most_ms"),
    ("mic_silent_dbfs", "mic_quiet_dbfs"),
)


class TechCheckSettings(BaseModel):
    """From where on a tech check passes. Durations are ISO 8601.

    Whoever changes a number changes ``version`` too: it is written down with every check.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str = Field(default="2026-11", pattern=r"^[A-Za-z0-9._-]{1,32}$")
    good_for: timedelta = Field(default=timedelta(days=30), gt=timedelta())
    down_good_kbps: float = Field(default=1500, gt=0)
    down_least_kbps: float = Field(default=500, ge=0)
    up_good_kbps: float = Field(default=1000, gt=0)
    up_least_kbps: float = Field(default=300, ge=0)
    rtt_good_ms: float = Field(default=300, gt=0)
    rtt_most_ms: float = Field(default=600, gt=0)
    loss_good_percent: float = Field(default=3, ge=0, le=100)
    loss_most_percent: float = Field(default=8, ge=0, le=100)
    jitter_good_ms: float = Field(default=30, gt=0)
    jitter_most_ms: float = Field(default=100, gt=0)
    connect_good_ms: float = Field(default=5000, gt=0)
    mic_silent_dbfs: float = Field(default=-50, le=0)
    mic_quiet_dbfs: float = Field(default=-40, le=0)
    mic_noisy_dbfs: float = Field(default=-25, le=0)
    luma_least: float = Field(default=8, ge=0, le=255)
    fps_least: float = Field(default=10, ge=0)
    clock_most: timedelta = Field(default=timedelta(minutes=2), gt=timedelta())

    test_lasts: timedelta = Field(
        default=timedelta(minutes=15), ge=timedelta(minutes=5), le=timedelta(hours=2)
    )
    test_notice: timedelta = Field(default=timedelta(minutes=30), ge=timedelta())
    test_ahead: timedelta = Field(default=timedelta(days=7), gt=timedelta())

    @model_validator(mode="after")
    def limits_are_in_order(self) -> Self:
        """Refuse a warning that would come after the failure."""
        for lower, upper in _ORDERED:
            if getattr(self, lower) > getattr(self, upper):
                raise ValueError(f"tech_check.{lower} is above tech_check.{upper}")
        return self

    def thresholds(self) -> Thresholds:
        """The thresholds these settings describe."""
        tests = {"test_lasts", "test_notice", "test_ahead"}
        return Thresholds(**self.model_dump(exclude=tests))

    def support(self) -> SupportRules:
        """How test sessions with a person are offered."""
        return SupportRules(self.test_lasts, self.test_notice, self.test_ahead)
