"""A round and its times, as a secretary handles them with their thumbs."""

from typing import TYPE_CHECKING

import pytest

from bot.roster.model import Role
from bot.sandbox import Person, SeenMessage
from tests import factories
from tests.helpdesk.conftest import found, said_to, told

if TYPE_CHECKING:
    from tests.harness import House


class Team:
    """王梅, the branch's secretary; 李建国, who owes; 周书记 of the committee. 孙丽 has never started the bot."""

    def __init__(self, house: "House") -> None:
        self.house = house
        self.wang, self.li, self.zhou = house.person("王梅"), house.person("李建国"), house.person("周书记")

    async def tap(self, person: Person, message: SeenMessage, *labels: str) -> SeenMessage:
        """Taps one label after the other in the same message; returns it as it stands then."""
        for label in labels:
            await person.taps(person.sees(message), label)
            await self.house.settle()
        return person.sees(message)

    async def says(self, person: Person, text: str) -> SeenMessage:
        await person.says(text)
        await self.house.settle()
        return person.last()


@pytest.fixture
async def team(house: "House") -> Team:
    team = Team(house)
    async with house.work() as work:
        tree = await factories.tree(work.session)
        keeper = await factories.member(
            work.session,
            "王梅",
            tree.branch,
            account=team.wang.id,
            posts=((tree.branch, Role.SECRETARY),),
        )
        await factories.member(work.session, "李建国", tree.branch, account=team.li.id)
        await factories.member(work.session, "孙丽", tree.branch)
        await factories.member(
            work.session,
            "周书记",
            tree.sibling,
            account=team.zhou.id,
            posts=((tree.committee, Role.ADMIN),),
        )
        await factories.obligation(work.session, keeper, "2026-11", state="paid")
    for person in (team.wang, team.li, team.zhou):
        await person.start()
    await house.advance(minutes=1)
    return team


async def figures(team: Team) -> SeenMessage:
    before = len(team.wang.chat())
    await team.says(team.wang, "/dues")
    return next(message for message in team.wang.chat()[before:] if "提醒时间" in message.buttons)


async def test_a_branch_sets_its_own_times(team: Team) -> None:
    shown = await figures(team)
    times = await team.tap(team.wang, shown, "提醒时间")
    assert times.text.splitlines() == [
        "采油三队党支部：几时提醒交党费",
        "哪几天：5 日、20 日、月底前 3 天（默认）",
        "几点：10:00（默认）",
        "遇到休息日：照常提醒（默认）",
        "接下来：11 月 5 日 10:00、11 月 20 日 10:00、11 月 27 日 10:00。",
    ]
    asked = await team.tap(team.wang, shown, "哪几天")
    assert [[button.text for button in row] for row in asked.rows] == [
        ["✕ 5 日", "✕ 20 日"],
        ["✕ 月底前 3 天"],
        ["＋ 每月几号", "＋ 月底前几天"],
        ["＋ 第几个星期几"],
        ["✓ 不单独定", "‹ 返回"],
    ]
    days = await team.tap(team.wang, shown, "＋ 每月几号")
    assert len(days.rows) <= 8
    assert len(days.buttons) == 32
    asked = await team.tap(team.wang, shown, "‹ 返回", "＋ 第几个星期几", "第一个", "第一个周一")
    assert asked.buttons[:4] == ["✕ 第一个周一", "✕ 5 日", "✕ 20 日", "✕ 月底前 3 天"]
    assert not any(label.startswith("＋") for label in asked.buttons), "four are enough"
    await team.tap(team.wang, shown, "✕ 5 日", "✕ 20 日", "✕ 月底前 3 天")
    alone = team.wang.sees(shown)
    assert await told(team.wang, alone, "✕ 第一个周一") == "至少要留一天。请先加上别的，再去掉这天。"
    await team.tap(team.wang, shown, "＋ 月底前几天", "月底当天", "‹ 返回", "几点", "15:00")
    times = await team.tap(team.wang, shown, "遇到休息日", "顺延到工作日")
    assert times.text.splitlines()[1:] == [
        "哪几天：第一个周一、月底当天",
        "几点：15:00",
        "遇到休息日：顺延到工作日",
        "接下来：11 月 2 日 15:00、11 月 30 日 15:00、12 月 7 日 15:00。",
    ]
    await team.house.advance_to(2026, 11, 2, 15, 0)
    found(team.li, "党费还没看到")
    back = await team.tap(team.wang, shown, "‹ 回到汇总")
    assert back.text.startswith("采油三队党支部 11 月党费")


