"""Linking a group to a branch, and ending that."""

import pytest

from bot.kit.clock import DAY, HOUR
from bot.roster.model import Role
from bot.sandbox import Person
from tests.helpdesk.conftest import Office, found, said_to, told
from tests.helpdesk.team.conftest import Room, gathered, in_group, link, said_in


async def states(room: Room) -> list[str]:
    rows = await room.counter.rows("SELECT state, ended_why FROM team_group ORDER BY id")
    return [row["state"] + (f" {row['ended_why']}" if row["ended_why"] else "") for row in rows]


async def test_a_bot_that_is_added_says_hello_and_what_to_do(unlinked: Room) -> None:
    assert said_in(unlinked.group) == [
        "大家好，我是支部帮手。支部工作人员在这里发一句 /team，成员的问题就会到这个群里来，大家一起答。"
    ]


async def test_a_bot_that_may_not_manage_topics_asks_for_it(office: Office) -> None:
    room = await gathered(office, is_forum=True, bot="member")
    assert "打开“管理话题”" in said_in(room.group)[-1]
    await office.secretary.says("/team", chat=room.group)
    await office.counter.settle()
    assert "请先把我设为管理员" in said_in(room.group)[-1]
    assert await states(room) == []
    await room.group.bot_becomes("administrator", manages_topics=False)
    await office.secretary.says("/team", chat=room.group)
    await office.counter.settle()
    assert await states(room) == []
    await room.group.bot_becomes("administrator")
    await link(office, room.group)
    assert await states(room) == ["linked"]


async def test_both_the_group_and_the_person_agree(unlinked: Room) -> None:
    office, group = unlinked.office, unlinked.group
    await office.secretary.says("/team", chat=group)
    await office.counter.settle()
    asked = in_group(group, "点“同意”")
    assert (
        asked.text
        == "王梅想把采油三队党支部成员的问题接到这个群里，群里的人都看得到。请群主或管理员点“同意”。"
    )
    mine = found(office.secretary, "要把")
    assert mine.text == (
        "要把采油三队党支部成员的问题接到“三队支委”群里吗？\n群里有 3 人，都会看到成员的问题。\n其中 1 人不是支部工作人员。"
    )
    await office.secretary.taps(asked, "同意")
    await office.counter.settle()
    assert office.secretary.sees(asked).text == "好的，已经同意。等王梅在私聊里确认，就开始。"
    assert await states(unlinked) == ["offered"]
    await office.secretary.taps(mine, "接到群里")
    await office.counter.settle()
    assert await states(unlinked) == ["linked"]
    assert "从现在起，采油三队党支部成员的新问题会到这个群里来" in office.secretary.sees(asked).text
    assert "新问题会到“三队支委”群里" in office.secretary.sees(mine).text
    assert "王梅接上了“三队支委”群" in said_to(office.deputy)[-1]
    acts = await office.counter.rows("SELECT act, by_member FROM audit WHERE act LIKE 'team.%'")
    assert acts == [{"act": "team.linked", "by_member": office.counter.members["王梅"]}]


async def test_in_whichever_order(unlinked: Room) -> None:
    office, group = unlinked.office, unlinked.group
    await office.deputy.says("/team", chat=group)
    await office.counter.settle()
    mine = found(office.deputy, "要把")
    await office.deputy.taps(mine, "接到群里")
    await office.counter.settle()
    assert "点了“同意”，就开始" in office.deputy.sees(mine).text
    assert await states(unlinked) == ["offered"]
    await office.secretary.taps(in_group(group, "点“同意”"), "同意")
    await office.counter.settle()
    assert await states(unlinked) == ["linked"]


async def test_a_group_of_colleagues_only_is_called_so(office: Office) -> None:
    group = office.counter.sandbox.add_group("支委", [office.secretary, office.deputy], bot="member")
    await office.secretary.says("/team", chat=group)
    await office.counter.settle()
    assert "他们都是支部工作人员" in found(office.secretary, "要把").text


async def test_who_is_no_administrator_cannot_agree_for_the_group(unlinked: Room) -> None:
    office, group = unlinked.office, unlinked.group
    await office.deputy.says("/team", chat=group)
    await office.counter.settle()
    asked = in_group(group, "点“同意”")
    for person in (office.deputy, unlinked.bystander):
        assert await told(person, asked, "同意") == "这一步要请群主或管理员来点。"
    await office.counter.settle()
    await office.deputy.taps(found(office.deputy, "要把"), "接到群里")
    await office.counter.settle()
    assert await states(unlinked) == ["offered"]


