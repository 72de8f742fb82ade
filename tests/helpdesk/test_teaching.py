"""What the FAQ is offered to learn from answers."""

from bot.helpdesk import Origin, Question
from tests.helpdesk.conftest import PICTURE, Office, found


async def test_question_and_answer_are_offered_with_each_answer(office: Office) -> None:
    card = await office.asked()
    assert office.counter.learnt == []
    await office.secretary.says("稍等", reply_to=card)
    await office.secretary.says("先把短信箱清一清", reply_to=card)
    await office.counter.settle()
    offered = (office.counter.tree.branch, office.member.id, "验证码一直收不到")
    assert office.counter.learnt == [
        (*offered, "稍等", ("login-sms",)),
        (*offered, "稍等\n先把短信箱清一清", ("login-sms",)),
    ]


async def test_an_answer_to_a_closed_question_is_offered_once_it_is_sent(office: Office) -> None:
    card = await office.asked()
    await office.secretary.taps(card, "结束")
    await office.counter.settle()
    await office.secretary.says("对了，先清短信箱", reply_to=card)
    await office.counter.settle()
    assert office.counter.learnt == []
    await office.secretary.taps(office.secretary.last(), "重新打开并发给他")
    await office.counter.settle()
    assert [answer for *_, answer, _ in office.counter.learnt] == ["对了，先清短信箱"]


async def test_what_the_member_adds_is_no_answer(office: Office) -> None:
    answer = await office.answered()
    office.counter.learnt.clear()
    await office.member.says("清了还是不行", reply_to=answer)
    await office.counter.settle()
    assert office.counter.learnt == []


async def test_a_picture_for_an_answer_teaches_nothing(office: Office) -> None:
    card = await office.asked()
    await office.secretary.sends_file("photo", PICTURE, caption="看图", reply_to=card)
    await office.counter.settle()
    assert office.counter.learnt == []


async def test_a_persons_own_affair_teaches_nothing(office: Office) -> None:
    office.counter.prepared = Question("11 月的党费已经缴了", Origin.DUES)
    await office.member.says("卡住了")
    await office.counter.settle()
    await office.secretary.says("看到了", reply_to=found(office.secretary, "11 月的党费"))
    await office.counter.settle()
    assert office.counter.learnt == []


async def test_a_caption_is_half_a_question(office: Office) -> None:
    await office.member.sends_file("photo", PICTURE, caption="这个怎么办")
    await office.counter.advance(seconds=61)
    await office.secretary.says("点右上角", reply_to=found(office.secretary, "直接回复这条消息"))
    await office.counter.settle()
    assert office.counter.learnt == []
