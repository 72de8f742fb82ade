"""Trying what members would get, as staff do it on their phones."""

import json
from typing import TYPE_CHECKING

import pytest

from bot.faq.model import Audience, Entry, Stage
from bot.roster.model import Role
from bot.sandbox import Person
from tests import factories
from tests.faq.hands import ask, publish, tap

if TYPE_CHECKING:
    from tests.harness import House

OWN = Entry(
    "own-lamp",
    "zh",
    "领矿灯在哪里",
    "找班长领。",
    ("矿灯在哪里领", "矿灯找谁领", "去哪里领矿灯"),
    stage=Stage.USE,
    audience=Audience.MEMBERS,
)


@pytest.fixture
async def tree(house: "House") -> factories.Tree:
    async with house.work() as work:
        return await factories.tree(work.session)


async def staff(house: "House", tree: factories.Tree, unit: int, role: Role) -> Person:
    person = house.person("王梅")
    async with house.work() as work:
        await factories.member(work.session, "王梅", tree.branch, account=person.id, posts=((unit, role),))
    await person.start()
    await house.settle()
    return person


@pytest.fixture
async def wang(house: "House", tree: factories.Tree) -> Person:
    """王梅, secretary of 采油三队."""
    return await staff(house, tree, tree.branch, Role.SECRETARY)


async def test_a_secretary_sees_what_a_member_would_get_and_why(house: "House", wang: Person) -> None:
    shown = await ask(house, wang, "/try 短信验证码收不到")
    assert shown.text.startswith(
        "采油三队党支部的党员会收到：\n\n“短信验证码收不到”\n→ 直接答：收不到短信验证码"
    )
    assert "有多大把握：\n9" in shown.text
    why = next(button for button in shown.buttons if button.startswith("为什么"))
    await tap(house, wang, shown, why)
    reasons = wang.sees(shown)
    assert reasons.text.startswith("“短信验证码收不到”为什么像收不到短信验证码")
    assert "字词一样：" in reasons.text
    assert "读音一样：" in reasons.text
    assert "最近的问法：“" in reasons.text
    assert "得分：" in reasons.text
    await tap(house, wang, reasons, "‹ 返回")
    assert wang.sees(shown).text == shown.text


async def test_nobody_is_told_and_nothing_is_noted(house: "House", wang: Person) -> None:
    for text in ("食堂的冬枣在哪个窗口领", "短信验证码收不到"):
        await ask(house, wang, f"/try {text}")
    await house.advance(minutes=5)
    assert await house.rows("SELECT 1 FROM faq_question") == []
    assert await house.rows("SELECT 1 FROM ticket") == []


async def test_the_answer_is_sent_as_members_see_it_and_the_next_text_is_tried_too(
    house: "House", wang: Person
) -> None:
    shown = await ask(house, wang, "/try 短信验证码收不到")
    await tap(house, wang, shown, next(button for button in shown.buttons if button.startswith("看答案")))
    sample = wang.last()
    assert sample.text.startswith("收不到短信验证码\n\n")
    assert sample.buttons == ["‹ 返回"]

    second = await ask(house, wang, "今天食堂吃什么好呢")
    assert "“今天食堂吃什么好呢”\n→ " in second.text
    told = await tap(house, wang, shown, "换个人看")
    assert told == "这个按钮已经过时了。请用最新的那条消息，或者发 /start。"
    await tap(house, wang, second, "好了")
    assert wang.sees(second).text == "试完了。想再试，发 /try。"
    answer = await ask(house, wang, "短信验证码收不到")
    assert answer.buttons == ["👍 解决了", "👎 没解决"]


async def test_after_a_while_a_text_is_a_question_again(house: "House", wang: Person) -> None:
    await ask(house, wang, "/try")
    assert wang.last().text == "像党员那样打一句话发来。我给您看他会收到什么、为什么，谁也不会被打扰。"
    await house.advance(minutes=11)
    answer = await ask(house, wang, "短信验证码收不到")
    assert answer.buttons == ["👍 解决了", "👎 没解决"]


async def test_a_level_above_looks_through_the_eyes_of_any_branch_below_and_of_strangers(
    house: "House", tree: factories.Tree
) -> None:
    await publish(house, OWN, tree.sibling)
    wang = await staff(house, tree, tree.general, Role.GENERAL)
    shown = await ask(house, wang, "/try 矿灯在哪里领")
    assert "直接答：领矿灯在哪里" not in shown.text
    await tap(house, wang, shown, "换个人看")
    assert wang.sees(shown).buttons == ["采油三队党支部", "采油四队党支部", "还没登记的人", "‹ 返回"]
    await tap(house, wang, shown, "采油四队党支部")
    assert wang.sees(shown).text.startswith(
        "采油四队党支部的党员会收到：\n\n“矿灯在哪里领”\n→ 直接答：领矿灯在哪里"
    )
    await tap(house, wang, shown, "换个人看")
    await tap(house, wang, shown, "还没登记的人")
    assert wang.sees(shown).text.startswith("还没登记的人会收到：")
    assert "领矿灯在哪里" not in wang.sees(shown).text
    await tap(house, wang, shown, "看英文的")
    assert "看中文的" in wang.sees(shown).buttons


async def test_a_branch_does_not_look_through_the_eyes_of_another(
    house: "House", tree: factories.Tree
) -> None:
    wang = await staff(house, tree, tree.branch, Role.SECRETARY)
    await publish(house, OWN, tree.sibling)
    shown = await ask(house, wang, "/try 矿灯在哪里领")
    (row,) = await house.rows("SELECT data FROM dialogue WHERE person_id = :id", id=wang.id)
    at = json.loads(row["data"])[-2]
    query = await wang.taps(shown, data=f"ft.as:{at}:{tree.sibling}")
    await house.settle()
    answer = await wang.answer(query)
    assert answer is not None
    assert answer.text == "这件事要由本支部的工作人员来办。您的支部书记可以帮您。"


async def test_members_cannot_try(house: "House", tree: factories.Tree) -> None:
    li = house.person("李建国")
    async with house.work() as work:
        await factories.member(work.session, "李建国", tree.branch, account=li.id)
    await li.start()
    await house.settle()
    told = await ask(house, li, "/try 怎么交党费")
    assert told.text == "这件事要由本支部的工作人员来办。您的支部书记可以帮您。"
