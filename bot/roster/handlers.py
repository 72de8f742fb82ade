"""Commands about oneself: help, language, who is my secretary, my data."""

from collections.abc import Sequence
from datetime import tzinfo

from bot.kit.i18n import N_
from bot.kit.messages import Call
from bot.kit.router import Router
from bot.kit.vault import Vault
from bot.roster import buttons, privacy, service, texts
from bot.roster.context import Ctx
from bot.roster.model import Actor
from bot.roster.privacy import Contributor, Forgetter


class Handlers:
    def __init__(
        self,
        router: Router[Actor],
        *,
        vault: Vault,
        zone: tzinfo,
        contributors: Sequence[Contributor],
        forgetters: Sequence[Forgetter],
    ) -> None:
        self._menu = router.menu
        self._vault = vault
        self._zone = zone
        self._contributors = contributors
        self._forgetters = forgetters
        router.command("help", self._help, about=N_("What I can do for you"))
        router.command("who", self._who, about=N_("My branch and my secretary"), shown_to=_is_bound)
        router.command("language", self._language, about=N_("中文 / English"))
        router.command("mydata", self._mydata, about=N_("What is kept about me"))
        router.command("forgetme", self._ask_to_forget, about=N_("Disconnect and delete my data"))
        router.button(buttons.Language, self._language_chosen)
        router.button(buttons.ForgetMe, self._forget)
        router.button(buttons.KeepMe, self._keep)

    async def claim_unknown_command(self, ctx: Ctx) -> bool:
        """A kind hint for a command nobody has registered; to be asked last."""
        if not (ctx.message.text or "").startswith("/"):
            return False
        await ctx.reply(texts.unknown_command(ctx._, self._menu.entries_for(ctx.actor)))
        return True

    async def _help(self, ctx: Ctx) -> None:
        entries = self._menu.entries_for(ctx.actor)
        if ctx.actor.member is None:
            await ctx.reply(texts.help_for_stranger(ctx._, entries))
            return
        found = await service.standing(ctx.session, ctx.actor.member)
        await ctx.reply(texts.help_for_member(ctx._, entries, found))

    async def _who(self, ctx: Ctx) -> None:
        if ctx.actor.member is None:
            await ctx.reply(texts.who_is_nobody(ctx._))
            return
        await ctx.reply(texts.who(ctx._, await service.standing(ctx.session, ctx.actor.member)))

    async def _language(self, ctx: Ctx) -> None:
        await ctx.reply(texts.choose_language(ctx._))

    async def _language_chosen(self, ctx: Ctx, button: buttons.Language) -> None:
        ctx.actor = await service.choose_language(ctx, ctx.actor, button.code)
        await service.tell_menu(ctx, self._menu, ctx.actor.account_id)
        await ctx.replace(texts.language_chosen(ctx.languages[ctx.actor.language]))

    async def _mydata(self, ctx: Ctx) -> None:
        kept = await privacy.what_is_kept(ctx.session, ctx.actor, self._vault)
        more = [line for tell in self._contributors for line in await tell(ctx.session, ctx.actor, ctx._)]
        for message in texts.kept(ctx._, kept, more, self._zone):
            await ctx.reply(message)

    async def _ask_to_forget(self, ctx: Ctx) -> None:
        await ctx.reply(texts.ask_to_forget(ctx._, bound=ctx.actor.member is not None))

    async def _forget(self, ctx: Ctx, _button: buttons.ForgetMe) -> None:
        await ctx.replace(texts.forgotten(ctx._))
        await privacy.forget(ctx, ctx.actor, self._forgetters)
        scope = {"type": "chat", "chat_id": ctx.chat.id}
        await ctx.out.call(ctx.chat.id, Call("deleteMyCommands", {"scope": scope}), key=ctx.key("menu"))

    async def _keep(self, ctx: Ctx, _button: buttons.KeepMe) -> None:
        await ctx.replace(texts.nothing_forgotten(ctx._))


def _is_bound(actor: Actor) -> bool:
    return actor.member is not None
