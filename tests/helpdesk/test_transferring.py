"""Passing a ticket on, and asking the general branch to help with one."""

import asyncio

import pytest

from bot.roster.model import Role
from bot.sandbox import Person, SeenMessage
from tests.helpdesk.conftest import Office, found, said_to, told
from tests.helpdesk.test_claiming import ANSWERING, OUTDATED, end_posts, opened

WHY = "他家离您近"


async def chosen(office: Office, person: Person, card: SeenMessage, tool: str, name: str) -> SeenMessage:
    """The person has tapped the tool and chosen somebody; what they are asked."""
    await person.taps(card, "更多…")
    await office.counter.settle()
    menu = person.last()
    await person.taps(menu, tool)
    await office.counter.settle()
    await person.taps(person.sees(menu), name)
    await office.counter.settle()
    return person.last()


async def helped(office: Office) -> SeenMessage:
    """王梅 has asked 赵敏 of the general branch to help; 王梅's card."""
    card = await office.asked()
    ask = await chosen(office, office.secretary, card, "请求帮扶", "总支书记赵敏")
    await office.secretary.taps(ask, "请求帮扶")
    await office.counter.settle()
    return card


async def owner(office: Office) -> str:
    row = await office.counter.ticket()
    return next(name for name, member in office.counter.members.items() if member == row["owner_id"])


async def test_passed_on_to_the_deputy(office: Office) -> None:
    card = await office.asked()
    ask = await chosen(office, office.secretary, card, "转交", "张强副书记")
    assert ask.text == "把李建国这件转给张强副书记？\n想带句话，直接打字给我，党员看不到。"
    assert ask.buttons == ["转交", "‹ 返回"]
    await office.counter.advance(minutes=30)
    before = await office.counter.ticket()
    await office.secretary.taps(ask, "转交")
    await office.counter.settle()
    assert office.secretary.sees(ask).text == "李建国这件已转给张强副书记，也告诉李建国了。"
    found(office.deputy, "王梅书记")
    theirs = found(office.deputy, "直接回复这条消息")
    assert "张强" in office.member.last().text
    row = await office.counter.ticket()
    assert await owner(office) == "张强"
    assert row["deadline"] > before["deadline"]
    assert row["claimed_at"] is None
    assert "这件由张强副书记负责。" in office.secretary.sees(card).text
    (moved,) = await office.counter.rows("SELECT * FROM audit WHERE act = 'ticket.moved'")
    assert moved["by_member"] == office.counter.members["王梅"]
    last = (await office.counter.rows("SELECT why FROM ticket_holding ORDER BY id"))[-1]
    assert last["why"] == "transferred"
    await office.deputy.says("我来看", reply_to=theirs)
    await office.counter.settle()
    assert office.member.last().text == "张强副书记：我来看"


async def test_with_a_word_that_the_member_does_not_see(office: Office) -> None:
    card = await office.asked()
    await chosen(office, office.secretary, card, "转交", "张强副书记")
    await office.secretary.says("先写错了")
    await office.secretary.says(WHY)
    await office.counter.settle()
    ask = office.secretary.last()
    assert ask.text == f"把李建国这件转给张强副书记？\n带上您的话：\n{WHY}"
    assert await owner(office) == "王梅"
    await office.secretary.taps(ask, "转交")
    await office.counter.settle()
    assert await owner(office) == "张强"
    found(office.deputy, WHY)
    assert "先写错了" not in "".join(said_to(office.deputy))
    assert WHY not in "".join(said_to(office.member))
    # and what is typed next goes nowhere
    await office.secretary.says("党费怎么算")
    await office.counter.settle()
    assert office.secretary.last().text.startswith("这个我没有现成的答案")


async def test_a_word_too_long_may_be_sent_again(office: Office) -> None:
    card = await office.asked()
    await chosen(office, office.secretary, card, "转交", "张强副书记")
    await office.secretary.says("好" * 301)
    await office.counter.settle()
    assert office.secretary.last().text == "请缩短到 300 个字以内再发。党员说的话会自动带过去。"
    await office.secretary.says(WHY)
    await office.counter.settle()
    assert WHY in office.secretary.last().text


