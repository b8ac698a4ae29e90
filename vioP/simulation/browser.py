"""Browsers and providers at the other end of a socket: real requests to the real pages."""

from collections.abc import Mapping
from dataclasses import dataclass

import aiohttp

_PATIENCE = aiohttp.ClientTimeout(total=20)
NO_ANSWER = 0


@dataclass(frozen=True, slots=True)
class Browser:
    """Somebody who asks for our pages."""

    http: aiohttp.ClientSession

    async def get(self, path: str) -> int:
        """Open a page, as people and mail scanners do."""
        return await self._ask("GET", path)

    async def post(self, path: str, raw: bytes = b"", **headers: str) -> int:
        """Press a button, or tell us something.

        Returns:
            The status; 0 when nobody answered.
        """
        return await self._ask("POST", path, raw, headers)

    async def _ask(
        self,
        method: str,
        path: str,
        raw: bytes = b"",
        headers: Mapping[str, str] | None = None,
    ) -> int:
        try:
            async with self.http.request(
                method,
                f"http://viop{path}",
                data=raw,
                headers=headers,
                allow_redirects=False,
                timeout=_PATIENCE,
            ) as answer:
                await answer.read()
                return answer.status
        except (TimeoutError, aiohttp.ClientError, OSError):
            return NO_ANSWER
