"""What a member sees of their own tickets, in whatever state: who has it, by when, and what they can do."""

from bot.roster.model import Role
from bot.sandbox import Person, SeenMessage
from tests.helpdesk.conftest import PICTURE, Counter, Office, found, said_to, told

OUTDATED = "这个按钮已经过时了。请用最新的那条消息，或者发 /start。"
NOT_YOURS = "这件事现在由别的同志负责，您刚才的话我没有转出去。归您办的都在 /tickets 里。"


async def opened(office: Office) -> SeenMessage:
    """李建国 opens the newest of his questions in /tickets."""
    await office.member.says("/tickets")
    await office.counter.settle()
    await office.member.taps(office.member.last(), place=(0, 0))
    await office.counter.settle()
    return office.member.last()


async def settled(office: Office) -> SeenMessage:
    """李建国's question is answered and settled; the answer as he sees it."""
    answer = await office.answered()
    await office.member.taps(answer, "已解决")
    await office.counter.settle()
    return answer


async def taps(office: Office, person: Person, message: SeenMessage, button: str) -> SeenMessage:
    await person.taps(message, button)
    await office.counter.settle()
    return person.last()


def last_line(message: SeenMessage) -> str:
    return message.text.splitlines()[-1]


async def test_what_is_about_to_be_passed_on(office: Office) -> None:
    await office.member.says("验证码收不到")
    await office.counter.settle()
    view = await opened(office)
    assert last_line(view) == "马上转给支部，现在还可以补充。"
    assert view.buttons == ["马上转", "不用了", "‹ 我的求助"]
    await taps(office, office.member, view, "马上转")
    assert (await office.counter.ticket())["state"] == "open"


async def test_what_waits_says_who_has_it_and_until_when(office: Office) -> None:
    await office.asked()
    view = await opened(office)
    assert view.text.splitlines()[-2:] == [
        "已转给您的支部书记王梅。",
        "王梅今天 13:00 前会回您。有了回复我马上告诉您。",
    ]
    assert view.buttons == ["补充", "已解决", "撤回", "‹ 我的求助"]
    await office.member.taps(view, "‹ 我的求助")
    await office.counter.settle()
    assert office.member.sees(view).buttons == ["11-02 · 等回复 · 验证码一直收不到"]


async def test_what_is_late_is_said_to_be_late(counter: Counter) -> None:
    """With nobody on the ladder above, the member is not told of a time that has passed."""
    member = await counter.person("李建国")
    secretary = await counter.person("王梅", (counter.tree.branch, Role.SECRETARY))
    office = Office(counter, member, secretary, secretary, secretary, secretary)
    await office.asked()
    await counter.advance(hours=3, minutes=10)
    await counter.advance(hours=1, minutes=20)
    assert last_line(await opened(office)) == "王梅书记还没顾上，我在催。着急的话，请直接打电话。"


async def test_what_nobody_has_says_whom_to_phone(counter: Counter) -> None:
    member = await counter.person("李建国")
    secretary = await counter.person("王梅", (counter.tree.branch, Role.SECRETARY))
    await secretary.blocks()
    await counter.settle()
    office = Office(counter, member, secretary, secretary, secretary, secretary)
    await member.says("验证码收不到")
    await counter.advance(seconds=61)
    view = await opened(office)
    assert last_line(view) == "着急的话，请直接给王梅书记打电话。"
    assert view.buttons == ["补充", "已解决", "撤回", "‹ 我的求助"]
    added = await taps(office, member, view, "补充")
    assert added.text == "想补充什么？直接打字或发截图，我和您的问题放在一起。"


async def test_what_was_answered_says_when(office: Office) -> None:
    await office.answered()
    view = await opened(office)
    assert last_line(view).startswith("王梅书记 11-02 09:0")
    assert view.buttons == ["已解决", "还有问题", "‹ 我的求助"]


