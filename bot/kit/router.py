"""Which handler an update belongs to, and the frame every handler runs in.

Rooms register handlers by meaning (a command, a typed button, a dialogue, any other message), those for groups apart
from those for private chats. `handlers()` gives python-telegram-bot's application what it needs. Around each handler
stands the same frame: one transaction that first marks the update as applied (a repeat ends there), then resolves the
actor, then runs the handler. A `Refusal` rolls the handler's effects back and is told in the person's words; any other
exception rolls back and goes to the intake.

In a group, too, the actor is the person. Whoever writes there in the group's own name is nobody we know.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any, Generic, TypeVar

from telegram import Bot, Chat, ChatMember, Update, User
from telegram.error import TelegramError
from telegram.ext import (
    BaseHandler,
    CallbackQueryHandler,
    ChosenInlineResultHandler,
    CommandHandler,
    ContextTypes,
    InlineQueryHandler,
    MessageReactionHandler,
    TypeHandler,
    filters,
)
from telegram.ext import MessageHandler as PtbMessageHandler

from bot.kit import delivery, dialogue, groups, inbox
from bot.kit.buttons import Button, Malformed
from bot.kit.context import A, Answer, Context, Offer, WorkOutside
from bot.kit.dialogue import Dialogue
from bot.kit.errors import Outdated, Refusal
from bot.kit.groups import News
from bot.kit.i18n import N_
from bot.kit.menu import Entry, Menu
from bot.kit.messages import Message
from bot.kit.outbox import Delivered
from bot.kit.work import Work, Works

log = logging.getLogger(__name__)

B = TypeVar("B", bound=Button)
D = TypeVar("D", bound=Dialogue)
Act = Callable[[Context[A]], Awaitable[None]]
Claim = Callable[[Context[A]], Awaitable[bool]]
ResolveActor = Callable[[Work, User], Awaitable[A]]
Tell = Callable[[Work, News], Awaitable[None]]
PtbHandler = BaseHandler[Any, ContextTypes.DEFAULT_TYPE, Any]

INLINE_CACHE_SECONDS = 5
"""How long Telegram may answer the same inline query of the same person by itself."""

_GONE_ON_IN_PRIVATE = N_("I have gone on in our private chat.")


class Router(Generic[A]):
    def __init__(self, works: Works, resolve_actor: ResolveActor[A], recognise: ResolveActor[A]) -> None:
        """`resolve_actor` finds who acts, and notes an account never seen. `recognise` finds the actor without noting that
        they were here, for people in groups and other chats: most have not come to the bot.
        """
        self._works = works
        self._resolve_actor = resolve_actor
        self._recognise = recognise
        self.menu: Menu[A] = Menu()
        self._commands: dict[str, Act[A]] = {}
        self._buttons: dict[str, tuple[type[Button], Callable[[Context[A], Any], Awaitable[None]]]] = {}
        self._in_group: set[str] = set()
        self._dialogues: dict[str, tuple[type[Dialogue], Callable[[Context[A], Any], Awaitable[None]]]] = {}
        self._continuing: list[Claim[A]] = []
        self._claims: list[Claim[A]] = []
        self._edits: list[Act[A]] = []
        self._memberships: list[Act[A]] = []
        self._reactions: list[Act[A]] = []
        self._group_commands: dict[str, Act[A]] = {}
        self._group_claims: list[Claim[A]] = []
        self._group_edits: list[Act[A]] = []
        self._group_news: list[Tell] = []
        self._inline: list[PtbHandler] = []
        self._direct: set[asyncio.Task[None]] = set()

    def command(
        self, name: str, act: Act[A], *, about: str, shown_to: Callable[[A], bool] = lambda _: True
    ) -> None:
        """`/name` in a private chat; `about` (a msgid marked with `N_`) describes it in the menus of those it is
        shown to. What it may do is decided by the service behind it, not by the menu.
        """
        _once(self._commands, name, self._reached(act) if name == "start" else act)
        self.menu.add(Entry(name, about, shown_to))

    def button(
        self, kind: type[B], act: Callable[[Context[A], B], Awaitable[None]], *, in_group: bool = False
    ) -> None:
        """A tap on a button of this kind. Tapped in a group, what it leads to goes on in the private chat with whoever
        tapped it (`Context.chat`), unless it is to be settled before everybody (`in_group`).
        """
        _once(self._buttons, kind.tag, (kind, act))
        if in_group:
            self._in_group.add(kind.tag)

    def dialogue(self, kind: type[D], act: Callable[[Context[A], D], Awaitable[None]]) -> None:
        """A private message of a person who is in a dialogue of this kind."""
        _once(self._dialogues, kind.tag, (kind, act))

    def continuing(self, claim: Claim[A]) -> None:
        """A private message that tells by itself where it belongs: a reply to one of ours, a further picture of an album.
        Asked before the person's dialogue: who is writing something long may answer somebody in between.
        """
        self._continuing.append(claim)

    def message(self, claim: Claim[A]) -> None:
        """Any other private message: the handlers are asked in the order they were registered, and the first that
        returns True has taken it.
        """
        self._claims.append(claim)

    def edited(self, act: Act[A]) -> None:
        """An edited private message."""
        self._edits.append(act)

    def membership(self, act: Act[A]) -> None:
        """A person has blocked or unblocked the bot."""
        self._memberships.append(act)

    def reaction(self, act: Act[A]) -> None:
        """A person has changed their reaction to a message, in private or in a group (`Update.message_reaction`)."""
        self._reactions.append(act)

    def group_command(self, name: str, act: Act[A]) -> None:
        """`/name` in a group, to this bot or to none by name."""
        _once(self._group_commands, name, act)

    def group_message(self, claim: Claim[A]) -> None:
        """Any other message in a group, as in `message`. Where the bot is no administrator, Telegram brings only commands
        and replies to it. No dialogue is asked: those are private.
        """
        self._group_claims.append(claim)

    def group_edited(self, act: Act[A]) -> None:
        """An edited message in a group."""
        self._group_edits.append(act)

    def group_news(self, tell: Tell) -> None:
        """What Telegram tells of a group as such. What the kit itself makes of it (who can be written to, where messages
        go) is done before.
        """
        self._group_news.append(tell)

    def inline(self, act: Act[A], *, chosen: Act[A]) -> None:
        """Somebody types the bot's name and something after it, in whatever chat (`act`, which offers results), and
        takes one of the results (`chosen`).
        """
        self._inline = [
            InlineQueryHandler(self._framed(act)),
            ChosenInlineResultHandler(self._framed(chosen)),
        ]

    def handlers(self) -> Sequence[PtbHandler]:
        private, group = filters.ChatType.PRIVATE, filters.ChatType.GROUPS
        return [
            *(
                CommandHandler(name, self._framed(act), filters=private & filters.UpdateType.MESSAGE)
                for name, act in self._commands.items()
            ),
            *(
                CommandHandler(name, self._framed(act), filters=group & filters.UpdateType.MESSAGE)
                for name, act in self._group_commands.items()
            ),
            CallbackQueryHandler(self._framed(self._tapped)),
            PtbMessageHandler(
                private & filters.UpdateType.EDITED_MESSAGE, self._framed(self._all(self._edits))
            ),
            PtbMessageHandler(private & filters.UpdateType.MESSAGE, self._framed(self._received)),
            PtbMessageHandler(
                group & filters.UpdateType.EDITED_MESSAGE, self._framed(self._all(self._group_edits))
            ),
            PtbMessageHandler(
                group & filters.UpdateType.MESSAGE & ~filters.StatusUpdate.ALL,
                self._framed(self._received_in_group),
            ),
            MessageReactionHandler(self._framed(self._all(self._reactions))),
            *self._inline,
            TypeHandler(Update, self._framed(self._membership_changed)),
        ]

    async def drain(self, patience: float | None = None) -> None:
        """Waits for the answers under way; those that take longer than `patience` seconds are given up."""
        if self._direct:
            _, late = await asyncio.wait(self._direct, timeout=patience)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def _framed(
        self, act: Act[A]
    ) -> Callable[[Update, ContextTypes.DEFAULT_TYPE], Coroutine[Any, Any, None]]:
        async def run(update: Update, ptb: ContextTypes.DEFAULT_TYPE) -> None:
            context = await self._apply(update, act)
            if context is not None:
                self._say_directly(ptb.bot, context)

        return run

    async def _apply(self, update: Update, act: Act[A]) -> Context[A] | None:
        """Applies the update once; None when it was applied before."""
        done_outside: dict[str, Any] = {}
        while True:
            try:
                try:
                    return await self._in_transaction(update, act, done_outside)
                except WorkOutside as wanted:
                    done_outside[wanted.name] = await wanted.work()
            except Refusal as refusal:
                return await self._in_transaction(update, _telling(refusal), done_outside)

    async def _in_transaction(
        self, update: Update, act: Act[A], done_outside: dict[str, Any]
    ) -> Context[A] | None:
        async with self._works.begin() as work:
            if not await inbox.mark_applied(work.session, update.update_id, now=work.now):
                return None
            news = groups.news_of(update)
            if news is not None:
                await self._tell(work, news)
                return None
            user, chat = update.effective_user, _chat_of(update)
            if user is None or chat is None or chat.type not in (Chat.PRIVATE, *groups.GROUPS):
                return None
            if _is_own_word(update):
                return None
            came = chat.type == Chat.PRIVATE and not _is_inline(update)
            actor = await (self._resolve_actor if came else self._recognise)(work, user)
            context = Context(
                session=work.session,
                now=work.now,
                out=work.out,
                languages=work.languages,
                update=update,
                user=user,
                chat=chat,
                actor=actor,
                _=work.languages[actor.language],
                done_outside=done_outside,
            )
            await act(context)
            return context

    async def _tapped(self, context: Context[A]) -> None:
        data = context.query.data or ""
        known = self._buttons.get(data.split(":", 1)[0])
        if known is None or context.query.message is None or not context.query.message.is_accessible:
            raise Outdated
        kind, act = known
        try:
            button = kind.decode(data)
        except Malformed as error:
            raise Outdated from error
        if context.chat.type == Chat.PRIVATE or kind.tag in self._in_group:
            await act(context, button)
            return
        context.chat = Chat(context.user.id, Chat.PRIVATE)
        await act(context, button)
        if context.answered is None:
            context.answer(context._.plain(_GONE_ON_IN_PRIVATE))

    async def _received(self, context: Context[A]) -> None:
        for claim in self._continuing:
            if await claim(context):
                return
        running = await dialogue.current(context.session, context.user.id, now=context.now)
        if running is not None and running[0] in self._dialogues:
            kind, act = self._dialogues[running[0]]
            value = kind.decode(running[1])
            if value is not None:
                try:
                    await act(context, value)
                except Refusal as refusal:
                    refusal.in_dialogue = True
                    raise
                return
        for claim in self._claims:
            if await claim(context):
                return

    async def _received_in_group(self, context: Context[A]) -> None:
        for claim in self._group_claims:
            if await claim(context):
                return

    async def _tell(self, work: Work, news: News) -> None:
        match news:
            case groups.LetIn(group):
                await delivery.note_reachable(work.session, group.chat_id)
            case groups.PutOut(group, reason):
                await delivery.note_unreachable(work.session, group.chat_id, reason, now=work.now)
            case groups.Migrated(old, new):
                await delivery.follow(work.session, old, new)
            case groups.TopicClosed():
                pass
        for tell in self._group_news:
            await tell(work, news)

    async def _membership_changed(self, context: Context[A]) -> None:
        changed = context.update.my_chat_member
        if changed is None:
            return
        chat_id, status = context.chat.id, changed.new_chat_member.status
        if status in (ChatMember.LEFT, ChatMember.BANNED):
            await delivery.note_unreachable(context.session, chat_id, status, now=context.now)
        else:
            await delivery.note_reachable(context.session, chat_id)
        await self._all(self._memberships)(context)

    @staticmethod
    def _reached(act: Act[A]) -> Act[A]:
        # Telegram does not tell when somebody starts the bot for the first time; that they can be written to from now on
        # shows in their pressing Start.
        async def run(context: Context[A]) -> None:
            await delivery.note_reachable(context.session, context.chat.id)
            await act(context)

        return run

    @staticmethod
    def _all(acts: Sequence[Act[A]]) -> Act[A]:
        async def run(context: Context[A]) -> None:
            for act in acts:
                await act(context)

        return run

    def _say_directly(self, bot: Bot, context: Context[A]) -> None:
        update = context.update
        if update.callback_query is None and update.inline_query is None and not context.typing:
            return
        task = asyncio.create_task(_directly(bot, context))
        self._direct.add(task)
        task.add_done_callback(self._direct.discard)


def _once(table: dict[str, Any], name: str, entry: Any) -> None:
    if name in table:
        raise ValueError(f"{name!r} is registered twice")
    table[name] = entry


def _is_inline(update: Update) -> bool:
    return update.inline_query is not None or update.chosen_inline_result is not None


def _chat_of(update: Update) -> Chat | None:
    typed = update.inline_query or update.chosen_inline_result
    return update.effective_chat if typed is None else Chat(typed.from_user.id, Chat.PRIVATE)


def _is_own_word(update: Update) -> bool:
    """Whether this is an answer of the bot's that the person took over inline: no question to it."""
    message = update.effective_message
    via = None if message is None else message.via_bot
    return via is not None and via.id == update.get_bot().id


