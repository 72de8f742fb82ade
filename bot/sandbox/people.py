"""People: what somebody with a Telegram client can do, with the rules of the client and of Telegram."""

from bot.sandbox import groups, inline
from bot.sandbox.core import Core
from bot.sandbox.errors import PersonError
from bot.sandbox.files import NO_SHAPE, Shape, media_content, store
from bot.sandbox.groups import Group
from bot.sandbox.methods_edit import REACTIONS, REPLACEABLE, react, remove
from bot.sandbox.methods_messages import forward_origin
from bot.sandbox.methods_profile import commands_seen
from bot.sandbox.posting import post, tell_bot
from bot.sandbox.queries import Answer
from bot.sandbox.schema import Upload
from bot.sandbox.sending import text_content
from bot.sandbox.typed import (
    button_under,
    check_album,
    contact_card,
    edited_content,
    typed_caption,
    typed_text,
)
from bot.sandbox.views import SeenMessage, see
from bot.sandbox.wire import bot_member_json, chat_json, message_json, user_json
from bot.sandbox.world import MEDIA_KINDS, BotStatus, Chat, Json, Message, User

_ANSWER_SECONDS = 10.0
MessageRef = SeenMessage | int
"""A message, or its id in the chat concerned."""
ChatHandle = Group | int | None
"""None: the private chat with the bot."""


