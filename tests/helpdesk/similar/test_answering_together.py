"""One answer for all who ask alike: seen beforehand, sent to each in their own conversation."""

import json

import pytest

from bot.roster.model import Role
from bot.sandbox import Person, SeenMessage
from tests.helpdesk.conftest import PICTURE, Office, found, said_to, told

QUESTION = "食堂冬枣在哪个窗口领"


async def asks(office: Office, person: Person, text: str = QUESTION) -> None:
    await person.says(text)
    await office.counter.settle()
    await person.taps(found(person, "正在转给"), "马上转")
    await office.counter.settle()


async def sees(office: Office, person: Person, text: str) -> SeenMessage:
    await person.says(text)
    await office.counter.settle()
    return person.last()


async def taps(office: Office, person: Person, message: SeenMessage, label: str) -> SeenMessage:
    before = person.last().message_id
    await person.taps(message, label)
    await office.counter.settle()
    newest = person.last()
    return newest if newest.message_id != before else person.sees(message)


@pytest.fixture
async def crowd(office: Office) -> list[Person]:
    """李建国, 周芳 and 吴刚, who ask the same."""
    others = [await office.counter.person(name) for name in ("周芳", "吴刚")]
    people = [office.member, *others]
    for person, text in zip(
        people, (QUESTION, "食堂的冬枣在哪个窗口领", "请问食堂冬枣在哪个窗口领啊"), strict=True
    ):
        await asks(office, person, text)
    return people


async def group_of(office: Office, person: Person) -> SeenMessage:
    inbox = await sees(office, person, "/tickets")
    groups = await taps(office, person, inbox, "相似 1 组")
    return await taps(office, person, groups, groups.buttons[0])


async def test_from_the_inbox_to_everybody_in_a_few_taps(office: Office, crowd: list[Person]) -> None:
    inbox = await sees(office, office.secretary, "/tickets")
    groups = await taps(office, office.secretary, inbox, "相似 1 组")
    assert groups.text == "这几件有好几个人在问。您写一条，可以一起回给他们。"
    assert groups.buttons == [f"3 人 · {QUESTION}", "‹ 返回"]
    group = await taps(office, office.secretary, groups, f"3 人 · {QUESTION}")
    assert group.text == (
        f"3 个人在问这件事：\n李建国：{QUESTION}\n周芳：食堂的冬枣在哪个窗口领\n吴刚：请问食堂冬枣在哪个窗口领啊"
    )
    prompt = await taps(office, office.secretary, group, "写一条一起回")
    assert "发给这 3 人之前，我先给您看一遍" in prompt.text
    preview = await sees(office, office.secretary, "在二号窗口，带工牌")
    assert (
        preview.text == "下面这段会发给 3 人：\n李建国、周芳、吴刚\n在二号窗口，带工牌\n想改，直接再发一遍。"
    )
    assert preview.buttons[:2] == ["发给这 3 人", "挑人"]
    assert all("二号窗口" not in "".join(said_to(person)) for person in crowd)  # nothing has left yet
    sent = await taps(office, office.secretary, preview, "发给这 3 人")
    assert sent.text == "已发给 3 人：\n李建国、周芳、吴刚"
    for person in crowd:
        assert person.last().text == "王梅书记：在二号窗口，带工牌"
        assert person.last().buttons == ["已解决", "还有问题"]
    got = await taps(office, office.secretary, sent, "送到没有")
    assert (got.text, got.buttons) == ("已送到 3 人。", [])
    rows = await office.counter.rows("SELECT state, owner_id, first_answered_at FROM ticket")
    assert {(row["state"], row["owner_id"]) for row in rows} == {("answered", office.counter.members["王梅"])}
    (audit,) = await office.counter.rows("SELECT details FROM audit WHERE act = 'ticket.answered_alike'")
    assert json.loads(audit["details"])["tickets"] == [1, 2, 3]
    # Each goes on in its own conversation.
    await crowd[1].says("带了没用", reply_to=crowd[1].last())
    await office.counter.settle()
    assert "周芳：带了没用" in said_to(office.secretary)
    assert all("带了没用" not in "".join(said_to(person)) for person in (crowd[0], crowd[2]))


