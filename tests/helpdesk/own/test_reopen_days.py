"""How long a closed question is taken up again is a setting."""

from pathlib import Path

from bot.kit.clock import ManualClock
from tests.harness import open_house
from tests.helpdesk.conftest import found
from tests.helpdesk.test_house import move_in


async def test_after_the_days_that_are_set_a_new_question_follows_the_old(
    clock: ManualClock, database_path: Path, content_dir: Path
) -> None:
    async with open_house(clock, database_path.parent, content_dir=content_dir, reopen_days=1) as house:
        member, secretary = await move_in(house)
        await member.says("食堂的冬枣在哪个窗口领")
        await house.settle()
        for button in ("都不是", "👎 没解决", "还是转给书记"):
            if button in member.last().buttons:
                await member.taps(member.last(), button)
                await house.settle()
        await house.advance(minutes=2)
        await secretary.says("在二号窗口", reply_to=found(secretary, "直接回复这条消息"))
        await house.settle()
        answer = found(member, "在二号窗口")
        await member.taps(answer, "已解决")
        await house.advance(hours=23)
        await member.says("二号窗口没有", reply_to=answer)
        await house.settle()
        assert "李建国：二号窗口没有" in found(secretary, "二号窗口没有").text
        await member.taps(answer, data="hd.solved:1")
        await house.advance(hours=25)
        await member.says("又没有了", reply_to=answer)
        await house.settle()
        found(member, "正在转给您的支部书记王梅")
        rows = await house.rows("SELECT state, follows_id FROM ticket ORDER BY id")
        assert [tuple(row.values()) for row in rows] == [("closed", None), ("gathering", 1)]