async def test_adding_to_it(office: Office) -> None:
    await office.asked()
    prompt = await taps(office, office.member, await opened(office), "补充")
    assert prompt.text == "想补充什么？直接打字或发截图，王梅马上看得到。"
    await office.member.says("是安卓手机")
    await office.counter.settle()
    assert office.secretary.last().text == "李建国：是安卓手机"
    await office.member.sends_file("photo", PICTURE, caption="就是这页", reply_to=prompt)
    await office.counter.settle()
    assert office.secretary.last().text == "李建国：就是这页"


async def test_only_what_waits_can_be_added_to(office: Office) -> None:
    view = await settled(office)
    assert await told(office.member, view, data="hd.add:1") == OUTDATED


async def test_taking_it_back(office: Office) -> None:
    card = await office.asked()
    view = await opened(office)
    back = await taps(office, office.member, view, "撤回")
    assert back.text == "已撤回，也告诉王梅书记不用再回了。"
    assert back.buttons == ["还是要问"]
    assert office.secretary.last().text == "李建国把这个问题撤回了，不用再办。"
    assert office.secretary.sees(card).buttons == []
    row = await office.counter.ticket()
    assert (row["state"], row["close_reason"], row["deadline"]) == ("closed", "withdrawn", None)
    told_staff = said_to(office.secretary)
    await office.counter.advance(hours=30)
    assert said_to(office.secretary) == told_staff
    assert last_line(await opened(office)) == "11-02 您撤回了。"
    assert await told(office.member, view, data="hd.undo:1") == "这个问题已经结束了。"


async def test_what_was_taken_back_can_be_asked_after_all(office: Office) -> None:
    await office.asked()
    back = await taps(office, office.member, await opened(office), "撤回")
    await taps(office, office.member, back, "还是要问")
    row = await office.counter.ticket()
    assert (row["state"], row["close_reason"]) == ("open", None)
    assert row["deadline"] is not None
    assert office.secretary.last().text == "李建国说这件还有问题，他接着会写给您。"


async def test_nothing_unsent_can_be_taken_back(office: Office) -> None:
    await office.member.says("验证码收不到")
    await office.counter.settle()
    assert await told(office.member, office.member.last(), data="hd.undo:1") == OUTDATED


async def test_crafted_buttons_reach_nobody_elses_tickets(office: Office) -> None:
    await office.asked()
    await office.sibling.says("我也问一个")
    await office.counter.settle()
    for person in (office.sibling, office.secretary, office.general):
        await person.says("/tickets")
        await office.counter.settle()
        for data in ("hd.add:1", "hd.undo:1", "hd.more:1", "hd.solved:1", "hd.rate:1:good", "hd.say:1"):
            assert await told(person, person.last(), data=data) == NOT_YOURS, data
    assert (await office.counter.ticket())["close_reason"] is None
    rows = await office.counter.rows("SELECT state FROM ticket WHERE id = 1")
    assert rows[0]["state"] == "open"


async def test_how_it_ended_is_said(office: Office) -> None:
    endings = {
        "solved": "11-02 您说已经解决。",
        "done": "11-02 王梅书记结束了。",
        "phoned": "11-02 王梅书记和您在电话里办好了。",
        "quiet": "回复后一星期没有新消息，11-02 已结束。",
        "no_answer": "王梅书记问过您，没等到回话，11-02 先放下了。",
        "not_ours": "11-02 王梅书记看过，这件支部帮不上，已结束。",
        "left": "11-02 已结束。",
    }
    await settled(office)
    wang, li = office.counter.members["王梅"], office.counter.members["李建国"]
    for reason, words in endings.items():
        by = {"solved": li, "quiet": None, "left": None}.get(reason, wang)
        async with office.counter.work() as work:
            await work.session.run("UPDATE ticket SET close_reason = :r, closed_by = :by", r=reason, by=by)
        view = await opened(office)
        assert last_line(view) == words
        assert view.buttons == ["还有问题", "帮上了", "一般", "没帮上", "‹ 我的求助"]


async def test_internal_notes_and_held_words_are_not_shown(office: Office) -> None:
    await office.answered()
    async with office.counter.work() as work:
        for direction in ("noted", "held"):
            await work.session.run(
                "INSERT INTO ticket_message (ticket_id, author_id, direction, kind, text, at)"
                " VALUES (1, :author, :direction, 'text', :text, :now)",
                author=office.counter.members["王梅"],
                direction=direction,
                text=f"悄悄话{direction}",
                now=work.now,
            )
    assert "悄悄话" not in (await opened(office)).text