async def test_one_groups_administrator_does_not_agree_for_another(unlinked: Room) -> None:
    office = unlinked.office
    await office.secretary.says("/team", chat=unlinked.group)
    await office.counter.settle()
    (row,) = await office.counter.rows("SELECT id FROM team_group")
    own = office.counter.sandbox.add_group("别的群", [unlinked.bystander], bot="member")
    await office.counter.settle()
    hello = in_group(own, "大家好")
    answer = await told(unlinked.bystander, hello, data=f"hd.tm.agree:{row['id']}")
    assert answer == "这一步要请群主或管理员来点。"


async def test_nobody_confirms_for_somebody_else(unlinked: Room) -> None:
    office = unlinked.office
    await office.secretary.says("/team", chat=unlinked.group)
    await office.counter.settle()
    (row,) = await office.counter.rows("SELECT id FROM team_group")
    await unlinked.bystander.start()
    await office.counter.settle()
    for person in (office.deputy, office.member, office.sibling, office.general, unlinked.bystander):
        words = await told(person, person.last(), data=f"hd.tm.yes:{row['id']}")
        assert words == "这件事要由本支部的工作人员来办。您的支部书记可以帮您。"
        words = await told(person, person.last(), data=f"hd.tm.no:{row['id']}")
        assert words == "这件事要由本支部的工作人员来办。您的支部书记可以帮您。"
    assert await states(unlinked) == ["offered"]


async def test_who_asked_may_think_better_of_it(unlinked: Room) -> None:
    office, group = unlinked.office, unlinked.group
    await office.secretary.says("/team", chat=group)
    await office.counter.settle()
    asked, mine = in_group(group, "点“同意”"), found(office.secretary, "要把")
    await office.secretary.taps(mine, "先不接")
    await office.counter.settle()
    assert office.secretary.sees(mine).text == "好的，成员的问题不接到群里。"
    assert office.secretary.sees(asked).text == "好的，成员的问题不接到群里。"
    assert not office.secretary.sees(asked).buttons
    assert await states(unlinked) == ["ended declined"]


async def test_a_wish_does_not_stand_for_ever(unlinked: Room) -> None:
    office, group = unlinked.office, unlinked.group
    await office.secretary.says("/team", chat=group)
    await office.counter.settle()
    mine = found(office.secretary, "要把")
    await office.counter.advance(hours=(DAY + HOUR) / HOUR)
    assert "过时了" in await told(office.secretary, mine, "接到群里")
    assert "过时了" in await told(office.secretary, in_group(group, "点“同意”"), "同意")


async def test_who_lost_the_post_meanwhile_links_nothing(unlinked: Room) -> None:
    office, group = unlinked.office, unlinked.group
    await office.secretary.says("/team", chat=group)
    await office.counter.settle()
    await office.secretary.taps(found(office.secretary, "要把"), "接到群里")
    await office.counter.settle()
    async with office.counter.work() as work:
        await work.session.run(
            "UPDATE post SET until = :now WHERE member_id = :id",
            now=work.now,
            id=office.counter.members["王梅"],
        )
    assert "过时了" in await told(office.secretary, in_group(group, "点“同意”"), "同意")
    assert await states(unlinked) == ["offered"]


async def test_only_the_branchs_staff_may_ask_for_it(unlinked: Room) -> None:
    office, group = unlinked.office, unlinked.group
    await office.member.joins(group)
    await office.member.says("/team", chat=group)
    await office.counter.settle()
    assert said_in(group)[-1] == "这件事要由本支部的工作人员来办。您的支部书记可以帮您。"
    await unlinked.bystander.says("/team", chat=group)
    await office.counter.settle()
    assert "我认不出您是哪位" in said_in(group)[-1]
    assert await states(unlinked) == []
    accounts = await office.counter.rows("SELECT 1 FROM account WHERE id = :id", id=unlinked.bystander.id)
    assert not accounts, "who writes in a group has not come to the bot"


async def test_an_anonymous_administrator_is_nobody(unlinked: Room) -> None:
    await unlinked.office.secretary.says("/team", chat=unlinked.group, anonymously=True)
    await unlinked.counter.settle()
    assert "先关掉匿名" in said_in(unlinked.group)[-1]
    assert await states(unlinked) == []


