"""A roster file sent in chat: preview, and what was decided about it."""

from random import Random

from bot.kit.errors import NotAllowed, Outdated
from bot.kit.i18n import N_
from bot.kit.messages import Media
from bot.kit.router import Router
from bot.kit.vault import Vault
from bot.kit.work import Works
from bot.roster.context import Ctx
from bot.roster.importing import buttons, columns, files, service, texts
from bot.roster.importing.offers import ROSTER_FILES, Offer, OfferState
from bot.roster.importing.service import Preview, RosterFile, may_import
from bot.roster.model import Actor
from bot.roster.service import tell_menus_due


class Importing:
    def __init__(self, router: Router[Actor], *, works: Works, vault: Vault, random: Random) -> None:
        self._menu = router.menu
        self._works = works
        self._vault = vault
        self._random = random
        router.command(
            "roster", self._how_to, about=N_("Bring in the roster from a file"), shown_to=may_import
        )
        router.message(self._claim)
        router.button(buttons.Apply, self._apply)
        router.button(buttons.AskAboutMissing, self._ask_about_missing)
        router.button(buttons.Show, self._show)
        router.button(buttons.Drop, self._drop)

    async def _how_to(self, ctx: Ctx) -> None:
        if not may_import(ctx.actor):
            raise NotAllowed
        file = await ctx.out.upload("roster.csv", _template())
        await ctx.reply(texts.how_to(ctx._, Media("document", file)))

    async def _claim(self, ctx: Ctx) -> bool:
        """Takes a table that has a roster's header from those who may import one. Other tables, and files that
        answer somebody, are left to others.
        """
        document = files.brought_by(ctx)
        if document is None or not may_import(ctx.actor):
            return False
        content = await files.content_of(ctx, document)
        shown = await ctx.outside("preview", lambda: self._looked_at(content, ctx.actor))
        if shown is None:
            return False
        await self._offer(ctx, document.file_id, shown)
        return True

    async def _looked_at(self, content: bytes, actor: Actor) -> Preview | None:
        """None for a table that is no roster."""
        try:
            file = await service.read(content, self._vault)
        except columns.NoRoster:
            return None
        async with self._works.reading() as reader:
            return await service.preview(reader, file, by=actor)

    async def _offer(self, ctx: Ctx, file_id: str, shown: Preview) -> None:
        offer = await ROSTER_FILES.add(ctx.session, ctx.actor.account_id, file_id, shown.digest, now=ctx.now)
        await ctx.reply(texts.preview(ctx._, shown, offer))

    async def _apply(self, ctx: Ctx, button: buttons.Apply) -> None:
        offer, file = await self._offered(ctx, button.offer)
        try:
            done = await service.apply(
                ctx,
                file,
                by=ctx.actor,
                full=button.full,
                skip_bad=button.skip_bad,
                random=self._random,
                expected=offer.plan_digest,
            )
        except service.RosterHasChanged as refusal:
            # Raised before anything is written; the new preview takes the old one's place.
            ctx.answer(ctx._.plain(refusal.message), alert=True)
            await ROSTER_FILES.close(ctx.session, offer.id, OfferState.DROPPED)
            await self._offer(ctx, offer.file_id, await service.preview(ctx.session, file, by=ctx.actor))
            return
        await ROSTER_FILES.close(ctx.session, offer.id, OfferState.APPLIED)
        await ctx.replace(texts.applied(ctx._, done))
        await tell_menus_due(ctx, self._menu)

    async def _ask_about_missing(self, ctx: Ctx, button: buttons.AskAboutMissing) -> None:
        offer, file = await self._offered(ctx, button.offer)
        shown = await service.preview(ctx.session, file, by=ctx.actor)
        await ctx.replace(texts.ask_about_missing(ctx._, shown, offer.id))

    async def _show(self, ctx: Ctx, button: buttons.Show) -> None:
        offer, file = await self._offered(ctx, button.offer)
        shown = await service.preview(ctx.session, file, by=ctx.actor)
        await ctx.replace(texts.preview(ctx._, shown, offer.id))

    async def _drop(self, ctx: Ctx, button: buttons.Drop) -> None:
        offer = await self._open_offer(ctx, button.offer)
        await ROSTER_FILES.close(ctx.session, offer.id, OfferState.DROPPED)
        await ctx.replace(texts.dropped(ctx._))

    async def _offered(self, ctx: Ctx, offer_id: int) -> tuple[Offer, RosterFile]:
        """The offer, and its file downloaded anew."""
        offer = await self._open_offer(ctx, offer_id)
        content = await files.content_again(ctx, offer.file_id)
        return offer, await ctx.outside("file", lambda: service.read(content, self._vault))

    async def _open_offer(self, ctx: Ctx, offer_id: int) -> Offer:
        offer = await ROSTER_FILES.find(ctx.session, offer_id, ctx.actor.account_id)
        if offer is None or offer.state is not OfferState.OPEN:
            raise Outdated
        return offer


def _template() -> bytes:
    """The header alone, as Excel opens it."""
    return ",".join(columns.titles()).encode("utf-8-sig") + b"\r\n"
