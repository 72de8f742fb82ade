"""python-telegram-bot on the sandbox: every method it has takes what it sends, every object is understood."""

import inspect
import io
from collections.abc import AsyncIterator
from dataclasses import fields
from typing import Any

import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputMediaDocument,
    InputMediaPhoto,
    InputTextMessageContent,
    KeyboardButton,
    LinkPreviewOptions,
    MenuButtonCommands,
    Message,
    MessageEntity,
    MessageOriginUser,
    ReactionTypeEmoji,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    ReplyParameters,
    Update,
)
from telegram.constants import ChatAction, ParseMode
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    MessageHandler,
    filters,
)

from bot.sandbox import Person, PersonError, Sandbox
from bot.sandbox.bot_api import METHODS
from bot.sandbox.method import Method
from tests.sandbox.helpers import PNG, TOKEN

_CONVENIENCE = {
    "allow_sending_without_reply",
    "api_kwargs",
    "contact",
    "connect_timeout",
    "current_offset",
    "disable_web_page_preview",
    "filename",
    "location",
    "pool_timeout",
    "read_timeout",
    "reply_to_message_id",
    "self",
    "write_timeout",
}
"""Parameters of the library that it turns into others before it sends them."""
MARKUP = InlineKeyboardMarkup([[InlineKeyboardButton("好", callback_data="a")]])


@pytest.mark.parametrize("method", METHODS.values(), ids=lambda method: method.name)
def test_every_parameter_of_the_library_is_known(method: Method[Any]) -> None:
    name = method.name
    known = {field.name for field in fields(method.parameters)}
    snake = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)
    sent = set(inspect.signature(getattr(Bot, snake)).parameters) - _CONVENIENCE
    if name == "sendMediaGroup":
        sent -= {"caption", "parse_mode", "caption_entities"}
    assert sent - known == set()


async def updates(bot: Bot) -> list[Update]:
    """All pending updates, confirmed."""
    pending = await bot.get_updates(allowed_updates=Update.ALL_TYPES)
    if pending:
        await bot.get_updates(offset=pending[-1].update_id + 1)
    return list(pending)


async def test_me(bot: Bot) -> None:
    me = await bot.get_me()
    assert (me.id, me.username, me.first_name, me.is_bot) == (1000, "zhibu_bot", "支部帮手", True)


async def test_a_message_with_everything(bot: Bot, mei: Person) -> None:
    asked = await mei.says("怎么登录")
    sent = await bot.send_message(
        mei.id,
        "您好 <b>梅</b> 看 https://example.org/a",
        parse_mode=ParseMode.HTML,
        reply_markup=MARKUP,
        reply_parameters=ReplyParameters(asked.message_id, allow_sending_without_reply=True),
        link_preview_options=LinkPreviewOptions(is_disabled=True),
        disable_notification=True,
        protect_content=True,
    )
    assert sent.reply_to_message is not None
    assert sent.reply_to_message.text == "怎么登录"
    assert (sent.reply_markup, sent.has_protected_content) == (MARKUP, True)
    assert sent.link_preview_options == LinkPreviewOptions(is_disabled=True)
    assert [entity.type for entity in sent.entities] == ["bold", "url"]
    seen = mei.last()
    assert (seen.text, seen.buttons, seen.reply_to) == (
        "您好 梅 看 https://example.org/a",
        ["好"],
        asked.message_id,
    )
    assert "<b>梅</b>" in seen.html


async def test_explicit_entities_arrive(bot: Bot, mei: Person) -> None:
    sent = await bot.send_message(mei.id, "😀 abc", entities=[MessageEntity("bold", 3, 3)])
    assert sent.parse_entities() == {sent.entities[0]: "abc"}


async def test_editing(bot: Bot, mei: Person) -> None:
    sent = await bot.send_message(mei.id, "一", reply_markup=MARKUP)
    edited = await bot.edit_message_text("二", mei.id, sent.message_id)
    assert isinstance(edited, Message)
    assert (edited.text, edited.reply_markup) == ("二", None)
    await bot.edit_message_reply_markup(mei.id, sent.message_id, reply_markup=MARKUP)
    assert (mei.last().text, mei.last().buttons) == ("二", ["好"])


