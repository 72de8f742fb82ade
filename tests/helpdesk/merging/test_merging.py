"""Two questions of one member become one, and nothing that was said is lost."""

import json

from bot.helpdesk import Origin, Question
from bot.sandbox import Person, SeenMessage
from tests.helpdesk.conftest import PICTURE, Office, found, said_to, told

OUTDATED = "这个按钮已经过时了。请用最新的那条消息，或者发 /start。"
NOT_YOURS = "这件事现在由别的同志负责，您刚才的话我没有转出去。归您办的都在 /tickets 里。"


async def taps(office: Office, person: Person, message: SeenMessage, button: str) -> SeenMessage:
    """Taps, and returns the message as it then stands."""
    await person.taps(person.sees(message), button)
    await office.counter.settle()
    return person.sees(message)


async def two(office: Office) -> tuple[SeenMessage, SeenMessage]:
    """李建国 has asked twice; both cards as 王梅 sees them."""
    return await office.asked("验证码收不到"), await office.asked("还是登录不上")


def card_of(office: Office, question: str) -> SeenMessage:
    """王梅's newest card of a question."""
    cards = [each for each in office.secretary.chat() if each.text.startswith("采油三队党支部 李建国")]
    return [each for each in cards if question in each.text][-1]


async def preview(office: Office, card: SeenMessage) -> SeenMessage:
    await taps(office, office.secretary, card, "更多…")
    return await taps(office, office.secretary, office.secretary.last(), "合并")


async def test_the_later_one_goes_into_the_earlier(office: Office) -> None:
    first, second = await two(office)
    await office.member.says("试过三次了", reply_to=found(office.member, "已转给"))
    await office.counter.settle()
    shown = await preview(office, second)
    assert shown.text == (
        "把“还是登录不上”并到“验证码收不到”里：话都放在一起，您回一次就行，我会告诉李建国。"
    )
    assert shown.buttons == ["合并", "‹ 返回"]
    done = await taps(office, office.secretary, shown, "合并")
    assert done.text == "已合并：李建国的求助都在“验证码收不到”那件里，回复那张卡片就行。"
    lines = office.member.last().text.splitlines()
    assert lines[0] == "王梅书记把您的两件合在一起办：“验证码收不到”和“还是登录不上”。"
    assert lines[1].startswith("王梅今天 13:")
    assert office.secretary.sees(second).text.splitlines()[-1] == "已并到他的另一件里。"
    assert office.secretary.sees(second).buttons == []
    assert office.secretary.sees(first).buttons[-1] == "更多…"
    assert "李建国：还是登录不上" in said_to(office.secretary)
    rows = await office.counter.rows("SELECT id, state, close_reason, merged_into FROM ticket ORDER BY id")
    assert [tuple(row.values()) for row in rows] == [(1, "open", None, None), (2, "closed", "merged", 1)]
    said = await office.counter.rows("SELECT ticket_id, text FROM ticket_message ORDER BY id")
    assert {row["ticket_id"] for row in said} == {1}


async def test_replies_to_either_reach_the_one_that_goes_on(office: Office) -> None:
    _, second = await two(office)
    passed = found(office.member, "已转给")
    await taps(office, office.secretary, await preview(office, second), "合并")
    await office.secretary.says("先清短信箱", reply_to=second)
    await office.counter.settle()
    answer = office.member.last()
    assert answer.text == "王梅书记：先清短信箱"
    await office.member.says("好了一半", reply_to=passed)
    await office.counter.settle()
    assert office.secretary.last().text == "李建国：好了一半"
    rows = await office.counter.rows("SELECT ticket_id FROM ticket_message ORDER BY id")
    assert {row["ticket_id"] for row in rows} == {1}
    await told(office.member, answer, data="hd.more:2")
    rows = await office.counter.rows("SELECT state FROM ticket ORDER BY id")
    assert [row["state"] for row in rows] == ["open", "closed"]


async def test_the_members_list_leads_from_one_to_the_other(office: Office) -> None:
    _, second = await two(office)
    await taps(office, office.secretary, await preview(office, second), "合并")
    await office.member.says("/tickets")
    await office.counter.settle()
    await office.member.taps(office.member.last(), place=(0, 0))
    await office.counter.settle()
    view = office.member.last()
    assert view.text.splitlines()[-1] == "和您的另一件合在一起办。"
    assert view.buttons == ["看那一件", "‹ 我的求助"]
    await taps(office, office.member, view, "看那一件")
    assert "您：还是登录不上" in office.member.last().text


async def test_what_waits_is_not_lost_in_what_was_answered(office: Office) -> None:
    await office.answered()
    await office.counter.advance(minutes=31)
    second = await office.asked("另外还登录不上")
    before = await office.counter.ticket()
    await taps(office, office.secretary, await preview(office, second), "合并")
    (kept,) = await office.counter.rows("SELECT * FROM ticket WHERE id = 1")
    assert (kept["state"], kept["deadline"]) == ("open", before["deadline"])
    assert "请在今天" in card_of(office, "验证码一直收不到").text


