"""The staff's inbox, the search and a member's earlier questions, by tapping and typing."""

from bot.kit.clock import MINUTE
from bot.roster.model import Role
from bot.sandbox import Person, SeenMessage
from tests import factories
from tests.helpdesk.conftest import Office, found, said_to, told


async def asks(office: Office, person: Person, text: str) -> None:
    await person.says(text)
    await office.counter.settle()
    await person.taps(person.last(), "马上转")
    await office.counter.settle()


async def sees(office: Office, person: Person, text: str) -> SeenMessage:
    await person.says(text)
    await office.counter.settle()
    return person.last()


def card(person: Person, question: str) -> SeenMessage:
    """The newest card of the ticket that asks this."""
    return next(each for each in reversed(person.chat()) if question in each.text.splitlines()[1:2])


async def taps(office: Office, person: Person, message: SeenMessage, label: str) -> SeenMessage:
    await person.taps(message, label)
    await office.counter.settle()
    return person.sees(message)


async def owned_by(office: Office, ticket: int, name: str) -> None:
    """As after the ladder has climbed."""
    async with office.counter.work() as work:
        await work.session.run(
            "UPDATE ticket SET owner_id = :owner WHERE id = :id",
            owner=office.counter.members[name],
            id=ticket,
        )


async def test_filters_show_what_they_count(office: Office) -> None:
    for number in range(4):
        await asks(office, office.member, f"第{number}个问题")
    first = card(office.secretary, "第0个问题")
    await office.secretary.says("好的，下午办", reply_to=first)
    await office.counter.settle()
    await owned_by(office, 2, "张强")
    async with office.counter.work() as work:
        await work.session.run("UPDATE ticket SET warned_at = :now WHERE id = 3", now=work.now)
        await work.session.run(
            "UPDATE ticket SET snoozed_until = :later, deadline = NULL, next_at = NULL WHERE id = 4",
            later=work.now + 90 * MINUTE,
        )
    inbox = await sees(office, office.secretary, "/tickets")
    assert inbox.text == (
        "有 2 件等着回复。\n其中 1 件快到时间或已过时间。\n另有 1 件已回复，还没结束。\n点一件，我把它发到最下面。"
    )
    assert inbox.buttons == [
        *("• 全部 4", "待我回 1", "快到时间 1", "已回 1", "搁置 1"),
        *(
            "李建国 · 第1个问题",
            "⏰ 李建国 · 第2个问题",
            "已回复 · 李建国 · 第0个问题",
            "搁置 · 李建国 · 第3个问题",
        ),
        *("几点提醒我", "我自己问的"),
    ]
    shown = {}
    for label in ("待我回 1", "快到时间 1", "已回 1", "搁置 1"):
        page = await taps(office, office.secretary, inbox, label)
        shown[label] = [each.split(" · ")[-1] for each in page.buttons if "个问题" in each]
        assert f"• {label}" in page.buttons
        assert f"{label.split()[0]}：1 件" in page.text
    assert shown == {
        "待我回 1": ["第2个问题"],
        "快到时间 1": ["第2个问题"],
        "已回 1": ["第0个问题"],
        "搁置 1": ["第3个问题"],
    }
    # What is chosen and has become empty is shown as empty.
    async with office.counter.work() as work:
        await work.session.run("UPDATE ticket SET warned_at = NULL WHERE id = 3")
    page = await taps(office, office.secretary, inbox, "快到时间 1")
    assert "快到时间：0 件" in page.text


async def test_a_long_inbox_has_pages(office: Office) -> None:
    for number in range(8):
        await asks(office, office.member, f"第{number}个问题")
    inbox = await sees(office, office.secretary, "/tickets")
    assert inbox.text == "有 8 件等着回复。\n点一件，我把它发到最下面。"
    assert inbox.buttons == [
        *(f"李建国 · 第{number}个问题" for number in range(5)),
        *("下一页", "几点提醒我", "我自己问的"),
    ]
    second = await taps(office, office.secretary, inbox, "下一页")
    assert second.buttons == [
        *(f"李建国 · 第{number}个问题" for number in range(5, 8)),
        *("上一页", "几点提醒我", "我自己问的"),
    ]
    await office.secretary.taps(second, "李建国 · 第6个问题")
    await office.counter.settle()
    assert "第6个问题" in office.secretary.last().text
    assert office.secretary.last().buttons[-1] == "更多…"


async def test_what_was_promised_earlier_comes_first(office: Office) -> None:
    await asks(office, office.member, "早的问题")
    await asks(office, office.member, "晚的问题")
    async with office.counter.work() as work:
        await work.session.run("UPDATE ticket SET deadline = deadline - 60000 WHERE id = 2")
    inbox = await sees(office, office.secretary, "/tickets")
    assert [label.split(" · ")[-1] for label in inbox.buttons[:2]] == ["晚的问题", "早的问题"]


