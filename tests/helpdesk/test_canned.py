"""Canned replies: looked after by those whose they are, sent with the member's name in them."""

import asyncio
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import helpdesk
from bot.helpdesk.canned import rules
from bot.roster import store as roster
from bot.roster.model import Role
from bot.sandbox import Person, SeenMessage
from tests.helpdesk.conftest import PICTURE, Office, found, said_to, told
from tests.helpdesk.test_claiming import ANSWERING, OUTDATED, end_posts, opened

GREETING = "{姓名}同志您好，请来支部活动室。"
GREETED = "李建国同志您好，请来支部活动室。"
REFUSED = "本支部的工作人员"


async def keep(office: Office, person: Person, text: str, shelf: str = "我自己的") -> SeenMessage:
    """The person keeps a reply on a shelf; what they are told."""
    await person.says("/replies")
    await office.counter.settle()
    home = person.last()
    button = next(each for each in home.buttons if each.startswith(shelf))
    await person.taps(home, button)
    await office.counter.settle()
    await person.taps(person.sees(home), "加一句")
    await office.counter.settle()
    await person.says(text)
    await office.counter.settle()
    return person.last()


async def previewed(office: Office, person: Person, card: SeenMessage, reply: int = 1) -> SeenMessage:
    """The person has come to the preview of the reply under the ticket's card."""
    await person.taps(card, "更多…")
    await office.counter.settle()
    menu = person.last()
    await person.taps(menu, "常用话")
    await office.counter.settle()
    await person.taps(person.sees(menu), data=f"hd.crsee:1:{reply}")
    await office.counter.settle()
    return person.sees(menu)


async def texts(office: Office) -> Sequence[str]:
    rows = await office.counter.rows("SELECT text FROM canned_reply WHERE retired_at IS NULL ORDER BY id")
    return [row["text"] for row in rows]


async def test_kept_once_and_sent_with_the_members_name(office: Office) -> None:
    saved = await keep(office, office.secretary, GREETING)
    assert saved.text == f"记下了。\n我自己的\n{GREETING}"
    card = await office.asked()
    preview = await previewed(office, office.secretary, card)
    assert preview.text == f"发给李建国的是：\n{GREETED}"
    assert preview.buttons == ["发给他", "改一改再发", "‹ 返回"]
    assert GREETED not in "".join(said_to(office.member))
    await office.secretary.taps(preview, "发给他")
    await office.counter.settle()
    answer = office.member.last()
    assert (answer.text, answer.buttons) == (f"王梅书记：{GREETED}", ["已解决", "还有问题"])
    assert "已发给李建国" in office.secretary.sees(preview).text
    row = await office.counter.ticket()
    assert row["state"] == "answered"
    assert row["claimed_at"] is not None
    (kept,) = await office.counter.rows("SELECT used FROM canned_reply")
    assert kept["used"] == 1
    # What the member says to it is threaded under it.
    await office.member.says("好，我去", reply_to=answer)
    await office.counter.settle()
    assert found(office.secretary, "李建国：好，我去").reply_to == preview.message_id


async def test_two_taps_send_it_once(office: Office) -> None:
    await keep(office, office.secretary, GREETING)
    preview = await previewed(office, office.secretary, await office.asked())
    await asyncio.gather(
        office.secretary.taps(preview, "发给他"), office.secretary.taps(preview, data="hd.crsend:1:1")
    )
    await office.counter.settle()
    assert said_to(office.member).count(f"王梅书记：{GREETED}") == 1


async def test_adapted_before_it_is_sent(office: Office) -> None:
    await keep(office, office.secretary, GREETING)
    preview = await previewed(office, office.secretary, await office.asked())
    await office.secretary.taps(preview, "改一改再发")
    await office.counter.settle()
    to_copy, ask = office.secretary.chat()[-2:]
    assert to_copy.text == GREETED
    assert ask.text == "长按复制上面的话，改好发给我，我马上转给李建国。"
    await office.secretary.says("李建国同志您好，请周五来支部活动室。", reply_to=ask)
    await office.counter.settle()
    assert office.member.last().text == "王梅书记：李建国同志您好，请周五来支部活动室。"
    assert office.secretary.last().text == "已发给李建国。办完了就点“结束”。"
    # What is typed next is for nobody.
    await office.secretary.says("怎么导出名单")
    await office.counter.settle()
    assert "怎么导出名单" not in "".join(said_to(office.member))


