"""The FAQ's sweeps, and what it adds to /mydata."""

import logging
import shutil
from pathlib import Path

import pytest

from bot import faq
from bot.faq import service
from bot.faq.library import ContentSettings, Library
from bot.faq.matcher import Index
from bot.kit.i18n import Languages
from bot.kit.work import Works
from bot.roster.model import Actor
from tests.conftest import ZONE
from tests.faq.conftest import FOLDER


async def test_changed_content_is_taken_up_and_broken_content_is_not(
    works: Works, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "faq"
    shutil.copytree(FOLDER, folder)
    library = Library(ContentSettings(folder, "石油党建"))
    reload = next(sweep for sweep in faq.sweeps(library, ZONE) if sweep.name == "faq content")

    async def said() -> list[object]:
        async with works.reading() as reader:
            rows = await reader.all(
                "SELECT body FROM faq_entry WHERE slug = 'pay-how' AND language = 'zh' AND state = 'published'"
            )
        return [row["body"] for row in rows]

    await reload.run(works)
    before = await said()
    assert len(before) == 1
    file = folder / "entries" / "pay-how.zh.md"
    whole = file.read_text(encoding="utf-8")
    file.write_text(whole.replace("stage: pay", "stage: buy"), encoding="utf-8")
    with caplog.at_level(logging.WARNING):
        await reload.run(works)
    assert await said() == before
    (record,) = caplog.records
    assert vars(record)["content_file"] == "pay-how.zh.md"

    file.write_text(whole + "\n再加一句。\n", encoding="utf-8")
    await reload.run(works)
    await reload.run(works)
    assert await said() == [f"{before[0]}\n\n再加一句。"]


async def test_mydata_tells_how_many_questions_are_kept(
    works: Works, member: Actor, index: Index, languages: Languages
) -> None:
    async with works.begin() as work:
        assert await faq.contribute(work.session, member, languages["zh_CN"]) == []
        await service.ask(work, member, index, "党费怎么交")
        (line,) = await faq.contribute(work.session, member, languages["zh_CN"])
    assert line == "还没说解决没解决的问题：1 个。每个最多留 7 天，到时我就忘掉。"
