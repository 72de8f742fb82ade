"""Putting a question aside: for a time, or until the member writes; nobody is left in the dark."""

import json

import pytest

from bot.kit.clock import DAY, HOUR
from bot.roster.model import Role
from bot.sandbox import Person, SeenMessage
from tests.helpdesk.conftest import Office, found, said_to, told

NOT_YOURS = "这件事现在由别的同志负责，您刚才的话我没有转出去。归您办的都在 /tickets 里。"
OUTDATED = "这个按钮已经过时了。请用最新的那条消息，或者发 /start。"


async def taps(office: Office, person: Person, message: SeenMessage, button: str) -> SeenMessage:
    """Taps, and returns the message as it then stands."""
    await person.taps(person.sees(message), button)
    await office.counter.settle()
    return person.sees(message)


async def menu(office: Office) -> SeenMessage:
    """王梅 has a question and the choice of times before her."""
    card = await office.asked()
    await taps(office, office.secretary, card, "更多…")
    return await taps(office, office.secretary, office.secretary.last(), "搁置")


async def test_the_choice_of_times(office: Office) -> None:
    shown = await menu(office)
    assert shown.text == "李建国的求助先放到什么时候？我会告诉他，到时候或他一写话就送回来。"
    assert shown.buttons == [
        "1 小时后",
        "今天 14:00",
        "明天 08:30",
        "周一 08:30",
        "等他回话",
        "别的日子",
        "‹ 返回",
    ]


async def test_put_aside_until_tomorrow(office: Office) -> None:
    done = await taps(office, office.secretary, await menu(office), "明天 08:30")
    assert done.text == "搁置到明天 08:30，已告诉李建国。到时候或他一写话，我就送回来。"
    assert done.buttons == ["现在接着办"]
    assert office.member.last().text == "王梅书记明天 08:30 接着办您的问题。有新情况直接发，马上看得到。"
    card = found(office.secretary, "采油三队党支部 李建国")
    assert card.text.splitlines()[-1] == "先搁置，明天 08:30 或他一写话就回来。"
    row = await office.counter.ticket()
    assert (row["state"], row["deadline"], row["next_at"]) == ("open", None, None)

    await office.counter.advance(hours=10)
    assert (await office.counter.ticket())["owner_id"] == office.counter.members["王梅"]
    await office.counter.restart()
    await office.counter.advance(hours=13, minutes=31)
    assert "您让我这时候提醒：李建国的求助。" in said_to(office.secretary)
    brought = office.secretary.last()
    assert "采油三队党支部 李建国" in brought.text
    assert brought.text.splitlines()[-1].startswith("请在今天 12:")
    taken_up, promise = office.member.last().text.splitlines()
    assert taken_up == "王梅书记接着办您的问题了。"
    assert promise.startswith("王梅今天 12:")
    row = await office.counter.ticket()
    assert (row["snoozed_until"], row["warned_at"]) == (None, None)
    told_so_far = said_to(office.secretary), said_to(office.member)
    await office.counter.advance(minutes=1)
    assert (said_to(office.secretary), said_to(office.member)) == told_so_far


async def test_the_clock_runs_on_after_it_came_back(office: Office) -> None:
    await taps(office, office.secretary, await menu(office), "明天 08:30")
    await office.counter.advance(hours=23, minutes=40)
    await office.counter.advance(hours=3, minutes=5)
    assert (await office.counter.ticket())["warned_at"] is not None
    await office.counter.advance(hours=1, minutes=30)
    row = await office.counter.ticket()
    assert row["owner_id"] == office.counter.members["张强"]


async def test_the_members_words_bring_it_back(office: Office) -> None:
    await taps(office, office.secretary, await menu(office), "周一 08:30")
    await office.counter.advance(hours=2)
    await office.member.says("现在又提示密码错", reply_to=office.member.last())
    await office.counter.settle()
    assert office.secretary.last().text == "李建国：现在又提示密码错"
    row = await office.counter.ticket()
    assert row["snoozed_until"] is None
    assert row["deadline"] is not None
    card = found(office.secretary, "采油三队党支部 李建国")
    assert card.text.splitlines()[-1].startswith("请在今天 ")


