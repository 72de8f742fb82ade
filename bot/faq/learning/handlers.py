"""From a tap to what is learnt."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeAlias

from telegram import InlineKeyboardButton

from bot.faq.learning import noting, service, texts
from bot.faq.learning.buttons import (
    Add,
    Choose,
    ChooseOf,
    Dismiss,
    Open,
    PassUp,
    Queue,
    Search,
    Taught,
    Undo,
    Write,
)
from bot.faq.learning.errors import LookedAfter
from bot.faq.learning.service import Desk
from bot.faq.library import Library
from bot.faq.model import Entry, Owner
from bot.kit.buttons import Button
from bot.kit.dialogue import Dialogue
from bot.kit.messages import Message
from bot.kit.router import Router
from bot.roster import Ctx
from bot.roster.model import Actor

OpenDraft: TypeAlias = Callable[[Ctx, Owner, Entry], Awaitable[None]]
"""Begins a draft of a new entry and shows it in place of the tapped message."""

FOUND = 6


class Searching(Dialogue, tag="faq.find"):
    """The next text names an entry."""

    unit: int
    lesson: int


class Learning:
    def __init__(self, router: Router[Actor], library: Library, *, home: Button, write: OpenDraft) -> None:
        """`home`: leads back to where the queue was opened; `write`: begins a draft."""
        self._library = library
        self._home = home
        self._write = write
        router.button(Queue, self.queue)
        router.button(Open, self.open)
        router.button(Taught, self.taught)
        router.button(Add, self.add)
        router.button(Choose, self.choose)
        router.button(ChooseOf, self.choose_of)
        router.button(Search, self.search)
        router.button(Write, self.write)
        router.button(PassUp, self.pass_up)
        router.button(Dismiss, self.dismiss)
        router.button(Undo, self.undo)
        router.dialogue(Searching, self.searched)

    async def queue(self, ctx: Ctx, button: Queue) -> None:
        desk = await service.desk_at(ctx.session, ctx.actor, button.unit)
        groups = await service.queue(ctx.session, desk)
        await ctx.replace(texts.queue(ctx._, desk, groups, button.page, self._home))

    async def open(self, ctx: Ctx, button: Open) -> None:
        desk = await service.desk_at(ctx.session, ctx.actor, button.unit)
        await ctx.end_dialogue()
        await ctx.replace(await self._group(ctx, desk, button.lesson))

    async def taught(self, ctx: Ctx, button: Taught) -> None:
        desk = await service.desk_for(ctx.session, ctx.actor, button.lesson)
        if desk is None:
            raise LookedAfter
        await ctx.reply(await self._group(ctx, desk, button.lesson))

    async def add(self, ctx: Ctx, button: Add) -> None:
        desk = await service.desk_at(ctx.session, ctx.actor, button.unit)
        done = await service.add(ctx, ctx.actor, desk, button.lesson, button.row)
        await ctx.replace(texts.added(ctx._, desk, done, ctx.now))

    async def choose(self, ctx: Ctx, button: Choose) -> None:
        desk = await service.desk_at(ctx.session, ctx.actor, button.unit)
        await ctx.end_dialogue()
        listed = await service.own_entries(ctx.session, desk)
        await ctx.replace(texts.choose(ctx._, desk, button.lesson, listed))

    async def choose_of(self, ctx: Ctx, button: ChooseOf) -> None:
        desk = await service.desk_at(ctx.session, ctx.actor, button.unit)
        listed = [each for each in await service.own_entries(ctx.session, desk) if each.stage is button.stage]
        await ctx.replace(texts.choose_of(ctx._, desk, button.lesson, button.stage, listed, button.page))

    async def search(self, ctx: Ctx, button: Search) -> None:
        desk = await service.desk_at(ctx.session, ctx.actor, button.unit)
        await ctx.expect(Searching(button.unit, button.lesson))
        await ctx.replace(texts.searching(ctx._, desk, button.lesson))

    async def searched(self, ctx: Ctx, searching: Searching) -> None:
        desk = await service.desk_at(ctx.session, ctx.actor, searching.unit)
        text = ctx.message.text
        if text is None:
            await ctx.reply(texts.searching(ctx._, desk, searching.lesson))
            return
        index = await self._library.index(ctx)
        found = await service.search(ctx.session, index, desk, text, limit=FOUND)
        if found:
            await ctx.end_dialogue()
        await ctx.reply(texts.found(ctx._, desk, searching.lesson, found))

    async def write(self, ctx: Ctx, button: Write) -> None:
        desk = await service.desk_at(ctx.session, ctx.actor, button.unit)
        index = await self._library.index(ctx)
        draft = await service.draft_of(ctx, ctx.actor, index, desk, button.lesson)
        await self._write(ctx, desk.owner, draft)

    async def pass_up(self, ctx: Ctx, button: PassUp) -> None:
        desk = await service.desk_at(ctx.session, ctx.actor, button.unit)
        to = await service.pass_up(ctx, ctx.actor, desk, button.lesson, button.to)
        await ctx.replace(texts.passed_up(ctx._, desk, to, ctx.now))

    async def dismiss(self, ctx: Ctx, button: Dismiss) -> None:
        desk = await service.desk_at(ctx.session, ctx.actor, button.unit)
        group = await service.dismiss(ctx, ctx.actor, desk, button.lesson)
        await ctx.replace(texts.dismissed(ctx._, desk, group, ctx.now))

    async def undo(self, ctx: Ctx, button: Undo) -> None:
        desk = await service.desk_at(ctx.session, ctx.actor, button.unit)
        await service.undo(ctx, ctx.actor, desk, button.at, button.row)
        await ctx.replace(texts.undone(ctx._, desk))

    async def _group(self, ctx: Ctx, desk: Desk, lesson_id: int) -> Message:
        index = await self._library.index(ctx)
        group = await service.group_of(ctx.session, desk, lesson_id)
        near = await service.likely(ctx.session, index, desk, group.wordings[0])
        return texts.group(ctx._, desk, group, near)


async def home_buttons(ctx: Ctx, owner: Owner) -> Sequence[InlineKeyboardButton]:
    """What leads to the queue from the home of these entries' keepers."""
    desk = await service.desk_of(ctx.session, owner)
    if desk is None:
        return ()
    return [texts.queue_button(ctx._, desk, len(await service.queue(ctx.session, desk)))]


