"""The demo's place: a folder with its own database, key, mail and clock."""

import secrets
from datetime import timedelta
from pathlib import Path

from pydantic import AnyUrl, SecretStr

from vioP.domain.errors import Unavailable
from vioP.key_file import with_another, write_keys
from vioP.message_settings import MessageSettings
from vioP.settings import Settings, read_settings

FOLDER = Path("var/demo")
_KEY = "link_key"


def exists() -> bool:
    """Whether a demo was started here before."""
    return (FOLDER / "viop.db").exists()


def settings(port: int = 8080, name: str = "127.0.0.1") -> Settings:
    """The demo's settings. They are its own: nothing an operator configured reaches it.

    Args:
        port: Where it listens.
        name: Under which name it is opened; forms are taken from pages under that name only.
    """
    return read_settings(
        demo=True,
        database=f"sqlite:///{FOLDER}/viop.db",
        data=FOLDER,
        host="127.0.0.1",
        port=port,
        base_url=AnyUrl(f"http://{name}:{port}"),
        link_key=SecretStr(_key()),
        # Whoever tries it out looks into the outbox at once.
        messages=MessageSettings(window=timedelta(), pace=timedelta()),
    )


def make_key(place: Settings) -> None:
    """Let a new demo seal its fields, as every place should; an older one stays as it is."""
    if not exists() and not place.key_file().exists():
        write_keys(place.key_file(), with_another({}))


def _key() -> str:
    """The demo's link key, made at its first start."""
    file = FOLDER / _KEY
    try:
        if not file.exists():
            FOLDER.mkdir(parents=True, exist_ok=True)
            file.touch(mode=0o600)
            file.write_text(secrets.token_urlsafe(48))
        return file.read_text()
    except OSError as error:
        raise Unavailable(
            f"The folder {FOLDER.resolve()} cannot be written ({error.strerror}). "
            "Start the demo where you may write, or make the folder writable."
        ) from error