async def test_to_a_sibling_who_sees_it_only_while_it_is_theirs(office: Office) -> None:
    card = await office.asked()
    ask = await chosen(office, office.secretary, card, "转交", "采油四队党支部的孙丽")
    await office.secretary.taps(ask, "转交")
    await office.counter.settle()
    theirs = found(office.sibling, "直接回复这条消息")
    assert "李建国" in theirs.text
    back = await chosen(office, office.sibling, theirs, "转交", "王梅书记")
    await office.sibling.taps(back, "转交")
    await office.counter.settle()
    assert await owner(office) == "王梅"
    assert "李建国" not in office.sibling.sees(theirs).text
    await office.sibling.says("我再说一句", reply_to=theirs)
    await office.counter.settle()
    assert "我再说一句" not in "".join(said_to(office.member))
    for data in ("hd.to:1:give:0", "hd.show:1", "hd.claim:1", "hd.note:1"):
        assert "别的同志" in await told(office.sibling, theirs, data=data)


async def test_who_can_be_chosen(office: Office) -> None:
    """Not oneself, not the owner, not the member who asked, nobody out of reach; the branch's own first."""
    helper = await office.counter.person("周云", (office.counter.tree.branch, Role.HELPER))
    await office.counter.person("刘备用", (office.counter.tree.branch, Role.HELPER))
    card = await office.asked()
    await helper.blocks()
    await office.counter.settle()
    await office.secretary.taps(card, "更多…")
    await office.counter.settle()
    menu = office.secretary.last()
    await office.secretary.taps(menu, "转交")
    await office.counter.settle()
    assert office.secretary.sees(menu).buttons == [
        "张强副书记",
        "帮扶员刘备用",
        "总支书记赵敏",
        "采油四队党支部的孙丽",
    ]
    for member, said in (
        ("周云", "周云眼下接不了这件，请换一位。"),
        ("李建国", "李建国眼下接不了这件，请换一位。"),
    ):
        for tag in ("hd.topick", "hd.tonow"):
            rest = ":0" if tag == "hd.tonow" else ""
            data = f"{tag}:1:give:{base36(office.counter.members[member])}{rest}"
            assert await told(office.secretary, card, data=data) == said
    assert await told(office.secretary, card, data="hd.tonow:1:give:zzz:0") == OUTDATED
    assert await owner(office) == "王梅"


