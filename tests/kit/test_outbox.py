"""The outbox: what each method writes, once per key, in the transaction of its cause."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup
from telegram import (
    ForceReply,
    InlineKeyboardButton,
    KeyboardButton,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)

from bot.kit import delivery, outbox
from bot.kit.clock import ManualClock
from bot.kit.database import SqliteDatabase
from bot.kit.i18n import Languages
from bot.kit.messages import Call, Keyboard, Media, Message, rows
from bot.kit.outbox import UPLOAD_PREFIX, Delivered, Outbox, Policy, Queued, Urgency
from bot.kit.work import Work, Works

ANNA, BERT, GROUP = 11, 22, -33


@pytest.fixture
def woken() -> list[str]:
    """One entry for each time the courier was woken."""
    return []


@pytest.fixture
async def work(
    database: SqliteDatabase, clock: ManualClock, languages: Languages, woken: list[str]
) -> AsyncIterator[Work]:
    works = Works(database, clock, languages, wake_courier=lambda: woken.append("woken"))
    async with works.begin() as begun:
        yield begun


@pytest.fixture
def out(work: Work) -> Outbox:
    return work.out


async def stored(work: Work, outgoing_id: int) -> dict[str, Any]:
    row = await work.session.first("SELECT * FROM outgoing WHERE id = :id", id=outgoing_id)
    assert row is not None
    return {**row, "payload": json.loads(row["payload"])}


async def states(work: Work) -> list[str]:
    return [row["state"] for row in await work.session.all("SELECT state FROM outgoing ORDER BY id")]


async def test_a_text_is_written_as_it_is_to_be_sent(work: Work, clock: ManualClock) -> None:
    text = Markup("<b>{}</b>").format("支部 <王梅> 🙂")
    row = await stored(work, await work.out.send(ANNA, Message(text), key="k"))
    assert row["payload"] == {
        "text": "<b>支部 &lt;王梅&gt; 🙂</b>",
        "parse_mode": "HTML",
        "link_preview_options": {"is_disabled": True},
    }
    assert (row["chat_id"], row["method"], row["state"], row["dedupe_key"]) == (
        ANNA,
        "sendMessage",
        "waiting",
        "k",
    )
    assert (row["urgency"], row["policy"]) == (Urgency.INTERACTIVE, "at_least_once")
    assert (row["created_at"], row["attempts"], row["message_id"]) == (clock.now(), 0, None)


async def test_urgency_and_policy_are_kept(work: Work) -> None:
    row = await stored(
        work,
        await work.out.send(
            ANNA,
            Message("x"),
            key="k",
            urgency=Urgency.BULK,
            policy=Policy.AT_MOST_ONCE,
            reply_to=Delivered(4),
        ),
    )
    assert (row["urgency"], row["policy"]) == (2, "at_most_once")
    assert row["payload"]["reply_parameters"] == {"message_id": 4, "allow_sending_without_reply": True}


@pytest.mark.parametrize(
    ("keyboard", "expected"),
    [
        (
            rows([InlineKeyboardButton("完成", callback_data="d")], []),
            {"inline_keyboard": [[{"text": "完成", "callback_data": "d"}]]},
        ),
        (
            ReplyKeyboardMarkup(
                [[KeyboardButton("分享我的手机号", request_contact=True)]], one_time_keyboard=True
            ),
            {"keyboard": [[{"text": "分享我的手机号", "request_contact": True}]], "one_time_keyboard": True},
        ),
        (ReplyKeyboardRemove(), {"remove_keyboard": True}),
        (ForceReply(input_field_placeholder="码"), {"force_reply": True, "input_field_placeholder": "码"}),
    ],
)
async def test_keyboards_of_every_kind(work: Work, keyboard: Keyboard, expected: dict[str, Any]) -> None:
    row = await stored(work, await work.out.send(ANNA, Message("x", keyboard), key="k"))
    markup = row["payload"]["reply_markup"]
    assert {name: markup[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("kind", "method", "captioned"),
    [
        ("photo", "sendPhoto", True),
        ("document", "sendDocument", True),
        ("voice", "sendVoice", True),
        ("video", "sendVideo", True),
        ("audio", "sendAudio", True),
        ("animation", "sendAnimation", True),
        ("video_note", "sendVideoNote", False),
        ("sticker", "sendSticker", False),
    ],
)
async def test_media_of_every_kind(work: Work, kind: Any, method: str, captioned: bool) -> None:
    row = await stored(work, await work.out.send(ANNA, Message("看", media=Media(kind, "file-id")), key="k"))
    expected = {kind: "file-id"} | ({"caption": "看", "parse_mode": "HTML"} if captioned else {})
    assert (row["method"], row["payload"]) == (method, expected)


async def test_an_edit_of_text_and_of_media(work: Work) -> None:
    text = await stored(work, await work.out.edit(ANNA, Delivered(5), Message("new"), key="a"))
    assert (text["method"], text["payload"]["text"], text["payload"]["message_id"]) == (
        "editMessageText",
        "new",
        5,
    )
    media = await stored(
        work, await work.out.edit(ANNA, Delivered(6), Message("new", media=Media("photo", "f")), key="b")
    )
    assert media["method"] == "editMessageMedia"
    assert media["payload"] == {
        "media": {"type": "photo", "media": "f", "caption": "new", "parse_mode": "HTML"},
        "message_id": 6,
    }


async def test_what_targets_a_waiting_message_waits_for_its_id(work: Work) -> None:
    card = await work.out.send(ANNA, Message("card"), key="card")
    for outgoing in (
        await work.out.edit(ANNA, Queued(card), Message("new"), key="edit"),
        await work.out.send(ANNA, Message("answer"), key="reply", reply_to=Queued(card)),
        await work.out.remove_keyboard(ANNA, Queued(card), key="keyboard"),
        await work.out.delete(ANNA, Queued(card), key="delete"),
        await work.out.copy(ANNA, from_chat_id=BERT, message_id=3, key="copy", reply_to=Queued(card)),
    ):
        row = await stored(work, outgoing)
        assert row["target_id"] == card
        assert "reply_parameters" not in row["payload"]
    assert (
        "message_id"
        not in (await stored(work, await work.out.delete(ANNA, Queued(card), key="d2")))["payload"]
    )


async def test_deleting_and_removing_a_keyboard(work: Work) -> None:
    removed = await stored(work, await work.out.remove_keyboard(ANNA, Delivered(5), key="a"))
    assert (removed["method"], removed["payload"]) == ("editMessageReplyMarkup", {"message_id": 5})
    deleted = await stored(work, await work.out.delete(ANNA, Delivered(6), key="b"))
    assert (deleted["method"], deleted["payload"]) == ("deleteMessage", {"message_id": 6})


async def test_a_copy_with_and_without_words_of_its_own(work: Work) -> None:
    plain = await stored(work, await work.out.copy(ANNA, from_chat_id=BERT, message_id=3, key="a"))
    assert (plain["method"], plain["urgency"]) == ("copyMessage", Urgency.TICKET)
    assert plain["payload"] == {"from_chat_id": BERT, "message_id": 3}
    keyboard = rows([InlineKeyboardButton("x", callback_data="x")])
    worded = await stored(
        work,
        await work.out.copy(
            ANNA, from_chat_id=BERT, message_id=3, key="b", message=Message("<i>看</i>", keyboard)
        ),
    )
    assert worded["payload"]["caption"] == "<i>看</i>"
    assert worded["payload"]["reply_markup"]["inline_keyboard"][0][0]["text"] == "x"


async def test_any_other_call(work: Work) -> None:
    row = await stored(
        work, await work.out.call(GROUP, Call("closeForumTopic", {"message_thread_id": 4}), key="k")
    )
    assert (row["method"], row["chat_id"], row["payload"]) == (
        "closeForumTopic",
        GROUP,
        {"message_thread_id": 4},
    )


async def test_a_known_key_writes_nothing_and_names_the_earlier_row(work: Work) -> None:
    first = await work.out.send(ANNA, Message("one"), key="k")
    assert await work.out.send(BERT, Message("two"), key="k") == first
    assert await work.out.edit(ANNA, Delivered(1), Message("three"), key="k") == first
    assert await states(work) == ["waiting"]


async def test_a_repeated_edit_takes_nobodys_place_not_even_its_own(work: Work) -> None:
    first = await work.out.edit(ANNA, Delivered(5), Message("one"), key="one")
    assert await work.out.edit(ANNA, Delivered(5), Message("one"), key="one") == first
    assert await states(work) == ["waiting"]
    await work.out.edit(ANNA, Delivered(5), Message("two"), key="two")
    await work.out.edit(ANNA, Delivered(5), Message("one"), key="one")
    assert await states(work) == ["superseded", "waiting"]


async def test_only_waiting_edits_of_the_same_message_collapse(work: Work) -> None:
    await work.out.edit(ANNA, Delivered(5), Message("sent already"), key="1")
    await work.session.run("UPDATE outgoing SET state = 'sent'")
    await work.out.edit(ANNA, Delivered(6), Message("another message"), key="2")
    await work.out.edit(BERT, Delivered(5), Message("another chat"), key="3")
    await work.out.send(ANNA, Message("a message, no edit"), key="4")
    await work.out.edit(ANNA, Delivered(5), Message("old"), key="5")
    await work.out.edit(ANNA, Delivered(5), Message("new"), key="6")
    assert await states(work) == ["sent", "waiting", "waiting", "waiting", "superseded", "waiting"]


async def test_deleting_a_message_makes_its_waiting_edits_needless(work: Work) -> None:
    await work.out.edit(ANNA, Delivered(5), Message("new"), key="1")
    await work.out.delete(ANNA, Delivered(5), key="2")
    assert await states(work) == ["superseded", "waiting"]


async def test_the_keyboards_removal_leaves_a_new_text_standing(work: Work) -> None:
    await work.out.edit(ANNA, Delivered(5), Message("new"), key="1")
    await work.out.remove_keyboard(ANNA, Delivered(5), key="2")
    assert await states(work) == ["waiting", "waiting"]


async def test_cancelling_by_prefix_takes_waiting_rows_and_no_others(work: Work) -> None:
    keys = [
        "nudge:1",
        "nudge:1:1",
        "nudge:1:支部",
        "nudge:1:\U0001f642",
        "nudge:2",
        "nudge",
        "nudge:10",
        "Nudge:1:1",
    ]
    for key in keys:
        await work.out.send(ANNA, Message(key), key=key)
    await work.session.run("UPDATE outgoing SET state = 'sending' WHERE dedupe_key = 'nudge:1:1'")
    assert await work.out.cancel("nudge:1:") == 2
    gone = await work.session.all("SELECT dedupe_key FROM outgoing WHERE state = 'cancelled' ORDER BY id")
    assert [row["dedupe_key"] for row in gone] == ["nudge:1:支部", "nudge:1:\U0001f642"]
    assert await work.out.cancel("nudge:1:") == 0


@given(
    prefix=st.text(st.characters(codec="utf-8", exclude_characters="\U0010ffff")),
    tail=st.text(st.characters(codec="utf-8", exclude_characters="\U0010ffff")),
)
def test_a_key_with_the_prefix_lies_in_the_range_that_is_cancelled(prefix: str, tail: str) -> None:
    key = (prefix + tail).encode()
    assert prefix.encode() <= key < (prefix + "\U0010ffff").encode()


async def test_an_urgent_message_lends_its_urgency_to_those_before_it_in_its_chat(work: Work) -> None:
    for chat in (ANNA, BERT):
        await work.out.send(chat, Message("bulk"), key=f"b{chat}", urgency=Urgency.BULK)
    await work.out.send(ANNA, Message("now"), key="now", urgency=Urgency.TICKET)
    found = await work.session.all("SELECT chat_id, urgency FROM outgoing ORDER BY id")
    assert [(row["chat_id"], row["urgency"]) for row in found] == [(ANNA, 1), (BERT, 2), (ANNA, 1)]


async def test_a_group_that_moved_is_written_to_where_it_lives_now(work: Work) -> None:
    await work.session.run("INSERT INTO chat (chat_id, migrated_to) VALUES (:old, -1001)", old=GROUP)
    row = await stored(work, await work.out.send(GROUP, Message("x"), key="k"))
    assert row["chat_id"] == -1001


async def test_the_same_content_is_kept_once_and_found_by_its_reference(work: Work) -> None:
    first = await work.out.upload("卡片.png", b"picture")
    assert await work.out.upload("other.png", b"picture") == first
    assert await work.out.upload("卡片.png", b"another") != first
    sent = {"photo": first, "media": {"media": first}, "text": "upload:unknown", "n": 1}
    parameters, files = await delivery.attachments(work.session, sent)
    assert [(each.name, each.content) for each in files] == [("卡片.png", b"picture")] * 2
    assert parameters["photo"] == "attach://file0"
    assert (parameters["text"], parameters["n"]) == ("upload:unknown", 1)


async def test_what_was_sent_is_found_by_its_message_id(work: Work) -> None:
    outgoing = await work.out.send(ANNA, Message("x"), key="k")
    assert await outbox.message_id_of(work.session, outgoing) is None
    await work.session.run("UPDATE outgoing SET message_id = 9, state = 'sent'")
    assert await outbox.message_id_of(work.session, outgoing) == 9
    assert await outbox.find_sent(work.session, ANNA, 9) == outgoing
    assert await outbox.find_sent(work.session, BERT, 9) is None
    assert await outbox.find_sent(work.session, ANNA, 10) is None


async def test_the_courier_is_woken_after_the_commit_and_only_when_something_was_written(
    database: SqliteDatabase, clock: ManualClock, languages: Languages, woken: list[str]
) -> None:
    works = Works(database, clock, languages, wake_courier=lambda: woken.append("woken"))
    async with works.begin() as work:
        await work.out.send(ANNA, Message("x"), key="k")
        assert woken == []
    assert woken == ["woken"]
    async with works.begin() as work:
        await work.out.send(ANNA, Message("x"), key="k")
    assert woken == ["woken"]
    with pytest.raises(RuntimeError):
        async with works.begin() as work:
            await work.out.send(ANNA, Message("x"), key="never")
            raise RuntimeError
    assert woken == ["woken"]


async def test_old_rows_are_swept_and_what_still_waits_is_not(work: Work, clock: ManualClock) -> None:
    for key in ("old", "new", "waiting"):
        await work.out.send(ANNA, Message(key), key=key)
    long_ago = clock.now() - delivery.KEPT_AFTER_SENDING
    await work.session.run(
        "UPDATE outgoing SET state = 'sent', finished_at = :then WHERE dedupe_key = 'old'", then=long_ago - 1
    )
    await work.session.run(
        "UPDATE outgoing SET state = 'sent', finished_at = :then WHERE dedupe_key = 'new'", then=long_ago
    )
    assert await delivery.sweep(work.session, now=clock.now(), at_most=100) == 1
    assert await states(work) == ["sent", "waiting"]


async def test_old_rows_are_swept_some_at_a_time(work: Work, clock: ManualClock) -> None:
    for number in range(3):
        await work.out.send(ANNA, Message("old"), key=f"{number}")
    await work.session.run("UPDATE outgoing SET state = 'sent', finished_at = 1")
    assert [await delivery.sweep(work.session, now=clock.now(), at_most=2) for _ in range(3)] == [2, 1, 0]


async def test_files_are_kept_as_long_as_they_are_sent(works: Works, clock: ManualClock) -> None:
    async with works.begin() as work:
        old = await work.out.upload("old.csv", b"old")
        used = await work.out.upload("used.csv", b"used")
    await clock.move_to(clock.now() + delivery.KEPT_AFTER_SENDING)
    async with works.begin() as work:
        await work.out.upload("used.csv", b"used")
    await clock.move_to(clock.now() + 1)
    async with works.begin() as work:
        await delivery.sweep(work.session, now=work.now, at_most=100)
        kept = [UPLOAD_PREFIX + row["digest"] for row in await work.session.all("SELECT digest FROM upload")]
    assert old not in kept
    assert kept == [used]
