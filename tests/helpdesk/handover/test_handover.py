"""/handover through the front door."""

from datetime import date

from bot.faq.model import Entry
from bot.faq.upkeep import store as upkeep
from bot.helpdesk import absences
from bot.helpdesk.handover import buttons
from bot.kit.clock import DAY
from bot.roster import store as roster
from bot.roster.joining import notices
from bot.roster.joining import service as joining_service
from bot.roster.joining import store as joining
from bot.roster.model import Post, Role
from bot.sandbox import Person, SeenMessage
from tests import factories
from tests.helpdesk.conftest import Office, found, said_to, told


async def tap(office: Office, person: Person, words: str, button: str) -> None:
    await person.taps(found(person, words), button)
    await office.counter.settle()


async def say(office: Office, person: Person, text: str, reply_to: SeenMessage | None = None) -> None:
    await person.says(text, reply_to=reply_to)
    await office.counter.settle()


async def hands_over(office: Office, successor: str) -> None:
    """王梅, by herself."""
    await say(office, office.secretary, "/handover")
    await tap(office, office.secretary, "把哪个职务", "采油三队党支部书记 · 王梅")
    await tap(office, office.secretary, "交接给谁", successor)
    await tap(office, office.secretary, "王梅 → ", "确认交接")


async def owner(office: Office) -> str | None:
    ticket = await office.counter.ticket()
    names = {member: name for name, member in office.counter.members.items()}
    return names.get(ticket["owner_id"])


async def posts(office: Office) -> set[tuple[str, str]]:
    """Who holds what in the branch."""
    names = {member: name for name, member in office.counter.members.items()}
    rows = await office.counter.rows(
        "SELECT member_id, role FROM post WHERE until IS NULL AND unit_id = :unit",
        unit=office.counter.tree.branch,
    )
    return {(names[row["member_id"]], row["role"]) for row in rows}


async def test_a_secretary_hands_over_to_the_deputy(office: Office) -> None:
    card = await office.asked()
    await say(office, office.secretary, "/handover")
    await tap(office, office.secretary, "把哪个职务", "采油三队党支部书记 · 王梅")
    assert found(office.secretary, "交接给谁").buttons == ["张强", "李建国", "‹ 返回"]
    await tap(office, office.secretary, "交接给谁", "张强")
    assert found(office.secretary, "王梅 → 张强").text == (
        "采油三队党支部书记：王梅 → 张强\n等着回的 1 个求助一起转过去。\n张强不再担任采油三队党支部副书记。\n"
        "交接以后，您马上就看不到采油三队党支部的求助了。"
    )
    await tap(office, office.secretary, "王梅 → 张强", "确认交接")

    assert await posts(office) == {("张强", "secretary")}
    assert await owner(office) == "张强"
    found(office.secretary, "交接好了：张强现在是采油三队党支部书记。\n求助不再发给您，这段时间辛苦您了。")
    told_new = found(office.deputy, "从现在起您是采油三队党支部书记，接王梅的班。")
    assert "有 1 个求助等着您回" in told_new.text
    found(office.deputy, "验证码一直收不到")
    found(office.member, "张强")
    # The former holder has nothing of it any more, neither to read nor to do.
    assert not any("验证码一直收不到" in text for text in said_to(office.secretary))
    await say(office, office.secretary, "我再补一句", reply_to=card)
    assert not any("我再补一句" in text for text in said_to(office.member))
    # The new one answers.
    await say(office, office.deputy, "重启手机试试", reply_to=found(office.deputy, "直接回复这条消息"))
    found(office.member, "重启手机试试")
    (audit,) = await office.counter.rows("SELECT * FROM audit WHERE act = 'post.handed_over'")
    assert audit["by_member"] == office.counter.members["王梅"]
    assert audit["subject"] == f"unit:{office.counter.tree.branch}"


