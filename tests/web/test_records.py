"""Compliance takes a record out of the house."""

import io
import zipfile

from tests.web.conftest import Browser, SignIn


async def test_compliance_gets_a_record_as_a_file(browser: Browser, sign_in: SignIn):
    await sign_in("a1")

    answer = await browser.post("/records/export", data={"participant": "p1"})

    assert answer.status == 200
    assert answer.headers["Content-Disposition"] == 'attachment; filename="record.zip"'
    assert answer.headers["Cache-Control"] == "no-store"
    archive = zipfile.ZipFile(io.BytesIO(await answer.read()))
    assert archive.namelist() == ["record.json", "record.html"]


async def test_who_is_not_there_is_said_so_beside_the_form(
    browser: Browser, sign_in: SignIn
):
    await sign_in("a1")

    answer = await browser.post("/records/export", data={"participant": "<p99>"})

    assert answer.status == 404
    text = await answer.text()
    assert "There is no participant &lt;p99&gt;." in text
    assert 'aria-invalid="true"' in text
