"""What staff answer by hand is learnt from when they say so."""

from bot.sandbox import Person, SeenMessage
from tests.faq.learning.conftest import Plant

QUESTION = "请问赵大海的麒麟阁钥匙牌在哪领"


def newest(person: Person, words: str) -> SeenMessage:
    return next(each for each in reversed(person.chat()) if each.from_bot and words in each.text)


async def handed_over(plant: Plant, text: str) -> SeenMessage:
    """李建国 asks, the FAQ is of no help, and 王梅 has the card."""
    answer = await plant.asks(plant.li, text)
    for button in ("都不是", "👎 没解决", "还是转给书记"):
        if button in answer.buttons:
            await plant.taps(plant.li, answer, button)
            break
    await plant.house.advance(minutes=2)
    return newest(plant.wang, "李建国")


async def replied(plant: Plant, to: SeenMessage, text: str) -> SeenMessage:
    await plant.wang.says(text, reply_to=to)
    await plant.house.settle()
    return plant.wang.last()


async def test_under_an_answer_is_the_button_that_makes_an_entry_of_it(plant: Plant) -> None:
    card = await handed_over(plant, QUESTION)
    told = await replied(plant, card, "找王梅书记拿，电话13812345678")
    assert told.buttons == ["结束", "加进常见问题"]
    (row,) = await plant.house.rows("SELECT text, answer, branch_id FROM faq_lesson")
    assert row["branch_id"] == plant.tree.branch
    assert "麒麟阁钥匙牌在哪领" in row["text"]
    assert "赵大海" not in row["text"]
    assert row["answer"] == "找…拿，电话…"

    await plant.taps(plant.wang, told, "加进常见问题")
    group = plant.wang.last()
    assert group.message_id != told.message_id
    assert "有人答复 1 次" in group.text
    assert "找…拿，电话…" in group.text
    assert "结束" in plant.wang.sees(told).buttons
    draft = await plant.taps(plant.wang, group, "写一条新的")
    assert "麒麟阁" in draft.text


async def test_a_further_answer_joins_the_first(plant: Plant) -> None:
    card = await handed_over(plant, QUESTION)
    await replied(plant, card, "稍等我问一下")
    await replied(plant, card, "在一楼值班室领")
    rows = await plant.house.rows("SELECT answer FROM faq_lesson")
    assert [row["answer"] for row in rows] == ["稍等我问一下\n在一楼值班室领"]


async def test_what_was_settled_is_not_brought_up_by_a_further_answer(plant: Plant) -> None:
    card = await handed_over(plant, QUESTION)
    told = await replied(plant, card, "在一楼值班室领")
    await plant.taps(plant.wang, told, "加进常见问题")
    await plant.taps(plant.wang, plant.wang.last(), "不用加")
    again = await replied(plant, card, "下午两点以后去")
    assert again.buttons == ["结束"]
    rows = await plant.house.rows("SELECT state FROM faq_lesson")
    assert [row["state"] for row in rows] == ["dismissed"]


async def test_a_picture_is_no_question_to_learn(plant: Plant) -> None:
    await plant.li.sends_file("photo", PICTURE, caption="麒麟阁钥匙牌在哪领")
    await plant.house.advance(minutes=2)
    told = await replied(plant, newest(plant.wang, "李建国"), "在一楼值班室领")
    assert told.buttons == ["结束"]
    assert await plant.states() == []


async def test_an_answer_in_a_picture_alone_teaches_nothing(plant: Plant) -> None:
    card = await handed_over(plant, QUESTION)
    before = await plant.states()
    await plant.wang.sends_file("photo", PICTURE, reply_to=card)
    await plant.house.settle()
    assert plant.wang.last().buttons == ["结束"]
    assert await plant.states() == before


PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360000002000001e221bc330000"
    "000049454e44ae426082"
)