async def test_thanks_do_not_bring_it_back(office: Office) -> None:
    await taps(office, office.secretary, await menu(office), "周一 08:30")
    await office.member.says("好的", reply_to=office.member.last())
    await office.counter.settle()
    assert (await office.counter.ticket())["snoozed_until"] is not None


async def test_waiting_for_a_word(office: Office) -> None:
    done = await taps(office, office.secretary, await menu(office), "等他回话")
    assert done.text == "等李建国回话，已告诉他。一星期没动静，我就把它送回来。"
    assert office.member.last().text == "王梅书记等您的消息。想到什么直接发，马上看得到。"
    await office.counter.advance(hours=24 * 6)
    assert (await office.counter.ticket())["snoozed_until"] is not None
    await office.counter.advance(hours=25)
    assert "您让我这时候提醒：李建国的求助。" in said_to(office.secretary)


async def test_a_typed_day(office: Office) -> None:
    await taps(office, office.secretary, await menu(office), "别的日子")
    assert office.secretary.last().text == "放到哪天？写成 11-25、周五 或 明天 15:00 都行。"
    for words, answer in (
        ("过几天", "我没看出是哪天。请写成 11-25、周五 或 明天 15:00 这样。"),
        ("2026-10-1", "这个时间已经过了，请写晚一点的。"),
        ("2027-11-1", "太远了，最多两个月。请写近一点的日子。"),
    ):
        await office.secretary.says(words)
        await office.counter.settle()
        assert office.secretary.last().text == answer
    await office.counter.restart()
    await office.secretary.says("11-25")
    await office.counter.settle()
    assert office.secretary.last().text.startswith("搁置到 11 月 25 日 08:30，")
    assert await office.counter.rows("SELECT * FROM dialogue") == []


async def test_leaving_the_typed_day(office: Office) -> None:
    await taps(office, office.secretary, await menu(office), "别的日子")
    prompt = office.secretary.last()
    await taps(office, office.secretary, prompt, prompt.buttons[0])
    assert (await office.counter.ticket())["snoozed_until"] is None
    assert await office.counter.rows("SELECT * FROM dialogue") == []


async def test_a_typed_day_after_the_question_was_closed(office: Office) -> None:
    await taps(office, office.secretary, await menu(office), "别的日子")
    await office.member.taps(found(office.member, "已转给"), data="hd.solved:1")
    await office.counter.settle()
    await office.secretary.says("11-25")
    await office.counter.settle()
    assert office.secretary.last().text == "这个问题已经结束了。"
    assert await office.counter.rows("SELECT * FROM dialogue") == []


async def test_going_on_with_it_earlier(office: Office) -> None:
    done = await taps(office, office.secretary, await menu(office), "周一 08:30")
    done = await taps(office, office.secretary, done, "现在接着办")
    assert done.text == "好的，已告诉他您今天 13:15 前回复。"
    assert office.member.last().text.splitlines()[0] == "王梅书记接着办您的问题了。"
    assert await told(office.secretary, done, data="hd.wake:1") == OUTDATED


async def test_an_answer_ends_it(office: Office) -> None:
    await taps(office, office.secretary, await menu(office), "周一 08:30")
    await office.secretary.says("先清短信箱", reply_to=found(office.secretary, "采油三队党支部 李建国"))
    await office.counter.settle()
    row = await office.counter.ticket()
    assert (row["state"], row["snoozed_until"]) == ("answered", None)


async def test_an_answered_question_put_aside_waits_again(office: Office) -> None:
    await office.answered()
    card = found(office.secretary, "采油三队党支部 李建国")
    await taps(office, office.secretary, card, "更多…")
    shown = await taps(office, office.secretary, office.secretary.last(), "搁置")
    await taps(office, office.secretary, shown, "周一 08:30")
    assert (await office.counter.ticket())["state"] == "open"
    await office.counter.advance(hours=24 * 7)
    assert (await office.counter.ticket())["deadline"] is not None


