"""Content files into the database and back."""

import shutil
from pathlib import Path

import pytest

from bot.faq import content, facts, filing, frontmatter, store
from bot.faq.facts import Facts
from bot.faq.model import Scope
from bot.kit.clock import MINUTE, ManualClock
from bot.kit.work import Works
from tests.faq.conftest import FOLDER

NO_FACTS = Facts({"zh": {}, "en": {}})


@pytest.fixture
def database_path(tmp_path: Path, empty_database: Path) -> Path:
    """Here the database is empty."""
    path = tmp_path / "zhibu.db"
    shutil.copy(empty_database, path)
    return path


ENTRY = """---
id: {id}
title: {title}
stage: pay
phrasings:
  - {title}怎么办
---
{title}的办法。
"""


def write(folder: Path, name: str, title: str) -> None:
    path = folder / "entries" / f"{name}.zh.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(ENTRY.format(id=name, title=title), encoding="utf-8")


async def version(works: Works) -> int:
    async with works.reading() as reader:
        return await store.version(reader)


async def title(works: Works, slug: str) -> str | None:
    async with works.reading() as reader:
        entry = await store.shown(reader, Scope(0, "zh"), slug)
    return None if entry is None else entry.title


async def test_files_are_loaded_once_and_again_when_they_change(works: Works, tmp_path: Path) -> None:
    write(tmp_path, "a", "甲")
    write(tmp_path, "b", "乙")
    assert (await filing.load_content(works, tmp_path, NO_FACTS)).new == ("a.zh", "b.zh")
    before = await version(works)

    assert (await filing.load_content(works, tmp_path, NO_FACTS)).same == ("a.zh", "b.zh")
    assert await version(works) == before

    write(tmp_path, "a", "新甲")
    (tmp_path / "entries" / "b.zh.md").unlink()
    loaded = await filing.load_content(works, tmp_path, NO_FACTS)
    assert (loaded.changed, loaded.missing) == (("a.zh",), ("b.zh",))
    assert await version(works) == before + 1
    assert await title(works, "a") == "新甲"
    assert await title(works, "b") is None

    write(tmp_path, "b", "乙")
    await filing.load_content(works, tmp_path, NO_FACTS)
    assert await title(works, "b") == "乙"


async def test_what_the_organisation_edited_stays_theirs(works: Works, tmp_path: Path) -> None:
    shipped, own = tmp_path / "shipped", tmp_path / "own"
    write(shipped, "a", "甲")
    await filing.load_content(works, shipped, NO_FACTS)
    write(own, "a", "我们的甲")
    await filing.import_(works, own, NO_FACTS, apply=True)

    write(shipped, "a", "更新的甲")
    loaded = await filing.load_content(works, shipped, NO_FACTS)
    assert loaded.changed == ()
    (shipped / "entries" / "a.zh.md").unlink()
    await filing.load_content(works, shipped, NO_FACTS)
    assert await title(works, "a") == "我们的甲"


async def test_a_broken_file_changes_nothing(works: Works, tmp_path: Path) -> None:
    write(tmp_path, "a", "甲")
    await filing.load_content(works, tmp_path, NO_FACTS)
    write(tmp_path, "a", "新甲")
    (tmp_path / "entries" / "b.zh.md").write_text("没有头", encoding="utf-8")
    with pytest.raises(frontmatter.NoFields):
        await filing.load_content(works, tmp_path, NO_FACTS)
    assert await title(works, "a") == "甲"


async def test_a_folder_that_is_not_there_is_named(works: Works, tmp_path: Path) -> None:
    with pytest.raises(content.FolderMissing):
        await filing.load_content(works, tmp_path / "nowhere", NO_FACTS)


async def test_export_and_import_lose_nothing(works: Works, tmp_path: Path) -> None:
    own = facts.read(FOLDER)
    await filing.load_content(works, FOLDER, own)
    count = await filing.export(works, tmp_path)
    assert sorted(content.read_entries(tmp_path), key=lambda each: (each.id, each.language)) == sorted(
        content.read_entries(FOLDER), key=lambda each: (each.id, each.language)
    )
    difference = await filing.import_(works, tmp_path, own, apply=True)
    assert (difference.new, difference.changed, difference.missing) == ((), (), ())
    assert len(difference.same) == count


async def test_an_import_is_shown_first_and_applied_only_when_told(works: Works, tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    write(first, "a", "甲")
    write(first, "c", "丙")
    await filing.import_(works, first, NO_FACTS, apply=True)
    shutil.copytree(first, second)
    write(second, "a", "新甲")
    write(second, "b", "乙")
    (second / "entries" / "c.zh.md").unlink()
    expected = filing.Difference(new=("b.zh",), changed=("a.zh",), same=(), missing=("c.zh",))

    assert await filing.import_(works, second, NO_FACTS, apply=False) == expected
    assert await title(works, "a") == "甲"
    assert await filing.import_(works, second, NO_FACTS, apply=True) == expected
    assert (await title(works, "a"), await title(works, "b"), await title(works, "c")) == ("新甲", "乙", "丙")
    async with works.reading() as reader:
        audit = await reader.all("SELECT act, details FROM audit ORDER BY id")
    assert [row["act"] for row in audit] == ["faq.import", "faq.import"]


async def test_all_content_of_ours_can_be_loaded_quickly_enough_to_start(
    works: Works, clock: ManualClock
) -> None:
    loaded = await filing.load_content(works, FOLDER, facts.read(FOLDER))
    assert len(loaded.new) >= 64
    await clock.move_to(clock.now() + MINUTE)
    assert (await filing.load_content(works, FOLDER, facts.read(FOLDER))).new == ()
