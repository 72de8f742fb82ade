"""Joining as people do it, on both sides: tapping, typing, sharing, and tapping too late."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from bot.roster import store
from bot.roster.model import Post, Role
from bot.sandbox import Person, SeenMessage
from tests import factories
from tests.harness import House


@pytest.fixture
async def tree(house: House) -> factories.Tree:
    """王梅 is secretary and 张强 deputy of 采油三队党支部; 孙立 (13800000006) and 丁一 are not bound yet."""
    async with house.work() as work:
        vault = house.zhibu.vault
        tree = await factories.tree(work.session)
        for name, phone in (("孙立", "13800000006"), ("丁一", "13800000008")):
            await factories.member(work.session, name, tree.branch, phone=phone, vault=vault)
    return tree


@pytest.fixture
async def secretary(house: House, tree: factories.Tree) -> Person:
    return await bound(house, "王梅", tree.branch, (tree.branch, Role.SECRETARY))


@pytest.fixture
async def deputy(house: House, tree: factories.Tree, secretary: Person) -> Person:
    return await bound(house, "张强", tree.branch, (tree.branch, Role.DEPUTY))


@pytest.fixture
async def sun(house: House) -> Person:
    """孙立 with his own phone."""
    return house.person("孙", phone="+8613800000006")


async def bound(house: House, name: str, branch: int, *posts: tuple[int, Role], **more: Any) -> Person:
    person = house.person(name, **more)
    async with house.work() as work:
        await factories.member(work.session, name, branch, account=person.id, posts=posts)
    await person.start()
    await house.settle()
    return person


def found(person: Person, text: str) -> SeenMessage:
    """The newest message that holds the text."""
    for message in reversed(person.chat()):
        if text in message.text:
            return message
    raise AssertionError([message.text for message in person.chat()])


async def says(house: House, person: Person, text: str) -> str:
    await person.says(text)
    await house.settle()
    return person.last().text


async def tap(house: House, person: Person, message: SeenMessage, button: str) -> str | None:
    query = await person.taps(message, button)
    await house.settle()
    answer = await person.answer(query)
    return None if answer is None else answer.text


async def is_bound(house: House, person: Person) -> str | None:
    rows = await house.rows(
        "SELECT member.name FROM account JOIN member ON member.id = member_id WHERE account.id = :id",
        id=person.id,
    )
    return rows[0]["name"] if rows else None


def commands(person: Person) -> set[str]:
    return {entry["command"] for entry in person.commands()}


async def test_found_by_the_own_phone(
    house: House, tree: factories.Tree, secretary: Person, sun: Person
) -> None:
    await sun.start()
    await house.settle()
    found(sun, "先认识一下您：点下面的“分享我的手机号”")
    assert "code" not in commands(sun)
    await sun.presses("分享我的手机号")
    await house.settle()
    assert found(sun, "找到您了").text == "找到您了：孙立，采油三队党支部。\n您的支部书记是王梅。"
    assert sun.reply_keyboard is None
    assert await is_bound(house, sun) == "孙立"
    assert "who" in commands(sun)


async def test_somebody_elses_contact_is_refused(house: House, tree: factories.Tree, sun: Person) -> None:
    thief = house.person("贼", phone="+8613900000000")
    await thief.start()
    await thief.shares_contact(of=sun)
    await house.settle()
    assert thief.last().text.startswith("这是别人的名片")
    assert await is_bound(house, thief) is None


async def test_a_forwarded_contact_is_refused(house: House, tree: factories.Tree) -> None:
    person = house.person("小丁", phone="+8613911112222")
    await person.start()
    shared = await person.shares_contact()
    await house.settle()
    async with house.work() as work:
        vault = house.zhibu.vault
        await factories.member(work.session, "丁二", tree.branch, phone="13911112222", vault=vault)
    await person.forwards(shared)
    await house.settle()
    assert person.last().text.startswith("这是别人的名片，或者是转发来的")
    assert await is_bound(house, person) is None


async def test_a_typed_phone_proves_nothing(house: House, tree: factories.Tree, sun: Person) -> None:
    await sun.start()
    assert (await says(house, sun, "13800000006")).startswith("打字输入的号码没法确认是您本人")
    assert await is_bound(house, sun) is None


async def test_confirmed_by_the_secretary(
    house: House, tree: factories.Tree, secretary: Person, deputy: Person
) -> None:
    person = house.person("小丁", phone="+8613911112222")
    await person.start()
    await house.settle()
    await person.presses("分享我的手机号")
    await house.settle()
    found(person, "名册里暂时没有这个号码。没关系。")
    await tap(house, person, person.last(), "请书记帮我确认")
    await tap(house, person, found(person, "第一党总支：您在哪一个？"), "采油三队党支部")
    assert person.last().text == "采油三队党支部，记下了。请输入您的姓名，和名册上一样。"
    assert (await says(house, person, "12345")) == "请只输入姓名，比如：王小明。"
    assert (await says(house, person, "丁一")).startswith("已经请采油三队党支部帮您确认")

    asked = found(secretary, "想加入采油三队党支部")
    assert asked.text == "丁一（Telegram 上叫 小丁）想加入采油三队党支部。您认识吗？"
    found(deputy, "想加入采油三队党支部")
    await tap(house, secretary, asked, "认识，选出是哪位")
    choice = secretary.sees(asked)
    names = [re.sub(r" E\d+", "", label) for label in choice.buttons]
    assert names == ["丁一", "孙立", "不在名册", "不认识，拒绝"]
    await tap(house, secretary, choice, choice.buttons[0])
    await tap(house, secretary, secretary.sees(asked), "对，就是他")
    assert secretary.sees(asked).text == "认好了。已经告诉丁一，现在就能用。"
    assert found(deputy, "丁一的申请").text == "丁一的申请，王梅已经处理了。"
    assert await is_bound(house, person) == "丁一"
    told = found(person, "王梅已经确认您是采油三队党支部的丁一。")
    await tap(house, person, told, "开始")
    assert person.last().message_id > told.message_id


async def test_a_button_tapped_too_late(
    house: House, tree: factories.Tree, secretary: Person, deputy: Person, sun: Person
) -> None:
    await sun.start()
    await house.settle()
    await tap(house, sun, found(sun, "不方便分享号码"), "请书记帮我确认")
    await tap(house, sun, sun.last(), "采油三队党支部")
    await says(house, sun, "孙立")
    late = found(deputy, "想加入")
    await tap(house, secretary, found(secretary, "想加入"), "不认识，拒绝")
    assert sun.last().text.startswith("采油三队党支部没能确认您")
    query = await deputy.taps(late, data=f"join.refuse:{(await requests(house))[0]}")
    await house.settle()
    answer = await deputy.answer(query)
    assert answer is not None
    assert (answer.text, answer.show_alert) == ("王梅已经处理过这个申请了。", True)


async def requests(house: House) -> list[int]:
    return [row["id"] for row in await house.rows("SELECT id FROM join_request ORDER BY id")]


async def test_not_on_the_roster_yet(
    house: House, tree: factories.Tree, secretary: Person, sun: Person
) -> None:
    await sun.start()
    await house.settle()
    await tap(house, sun, found(sun, "不方便分享号码"), "请书记帮我确认")
    await tap(house, sun, sun.last(), "采油三队党支部")
    await says(house, sun, "新来的")
    asked = found(secretary, "想加入")
    await tap(house, secretary, asked, "认识，选出是哪位")
    await tap(house, secretary, secretary.sees(asked), "不在名册")
    assert secretary.sees(asked).text.startswith("已告诉新来的名册里暂时没有")
    assert "过一两天再发 /start 试试" in sun.last().text
    assert await is_bound(house, sun) is None


async def test_a_request_nobody_could_see_waits_for_the_staff(
    house: House, tree: factories.Tree, sun: Person
) -> None:
    await sun.start()
    await house.settle()
    await tap(house, sun, found(sun, "不方便分享号码"), "请书记帮我确认")
    await tap(house, sun, sun.last(), "采油三队党支部")
    assert "还没有人用上支部帮手" in await says(house, sun, "孙立")
    secretary = await bound(house, "王梅", tree.branch, (tree.branch, Role.SECRETARY))
    await house.advance(minutes=1)
    await tap(house, secretary, found(secretary, "想加入采油三队党支部"), "不认识，拒绝")
    await house.advance(minutes=1)
    assert len([message for message in secretary.chat() if "想加入" in message.text]) == 0
    assert "没能确认您" in sun.last().text


async def test_menus_follow_when_posts_change_elsewhere(
    house: House, tree: factories.Tree, secretary: Person
) -> None:
    li = await bound(house, "李建国", tree.branch)
    async with house.work() as work:
        actor = await store.actor(work.session, li.id, "zh_CN")
        assert actor is not None
        assert actor.member is not None
        await store.appoint(work.session, actor.member.id, Post(tree.branch, Role.HELPER), now=work.now)
        await store.appoint(work.session, actor.member.id, Post(tree.branch, Role.HELPER), now=work.now)
    await house.advance(minutes=1)
    assert "code" in commands(li)
    async with house.work() as work:
        await store.dismiss(work.session, actor.member.id, Post(tree.branch, Role.HELPER), now=work.now)
    await house.advance(minutes=1)
    assert "code" not in commands(li)


async def test_a_request_taken_back(
    house: House, tree: factories.Tree, secretary: Person, sun: Person
) -> None:
    await sun.start()
    await house.settle()
    await tap(house, sun, found(sun, "不方便分享号码"), "请书记帮我确认")
    await tap(house, sun, sun.last(), "采油三队党支部")
    await says(house, sun, "孙立")
    await sun.start()
    await house.settle()
    await tap(house, sun, found(sun, "正在等采油三队党支部确认"), "不等了，取消申请")
    assert found(secretary, "这个申请已经解决了").buttons == []


async def test_moving_to_a_new_account(
    house: House, tree: factories.Tree, secretary: Person, sun: Person
) -> None:
    await sun.start()
    await sun.shares_contact()
    await house.settle()
    new = house.person("孙立新号", phone="+8613800000006")
    await new.start()
    await new.shares_contact()
    await house.settle()
    assert new.last().text.startswith("名册上这位已经连着另一个 Telegram 账号")
    assert await is_bound(house, sun) == "孙立"
    await tap(house, secretary, found(secretary, "想换用新的 Telegram 账号"), "换到新账号")
    assert found(secretary, "换好了").text == "换好了。孙立现在用新账号，新旧两边都通知了。"
    assert (await is_bound(house, sun), await is_bound(house, new)) == (None, "孙立")
    assert sun.last().text.startswith("王梅把孙立换到了另一个 Telegram 账号")
    assert new.last().text == "王梅已经确认您是采油三队党支部的孙立。"
    assert "who" not in commands(sun)


async def test_a_code_from_the_secretary(
    house: House, tree: factories.Tree, secretary: Person, sun: Person
) -> None:
    await says(house, secretary, "/code")
    choice = secretary.last()
    await tap(house, secretary, choice, next(label for label in choice.buttons if label.startswith("孙立")))
    told = secretary.sees(choice).text
    code = re.findall(r"\d{4} \d{4}", told)[0]
    assert "72 小时内有效，只能用一次" in told

    await sun.start()
    await house.settle()
    await tap(house, sun, found(sun, "不方便分享号码"), "我有书记给的验证码")
    assert (await says(house, sun, "在哪里看")) == "验证码是 8 位数字，比如 1234 5678。请再输一遍。"
    assert "还可以再试 4 次" in await says(house, sun, "0000 0000")
    for _ in range(4):
        await says(house, sun, "00000000")
    assert (await says(house, sun, code)) == "短时间里试了好几次，先歇一歇，10:00 以后可以再试。"
    await house.advance(hours=1)
    await says(house, sun, code)
    found(sun, "找到您了：孙立")
    assert await is_bound(house, sun) == "孙立"


async def test_a_branch_link_leads_to_its_branch(
    house: House, tree: factories.Tree, secretary: Person
) -> None:
    link = await says(house, secretary, "/link")
    assert link.startswith("采油三队党支部的链接")
    token = re.findall(r"\?start=(\w+)", link)[0]
    person = house.person("小丁", phone="+8613911112222")
    await person.start(token)
    await house.settle()
    found(person, "您好，我是采油三队党支部的支部帮手。")
    await person.shares_contact()
    await house.settle()
    await tap(house, person, person.last(), "我是采油三队党支部的")
    assert (await says(house, person, "丁一")).startswith("已经请采油三队党支部帮您确认")


async def test_a_wrong_link_still_welcomes(house: House, tree: factories.Tree, sun: Person) -> None:
    await sun.start("nonsense")
    await house.settle()
    found(sun, "您好，我是支部帮手。")


async def test_help_and_who(house: House, tree: factories.Tree, secretary: Person) -> None:
    li = await bound(house, "李建国", tree.branch)
    helped = await says(house, li, "/help")
    assert helped.startswith("用 App 遇到难处，直接打字或发截图给我，我在。")
    assert helped.endswith("您的支部书记是王梅。")
    assert "/who 我的支部和书记" in helped
    assert "/code" not in helped
    assert "/code 给成员发一次性验证码" in await says(house, secretary, "/help")
    assert await says(house, li, "/who") == (
        "李建国\n您的支部：采油一厂党委 · 第一党总支 · 采油三队党支部\n您的支部书记是王梅。"
    )
    assert "您的职务：采油三队党支部，支部书记" in await says(house, secretary, "/who")


async def test_a_stranger_is_told_how_to_become_known(
    house: House, tree: factories.Tree, sun: Person
) -> None:
    await sun.start()
    assert (await says(house, sun, "/who")).startswith("我还不认识您。发 /start")
    assert "先发 /start 让我认识您" in await says(house, sun, "/help")


async def test_unknown_commands_get_a_hint(house: House, tree: factories.Tree, secretary: Person) -> None:
    assert (await says(house, secretary, "/nonsense")).startswith("这个命令我不认识")


@pytest.mark.parametrize("command", ["/code", "/link", "/roster"])
async def test_staff_commands_are_refused_to_others(house: House, tree: factories.Tree, command: str) -> None:
    li = await bound(house, "李建国", tree.branch)
    assert "要由本支部的工作人员来办" in await says(house, li, command)


async def test_language_changes_the_menu_too(house: House, tree: factories.Tree, secretary: Person) -> None:
    await says(house, secretary, "/language")
    asked = secretary.last()
    assert asked.buttons == ["中文", "English"]
    await tap(house, secretary, asked, "English")
    assert secretary.sees(asked).text == "All right, from now on in English."
    described = {entry["command"]: entry["description"] for entry in secretary.commands()}
    assert described["who"] == "My branch and my secretary"
    assert (await says(house, secretary, "/help")).startswith("Whatever troubles you")


async def test_an_english_telegram_is_answered_in_english(house: House, tree: factories.Tree) -> None:
    person = house.person("Ann", language_code="en")
    await person.start()
    await house.settle()
    found(person, "Hello, I am your branch helper.")
    await tap(house, person, found(person, "These ways work too"), "中文")
    assert (await says(house, person, "/help")).startswith("一般的问题")


async def test_my_data_and_being_forgotten(
    house: House, tree: factories.Tree, secretary: Person, sun: Person
) -> None:
    await sun.start()
    await sun.shares_contact()
    await house.settle()
    await says(house, sun, "/mydata")
    kept = "\n".join(message.text for message in sun.chat() if message.from_bot)
    for line in (
        "姓名：孙立",
        "手机号：13800000006（加密保存）",
        "月应缴党费：20 元",
        "类别：正式党员，在职",
    ):
        assert line in kept
    await says(house, sun, "/forgetme")
    asked = sun.last()
    assert "名册上您那一行是组织的记录，会保留" in asked.text
    await tap(house, sun, asked, "都留着")
    assert await is_bound(house, sun) == "孙立"
    await says(house, sun, "/forgetme")
    await tap(house, sun, sun.last(), "删除并断开")
    assert found(sun, "已断开").buttons == []
    assert await house.rows("SELECT 1 FROM account WHERE id = :id", id=sun.id) == []
    assert len(await house.rows("SELECT 1 FROM member WHERE name = '孙立' AND left_at IS NULL")) == 1


async def test_logs_and_audit_hold_no_names_or_phones(
    house: House, tree: factories.Tree, secretary: Person, sun: Person, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG", logger="bot")
    await sun.start()
    await sun.shares_contact()
    await house.settle()
    audit = json.dumps([dict(row) for row in await house.rows("SELECT * FROM audit")], ensure_ascii=False)
    contains: Callable[[str], bool] = lambda text: text in audit or text in caplog.text  # noqa: E731 - read once
    assert not any(contains(text) for text in ("孙立", "王梅", "13800000006"))


async def test_who_has_not_started_yet_sees_a_menu_in_their_language(house: House) -> None:
    await house.settle()
    reader, foreigner = house.person("李建国"), house.person("Ann", language_code="en")
    assert "/start 开始，或接着上次继续" in [
        f"/{each['command']} {each['description']}" for each in reader.commands()
    ]
    assert "Begin, or go on where you were" in [each["description"] for each in foreigner.commands()]
    sent = house.sandbox.counters["setMyCommands"]
    await house.restart()
    await house.settle()
    assert house.sandbox.counters["setMyCommands"] == sent
