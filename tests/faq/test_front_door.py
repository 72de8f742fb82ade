"""Asking as people do it: typing, tapping, tapping twice, coming back days later."""

from typing import TYPE_CHECKING

import pytest

from bot.sandbox import Person
from tests.faq.hands import ask, tap

if TYPE_CHECKING:
    from tests.harness import House


async def test_an_answer_that_helps(house: "House", li: Person) -> None:
    answer = await ask(house, li, "请问一下验证码怎么老是收不到啊")
    assert answer.text.startswith("收不到")
    assert answer.buttons == ["👍 解决了", "👎 没解决"]
    await tap(house, li, answer, "👍 解决了")
    assert li.sees(answer).text == answer.text
    assert li.sees(answer).buttons == []
    assert li.last().text == "好，解决了就好。再有事，直接打字给我。"

    # The same tap again, from a client that has not seen the change yet.
    query = await li.taps(answer, data="faq.yes:1")
    await house.settle()
    noted = await li.answer(query)
    assert noted is not None
    assert noted.text == "已经记下了。"
    rows = await house.rows("SELECT verdict FROM faq_question")
    assert [row["verdict"] for row in rows] == ["solved"]


async def test_an_answer_that_does_not_help_is_handed_over_as_it_was_written(
    house: "House", li: Person
) -> None:
    question = "请问一下验证码怎么老是收不到啊"
    answer = await ask(house, li, question)
    await house.restart()
    await tap(house, li, answer, "👎 没解决")
    assert li.sees(answer).buttons == []
    assert "王梅" in li.last().text
    rows = await house.rows("SELECT question, shown FROM ticket")
    assert [(row["question"], row["shown"]) for row in rows] == [(question, '["login-sms"]')]
    assert await house.rows("SELECT 1 FROM faq_asked") == []


async def test_suggestions_are_looked_at_and_left(house: "House", li: Person) -> None:
    suggested = await ask(house, li, "闪退")
    assert suggested.text == "您问的是哪一个？点一下。"
    *titles, last = suggested.buttons
    assert 1 <= len(titles) <= 3
    assert last == "都不是"

    await tap(house, li, suggested, titles[0])
    opened = li.sees(suggested)
    assert opened.text.startswith(titles[0])
    assert opened.buttons == ["👍 解决了", "👎 没解决", "‹ 返回"]
    await tap(house, li, opened, "‹ 返回")
    assert li.sees(suggested).buttons == [*titles, "都不是"]
    await tap(house, li, li.sees(suggested), "都不是")
    assert li.sees(suggested).buttons == []
    rows = await house.rows("SELECT question FROM ticket")
    assert [row["question"] for row in rows] == ["闪退"]


async def test_an_old_button_is_answered_kindly(house: "House", li: Person) -> None:
    answer = await ask(house, li, "请问一下验证码怎么老是收不到啊")
    await house.advance(days=8)
    told = await tap(house, li, answer, "👎 没解决")
    assert told == "这是好些天前的事，您的问题我没有留着。请再打一遍。"
    assert await house.rows("SELECT 1 FROM ticket") == []


async def test_somebody_not_on_the_roster_gets_public_answers_and_the_way_in(house: "House") -> None:
    stranger = house.person("路人")
    await stranger.start()
    await house.settle()
    answer = await ask(house, stranger, "请问一下验证码怎么老是收不到啊")
    assert answer.buttons == ["👍 解决了", "👎 没解决"]
    await tap(house, stranger, answer, "👎 没解决")
    assert "/start" in stranger.last().text
    assert await house.rows("SELECT 1 FROM ticket") == []


async def test_small_talk_gets_a_word_and_no_ticket(house: "House", li: Person) -> None:
    for text in ("你好", "谢谢", "👍👍", "???", "asdfghjkl"):
        before = li.last().message_id
        answer = await ask(house, li, text)
        assert answer.message_id > before + 1, text
    last = li.last().message_id
    await house.advance(minutes=5)
    assert li.last().message_id == last
    assert await house.rows("SELECT 1 FROM ticket") == []


async def test_what_is_none_of_the_bots_business_is_declined(house: "House", li: Person) -> None:
    answer = await ask(house, li, "食堂几点开饭")
    assert answer.buttons == ["还是转给书记", "看看能问什么"]
    await tap(house, li, answer, "看看能问什么")
    assert any(label.startswith("交党费 · ") for label in li.sees(answer).buttons)
    assert await house.rows("SELECT 1 FROM ticket") == []


async def test_what_was_declined_goes_to_the_secretary_all_the_same(house: "House", li: Person) -> None:
    answer = await ask(house, li, "食堂几点开饭")
    await tap(house, li, answer, "还是转给书记")
    assert li.sees(answer).buttons == []
    assert "王梅" in li.last().text
    rows = await house.rows("SELECT question, shown FROM ticket")
    assert [(row["question"], row["shown"]) for row in rows] == [("食堂几点开饭", "[]")]


@pytest.mark.parametrize("words", ["我对支部书记有意见", "书记太不负责了我要投诉他"])
async def test_a_complaint_about_the_secretary_never_reaches_the_secretary(
    house: "House", li: Person, words: str
) -> None:
    answer = await ask(house, li, words)
    assert answer.buttons == ["看看能问什么"]
    await house.advance(minutes=5)
    assert await house.rows("SELECT 1 FROM ticket") == []


async def test_a_decline_that_needs_a_person_is_handed_over_too(house: "House", li: Person) -> None:
    before = li.last().message_id
    await ask(house, li, "能不能撤销我的处分呢")
    said = [message for message in li.chat() if message.message_id > before + 1]
    assert len(said) == 2
    assert "王梅" in said[1].text


async def test_the_whole_of_it_in_english(house: "House", li: Person) -> None:
    async with house.work() as work:
        await work.session.run("UPDATE account SET language = 'en' WHERE id = :id", id=li.id)
    answer = await ask(house, li, "请问一下验证码怎么老是收不到啊")
    assert answer.buttons == ["👍 Solved", "👎 Not solved"]
    assert answer.text.splitlines()[0].isascii()


async def test_content_changed_while_running_is_matched_by_the_next_question(
    house: "House", li: Person
) -> None:
    async with house.work() as work:
        await work.session.run(
            "INSERT INTO faq_phrasing (entry_id, place, text) SELECT id, 9999, '麒麟阁怎么走' FROM faq_entry"
            " WHERE slug = 'pay-how' AND language = 'zh'"
        )
        await work.session.run("UPDATE faq_content SET version = version + 1")
    answer = await ask(house, li, "麒麟阁怎么走")
    rows = await house.rows("SELECT shown FROM faq_question")
    assert [row["shown"] for row in rows] == ['["pay-how"]']
    assert answer.buttons == ["👍 解决了", "👎 没解决"]


async def test_long_and_odd_texts(house: "House", li: Person) -> None:
    await ask(house, li, "验证码收不到，" + "我在井上值夜班，信号也不好，" * 250)
    assert li.last().buttons
    await ask(house, li, "<b>&amp; {name} %s [x](y) 验证码收不到")
    assert li.last().buttons
