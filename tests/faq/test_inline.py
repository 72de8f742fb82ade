"""Answers handed on in any chat: `@bot 关键词`."""

import dataclasses

from bot.faq.model import Audience, MediaKind
from bot.sandbox import Answer, Group, Person
from tests import factories
from tests.faq.hands import DRAGON, ask, branch_of, publish
from tests.harness import House
from tests.sandbox.helpers import PNG


async def types(house: House, person: Person, text: str, chat: Group | None = None) -> tuple[str, Answer]:
    """Types text behind the bot's name; the query and what is offered."""
    query_id = await person.asks_inline(text, chat)
    await house.settle()
    answer = await person.answer(query_id)
    assert answer is not None
    return query_id, answer


def titles(answer: Answer) -> list[str]:
    return [result.title for result in answer.results]


async def test_a_secretary_drops_an_answer_into_the_branchs_group(house: House, li: Person) -> None:
    (wang,) = [person for person in house.sandbox.people if person.user.name == "王梅"]
    group = house.sandbox.add_group("采油三队", [wang, li], bot=None)
    query_id, offered = await types(house, wang, "验证码", group)
    assert 1 <= len(offered.results) <= 10
    assert offered.switch is None
    first = offered.results[0]
    assert "验证码" in first.title
    assert first.description
    assert "\n" not in first.description

    dropped = await wang.takes(query_id, first.id, chat=group)
    await house.settle()
    seen = li.last(group)
    assert (seen.message_id, seen.via_bot, seen.sender_id) == (dropped.message_id, True, wang.id)
    assert seen.html.startswith(f"<b>{first.title}</b>")
    assert first.description in seen.text
    assert "没解决" not in seen.text, "there is no such button here"
    assert seen.buttons == []
    rows = await house.rows("SELECT came_by, opened, branch_id, verdict FROM faq_question")
    assert [(row["came_by"], row["branch_id"], row["verdict"]) for row in rows] == [
        ("inline", await branch_of(house, li), None)
    ]
    assert await house.rows("SELECT 1 FROM faq_asked") == []


async def test_what_is_asked_most_stands_first_before_anything_is_typed(house: House, li: Person) -> None:
    await ask(house, li, "请问一下验证码怎么老是收不到啊")
    _, offered = await types(house, li, " ")
    (row,) = await house.rows("SELECT title FROM faq_entry WHERE slug = 'login-sms' AND language = 'zh'")
    assert len(offered.results) == 10
    assert titles(offered)[0] == row["title"]


async def test_a_piece_of_a_title_is_enough(house: House, li: Person) -> None:
    await publish(house, DRAGON, await branch_of(house, li))
    _, offered = await types(house, li, "麒")
    assert "麒麟阁怎么走" in titles(offered)


async def test_who_finds_nothing_is_led_to_the_bot(house: House, li: Person) -> None:
    for text in ("qzxvwk", "麒麟", "谢谢"):
        _, offered = await types(house, li, text)
        assert offered.results == (), text
        assert offered.switch is not None
        assert (offered.switch.text, offered.switch.start_parameter) == ("没找到，点这里私下问我", "ask")
    await li.start("ask")
    await house.settle()
    assert "李建国" in li.last().text, "it leads home"


async def test_everybody_is_offered_only_what_they_may_see(house: House, li: Person) -> None:
    branch = await branch_of(house, li)
    await publish(house, DRAGON, branch)
    secret = dataclasses.replace(
        DRAGON,
        id="members-only",
        title="麒麟阁的钥匙",
        phrasings=("麒麟阁的钥匙",),
        audience=Audience.MEMBERS,
    )
    await publish(house, secret, None)
    _, mine = await types(house, li, "麒麟阁")
    assert set(titles(mine)) >= {"麒麟阁怎么走", "麒麟阁的钥匙"}
    stranger = house.person("路人")
    _, theirs = await types(house, stranger, "麒麟阁")
    assert not set(titles(theirs)) & {"麒麟阁怎么走", "麒麟阁的钥匙"}
    assert await house.rows("SELECT 1 FROM account WHERE id = :id", id=stranger.id) == [], "nobody is noted"
    sibling = house.person("赵敏")
    async with house.work() as work:
        other = await work.session.value("SELECT id FROM unit WHERE name = '采油四队党支部'")
        await factories.member(work.session, "赵敏", other, account=sibling.id)
    _, theirs = await types(house, sibling, "麒麟阁")
    assert "麒麟阁怎么走" not in titles(theirs)
    assert "麒麟阁的钥匙" in titles(theirs)


async def test_in_the_language_of_the_one_who_types(house: House, li: Person) -> None:
    guest = house.person("Anna", language_code="en")
    _, offered = await types(house, guest, "verification code")
    assert offered.results
    assert offered.results[0].title.isascii()
    assert not any("Not solved" in each.content["text"] for each in offered.results)
    _, nothing = await types(house, guest, "qzxvwk")
    assert nothing.switch is not None
    assert nothing.switch.text == "Nothing found. Ask me in private"


async def test_a_picture_goes_along_once_telegram_has_it(house: House, li: Person) -> None:
    await publish(house, DRAGON, await branch_of(house, li), (MediaKind.PHOTO, "", PNG))
    _, offered = await types(house, li, "麒麟阁怎么走")
    assert offered.results[0].type == "article"
    picture = await ask(house, li, "麒麟阁怎么走")
    query_id, offered = await types(house, li, "麒麟阁怎么走")
    assert offered.results[0].type == "photo"
    dropped = await li.takes(query_id, offered.results[0].id)
    assert (dropped.kind, dropped.file_id, dropped.html) == ("photo", picture.file_id, picture.html)


async def test_a_document_and_a_video_go_along_too_but_no_album(house: House, li: Person) -> None:
    branch = await branch_of(house, li)
    for kind, content in ((MediaKind.DOCUMENT, b"%PDF"), (MediaKind.VIDEO, b"a video")):
        await publish(house, DRAGON, branch, (kind, "一份.pdf", content))
        await ask(house, li, "麒麟阁怎么走")
        _, offered = await types(house, li, "麒麟阁怎么走")
        assert offered.results[0].type == kind.value
    await publish(house, DRAGON, branch, (MediaKind.PHOTO, "", PNG), (MediaKind.VIDEO, "", b"a video"))
    await ask(house, li, "麒麟阁怎么走")
    _, offered = await types(house, li, "麒麟阁怎么走")
    assert offered.results[0].type == "article"


async def test_an_answer_dropped_into_the_bots_own_chat_is_no_question(house: House, li: Person) -> None:
    query_id, offered = await types(house, li, "验证码")
    dropped = await li.takes(query_id, offered.results[0].id)
    await house.settle()
    assert li.last().message_id == dropped.message_id
    assert len(await house.rows("SELECT 1 FROM faq_question")) == 1, "only that it was handed on"


async def test_what_the_bot_cannot_read_back_is_not_counted(house: House, li: Person) -> None:
    query_id, offered = await types(house, li, "验证码")
    async with house.work() as work:
        await work.session.run("UPDATE faq_entry SET state = 'retired'")
    await li.takes(query_id, offered.results[0].id)
    await house.settle()
    assert await house.rows("SELECT 1 FROM faq_question") == []