async def test_it_can_be_changed_and_people_left_out(office: Office, crowd: list[Person]) -> None:
    group = await group_of(office, office.secretary)
    await taps(office, office.secretary, group, "写一条一起回")
    await sees(office, office.secretary, "在三号窗口")
    preview = await sees(office, office.secretary, "更正，在二号窗口")
    assert "更正，在二号窗口" in preview.text
    choice = await taps(office, office.secretary, preview, "挑人")
    assert choice.buttons[:3] == [
        f"✓ 李建国 · {QUESTION}",
        "✓ 周芳 · 食堂的冬枣在哪个窗口领",
        "✓ 吴刚 · 请问食堂冬枣在哪个窗口领啊",
    ]
    choice = await taps(office, office.secretary, choice, choice.buttons[1])
    assert "现在选了 2 人" in choice.text
    assert choice.buttons[1].startswith("✗ 周芳")
    preview = await taps(office, office.secretary, choice, "‹ 返回")
    assert "下面这段会发给 2 人：\n李建国、吴刚" in preview.text
    sent = await taps(office, office.secretary, preview, "发给这 2 人")
    assert sent.buttons == ["送到没有", "同样回另外 1 人"]
    assert "二号窗口" not in "".join(said_to(crowd[1]))
    again = await taps(office, office.secretary, sent, "同样回另外 1 人")
    assert "下面这段会发给 1 人：\n周芳" in again.text
    await taps(office, office.secretary, again, "发给这 1 人")
    assert crowd[1].last().text == "王梅书记：更正，在二号窗口"


async def test_nobody_left_is_nobody_sent(office: Office, crowd: list[Person]) -> None:
    group = await group_of(office, office.secretary)
    await taps(office, office.secretary, group, "写一条一起回")
    preview = await sees(office, office.secretary, "在二号窗口")
    choice = await taps(office, office.secretary, preview, "挑人")
    for place in range(3):
        await office.secretary.taps(choice, place=(place, 0))
        await office.counter.settle()
        choice = office.secretary.sees(choice)
    assert "还没选人" in await told(office.secretary, choice, "‹ 返回")
    assert "还没选人" in await told(office.secretary, choice, data="hd.simsend:1")
    assert all("二号窗口" not in "".join(said_to(person)) for person in crowd)


async def test_what_was_answered_in_one_goes_to_the_others_too(office: Office, crowd: list[Person]) -> None:
    card = next(each for each in office.secretary.chat() if each.text.startswith("采油三队党支部 李建国"))
    await office.secretary.says("在二号窗口", reply_to=card)
    await office.counter.settle()
    note = found(office.secretary, "已发给李建国")
    assert "同样回另外 2 人" in note.buttons
    preview = await taps(office, office.secretary, note, "同样回另外 2 人")
    assert "下面这段会发给 2 人：\n周芳、吴刚\n在二号窗口" in preview.text
    await taps(office, office.secretary, preview, "发给这 2 人")
    assert [person.last().text for person in crowd] == ["王梅书记：在二号窗口"] * 3


async def test_whoever_asks_after_the_preview_gets_nothing_unseen(
    office: Office, crowd: list[Person]
) -> None:
    group = await group_of(office, office.secretary)
    await taps(office, office.secretary, group, "写一条一起回")
    preview = await sees(office, office.secretary, "在二号窗口")
    late = await office.counter.person("郑爽")
    await asks(office, late)
    sent = await taps(office, office.secretary, preview, "发给这 3 人")
    assert sent.buttons[-1] == "同样回另外 1 人"
    assert "二号窗口" not in "".join(said_to(late))


async def test_what_a_colleague_answers_meanwhile_is_not_answered_twice(
    office: Office, crowd: list[Person]
) -> None:
    group = await group_of(office, office.secretary)
    await taps(office, office.secretary, group, "写一条一起回")
    preview = await sees(office, office.secretary, "在二号窗口")
    inbox = await sees(office, office.deputy, "/tickets")
    await office.deputy.taps(inbox, next(label for label in inbox.buttons if "周芳" in label))
    await office.counter.settle()
    await office.deputy.says("去四号窗口", reply_to=found(office.deputy, "周芳"))
    await office.counter.settle()
    sent = await taps(office, office.secretary, preview, "发给这 3 人")
    assert sent.text == "已发给 2 人：\n李建国、吴刚\n另有 1 人刚才已经有人回了，没有再发。"
    assert [text for text in said_to(crowd[1]) if "窗口" in text and "：" in text] == [
        "张强副书记：去四号窗口"
    ]
    # All answered: nothing is left to send, and the dialogue is over.
    assert "刚才已经有人回了" in await told(office.secretary, group, data="hd.simof:1")
    assert "过时" in await told(office.secretary, preview, data="hd.simsend:1")


async def test_a_group_that_was_answered_ends_the_writing(office: Office, crowd: list[Person]) -> None:
    group = await group_of(office, office.secretary)
    await taps(office, office.secretary, group, "写一条一起回")
    async with office.counter.work() as work:
        await work.session.run("UPDATE ticket SET first_answered_at = 1")
    assert (await sees(office, office.secretary, "在二号窗口")).text == (
        "这几件刚才已经有人回了。还在等的都在 /tickets 里。"
    )
    assert await office.counter.rows("SELECT 1 FROM dialogue WHERE tag = 'hd.similar'") == []


