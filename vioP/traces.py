"""Traces: how long requests and jobs took, for a collector that speaks OpenTelemetry.

A span carries what is on the list below and nothing else: no address, only its template; no
identifier, no word of anybody's, no text of an error. What a stranger sends about traces of
their own is not read. Source: OpenTelemetry semantic conventions, HTTP.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any

from vioP.domain.errors import WrongSettings

ALLOWED = frozenset(
    {"http.request.method", "http.route", "http.response.status_code", "viop.job"}
)
Work = Callable[[Mapping[str, str]], Awaitable[None]]
# Puts a fact on the span that is open; what is not on the list is dropped.
Note = Callable[[str, str | int], None]


@dataclass(frozen=True, slots=True)
class Traces:
    """Where spans go.

    Attributes:
        tracer: A tracer of OpenTelemetry's; nothing where nobody collects.
    """

    tracer: Any = None

    @contextmanager
    def span(self, name: str) -> Iterator[Note]:
        """A span as long as the block; it fails when the block does, and says no more of it."""
        if self.tracer is None:
            yield _nothing
            return
        with self.tracer.start_as_current_span(
            name, record_exception=False, set_status_on_exception=False
        ) as span:

            def note(fact: str, value: str | int) -> None:
                if fact in ALLOWED:
                    span.set_attribute(fact, value)

            try:
                yield note
            except Exception:
                _fail(span)
                raise

    def of_jobs(self, handlers: Mapping[str, Work]) -> Mapping[str, Work]:
        """The same handlers, each in a span that bears its job's name."""
        if self.tracer is None:
            return handlers
        return {name: self._in_span(name, work) for name, work in handlers.items()}

    def _in_span(self, name: str, work: Work) -> Work:
        async def traced(args: Mapping[str, str]) -> None:
            with self.span(f"job {name}") as note:
                note("viop.job", name)
                await work(args)

        return traced


UNTRACED = Traces()


@asynccontextmanager
async def open_traces(url: str) -> AsyncIterator[Traces]:
    """Traces that are sent to a collector until the block ends; to nobody without one.

    Args:
        url: Where it takes OTLP over HTTP, such as ``http://127.0.0.1:4318/v1/traces``.

    Raises:
        WrongSettings: OpenTelemetry is not installed.
    """
    if not url:
        yield UNTRACED
        return
    try:
        # It comes with the extra "otel", which nobody else needs.
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # noqa: PLC0415
            OTLPSpanExporter,
        )
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415
    except ImportError as error:
        raise WrongSettings(
            "watch.traces needs an extra: pip install 'viop[otel]'"
        ) from error
    processor = BatchSpanProcessor(OTLPSpanExporter(endpoint=url))
    try:
        yield traces_to(processor)
    finally:
        await asyncio.to_thread(processor.shutdown)  # what waits is sent first


def traces_to(processor: Any) -> Traces:
    """Traces that a span processor is given; nothing about this machine goes with them."""
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415 - an extra
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415 - an extra

    named = Resource({"service.name": "viop"})
    provider = TracerProvider(resource=named, shutdown_on_exit=False)
    provider.add_span_processor(processor)
    return Traces(provider.get_tracer("viop"))


def _fail(span: Any) -> None:
    from opentelemetry.trace import StatusCode  # noqa: PLC0415 - an extra

    span.set_status(StatusCode.ERROR)


def _nothing(_name: str, _fact: str | int) -> None:
    """Nobody collects."""