async def test_a_command_and_its_entities(bot: Bot, mei: Person) -> None:
    await mei.start("token_1")
    (update,) = await updates(bot)
    message = update.message
    assert message is not None
    assert (message.text, message.entities[0].type, message.entities[0].length) == (
        "/start token_1",
        "bot_command",
        6,
    )
    assert message.from_user is not None
    assert (message.from_user.id, message.from_user.full_name, message.from_user.language_code) == (
        501,
        "王 梅",
        "zh-hans",
    )
    assert (message.chat.id, message.chat.type) == (501, "private")


async def test_a_tap_is_answered(bot: Bot, mei: Person) -> None:
    await bot.send_message(mei.id, "选", reply_markup=MARKUP)
    query_id = await mei.taps(mei.last(), "好")
    (update,) = await updates(bot)
    query = update.callback_query
    assert query is not None
    assert (query.data, query.message and query.message.message_id) == ("a", mei.last().message_id)
    assert query.chat_instance
    await bot.answer_callback_query(query.id, "收到", show_alert=True)
    answer = await mei.answer(query_id)
    assert answer is not None
    assert (answer.text, answer.show_alert) == ("收到", True)


async def test_the_own_contact_through_the_keyboard(bot: Bot, mei: Person) -> None:
    keyboard = ReplyKeyboardMarkup(
        [[KeyboardButton("分享我的手机号", request_contact=True)]], one_time_keyboard=True
    )
    await bot.send_message(mei.id, "请", reply_markup=keyboard)
    await mei.presses("分享我的手机号")
    assert mei.reply_keyboard is None
    (update,) = await updates(bot)
    assert update.message is not None
    contact = update.message.contact
    assert contact is not None
    assert (contact.phone_number, contact.user_id) == ("8613800000001", 501)


async def test_somebody_elses_contact_names_its_owner(bot: Bot, mei: Person, sandbox: Sandbox) -> None:
    other = sandbox.add_person(first_name="李", phone="+1 555 0100", id=77)
    await mei.shares_contact(other)
    (update,) = await updates(bot)
    assert update.message is not None
    assert update.message.contact is not None
    assert (update.message.contact.user_id, update.message.contact.phone_number) == (77, "15550100")


async def test_keyboards_come_and_go(bot: Bot, mei: Person) -> None:
    await bot.send_message(
        mei.id, "一", reply_markup=ReplyKeyboardMarkup([["甲", "乙"]], resize_keyboard=True)
    )
    assert mei.reply_keyboard is not None
    assert mei.reply_keyboard["keyboard"] == [[{"text": "甲"}, {"text": "乙"}]]
    await bot.send_message(mei.id, "二", reply_markup=ReplyKeyboardRemove())
    assert mei.reply_keyboard is None


async def test_files_of_every_kind_go_out_and_come_back(bot: Bot, mei: Person) -> None:
    data = io.BytesIO(b"0123456789").getvalue()
    sent = [
        await bot.send_photo(mei.id, PNG, caption="<i>图</i>", parse_mode=ParseMode.HTML, has_spoiler=True),
        await bot.send_document(mei.id, data, filename="表.xlsx"),
        await bot.send_voice(mei.id, data, duration=3),
        await bot.send_video(mei.id, data, width=4, height=3, duration=5),
        await bot.send_audio(mei.id, data, title="t"),
        await bot.send_animation(mei.id, data),
        await bot.send_video_note(mei.id, data, length=240),
        await bot.send_sticker(mei.id, data),
    ]
    kinds = ["photo", "document", "voice", "video", "audio", "animation", "video_note", "sticker"]
    assert [message.kind for message in mei.chat()[1:]] == kinds
    for message, kind, body in zip(sent, kinds, [PNG, *[data] * 7], strict=True):
        attached = message.photo[-1] if kind == "photo" else getattr(message, kind)
        file = await bot.get_file(attached.file_id)
        assert bytes(await file.download_as_bytearray()) == body
        again = await getattr(bot, f"send_{kind}")(mei.id, attached.file_id)
        assert mei.last().file_id == (again.photo[-1] if kind == "photo" else getattr(again, kind)).file_id
    small, large = sent[0].photo
    assert (small.width, small.height, large.width, large.height) == (320, 240, 640, 480)
    assert sent[0].caption_html == "<i>图</i>"
    assert sent[1].document is not None
    assert sent[1].document.file_name == "表.xlsx"


