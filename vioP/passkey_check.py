"""What is asked of a device for a passkey, and whether what it answers is true.

Source: Web Authentication, level 2, sections 7.1 and 7.2, as ``webauthn`` checks them.
"""

import ipaddress
import json
from dataclasses import dataclass
from urllib.parse import urlsplit

import webauthn
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, options_to_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from vioP.domain.errors import Invalid


@dataclass(frozen=True, slots=True)
class Site:
    """Where passkeys hold: the host of our address.

    Attributes:
        name: What devices show.
    """

    base_url: str
    name: str

    @property
    def host(self) -> str:
        """What a passkey is tied to."""
        return urlsplit(self.base_url).hostname or ""

    @property
    def has_passkeys(self) -> bool:
        """Whether there can be any: they are tied to a name, never to a bare address."""
        try:
            ipaddress.ip_address(self.host)
        except ValueError:
            return bool(self.host)
        return False


@dataclass(frozen=True, slots=True)
class Made:
    """A passkey as its device has just made it."""

    id: str
    public_key: str
    count: int


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose passkey it will be.

    Attributes:
        handle: Opaque; a device gives it back with the passkey.
        known: The passkeys there are, so that a device does not make another.
    """

    handle: str
    name: str
    known: tuple[str, ...]


def ask_to_make(site: Site, owner: Owner, challenge: bytes) -> str:
    """What a browser is asked to make, as JSON for ``navigator.credentials.create``."""
    options = webauthn.generate_registration_options(
        rp_id=site.host,
        rp_name=site.name,
        user_id=owner.handle.encode(),
        user_name=owner.name,
        user_display_name=owner.name,
        challenge=challenge,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[
            PublicKeyCredentialDescriptor(id=base64url_to_bytes(each))
            for each in owner.known
        ],
    )
    return options_to_json(options)


def ask_to_sign(site: Site, challenge: bytes) -> str:
    """What a browser is asked to sign, as JSON for ``navigator.credentials.get``."""
    options = webauthn.generate_authentication_options(
        rp_id=site.host,
        challenge=challenge,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json(options)


def check_made(site: Site, said: str, challenge: bytes) -> Made:
    """The passkey a browser says was made.

    Raises:
        Invalid: It was made for somebody else, or for another question, or without its owner.
    """
    try:
        made = webauthn.verify_registration_response(
            credential=said,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.base_url,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError) as error:
        raise Invalid("This device's answer does not fit. Try again.") from error
    return Made(
        bytes_to_base64url(made.credential_id),
        bytes_to_base64url(made.credential_public_key),
        made.sign_count,
    )


def id_of(said: str) -> str:
    """Which passkey a browser says was used; empty where it does not say."""
    try:
        found = json.loads(said)
    except ValueError:
        return ""
    name = found.get("id", "") if isinstance(found, dict) else ""
    return name if isinstance(name, str) else ""


def check_signed(site: Site, said: str, challenge: bytes, public_key: str) -> int:
    """How often a device says it signed, once its signature is found true.

    Raises:
        Invalid: It is not, or answers another question, or was made without its owner.
    """
    try:
        signed = webauthn.verify_authentication_response(
            credential=said,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.base_url,
            credential_public_key=base64url_to_bytes(public_key),
            credential_current_sign_count=0,  # compared where it can be written down
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError) as error:
        raise Invalid("This passkey's answer does not fit. Try again.") from error
    return signed.new_sign_count
