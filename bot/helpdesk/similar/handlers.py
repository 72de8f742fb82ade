"""One answer for several tickets, from updates and back."""

import dataclasses
from collections.abc import Sequence
from typing import Final

from telegram import InlineKeyboardButton

from bot.helpdesk import rules, writing
from bot.helpdesk.alike import Member
from bot.helpdesk.model import Content, Kind
from bot.helpdesk.rules import Desk
from bot.helpdesk.similar import service, texts
from bot.helpdesk.similar.buttons import (
    Answering,
    Choose,
    Group,
    Groups,
    Preview,
    Progress,
    Same,
    Send,
    Toggle,
    Write,
)
from bot.helpdesk.similar.errors import NobodyChosen, NothingAlike, OnlyText, TooLong
from bot.helpdesk.updates import content_of
from bot.kit import dialogue
from bot.kit.errors import Outdated
from bot.kit.outbox import Delivered
from bot.kit.router import Router
from bot.roster import Ctx
from bot.roster.model import Actor

LONGEST: Final = 3_500
"""UTF-16 units of an answer: with the names it goes to, and the writer's own before it, it still fits one message."""


class Similar:
    def __init__(self, router: Router[Actor], desk: Desk) -> None:
        self._desk = desk
        router.button(Groups, self.groups)
        router.button(Group, self.group)
        router.button(Write, self.write)
        router.button(Same, self.same)
        router.button(Choose, self.choose)
        router.button(Toggle, self.toggle)
        router.button(Preview, self.preview)
        router.button(Send, self.send)
        router.button(Progress, self.progress)
        router.dialogue(Answering, self.written)

    async def entrance(self, ctx: Ctx) -> InlineKeyboardButton | None:
        """For the inbox: where several ask alike."""
        found = await service.groups(ctx.session, ctx.actor)
        return texts.entrance(ctx._, len(found)) if found else None

    async def groups(self, ctx: Ctx, _: Groups) -> None:
        await ctx.replace(texts.groups(ctx._, await service.groups(ctx.session, ctx.actor)))

    async def group(self, ctx: Ctx, button: Group) -> None:
        members = await service.members(ctx.session, ctx.actor, button.group)
        await ctx.replace(texts.group(ctx._, button.group, members))

    async def write(self, ctx: Ctx, button: Write) -> None:
        chosen = (await service.members(ctx.session, ctx.actor, button.group))[: service.MOST]
        prompt = texts.ask_for_answer(ctx._, len(chosen))
        await writing.ask(ctx, _answering(button.group, chosen, None), [prompt])

    async def same(self, ctx: Ctx, button: Same) -> None:
        content = await service.answer_in(ctx.session, ctx.actor, button.ticket)
        members = await service.members(ctx.session, ctx.actor, button.group)
        chosen = [each for each in members if each.ticket_id != button.ticket][: service.MOST]
        if not chosen:
            raise NothingAlike
        _must_fit(content)
        names = [each.name for each in chosen]
        preview = texts.preview(ctx._, button.group, names, content)
        await writing.ask(ctx, _answering(button.group, chosen, content), [preview])

    async def written(self, ctx: Ctx, answering: Answering) -> None:
        content = content_of(ctx.message)
        if content is None or content.kind is not Kind.TEXT:
            raise OnlyText
        _must_fit(content)
        members = await service.members(ctx.session, ctx.actor, answering.group)
        await ctx.expect(dataclasses.replace(answering, text=content.text, html=content.html))
        names = [each.name for each in members if each.ticket_id in _chosen(answering)]
        await ctx.reply(
            texts.preview(ctx._, answering.group, names, content),
            reply_to=Delivered(ctx.message.message_id),
        )

    async def choose(self, ctx: Ctx, button: Choose) -> None:
        await self._choose(ctx, await _running(ctx, button.group), button.page)

    async def toggle(self, ctx: Ctx, button: Toggle) -> None:
        answering = await _running(ctx, button.group)
        members = await service.members(ctx.session, ctx.actor, button.group)
        if not any(each.ticket_id == button.ticket for each in members):
            raise NothingAlike
        chosen = set(_chosen(answering)) ^ {button.ticket}
        changed = dataclasses.replace(answering, tickets=",".join(map(str, sorted(chosen))))
        await ctx.expect(changed)
        await self._choose(ctx, changed, button.page)

    async def preview(self, ctx: Ctx, button: Preview) -> None:
        answering = await _running(ctx, button.group)
        members = await service.members(ctx.session, ctx.actor, button.group)
        names = [each.name for each in members if each.ticket_id in _chosen(answering)]
        if not names:
            raise NobodyChosen
        await ctx.replace(texts.preview(ctx._, button.group, names, _content(ctx, answering)))

    async def send(self, ctx: Ctx, button: Send) -> None:
        answering = await _running(ctx, button.group)
        outcome = await service.send(
            ctx, self._desk, ctx.actor, button.group, _chosen(answering), _content(ctx, answering)
        )
        await ctx.end_dialogue()
        await ctx.replace(texts.sent(ctx._, button.group, outcome))

    async def progress(self, ctx: Ctx, button: Progress) -> None:
        answers = await service.progress(ctx.session, ctx.actor, first=button.first, last=button.last)
        await ctx.reply(texts.progress(ctx._, answers, button))

    async def _choose(self, ctx: Ctx, answering: Answering, page: int) -> None:
        members = await service.members(ctx.session, ctx.actor, answering.group)
        await ctx.replace(texts.choose(ctx._, answering.group, members, _chosen(answering), max(0, page)))


def _answering(group: int, chosen: Sequence[Member], content: Content | None) -> Answering:
    ids = ",".join(str(each.ticket_id) for each in chosen)
    return Answering(
        group, ids, "" if content is None else content.text, None if content is None else content.html
    )


async def _running(ctx: Ctx, group: int) -> Answering:
    """The answer being written for this group; `Outdated` where there is none, or none yet."""
    running = await dialogue.current(ctx.session, ctx.user.id, now=ctx.now)
    value = Answering.decode(running[1]) if running is not None and running[0] == Answering.tag else None
    if value is None or value.group != group or not value.text:
        raise Outdated
    return value


def _chosen(answering: Answering) -> frozenset[int]:
    return frozenset(int(each) for each in answering.tickets.split(",") if each)


def _content(ctx: Ctx, answering: Answering) -> Content:
    return service.words(ctx.actor, answering.text, answering.html)


def _must_fit(content: Content) -> None:
    if rules.size(content.text) > LONGEST:
        raise TooLong(limit=LONGEST)
