"""`/try`: from a text to what a member would get, and why."""

import dataclasses
from typing import Final

from bot.faq import presenting
from bot.faq import texts as answers
from bot.faq.library import Library
from bot.faq.matcher import explain
from bot.faq.model import DEFAULT_LANGUAGE, LANGUAGES, Kind
from bot.faq.service import content_language
from bot.faq.trying import buttons as b
from bot.faq.trying import service, texts
from bot.faq.trying.service import Tried
from bot.kit import dialogue
from bot.kit.clock import MINUTE
from bot.kit.errors import Outdated
from bot.kit.i18n import N_
from bot.kit.messages import Message, rows
from bot.kit.router import Router
from bot.roster import Ctx
from bot.roster.model import Actor

_WHILE: Final = 10 * MINUTE
"""How long after the last try a text is another one, and no question."""


class Trials:
    def __init__(self, router: Router[Actor], library: Library) -> None:
        self._library = library
        router.command(
            "try", self._start, about=N_("Try how I answer"), shown_to=lambda actor: actor.is_staff
        )
        router.message(self._claim)
        router.button(b.Result, self._result)
        router.button(b.Why, self._why)
        router.button(b.Sample, self._sample)
        router.button(b.Eyes, self._eyes)
        router.button(b.As, self._as)
        router.button(b.InEnglish, self._in_english)
        router.button(b.Again, self._again)
        router.button(b.Done, self._done)

    async def _start(self, ctx: Ctx) -> None:
        branch = await service.first_eyes(ctx.session, ctx.actor)
        language = content_language(ctx.actor.language)
        text = (ctx.message.text or "").partition(" ")[2].strip()
        trying = b.Trying(
            branch,
            language if language in LANGUAGES else DEFAULT_LANGUAGE,
            text,
            ctx.update.update_id,
            ctx.now,
        )
        if text:
            await ctx.reply(await self._shown(ctx, trying))
        else:
            await ctx.reply(texts.ask(ctx._))
        await ctx.expect(trying)

    async def _claim(self, ctx: Ctx) -> bool:
        """Takes a text that follows soon after a try as another one."""
        text, trying = ctx.message.text, await self._trying(ctx)
        if text is None or text.startswith("/") or trying is None or ctx.now - trying.since > _WHILE:
            return False
        trying = b.Trying(trying.branch, trying.language, text, ctx.update.update_id, ctx.now)
        await ctx.reply(await self._shown(ctx, trying))
        await ctx.expect(trying)
        return True

    async def _result(self, ctx: Ctx, button: b.Result) -> None:
        await ctx.replace(await self._shown(ctx, await self._current(ctx, button.at)))

    async def _why(self, ctx: Ctx, button: b.Why) -> None:
        trying = await self._current(ctx, button.at)
        tried = await self._tried(ctx, trying)
        if button.part >= len(tried.parts) or button.place >= len(tried.parts[button.part].found):
            raise Outdated
        part = tried.parts[button.part]
        found, text = part.found[button.place], part.judgement.text
        reasons = explain(await self._library.index(ctx), text, found.key)
        await ctx.replace(texts.why(ctx._, text, found, reasons, button.at))

    async def _sample(self, ctx: Ctx, button: b.Sample) -> None:
        tried = await self._tried(ctx, await self._current(ctx, button.at))
        entry = tried.parts[button.part].judgement.entry if button.part < len(tried.parts) else None
        if entry is None:
            raise Outdated
        body = self._library.render(entry.body, entry.language)
        text = answers.titled(entry, body) if entry.kind is Kind.ENTRY else body
        back = b.Result(button.at).labelled(ctx._.plain(N_("‹ Back")))
        await presenting.send(ctx, entry.media, Message(text, rows([back])))

    async def _eyes(self, ctx: Ctx, button: b.Eyes) -> None:
        await self._current(ctx, button.at)
        branches = await service.branches(ctx.session, ctx.actor)
        await ctx.replace(texts.eyes(ctx._, branches, button.page, button.at))

    async def _as(self, ctx: Ctx, button: b.As) -> None:
        trying = await self._current(ctx, button.at)
        await self._look(ctx, dataclasses.replace(trying, branch=button.branch, since=ctx.now))

    async def _in_english(self, ctx: Ctx, button: b.InEnglish) -> None:
        trying = await self._current(ctx, button.at)
        language = next(each for each in LANGUAGES if each != trying.language)
        await self._look(ctx, dataclasses.replace(trying, language=language, since=ctx.now))

    async def _again(self, ctx: Ctx, _button: b.Again) -> None:
        trying = await self._trying(ctx)
        branch = await service.first_eyes(ctx.session, ctx.actor) if trying is None else trying.branch
        language = DEFAULT_LANGUAGE if trying is None else trying.language
        await ctx.reply(texts.ask(ctx._))
        await ctx.expect(b.Trying(branch, language, "", ctx.update.update_id, ctx.now))

    async def _done(self, ctx: Ctx, _button: b.Done) -> None:
        if await self._trying(ctx) is not None:
            await ctx.end_dialogue()
        await ctx.replace(texts.done(ctx._))

    async def _look(self, ctx: Ctx, trying: b.Trying) -> None:
        await ctx.replace(await self._shown(ctx, trying))
        await ctx.expect(trying)

    async def _shown(self, ctx: Ctx, trying: b.Trying) -> Message:
        return texts.result(ctx._, await self._tried(ctx, trying), trying.at)

    async def _tried(self, ctx: Ctx, trying: b.Trying) -> Tried:
        return await service.try_(
            ctx.session,
            ctx.actor,
            await self._library.index(ctx),
            trying.text,
            branch=trying.branch,
            language=trying.language,
            extra=await self._library.nearness(ctx, trying.text),
        )

    async def _current(self, ctx: Ctx, at: int) -> b.Trying:
        """What was tried at this instant, if it is still the latest; else `Outdated`."""
        trying = await self._trying(ctx)
        if trying is None or trying.at != at or not trying.text:
            raise Outdated
        return trying

    @staticmethod
    async def _trying(ctx: Ctx) -> b.Trying | None:
        running = await dialogue.current(ctx.session, ctx.user.id, now=ctx.now)
        return b.Trying.decode(running[1]) if running is not None and running[0] == b.Trying.tag else None
