"""What is compressed on its way, and what never is."""

import pytest

from tests.web.conftest import Browser, SignIn

GZIP = {"Accept-Encoding": "gzip, br"}


async def coding(browser: Browser, path: str, **headers: str) -> str | None:
    answer = await browser.get(path, headers=GZIP | headers)
    assert answer.status == 200
    assert await answer.text()  # whole, whatever it was on its way
    return answer.headers.get("Content-Encoding")


async def test_our_own_files_are_and_come_out_whole(browser: Browser):
    plain = await browser.get("/static/style.css", headers={"Accept-Encoding": "identity"})
    small = await browser.get("/static/style.css", headers=GZIP)

    assert "Content-Encoding" not in plain.headers
    assert small.headers["Content-Encoding"] == "gzip"
    assert await small.text() == await plain.text()
    assert plain.headers["Vary"] == small.headers["Vary"] == "Accept-Encoding"


async def test_a_file_that_is_known_already_is_not_sent_again(browser: Browser):
    first = await browser.get("/static/style.css", headers=GZIP)

    again = await browser.get(
        "/static/style.css", headers=GZIP | {"If-None-Match": first.headers["ETag"]}
    )

    assert again.status == 304
    assert await again.read() == b""
    assert "Content-Encoding" not in again.headers


async def test_a_part_of_a_file_comes_as_it_is(browser: Browser):
    part = await browser.get("/static/style.css", headers=GZIP | {"Range": "bytes=0-9"})

    assert part.status == 206
    assert "Content-Encoding" not in part.headers
    assert len(await part.read()) == 10


async def test_pages_of_staff_are_when_somebody_came_from_one_of_ours(sign_in: SignIn):
    browser = await sign_in("k1")

    assert await coding(browser, "/board") == "gzip"


@pytest.mark.parametrize("came_from", ["cross-site", "same-site", "none"])
async def test_no_page_is_that_somebody_else_can_have_asked_for(
    sign_in: SignIn, came_from: str
):
    browser = await sign_in("k1")

    assert await coding(browser, "/board", **{"Sec-Fetch-Site": came_from}) is None


async def test_no_page_is_that_may_repeat_what_was_asked(sign_in: SignIn):
    browser = await sign_in("k1")

    assert await coding(browser, "/board?words=Ada") is None


@pytest.mark.parametrize("path", ["/me", "/me/details"])
async def test_no_page_is_that_has_the_links_of_a_participant(sign_in: SignIn, path: str):
    browser = await sign_in("p1")

    assert await coding(browser, path) is None
