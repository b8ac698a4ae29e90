"""Traces: what a span carries, and that nothing of anybody's is in one."""

import pytest
from aiohttp.web import Application
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from pytest_aiohttp.plugin import AiohttpClient

from tests.make import group_session, published_programme, seat_of
from tests.web.conftest import OWN, Browser, SignIn
from vioP.app import create_app
from vioP.ports import Ports
from vioP.settings import Settings
from vioP.traces import UNTRACED, traces_to


@pytest.fixture
def spans() -> InMemorySpanExporter:
    """Where spans end up."""
    return InMemorySpanExporter()


@pytest.fixture
async def app(ports: Ports, settings: Settings, spans: InMemorySpanExporter) -> Application:
    """The application, traced."""
    await published_programme(ports)
    return create_app(ports, settings, traces=traces_to(SimpleSpanProcessor(spans)))


@pytest.fixture
async def browser(app: Application, aiohttp_client: AiohttpClient) -> Browser:
    """A browser that belongs to a trace of its own."""
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    return await aiohttp_client(app, headers=OWN | {"traceparent": trace})


async def test_a_request_is_a_span_with_its_template_and_nothing_of_anybodys(
    ports: Ports, browser: Browser, sign_in: SignIn, spans: InMemorySpanExporter
):
    seat = await seat_of(ports, await group_session(ports), "p1")
    token = ports.secrets.link_token(seat)
    await browser.get(f"/j/{token}?canary=CANARY")
    await browser.post(f"/j/{token}/late", data={"minutes": "CANARY"})
    await browser.get("/CANARY")
    await sign_in("k1")
    await browser.get(f"/seats/{seat}")
    await browser.post("/search", data={"words": "CANARY"})

    finished = spans.get_finished_spans()

    assert [(each.name, dict(each.attributes or {})) for each in finished][:2] == [
        ("GET /j/{token}",
         {"http.request.method": "GET", "http.route": "/j/{token}",
          "http.response.status_code": 200}),
        ("POST /j/{token}/late",
         {"http.request.method": "POST", "http.route": "/j/{token}/late",
          "http.response.status_code": 422}),
    ]  # fmt: skip
    assert len(finished) == 5
    everything = "".join(each.to_json() for each in finished)
    for secret in ("CANARY", token, str(seat), "P1 A.", "127.0.0.1", "p1@", "0af7651916cd"):
        assert secret not in everything


async def test_a_redirection_is_no_failure_and_is_passed_on(
    browser: Browser, spans: InMemorySpanExporter
):
    answer = await browser.get("/board", allow_redirects=False)

    [span] = spans.get_finished_spans()
    assert answer.status == 303
    assert (span.attributes or {})["http.response.status_code"] == 303
    assert span.status.is_unset


async def test_a_job_is_a_span_and_says_of_its_failure_that_it_failed(
    spans: InMemorySpanExporter,
):
    async def work(args: object) -> None:
        raise ValueError(f"CANARY {args}")

    known = traces_to(SimpleSpanProcessor(spans)).of_jobs({"deliver": work})
    with pytest.raises(ValueError, match="CANARY"):
        await known["deliver"]({"session": "CANARY"})

    [span] = spans.get_finished_spans()
    assert (span.name, dict(span.attributes or {})) == (
        "job deliver",
        {"viop.job": "deliver"},
    )
    assert not span.status.is_ok
    assert not span.status.is_unset
    assert "CANARY" not in span.to_json()


def test_what_is_not_on_the_list_is_dropped(spans: InMemorySpanExporter):
    with traces_to(SimpleSpanProcessor(spans)).span("x") as note:
        note("viop.job", "deliver")
        note("person", "CANARY")

    [span] = spans.get_finished_spans()
    assert dict(span.attributes or {}) == {"viop.job": "deliver"}


def test_without_a_collector_nothing_is_wrapped():
    known: dict[str, object] = {}

    assert UNTRACED.of_jobs(known) is known  # type: ignore[arg-type]
