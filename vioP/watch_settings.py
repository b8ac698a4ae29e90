"""Who may read figures about the service: the settings of watching."""

from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, SecretStr, field_validator, model_validator

from vioP.keys import SHORTEST_KEY


class WatchSettings(BaseModel):
    """Whether ``/metrics`` is there, and for whom; and where traces go."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    metrics: Literal["off", "loopback", "token"] = "off"
    metrics_token: SecretStr = SecretStr("")
    traces: str = ""

    @field_validator("traces")
    @classmethod
    def traces_have_an_address(cls, traces: str) -> str:
        """Refuse what is no address of a collector."""
        if traces and not traces.startswith(("http://", "https://")):
            raise ValueError("traces is an address such as http://127.0.0.1:4318/v1/traces")
        return traces

    @model_validator(mode="after")
    def the_token_is_long_enough(self) -> Self:
        """Refuse a token that could be guessed."""
        token = self.metrics_token.get_secret_value()
        if self.metrics == "token" and len(token.encode()) < SHORTEST_KEY:
            raise ValueError(
                f"metrics_token is shorter than {SHORTEST_KEY} bytes. Make one: "
                "python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
            )
        return self


def places(database: str, data: Path) -> tuple[Path, ...]:
    """Where a house keeps files, whose disks are watched; on SQLite the database among them."""
    if database.startswith("sqlite:///"):
        return data, Path(database.removeprefix("sqlite:///"))
    return (data,)
