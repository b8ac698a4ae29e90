"""Unhindered: what should be written down, but may keep nobody from helping."""

import asyncio
from collections.abc import Awaitable

import structlog

log = structlog.get_logger()

AT_MOST = 1.0  # seconds that writing something down may hold somebody up


async def unhindered(writing: Awaitable[None], event: str, **facts: str) -> None:
    """Write something down, for a second at most; what could not be written is logged.

    For what somebody in a hurry sees, such as a safety panel while the disk is full.

    Args:
        writing: What writes it.
        event: What the log calls it if it fails.
        facts: What goes into the log with it; names on the list of allowed ones only.
    """
    [failure] = await asyncio.gather(
        asyncio.wait_for(writing, AT_MOST), return_exceptions=True
    )
    if isinstance(failure, Exception):
        log.error(event, exc_info=failure, **facts)
    elif failure is not None:
        raise failure