async def test_only_text_and_not_too_long(office: Office, crowd: list[Person]) -> None:
    group = await group_of(office, office.secretary)
    await taps(office, office.secretary, group, "写一条一起回")
    await office.secretary.sends_photo(PICTURE, "看图")
    await office.counter.settle()
    assert office.secretary.last().text.startswith("一起回只能发文字")
    assert "3500" in (await sees(office, office.secretary, "好" * 3_600)).text
    long = "好" * 3_500
    preview = await sees(office, office.secretary, long)
    await taps(office, office.secretary, preview, "发给这 3 人")
    assert [person.last().text for person in crowd] == [f"王梅书记：{long}"] * 3


async def test_who_has_left_telegram_is_named(office: Office, crowd: list[Person]) -> None:
    await crowd[2].blocks()
    await office.counter.settle()
    group = await group_of(office, office.secretary)
    await taps(office, office.secretary, group, "写一条一起回")
    preview = await sees(office, office.secretary, "在二号窗口")
    await taps(office, office.secretary, preview, "发给这 3 人")
    sent = found(office.secretary, "已发给")  # a word about the lost message may have come after it
    assert "吴刚已停用我" in sent.text
    got = await taps(office, office.secretary, sent, "送到没有")
    assert got.text == "已送到 2 人。\n没送到，请打电话：吴刚"


async def test_nobody_answers_for_others(office: Office, crowd: list[Person]) -> None:
    helper = await office.counter.person("何平", (office.counter.tree.branch, Role.HELPER))
    group = await group_of(office, office.secretary)
    await taps(office, office.secretary, group, "写一条一起回")
    preview = await sees(office, office.secretary, "在二号窗口")
    for outsider in (office.general, office.sibling, crowd[1]):
        inbox = await sees(office, outsider, "/tickets")
        assert not any("相似" in label for label in inbox.buttons)
        for data in ("hd.simof:1", "hd.simwr:1", "hd.simsame:1:1", "hd.simsend:1", "hd.simtick:1:2:0"):
            assert await told(outsider, inbox, data=data), (outsider, data)
        await office.counter.settle()
        assert "李建国" not in "".join(said_to(outsider))
    assert await told(helper, await sees(office, helper, "/tickets"), data="hd.simsend:1")  # not their text
    sent = await taps(office, office.secretary, preview, "发给这 3 人")
    assert await told(helper, helper.last(), data="hd.simgot:4:6")
    assert await told(helper, helper.last(), data="hd.simgot:1:zzzzz")
    assert sent.text.startswith("已发给 3 人")


async def test_a_post_lost_while_writing(office: Office, crowd: list[Person]) -> None:
    group = await group_of(office, office.secretary)
    await taps(office, office.secretary, group, "写一条一起回")
    preview = await sees(office, office.secretary, "在二号窗口")
    async with office.counter.work() as work:
        await work.session.run("UPDATE post SET until = :now", now=work.now)
    assert await told(office.secretary, preview, "发给这 3 人")
    await office.counter.settle()
    assert all("二号窗口" not in "".join(said_to(person)) for person in crowd)


async def test_another_months_question_is_another_question(office: Office) -> None:
    zhou = await office.counter.person("周芳")
    await asks(office, office.member, "10月的体检报告什么时候发")
    await asks(office, zhou, "9月的体检报告什么时候发")
    rows = await office.counter.rows("SELECT id, alike_id FROM ticket ORDER BY id")
    assert [(row["id"], row["alike_id"]) for row in rows] == [(1, 1), (2, 2)]


async def test_a_question_that_is_changed_is_grouped_anew(office: Office) -> None:
    zhou = await office.counter.person("周芳")
    await asks(office, office.member)
    mine = await zhou.says("班车几点发车")
    await office.counter.settle()
    await zhou.taps(found(zhou, "正在转给"), "马上转")
    await office.counter.settle()
    await zhou.edits(mine, QUESTION)
    await office.counter.settle()
    rows = await office.counter.rows("SELECT alike_id FROM ticket ORDER BY id")
    assert [row["alike_id"] for row in rows] == [1, 1]


async def test_what_was_answered_once_waits_for_something_else(office: Office, crowd: list[Person]) -> None:
    card = next(each for each in office.secretary.chat() if each.text.startswith("采油三队党支部 李建国"))
    await office.secretary.says("在二号窗口", reply_to=card)
    await office.counter.settle()
    await crowd[0].says("二号窗口没人", reply_to=crowd[0].last())
    await office.counter.settle()
    inbox = await sees(office, office.secretary, "/tickets")
    groups = await taps(office, office.secretary, inbox, "相似 1 组")
    assert groups.buttons[0].startswith("2 人")