async def test_a_question_from_the_walk_through_goes_along_with_its_facts(office: Office) -> None:
    await office.asked("登录不上")
    office.counter.prepared = Question("点了没反应", Origin.WALKTHROUGH, (("卡在", "短信验证码"),))
    await office.member.says("卡住了")
    await office.counter.settle()
    card = found(office.secretary, "点了没反应")
    await taps(office, office.secretary, await preview(office, card), "合并")
    (kept,) = await office.counter.rows("SELECT * FROM ticket WHERE id = 1")
    assert json.loads(kept["facts"]) == [["卡在", "短信验证码"]]
    assert "李建国：点了没反应" in said_to(office.secretary)


async def test_of_several_one_is_chosen(office: Office) -> None:
    await two(office)
    third = await office.asked("第三个问题")
    shown = await preview(office, third)
    assert shown.text == "“第三个问题”并到哪一件里？"
    assert [label.split(" · ")[-1] for label in shown.buttons] == ["还是登录不上", "验证码收不到", "‹ 返回"]
    await office.secretary.taps(shown, place=(1, 0))
    await office.counter.settle()
    chosen = office.secretary.sees(shown)
    assert "并到“验证码收不到”里" in chosen.text
    back = await taps(office, office.secretary, chosen, "‹ 返回")
    assert back.text == "“第三个问题”并到哪一件里？"
    await office.secretary.taps(back, place=(0, 0))
    await office.counter.settle()
    await taps(office, office.secretary, back, "合并")
    await taps(office, office.secretary, await preview(office, card_of(office, "还是登录不上")), "合并")
    rows = await office.counter.rows("SELECT merged_into FROM ticket ORDER BY id")
    assert [row["merged_into"] for row in rows] == [None, 1, 1]


async def test_there_must_be_another_one(office: Office) -> None:
    card = await office.asked()
    await taps(office, office.secretary, card, "更多…")
    answer = await told(office.secretary, office.secretary.last(), "合并")
    assert answer == "李建国眼下没有别的求助可以合并。"


async def test_a_colleague_who_had_one_of_them_is_told(office: Office) -> None:
    first, second = await two(office)
    await office.deputy.says("/tickets")
    await office.counter.settle()
    async with office.counter.work() as work:
        await work.session.run(
            "UPDATE ticket SET owner_id = :zhang, rung = 'deputy' WHERE id = 2",
            zhang=office.counter.members["张强"],
        )
    await taps(office, office.secretary, await preview(office, second), "合并")
    assert "王梅书记把李建国的这件并到王梅书记在办的另一件里了，您不用再管这件。" in said_to(office.deputy)
    assert first.text


async def test_crafted_buttons_join_nothing_that_does_not_belong_together(office: Office) -> None:
    _, card = await two(office)
    await office.deputy.says("我自己也有个问题")
    await office.counter.settle()
    await office.deputy.taps(office.deputy.last(), "马上转")
    await office.counter.settle()
    for data, answer in (
        ("hd.mrgdo:1:1", OUTDATED),
        ("hd.mrgdo:3:1", OUTDATED),
        ("hd.mrgto:1:3", OUTDATED),
        ("hd.mrgdo:1:z", OUTDATED),
    ):
        assert await told(office.secretary, card, data=data) == answer, data
    for person in (office.general, office.sibling, office.member):
        await person.says("/tickets")
        await office.counter.settle()
        for data in ("hd.mrg:1", "hd.mrgto:1:2", "hd.mrgdo:1:2"):
            assert await told(person, person.last(), data=data) == NOT_YOURS, (person, data)
    assert await told(office.deputy, office.deputy.last(), data="hd.mrgdo:1:3") == NOT_YOURS
    rows = await office.counter.rows("SELECT merged_into FROM ticket")
    assert {row["merged_into"] for row in rows} == {None}


async def test_what_was_closed_meanwhile_is_not_joined(office: Office) -> None:
    first, second = await two(office)
    shown = await preview(office, second)
    await taps(office, office.secretary, first, "结束")
    assert await told(office.secretary, shown, data="hd.mrgdo:2:1") == "这个问题已经结束了。"
    assert (await office.counter.ticket())["state"] == "open"


async def test_tapping_twice_joins_once(office: Office) -> None:
    _, second = await two(office)
    shown = await preview(office, second)
    await taps(office, office.secretary, shown, "合并")
    assert await told(office.secretary, shown, data="hd.mrgdo:2:1") == "这个问题已经结束了。"
    acts = await office.counter.rows("SELECT act, subject FROM audit WHERE act = 'ticket.merged'")
    assert [tuple(row.values()) for row in acts] == [("ticket.merged", "ticket:2")]


async def test_pictures_go_along(office: Office) -> None:
    await office.asked("验证码收不到")
    await office.member.sends_photo(PICTURE, "这一页打不开")
    await office.counter.advance(seconds=61)
    await taps(office, office.secretary, await preview(office, card_of(office, "这一页打不开")), "合并")
    assert "附截图 1 张" in card_of(office, "验证码收不到").text
    assert "李建国：这一页打不开" in said_to(office.secretary)