async def test_menus_change_at_once_and_dialogues_end(office: Office) -> None:
    await say(office, office.secretary, "/away")
    assert await office.counter.rows("SELECT 1 FROM dialogue WHERE person_id = :id", id=office.secretary.id)
    await hands_over(office, "张强")
    assert not await office.counter.rows(
        "SELECT 1 FROM dialogue WHERE person_id = :id", id=office.secretary.id
    )
    assert not {"handover", "away"} & {each["command"] for each in office.secretary.commands()}
    assert "handover" in {each["command"] for each in office.deputy.commands()}
    await say(office, office.secretary, "/handover")
    found(office.secretary, "您没有要交接的职务。")


async def test_to_a_member_who_has_asked_something(office: Office) -> None:
    await office.asked()
    await hands_over(office, "李建国")
    assert await owner(office) == "赵敏", (
        "nobody answers their own question; a secretary's goes to the level above"
    )
    assert await posts(office) == {("李建国", "secretary"), ("张强", "deputy")}


async def test_to_a_member_who_does_not_use_the_bot_yet(office: Office) -> None:
    counter = office.counter
    async with counter.work() as work:
        counter.members["钱进"] = await factories.member(work.session, "钱进", counter.tree.branch)
    await office.asked()
    await say(office, office.secretary, "/handover")
    await tap(office, office.secretary, "把哪个职务", "采油三队党支部书记 · 王梅")
    await tap(office, office.secretary, "交接给谁", "钱进（还没用上我）")
    found(office.secretary, "钱进还没用上我，发 /start 之前，求助按顺序请别的同事答。")
    await tap(office, office.secretary, "王梅 → 钱进", "确认交接")
    assert await owner(office) == "张强"


async def test_answered_questions_go_along(office: Office) -> None:
    await office.answered()
    await hands_over(office, "张强")
    assert await owner(office) == "张强"
    assert (await office.counter.ticket())["state"] == "answered"
    await say(office, office.member, "还是不行", reply_to=found(office.member, "先把短信箱清一清"))
    found(office.deputy, "还是不行")
    assert not any("还是不行" in text for text in said_to(office.secretary))


async def test_the_level_above_hands_over_for_one_who_is_ill(office: Office) -> None:
    await office.asked()
    # The secretary is away, and the sibling stands in.
    counter, secretary = office.counter, office.counter.members["王梅"]
    await say(office, office.secretary, "/away")
    await tap(office, office.secretary, "您不在到哪天", "明天")
    await tap(office, office.secretary, "请谁代您答", "孙丽 · 采油四队党支部")
    await tap(office, office.secretary, "您不在", "就这样")
    assert await owner(office) == "孙丽"

    await say(office, office.general, "/handover")
    assert found(office.general, "把哪个职务").buttons[:3] == [
        "第一党总支工作人员 · 赵敏",
        "采油三队党支部书记 · 王梅",
        "采油四队党支部书记 · 孙丽",
    ]
    await tap(office, office.general, "把哪个职务", "采油三队党支部书记 · 王梅")
    await tap(office, office.general, "交接给谁", "张强")
    await tap(office, office.general, "王梅 → 张强", "确认交接")
    found(office.general, "交接好了：张强现在是采油三队党支部书记。")
    found(office.secretary, "采油三队党支部书记现在由张强担任，求助不再发给您，这段时间辛苦您了。")
    assert await owner(office) == "张强", "what others had in the former secretary's place is the new one's"
    async with counter.work() as work:
        assert not await absences.of_member(work.session, secretary)
    # Her absence is over, but nothing comes back to her.
    await counter.advance(hours=48)
    assert await owner(office) == "张强"


async def test_who_was_to_stand_in_for_others(office: Office) -> None:
    counter = office.counter
    async with counter.work() as work:
        await absences.add(
            work.session,
            counter.members["孙丽"],
            substitute_id=counter.members["王梅"],
            last_day=date(2026, 11, 5),
            from_at=counter.clock.now() - 1,
            until_at=counter.clock.now() + 3 * DAY,
        )
    await hands_over(office, "张强")
    (row,) = await counter.rows("SELECT * FROM absence")
    assert row["substitute_id"] == counter.members["张强"]
    found(office.sibling, "原来代答的同事换岗了")
    found(office.deputy, "孙丽书记")


