"""The reference is complete: every setting, command, job, error and word is in it."""

import ast
import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import vioP
from tests.setting_names import setting_names
from vioP.cli import COMMANDS
from vioP.domain.contact import Refusal
from vioP.domain.delivery import Channel, SkipReason
from vioP.domain.errors import VioPError
from vioP.domain.fallback import Ladder
from vioP.domain.ladder_table import table as ladder_table
from vioP.domain.techcheck import Part, Reason, Verdict
from vioP.web.routes import DEMO_PAGES, PAGES
from vioP.worker import handlers

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "docs" / "reference"


def page(name: str) -> str:
    return (REFERENCE / f"{name}.md").read_text()


def every_error() -> set[type[VioPError]]:
    for module in pkgutil.walk_packages(vioP.__path__, "vioP."):
        if not module.name.endswith(("__main__", "env")) and "versions" not in module.name:
            importlib.import_module(module.name)
    found: set[type[VioPError]] = set()
    waiting: list[type[VioPError]] = [VioPError]
    while waiting:
        kind = waiting.pop()
        found.add(kind)
        waiting += kind.__subclasses__()
    return found


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_described(command: str):
    assert f"`viop {command}" in page("commands")


def test_every_setting_is_described():
    names = setting_names()

    assert [each for each in sorted(names) if f"`{each}`" not in page("settings")] == []


def test_every_job_channel_and_skip_reason_is_described(ports):
    text = page("jobs")

    for name in (*handlers(ports), *Channel, *SkipReason):
        assert f"`{name}`" in text


def test_the_table_of_the_ladder_is_what_the_ladder_does():
    text = page("ladder").split("<!-- ladder -->\n")[1].split("<!-- end -->")[0]

    assert text == ladder_table(Ladder())


def test_every_part_verdict_and_reason_of_the_tech_check_is_described():
    text = page("tech-check")

    for word in (*Part, *Verdict, *Reason):
        assert f"| `{word}` |" in text, word


def test_every_reason_of_the_gate_is_described():
    text = page("ladder")

    assert [each for each in Refusal if f"`{each}`" not in text] == []


def test_every_error_code_is_described():
    text = page("errors")

    codes = {kind.code for kind in every_error()}
    assert [code for code in sorted(codes) if f"`{code}`" not in text] == []


def events(tree: ast.Module) -> Iterator[str]:
    """Every name a module gives a log line."""
    for call in [each for each in ast.walk(tree) if isinstance(each, ast.Call)]:
        match call:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="log")), args=[first, *_]):
                given = [first]
            case ast.Call(func=ast.Attribute(attr="log"), args=[_, second, *_]):
                given = [second]
            case ast.Call(func=ast.Name(id="unhindered"), args=[_, second, *_]):
                given = [second]
            case _:
                continue
        yield from (str(each.value) for each in given if isinstance(each, ast.Constant))


def test_every_log_line_is_described_and_no_other():
    files = (ROOT / "vioP").rglob("*.py")
    written = {each for file in files for each in events(ast.parse(file.read_text()))}
    first = [line.split("|")[1] for line in page("logs").splitlines() if "| `" in line[:4]]

    described = {each for cell in first for each in cell.split("`")[1::2]}
    assert len(written) > 50
    assert described == written


def test_every_route_is_described():
    text = page("routes")

    routes = [route for module in (*PAGES, *DEMO_PAGES) for route in module.routes]
    missing = [
        f"{route.method} {route.path}" for route in routes
        if f"| {route.method} | `{route.path}` |" not in text
    ]  # fmt: skip
    assert missing == []


def test_every_link_between_pages_leads_somewhere():
    for file in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for part in file.read_text().split("](")[1:]:
            target = part.split(")")[0].split("#")[0]
            if target and "://" not in target:
                assert (file.parent / target).exists(), f"{file.name}: {target}"


def test_the_house_keeps_its_sizes():
    long = [
        str(file.relative_to(ROOT))
        for file in (ROOT / "vioP").rglob("*.py")
        if "migrations" not in file.parts and len(file.read_text().splitlines()) > 300
    ]

    assert long == []