async def test_long_after_the_end_a_tap_begins_a_new_question_that_names_the_old(office: Office) -> None:
    await settled(office)
    await office.counter.advance(hours=24 * 8)
    view = await opened(office)
    assert view.buttons == ["接着问", "‹ 我的求助"]
    prompt = await taps(office, office.member, view, "接着问")
    assert (
        prompt.text
        == "那件 11-02 就结束了。把现在的情况打字或截图发给我，我作为新的一件转过去，并注明接着那一件。"
    )
    await office.counter.restart()
    await office.member.says("验证码又收不到了")
    await office.counter.settle()
    offer = office.member.last()
    assert offer.text.startswith("收到，正在转给您的支部书记王梅。")
    await taps(office, office.member, offer, "马上转")
    card = found(office.secretary, "验证码又收不到了")
    assert "接着 2026-11-02 的“验证码一直收不到”。" in card.text
    rows = await office.counter.rows("SELECT id, state, follows_id FROM ticket ORDER BY id")
    assert [tuple(row.values()) for row in rows] == [(1, "closed", None), (2, "open", 1)]
    await office.member.says("怎么交党费")
    await office.counter.settle()
    assert "没有现成的答案" in office.member.last().text


async def test_what_follows_a_deleted_question_names_its_day_only(office: Office) -> None:
    answer = await settled(office)
    await office.counter.advance(hours=24 * 366)
    await told(office.member, answer, data="hd.more:1")
    await office.counter.settle()
    await office.member.says("验证码又收不到了")
    await office.counter.advance(seconds=61)
    assert "接着 2026-11-02 的一件。" in found(office.secretary, "验证码又收不到了").text


async def test_not_asking_on_after_all(office: Office) -> None:
    await settled(office)
    await office.counter.advance(hours=24 * 8)
    prompt = await taps(office, office.member, await opened(office), "接着问")
    await office.member.taps(prompt, prompt.buttons[0])
    await office.counter.settle()
    assert office.member.sees(prompt).buttons == []
    assert await office.counter.rows("SELECT * FROM dialogue") == []
    assert len(await office.counter.rows("SELECT id FROM ticket")) == 1


async def test_pages_are_walked_in_place(office: Office) -> None:
    for number in range(8):
        await office.asked(f"第{number}个问题")
    await office.member.says("/tickets")
    await office.counter.settle()
    first = office.member.last()
    assert first.text == "您的求助。点一件，看谁在办、什么时候回您。"
    assert len(first.buttons) == 7
    await office.member.taps(first, "下一页")
    await office.counter.settle()
    assert [label.split(" · ")[-1] for label in office.member.sees(first).buttons] == [
        "第1个问题",
        "第0个问题",
        "上一页",
    ]


async def test_a_contact_cannot_be_added(office: Office) -> None:
    await settled(office)
    await office.counter.advance(hours=24 * 8)
    await taps(office, office.member, await opened(office), "接着问")
    friend = office.counter.sandbox.add_person(first_name="钱进", phone="13800000001")
    await office.member.shares_contact(of=friend)
    await office.counter.settle()
    assert office.member.last().text.startswith("这种消息我转不过去")
    assert len(await office.counter.rows("SELECT * FROM dialogue")) == 1


async def test_what_is_asked_may_belong_to_a_question_that_waits(office: Office) -> None:
    await office.asked()
    await office.member.says("我是安卓手机")
    await office.counter.settle()
    offer = office.member.last()
    assert offer.buttons == ["马上转", "不用了", "是“验证码一直收不到”那件"]
    await office.member.sends_photo(PICTURE, "就这页")
    await office.counter.settle()
    await office.member.taps(offer, "是“验证码一直收不到”那件")
    await office.counter.settle()
    lines = office.member.sees(offer).text.splitlines()
    assert lines[0] == "已放进“验证码一直收不到”那件里。"
    assert lines[1].startswith("王梅今天 13:")
    assert said_to(office.secretary)[-2:] == ["李建国：我是安卓手机", "李建国：就这页"]
    await office.counter.advance(minutes=2)
    assert len(await office.counter.rows("SELECT id FROM ticket")) == 1
    await office.secretary.says("好，我看看", reply_to=office.secretary.last())
    await office.counter.settle()
    assert office.member.last().text == "王梅书记：好，我看看"


