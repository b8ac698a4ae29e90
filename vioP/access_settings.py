"""Who gets in how: the settings of access."""

from datetime import timedelta
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from vioP.domain.break_glass import Terms
from vioP.oidc_settings import OidcSettings


class AccessSettings(BaseModel):
    """How staff show who they are, and where a request comes from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    second_factor: Literal["required", "offered"] = "required"
    trusted_proxies: int = Field(default=0, ge=0, le=5)
    oidc: OidcSettings = OidcSettings()
    emergency_lasts: timedelta = Field(
        default=timedelta(hours=1), ge=timedelta(minutes=5), le=timedelta(hours=12)
    )
    privacy_mail: str = Field(default="", pattern=r"^$|^[^@\s]+@[^@\s]+$")

    def terms(self) -> Terms:
        """How long a record is opened in an emergency, and who hears of it."""
        return Terms(self.emergency_lasts, self.privacy_mail)