async def test_the_committee_sets_it_for_all_below(team: Team) -> None:
    await team.says(team.zhou, "/dues")
    door = found(team.zhou, "下面的支部没单独定的")
    await team.tap(team.zhou, door, "提醒时间", "几点", "09:00", "哪几天", "✕ 5 日")
    shown = await figures(team)
    times = await team.tap(team.wang, shown, "提醒时间")
    assert times.text.splitlines()[1:3] == [
        "哪几天：20 日、月底前 3 天（按采油一厂党委）",
        "几点：09:00（按采油一厂党委）",
    ]


async def test_words_of_ones_own_from_the_preview_to_the_member(team: Team) -> None:
    await team.house.advance_to(2026, 11, 4, 10, 0)
    notice = found(team.wang, "将提醒 1 人")
    assert notice.buttons == ["看名单", "改话术", "取消本轮"]
    asked = await team.tap(team.wang, notice, "改话术")
    assert asked.text.startswith("成员看到的是这样：\n11 月党费还没看到您的缴费记录。")
    assert asked.buttons == ["‹ 返回"]
    assert (await team.says(team.wang, "长" * 201)).text == (
        "这段话有 201 个字，最多 200 个字。请删短一点再发一次。"
    )
    await team.wang.sends_photo(b"no words")
    await team.house.settle()
    assert team.wang.last().text == "请把想说的话打成文字发给我。不想改了，点“返回”。"
    shown = await team.says(team.wang, "各位辛苦了，月底前抽空交一下。")
    assert shown.text.splitlines()[:2] == [
        "这一轮成员看到的是这样，下面的按钮照旧：",
        "各位辛苦了，月底前抽空交一下。",
    ]
    assert shown.buttons == ["改话术", "恢复默认", "‹ 返回"]
    usual = await team.tap(team.wang, shown, "恢复默认")
    assert "各位辛苦了" not in usual.text
    await team.tap(team.wang, shown, "改话术")
    shown = await team.says(team.wang, "工作再忙，党费别忘。")
    ahead = await team.tap(team.wang, shown, "‹ 返回")
    assert "开头的话：“工作再忙，党费别忘。”" in ahead.text
    await team.house.restart()
    await team.house.advance_to(2026, 11, 5, 10, 0)
    nudge = found(team.li, "党费还没看到")
    assert nudge.text.startswith("工作再忙，党费别忘。\n\n11 月党费还没看到您的缴费记录。")
    assert nudge.buttons == ["已缴", "怎么缴", "遇到问题", "过几天提醒", "申请本月免缴"]
    assert team.wang.sees(notice).buttons == team.wang.sees(shown).buttons == []


async def test_those_to_phone(team: Team) -> None:
    await team.house.advance_to(2026, 11, 5, 10, 0)
    await team.house.advance(minutes=1)
    report = found(team.wang, "11 月党费提醒")
    assert "孙丽" not in report.text
    listed = await team.tap(team.wang, report, "要打电话的 1 人")
    assert listed.buttons == ["孙丽 · 还没用过我", "‹ 返回"]
    marked = await team.tap(team.wang, report, "孙丽 · 还没用过我")
    assert marked.buttons == ["✓ 孙丽 · 11 月 5 日已电话联系", "‹ 返回"]
    again = await team.tap(team.wang, report, "✓ 孙丽 · 11 月 5 日已电话联系", "‹ 返回")
    assert again.text == report.text
    assert not any("孙丽" in text for text in said_to(team.li))