async def test_who_serves_several_branches_says_which(unlinked: Room) -> None:
    office, group, tree = unlinked.office, unlinked.group, unlinked.counter.tree
    async with office.counter.work() as work:
        await work.session.run(
            "INSERT INTO post (member_id, unit_id, role, since) VALUES (:member, :unit, 'secretary', :now)",
            member=office.counter.members["王梅"],
            unit=tree.sibling,
            now=work.now,
        )
    await office.secretary.says("/team", chat=group)
    await office.counter.settle()
    which = in_group(group, "哪个支部")
    await office.deputy.taps(which, place=(1, 0))
    await office.counter.settle()
    assert await states(unlinked) == [], "张强 is on the staff of one of them only"
    await office.secretary.taps(which, "采油三队党支部")
    await office.counter.settle()
    assert "采油三队党支部" in found(office.secretary, "要把").text


async def test_team_in_private_tells_how_and_what_is(unlinked: Room) -> None:
    secretary = unlinked.office.secretary
    await secretary.says("/team")
    await unlinked.counter.settle()
    assert "把我加进群、设为管理员" in said_to(secretary)[-1]
    await link(unlinked.office, unlinked.group)
    await secretary.says("/team")
    await unlinked.counter.settle()
    assert said_to(secretary)[-1] == "采油三队党支部成员的新问题会到“三队支委”群里。"
    assert secretary.last().buttons == ["解除"]


async def test_team_again_shows_and_ends_it(room: Room) -> None:
    secretary, deputy = room.office.secretary, room.office.deputy
    await deputy.says("/team", chat=room.group)
    await room.counter.settle()
    shown = in_group(room.group, "新问题会到“三队支委”群里")
    assert "本支部的工作人员" in await told(room.bystander, shown, "解除")
    await deputy.taps(shown, "解除")
    await room.counter.settle()
    assert await states(room) == ["ended unlinked"]
    assert "不再到这个群里来了" in said_in(room.group)[-1]
    assert "张强解除了和“三队支委”群的关联" in said_to(secretary)[-1]
    await secretary.says("/team")
    await room.counter.settle()
    assert "把我加进群" in said_to(secretary)[-1]


async def test_ended_from_the_private_chat(room: Room) -> None:
    secretary = room.office.secretary
    await secretary.says("/team")
    await room.counter.settle()
    await secretary.taps(secretary.last(), "解除")
    await room.counter.settle()
    assert said_to(secretary)[-1] == "已经解除。问题还是到各位的私聊里。"
    assert await states(room) == ["ended unlinked"]
    assert not found(secretary, "新问题会到“三队支委”群里。").buttons


async def test_a_group_belongs_to_one_branch(room: Room) -> None:
    await room.office.sibling.joins(room.group)
    await room.office.sibling.says("/team", chat=room.group)
    await room.counter.settle()
    assert said_in(room.group)[-1] == "这个群已经接到别的支部了，要由那个支部的工作人员发 /team 解除。"


async def test_another_group_takes_the_place_of_the_first(room: Room) -> None:
    office = room.office
    other = office.counter.sandbox.add_group("新群", [office.secretary, office.deputy], bot="member")
    await office.counter.settle()
    await link(office, other)
    assert await states(room) == ["ended replaced", "linked"]
    assert "不再到这个群里来了" in said_in(room.group)[-1]
    await office.member.says("怎么交党费")
    await office.counter.settle()
    await office.member.taps(found(office.member, "正在转给"), "马上转")
    await office.counter.settle()
    assert "怎么交党费" in in_group(other, "直接回复这条消息").text


@pytest.mark.parametrize("who", ["member", "general"])
async def test_the_command_is_in_the_menu_of_the_branchs_staff_only(office: Office, who: str) -> None:
    person: Person = getattr(office, who)
    await person.says("/team")
    await office.counter.settle()
    assert said_to(person)[-1] == "这件事要由本支部的工作人员来办。您的支部书记可以帮您。"


async def test_a_helper_may_link_it_too(office: Office) -> None:
    counter = office.counter
    helper = await counter.person("小陈", (counter.tree.branch, Role.HELPER))
    group = counter.sandbox.add_group("帮手群", [helper, office.secretary], bot="member")
    await counter.settle()
    await link(office, group, by=helper)
    assert await counter.rows("SELECT state FROM team_group") == [{"state": "linked"}]
