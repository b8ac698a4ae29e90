"""Texts into a folder."""

from pathlib import Path

import pytest

from vioP.domain.errors import Unavailable
from vioP.domain.message import Text
from vioP.phone.outbox import FolderTexts, read_texts

TEXT = Text(
    "nudge:sea_a", "+13035550101", "Example Health: join at https://join.example/j/x"
)


async def test_the_same_text_again_is_the_same_text(tmp_path: Path):
    texts = FolderTexts(tmp_path)

    await texts.send(TEXT)
    await texts.send(TEXT)

    assert read_texts(tmp_path) == (TEXT,)


async def test_a_folder_that_cannot_be_written_is_said_so(tmp_path: Path):
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(Unavailable, match="cannot be written"):
        await FolderTexts(tmp_path / "file" / "texts").send(TEXT)