async def test_adapted_as_a_reply_to_the_card_is_sent_once(office: Office) -> None:
    await keep(office, office.secretary, GREETING)
    card = await office.asked()
    preview = await previewed(office, office.secretary, card)
    await office.secretary.taps(preview, "改一改再发")
    await office.counter.settle()
    await office.secretary.says("请周五来", reply_to=card)
    await office.counter.settle()
    await office.secretary.says("怎么导出名单")
    await office.counter.settle()
    assert [text for text in said_to(office.member) if "王梅书记：" in text] == ["王梅书记：请周五来"]


async def test_the_most_used_comes_first_and_pages_turn(office: Office) -> None:
    for number in range(1, 9):
        await keep(office, office.secretary, f"第 {number} 句")
    async with office.counter.work() as work:
        await work.session.run("UPDATE canned_reply SET used = 5 WHERE text = '第 7 句'")
    card = await office.asked()
    await office.secretary.taps(card, "更多…")
    await office.counter.settle()
    menu = office.secretary.last()
    await office.secretary.taps(menu, "常用话")
    await office.counter.settle()
    first = office.secretary.sees(menu)
    assert first.buttons == ["第 7 句", *(f"第 {n} 句" for n in range(1, 6)), "下一页"]
    await office.secretary.taps(first, "下一页")
    await office.counter.settle()
    assert office.secretary.sees(menu).buttons == ["第 6 句", "第 8 句", "上一页"]
    await office.secretary.says("/replies")
    await office.counter.settle()
    home = office.secretary.last()
    await office.secretary.taps(home, "我自己的（8）")
    await office.counter.settle()
    shelf = office.secretary.sees(home)
    assert shelf.buttons == [*(f"第 {n} 句" for n in range(1, 7)), "下一页", "加一句", "‹ 返回"]
    await office.secretary.taps(shelf, "下一页")
    await office.counter.settle()
    assert office.secretary.sees(home).buttons == ["第 7 句", "第 8 句", "上一页", "加一句", "‹ 返回"]


async def test_changed_taken_off_and_put_back(office: Office) -> None:
    saved = await keep(office, office.secretary, "请来活动室", shelf="采油三队党支部")
    await office.secretary.taps(saved, "改一改")
    await office.counter.settle()
    assert office.secretary.chat()[-2].text == "请来活动室"
    await office.secretary.says("请周五来活动室")
    await office.counter.settle()
    changed = office.secretary.last()
    assert changed.text == "记下了。\n采油三队党支部\n请周五来活动室"
    await office.secretary.taps(changed, "拿掉")
    await office.counter.settle()
    gone = office.secretary.sees(changed)
    assert gone.text == "已拿掉：“请周五来活动室”"
    assert await texts(office) == []
    card = await office.asked()
    assert await told(office.secretary, card, data="hd.crsend:1:1") == (
        "这句常用话已经不在了。发 /replies 看看现有的。"
    )
    await office.secretary.taps(gone, "放回去")
    await office.counter.settle()
    assert await texts(office) == ["请周五来活动室"]
    acts = await office.counter.rows("SELECT act, details FROM audit WHERE act LIKE 'canned.%' ORDER BY id")
    assert [row["act"] for row in acts] == [
        "canned.added",
        "canned.changed",
        "canned.retired",
        "canned.restored",
    ]
    assert "活动室" not in "".join(row["details"] for row in acts)


