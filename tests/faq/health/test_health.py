"""What staff learn about how the answers do."""

import re
from typing import TYPE_CHECKING

import pytest

from bot.faq.health.texts import bar
from bot.faq.model import Entry, Stage
from bot.roster.model import Role
from bot.sandbox import Person
from tests import factories
from tests.faq.hands import ask, publish, tap

if TYPE_CHECKING:
    from tests.harness import House

THIN = Entry("own-lamp", "zh", "领矿灯在哪里", "找班长领。", ("矿灯在哪里领",), stage=Stage.USE)


@pytest.fixture
async def tree(house: "House") -> factories.Tree:
    async with house.work() as work:
        return await factories.tree(work.session)


async def person(house: "House", name: str, branch: int, *posts: tuple[int, Role]) -> Person:
    found = house.person(name)
    async with house.work() as work:
        await factories.member(work.session, name, branch, account=found.id, posts=posts)
    await found.start()
    await house.settle()
    return found


async def test_the_report_counts_what_became_of_questions_and_names_what_wants_care(
    house: "House", tree: factories.Tree
) -> None:
    await publish(house, THIN, tree.branch)
    wang = await person(house, "王梅", tree.branch, (tree.branch, Role.SECRETARY))
    li = await person(house, "李建国", tree.branch)
    sun = await person(house, "孙丽", tree.sibling)
    await tap(house, li, await ask(house, li, "矿灯在哪里领"), "👍 解决了")
    await tap(house, li, await ask(house, li, "短信验证码收不到"), "👎 没解决")
    await tap(house, sun, await ask(house, sun, "短信验证码收不到"), "👍 解决了")

    seen = await ask(house, wang, "/faq_health")
    assert seen.text.startswith("答得怎么样 · 采油三队党支部 · 近 30 天")
    assert "问了 2 次：\n▓▓▓▓▓▓▓▓▓▓ 100 % 直接答上" in seen.text
    assert "👍 1 · 👎 1" in seen.text
    assert "没帮上忙，最好看看：\n收不到短信验证码 · 👎 1" in seen.text
    assert "问法太少，不好找到：\n领矿灯在哪里 · 1" in seen.text
    assert re.search(r"有 [6789]\d % 把握才直接答；答错的不许超过 2 %。", seen.text)
    assert seen.buttons == ["收不到短信验证码", "领矿灯在哪里", "维护常见问题"]
    await tap(house, wang, seen, "收不到短信验证码")
    assert "收不到短信验证码" in wang.sees(seen).text


async def test_the_report_says_what_the_threshold_rests_on(house: "House", tree: factories.Tree) -> None:
    wang = await person(house, "王梅", tree.branch, (tree.branch, Role.SECRETARY))
    seen = await ask(house, wang, "/faq_health")
    assert "个没见过的问法考过自己：直接答对" in seen.text
    assert "最容易混淆：\n" in seen.text


async def test_somebody_with_two_desks_chooses_and_nobody_reads_anothers(
    house: "House", tree: factories.Tree
) -> None:
    wang = await person(
        house, "王梅", tree.branch, (tree.branch, Role.SECRETARY), (tree.general, Role.GENERAL)
    )
    li = await person(house, "李建国", tree.branch)
    chosen = await ask(house, wang, "/faq_health")
    assert chosen.buttons == ["采油三队党支部", "第一党总支"]
    await tap(house, wang, chosen, "第一党总支")
    assert wang.sees(chosen).text.startswith("答得怎么样 · 第一党总支")
    assert (
        await ask(house, li, "/faq_health")
    ).text == "这件事要由本支部的工作人员来办。您的支部书记可以帮您。"
    query = await wang.taps(chosen, data=f"fh.of:{tree.sibling}")
    await house.settle()
    answer = await wang.answer(query)
    assert answer is not None
    assert answer.text == "这件事要由本支部的工作人员来办。您的支部书记可以帮您。"


@pytest.mark.parametrize(
    ("share", "shown"),
    [(0, "░░░░░░░░░░"), (0.04, "░░░░░░░░░░"), (0.5, "▓▓▓▓▓░░░░░"), (1, "▓▓▓▓▓▓▓▓▓▓"), (7, "▓" * 10)],
)
def test_a_bar_is_always_as_wide(share: float, shown: str) -> None:
    assert bar(share) == shown