async def test_what_is_asked_may_open_a_closed_question_again(office: Office) -> None:
    await settled(office)
    await office.counter.advance(hours=24)
    await office.member.says("又不行了")
    await office.counter.settle()
    offer = office.member.last()
    await office.member.taps(offer, "是“验证码一直收不到”那件")
    await office.counter.settle()
    assert office.secretary.last().text == "李建国：又不行了"
    row = await office.counter.ticket()
    assert (row["id"], row["state"], row["close_reason"]) == (1, "open", None)
    assert await told(office.member, offer, data="hd.goeson:2:1") == OUTDATED


async def test_what_was_closed_long_ago_is_not_offered(office: Office) -> None:
    await settled(office)
    await office.counter.advance(hours=24 * 8)
    await office.member.says("又不行了")
    await office.counter.settle()
    offer = office.member.last()
    assert offer.buttons == ["马上转", "不用了"]
    assert await told(office.member, offer, data="hd.goeson:2:1") == OUTDATED
    assert (await office.counter.ticket())["state"] == "gathering"


async def test_nothing_goes_on_in_somebody_elses_question(office: Office) -> None:
    await office.asked()
    await office.sibling.says("我也问一个")
    await office.counter.settle()
    theirs = office.sibling.last()
    assert theirs.buttons == ["马上转", "不用了"]
    for data in ("hd.goeson:2:1", "hd.goeson:1:2", "hd.goeson:1:1"):
        assert await told(office.sibling, theirs, data=data) == NOT_YOURS
    sent = await told(office.member, office.member.last(), data="hd.goeson:1:1")
    assert sent == "这个问题已经转过去了。想补充，回复我那条消息就行。"


async def test_what_is_typed_right_after_the_staff_closed_it_is_about_it(office: Office) -> None:
    card = await office.asked()
    await taps(office, office.secretary, card, "结束")
    await office.member.says("谢谢")
    await office.counter.settle()
    assert (await office.counter.ticket())["state"] == "closed"
    await office.member.says("可是还是收不到")
    await office.counter.settle()
    assert office.secretary.last().text == "李建国：可是还是收不到"
    passed, promise = office.member.last().text.splitlines()
    assert passed == "已转给王梅。"
    assert promise.startswith("王梅今天 13:")
    assert (await office.counter.ticket())["state"] == "open"


async def test_what_is_put_aside_says_until_when(office: Office) -> None:
    card = await office.asked()
    await taps(office, office.secretary, card, "更多…")
    await taps(office, office.secretary, office.secretary.last(), "搁置")
    await office.secretary.taps(office.secretary.last(), "明天 08:30")
    await office.counter.settle()
    view = await opened(office)
    assert last_line(view) == "王梅书记明天 08:30 接着办您的问题。有新情况直接发，马上看得到。"
    assert view.buttons == ["补充", "已解决", "撤回", "‹ 我的求助"]


async def test_what_is_typed_after_a_kind_word_is_a_question_of_its_own(office: Office) -> None:
    card = await office.asked()
    await taps(office, office.secretary, card, "结束")
    await taps(office, office.member, office.member.last(), "帮上了")
    await office.member.says("食堂的冬枣在哪个窗口领")
    await office.counter.settle()
    assert office.member.last().buttons == ["马上转", "不用了", "是“验证码一直收不到”那件"]


async def test_what_is_typed_after_an_unkind_word_is_about_it(office: Office) -> None:
    card = await office.asked()
    await taps(office, office.secretary, card, "结束")
    await taps(office, office.member, office.member.last(), "没帮上")
    await office.member.says("还是收不到")
    await office.counter.settle()
    assert office.secretary.last().text == "李建国：还是收不到"