def base36(number: int) -> str:
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    return digits[number] if number < 36 else base36(number // 36) + digits[number % 36]


async def test_chosen_and_then_out_of_reach(office: Office) -> None:
    card = await office.asked()
    ask = await chosen(office, office.secretary, card, "转交", "张强副书记")
    await office.secretary.says(WHY)
    await office.counter.settle()
    worded = office.secretary.last()
    await office.deputy.blocks()
    await office.counter.settle()
    assert await told(office.secretary, worded, "转交") == "张强眼下接不了这件，请换一位。"
    await office.secretary.taps(ask, "‹ 返回")
    await office.counter.settle()
    assert "张强副书记" not in office.secretary.sees(ask).buttons
    assert await owner(office) == "王梅"


async def test_passed_on_and_claimed_at_the_same_moment(office: Office) -> None:
    card = await office.asked()
    theirs = await opened(office, office.deputy)
    ask = await chosen(office, office.secretary, card, "转交", "总支书记赵敏")
    await asyncio.gather(office.secretary.taps(ask, "转交"), office.deputy.taps(theirs, "我来答"))
    await office.counter.settle()
    open_holdings = await office.counter.rows("SELECT member_id FROM ticket_holding WHERE until IS NULL")
    assert [row["member_id"] for row in open_holdings] == [(await office.counter.ticket())["owner_id"]]


async def test_twice_is_once(office: Office) -> None:
    card = await office.asked()
    ask = await chosen(office, office.secretary, card, "转交", "张强副书记")
    data = f"hd.tonow:1:give:{base36(office.counter.members['张强'])}:0"
    await asyncio.gather(office.secretary.taps(ask, "转交"), office.secretary.taps(ask, data=data))
    await office.counter.settle()
    assert len(await office.counter.rows("SELECT 1 FROM audit WHERE act = 'ticket.moved'")) == 1
    assert await told(office.secretary, ask, data=data) == OUTDATED


async def test_closed_meanwhile(office: Office) -> None:
    card = await office.asked()
    ask = await chosen(office, office.secretary, card, "转交", "张强副书记")
    await office.secretary.taps(card, "结束")
    await office.counter.settle()
    assert await told(office.secretary, ask, "转交") == "这个问题已经结束了。"
    await office.secretary.says(WHY)
    await office.counter.settle()
    assert office.secretary.last().text == "这个问题已经结束了。"
    await office.secretary.says("党费怎么算")
    await office.counter.settle()
    assert office.secretary.last().text.startswith("这个我没有现成的答案")
    assert await office.counter.rows("SELECT 1 FROM audit WHERE act = 'ticket.moved'") == []


async def test_a_post_lost_in_between(office: Office) -> None:
    card = await office.asked()
    ask = await chosen(office, office.secretary, card, "转交", "张强副书记")
    await end_posts(office, "王梅")
    assert "别的同志" in await told(office.secretary, ask, "转交")
    await office.secretary.says(WHY)
    await office.counter.settle()
    assert office.secretary.last().text.startswith("这件事现在由别的同志负责")
    await office.secretary.says("党费怎么算")
    await office.counter.settle()
    assert office.secretary.last().text.startswith("这个我没有现成的答案")


async def test_helping_the_ticket_stays_whose_it_is(office: Office) -> None:
    card = await helped(office)
    theirs = found(office.general, "直接回复这条消息")
    found(office.general, "王梅书记请您帮着看看李建国这件，仍由王梅书记负责。直接回复卡片，李建国就能看到。")
    assert "这件由王梅书记负责。" in theirs.text
    assert "总支书记赵敏在帮忙看。" in office.secretary.sees(card).text
    assert office.member.last().text == "王梅书记请了第一党总支的赵敏一起帮您看这个问题。"
    assert await owner(office) == "王梅"

    await office.general.says("先到营业厅实名", reply_to=theirs)
    await office.counter.settle()
    assert office.member.last().text == "总支书记赵敏：先到营业厅实名"
    assert found(office.secretary, "营业厅").text == "总支书记赵敏：先到营业厅实名"
    row = await office.counter.ticket()
    assert (row["state"], await owner(office)) == ("answered", "王梅")
    # The member's words go to both.
    await office.member.says("去过了", reply_to=office.member.last())
    await office.counter.settle()
    for person in (office.secretary, office.general):
        found(person, "李建国：去过了")
    acts = await office.counter.rows("SELECT by_member FROM audit WHERE act = 'ticket.help_asked'")
    assert [row["by_member"] for row in acts] == [office.counter.members["王梅"]]


async def test_who_helps_is_not_asked_and_cannot_give_it_away(office: Office) -> None:
    card = await helped(office)
    await office.secretary.taps(card, "我来答")
    await office.counter.settle()
    theirs = found(office.general, "直接回复这条消息")
    await office.general.says("先实名", reply_to=theirs)
    await office.counter.settle()
    assert office.member.last().text == "总支书记赵敏：先实名"
    assert ANSWERING not in said_to(office.general)
    await office.general.taps(theirs, "更多…")
    await office.counter.settle()
    tools = office.general.last().buttons
    assert "我帮完了" in tools
    assert not {"转交", "请求帮扶", "我来接手"} & set(tools)
    for data in ("hd.claim:1", "hd.takeover:1", "hd.to:1:give:0", "hd.to:1:help:0", "hd.tonow:1:give:2:0"):
        assert await told(office.general, theirs, data=data) == (
            "这件您是来帮忙的，仍由王梅负责。您的回复照样能发给党员。"
        )
    assert await owner(office) == "王梅"


async def test_the_helper_leaves(office: Office) -> None:
    await helped(office)
    theirs = found(office.general, "直接回复这条消息")
    await office.general.taps(theirs, "更多…")
    await office.counter.settle()
    await office.general.taps(office.general.last(), "我帮完了")
    await office.counter.settle()
    assert found(office.secretary, "帮完了").text == "总支书记赵敏说李建国这件帮完了，接下来还由您负责。"
    assert "李建国" not in office.general.sees(theirs).text
    await office.general.says("还有一句", reply_to=theirs)
    await office.counter.settle()
    assert "还有一句" not in "".join(said_to(office.member))
    await office.member.says("还在吗", reply_to=found(office.member, "一起帮您"))
    await office.counter.settle()
    assert "李建国：还在吗" not in said_to(office.general)
    assert "别的同志" in await told(office.general, theirs, data="hd.helped:1")


async def test_the_owner_ends_it(office: Office) -> None:
    card = await helped(office)
    await office.secretary.taps(card, "更多…")
    await office.counter.settle()
    menu = office.secretary.last()
    await office.secretary.taps(menu, "请求帮扶")
    await office.counter.settle()
    shown = office.secretary.sees(menu)
    assert shown.buttons == ["谢谢赵敏，不用帮了"]
    await office.secretary.taps(shown, "谢谢赵敏，不用帮了")
    await office.counter.settle()
    assert found(office.general, "谢谢您帮忙").text == "李建国这件接下来由王梅书记自己办，谢谢您帮忙。"
    assert "在帮忙看" not in office.secretary.sees(card).text
    assert "别的同志" in await told(office.general, office.general.last(), data="hd.show:1")
    general = base36(office.counter.members["赵敏"])
    assert await told(office.secretary, card, data=f"hd.helpend:1:{general}") == OUTDATED


async def test_help_ends_with_the_ticket(office: Office) -> None:
    card = await helped(office)
    theirs = found(office.general, "直接回复这条消息")
    await office.secretary.taps(card, "结束")
    await office.counter.settle()
    assert office.general.sees(theirs).buttons == []
    await office.general.says("还有一句", reply_to=theirs)
    await office.counter.settle()
    assert "还有一句" not in "".join(said_to(office.member))
    assert await office.counter.rows("SELECT 1 FROM ticket_guest WHERE until IS NULL") == []


async def test_who_lost_the_post_helps_no_more(office: Office) -> None:
    await helped(office)
    theirs = found(office.general, "直接回复这条消息")
    await end_posts(office, "赵敏")
    await office.general.says("先实名", reply_to=theirs)
    await office.member.says("还在吗", reply_to=found(office.member, "一起帮您"))
    await office.counter.settle()
    assert "先实名" not in "".join(said_to(office.member))
    assert "李建国：还在吗" not in said_to(office.general)
    assert "李建国：还在吗" in said_to(office.secretary)
    await office.counter.advance(minutes=1)
    assert "李建国" not in office.general.sees(theirs).text
    assert await office.counter.rows("SELECT 1 FROM ticket_guest WHERE until IS NULL") == []
    (ended,) = await office.counter.rows("SELECT by_member FROM audit WHERE act = 'ticket.help_ended'")
    assert ended["by_member"] is None


async def test_helping_becomes_having(office: Office) -> None:
    """Passed on to the one who helps, it is theirs, and they no longer only help."""
    card = await helped(office)
    ask = await chosen(office, office.secretary, card, "转交", "总支书记赵敏")
    await office.secretary.taps(ask, "转交")
    await office.counter.settle()
    assert await owner(office) == "赵敏"
    assert await office.counter.rows("SELECT 1 FROM ticket_guest WHERE until IS NULL") == []


@pytest.mark.parametrize(
    "data",
    [
        "hd.to:1:give:0",
        "hd.to:1:help:0",
        "hd.topick:1:give:3",
        "hd.tonow:1:help:4:0",
        "hd.helped:1",
        "hd.helpend:1:4",
    ],
)
async def test_crafted_buttons_of_others(office: Office, data: str) -> None:
    await office.asked()
    for outsider in (office.member, office.sibling, office.general):
        await outsider.says("/tickets")
        await office.counter.settle()
        assert "别的同志" in await told(outsider, outsider.last(), data=data)
    assert await owner(office) == "王梅"