async def test_what_people_send_is_understood(bot: Bot, mei: Person) -> None:
    await mei.sends_photo(PNG, caption="看 #截图")
    await mei.sends_document(b"abc", name="a.csv")
    await mei.sends_voice(b"abc", duration=2)
    await mei.sends_location(46.59, 125.1)
    first = await mei.sends_file("photo", PNG, media_group="7")
    await mei.sends_file("photo", PNG, media_group="7")
    await mei.forwards(first)
    messages = [update.message for update in await updates(bot)]
    photo, document, voice, place, one, two, forwarded = messages
    assert photo is not None
    assert (photo.caption, photo.caption_entities[0].type) == ("看 #截图", "hashtag")
    assert document is not None
    assert document.document is not None
    assert (document.document.file_name, document.document.file_size) == ("a.csv", 3)
    assert voice is not None
    assert voice.voice is not None
    assert place is not None
    assert place.location is not None
    assert place.location.latitude == 46.59
    assert [m.media_group_id for m in (one, two) if m is not None] == ["7", "7"]
    assert forwarded is not None
    assert isinstance(forwarded.forward_origin, MessageOriginUser)
    assert forwarded.forward_origin.sender_user.id == 501


async def test_albums(bot: Bot, mei: Person) -> None:
    sent = await bot.send_media_group(mei.id, [InputMediaPhoto(PNG, caption="图"), InputMediaPhoto(PNG)])
    assert len({message.media_group_id for message in sent}) == 1
    assert [message.caption for message in sent] == ["图", None]
    assert [seen.media_group_id for seen in mei.chat()[1:]] == [sent[0].media_group_id] * 2


async def test_media_can_be_exchanged(bot: Bot, mei: Person) -> None:
    sent = await bot.send_photo(mei.id, PNG, caption="一")
    edited = await bot.edit_message_media(InputMediaDocument(b"abc", caption="二"), mei.id, sent.message_id)
    assert isinstance(edited, Message)
    assert (edited.caption, edited.document is not None) == ("二", True)
    assert mei.last().kind == "document"
    await bot.edit_message_caption(mei.id, sent.message_id, caption="三")
    assert mei.last().text == "三"


async def test_copies_and_forwards(bot: Bot, mei: Person, sandbox: Sandbox) -> None:
    other = sandbox.add_person(first_name="李")
    await other.start()
    photo = await mei.sends_photo(PNG, caption="一")
    copy = await bot.copy_message(other.id, mei.id, photo.message_id, caption="二", reply_markup=MARKUP)
    assert (other.last().message_id, other.last().text, other.last().forwarded_from) == (
        copy.message_id,
        "二",
        None,
    )
    assert other.last().file_id == photo.file_id
    forwarded = await bot.forward_message(other.id, mei.id, photo.message_id)
    assert isinstance(forwarded.forward_origin, MessageOriginUser)
    assert other.last().forwarded_from == "王 梅"
    copies = await bot.copy_messages(other.id, mei.id, [photo.message_id, 99], remove_caption=True)
    assert len(copies) == 1
    assert other.last().text == ""


async def test_copies_of_an_album_are_an_album(bot: Bot, mei: Person, sandbox: Sandbox) -> None:
    other = sandbox.add_person(first_name="李")
    await other.start()
    alone = await mei.sends_photo(PNG)
    parts = [await mei.sends_file("photo", PNG, caption=text, media_group="a") for text in "一二"]
    await bot.copy_messages(other.id, mei.id, [alone.message_id, *(part.message_id for part in parts)])
    seen = other.chat()[-3:]
    assert [message.text for message in seen] == ["", "一", "二"]
    assert seen[0].media_group_id is None
    assert seen[1].media_group_id == seen[2].media_group_id not in (None, "a")
    # what is left of an album is none
    await mei.deletes(parts[0])
    await bot.copy_messages(other.id, mei.id, [part.message_id for part in parts])
    assert (other.last().text, other.last().media_group_id) == ("二", None)


