"""A real Dovecot of our own on loopback: IMAP, LMTP in, and LMTP on to somebody else."""

import asyncio
import os
import pwd
import shutil
import signal
import smtplib
import socket
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

USER, PASSWORD = "appointments@example.org", "secret"
CONFIG = """
base_dir = {run}
state_dir = {run}
log_path = {home}/log
protocols = imap lmtp
listen = 127.0.0.1
ssl = {ssl}
ssl_cert = <{home}/cert.pem
ssl_key = <{home}/key.pem
disable_plaintext_auth = no
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:{home}/mail/%u
imap_capability = {capability}
auth_mechanisms = plain
lmtp_proxy = yes
passdb {{
  driver = static
  args = {passdb}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={home}/mail/%u allow_all_users=yes
}}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp}
  }}
}}
"""
PLAIN_CAPABILITY = "IMAP4rev1 LITERAL+ UIDPLUS"


def missing() -> str:
    """What is lacking here, with how to get it; nothing when Dovecot can run."""
    if shutil.which("dovecot") is None:
        return "dovecot is missing: apt-get install dovecot-imapd dovecot-lmtpd"
    if not Path("/usr/lib/dovecot/lmtp").exists():
        return "dovecot's LMTP is missing: apt-get install dovecot-lmtpd"
    return "" if os.geteuid() == 0 else "dovecot starts as root only here"


@dataclass(frozen=True, slots=True)
class Dovecot:
    """A running server and its ports."""

    home: Path
    imap: int
    imaps: int
    lmtp: int

    async def deliver(self, raw: bytes) -> None:
        """Hand a mail over, as another mail server would."""
        await asyncio.to_thread(hand_over, self.lmtp, raw)


def hand_over(port: int, raw: bytes, recipient: str = USER) -> None:
    """Hand a mail over to whoever speaks LMTP on a port."""
    with smtplib.LMTP("127.0.0.1", port) as client:
        client.sendmail("p1@participants.example", [recipient], raw)


@contextmanager
def running(
    home: Path,
    *,
    proxy_to: int = 0,
    can_idle: bool = True,
    ports: Sequence[int] = (),
) -> Iterator[Dovecot]:
    """A server with one mailbox; with ``proxy_to`` it passes mail on to that LMTP port."""
    account = pwd.getpwnam("dovecot")
    imap, imaps, lmtp = ports or free_ports()
    (home / "mail").mkdir(parents=True, exist_ok=True)
    # A socket's address has room for 107 characters, and a test's own folder is a long one.
    run = Path(mkdtemp(prefix="mail-"))
    run.chmod(0o755)
    shutil.chown(home / "mail", account.pw_uid, account.pw_gid)
    for each in (home, *home.parents[:3]):
        each.chmod(each.stat().st_mode | 0o755)
    _make_certificate(home)
    passdb = f"password={PASSWORD}"
    if proxy_to:
        passdb = f"nopassword=y proxy=y host=127.0.0.1 port={proxy_to} protocol=lmtp"
    (home / "dovecot.conf").write_text(
        CONFIG.format(
            home=home,
            run=run,
            user=account.pw_name,
            group="dovecot",
            uid=account.pw_uid,
            gid=account.pw_gid,
            ssl="yes",
            capability="" if can_idle else PLAIN_CAPABILITY,
            passdb=passdb,
            imap=imap,
            imaps=imaps,
            lmtp=lmtp,
        )
    )
    words = ["dovecot", "-F", "-c", str(home / "dovecot.conf")]
    process = subprocess.Popen(words, start_new_session=True)  # noqa: S603 - our own words
    try:
        _await_port(lmtp, home)
        yield Dovecot(home, imap, imaps, lmtp)
    finally:
        # Its children would serve their last clients on for a while.
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)
        shutil.rmtree(run, ignore_errors=True)


def free_ports() -> list[int]:
    """Three ports nobody listens on: IMAP, IMAP with TLS, LMTP."""
    open_sockets = [socket.socket() for _ in range(3)]
    for each in open_sockets:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in open_sockets]
    for each in open_sockets:
        each.close()
    return ports


def _await_port(port: int, home: Path) -> None:
    for _ in range(100):
        with socket.socket() as probe:
            probe.settimeout(0.2)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        subprocess.run(["sleep", "0.1"], check=True)  # noqa: S607
    log = home / "log"
    raise RuntimeError(f"dovecot did not start: {log.read_text() if log.exists() else ''}")


def _make_certificate(home: Path) -> None:
    words = (
        "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost "
        "-addext subjectAltName=DNS:localhost,IP:127.0.0.1 -keyout key.pem -out cert.pem"
    )
    subprocess.run(words.split(), cwd=home, check=True, capture_output=True)  # noqa: S603
