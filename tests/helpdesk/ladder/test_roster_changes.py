"""Tickets find their people, whatever becomes of the roster, of posts and of chats meanwhile."""

import random
from collections.abc import Sequence
from datetime import date

import pytest

from bot.helpdesk import absences
from bot.kit.clock import DAY
from bot.kit.database import Row
from bot.kit.vault import Vault
from bot.roster.importing import service as importing
from bot.roster.model import Role, UnitKind
from bot.sandbox import Person
from tests import factories
from tests.helpdesk.conftest import Counter, Office, found, said_to

GONE = "这个问题现在由别的同志负责。"


async def change(counter: Counter, sql: str, **parameters: int) -> None:
    async with counter.work() as work:
        await work.session.run(sql, now=work.now, **parameters)


async def leaves(counter: Counter, name: str) -> None:
    """Off the roster, as an import marks it."""
    member = counter.members[name]
    await change(counter, "UPDATE member SET left_at = :now WHERE id = :member", member=member)
    await loses_post(counter, name)


async def loses_post(counter: Counter, name: str) -> None:
    member = counter.members[name]
    await change(counter, "UPDATE post SET until = :now WHERE member_id = :member", member=member)


async def moves(counter: Counter, name: str, branch: int) -> None:
    await change(
        counter,
        "UPDATE member SET branch_id = :branch, updated_at = :now WHERE id = :member",
        branch=branch,
        member=counter.members[name],
    )


async def owner(counter: Counter) -> str | None:
    """Of the newest ticket, by name; whoever has it by its row also holds it, and nobody else does."""
    row = await counter.ticket()
    held = await counter.rows(
        "SELECT member_id FROM ticket_holding WHERE ticket_id = :id AND until IS NULL", id=row["id"]
    )
    assert [each["member_id"] for each in held] == ([] if row["owner_id"] is None else [row["owner_id"]])
    return next((name for name, member in counter.members.items() if member == row["owner_id"]), None)


async def audited(counter: Counter, act: str) -> Sequence[Row]:
    return await counter.rows("SELECT by_member, details FROM audit WHERE act = :act ORDER BY id", act=act)


async def test_an_owner_who_left_the_roster(office: Office) -> None:
    await office.asked()
    told = len(said_to(office.secretary))
    await leaves(office.counter, "王梅")
    await office.counter.advance(minutes=1)
    assert await owner(office.counter) == "张强"
    assert said_to(office.deputy)[0] == "王梅这会儿接不了李建国的问题，请您接着帮一下。"
    found(office.deputy, "验证码一直收不到")
    assert office.member.last().text.startswith("您的问题现在由副书记张强负责。")
    assert len(said_to(office.secretary)) == told
    assert said_to(office.secretary)[-1] == GONE
    assert len(await audited(office.counter, "ticket.moved")) == 1


async def test_an_owner_who_lost_the_post(office: Office) -> None:
    card = await office.asked()
    await loses_post(office.counter, "王梅")
    await office.counter.advance(minutes=1)
    assert await owner(office.counter) == "张强"
    assert office.secretary.last().text == "李建国的问题现在由张强副书记负责，您不用再管。"
    assert not any("验证码" in text for text in said_to(office.secretary))
    await office.secretary.says("我来说两句", reply_to=card)
    await office.counter.settle()
    assert not any("我来说两句" in text for text in said_to(office.member))


async def test_whoever_loses_the_post_sees_colleagues_tickets_no_longer(office: Office) -> None:
    await office.asked()
    await office.counter.advance(hours=3)
    await office.counter.advance(hours=1)  # the deputy has it now; the secretary may still answer
    assert any("验证码" in text for text in said_to(office.secretary))
    await loses_post(office.counter, "王梅")
    await office.counter.advance(minutes=1)
    assert not any("验证码" in text for text in said_to(office.secretary))
    assert await owner(office.counter) == "张强"
    found(office.deputy, "验证码一直收不到")