async def test_a_person_puts_together_only_what_a_client_lets_them(mei: Person) -> None:
    for _ in range(10):
        await mei.sends_file("photo", PNG, media_group="a")
    await mei.sends_file("document", b"abc", media_group="b")
    for kind, album in (("photo", "a"), ("photo", "b"), ("voice", "c")):
        with pytest.raises(PersonError):
            await mei.sends_file(kind, PNG, media_group=album)


async def test_a_reaction_to_an_album_stands_under_its_first(bot: Bot, mei: Person) -> None:
    first = await mei.sends_file("photo", PNG, media_group="a")
    second = await mei.sends_file("photo", PNG, media_group="a")
    await bot.set_message_reaction(mei.id, second.message_id, "👍")
    chat = mei._chat(None)
    assert list(chat.messages[first.message_id].reactions.values()) == [["👍"]]
    assert not chat.messages[second.message_id].reactions
    with pytest.raises(PersonError):
        await mei.reacts(first, "🧰")


async def test_a_person_exchanges_a_file(bot: Bot, mei: Person) -> None:
    message = await mei.sends_photo(PNG, caption="一")
    changed = await mei.replaces_file(message, "video", b"abc", caption="二")
    assert (changed.kind, changed.text, changed.edited) == ("video", "二", True)
    _, update = await updates(bot)
    assert update.edited_message is not None
    assert update.edited_message.video is not None
    voice = await mei.sends_voice(b"abc")
    part = await mei.sends_file("photo", PNG, media_group="a")
    for target in (voice, part):
        with pytest.raises(PersonError):
            await mei.replaces_file(target, "video", b"abc")


async def test_an_edited_message_comes_as_such(bot: Bot, mei: Person) -> None:
    message = await mei.says("一")
    await mei.edits(message, "二")
    _, update = await updates(bot)
    assert update.edited_message is not None
    assert (update.edited_message.text, update.edited_message.message_id) == ("二", message.message_id)
    assert update.edited_message.edit_date is not None


async def test_blocking_and_coming_back(bot: Bot, mei: Person) -> None:
    await mei.blocks()
    await mei.start()
    blocked, unblocked, start = await updates(bot)
    statuses = [
        (u.my_chat_member.old_chat_member.status, u.my_chat_member.new_chat_member.status)
        for u in (blocked, unblocked)
        if u.my_chat_member is not None
    ]
    assert statuses == [("member", "kicked"), ("kicked", "member")]
    assert start.message is not None
    assert start.message.text == "/start"


async def test_reactions_both_ways(bot: Bot, mei: Person) -> None:
    await updates(bot)
    sent = await bot.send_message(mei.id, "好")
    await mei.reacts(mei.last(), "👍")
    (update,) = await updates(bot)
    assert update.message_reaction is not None
    assert update.message_reaction.new_reaction == (ReactionTypeEmoji("👍"),)
    assert await bot.set_message_reaction(mei.id, sent.message_id, "❤")
    assert await bot.set_message_reaction(mei.id, sent.message_id)


async def test_commands_by_scope_and_language(bot: Bot, mei: Person, sandbox: Sandbox) -> None:
    english = sandbox.add_person(first_name="Ann", language_code="en")
    await english.start()
    await bot.set_my_commands([BotCommand("help", "Help")])
    await bot.set_my_commands([BotCommand("help", "帮助")], language_code="zh")
    await bot.set_my_commands(
        [BotCommand("ask", "提问")], scope=BotCommandScopeAllPrivateChats(), language_code="zh"
    )
    assert [command["description"] for command in mei.commands()] == ["提问"]
    assert [command["description"] for command in english.commands()] == ["Help"]
    await bot.set_my_commands([BotCommand("todo", "待办")], scope=BotCommandScopeChat(mei.id))
    assert [command["command"] for command in mei.commands()] == ["todo"]
    await bot.delete_my_commands(scope=BotCommandScopeChat(mei.id))
    assert [command["command"] for command in mei.commands()] == ["ask"]
    assert await bot.get_my_commands(language_code="zh") == (BotCommand("help", "帮助"),)
    assert await bot.get_my_commands(scope=BotCommandScopeChat(mei.id)) == ()


