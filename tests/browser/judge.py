"""What every page must bear: an accessibility judge, and a narrow screen."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

PHONE = {"width": 390, "height": 844}
STANDARDS: dict[str, object] = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}
}
COLOURS: dict[str, object] = {"runOnly": ["color-contrast"]}
_OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def be(page: Page, name: str) -> None:
    """Sign in as somebody of the demo."""
    page.goto("/demo")
    page.get_by_role("button", name=name).first.click()


def faults(page: Page, standards: dict[str, object] = STANDARDS) -> list[str]:
    """Violations of WCAG 2.2 AA, and a page that is wider than the screen."""
    found = Axe().run(page, options=standards)
    wrong = [
        f"{each['id']}: {[node['html'][:120] for node in each['nodes'][:3]]}"
        for each in found.response["violations"]
    ]
    wider = page.evaluate(_OVERFLOW)
    return wrong + ([f"wider than the screen by {wider}"] if wider > 0 else [])


def judge(page: Page) -> None:
    """No violation of WCAG 2.2 AA, and nothing wider than the screen."""
    found = faults(page)
    assert not found, f"{page.url}: {found}"
