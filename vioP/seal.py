"""Sealed files: encrypted for whoever holds a secret key that is not on this machine.

The format is age's (age-encryption.org/v1): a file key for each of several recipients (X25519),
then ChaCha20-Poly1305 in chunks whose order and end are part of what is checked, so a file that
was cut, reordered or changed does not open. Anybody can open one with the ``age`` command too.
"""

from collections.abc import Sequence
from pathlib import Path

import pyrage
from pyrage import x25519

from vioP.domain.errors import Invalid, WrongSettings

_MAGIC = b"age-encryption.org/v1\n"


def new_key() -> tuple[str, str]:
    """A new pair: the secret key, which opens, and the public one, which seals."""
    identity = x25519.Identity.generate()
    return str(identity), str(identity.to_public())


def is_sealed(file: Path) -> bool:
    """Whether a file is one of these."""
    with file.open("rb") as source:
        return source.read(len(_MAGIC)) == _MAGIC


def check_recipients(recipients: Sequence[str]) -> None:
    """Look at public keys before anything is sealed for them.

    Raises:
        WrongSettings: One of them is no public key.
    """
    _read(recipients)


def seal(source: Path, target: Path, recipients: Sequence[str]) -> None:
    """Encrypt a file into another one.

    Raises:
        WrongSettings: One of the recipients is no public key.
    """
    pyrage.encrypt_file(str(source), str(target), _read(recipients))


def unseal(source: Path, target: Path, key: Path) -> None:
    """Decrypt a file into another one; nothing is left of it where that fails.

    Raises:
        Invalid: The file with the key holds none, the key is another one, or the sealed file
            is not whole.
    """
    lines = key.read_text(encoding="utf-8").splitlines()
    secrets = [each.strip() for each in lines if each.startswith("AGE-SECRET-KEY-")]
    if not secrets:
        raise Invalid(f"{key} holds no secret key; its line begins with AGE-SECRET-KEY-1.")
    try:
        identities = [x25519.Identity.from_str(each) for each in secrets]
        pyrage.decrypt_file(str(source), str(target), identities)
    except pyrage.IdentityError as error:
        raise Invalid(f"{key} holds no secret key of age ({error}).") from error
    except (pyrage.DecryptError, OSError) as error:
        target.unlink(missing_ok=True)
        raise Invalid(
            f"{source} does not open ({error}). Either it was sealed for another key than the "
            f"one in {key}, or it was changed or cut off: use another copy."
        ) from error


def _read(recipients: Sequence[str]) -> list[x25519.Recipient]:
    found = []
    for each in recipients:
        try:
            found.append(x25519.Recipient.from_str(each))
        except pyrage.RecipientError as error:
            raise WrongSettings(
                f"backup.recipients: “{each}” is no public key of age ({error}). It begins with "
                "age1; `viop backup-key FILE` makes a pair."
            ) from error
    return found
