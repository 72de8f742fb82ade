"""Announcing in the chat."""

from telegram import Message as TelegramMessage

from bot.dues.announcing import buttons, rules, service, store, texts
from bot.dues.announcing.model import Announcement, Content, Reach
from bot.dues.announcing.rules import Manner
from bot.dues.announcing.service import Draft
from bot.faq.markup import visible_length
from bot.kit.messages import Media, Message
from bot.kit.outbox import Queued
from bot.kit.router import Router
from bot.kit.work import Works
from bot.roster import Ctx
from bot.roster.model import Actor, UnitKind


class Announcing:
    def __init__(self, works: Works, manner: Manner) -> None:
        self._works = works
        self._manner = manner

    def register(self, router: Router[Actor]) -> None:
        router.button(buttons.Announce, self.begin_tapped)
        router.button(buttons.PickUnit, self.pick_unit)
        router.button(buttons.NotNow, self.not_now)
        router.button(buttons.Show, self.show)
        router.button(buttons.Rewrite, self.rewrite)
        router.button(buttons.Drop, self.drop)
        router.button(buttons.Mark, self.mark)
        router.button(buttons.Confirm, self.confirm)
        router.button(buttons.Undo, self.undo)
        router.button(buttons.SendNow, self.send_now)
        router.button(buttons.Pause, self.pause)
        router.button(buttons.Resume, self.resume)
        router.button(buttons.Stop, self.stop)
        router.button(buttons.Seen, self.seen)
        router.button(buttons.Readers, self.readers)
        router.button(buttons.ByBranch, self.by_branch)
        router.dialogue(buttons.Writing, self.write)

    async def begin(self, ctx: Ctx) -> None:
        """Goes on with what was written and not sent; otherwise asks for what is to be announced, and to whom."""
        units = await service.units(ctx.session, ctx.actor)
        draft = await service.unfinished(ctx, ctx.actor)
        if draft is not None:
            await self._preview(ctx, draft)
        elif len(units) == 1:
            await self._ask(ctx, units[0].id, None)
        else:
            await ctx.reply(texts.which_unit(ctx._, units))

    async def begin_tapped(self, ctx: Ctx, _button: buttons.Announce) -> None:
        await self.begin(ctx)

    async def pick_unit(self, ctx: Ctx, button: buttons.PickUnit) -> None:
        await self._ask(ctx, button.unit, None)

    async def not_now(self, ctx: Ctx, _button: buttons.NotNow) -> None:
        await ctx.end_dialogue()
        await ctx.replace(texts.dropped(ctx._))

    async def write(self, ctx: Ctx, dialogue: buttons.Writing) -> None:
        unit = await service.unit(ctx.session, ctx.actor, dialogue.unit)
        message = ctx.message
        if message.media_group_id is not None:
            # The pictures of an album come one by one; it is said once.
            await ctx.out.send(
                ctx.chat.id, texts.no_albums(ctx._), key=f"announcing:album:{message.media_group_id}"
            )
            return
        content = _content(message)
        if content is None:
            await ctx.reply(texts.unsuitable(ctx._))
            return
        name = "" if ctx.actor.member is None else ctx.actor.member.name
        limit = rules.TEXT_LENGTH if content.media is None else rules.CAPTION_LENGTH
        over = visible_length(f"{texts.header(unit.name, name)}\n\n{content.body}") - limit
        if over > 0:
            await ctx.reply(texts.too_long(ctx._, over, content.media is not None))
            return
        reach = await self._reach(ctx, unit.id)
        await ctx.end_dialogue()
        draft = await service.write(ctx, ctx.actor, unit.id, dialogue.announcement, content)
        await ctx.out.remove_keyboard(ctx.chat.id, Queued(dialogue.asked), key=ctx.key("asked"))
        await self._preview(ctx, draft, reach)

    async def show(self, ctx: Ctx, button: buttons.Show) -> None:
        draft = await service.draft(ctx, ctx.actor, button.announcement)
        await ctx.end_dialogue()
        await ctx.take_buttons_away()
        await self._preview(ctx, draft)

    async def rewrite(self, ctx: Ctx, button: buttons.Rewrite) -> None:
        draft = await service.draft(ctx, ctx.actor, button.announcement)
        await ctx.take_buttons_away()
        await self._ask(ctx, draft.unit.id, draft.announcement.id)

    async def drop(self, ctx: Ctx, button: buttons.Drop) -> None:
        await service.drop(ctx, ctx.actor, button.announcement)
        await ctx.replace(texts.dropped(ctx._))

    async def mark(self, ctx: Ctx, button: buttons.Mark) -> None:
        draft = await service.draft(ctx, ctx.actor, button.announcement)
        reach = await self._reach(ctx, draft.unit.id)
        draft = await service.mark(ctx, ctx.actor, button.announcement, button.wanted)
        preview, message = draft.announcement.preview_id, _copy(ctx, draft)
        if preview is not None:
            change = ctx.out.edit if message.media is None else ctx.out.recaption
            await change(ctx.chat.id, Queued(preview), message, key=ctx.key("preview"))
        await ctx.replace(self._panel(ctx, draft, reach))

    async def confirm(self, ctx: Ctx, button: buttons.Confirm) -> None:
        draft = await service.draft(ctx, ctx.actor, button.announcement)
        reach = await self._reach(ctx, draft.unit.id)
        found = await service.confirm(
            ctx, ctx.actor, button.announcement, reach, ctx.message.message_id, self._manner
        )
        await ctx.replace(texts.confirmed(ctx._, found, ctx.now, self._manner.zone))

    async def undo(self, ctx: Ctx, button: buttons.Undo) -> None:
        draft = await service.undo(ctx, ctx.actor, button.announcement)
        reach = await self._reach(ctx, draft.unit.id)
        await ctx.replace(self._panel(ctx, draft, reach, is_back=True))

    async def send_now(self, ctx: Ctx, button: buttons.SendNow) -> None:
        found = await service.send_now(ctx, ctx.actor, button.announcement, self._manner)
        await self._show_progress(ctx, found)

    async def pause(self, ctx: Ctx, button: buttons.Pause) -> None:
        await self._show_progress(ctx, await service.pause(ctx, ctx.actor, button.announcement))

    async def resume(self, ctx: Ctx, button: buttons.Resume) -> None:
        await self._show_progress(ctx, await service.resume(ctx, ctx.actor, button.announcement))

    async def stop(self, ctx: Ctx, button: buttons.Stop) -> None:
        if button.is_sure:
            await self._show_progress(ctx, await service.stop(ctx, ctx.actor, button.announcement))
            return
        found = await service.pause(ctx, ctx.actor, button.announcement)
        found, fared = await service.look(ctx, ctx.actor, found.id)
        await ctx.replace(texts.stop_for_good(ctx._, found, fared.left))

    async def seen(self, ctx: Ctx, button: buttons.Seen) -> None:
        author = await service.read(ctx, ctx.actor, button.announcement)
        ctx.answer(texts.thanks(ctx._, author))
        if author is not None:
            await ctx.take_buttons_away()

    async def readers(self, ctx: Ctx, button: buttons.Readers) -> None:
        reading = await service.reading(ctx, ctx.actor, button.announcement)
        unit = await service.unit(ctx.session, ctx.actor, reading.announcement.unit_id)
        await ctx.replace(texts.readers(ctx._, reading, unit.kind is UnitKind.BRANCH))

    async def by_branch(self, ctx: Ctx, button: buttons.ByBranch) -> None:
        shown = await service.by_branch(ctx, ctx.actor, button.announcement, button.page)
        await ctx.replace(texts.by_branch(ctx._, shown))

    async def _ask(self, ctx: Ctx, unit_id: int, draft_id: int | None) -> None:
        unit = await service.unit(ctx.session, ctx.actor, unit_id)
        asked = await ctx.reply(texts.ask(ctx._, unit, draft_id))
        await ctx.expect(buttons.Writing(unit.id, draft_id, asked))

    async def _preview(self, ctx: Ctx, draft: Draft, reach: Reach | None = None) -> None:
        reach = reach or await self._reach(ctx, draft.unit.id)
        shown = await ctx.reply(_copy(ctx, draft))
        await store.previewed(ctx.session, draft.announcement.id, shown)
        await ctx.reply(self._panel(ctx, draft, reach))

    def _panel(self, ctx: Ctx, draft: Draft, reach: Reach, *, is_back: bool = False) -> Message:
        leaves = rules.leaves_at(ctx.now, self._manner)
        morning = leaves if leaves > ctx.now + rules.UNDO_WITHIN else None
        return texts.panel(ctx._, draft, reach, morning, self._manner.zone, is_back=is_back)

    async def _show_progress(self, ctx: Ctx, found: Announcement) -> None:
        _found, fared = await service.look(ctx, ctx.actor, found.id)
        await ctx.replace(texts.progress(ctx._, found, fared.left, zone=self._manner.zone))

    async def _reach(self, ctx: Ctx, unit_id: int) -> Reach:
        """Counted beside the writer: a committee may have a million members."""
        author = 0 if ctx.actor.member is None else ctx.actor.member.id

        async def count() -> Reach:
            async with self._works.reading() as reader:
                return await store.reach(reader, unit_id, author)

        return await ctx.outside("reach", count)


def _copy(ctx: Ctx, draft: Draft) -> Message:
    return texts.copy(ctx._, draft.announcement, draft.unit.name, draft.author)


def _content(message: TelegramMessage) -> Content | None:
    """What can be announced of a message; None for what cannot."""
    if message.text is not None:
        return Content(message.text_html, None)
    if message.photo:
        return Content(message.caption_html or "", Media("photo", message.photo[-1].file_id))
    if message.document is not None and message.animation is None:
        return Content(message.caption_html or "", Media("document", message.document.file_id))
    return None