async def test_drafts_of_answers_go_along(office: Office) -> None:
    counter = office.counter
    branch, secretary = counter.tree.branch, counter.members["王梅"]
    entry = Entry("own-1", "zh_CN", "食堂几点开门", "七点", ())
    async with counter.work() as work:
        for owner_id in (branch, counter.tree.sibling):
            await upkeep.begin_draft(
                work.session,
                member_id=secretary,
                owner=owner_id,
                entry_row=None,
                base_revision=0,
                content=entry,
                now=0,
            )
    await hands_over(office, "张强")
    async with counter.work() as work:
        assert [each.owner for each in await upkeep.drafts_of(work.session, counter.members["张强"])] == [
            branch
        ]


async def test_requests_to_join_come_before_the_new_one(office: Office) -> None:
    counter = office.counter
    newcomer = counter.sandbox.add_person(first_name="小陈")
    await newcomer.start()
    await counter.settle()
    async with counter.work() as work:
        asked = await joining.add_request(
            work.session,
            joining.Kind.JOIN,
            account_id=newcomer.id,
            unit_id=counter.tree.branch,
            member_id=None,
            given_name="陈晓",
            now=work.now,
        )
        deciders = await joining_service.deciders_for(work.session, counter.tree.branch)
        secretary = [each for each in deciders if each.account_id == office.secretary.id]
        unit = await roster.unit(work.session, counter.tree.branch)
        assert unit is not None
        await notices.announce(work, joining_service.Asked(asked, unit, secretary), "小陈")
    await counter.settle()
    found(office.secretary, "陈晓")
    await hands_over(office, "李建国")
    found(office.secretary, "这条申请现在由别的同事来回，您不用再管。")
    found(office.member, "陈晓")


async def test_the_group_is_named(office: Office) -> None:
    counter = office.counter
    async with counter.work() as work:
        await work.session.run(
            "INSERT INTO team_group (unit_id, chat_id, title, has_topics, state, linked_by, offered_at, linked_at)"
            " VALUES (:unit, -1001, '三队帮手', 0, 'linked', :by, 0, 0)",
            unit=counter.tree.branch,
            by=counter.members["王梅"],
        )
    await hands_over(office, "张强")
    found(office.deputy, "王梅还在“三队帮手”群里，能看到群里的求助。要是不该再看，请把他移出群。")


async def test_who_may_not(office: Office) -> None:
    counter = office.counter
    branch, secretary = counter.tree.branch, counter.members["王梅"]
    helper = await counter.person("周洋", (branch, Role.HELPER))
    crafted = buttons.Confirm(secretary, branch, Role.SECRETARY, counter.members["张强"]).encode()
    for person in (office.deputy, office.sibling, helper):
        await say(office, person, "/handover")
        refusal = await told(person, found(person, "把哪个职务"), data=crafted)
        assert refusal.startswith("这件事要由")
    await say(office, office.member, "/handover")
    found(office.member, "您没有要交接的职务。")
    await say(office, office.member, "食堂几点开门")
    assert (await told(office.member, found(office.member, "正在转给"), data=crafted)).startswith(
        "这件事要由"
    )
    assert ("王梅", "secretary") in await posts(office)


async def test_to_somebody_from_elsewhere(office: Office) -> None:
    counter = office.counter
    await say(office, office.secretary, "/handover")
    crafted = buttons.Confirm(
        counter.members["王梅"], counter.tree.branch, Role.SECRETARY, counter.members["孙丽"]
    ).encode()
    text = await told(office.secretary, found(office.secretary, "把哪个职务"), data=crafted)
    assert text == "孙丽接不了这个职务。请从列出的人里选。"


