"""How a message comes to be: put into its chat, shown to people, offered to the bot."""

from bot.sandbox.core import Core
from bot.sandbox.keyboards import NO_MARKUP, Markup
from bot.sandbox.wire import message_json
from bot.sandbox.world import BotStatus, Chat, Json, Message


def post(
    core: Core,
    chat: Chat,
    sender_id: int,
    kind: str,
    content: Json,
    *,
    thread_id: int | None = None,
    reply_to: int | None = None,
    markup: Markup = NO_MARKUP,
    forward_origin: Json | None = None,
    media_group_id: str | None = None,
    protected: bool = False,
    via_bot: bool = False,
    anonymous: bool = False,
) -> Message:
    """A new message in the chat, from a person or the bot."""
    message = Message(
        chat_id=chat.id,
        message_id=chat.next_message_id,
        sender_id=sender_id,
        date=core.seconds(),
        kind=kind,
        content=content,
        thread_id=thread_id,
        reply_to=reply_to,
        inline_keyboard=markup.inline,
        other_markup=markup.other is not None,
        forward_origin=forward_origin,
        media_group_id=media_group_id,
        protected=protected,
        via_bot=via_bot,
        anonymous=anonymous,
    )
    chat.next_message_id += 1
    core.world.keep(chat, message)
    core.changed("message", message)
    if markup.other is not None:
        _show_keyboard(core, chat, message, markup.other)
    if sender_id != core.world.bot.id:
        tell_bot(core, chat, message, "message")
    return message


def tell_bot(core: Core, chat: Chat, message: Message, kind: str) -> None:
    """Offer the message as an update, if the bot gets to see it at all."""
    if sees(core, chat, message):
        core.updates.offer(kind, message_json(core.world, message), lane=chat.id)


def sees(core: Core, chat: Chat, message: Message) -> bool:
    """Privacy mode: as a mere member of a group the bot gets commands, replies to it, what was sent through it and
    service messages.
    """
    if chat.is_private or chat.bot_status is BotStatus.ADMINISTRATOR:
        return True
    if not chat.bot_status.inside:
        return False
    if message.is_service or message.via_bot:
        return True
    target = chat.messages.get(message.reply_to or 0)
    if target is not None and target.sender_id == core.world.bot.id:
        return True
    return any(
        entity["type"] == "bot_command" and entity["offset"] == 0
        for entity in message.content.get("entities", ())
    ) and _addressed(message.content["text"], core.world.bot.username)


def _addressed(text: str, username: str) -> bool:
    command = text.split(maxsplit=1)[0]
    _, at, name = command.partition("@")
    return not at or name.lower() == username.lower()


def service(core: Core, chat: Chat, sender_id: int, content: Json, thread_id: int | None = None) -> Message:
    """A service message ("… joined the group")."""
    return post(core, chat, sender_id, "service", content, thread_id=thread_id)


def _show_keyboard(core: Core, chat: Chat, message: Message, markup: Json) -> None:
    """A reply keyboard (its removal, a forced reply) reaches those whom it is meant for."""
    people = chat.members
    if markup.get("selective") and not chat.is_private:
        target = chat.messages.get(message.reply_to or 0)
        people = [target.sender_id] if target is not None else []
    for person_id in people:
        if "remove_keyboard" in markup:
            chat.reply_keyboards.pop(person_id, None)
        else:
            chat.reply_keyboards[person_id] = markup | {"message_id": message.message_id}
        core.changes.add("keyboard", chat.id, data={"person": person_id})
