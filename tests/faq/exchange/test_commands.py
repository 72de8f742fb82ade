"""`zhibu faq import`, `export` and `diff` on a real database, and at the terminal."""

import dataclasses
import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from bot import cli
from bot.faq import content
from bot.faq.errors import UnknownUnit
from bot.faq.exchange import archives, commands, load_content
from bot.faq.model import Entry, Stage
from bot.faq.upkeep import changes
from bot.faq.upkeep import store as upkeep
from bot.faq.upkeep.store import Act
from bot.kit.work import Works
from tests import factories
from tests.faq.exchange.folders import ENTRY, NO_FACTS, write


async def titles(works: Works, owner: int | None = None) -> dict[str, str]:
    async with works.reading() as reader:
        return {
            each.entry.id: each.entry.title
            for each in await upkeep.kept_of(reader, [owner])
            if each.state == "published"
        }


async def acts(works: Works) -> Sequence[tuple[str, Any]]:
    async with works.reading() as reader:
        rows = await reader.all("SELECT act, details FROM audit WHERE act = 'faq.import' ORDER BY id")
    return [(row["act"], json.loads(row["details"])) for row in rows]


async def test_an_import_is_shown_first_and_applied_only_when_told(works: Works, tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    write(first, "a", "甲")
    write(first, "c", "丙")
    await commands.import_(works, first, NO_FACTS, apply=True)
    write(second, "a", "新甲")
    write(second, "b", "乙")
    expected = {
        "new": ("b.zh",),
        "changed": ("a.zh",),
        "same": (),
        "newer_here": (),
        "conflicts": (),
        "missing": ("c.zh",),
        "applied": False,
    }
    assert await commands.import_(works, second, NO_FACTS) == expected
    assert await titles(works) == {"a": "甲", "c": "丙"}
    assert await commands.import_(works, second, NO_FACTS, apply=True) == {**expected, "applied": True}
    assert await titles(works) == {"a": "新甲", "b": "乙", "c": "丙"}
    assert await acts(works) == [
        ("faq.import", {"new": 2, "changed": 0}),
        ("faq.import", {"new": 1, "changed": 1}),
    ]

    again = await commands.import_(works, second, NO_FACTS, apply=True)
    assert (again["new"], again["changed"], again["same"]) == ((), (), ("a.zh", "b.zh"))
    assert len(await acts(works)) == 2


async def test_what_is_imported_is_not_overwritten_by_files_shipped(works: Works, tmp_path: Path) -> None:
    shipped, own = tmp_path / "shipped", tmp_path / "own"
    write(shipped, "a", "甲")
    await load_content(works, shipped, NO_FACTS)
    write(own, "a", "我们的甲")
    await commands.import_(works, own, NO_FACTS, apply=True)
    write(shipped, "a", "更新的甲")
    await load_content(works, shipped, NO_FACTS)
    assert await titles(works) == {"a": "我们的甲"}


@pytest.mark.parametrize("name", ["folder", "faq.zip", "faq.xlsx", "FAQ.XLSX"])
async def test_all_shapes_go_out_and_come_in(works: Works, tmp_path: Path, name: str) -> None:
    write(tmp_path / "own", "a", "甲")
    write(tmp_path / "own", "b", "乙")
    await commands.import_(works, tmp_path / "own", NO_FACTS, apply=True)
    assert await commands.export(works, tmp_path / name) == {"files": 2}
    assert (tmp_path / name).is_dir() is (name == "folder")
    found = await commands.import_(works, tmp_path / name, NO_FACTS)
    assert found["same"] == ("a.zh", "b.zh")


@pytest.mark.parametrize(("overwrite", "left"), [(False, "这里的甲"), (True, "文件的甲")])
async def test_conflicts_stay_unless_told_otherwise(
    works: Works, tmp_path: Path, overwrite: bool, left: str
) -> None:
    write(tmp_path / "own", "a", "甲")
    write(tmp_path / "own", "b", "乙")
    await commands.import_(works, tmp_path / "own", NO_FACTS, apply=True)
    await commands.export(works, tmp_path / "faq.zip")
    write(tmp_path / "own", "a", "这里的甲")
    await commands.import_(works, tmp_path / "own", NO_FACTS, apply=True)

    packed = archives.unpacked((tmp_path / "faq.zip").read_bytes())
    theirs = {name: held.replace("甲".encode(), "文件的甲".encode()) for name, held in packed.items()}
    theirs["entries/b.zh.md"] = theirs["entries/b.zh.md"].replace("乙".encode(), "新乙".encode())
    (tmp_path / "faq.zip").write_bytes(archives.packed(theirs))
    found = await commands.import_(works, tmp_path / "faq.zip", NO_FACTS, apply=True, overwrite=overwrite)
    assert (found["changed"], found["conflicts"]) == (("b.zh",), ("a.zh",))
    assert await titles(works) == {"a": left, "b": "新乙"}


async def test_a_unit_has_entries_of_its_own(works: Works, tmp_path: Path) -> None:
    async with works.begin() as work:
        tree = await factories.tree(work.session)
    write(tmp_path / "own", "a", "甲")
    await commands.import_(works, tmp_path / "own", NO_FACTS, unit="采油三队党支部", apply=True)
    await commands.import_(works, tmp_path / "own", NO_FACTS, unit="采油一厂党委", apply=True)
    assert await titles(works) == await titles(works, tree.branch) == {"a": "甲"}
    assert await titles(works, tree.committee) == await titles(works, tree.sibling) == {}
    assert await commands.export(works, tmp_path / "b.zip", unit="采油三队党支部") == {"files": 1}
    assert await commands.export(works, tmp_path / "c.zip", unit="采油四队党支部") == {"files": 0}
    with pytest.raises(UnknownUnit):
        await commands.export(works, tmp_path / "d.zip", unit="没有这个")
    assert not (tmp_path / "d.zip").exists()


async def test_differences_from_what_is_shipped(works: Works, tmp_path: Path) -> None:
    shipped = tmp_path / "faq"
    for name, title in (("a", "甲"), ("b", "乙"), ("c", "丙"), ("d", "丁")):
        write(shipped, name, title)
    await load_content(works, shipped, NO_FACTS)
    nothing: dict[str, Any] = {"new": (), "changed": [], "retired": (), "missing": ()}
    assert await commands.diff(works, shipped, NO_FACTS) == nothing

    async with works.begin() as work:
        for name, title in (("a", "我们的甲"), ("d", "我们的丁")):
            own = content.parse_entry(f"{name}.zh.md", ENTRY.format(id=name, title=title, more=""))
            await changes.save(work, own, owner=None, by=None, act=Act.EDITED)
        new = Entry("own", "zh", "自己的", "正文", ("自己问",), stage=Stage.PAY)
        await changes.save(work, new, owner=None, by=None, act=Act.CREATED)
        kept = await upkeep.find(work.session, None, "b", "zh")
        assert kept is not None
        await changes.retire(work, kept.row, by=None)
    (shipped / "entries" / "d.zh.md").unlink()
    await load_content(works, shipped, NO_FACTS)

    found = await commands.diff(works, shipped, NO_FACTS)
    assert (found["new"], found["retired"], found["missing"]) == (("own.zh",), ("b.zh",), ("d.zh",))
    (changed,) = found["changed"]
    assert changed["id"] == "a.zh"
    assert "\n-title: 甲\n+title: 我们的甲\n" in changed["diff"]
    assert changed["diff"].startswith("--- a/entries/a.zh.md\n")


# At the terminal


@dataclasses.dataclass(frozen=True, slots=True)
class Ended:
    status: int
    stdout: str
    stderr: str


Zhibu = Callable[..., Ended]


@pytest.fixture
def zhibu(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Zhibu:
    """Runs the command on a small content folder and a database of its own."""
    shipped = tmp_path / "shipped"
    write(shipped, "a", "甲")
    write(shipped, "b", "乙")
    (shipped / "facts.app.yaml").write_text("app_name: App\n", encoding="utf-8")
    for name in [name for name in os.environ if name.startswith("ZHIBU_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("ZHIBU_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("ZHIBU_CONTENT_DIR", str(shipped))
    monkeypatch.chdir(tmp_path)

    def run(*arguments: object, language: str = "zh_CN") -> Ended:
        monkeypatch.setenv("ZHIBU_LANGUAGE", language)
        monkeypatch.setattr(sys, "argv", ["zhibu", "faq", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capsys.readouterr()
        return Ended(int(ended.value.code or 0), said.out, said.err)

    return run


def test_the_way_out_in_and_the_differences(zhibu: Zhibu, tmp_path: Path) -> None:
    done = zhibu("export", tmp_path / "faq.xlsx", "--json")
    assert (done.status, done.stderr, json.loads(done.stdout)) == (0, "", {"files": 2})
    assert zhibu("export", tmp_path / "own").stdout == f"已导出 2 条到 {tmp_path / 'own'}。\n"
    assert zhibu("diff").stdout == "和自带的一样，没有改动。\n"

    write(tmp_path / "own", "a", "我们的甲")
    shown = zhibu("import", tmp_path / "own")
    assert shown.stdout == "改动：1 条\n  a.zh\n一样：1 条\n还没有写入。加上 --apply 才写。\n"
    found = json.loads(zhibu("import", tmp_path / "own", "--apply", "--json").stdout)
    assert (found["changed"], found["same"], found["applied"]) == (["a.zh"], ["b.zh"], True)
    assert (
        zhibu("import", tmp_path / "own", "--apply", language="en").stdout
        == "The same: 2\nNothing to bring in.\n"
    )

    said = zhibu("diff").stdout
    assert said.startswith("这里改过的：1 条\n  a.zh\n--- a/entries/a.zh.md\n")
    assert json.loads(zhibu("diff", "--json").stdout)["changed"][0]["id"] == "a.zh"
    # The sheet was taken out before that change, and nobody has written into it.
    assert "只有这里改过，照旧：1 条\n  a.zh\n" in zhibu("import", tmp_path / "faq.xlsx").stdout


def test_what_is_wrong_is_said_without_a_traceback(zhibu: Zhibu, tmp_path: Path) -> None:
    write(tmp_path / "own", "a", "长" * 19)
    write(tmp_path / "own", "c", "丙")
    (tmp_path / "own/entries/d.zh.md").write_text("没有头", encoding="utf-8")
    (tmp_path / "broken.zip").write_bytes(b"PK\x03\x04")
    (tmp_path / "a.pdf").write_bytes(b"%PDF")
    (tmp_path / "empty").mkdir()
    for arguments, words in (
        (
            ("import", tmp_path / "own", "--apply", "--json"),
            ("这个文件有 2 处要先改一下", "a.zh.md 第 3 行", "d.zh.md 开头"),
        ),
        (("import", tmp_path / "nowhere"), ("找不到",)),
        (("import", tmp_path / "empty"), ("一条常见问题也没有",)),
        (("import", tmp_path / "broken.zip"), ("好像不完整",)),
        (("import", tmp_path / "a.pdf"), ("这个文件我用不了",)),
        (("import", tmp_path / "own", "--unit", "没有这个"), ("2 处要先改",)),
        (("export", tmp_path / "x.zip", "--unit", "没有这个"), ("没有这个",)),
        (("export", tmp_path / "no/such/x.zip"), ("x.zip",)),
        (("export", tmp_path / "a.pdf"), ("a.pdf",)),
    ):
        done = zhibu(*arguments)
        assert done.status == 1, arguments
        assert done.stdout == ""
        assert "Traceback" not in done.stderr
        for word in words:
            assert word in done.stderr, (arguments, done.stderr)
    assert json.loads(zhibu("diff", "--json").stdout) == {
        "new": [],
        "changed": [],
        "retired": [],
        "missing": [],
    }