async def test_each_shelf_is_its_own_staffs(office: Office) -> None:
    """The general branch's replies are seen and used in its branches, and changed by its own staff only; what is
    somebody's own is nobody else's.
    """
    await keep(office, office.secretary, "王梅自己的")
    await keep(office, office.secretary, "三队的", shelf="采油三队党支部")
    await keep(office, office.general, "总支的", shelf="第一党总支")
    await keep(office, office.sibling, "四队的", shelf="采油四队党支部")
    await office.deputy.says("/replies")
    await office.counter.settle()
    home = office.deputy.last()
    assert home.buttons == ["我自己的（0）", "采油三队党支部（1）", "第一党总支（1）", "采油一厂党委（0）"]
    await office.deputy.taps(home, "第一党总支（1）")
    await office.counter.settle()
    shelf = office.deputy.sees(home)
    assert shelf.buttons == ["总支的", "‹ 返回"]
    await office.deputy.taps(shelf, "总支的")
    await office.counter.settle()
    assert office.deputy.sees(home).buttons == ["‹ 返回"]
    for data in ("hd.crchange:3", "hd.croff:3", "hd.cron:3", f"hd.cradd:{office.counter.tree.general}"):
        assert REFUSED in await told(office.deputy, home, data=data)
    for data in ("hd.cropen:1", "hd.crchange:1", "hd.croff:1"):
        assert "常用话已经不在了" in await told(office.deputy, home, data=data)
    for data in ("hd.cropen:4", "hd.croff:4", f"hd.crshelf:{office.counter.tree.sibling}:0"):
        assert REFUSED in await told(office.deputy, home, data=data)
    # Under a ticket: one's own, the branch's and those above; never a sibling's, nor another person's.
    card = await office.asked()
    theirs = await opened(office, office.deputy)
    await office.deputy.taps(theirs, "更多…")
    await office.counter.settle()
    menu = office.deputy.last()
    await office.deputy.taps(menu, "常用话")
    await office.counter.settle()
    assert office.deputy.sees(menu).buttons == ["三队的", "总支的"]
    for person, reply in ((office.deputy, 1), (office.deputy, 4), (office.secretary, 4)):
        shown = menu if person is office.deputy else card
        for tag in ("hd.crsee", "hd.crsend", "hd.cradapt"):
            assert "常用话已经不在了" in await told(person, shown, data=f"{tag}:1:{reply}")
    assert await texts(office) == ["王梅自己的", "三队的", "总支的", "四队的"]


@pytest.mark.parametrize(
    ("sent", "refusal"),
    [
        ("好" * 1_001, "这段有 1001 个字，最多能记 1000 个字。"),
        ("{电话}打给您", "我不认得 {电话}，只有 {姓名} 会换成对方的名字。"),
        ("先来的", "这句已经有了。"),
    ],
)
async def test_what_cannot_be_kept_is_said_and_may_be_sent_again(
    office: Office, sent: str, refusal: str
) -> None:
    await keep(office, office.secretary, "先来的")
    refused = await keep(office, office.secretary, sent)
    assert refusal in refused.text
    await office.secretary.says("改好了")
    await office.counter.settle()
    assert await texts(office) == ["先来的", "改好了"]


async def test_a_picture_is_no_reply_to_keep(office: Office) -> None:
    await keep(office, office.secretary, GREETING)
    home = office.secretary.last()
    await office.secretary.taps(home, data="hd.cradd:~")
    await office.counter.settle()
    await office.secretary.sends_photo(PICTURE)
    await office.counter.settle()
    assert office.secretary.last().text == "常用话请打字发来。图片可以直接发给对方。"
    await office.secretary.taps(found(office.secretary, "请把要加到"), "先不写了")
    await office.counter.settle()
    await office.secretary.says("党费怎么算")
    await office.counter.settle()
    assert office.secretary.last().text.startswith("这个我没有现成的答案")


async def test_written_over_a_colleague_it_is_asked_about(office: Office) -> None:
    await keep(office, office.deputy, GREETING)
    mine = await office.asked()
    theirs = await opened(office, office.deputy)
    await office.secretary.taps(mine, "我来答")
    await office.counter.settle()
    preview = await previewed(office, office.deputy, theirs)
    await office.deputy.taps(preview, "发给他")
    await office.counter.settle()
    assert office.deputy.sees(preview).text == ANSWERING
    assert GREETED not in "".join(said_to(office.member))
    (kept,) = await office.counter.rows("SELECT used FROM canned_reply")
    assert kept["used"] == 0
    await office.deputy.taps(office.deputy.sees(preview), "仍然发出")
    await office.counter.settle()
    assert office.member.last().text == f"张强副书记：{GREETED}"


async def test_closed_meanwhile_it_waits(office: Office) -> None:
    await keep(office, office.secretary, GREETING)
    card = await office.asked()
    preview = await previewed(office, office.secretary, card)
    await office.secretary.taps(card, "结束")
    await office.counter.settle()
    before = said_to(office.member)
    await office.secretary.taps(preview, data="hd.crsend:1:1")
    await office.counter.settle()
    asked = office.secretary.sees(preview)
    assert asked.text.startswith("李建国的这个问题已经结束，这句话我还没发给他。")
    assert said_to(office.member) == before
    await office.secretary.taps(asked, "重新打开并发给他")
    await office.counter.settle()
    assert office.member.last().text == f"王梅书记：{GREETED}"


