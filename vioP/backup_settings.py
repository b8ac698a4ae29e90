"""For whom backups are sealed: the settings of backups."""

from pydantic import BaseModel, ConfigDict, Field


class BackupSettings(BaseModel):
    """Public keys of age, such as ``age1…``; without any, a backup is not encrypted."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    recipients: tuple[str, ...] = Field(default=(), max_length=20)