async def test_others_see_only_what_is_theirs(office: Office) -> None:
    await asks(office, office.member, "支部的事")
    await asks(office, office.member, "上面帮着办的事")
    for outsider in (office.general, office.sibling):
        inbox = await sees(office, outsider, "/tickets")
        assert inbox.text == "眼下没有等您回复的问题。"
        assert inbox.buttons == ["几点提醒我", "我自己问的"]
    await owned_by(office, 2, "孙丽")
    async with office.counter.work() as work:
        await work.session.run(
            "INSERT INTO ticket_guest (ticket_id, member_id, asked_by, since) VALUES (1, :guest, :by, :now)",
            guest=office.counter.members["赵敏"],
            by=office.counter.members["王梅"],
            now=work.now,
        )
    inbox = await sees(office, office.sibling, "/tickets")
    assert [label for label in inbox.buttons if "李建国" in label] == ["李建国 · 上面帮着办的事"]
    inbox = await sees(office, office.general, "/tickets")
    assert [label for label in inbox.buttons if "李建国" in label] == ["李建国 · 支部的事"]
    # Only while it is theirs, and only with a post.
    await owned_by(office, 2, "王梅")
    async with office.counter.work() as work:
        await work.session.run(
            "UPDATE post SET until = :now WHERE member_id = :member",
            now=work.now,
            member=office.counter.members["赵敏"],
        )
    for outsider in (office.sibling, office.general):
        said = (await sees(office, outsider, "/tickets")).text
        assert "李建国" not in said + "".join(outsider.last().buttons)
        for label in ("支部的事", "上面"):
            missed = await sees(office, outsider, f"/find {label}")
            assert "没有" in missed.text
            assert "李建国" not in "".join(missed.buttons)
    assert "下属" not in await told(office.general, office.general.last(), data="hd.inbox:all:0")
    await office.counter.settle()
    assert "李建国" not in "".join(said_to(office.general)[-3:])


async def test_a_member_without_a_post_finds_an_empty_inbox_behind_a_crafted_button(office: Office) -> None:
    await asks(office, office.member, "支部的事")
    last = office.member.last()
    await told(office.member, last, data="hd.inbox:all:0")
    await office.counter.settle()
    assert office.member.sees(last).text == "眼下没有等您回复的问题。"


async def test_the_branch_filter_parts_own_branch_from_what_was_taken_over(office: Office) -> None:
    await asks(office, office.member, "三队的事")
    await owned_by(office, 1, "孙丽")
    colleague = await office.counter.person("周芳", branch=office.counter.tree.sibling)
    await asks(office, colleague, "四队的事")
    inbox = await sees(office, office.sibling, "/tickets")
    assert "我的支部 1" in inbox.buttons
    page = await taps(office, office.sibling, inbox, "我的支部 1")
    assert [label for label in page.buttons if "的事" in label] == ["周芳 · 四队的事"]


async def test_staff_find_by_word_name_and_number(office: Office) -> None:
    zhou = await office.counter.person("周芳")
    await asks(office, office.member, "食堂冬枣在哪个窗口领")
    await asks(office, zhou, "班车几点发车")
    answer = found(office.secretary, "班车几点发车")
    await office.secretary.says("早上 7:10，西门 VIP100% 准点", reply_to=answer)
    await office.counter.settle()
    async with office.counter.work() as work:
        number = await work.session.value(
            "SELECT employee_no FROM member WHERE id = :id", id=office.counter.members["周芳"]
        )
    for words in ("班车", "周芳", "西门", "vip100%", "#2", "2", f"{number}", "周芳 发车", "班车，西门"):
        hits = await sees(office, office.secretary, f"/find {words}")
        assert hits.buttons == ["11-02 · 已回复 · 周芳 · 班车几点发车"], words
    for words in ("周芳 冬枣", "_", "食堂%窗口", "99"):
        hits = await sees(office, office.secretary, f"/find {words}")
        assert hits.text.startswith("归您管的问题里没有"), words
        assert hits.buttons == []
    hits = await sees(office, office.secretary, "/find 班车")
    assert hits.text == "有“班车”的，新的在前。点一件，我把它发到最下面。"
    await office.secretary.taps(hits, place=(0, 0))
    await office.counter.settle()
    assert "班车几点发车" in office.secretary.last().text


async def test_find_asks_for_words_and_can_be_left(office: Office) -> None:
    await asks(office, office.member, "食堂冬枣在哪个窗口领")
    prompt = await sees(office, office.secretary, "/find")
    assert prompt.text == "要找哪一件？发我一个词、姓名或编号。"
    hits = await sees(office, office.secretary, "冬枣")
    assert hits.buttons == ["11-02 · 等回复 · 李建国 · 食堂冬枣在哪个窗口领"]
    prompt = await sees(office, office.secretary, "/find")
    assert (await sees(office, office.secretary, "？？")).text == prompt.text
    left = await taps(office, office.secretary, prompt, prompt.buttons[0])
    assert (left.text, left.buttons) == ("好的。", [])
    tickets = len(await office.counter.rows("SELECT 1 FROM ticket"))
    await office.secretary.says("冬枣")
    await office.counter.settle()
    assert (
        len(await office.counter.rows("SELECT 1 FROM ticket")) == tickets + 1
    )  # a question of her own again


