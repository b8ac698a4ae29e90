"""From settings to where staff may sign in instead of here."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp

from vioP.domain.errors import WrongSettings
from vioP.entering import Elsewhere
from vioP.oidc.service import Client, Service
from vioP.settings import Settings


@asynccontextmanager
async def open_elsewhere(settings: Settings) -> AsyncIterator[Elsewhere | None]:
    """The service that is chosen; nothing where there is none, and in the demo.

    Raises:
        WrongSettings: What it needs is not installed.
    """
    oidc = settings.access.oidc
    if not oidc.is_chosen or settings.demo:
        yield None
        return
    try:
        # They need what comes with the extra "oidc", and nobody else does.
        from vioP.oidc.provider import OidcProvider  # noqa: PLC0415
        from vioP.oidc.token import Rules  # noqa: PLC0415
    except ImportError as error:
        raise WrongSettings(
            "access.oidc needs an extra: pip install 'viop[oidc]'"
        ) from error
    rules = Rules(
        oidc.issuer,
        oidc.client_id,
        oidc.verified_by,
        oidc.second_factor_amr,
        oidc.second_factor_acr,
    )
    client = Client(oidc.issuer, oidc.client_id, oidc.client_secret.get_secret_value())
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http:
        yield OidcProvider(oidc.name, Service(client, http), rules)
