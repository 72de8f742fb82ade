"""The calculator as members meet it; and that what they earn stands nowhere afterwards."""

import dataclasses
import logging
from typing import TYPE_CHECKING

import pytest

from bot.roster.model import Category
from bot.sandbox import Person, SeenMessage
from tests import factories

if TYPE_CHECKING:
    from tests.harness import House


@dataclasses.dataclass(slots=True)
class Table:
    house: "House"
    li: Person
    """李建国, employed."""
    zhou: Person
    """周新, retired."""
    stranger: Person

    async def tap(self, person: Person, button: str) -> SeenMessage:
        tapped = person.last()
        await person.taps(tapped, button)
        await self.house.settle()
        return person.last()

    async def says(self, person: Person, text: str) -> SeenMessage:
        await person.says(text)
        await self.house.settle()
        return person.last()


@pytest.fixture
async def table(house: "House") -> Table:
    li, zhou, stranger = house.person("李建国"), house.person("周新"), house.person("路人")
    async with house.work() as work:
        tree = await factories.tree(work.session)
        await factories.member(work.session, "李建国", tree.branch, account=li.id)
        await factories.member(work.session, "周新", tree.branch, account=zhou.id, category=Category.RETIRED)
    for person in (li, zhou, stranger):
        await person.start()
    await house.settle()
    return Table(house, li, zhou, stranger)


async def test_what_the_roster_says_comes_first(table: Table) -> None:
    await table.says(table.zhou, "/dues")
    offered = await table.tap(table.zhou, "算一算该交多少")
    assert offered.buttons == ["离退休", "换一种算法 ›", "不用了"]
    asked = await table.tap(table.zhou, "离退休")
    assert asked.buttons == ["‹ 返回", "不用了"]
    assert (await table.says(table.zhou, "五千多")).text == "没看懂金额。请只发数字，比如 4200。"
    told = await table.says(table.zhou, "五千零一块")
    assert told.text == (
        "每月 50.01 元，按 5001 元的 1% 算。\n"
        "基数是每月实际领到的养老金。\n"
        "依据：《关于中国共产党党费收缴、使用和管理的规定》（中组发〔2008〕3号）。以支部核定的为准。\n"
        "愿意多交也可以；一次自愿多交 1000 元或以上的，全部上缴中央。"
    )
    assert table.zhou.sees(asked).buttons == []
    await table.tap(table.zhou, "再算一次")
    await table.tap(table.zhou, "换一种算法 ›")
    assert (await table.tap(table.zhou, "农民")).text.startswith("每月 0.20 到 1 元。")
    assert await table.house.rows("SELECT * FROM dialogue") == []


async def test_what_somebody_earns_stands_nowhere(table: Table, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    caplog.set_level(logging.DEBUG, "bot")
    await table.says(table.li, "/dues")
    await table.tap(table.li, "算一算该交多少")
    await table.tap(table.li, "按月领工资")
    assert (await table.says(table.li, "九千八百多，具体9817")).text.startswith("没看懂金额")
    told = await table.says(table.li, "每月9817元")
    assert told.text.startswith("每月 147.26 元，按 9817 元的 1.5% 算。")
    names = await table.house.rows("SELECT name FROM sqlite_master WHERE type = 'table'")
    assert len(names) > 40
    for name in (row["name"] for row in names):
        for row in await table.house.rows(f"SELECT * FROM {name}"):
            for secret in ("9817", "147.26", "14726"):
                assert not any(secret in str(value) for key, value in row.items() if not _is_key(key)), name
    assert "9817" not in caplog.text
    assert "147.26" not in caplog.text


def _is_key(column: str) -> bool:
    """Ids and moments, in which the digits may stand by chance."""
    return column.endswith(("id", "_at", "before", "hash", "token")) or column in (
        "at",
        "seq",
        "dedupe_key",
        "lane",
    )
