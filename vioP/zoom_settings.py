"""Our account at Zoom: the settings of Zoom."""

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from vioP.domain.invite import Sender
from vioP.video.zoom.account import ZoomChoices


class ZoomSettings(BaseModel):
    """How we are known to Zoom: a server-to-server app of the clinic's own account."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    account_id: str = ""
    client_id: str = ""
    client_secret: SecretStr = SecretStr("")
    hook_secrets: tuple[SecretStr, ...] = ()
    host: str = ""
    dashboard: bool = False
    site: str = Field(default="zoom.us", pattern=r"^[a-z0-9.-]+$")

    @property
    def is_begun(self) -> bool:
        """Whether anything of it is set."""
        return bool(self.account_id or self.client_id)

    def missing(self) -> list[str]:
        """The settings without which Zoom cannot be used."""
        given = {
            "video.zoom.account_id": self.account_id,
            "video.zoom.client_id": self.client_id,
            "video.zoom.client_secret": self.client_secret.get_secret_value(),
            "video.zoom.hook_secrets": self.hook_secrets,
        }
        return [name for name, value in given.items() if not value]

    def choices(self, sender: Sender, *, waiting_room: bool) -> ZoomChoices:
        """What the adapter is told."""
        return ZoomChoices(
            account=self.account_id,
            client=self.client_id,
            secret=self.client_secret.get_secret_value(),
            hook_secrets=tuple(e.get_secret_value().encode() for e in self.hook_secrets),
            topic=sender.title,
            guest_domain=sender.domain,
            fallback_host=self.host,
            waiting_room=waiting_room,
            dashboard=self.dashboard,
            api=f"https://api.{self.site}/v2",
            tokens=f"https://{self.site}/oauth/token",
        )