async def test_a_post_lost_in_between_ends_it(office: Office) -> None:
    await keep(office, office.secretary, GREETING)
    card = await office.asked()
    preview = await previewed(office, office.secretary, card)
    await office.secretary.taps(preview, "改一改再发")
    await office.counter.settle()
    await end_posts(office, "王梅")
    await office.secretary.says("请周五来")
    await office.counter.settle()
    assert office.secretary.last().text.startswith("这件事现在由别的同志负责")
    assert "请周五来" not in "".join(said_to(office.member))
    for data in ("hd.crsend:1:1", "hd.crsee:1:1", "hd.crlist:1:0", "hd.cradapt:1:1"):
        assert "别的同志" in await told(office.secretary, card, data=data)
    for data in ("hd.crhome", "hd.cropen:1", "hd.croff:1", "hd.cradd:~"):
        assert REFUSED in await told(office.secretary, card, data=data)
    await office.secretary.says("党费怎么算")
    await office.counter.settle()
    assert office.secretary.last().text.startswith("这个我没有现成的答案")


async def test_a_post_lost_while_keeping_one(office: Office) -> None:
    await office.secretary.says("/replies")
    await office.counter.settle()
    home = office.secretary.last()
    await office.secretary.taps(home, data=f"hd.cradd:{office.counter.tree.branch}")
    await office.counter.settle()
    await end_posts(office, "王梅")
    await office.secretary.says("请来活动室")
    await office.counter.settle()
    assert REFUSED in office.secretary.last().text
    assert await texts(office) == []
    await office.secretary.says("/replies")
    await office.counter.settle()
    assert REFUSED in office.secretary.last().text


async def test_members_have_none(office: Office) -> None:
    await office.member.says("/replies")
    await office.counter.settle()
    assert REFUSED in office.member.last().text
    for data in ("hd.crhome", "hd.crshelf:~:0", "hd.cradd:~"):
        assert REFUSED in await told(office.member, office.member.last(), data=data)


async def test_without_any_one_is_led_to_the_first(office: Office) -> None:
    card = await office.asked()
    await office.secretary.taps(card, "更多…")
    await office.counter.settle()
    menu = office.secretary.last()
    await office.secretary.taps(menu, "常用话")
    await office.counter.settle()
    empty = office.secretary.sees(menu)
    assert (empty.text, empty.buttons) == ("还没有常用话。点“加一句”，记下第一句。", ["加一句"])
    await office.secretary.taps(empty, "加一句")
    await office.counter.settle()
    await office.secretary.says(GREETING)
    await office.counter.settle()
    assert await texts(office) == [GREETING]


async def test_an_entry_of_the_committee_serves_every_branch(office: Office) -> None:
    admin = await office.counter.person("周文", (office.counter.tree.committee, Role.ADMIN))
    await keep(office, admin, GREETING, shelf="采油一厂党委")
    preview = await previewed(office, office.secretary, await office.asked())
    await office.secretary.taps(preview, "发给他")
    await office.counter.settle()
    assert office.member.last().text == f"王梅书记：{GREETED}"
    assert await told(office.secretary, preview, data="hd.crsend:99:1") == OUTDATED


async def test_who_has_their_data_deleted_leaves_what_is_the_units(office: Office) -> None:
    await keep(office, office.secretary, "王梅自己的")
    await keep(office, office.secretary, "三队的", shelf="采油三队党支部")
    await keep(office, office.deputy, "张强自己的")
    async with office.counter.work() as work:
        secretary = await roster.actor(work.session, office.secretary.id, "zh_CN")
        assert secretary is not None
        await helpdesk.forget(work, secretary)
    assert await texts(office) == ["三队的", "张强自己的"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{姓名}您好", "李建国您好"),
        ("\uff5b姓名\uff5d您好", "李建国您好"),
        ("{ 姓名 }您好，{Name}", "李建国您好，李建国"),
        ("没有名字", "没有名字"),
        ("{别的}", "{别的}"),
        ("{姓名", "{姓名"),
    ],
)
def test_filling_in(text: str, expected: str) -> None:
    assert rules.filled(text, {"姓名", "name"}, "李建国") == expected


@given(text=st.text(), name=st.text())
def test_filling_in_what_is_known_leaves_nothing_unknown_out(text: str, name: str) -> None:
    """A text without a known word stays as it is; one that may be kept holds no other braces with words."""
    words = {"姓名"}
    if "姓名" not in text:
        assert rules.filled(text, words, name) == text
    filled = rules.filled("{姓名}" + text, words, name)
    assert filled.startswith(name)
