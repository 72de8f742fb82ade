"""Start-up: content files go into the database once, and never over what people changed."""

import hashlib
from pathlib import Path

import pytest

from bot.faq import content, facts, frontmatter, store
from bot.faq.exchange import load_content
from bot.faq.exchange.loading import Difference
from bot.faq.model import Scope
from bot.faq.upkeep import changes
from bot.faq.upkeep import store as upkeep
from bot.faq.upkeep.store import Act, Kept
from bot.kit.clock import MINUTE, ManualClock
from bot.kit.work import Works
from tests.faq.conftest import FOLDER
from tests.faq.exchange.folders import ENTRY, NO_FACTS, write


async def version(works: Works) -> int:
    async with works.reading() as reader:
        return await store.version(reader)


async def title(works: Works, slug: str) -> str | None:
    async with works.reading() as reader:
        entry = await store.shown(reader, Scope(0, "zh"), slug)
    return None if entry is None else entry.title


async def kept(works: Works, slug: str) -> Kept:
    async with works.reading() as reader:
        found = await upkeep.find(reader, None, slug, "zh")
    assert found is not None
    return found


async def test_files_are_loaded_once_and_again_when_they_change(works: Works, tmp_path: Path) -> None:
    write(tmp_path, "a", "甲")
    write(tmp_path, "b", "乙")
    assert (await load_content(works, tmp_path, NO_FACTS)).new == ("a.zh", "b.zh")
    before = await version(works)

    assert await load_content(works, tmp_path, NO_FACTS) == Difference(same=("a.zh", "b.zh"))
    assert await version(works) == before

    write(tmp_path, "a", "新甲")
    (tmp_path / "entries" / "b.zh.md").unlink()
    loaded = await load_content(works, tmp_path, NO_FACTS)
    assert (loaded.changed, loaded.missing) == (("a.zh",), ("b.zh",))
    assert await title(works, "a") == "新甲"
    assert await title(works, "b") is None

    write(tmp_path, "b", "乙")
    await load_content(works, tmp_path, NO_FACTS)
    assert await title(works, "b") == "乙"


async def test_what_people_edited_stays_theirs(works: Works, tmp_path: Path) -> None:
    write(tmp_path, "a", "甲")
    await load_content(works, tmp_path, NO_FACTS)
    async with works.begin() as work:
        own = content.parse_entry("a.zh.md", ENTRY.format(id="a", title="我们的甲", more=""))
        await changes.save(work, own, owner=None, by=None, act=Act.EDITED)

    write(tmp_path, "a", "更新的甲")
    assert (await load_content(works, tmp_path, NO_FACTS)).changed == ()
    (tmp_path / "entries" / "a.zh.md").unlink()
    assert (await load_content(works, tmp_path, NO_FACTS)).missing == ()
    assert await title(works, "a") == "我们的甲"


async def test_what_people_retired_stays_retired(works: Works, tmp_path: Path) -> None:
    write(tmp_path, "a", "甲")
    await load_content(works, tmp_path, NO_FACTS)
    async with works.begin() as work:
        await changes.retire(work, (await kept(works, "a")).row, by=None)
    before = await version(works)

    assert await load_content(works, tmp_path, NO_FACTS) == Difference(same=("a.zh",))
    write(tmp_path, "a", "更新的甲")
    assert (await load_content(works, tmp_path, NO_FACTS)).changed == ()
    assert await version(works) == before
    assert await title(works, "a") is None

    async with works.begin() as work:
        await changes.restore(work, (await kept(works, "a")).row, by=None)
    await load_content(works, tmp_path, NO_FACTS)
    assert await title(works, "a") == "甲"


async def test_a_broken_file_changes_nothing(works: Works, tmp_path: Path) -> None:
    write(tmp_path, "a", "甲")
    await load_content(works, tmp_path, NO_FACTS)
    write(tmp_path, "a", "新甲")
    (tmp_path / "entries" / "b.zh.md").write_text("没有头", encoding="utf-8")
    with pytest.raises(frontmatter.NoFields):
        await load_content(works, tmp_path, NO_FACTS)
    assert await title(works, "a") == "甲"


async def test_a_folder_that_is_not_there_is_named(works: Works, tmp_path: Path) -> None:
    with pytest.raises(content.FolderMissing):
        await load_content(works, tmp_path / "nowhere", NO_FACTS)


async def test_pictures_are_loaded_with_their_entry_and_missed_kindly(works: Works, tmp_path: Path) -> None:
    picture = b"\x89PNG"
    write(tmp_path, "a", "甲", "media:\n  - photo front.png 首页\n")
    with pytest.raises(content.MediaMissing) as caught:
        await load_content(works, tmp_path, NO_FACTS)
    assert caught.value.details == {"file": "a.zh.md", "line": 6, "name": "front.png"}

    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "front.png").write_bytes(picture)
    await load_content(works, tmp_path, NO_FACTS)
    (attachment,) = (await kept(works, "a")).entry.media
    assert (attachment.name, attachment.digest) == ("首页", hashlib.sha256(picture).hexdigest())
    async with works.reading() as reader:
        assert await upkeep.media_content(reader, attachment.digest) == picture

    (tmp_path / "media" / "front.png").write_bytes(picture + b"2")
    assert (await load_content(works, tmp_path, NO_FACTS)).changed == ("a.zh",)
    (attachment,) = (await kept(works, "a")).entry.media
    assert attachment.digest == hashlib.sha256(picture + b"2").hexdigest()
    assert (await load_content(works, tmp_path, NO_FACTS)).changed == ()


async def test_all_content_of_ours_is_loaded_once(works: Works, clock: ManualClock) -> None:
    assert len((await load_content(works, FOLDER, facts.read(FOLDER))).new) >= 64
    before = await version(works)
    await clock.move_to(clock.now() + MINUTE)
    again = await load_content(works, FOLDER, facts.read(FOLDER))
    assert (again.new, again.changed, again.missing) == ((), (), ())
    assert await version(works) == before
    async with works.reading() as reader:
        assert await reader.all("SELECT 1 FROM faq_revision") == []