async def test_one_ticket_that_cannot_be_treated_keeps_no_others_waiting(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    for text in ("验证码一直收不到", "积分怎么看", "密码忘了"):
        await office.asked(text)
    await change(office.counter, "UPDATE ticket SET facts = '{' WHERE id = 1 AND :now > 0")
    caplog.clear()
    await office.counter.advance(hours=3, minutes=5)
    rows = await office.counter.rows("SELECT id FROM ticket WHERE warned_at IS NOT NULL ORDER BY id")
    assert [row["id"] for row in rows] == [2, 3]
    assert [vars(record)["ticket"] for record in caplog.records if record.levelname == "ERROR"] == [1]


async def test_what_a_member_writes_never_reaches_one_who_lost_the_post(office: Office) -> None:
    answer = await office.answered()
    await loses_post(office.counter, "王梅")
    await office.member.says("还是收不到", reply_to=answer)  # before any sweep has run
    await office.counter.settle()
    assert not any("还是收不到" in text for text in said_to(office.secretary))
    assert await owner(office.counter) == "张强"
    assert "李建国：还是收不到" in said_to(office.deputy)
    assert said_to(office.deputy).count("李建国：还是收不到") == 1


async def test_an_owner_who_is_away(office: Office) -> None:
    await office.asked()
    async with office.counter.work() as work:
        await absences.add(
            work.session,
            office.counter.members["王梅"],
            substitute_id=office.counter.members["孙丽"],
            last_day=date(2026, 11, 4),
            from_at=work.now,
            until_at=work.now + 3 * DAY,
        )
    await office.counter.advance(minutes=1)
    assert await owner(office.counter) == "孙丽"
    assert "采油四队党支部的孙丽" in office.member.last().text
    assert "王梅" not in office.member.last().text  # a member need not know who is away
    (holding,) = await office.counter.rows("SELECT rung, instead_of FROM ticket_holding WHERE until IS NULL")
    assert (holding["rung"], holding["instead_of"]) == ("secretary", office.counter.members["王梅"])


async def test_both_ends_have_blocked_the_bot(office: Office) -> None:
    await office.asked()
    await office.secretary.blocks()
    await office.member.blocks()
    await office.counter.advance(minutes=1)
    assert await owner(office.counter) == "张强"
    found(office.deputy, "验证码一直收不到")
    await office.counter.advance(minutes=2)
    assert "李建国已停用机器人，从这里看不到您的话，请电话联系。" in said_to(office.deputy)


async def test_everybody_has_blocked_the_bot_and_one_comes_back(office: Office) -> None:
    await office.asked()
    staff = (office.secretary, office.deputy, office.general, office.sibling)
    for person in staff:
        await person.blocks()
    await office.counter.advance(minutes=1)
    assert await owner(office.counter) is None
    assert office.member.last().text.startswith("采油三队党支部和上级总支眼下没有人能在这里接到消息。")
    told = len(said_to(office.member))
    await office.counter.advance(hours=8)
    assert len(said_to(office.member)) == told  # once is enough
    await office.general.unblocks()
    await office.counter.advance(minutes=1)
    assert await owner(office.counter) == "赵敏"
    assert "已转给第一党总支的赵敏" in office.member.last().text
    found(office.general, "验证码一直收不到")


async def test_a_branch_without_any_staff(counter: Counter) -> None:
    member = await counter.person("李建国")
    general = await counter.person("赵敏", (counter.tree.general, Role.GENERAL), branch=counter.tree.sibling)
    sibling = await counter.person(
        "孙丽", (counter.tree.sibling, Role.SECRETARY), branch=counter.tree.sibling
    )
    await member.says("验证码一直收不到")
    await counter.advance(minutes=2)
    assert said_to(general)[0] == "采油三队党支部现在没有人能在这里回复，李建国的问题直接转到您这里。"
    found(general, "直接回复")
    assert member.last().text.splitlines()[:2] == [
        "采油三队党支部暂时没有人能接。",
        "已转给第一党总支的赵敏。",
    ]
    assert said_to(sibling) == []


async def test_the_last_of_a_branch_leaves_with_a_question_open(office: Office) -> None:
    await office.asked()
    await leaves(office.counter, "张强")
    await leaves(office.counter, "王梅")
    await office.counter.advance(minutes=1)
    assert await owner(office.counter) == "赵敏"
    assert office.member.last().text.splitlines()[:2] == [
        "采油三队党支部暂时没有人能接。",
        "已转给第一党总支的赵敏。",
    ]


async def test_a_member_who_moves_to_another_branch_takes_the_question_along(office: Office) -> None:
    await office.asked()
    await moves(office.counter, "李建国", office.counter.tree.sibling)
    await office.counter.advance(minutes=1)
    assert await owner(office.counter) == "孙丽"
    assert said_to(office.sibling)[0] == "李建国转到您这里了，还有一个问题没办完，请看一下。"
    assert "验证码一直收不到" in found(office.sibling, "直接回复").text
    assert office.member.last().text.startswith("您的问题现在由支部书记孙丽负责。")
    assert office.secretary.last().text == "李建国的问题现在由孙丽书记负责，您不用再管。"
    assert not any("验证码" in text for text in said_to(office.secretary))
    await office.counter.advance(hours=3, minutes=1)
    assert office.sibling.last().text.startswith(
        "李建国在等您回复"
    )  # on the new branch's ladder from here on


async def test_an_answered_question_moves_quietly_and_goes_on_there(office: Office) -> None:
    answer = await office.answered()
    told = [len(said_to(person)) for person in (office.member, office.secretary, office.sibling)]
    await moves(office.counter, "李建国", office.counter.tree.sibling)
    await office.counter.advance(minutes=1)
    assert [len(said_to(person)) for person in (office.member, office.secretary, office.sibling)] == told
    assert not any("验证码" in text for text in said_to(office.secretary))
    await office.member.says("还是收不到", reply_to=answer)
    await office.counter.settle()
    assert await owner(office.counter) == "孙丽"
    assert "李建国：还是收不到" in said_to(office.sibling)
    assert not any("还是收不到" in text for text in said_to(office.secretary))


async def test_a_question_that_is_not_sent_yet_goes_to_the_new_branch(office: Office) -> None:
    await office.member.says("验证码一直收不到")
    await office.counter.settle()
    await moves(office.counter, "李建国", office.counter.tree.sibling)
    await office.counter.advance(minutes=2)
    found(office.sibling, "验证码一直收不到")
    assert said_to(office.secretary) == []


async def test_a_member_who_leaves_the_roster(office: Office) -> None:
    await office.asked()
    await leaves(office.counter, "李建国")
    await office.counter.advance(minutes=1)
    assert office.secretary.last().text == "李建国已不在名册上，这个问题我结束了，您不用再管。"
    row = await office.counter.ticket()
    assert (row["state"], row["close_reason"], row["next_at"]) == ("closed", "left", None)
    told = len(said_to(office.secretary))
    await office.counter.advance(hours=9)
    assert len(said_to(office.secretary)) == told


async def test_a_member_who_leaves_before_the_question_was_sent(office: Office) -> None:
    await office.member.says("验证码一直收不到")
    await office.counter.settle()
    await leaves(office.counter, "李建国")
    await office.counter.advance(minutes=2)
    assert said_to(office.secretary) == []
    assert await office.counter.rows("SELECT 1 FROM ticket") == []


async def test_an_import_merges_a_branch_into_another(office: Office, vault: Vault) -> None:
    """采油三队 is dissolved: its people are in 采油四队 now, and 王梅 is its deputy secretary."""
    await office.asked()
    counter = office.counter
    numbers = {
        row["name"]: row["employee_no"]
        for row in await counter.rows("SELECT name, employee_no FROM member ORDER BY id")
    }
    lines = [
        "工号,姓名,党支部,党总支,党委,职务",
        *(
            f"{numbers[name]},{name},采油四队党支部,第一党总支,采油一厂党委,{post}"
            for name, post in (("李建国", ""), ("王梅", "副书记"), ("张强", ""), ("孙丽", "书记"))
        ),
        f"{numbers['赵敏']},赵敏,采油四队党支部,第一党总支,采油一厂党委,党总支",
    ]
    async with counter.work() as work:
        file = await importing.read("\n".join(lines).encode(), vault)
        done = await importing.apply(work, file, by=None, full=True, skip_bad=False, random=random.Random(3))
    assert not done.plan.bad
    await counter.advance(minutes=1)
    assert await owner(counter) == "孙丽"
    assert "验证码一直收不到" in found(office.sibling, "直接回复").text
    # 王梅 keeps seeing it: she is of the same branch again. 张强 holds no post any more.
    assert any("验证码" in text for text in said_to(office.secretary))
    await counter.advance(hours=4)
    await counter.advance(hours=1)
    assert await owner(counter) == "王梅"


async def test_an_answer_and_the_ladder_at_the_same_moment(office: Office) -> None:
    """王梅 answers while her time runs out: whichever comes first, one of the two has the ticket, and it is answered."""
    card = await office.asked()
    await office.counter.advance(hours=3)
    await office.counter.settle()
    await office.counter.clock.move_to((await office.counter.ticket())["next_at"])
    await office.secretary.says("清一清短信箱", reply_to=card)
    await office.counter.runtime.sweep()
    await office.counter.settle()
    assert await owner(office.counter) == "王梅"
    row = await office.counter.ticket()
    assert (row["state"], row["next_at"]) == ("answered", None)
    assert any("清一清短信箱" in text for text in said_to(office.member))
    told = [len(said_to(person)) for person in (office.secretary, office.deputy, office.member)]
    await office.counter.advance(hours=8)
    assert [len(said_to(person)) for person in (office.secretary, office.deputy, office.member)] == told


async def test_tickets_at_rest_keep_no_others_waiting(office: Office) -> None:
    """At night a ticket that is due is put off till the morning, once; those of people at work come first again."""
    await office.asked()
    await office.counter.advance(hours=3)
    row = await office.counter.ticket()
    await change(office.counter, "UPDATE ticket SET next_at = :now + 32400000")  # in the evening, at nine
    await office.counter.advance(hours=10)
    night = await office.counter.ticket()
    assert night["warned_at"] == row["warned_at"]
    assert night["owner_id"] == row["owner_id"]
    told = said_to(office.secretary)
    await office.counter.advance(hours=1)
    assert (await office.counter.ticket())["next_at"] == night["next_at"] > office.counter.clock.now()
    assert said_to(office.secretary) == told
    await office.counter.advance(seconds=(night["next_at"] - office.counter.clock.now()) / 1000)
    assert await owner(office.counter) == "张强"


async def test_after_a_restart_nothing_is_done_twice(office: Office) -> None:
    await office.asked()
    await loses_post(office.counter, "王梅")
    await office.counter.restart()
    await office.counter.advance(minutes=1)
    await office.counter.restart()
    for _ in range(3):
        await office.counter.advance(minutes=1)
    people: Sequence[Person] = (office.member, office.secretary, office.deputy)
    for person in people:
        assert len(said_to(person)) == len(set(said_to(person)))
    assert len(await office.counter.rows("SELECT 1 FROM ticket_holding")) == 2
    assert len(await audited(office.counter, "ticket.moved")) == 1


async def test_a_secretary_of_another_branch_never_sees_what_is_not_theirs(office: Office) -> None:
    await office.asked()
    async with office.counter.work() as work:
        far = await factories.unit(
            work.session, "采油五队党支部", UnitKind.BRANCH, office.counter.tree.committee
        )
    stranger = await office.counter.person("钱进", (far, Role.SECRETARY), branch=far)
    for _ in range(10):
        row = await office.counter.ticket()
        await office.counter.advance(seconds=(row["next_at"] - office.counter.clock.now()) / 1000)
    assert said_to(stranger) == []
