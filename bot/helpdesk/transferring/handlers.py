"""From updates to passing on and asking for help."""

from bot.helpdesk import writing
from bot.helpdesk.rules import Desk
from bot.helpdesk.transferring import service, texts
from bot.helpdesk.transferring.buttons import Choose, EndHelp, Hand, Leave, Pick, Wording
from bot.kit import dialogue
from bot.kit.errors import Outdated
from bot.kit.messages import Message
from bot.kit.router import Router
from bot.roster import Ctx
from bot.roster.model import Actor


class Transferring:
    def __init__(self, router: Router[Actor], desk: Desk) -> None:
        self._desk = desk
        router.button(Choose, self._choose)
        router.button(Pick, self._pick)
        router.button(Hand, self._hand)
        router.button(Leave, self._leave)
        router.button(EndHelp, self._end_help)
        router.dialogue(Wording, self._worded)

    async def _choose(self, ctx: Ctx, button: Choose) -> None:
        found = await service.choice(ctx.session, ctx.actor, button.ticket, button.way, now=ctx.now)
        if await self._awaited(ctx, button.ticket) is not None:
            await ctx.end_dialogue()
        message = texts.choose(
            ctx._, button.ticket, button.way, found.of.requester, found.people, found.helping, button.page
        )
        await ctx.replace(message)

    async def _pick(self, ctx: Ctx, button: Pick) -> None:
        wording = Wording(button.ticket, button.way, button.member, "")
        await writing.ask(ctx, wording, [await self._confirm(ctx, wording)])

    async def _worded(self, ctx: Ctx, wording: Wording) -> None:
        text = ctx.message.text
        if text is not None:
            service.check_words(text.strip())
            wording = Wording(wording.ticket, wording.way, wording.member, text.strip())
        message = await self._confirm(ctx, wording)
        await ctx.expect(wording)
        await ctx.reply(message)

    async def _hand(self, ctx: Ctx, button: Hand) -> None:
        awaited = await self._awaited(ctx, button.ticket)
        is_this = awaited is not None and (awaited.way, awaited.member) == (button.way, button.member)
        words = awaited.words if awaited is not None and is_this and button.worded else ""
        if button.worded and not words:
            raise Outdated
        matter, to = await service.hand(
            ctx, self._desk, ctx.actor, button.ticket, button.way, button.member, words
        )
        if awaited is not None:
            await ctx.end_dialogue()
        await ctx.replace(texts.handed(ctx._, button.way, matter.requester, to))

    async def _leave(self, ctx: Ctx, button: Leave) -> None:
        requester = await service.leave(ctx, self._desk, ctx.actor, button.ticket)
        await ctx.replace(texts.left(ctx._, requester))

    async def _end_help(self, ctx: Ctx, button: EndHelp) -> None:
        _, helper = await service.end_help(ctx, self._desk, ctx.actor, button.ticket, button.member)
        await ctx.replace(texts.thanked(ctx._, helper))

    async def _confirm(self, ctx: Ctx, wording: Wording) -> Message:
        matter, to = await service.picked(
            ctx.session, ctx.actor, wording.ticket, wording.way, wording.member, now=ctx.now
        )
        owner = matter.owner if matter.ticket.owner_id != matter.me.member_id else None
        return texts.confirm(ctx._, wording.ticket, wording.way, matter.requester, to, owner, wording.words)

    @staticmethod
    async def _awaited(ctx: Ctx, ticket_id: int) -> Wording | None:
        """What is awaited from this person for this ticket, with what they have written already."""
        running = await dialogue.current(ctx.session, ctx.user.id, now=ctx.now)
        if running is None or running[0] != Wording.tag:
            return None
        wording = Wording.decode(running[1])
        return wording if wording is not None and wording.ticket == ticket_id else None
