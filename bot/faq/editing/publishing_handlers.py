"""Publishing, history, and taking back."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeAlias

from markupsafe import Markup

from bot.faq.editing import browsing, past, publishing, publishing_texts, writing_texts
from bot.faq.editing import buttons as b
from bot.faq.editing.publishing import Checked
from bot.faq.editing.screens import Screens
from bot.faq.model import Owner
from bot.faq.upkeep.store import Draft
from bot.kit.i18n import N_
from bot.kit.router import Router
from bot.roster import Ctx
from bot.roster.model import Actor

Check: TypeAlias = Callable[[Ctx, Draft], Awaitable[Sequence[Markup]]]
"""What a complete draft would bring about if it were published, a paragraph each. May restart the handler."""


class Publishing:
    def __init__(self, router: Router[Actor], screens: Screens, check: Check) -> None:
        self._screens = screens
        self._before = check
        router.button(b.Check, self._check)
        router.button(b.Publish, self._publish)
        router.button(b.TakeTheirs, self._take_theirs)
        router.button(b.Retire, self._ask_retire)
        router.button(b.RetireNow, self._retire)
        router.button(b.Restore, self._restore)
        router.button(b.History, self._history)
        router.button(b.Past, self._past)
        router.button(b.Undo, self._ask_undo)
        router.button(b.UndoNow, self._undo)

    async def _check(self, ctx: Ctx, button: b.Check) -> None:
        facts = self._screens.library.facts
        await self._show_check(ctx, await publishing.check(ctx.session, ctx.actor, button.draft, facts))

    async def _publish(self, ctx: Ctx, button: b.Publish) -> None:
        facts = self._screens.library.facts
        done = await publishing.publish(ctx, ctx.actor, button.draft, button.revision, facts)
        if isinstance(done, Checked):
            ctx.answer(
                ctx._.plain(N_("Somebody has just changed this entry. Please look again.")), alert=True
            )
            await self._show_check(ctx, done)
            return
        row, owner = done
        await self._show(ctx, owner, row, publishing_texts.published(ctx._))

    async def _take_theirs(self, ctx: Ctx, button: b.TakeTheirs) -> None:
        before, after = await publishing.take_theirs(ctx, ctx.actor, button.draft)
        await ctx.end_dialogue()
        if before.content.body not in ("", after.content.body):
            for message in writing_texts.your_text(ctx._, before.content.body):
                await ctx.reply(message)
        await ctx.replace(await self._screens.draft(ctx, after))

    async def _ask_retire(self, ctx: Ctx, button: b.Retire) -> None:
        kept, above = await publishing.to_retire(ctx.session, ctx.actor, button.owner, button.row)
        await ctx.replace(publishing_texts.ask_retire(ctx._, kept, button.owner, above))

    async def _retire(self, ctx: Ctx, button: b.RetireNow) -> None:
        await publishing.retire(ctx, ctx.actor, button.owner, button.row)
        await self._show(ctx, button.owner, button.row, publishing_texts.retired(ctx._))

    async def _restore(self, ctx: Ctx, button: b.Restore) -> None:
        await publishing.restore(ctx, ctx.actor, button.owner, button.row)
        await self._show(ctx, button.owner, button.row, publishing_texts.restored(ctx._))

    async def _history(self, ctx: Ctx, button: b.History) -> None:
        found = await past.history(ctx.session, ctx.actor, button.owner, button.row, button.page)
        await ctx.replace(publishing_texts.history(ctx._, button.owner, found, self._screens.zone))

    async def _past(self, ctx: Ctx, button: b.Past) -> None:
        change = await past.one(ctx.session, ctx.actor, button.owner, button.revision)
        zone = self._screens.zone
        await ctx.replace(publishing_texts.past(ctx._, button.owner, change, button.page, zone))

    async def _ask_undo(self, ctx: Ctx, button: b.Undo) -> None:
        change = await past.latest(ctx.session, ctx.actor, button.owner, button.row)
        await ctx.replace(publishing_texts.ask_undo(ctx._, button.owner, change, self._screens.zone))

    async def _undo(self, ctx: Ctx, button: b.UndoNow) -> None:
        await publishing.undo(ctx, ctx.actor, button.owner, button.row, button.revision)
        await self._show(ctx, button.owner, button.row, publishing_texts.undone(ctx._))

    async def _show_check(self, ctx: Ctx, checked: Checked) -> None:
        if checked.conflict is not None:
            zone = self._screens.zone
            await ctx.replace(publishing_texts.conflict(ctx._, checked, checked.conflict, zone))
            return
        lines = await self._before(ctx, checked.draft)
        unit = await browsing.unit_name(ctx.session, checked.draft.owner)
        await ctx.end_dialogue()
        await ctx.replace(publishing_texts.check(ctx._, checked, unit, lines))

    async def _show(self, ctx: Ctx, owner: Owner, row: int, note: Markup) -> None:
        await ctx.end_dialogue()
        await ctx.replace(await self._screens.entry(ctx, owner, row, note))
