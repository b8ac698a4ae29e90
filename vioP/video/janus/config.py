"""Janus's configuration: as little of Janus as a room needs, and that on loopback only."""

import shutil
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_HOMES = (
    "/usr/lib/*/janus",
    "/usr/lib/janus",
    "/usr/local/lib/janus",
    "/opt/janus/lib/janus",
)
_PLUGINS = ("libjanus_videoroom.so", "libjanus_audiobridge.so")
_ECHO = "libjanus_echotest.so"  # for tech checks; rooms work without
_TRANSPORT = "libjanus_websockets.so"


@dataclass(frozen=True, slots=True)
class JanusProgram:
    """An installed Janus: the program, and the folder of its plugins and transports."""

    program: Path
    home: Path


@dataclass(frozen=True, slots=True)
class JanusChoices:
    """What an operator decides about media.

    Attributes:
        public_address: The address browsers reach this machine at, when it is behind one
            that is translated; empty when its own addresses are reached.
        udp_ports: First and last port of media.
    """

    public_address: str = ""
    udp_ports: tuple[int, int] = (20000, 20999)


def find_janus() -> JanusProgram | None:
    """The installed Janus with what a room needs, or nothing."""
    program = shutil.which("janus")
    if program is None:
        return None
    root = Path("/")
    homes = (home for pattern in _HOMES for home in root.glob(pattern.lstrip("/")))
    for home in homes:
        needed = [
            *(home / "plugins" / each for each in _PLUGINS),
            home / "transports" / _TRANSPORT,
        ]
        if all(each.exists() for each in needed):
            return JanusProgram(Path(program), home)
    return None


def free_port() -> int:
    """A port of the loopback interface that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def write_config(
    folder: Path, janus: JanusProgram, choices: JanusChoices, port: int, secret: str
) -> None:
    """Write a folder Janus can be started with.

    Plugins and transports are chosen by linking the ones we need into folders of our own, so
    that whatever else is installed, in this version or the next, is never loaded. The
    secrets lie in files only this user can read.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name, wanted in (
        ("plugins", (*_PLUGINS, _ECHO)), ("transports", (_TRANSPORT,)),
        ("events", ()), ("loggers", ()),
    ):  # fmt: skip
        _link(folder / name, janus.home / name, wanted)
    _write(folder / "janus.jcfg", _core(folder, choices, secret))
    _write(
        folder / "janus.transport.websockets.jcfg",
        'general: { json = "compact" ws = true '
        f'ws_port = {port} ws_ip = "127.0.0.1" wss = false }}\n'
        "admin: { admin_ws = false }\n",
    )
    _write(
        folder / "janus.plugin.videoroom.jcfg",
        f'general: {{ admin_key = "{secret}" string_ids = true }}\n',
    )
    _write(  # telephones come from this machine and nowhere else
        folder / "janus.plugin.audiobridge.jcfg",
        f'general: {{ admin_key = "{secret}" string_ids = true lock_rtp_forward = true '
        'lock_play_file = true local_ip = "127.0.0.1" }\n',
    )


def _core(folder: Path, choices: JanusChoices, secret: str) -> str:
    first, last = choices.udp_ports
    mapping = (
        f'nat_1_1_mapping = "{choices.public_address}"' if choices.public_address else ""
    )
    return f"""general: {{
  configs_folder = "{folder}"
  plugins_folder = "{folder}/plugins"
  transports_folder = "{folder}/transports"
  events_folder = "{folder}/events"
  loggers_folder = "{folder}/loggers"
  debug_level = 3
  debug_timestamps = true
  log_to_stdout = true
  api_secret = "{secret}"
  server_name = "viop"
  session_timeout = 30
  hide_dependencies = true
}}
certificates: {{ }}
media: {{ rtp_port_range = "{first}-{last}" no_media_timer = 2 }}
nat: {{ ice_lite = true {mapping} }}
plugins: {{ }}
transports: {{ }}
loggers: {{ }}
events: {{ broadcast = false }}
"""


def _link(folder: Path, source: Path, wanted: Iterable[str]) -> None:
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    for name in wanted:
        if not (source / name).exists():
            continue
        (folder / name).symlink_to(source / name)


def _write(file: Path, text: str) -> None:
    file.touch(mode=0o600)
    file.write_text(text)
