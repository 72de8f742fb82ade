"""What exists in the sandbox: people, chats, messages, files, the bot's profile. Plain data and look-ups.

Fragments that leave unchanged through the Bot API (a message's content, a keyboard) are kept as the JSON they are.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random
from typing import Any

Json = dict[str, Any]

ANONYMOUS_ADMIN = 1_087_968_824
"""Telegram's @GroupAnonymousBot: the sender of what is written in a group's name."""
MEDIA_KINDS = ("photo", "document", "voice", "video", "audio", "animation", "video_note", "sticker")
GENERAL_THREAD = 1
_FIRST_SUPERGROUP = 1_000_000_000_000


class BotStatus(StrEnum):
    """What the bot is in a group."""

    ADMINISTRATOR = "administrator"
    MEMBER = "member"
    LEFT = "left"
    KICKED = "kicked"

    @property
    def inside(self) -> bool:
        return self in (BotStatus.ADMINISTRATOR, BotStatus.MEMBER)


@dataclass(slots=True)
class User:
    """A person with a Telegram account. `started`: has pressed Start at least once. `blocked`: blocks the bot now."""

    id: int
    first_name: str
    last_name: str = ""
    username: str = ""
    phone: str = ""
    language_code: str = "zh-hans"
    label: str = ""
    pinned: bool = False
    blocked: bool = False
    started: bool = False
    deactivated: bool = False

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


@dataclass(slots=True)
class Message:
    """One message. `content` holds the Bot API's own fields (text and entities, or photo and caption, …)."""

    chat_id: int
    message_id: int
    sender_id: int
    date: int
    kind: str
    content: Json
    thread_id: int | None = None
    reply_to: int | None = None
    edit_date: int | None = None
    inline_keyboard: list[list[Json]] | None = None
    other_markup: bool = False
    forward_origin: Json | None = None
    media_group_id: str | None = None
    protected: bool = False
    anonymous: bool = False
    """Whether it was written in the group's name, by an administrator who stays anonymous."""
    via_bot: bool = False
    """Whether it was one of the bot's inline results; its sender is the person who took it."""
    reactions: dict[int, list[str]] = field(default_factory=dict)

    @property
    def is_service(self) -> bool:
        return self.kind == "service"


@dataclass(slots=True)
class Topic:
    """A forum topic; its id is the id of the message that announced it."""

    id: int
    name: str
    icon_color: int
    icon_custom_emoji_id: str | None = None
    closed: bool = False


@dataclass(slots=True)
class Chat:
    """A private chat (its id is the person's), a basic group or a supergroup."""

    id: int
    type: str
    title: str = ""
    is_forum: bool = False
    members: list[int] = field(default_factory=list)
    bot_status: BotStatus = BotStatus.MEMBER
    bot_manages_topics: bool = True
    """Whether the bot, where it is administrator of a forum, may open, close and delete topics."""
    next_message_id: int = 1
    messages: dict[int, Message] = field(default_factory=dict)
    topics: dict[int, Topic] = field(default_factory=dict)
    pinned: list[int] = field(default_factory=list)
    reply_keyboards: dict[int, Json] = field(default_factory=dict)
    menu_button: Json | None = None
    migrated_to: int | None = None
    instance: str = ""

    @property
    def is_private(self) -> bool:
        return self.type == "private"


@dataclass(slots=True)
class StoredFile:
    """Bytes that somebody sent, with what Telegram knows about them."""

    file_id: str
    unique_id: str
    kind: str
    path: str
    data: bytes
    mime_type: str
    name: str | None = None
    width: int = 0
    height: int = 0
    duration: int = 0


@dataclass(slots=True)
class BotProfile:
    """What the bot has set about itself. Texts by language code ("" for everybody)."""

    id: int
    username: str
    name: str
    names: dict[str, str] = field(default_factory=dict)
    descriptions: dict[str, str] = field(default_factory=dict)
    short_descriptions: dict[str, str] = field(default_factory=dict)
    commands: dict[str, list[Json]] = field(default_factory=dict)
    """By scope and language, as `commands.key` writes them."""
    menu_button: Json = field(default_factory=lambda: {"type": "commands"})
    inline: bool = True
    """Whether it takes inline queries (/setinline with @BotFather)."""
    inline_feedback: bool = True
    """Whether it is told which results are taken (/setinlinefeedback)."""


class World:
    """The whole state; ids are drawn from the passed-in randomness and a serial number, so none repeats."""

    def __init__(self, bot: BotProfile, random: Random, keep_messages: int | None = None) -> None:
        self.bot = bot
        self.random = random
        self.keep_messages = keep_messages
        self.users: dict[int, User] = {}
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, StoredFile] = {}
        self.paths: dict[str, str] = {}
        self.serial = 0

    def next_serial(self) -> int:
        self.serial += 1
        return self.serial

    def new_token(self, prefix: str = "") -> str:
        """A string nobody can guess and nobody else has, of URL-safe characters."""
        return f"{prefix}{self.random.getrandbits(64):016x}{self.next_serial():08x}"

    def new_number(self) -> str:
        """A unique number as a string, as ids of queries and albums are."""
        return str(self.random.getrandbits(31) << 32 | self.next_serial())

    def new_user_id(self) -> int:
        while (candidate := self.random.randrange(100_000_000, 7_000_000_000)) in self.users:
            pass
        return candidate

    def new_chat_id(self, supergroup: bool) -> int:
        while True:
            number = self.random.randrange(1_000_000, 2_000_000_000)
            candidate = -(_FIRST_SUPERGROUP + number) if supergroup else -number
            if candidate not in self.chats:
                return candidate

    def private_chat(self, user: User) -> Chat:
        """The chat between this person and the bot, made when there is none."""
        chat = self.chats.get(user.id)
        if chat is None:
            chat = Chat(id=user.id, type="private", members=[user.id], instance=self.new_number())
            self.chats[user.id] = chat
        return chat

    def groups_of(self, user_id: int) -> Iterator[Chat]:
        return (chat for chat in self.chats.values() if not chat.is_private and user_id in chat.members)

    def bot_knows(self, user: User) -> bool:
        """Whether the bot has met this person: in private, or in a group it is in."""
        return user.started or any(chat.bot_status.inside for chat in self.groups_of(user.id))

    def keep(self, chat: Chat, message: Message) -> None:
        """Put the message into the chat; the oldest go when the chat holds more than it is told to keep."""
        chat.messages[message.message_id] = message
        if self.keep_messages is not None and len(chat.messages) > self.keep_messages:
            del chat.messages[next(iter(chat.messages))]

    def store_file(self, file: StoredFile) -> StoredFile:
        self.files[file.file_id] = file
        self.paths[file.path] = file.file_id
        return file
