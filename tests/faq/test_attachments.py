"""Answers with pictures, videos and files, as members get them."""

import dataclasses

import pytest

from bot.faq.model import MediaKind
from bot.sandbox import Person
from tests.faq.hands import DRAGON, VERDICT, ask, branch_of, content_of, publish, since, tap
from tests.harness import House
from tests.sandbox.helpers import PNG


@pytest.mark.parametrize(
    ("kind", "name", "content"),
    [
        (MediaKind.PHOTO, "", PNG),
        (MediaKind.VIDEO, "", b"a video"),
        (MediaKind.DOCUMENT, "路线.pdf", b"%PDF"),
    ],
)
async def test_an_answer_with_one_attachment_is_one_message(
    house: House, li: Person, kind: MediaKind, name: str, content: bytes
) -> None:
    await publish(house, DRAGON, await branch_of(house, li), (kind, name, content))
    before = li.last()
    answer = await ask(house, li, "麒麟阁怎么走")
    assert len(since(li, before)) == 2
    assert (answer.kind, answer.buttons) == (kind.value, VERDICT)
    assert answer.html == "<b>麒麟阁怎么走</b>\n\n出大门<b>左转</b>。\n\n1. 过桥\n2. 上坡"
    assert await content_of(house, answer.file_id) == content
    if name:
        assert answer.content["document"]["file_name"] == name

    again = await ask(house, li, "麒麟阁在哪里")
    assert again.file_id == answer.file_id, "uploaded once"
    await tap(house, li, again, "👍 解决了")
    assert li.sees(again).buttons == []


# A caption holds 1024 UTF-16 code units, of which the title and a blank line take eight here.
@pytest.mark.parametrize(
    ("words", "fits"), [("路" * 1016, True), ("路" * 1017, False), ("🚩" * 508, True), ("🚩" * 509, False)]
)
async def test_a_long_answer_follows_its_attachment(house: House, li: Person, words: str, fits: bool) -> None:
    entry = dataclasses.replace(DRAGON, body=words)
    await publish(house, entry, await branch_of(house, li), (MediaKind.PHOTO, "", PNG))
    before = li.last()
    answer = await ask(house, li, "麒麟阁怎么走")
    kinds = [each.kind for each in since(li, before)]
    assert kinds == (["text", "photo"] if fits else ["text", "photo", "text"])
    assert (answer.text, answer.buttons) == (f"麒麟阁怎么走\n\n{words}", VERDICT)


async def test_several_attachments_go_first_and_in_order(house: House, li: Person) -> None:
    files = (
        (MediaKind.DOCUMENT, "路线.pdf", b"%PDF"),
        (MediaKind.PHOTO, "", PNG),
        (MediaKind.VIDEO, "", b"a video"),
    )
    await publish(house, DRAGON, None, *files)
    before = li.last()
    answer = await ask(house, li, "麒麟阁怎么走")
    question, *sent, last = since(li, before)
    assert question.from_bot is False
    assert [(each.kind, each.text, each.buttons) for each in sent] == [
        ("document", "", []),
        ("photo", "", []),
        ("video", "", []),
    ]
    assert [await content_of(house, each.file_id) for each in sent] == [content for _, _, content in files]
    assert last == answer
    assert answer.buttons == VERDICT


async def test_between_a_list_and_a_picture_the_new_one_follows_and_the_old_buttons_go(
    house: House, li: Person
) -> None:
    await publish(house, DRAGON, await branch_of(house, li), (MediaKind.PHOTO, "", PNG))
    menu = await ask(house, li, "/ask")
    await tap(house, li, menu, next(label for label in menu.buttons if label.startswith("使用")))
    await tap(house, li, li.sees(menu), "本支部·麒麟阁怎么走")
    assert li.sees(menu).buttons == []
    picture = li.last()
    assert (picture.kind, picture.buttons) == ("photo", [*VERDICT, "‹ 返回"])
    await tap(house, li, picture, "‹ 返回")
    assert li.sees(picture).buttons == []
    page = li.last()
    assert (page.kind, page.buttons[0]) == ("text", "本支部·麒麟阁怎么走")
    await tap(house, li, page, page.buttons[1])
    assert li.last().message_id == page.message_id, "text is edited in place"

    await tap(house, li, li.sees(page), "‹ 返回")
    await publish(
        house, DRAGON, await branch_of(house, li), (MediaKind.PHOTO, "", PNG), (MediaKind.VIDEO, "", b"v")
    )
    await tap(house, li, li.sees(page), "本支部·麒麟阁怎么走")
    assert li.sees(page).buttons == []
    assert [each.kind for each in since(li, page)] == ["photo", "video", "text"]


async def test_an_attachment_whose_bytes_are_gone_leaves_the_answer(house: House, li: Person) -> None:
    await publish(house, DRAGON, await branch_of(house, li), (MediaKind.PHOTO, "", PNG))
    async with house.work() as work:
        await work.session.run("DELETE FROM faq_media")
    answer = await ask(house, li, "麒麟阁怎么走")
    assert (answer.kind, answer.buttons) == ("text", VERDICT)
