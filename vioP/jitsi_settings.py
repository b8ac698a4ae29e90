"""Jitsi of one's own, and Jitsi as a service: the settings of both."""

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from vioP.video.jitsi import JitsiChoices


class JitsiSettings(BaseModel):
    """Where a Jitsi of our own is, and what it shares with us."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str = Field(default="", pattern=r"^(https://[^\s?#]+)?$")
    app_id: str = ""
    app_secret: SecretStr = SecretStr("")
    hook_tokens: tuple[SecretStr, ...] = ()

    @property
    def is_begun(self) -> bool:
        """Whether anything of it is set."""
        return bool(self.url or self.app_id)

    def missing(self) -> list[str]:
        """The settings without which Jitsi cannot be used."""
        given = {
            "video.jitsi.url": self.url,
            "video.jitsi.app_id": self.app_id,
            "video.jitsi.app_secret": self.app_secret.get_secret_value(),
            "video.jitsi.hook_tokens": self.hook_tokens,
        }
        return [name for name, value in given.items() if not value]

    def choices(self) -> JitsiChoices:
        """What the adapter is told."""
        return JitsiChoices(
            self.url.rstrip("/"),
            self.app_id,
            self.app_secret.get_secret_value().encode(),
            tuple(each.get_secret_value().encode() for each in self.hook_tokens),
        )


class JaasSettings(BaseModel):
    """How we are known to 8x8, whose service Jitsi is."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    app_id: str = ""
    key_id: str = ""
    private_key: SecretStr = SecretStr("")
    hook_secrets: tuple[SecretStr, ...] = ()

    @property
    def is_begun(self) -> bool:
        """Whether anything of it is set."""
        return bool(self.app_id or self.key_id)

    def missing(self) -> list[str]:
        """The settings without which 8x8 cannot be used."""
        given = {
            "video.jaas.app_id": self.app_id,
            "video.jaas.key_id": self.key_id,
            "video.jaas.private_key": self.private_key.get_secret_value(),
            "video.jaas.hook_secrets": self.hook_secrets,
        }
        return [name for name, value in given.items() if not value]