class Person:
    """Somebody in the sandbox. Acts raise PersonError for what a Telegram client would not let them do."""

    def __init__(self, core: Core, user: User) -> None:
        self._core = core
        self.user = user

    def __repr__(self) -> str:
        return f"Person({self.user.id}, {self.user.name!r})"

    @property
    def id(self) -> int:
        return self.user.id

    # What they see

    def chat(self, chat: ChatHandle = None) -> list[SeenMessage]:
        """The messages of a chat as they stand now, oldest first."""
        return [see(self._core.world, message) for message in self._chat(chat).messages.values()]

    def last(self, chat: ChatHandle = None) -> SeenMessage:
        """The newest message of a chat."""
        messages = self._chat(chat).messages
        if not messages:
            raise PersonError("There is no message yet")
        return see(self._core.world, messages[next(reversed(messages))])

    def sees(self, message: MessageRef, chat: ChatHandle = None) -> SeenMessage:
        """A message as it stands now."""
        return see(self._core.world, self._message(message, chat)[1])

    @property
    def reply_keyboard(self) -> Json | None:
        """The markup shown under the private chat: a keyboard or a forced reply, with its `message_id`."""
        return self._chat(None).reply_keyboards.get(self.id)

    def commands(self, chat: ChatHandle = None) -> list[Json]:
        """The command menu."""
        return commands_seen(self._core.world, self._chat(chat), self.user)

    # What they do

    async def start(self, payload: str | None = None) -> SeenMessage:
        """Press Start, or open a deep link with its payload; also ends a block."""
        if self.user.blocked:
            await self.unblocks()
        if not self.user.started:
            self.user.started = True
            self._changed()
        typed = typed_text(f"/start {payload}" if payload else "/start")
        return self._post(self._open_chat(None), "text", typed)

    async def says(
        self,
        text: str,
        reply_to: MessageRef | None = None,
        chat: ChatHandle = None,
        thread: int | None = None,
        *,
        anonymously: bool = False,
    ) -> SeenMessage:
        """`anonymously`: in the group's name, as its owner may."""
        where = self._open_chat(chat)
        if anonymously and (where.is_private or where.members[0] != self.id):
            raise PersonError("Only an administrator writes in a group's name")
        return self._post(where, "text", typed_text(text), reply_to, thread, anonymous=anonymously)

    async def says_formatted(
        self,
        html: str,
        reply_to: MessageRef | None = None,
        chat: ChatHandle = None,
        thread: int | None = None,
    ) -> SeenMessage:
        """Write with the client's formatting, given as the Bot API's HTML: bold, links, mentions of people …"""
        content = text_content(self._core, html, "HTML", None, None)
        return self._post(self._open_chat(chat), "text", content, reply_to, thread)

    async def presses(self, text: str) -> SeenMessage:
        """Press a button of the reply keyboard: sends its text, the own contact or a location as it asks."""
        keyboard = self.reply_keyboard or {}
        for button in (button for row in keyboard.get("keyboard", ()) for button in row):
            if button["text"] != text:
                continue
            if keyboard.get("one_time_keyboard"):
                self._chat(None).reply_keyboards.pop(self.id, None)
                self._core.changes.add("keyboard", self.id, data={"person": self.id})
            if button.get("request_contact"):
                return await self.shares_contact()
            if button.get("request_location"):
                return await self.sends_location(46.59, 125.1)
            return await self.says(text)
        raise PersonError(f"There is no button {text!r} on the keyboard")

    async def sends_file(
        self,
        kind: str,
        data: bytes,
        *,
        name: str = "",
        mime_type: str = "",
        caption: str = "",
        reply_to: MessageRef | None = None,
        chat: ChatHandle = None,
        thread: int | None = None,
        media_group: str | None = None,
        shape: Shape = NO_SHAPE,
    ) -> SeenMessage:
        """`kind` as in API.md. Messages with one `media_group` form an album."""
        if kind not in MEDIA_KINDS:
            raise PersonError(f"There is no kind of file called {kind!r}")
        if not data:
            raise PersonError("The file is empty")
        typed = typed_caption(caption)
        where = self._open_chat(chat)
        if media_group is not None:
            check_album(where, media_group, kind)
        file = store(self._core.world, kind, Upload(name, mime_type, data), shape)
        return self._post(where, kind, media_content(file, kind) | typed, reply_to, thread, media_group)

    async def sends_photo(self, data: bytes, caption: str = "", chat: ChatHandle = None) -> SeenMessage:
        return await self.sends_file("photo", data, caption=caption, chat=chat)

    async def sends_document(
        self, data: bytes, name: str = "file.bin", caption: str = "", chat: ChatHandle = None
    ) -> SeenMessage:
        return await self.sends_file("document", data, name=name, caption=caption, chat=chat)

    async def sends_voice(self, data: bytes, duration: int = 3, chat: ChatHandle = None) -> SeenMessage:
        return await self.sends_file("voice", data, chat=chat, shape=Shape(duration=duration))

    async def sends_location(self, latitude: float, longitude: float, chat: ChatHandle = None) -> SeenMessage:
        location = {"latitude": latitude, "longitude": longitude}
        return self._post(self._open_chat(chat), "location", {"location": location})

    async def shares_contact(self, of: "Person | None" = None, chat: ChatHandle = None) -> SeenMessage:
        """The own contact, or that of somebody else from the address book: Telegram names its owner either way."""
        content = contact_card(self.user if of is None else of.user)
        return self._post(self._open_chat(chat), "contact", content)

    async def forwards(
        self, message: MessageRef, chat: ChatHandle = None, from_chat: ChatHandle = None
    ) -> SeenMessage:
        """Forward a message (of `from_chat`, when only its id is given) into `chat`."""
        _, source = self._message(message, from_chat)
        if source.is_service or source.protected:
            raise PersonError("This message cannot be forwarded")
        origin = forward_origin(self._core.world, source)
        where = self._open_chat(chat)
        return self._seen(
            post(self._core, where, self.id, source.kind, source.content, forward_origin=origin)
        )

    async def taps(
        self,
        message: MessageRef,
        button: str | None = None,
        *,
        data: str | None = None,
        place: tuple[int, int] | None = None,
        chat: ChatHandle = None,
    ) -> str | None:
        """Tap an inline button found by its text or its row and column, or send `data` as an old client might.
        Returns the id of the callback query, for `answer`; None when the button only opens a link.
        """
        where, target = self._message(message, chat)
        if data is None:
            found = button_under(target, button, place)
            data = found.get("callback_data")
            if data is None:
                return None
        if where.is_private and self.user.blocked:
            raise PersonError("The bot is blocked")
        core = self._core
        query_id = core.world.new_number()
        core.queries.open(query_id, self.id, core.clock.now())
        body: Json = {
            "id": query_id,
            "from": user_json(self.user),
            "message": message_json(core.world, target),
            "chat_instance": where.instance,
            "data": data,
        }
        core.updates.offer("callback_query", body, lane=where.id)
        return query_id

    async def answer(self, query_id: str | None, seconds: float = _ANSWER_SECONDS) -> Answer | None:
        """Wait for the bot's answer to a tap; None when there is none within so many real `seconds`."""
        if query_id is None:
            return None
        return await self._core.queries.wait(query_id, seconds)

    async def asks_inline(self, query: str, chat: ChatHandle = None, offset: str = "") -> str:
        """Type "@bot query" in a chat; returns the id of the inline query, for `answer`."""
        return inline.ask(self._core, self.user, self._chat(chat), query, offset)

    async def takes(
        self,
        query_id: str,
        result_id: str,
        reply_to: MessageRef | None = None,
        chat: ChatHandle = None,
        thread: int | None = None,
    ) -> SeenMessage:
        """Take one of the results of an inline query: it is sent as one's own message."""
        where = self._open_chat(chat)
        target, thread = self._place(where, reply_to, thread)
        message = inline.choose(
            self._core, self.user, where, query_id, result_id, thread_id=thread, reply_to=target
        )
        return self._seen(message)

    async def edits(self, message: MessageRef, text: str, chat: ChatHandle = None) -> SeenMessage:
        """Change the own message's text (or caption); the bot gets edited_message."""
        where, target = self._own(message, chat)
        content = edited_content(target, text)
        if content != target.content:
            target.content = content
            target.edit_date = self._core.seconds()
            self._core.changed("edit", target)
            tell_bot(self._core, where, target, "edited_message")
        return self._seen(target)

    async def replaces_file(
        self, message: MessageRef, kind: str, data: bytes, caption: str = "", chat: ChatHandle = None
    ) -> SeenMessage:
        """Put another file (and caption) into the own message; the bot gets edited_message."""
        where, target = self._own(message, chat)
        if not {kind, target.kind} <= REPLACEABLE:
            raise PersonError("This file cannot be replaced")
        if target.media_group_id is not None and kind != target.kind:
            raise PersonError("In an album, a file is replaced by one of its kind")
        file = store(self._core.world, kind, Upload("", "", data), NO_SHAPE)
        target.kind, target.content = kind, media_content(file, kind) | typed_caption(caption)
        target.edit_date = self._core.seconds()
        self._core.changed("edit", target)
        tell_bot(self._core, where, target, "edited_message")
        return self._seen(target)

    async def deletes(self, message: MessageRef, chat: ChatHandle = None) -> None:
        """Delete for everybody; bots are not told."""
        where, target = self._message(message, chat)
        if not where.is_private and target.sender_id != self.id and where.members[0] != self.id:
            raise PersonError("Only the group's owner deletes what others wrote")
        remove(self._core, where, target)

    async def reacts(self, message: MessageRef, emoji: str = "", chat: ChatHandle = None) -> None:
        """React, or take the reaction back with an empty `emoji`."""
        where, target = self._message(message, chat)
        if emoji and emoji.replace("\ufe0f", "") not in REACTIONS:
            raise PersonError("There is no such reaction")
        old = target.reactions.get(self.id, [])
        new = [emoji] if emoji else []
        if old == new:
            return
        react(self._core, target, self.id, new)
        if where.is_private or where.bot_status is BotStatus.ADMINISTRATOR:
            body: Json = {
                "chat": chat_json(self._core.world, where),
                "message_id": target.message_id,
                "user": user_json(self.user),
                "date": self._core.seconds(),
                "old_reaction": [{"type": "emoji", "emoji": given} for given in old],
                "new_reaction": [{"type": "emoji", "emoji": given} for given in new],
            }
            self._core.updates.offer("message_reaction", body, lane=where.id)

    async def blocks(self) -> None:
        """Block the bot; it gets my_chat_member."""
        self._set_blocked(True)

    async def unblocks(self) -> None:
        self._set_blocked(False)

    async def deletes_account(self) -> None:
        """Nothing reaches them any more."""
        self.user.deactivated = True
        self._changed()

    async def joins(self, group: Group) -> None:
        groups.set_member(self._core, group.state, self.user, inside=True)

    async def leaves(self, group: Group) -> None:
        groups.set_member(self._core, group.state, self.user, inside=False)

    # How

    def _set_blocked(self, blocked: bool) -> None:
        if self.user.blocked is blocked:
            return
        self.user.blocked = blocked
        core, chat = self._core, self._chat(None)
        old, new = (BotStatus.MEMBER, BotStatus.KICKED) if blocked else (BotStatus.KICKED, BotStatus.MEMBER)
        if self.user.started:
            body: Json = {
                "chat": chat_json(core.world, chat),
                "from": user_json(self.user),
                "date": core.seconds(),
                "old_chat_member": bot_member_json(core.world.bot, chat, old),
                "new_chat_member": bot_member_json(core.world.bot, chat, new),
            }
            core.updates.offer("my_chat_member", body, lane=chat.id)
        self._changed()

    def _changed(self) -> None:
        self._core.changes.add("person", data={"person": self.id})

    def _seen(self, message: Message) -> SeenMessage:
        return see(self._core.world, message)

    def _chat(self, handle: ChatHandle) -> Chat:
        """A chat this person can look into."""
        world = self._core.world
        chat_id = handle.id if isinstance(handle, Group) else handle
        if chat_id is None or chat_id == self.id:
            return world.private_chat(self.user)
        chat = world.chats.get(chat_id)
        if chat is None or self.id not in chat.members:
            raise PersonError(f"{self.user.name} is not in this chat")
        return chat

    def _open_chat(self, handle: ChatHandle) -> Chat:
        """A chat this person can write into."""
        chat = self._chat(handle)
        if self.user.deactivated:
            raise PersonError(f"{self.user.name} has no account any more")
        if chat.is_private and self.user.blocked:
            raise PersonError(f"{self.user.name} blocks the bot")
        if chat.is_private and not self.user.started:
            raise PersonError(f"{self.user.name} has not pressed Start yet")
        if chat.migrated_to is not None:
            raise PersonError("This group has become a supergroup")
        return chat

    def _message(self, ref: MessageRef, handle: ChatHandle) -> tuple[Chat, Message]:
        chat = self._chat(ref.chat_id if isinstance(ref, SeenMessage) else handle)
        message_id = ref.message_id if isinstance(ref, SeenMessage) else ref
        message = chat.messages.get(message_id)
        if message is None:
            raise PersonError("This message is gone")
        return chat, message

    def _own(self, ref: MessageRef, handle: ChatHandle) -> tuple[Chat, Message]:
        chat, message = self._message(ref, handle)
        written = message.sender_id == self.id and not message.is_service and not message.via_bot
        if not written or message.forward_origin is not None:
            raise PersonError("Only one's own messages can be edited")
        return chat, message

    def _post(
        self,
        chat: Chat,
        kind: str,
        content: Json,
        reply_to: MessageRef | None = None,
        thread: int | None = None,
        media_group: str | None = None,
        *,
        anonymous: bool = False,
    ) -> SeenMessage:
        target, thread = self._place(chat, reply_to, thread)
        message = post(
            self._core,
            chat,
            self.id,
            kind,
            content,
            thread_id=thread,
            reply_to=target,
            media_group_id=media_group,
            anonymous=anonymous,
        )
        return self._seen(message)

    def _place(
        self, chat: Chat, reply_to: MessageRef | None, thread: int | None
    ) -> tuple[int | None, int | None]:
        """The message replied to and the topic, where this person may write there."""
        target = None if reply_to is None else self._message(reply_to, chat.id)[1]
        if thread is None and target is not None:
            thread = target.thread_id
        if thread is not None:
            topic = chat.topics.get(thread)
            if topic is None:
                raise PersonError("This topic is gone")
            if topic.closed and chat.members[0] != self.id:
                raise PersonError("This topic is closed")
        return None if target is None else target.message_id, thread
