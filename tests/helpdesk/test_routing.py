"""The routing that only the experiment tests/bench/month.py uses: questions go to nobody but the general branch."""

import dataclasses

from bot.helpdesk.model import Rung
from bot.roster.model import Role
from tests.helpdesk.conftest import Office, found, said_to


async def test_everybody_on_the_ladder_is_asked_unless_told_otherwise(office: Office) -> None:
    assert office.counter.desk.asks == frozenset(Rung)
    await office.asked()


async def test_only_the_general_branch_is_asked(office: Office) -> None:
    counter = office.counter
    counter.desk = dataclasses.replace(counter.desk, asks=frozenset({Rung.GENERAL}))
    await counter.restart()
    another = await counter.person("周静", (counter.tree.general, Role.GENERAL), branch=counter.tree.sibling)

    await office.member.says("验证码一直收不到")
    await counter.settle()
    assert office.member.last().text.startswith("这个我没有现成的答案，正在转给第一党总支的赵敏。")
    await counter.advance(seconds=61)
    found(office.general, "直接回复这条消息")

    await counter.advance(hours=4)  # the warning
    await counter.advance(hours=2)
    found(another, "直接回复这条消息")
    for _ in range(4):
        await counter.advance(hours=12)
    staff = (office.secretary, office.deputy, office.sibling)
    assert not any("验证码" in text for person in staff for text in said_to(person))
    rungs = await counter.rows("SELECT DISTINCT rung FROM ticket_holding")
    assert [row["rung"] for row in rungs] == ["general"]