async def test_confirmed_twice(office: Office) -> None:
    counter = office.counter
    await say(office, office.general, "/handover")
    screen = found(office.general, "把哪个职务")
    crafted = buttons.Confirm(
        counter.members["王梅"], counter.tree.branch, Role.SECRETARY, counter.members["张强"]
    ).encode()
    assert await told(office.general, screen, data=crafted) == ""
    text = await told(office.general, screen, data=crafted)
    assert text.startswith("王梅已经不担任这个职务了。")
    assert len(await counter.rows("SELECT 1 FROM audit WHERE act = 'post.handed_over'")) == 1


async def test_a_helpers_post_by_the_secretary(office: Office) -> None:
    counter = office.counter
    helper = await counter.person("周洋", (counter.tree.branch, Role.HELPER))
    await say(office, office.secretary, "/handover")
    await tap(office, office.secretary, "把哪个职务", "采油三队党支部帮扶员 · 周洋")
    assert found(office.secretary, "交接给谁").buttons == ["李建国", "‹ 返回"]
    await tap(office, office.secretary, "交接给谁", "李建国")
    await tap(office, office.secretary, "周洋 → 李建国", "确认交接")
    assert await posts(office) == {("王梅", "secretary"), ("张强", "deputy"), ("李建国", "helper")}
    found(helper, "采油三队党支部帮扶员现在由李建国担任")


async def test_the_general_branch_hands_over(office: Office) -> None:
    counter = office.counter
    await office.asked()
    # Nobody of the branch gets to it.
    async with counter.work() as work:
        await work.session.run("UPDATE post SET until = 1 WHERE unit_id = :unit", unit=counter.tree.branch)
    await counter.advance(minutes=1)
    assert await owner(office) == "赵敏"
    await say(office, office.general, "/handover")
    await tap(office, office.general, "把哪个职务", "第一党总支工作人员 · 赵敏")
    await tap(office, office.general, "交接给谁", "孙丽")
    await tap(office, office.general, "赵敏 → 孙丽", "确认交接")
    assert await owner(office) == "孙丽"
    found(office.sibling, "从现在起您是第一党总支工作人员，接赵敏的班。")
    assert not any("验证码一直收不到" in text for text in said_to(office.general))


async def test_from_above_members_are_named_and_not_listed(office: Office) -> None:
    counter = office.counter
    async with counter.work() as work:
        for _ in range(2):
            await factories.member(work.session, "刘伟", counter.tree.branch)
    await say(office, office.general, "/handover")
    await tap(office, office.general, "把哪个职务", "采油三队党支部书记 · 王梅")
    assert found(office.general, "交接给谁").buttons == ["张强", "‹ 返回"]
    await say(office, office.general, "孙丽")
    found(office.general, "采油三队党支部没有叫这个名字、能接手的人。请写全名。")
    await say(office, office.general, "刘伟")
    several = found(office.general, "采油三队党支部有几位同名的，是哪一位？")
    assert all(each.startswith("刘伟 · E") and each.endswith("（还没用上我）") for each in several.buttons)
    await say(office, office.general, " 李建国 ")
    await tap(office, office.general, "王梅 → 李建国", "确认交接")
    assert ("李建国", "secretary") in await posts(office)


async def test_a_post_lost_while_a_name_is_awaited(office: Office) -> None:
    counter = office.counter
    await say(office, office.secretary, "/handover")
    await tap(office, office.secretary, "把哪个职务", "采油三队党支部书记 · 王梅")
    async with counter.work() as work:
        await roster.dismiss(
            work.session, counter.members["王梅"], Post(counter.tree.branch, Role.SECRETARY), now=work.now
        )
    await say(office, office.secretary, "张强")
    found(office.secretary, "这件事要由")
    assert not await counter.rows("SELECT 1 FROM dialogue WHERE person_id = :id", id=office.secretary.id)
    assert await posts(office) == {("张强", "deputy")}
