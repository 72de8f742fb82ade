"""From updates to a branch's round and back."""

from bot.dues.rounds import buttons as b
from bot.dues.rounds import service, texts
from bot.dues.rules import Schedule
from bot.kit import dialogue
from bot.kit.router import Router
from bot.roster import Ctx
from bot.roster.model import Actor


def register(router: Router[Actor], schedule: Schedule) -> None:
    rounds = _Rounds(schedule)
    router.button(b.Ahead, rounds.ahead)
    router.button(b.Cancel, rounds.cancel)
    router.button(b.Restore, rounds.restore)
    router.button(b.Who, rounds.who)
    router.button(b.Reword, rounds.ask_words)
    router.button(b.UsualWords, rounds.usual_words)
    router.dialogue(b.Rewording, rounds.written)
    router.button(b.Report, rounds.report)
    router.button(b.ToPhone, rounds.to_phone)
    router.button(b.Phoned, rounds.phoned)


class _Rounds:
    def __init__(self, schedule: Schedule) -> None:
        self._schedule = schedule

    async def ahead(self, ctx: Ctx, button: b.Ahead) -> None:
        found = await service.ahead(ctx, ctx.actor, button.branch, button.point, self._schedule)
        await self._stop_writing(ctx)
        await ctx.replace(texts.announcement(ctx._, found, ctx.now, self._schedule.zone))

    async def cancel(self, ctx: Ctx, button: b.Cancel) -> None:
        await service.cancel(ctx, ctx.actor, button.branch, button.point)
        await self._stop_writing(ctx)
        await ctx.replace(texts.cancelled(ctx._, button.branch, button.point))

    async def restore(self, ctx: Ctx, button: b.Restore) -> None:
        await service.restore(ctx, ctx.actor, button.branch, button.point, self._schedule)
        await ctx.replace(texts.restored(ctx._, button.branch, button.point))

    async def who(self, ctx: Ctx, button: b.Who) -> None:
        found = await service.ahead(ctx, ctx.actor, button.branch, button.point, self._schedule)
        await ctx.replace(texts.who(ctx._, found))

    async def ask_words(self, ctx: Ctx, button: b.Reword) -> None:
        found = await service.to_reword(ctx, ctx.actor, button.branch, button.point, self._schedule)
        await ctx.expect(b.Rewording(button.branch, button.point))
        await ctx.replace(texts.ask_words(ctx._, found, self._schedule.zone))

    async def usual_words(self, ctx: Ctx, button: b.UsualWords) -> None:
        found = await service.reset_words(ctx, ctx.actor, button.branch, button.point, self._schedule)
        await self._stop_writing(ctx)
        await ctx.replace(texts.worded(ctx._, found, self._schedule.zone))

    async def written(self, ctx: Ctx, writing: b.Rewording) -> None:
        found = await service.reword(
            ctx, ctx.actor, writing.branch, writing.point, ctx.message.text, self._schedule
        )
        await ctx.end_dialogue()
        told = await ctx.reply(texts.worded(ctx._, found, self._schedule.zone))
        await service.note_shown(ctx, writing.branch, writing.point, ctx.chat.id, told)

    async def report(self, ctx: Ctx, button: b.Report) -> None:
        await ctx.replace(
            texts.report(ctx._, await service.reported(ctx, ctx.actor, button.branch, button.point))
        )

    async def to_phone(self, ctx: Ctx, button: b.ToPhone) -> None:
        found = await service.reported(ctx, ctx.actor, button.branch, button.point)
        await ctx.replace(texts.to_phone(ctx._, found, button.page, self._schedule.zone))

    async def phoned(self, ctx: Ctx, button: b.Phoned) -> None:
        found = await service.note_phoned(
            ctx, ctx.actor, button.branch, button.member, button.point, is_done=button.is_done
        )
        await ctx.replace(texts.to_phone(ctx._, found, button.page, self._schedule.zone))

    @staticmethod
    async def _stop_writing(ctx: Ctx) -> None:
        running = await dialogue.current(ctx.session, ctx.user.id, now=ctx.now)
        if running is not None and running[0] == b.Rewording.tag:
            await ctx.end_dialogue()
