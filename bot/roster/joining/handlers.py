"""Updates of people who are getting bound."""

from collections.abc import Awaitable, Callable
from datetime import tzinfo

from bot.kit.context import Context
from bot.kit.i18n import N_
from bot.kit.router import Router
from bot.kit.vault import Vault
from bot.roster import store as roster
from bot.roster.context import Ctx
from bot.roster.joining import buttons, notices, rules, service, texts
from bot.roster.joining.service import Asked, Bound, NoMatch, Proof, StillWaiting, TooManyTries, WrongCode
from bot.roster.model import Actor, UnitKind
from bot.roster.rules import NotAPhone, given_name, phone
from bot.roster.service import standing, tell_menu

Home = Callable[[Context[Actor]], Awaitable[None]]
"""Shows a bound person what to do next."""


class Joining:
    def __init__(self, router: Router[Actor], *, vault: Vault, zone: tzinfo, home: Home) -> None:
        self._menu = router.menu
        self._vault = vault
        self._zone = zone
        self._home = home
        router.command("start", self.start, about=N_("Begin, or go on where you were"))
        router.button(buttons.Begin, self._begin)
        router.button(buttons.HaveCode, self._have_code)
        router.button(buttons.PickUnit, self._pick_unit)
        router.button(buttons.Cancel, self._cancel)
        router.button(buttons.Withdraw, self._withdraw)
        router.dialogue(buttons.AwaitingCode, self._code_sent)
        router.dialogue(buttons.AwaitingName, self._name_sent)
        router.message(self._claim)

    async def start(self, ctx: Ctx) -> None:
        if ctx.actor.member is not None:
            await tell_menu(ctx, self._menu, ctx.actor.account_id)
            await self._home(ctx)
            return
        await ctx.end_dialogue()
        _, _, token = (ctx.message.text or "").partition(" ")
        if token.strip():
            await service.come_by_link(ctx, ctx.actor, token.strip())
        await self._welcome(ctx)

    async def _begin(self, ctx: Ctx, _button: buttons.Begin) -> None:
        if ctx.actor.member is not None:
            await self._home(ctx)
        else:
            await self._welcome(ctx)

    async def _welcome(self, ctx: Ctx) -> None:
        open_request = await service.waiting(ctx.session, ctx.actor)
        if open_request is not None:
            await ctx.reply(texts.still_waiting(ctx._, open_request))
            return
        await tell_menu(ctx, self._menu, ctx.actor.account_id)
        await ctx.reply(texts.welcome(ctx._, await service.invited_to(ctx.session, ctx.actor)))
        await ctx.reply(texts.other_ways(ctx._))

    async def _claim(self, ctx: Ctx) -> bool:
        """What an unbound person sends to be recognised; anything else may be a question."""
        if ctx.actor.member is not None:
            return False
        if ctx.message.contact is not None:
            await self._contact_sent(ctx)
            return True
        text = ctx.message.text or ""
        code = rules.code_in(text)
        if code is not None:
            await self._try_code(ctx, code)
            return True
        if _is_phone(text):
            await ctx.reply(texts.typed_phone(ctx._))
            return True
        return False

    async def _contact_sent(self, ctx: Ctx) -> None:
        contact = ctx.message.contact
        own = contact is not None and contact.user_id == ctx.user.id and ctx.message.forward_origin is None
        if contact is None or not own:
            await ctx.reply(texts.not_your_own_contact(ctx._))
            return
        try:
            number = phone(contact.phone_number)
        except NotAPhone:
            outcome: Proof | NoMatch = NoMatch()
        else:
            outcome = await service.prove_by_phone(ctx, ctx.actor, number, self._vault)
        if isinstance(outcome, NoMatch):
            await ctx.end_dialogue()
            await ctx.reply(texts.no_match(ctx._))
            await ctx.reply(texts.offer_request(ctx._, await service.invited_to(ctx.session, ctx.actor)))
        else:
            await self._proven(ctx, outcome)

    async def _have_code(self, ctx: Ctx, _button: buttons.HaveCode) -> None:
        if ctx.actor.member is not None:
            await self._home(ctx)
            return
        await ctx.expect(buttons.AwaitingCode())
        await ctx.reply(texts.ask_code(ctx._))

    async def _code_sent(self, ctx: Ctx, _dialogue: buttons.AwaitingCode) -> None:
        if await self._is_bound_already(ctx):
            return
        if ctx.message.contact is not None:
            await self._contact_sent(ctx)
            return
        code = rules.code_in(ctx.message.text or "")
        if code is None:
            await ctx.reply(texts.no_code(ctx._))
        else:
            await self._try_code(ctx, code)

    async def _try_code(self, ctx: Ctx, code: str) -> None:
        outcome = await service.prove_by_code(ctx, ctx.actor, code, self._vault)
        match outcome:
            case WrongCode(tries_left):
                await ctx.reply(texts.wrong_code(ctx._, tries_left))
            case TooManyTries(again_at):
                await ctx.end_dialogue()
                await ctx.reply(texts.too_many_tries(ctx._, again_at, self._zone))
            case Bound() | Asked() | StillWaiting():
                await self._proven(ctx, outcome)

    async def _proven(self, ctx: Ctx, outcome: Proof) -> None:
        await ctx.end_dialogue()
        match outcome:
            case Bound(member, told):
                await notices.settle(ctx, told)
                ctx.actor = await roster.actor(ctx.session, ctx.user.id, ctx.actor.language) or ctx.actor
                await ctx.reply(texts.recognised(ctx._, await standing(ctx.session, member)))
                await tell_menu(ctx, self._menu, ctx.user.id)
                await self._home(ctx)
            case Asked():
                await self._ask_staff(ctx, outcome)
            case StillWaiting():
                await ctx.reply(texts.still_waiting(ctx._, outcome))

    async def _ask_staff(self, ctx: Ctx, asked: Asked) -> None:
        await notices.announce(ctx, asked, ctx.user.full_name)
        await ctx.reply(texts.asked(ctx._, asked.unit, asked.request.kind, anybody=bool(asked.deciders)))

    async def _pick_unit(self, ctx: Ctx, button: buttons.PickUnit) -> None:
        if ctx.actor.member is not None:
            await self._home(ctx)
            return
        unit, choices = await service.below(ctx.session, button.unit)
        if unit is not None and unit.kind is UnitKind.BRANCH:
            await ctx.expect(buttons.AwaitingName(unit.id))
            await ctx.reply(texts.ask_name(ctx._, unit))
            return
        await ctx.replace(texts.pick_unit(ctx._, unit, choices, button.page))

    async def _name_sent(self, ctx: Ctx, dialogue: buttons.AwaitingName) -> None:
        if await self._is_bound_already(ctx):
            return
        if ctx.message.contact is not None:
            await self._contact_sent(ctx)
            return
        name = given_name(ctx.message.text or "")
        if name is None or name.startswith("/"):
            await ctx.reply(texts.no_name(ctx._))
            return
        await self._proven(ctx, await service.ask_to_join(ctx, ctx.actor, dialogue.unit, name))

    async def _is_bound_already(self, ctx: Ctx) -> bool:
        """A dialogue may outlive its reason: staff has approved meanwhile."""
        if ctx.actor.member is None:
            return False
        await ctx.end_dialogue()
        await self._home(ctx)
        return True

    async def _cancel(self, ctx: Ctx, _button: buttons.Cancel) -> None:
        await ctx.end_dialogue()
        await ctx.replace(texts.cancelled(ctx._))

    async def _withdraw(self, ctx: Ctx, _button: buttons.Withdraw) -> None:
        await notices.settle(ctx, await service.withdraw(ctx, ctx.actor))
        await ctx.replace(texts.withdrawn(ctx._))


def _is_phone(text: str) -> bool:
    try:
        phone(text)
    except NotAPhone:
        return False
    return True
