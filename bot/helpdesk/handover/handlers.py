"""/handover: updates to the service and back."""

from bot.helpdesk.handover import buttons, service, texts
from bot.helpdesk.handover.model import Plan, Wish
from bot.helpdesk.rules import Desk
from bot.kit.i18n import N_
from bot.kit.menu import Menu
from bot.kit.router import Router
from bot.roster import Ctx
from bot.roster.model import Actor, Post
from bot.roster.service import tell_menu


def register(router: Router[Actor], desk: Desk) -> None:
    handover = Handover(desk, router.menu)
    router.command(
        "handover",
        handover.command,
        about=N_("Hand a post over to a successor"),
        shown_to=lambda actor: actor.is_staff,
    )
    router.button(buttons.Posts, handover.posts)
    router.button(buttons.Successors, handover.successors)
    router.button(buttons.Preview, handover.preview)
    router.button(buttons.Confirm, handover.confirm)
    router.dialogue(buttons.Naming, handover.named)


class Handover:
    def __init__(self, desk: Desk, menu: Menu[Actor]) -> None:
        self._desk = desk
        self._menu = menu

    async def command(self, ctx: Ctx) -> None:
        await ctx.reply(texts.which(ctx._, await service.posts(ctx.session, ctx.actor), 0))

    async def posts(self, ctx: Ctx, button: buttons.Posts) -> None:
        held = await service.posts(ctx.session, ctx.actor)
        await ctx.end_dialogue()
        await ctx.replace(texts.which(ctx._, held, button.page))

    async def successors(self, ctx: Ctx, button: buttons.Successors) -> None:
        held = await service.require(ctx.session, ctx.actor, button.member, Post(button.unit, button.role))
        await ctx.expect(buttons.Naming(button.member, button.unit, button.role))
        found = await service.offered(ctx.session, ctx.actor, held)
        await ctx.replace(texts.who(ctx._, held, found, button.page))

    async def named(self, ctx: Ctx, dialogue: buttons.Naming) -> None:
        post, name = Post(dialogue.unit, dialogue.role), ctx.message.text or ""
        held = await service.require(ctx.session, ctx.actor, dialogue.member, post)
        found = await service.by_name(ctx.session, held, name)
        if len(found) != 1:
            await ctx.reply(texts.which_of_them(ctx._, held, found))
            return
        await ctx.end_dialogue()
        wish = Wish(dialogue.member, post, found[0].member.id)
        plan = await service.plan(ctx.session, ctx.actor, wish)
        await ctx.reply(texts.preview(ctx._, plan, own=_is_own(ctx, plan)))

    async def preview(self, ctx: Ctx, button: buttons.Preview) -> None:
        plan = await service.plan(ctx.session, ctx.actor, _wish(button))
        await ctx.end_dialogue()
        await ctx.replace(texts.preview(ctx._, plan, own=_is_own(ctx, plan)))

    async def confirm(self, ctx: Ctx, button: buttons.Confirm) -> None:
        plan = await service.hand_over(ctx, self._desk, ctx.actor, _wish(button))
        await ctx.replace(texts.done(ctx._, plan, own=_is_own(ctx, plan)))
        for person in (plan.held.person, plan.successor):
            if person.account_id is not None:
                await tell_menu(ctx, self._menu, person.account_id)


def _wish(button: buttons.Preview | buttons.Confirm) -> Wish:
    return Wish(button.member, Post(button.unit, button.role), button.successor)


def _is_own(ctx: Ctx, plan: Plan) -> bool:
    return ctx.actor.member is not None and ctx.actor.member.id == plan.held.person.member.id