async def test_if_the_owner_is_gone_by_then_somebody_else_has_it(office: Office) -> None:
    await taps(office, office.secretary, await menu(office), "明天 08:30")
    async with office.counter.work() as work:
        await work.session.run(
            "UPDATE post SET until = :now WHERE member_id = :wang",
            now=work.now,
            wang=office.counter.members["王梅"],
        )
    await office.counter.advance(hours=23, minutes=40)
    row = await office.counter.ticket()
    assert row["owner_id"] == office.counter.members["张强"]
    assert row["deadline"] is not None


async def test_only_its_owner_puts_it_aside(office: Office) -> None:
    shown = await menu(office)
    until = office.counter.clock.now() + HOUR
    await office.deputy.says("/tickets")
    await office.counter.settle()
    for data in ("hd.snz:1", f"hd.snzto:1:{base36(until)}", "hd.snzre:1", "hd.snzday:1", "hd.wake:1"):
        answer = await told(office.deputy, office.deputy.last(), data=data)
        assert answer == "这件由王梅在办，只有本人能搁置。想自己接过来，点卡片上的“我来答”。", data
        for person in (office.general, office.sibling, office.member):
            await person.says("/tickets")
            await office.counter.settle()
            assert await told(person, person.last(), data=data) == NOT_YOURS, (person, data)
    assert (await office.counter.ticket())["snoozed_until"] is None
    assert shown.buttons


@pytest.mark.parametrize("ahead", [61 * DAY, 10**15])
async def test_a_made_up_time_does_nothing(office: Office, ahead: int) -> None:
    shown = await menu(office)
    data = f"hd.snzto:1:{base36(office.counter.clock.now() + ahead)}"
    assert await told(office.secretary, shown, data=data) == OUTDATED
    assert (await office.counter.ticket())["snoozed_until"] is None


async def test_a_time_that_has_passed_is_chosen_anew(office: Office) -> None:
    shown = await menu(office)
    await office.counter.advance(hours=2)
    late = await taps(office, office.secretary, shown, "1 小时后")
    assert late.text == "这个时间已经过了，请另选一个。"
    again = await taps(office, office.secretary, late, "重新选")
    assert "1 小时后" in again.buttons


async def test_it_is_audited(office: Office) -> None:
    done = await taps(office, office.secretary, await menu(office), "明天 08:30")
    until = (await office.counter.ticket())["snoozed_until"]
    await taps(office, office.secretary, done, "现在接着办")
    rows = await office.counter.rows("SELECT act, by_member, details FROM audit ORDER BY id")
    wang = office.counter.members["王梅"]
    assert [(row["act"], row["by_member"], json.loads(row["details"])) for row in rows][-2:] == [
        ("ticket.snoozed", wang, {"until": until}),
        ("ticket.woken", wang, {}),
    ]


async def test_a_practised_hand_with_two_posts_is_still_one_owner(office: Office) -> None:
    """A second post of the owner changes nothing."""
    async with office.counter.work() as work:
        await work.session.run(
            "INSERT INTO post (member_id, unit_id, role, since) VALUES (:m, :u, :role, 0)",
            m=office.counter.members["王梅"],
            u=office.counter.tree.general,
            role=str(Role.GENERAL),
        )
    done = await taps(office, office.secretary, await menu(office), "明天 08:30")
    assert done.buttons == ["现在接着办"]


async def test_a_member_who_sees_nothing_of_it_is_to_be_phoned(office: Office) -> None:
    shown = await menu(office)
    await office.member.blocks()
    await office.counter.settle()
    await taps(office, office.secretary, shown, "明天 08:30")
    assert office.secretary.last().text == "李建国已停用机器人，从这里看不到您的话，请电话联系。"


def base36(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + digits
    return digits