async def test_names_and_menu(bot: Bot, mei: Person) -> None:
    await bot.set_my_name("帮手", language_code="zh")
    await bot.set_my_description("长")
    await bot.set_my_short_description("短")
    await bot.set_chat_menu_button(mei.id, MenuButtonCommands())
    assert (await bot.get_my_name(language_code="zh")).name == "帮手"
    assert (await bot.get_my_name()).name == "支部帮手"
    assert (await bot.get_my_description(language_code="zh")).description == "长"
    assert (await bot.get_my_short_description()).short_description == "短"
    assert isinstance(await bot.get_chat_menu_button(mei.id), MenuButtonCommands)


async def test_chats_and_members(bot: Bot, mei: Person, sandbox: Sandbox) -> None:
    group = sandbox.add_group("组", [mei], bot="administrator")
    assert (await bot.get_chat(mei.id)).full_name == "王 梅"
    assert (await bot.get_chat(group.id)).title == "组"
    assert (await bot.get_chat_member(group.id, mei.id)).status == "creator"
    assert (await bot.get_chat_member(group.id, bot.id)).status == "administrator"
    assert [member.status for member in await bot.get_chat_administrators(group.id)] == [
        "creator",
        "administrator",
    ]
    assert await bot.get_chat_member_count(group.id) == 2
    await mei.says("好", chat=group)
    await bot.pin_chat_message(group.id, mei.last(group).message_id)
    pinned = (await bot.get_chat(group.id)).pinned_message
    assert pinned is not None
    assert pinned.text == "好"
    await bot.unpin_chat_message(group.id)
    assert await bot.leave_chat(group.id)


async def test_small_acts(bot: Bot, mei: Person) -> None:
    assert await bot.send_chat_action(mei.id, ChatAction.TYPING)
    assert (await bot.send_location(mei.id, 46.59, 125.1)).location is not None
    assert (await bot.send_contact(mei.id, "13800000009", "梅")).contact is not None
    assert await bot.delete_message(mei.id, mei.last().message_id)
    assert await bot.delete_messages(mei.id, [message.message_id for message in mei.chat()] + [99])
    assert mei.chat() == []


async def test_inline_queries(bot: Bot, mei: Person) -> None:
    query_id = await mei.asks_inline("党费")
    (update,) = await updates(bot)
    assert update.inline_query is not None
    article = InlineQueryResultArticle("1", "怎么交", InputTextMessageContent("这样交"))
    await bot.answer_inline_query(update.inline_query.id, [article])
    answer = await mei.answer(query_id)
    assert answer is not None
    assert [result.title for result in answer.results] == ["怎么交"]


@pytest.fixture
async def application(sandbox: Sandbox) -> AsyncIterator[Application[Any, Any, Any, Any, Any, Any]]:
    application = (
        Application.builder().token(TOKEN).base_url(sandbox.api_url).base_file_url(sandbox.file_url).build()
    )

    async def greet(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message is not None
        await update.message.reply_text("选一个", reply_markup=MARKUP)

    async def tapped(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.callback_query is not None
        await update.callback_query.answer("收到")
        await update.callback_query.edit_message_text("选好了")

    async def echo(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message is not None
        await update.message.copy(update.message.chat_id)

    application.add_handler(CommandHandler("start", greet))
    application.add_handler(CallbackQueryHandler(tapped))
    application.add_handler(MessageHandler(filters.ALL, echo))
    async with application:
        await application.start()
        assert application.updater is not None
        await application.updater.start_polling(timeout=5)
        yield application
        await application.updater.stop()
        await application.stop()


@pytest.mark.usefixtures("application")
async def test_a_whole_application_runs_unchanged(sandbox: Sandbox) -> None:
    person = sandbox.add_person(first_name="王")

    async def said(text: str) -> None:
        while person.last().text != text or not person.last().from_bot:
            await sandbox.next_change()

    await person.start()
    await said("选一个")
    answer = await person.answer(await person.taps(person.last(), "好"))
    assert answer is not None
    assert answer.text == "收到"
    await said("选好了")
    await person.says("回声")
    await said("回声")
    await person.sends_photo(PNG, "图")
    await said("图")
