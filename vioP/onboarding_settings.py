"""How people set up before their first session: the settings of onboarding."""

from datetime import timedelta
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field


class OnboardingSettings(BaseModel):
    """How long a mailed link works, and whose words consents are in. Durations are ISO 8601."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    link_lasts: timedelta = Field(default=timedelta(days=14), ge=timedelta(hours=1))
    consents: str = ""

    def own_texts(self) -> Path | None:
        """Where a clinic's own words of consents lie, if it has any."""
        return Path(self.consents) if self.consents else None