def _telling(refusal: Refusal) -> Act[A]:
    async def tell(context: Context[A]) -> None:
        if refusal.in_dialogue and refusal.ends_dialogue:
            await context.end_dialogue()
        if context.update.callback_query is not None:
            context.answer(context._.plain(refusal.message, **refusal.details), alert=True)
        elif context.update.message is not None:
            # In a group it is said to whom it is told.
            in_group = context.chat.type != Chat.PRIVATE
            under = Delivered(context.update.message.message_id) if in_group else None
            await context.reply(Message(context._(refusal.message, **refusal.details)), reply_to=under)

    return tell


async def _directly(bot: Bot, context: Context[Any]) -> None:
    update = context.update
    try:
        if update.callback_query is not None:
            answer = context.answered or Answer()
            text = None if answer.text is None else answer.text[:200]
            await bot.answer_callback_query(update.callback_query.id, text=text, show_alert=answer.alert)
        if update.inline_query is not None:
            offer = context.offered or Offer(())
            await bot.answer_inline_query(
                update.inline_query.id,
                offer.results,
                cache_time=INLINE_CACHE_SECONDS,
                is_personal=True,
                button=offer.button,
            )
        if context.typing:
            await bot.send_chat_action(context.chat.id, "typing")
    except TelegramError as error:
        # Too late, or the network is away: the effect is committed and its messages are queued all the same.
        log.info(
            "direct answer not taken", extra={"update_id": update.update_id, "error": type(error).__name__}
        )