async def test_what_was_found_has_pages_and_closed_tickets_too(office: Office) -> None:
    for number in range(7):
        await asks(office, office.member, f"冬枣的第{number}个问题")
    await office.secretary.taps(found(office.secretary, "第6个问题"), "结束")
    await office.counter.settle()
    hits = await sees(office, office.secretary, "/find 冬枣")
    assert hits.buttons == [
        "11-02 · 已结束 · 李建国 · 冬枣的第6个问题",
        *(f"11-02 · 等回复 · 李建国 · 冬枣的第{number}个问题" for number in (5, 4, 3, 2)),
        "下一页",
    ]
    second = await taps(office, office.secretary, hits, "下一页")
    assert [label.split(" · ")[-1] for label in second.buttons] == [
        "冬枣的第1个问题",
        "冬枣的第0个问题",
        "上一页",
    ]


async def test_members_find_in_their_own_questions_only(office: Office) -> None:
    zhou = await office.counter.person("周芳")
    await asks(office, office.member, "食堂冬枣在哪个窗口领")
    await asks(office, zhou, "冬枣几号发")
    async with office.counter.work() as work:
        await work.session.run(
            "INSERT INTO ticket_message (ticket_id, author_id, direction, kind, text, at)"
            " VALUES (2, :author, 'noted', 'text', '这位同志催过两回', :now)",
            author=office.counter.members["王梅"],
            now=work.now,
        )
    hits = await sees(office, zhou, "/find 冬枣")
    assert hits.buttons == ["11-02 · 等回复 · 周芳 · 冬枣几号发"]
    assert (await sees(office, zhou, "/find 催过")).buttons == []
    assert len((await sees(office, office.secretary, "/find 催过")).buttons) == 1
    assert (await sees(office, zhou, "/find 李建国")).buttons == []


async def test_a_stranger_is_sent_to_the_door(office: Office) -> None:
    stranger = office.counter.sandbox.add_person(first_name="路人")
    await stranger.start()
    await office.counter.settle()
    for command in ("/tickets", "/find", "/find 冬枣"):
        assert "/start" in (await sees(office, stranger, command)).text


async def test_the_card_tells_what_was_asked_before(office: Office) -> None:
    await asks(office, office.member, "食堂冬枣在哪个窗口领")
    assert "以前问过" not in found(office.secretary, "冬枣").text
    await asks(office, office.member, "班车几点发车")
    assert "以前问过 1 次，最近一次是 11-02：食堂冬枣在哪个窗口领" in found(office.secretary, "班车").text
    await asks(office, office.member, "工装什么时候发")
    card = found(office.secretary, "工装")
    assert "以前问过 2 次，最近一次是 11-02：班车几点发车" in card.text
    await office.secretary.taps(card, "更多…")
    await office.counter.settle()
    tools = office.secretary.last()
    past = await taps(office, office.secretary, tools, "以前问过")
    assert past.text == "李建国以前问过的，新的在前。"
    assert past.buttons == [
        "11-02 · 等回复 · 李建国 · 班车几点发车",
        "11-02 · 等回复 · 李建国 · 食堂冬枣在哪个窗口领",
    ]
    await office.secretary.taps(past, place=(1, 0))
    await office.counter.settle()
    assert "冬枣" in office.secretary.last().text


async def test_who_helps_out_learns_nothing_of_the_members_history(office: Office) -> None:
    await asks(office, office.member, "食堂冬枣在哪个窗口领")
    await asks(office, office.member, "班车几点发车")
    await owned_by(office, 2, "孙丽")
    inbox = await sees(office, office.sibling, "/tickets")
    await office.sibling.taps(inbox, "李建国 · 班车几点发车")
    await office.counter.settle()
    card = office.sibling.last()
    assert "班车几点发车" in card.text
    assert "以前问过" not in card.text
    await told(office.sibling, card, data="hd.past:2:0")
    await office.counter.settle()
    assert office.sibling.sees(card).text == "李建国以前没有问过别的。"
    assert "冬枣" not in "".join(said_to(office.sibling))
    inbox = await sees(office, office.general, "/tickets")
    assert "别的同志" in await told(office.general, inbox, data="hd.past:2:0")


async def test_a_page_beyond_the_end_is_empty_and_leads_back(office: Office) -> None:
    await asks(office, office.member, "食堂冬枣在哪个窗口领")
    inbox = await sees(office, office.secretary, "/tickets")
    await told(office.secretary, inbox, data="hd.inbox:all:zzzz")
    await office.counter.settle()
    assert office.secretary.sees(inbox).buttons == ["上一页", "几点提醒我", "我自己问的"]


async def test_in_english(office: Office) -> None:
    async with office.counter.work() as work:
        deputy = office.counter.sandbox.add_person(first_name="Jane")
        await factories.member(
            work.session,
            "Jane",
            office.counter.tree.branch,
            account=deputy.id,
            language="en",
            posts=((office.counter.tree.branch, Role.HELPER),),
        )
    await deputy.start()
    await asks(office, office.member, "食堂冬枣在哪个窗口领")
    inbox = await sees(office, deputy, "/tickets")
    assert inbox.text.startswith("1 question is waiting for an answer.")
    assert inbox.buttons[-2:] == ["Remind me daily", "My own questions"]
