"""What a handler is given: its unit of work, who acts, in which language, and how to answer."""

import dataclasses
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from typing import Any, Generic, Protocol, TypeVar

from telegram import (
    CallbackQuery,
    Chat,
    ChosenInlineResult,
    InlineQuery,
    InlineQueryResult,
    InlineQueryResultsButton,
    Update,
    User,
)
from telegram import Message as TelegramMessage

from bot.kit import dialogue
from bot.kit.i18n import Words
from bot.kit.messages import Message
from bot.kit.outbox import Delivered, Target, Urgency
from bot.kit.work import Work

T = TypeVar("T")


class Actor(Protocol):
    """The person behind an update, as the roster knows them."""

    @property
    def language(self) -> str: ...


A = TypeVar("A", bound=Actor)


@dataclasses.dataclass(slots=True)
class Answer:
    """What is said to a tapped button: a short note over the chat, or a box to be closed."""

    text: str | None = None
    alert: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Offer:
    """What is offered to somebody who types the bot's name and something after it, in whatever chat."""

    results: Sequence[InlineQueryResult]
    button: InlineQueryResultsButton | None = None
    """Stands above the results and leads to the bot."""


class WorkOutside(Exception):  # control flow between a handler and the router; never leaves the kit
    """Something slow is to be done before this handler can run."""

    def __init__(self, name: str, work: Callable[[], Awaitable[Any]]) -> None:
        super().__init__(name)
        self.name = name
        self.work = work


@dataclasses.dataclass(slots=True)
class Context(Work, Generic[A]):
    update: Update
    user: User
    chat: Chat
    """Where we answer: the chat it happened in. Of an inline query, which does not tell where it is typed, and mostly of a
    button tapped in a group (see `Router.button`), the private chat with the person.
    """
    actor: A
    _: Words
    done_outside: MutableMapping[str, Any]
    answered: Answer | None = None
    offered: Offer | None = None
    typing: bool = False
    _replies: int = 0

    @property
    def message(self) -> TelegramMessage:
        """The message of this update (for a button, the one it stands under)."""
        message = self.update.effective_message
        if not isinstance(message, TelegramMessage):
            raise TypeError("this update has no message")
        return message

    @property
    def query(self) -> CallbackQuery:
        query = self.update.callback_query
        if query is None:
            raise TypeError("this update is no tapped button")
        return query

    @property
    def inline(self) -> InlineQuery:
        query = self.update.inline_query
        if query is None:
            raise TypeError("this update is no inline query")
        return query

    @property
    def chosen(self) -> ChosenInlineResult:
        chosen = self.update.chosen_inline_result
        if chosen is None:
            raise TypeError("this update is no chosen inline result")
        return chosen

    def key(self, name: str) -> str:
        """A dedupe key that is this update's own."""
        return f"update:{self.update.update_id}:{name}"

    @property
    def topic(self) -> Target | None:
        """The forum topic in which it was written, where we answer, too."""
        message = self.update.effective_message
        if not isinstance(message, TelegramMessage) or message.chat_id != self.chat.id:
            return None
        thread = message.message_thread_id if message.is_topic_message else None
        return None if thread is None else Delivered(thread)

    async def reply(
        self,
        message: Message,
        *,
        urgency: Urgency = Urgency.INTERACTIVE,
        reply_to: Target | None = None,
        fleeting: bool = False,
    ) -> int:
        """Queues a message to this chat; returns its outgoing row. What it says is not kept if it is `fleeting`."""
        self._replies += 1
        return await self.out.send(
            self.chat.id,
            message,
            key=self.key(f"reply{self._replies}"),
            urgency=urgency,
            reply_to=reply_to,
            topic=self.topic,
            fleeting=fleeting,
        )

    async def replace(self, message: Message) -> int:
        """Queues an edit of the message whose button was tapped. Text cannot become a picture, nor a picture text: then
        the new message follows below, and the old one loses its buttons. A message before everybody stays as it is, and
        the new one goes to the person alone.
        """
        if self.message.chat_id != self.chat.id:
            return await self.reply(message)
        if (self.message.text is None) is (message.media is None):
            await self.take_buttons_away()
            return await self.reply(message)
        self._replies += 1
        target = Delivered(self.message.message_id)
        return await self.out.edit(self.chat.id, target, message, key=self.key(f"reply{self._replies}"))

    async def take_buttons_away(self) -> None:
        """Queues taking the buttons off the message whose button was tapped; not off one before everybody."""
        target = Delivered(self.message.message_id)
        if self.message.chat_id == self.chat.id:
            await self.out.remove_keyboard(self.chat.id, target, key=self.key("buttons"))

    def answer(self, text: str | None = None, *, alert: bool = False) -> None:
        """What the tapped button answers, once the transaction has committed (200 characters are shown)."""
        self.answered = Answer(text, alert)

    def offer(
        self, results: Sequence[InlineQueryResult], button: InlineQueryResultsButton | None = None
    ) -> None:
        """What an inline query is answered with, once the transaction has committed (Telegram shows 50 at most)."""
        self.offered = Offer(results, button)

    async def expect(self, value: dialogue.Dialogue) -> None:
        """The person's next message belongs to this dialogue."""
        await dialogue.begin(self.session, self.user.id, value, now=self.now)

    async def end_dialogue(self) -> None:
        await dialogue.end(self.session, self.user.id)

    async def outside(self, name: str, work: Callable[[], Awaitable[T]]) -> T:
        """The result of something slow (a download, a large file), done outside any transaction.

        Where it is not done yet, this transaction is rolled back, the work is done, and the handler runs again from
        its beginning; call it before anything that costs effort. `name` tells several such works of one handler
        apart.
        """
        if name not in self.done_outside:
            raise WorkOutside(name, work)
        result: T = self.done_outside[name]
        return result