async def learn_from_ticket(
    ctx: Ctx, *, branch_id: int, account_id: int, question: str, answer: str, shown: Sequence[str]
) -> InlineKeyboardButton | None:
    """Notes a question that a person of the staff (the actor) has answered; returns the button that leads them to it,
    None where there is nothing to learn or it is not theirs to say.
    """
    lesson = await noting.note_answered(
        ctx, branch_id=branch_id, account_id=account_id, question=question, answer=answer, shown=shown
    )
    if lesson is None or await service.desk_for(ctx.session, ctx.actor, lesson) is None:
        return None
    return texts.taught_button(ctx._, lesson)


async def finish_from_ticket(
    ctx: Ctx,
    library: Library,
    actor: Actor,
    *,
    branch_id: int,
    account_id: int,
    question: str,
    answer: str,
    shown: Sequence[str],
) -> Sequence[Sequence[InlineKeyboardButton]] | None:
    """Notes a question that was answered by hand and is settled; returns the buttons by which `actor`, of the staff, makes
    an entry of it in one tap. None where there is nothing to learn, it is not theirs to say, or it was looked after.
    """
    index = await library.index(ctx)
    lesson = await noting.note_answered(
        ctx, branch_id=branch_id, account_id=account_id, question=question, answer=answer, shown=shown
    )
    desk = None if lesson is None else await service.desk_for(ctx.session, actor, lesson)
    if lesson is None or desk is None:
        return None
    try:
        group = await service.group_of(ctx.session, desk, lesson)
    except LookedAfter:
        return None
    near = await service.likely(ctx.session, index, desk, group.wordings[0])
    return texts.finishing(ctx.languages[actor.language], desk, group, near)
