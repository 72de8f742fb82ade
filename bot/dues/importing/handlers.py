"""A payment file sent in chat: preview, what was decided about it, and taking it back."""

import dataclasses
from datetime import tzinfo

from bot.dues.importing import buttons, service, texts
from bot.dues.importing.columns import NoPayments
from bot.dues.importing.lines import PaymentFile
from bot.dues.importing.progress import Progress
from bot.dues.importing.rules import Plan
from bot.dues.importing.store import PAYMENT_FILES
from bot.kit.errors import Outdated, Refusal
from bot.kit.messages import Message
from bot.kit.outbox import Delivered, Target
from bot.kit.router import Router
from bot.kit.vault import Vault
from bot.kit.work import Works
from bot.roster import Ctx
from bot.roster.importing import files
from bot.roster.importing.offers import Offer, OfferState
from bot.roster.model import BRANCH_ROLES, Actor


@dataclasses.dataclass(frozen=True, slots=True)
class _Looked:
    """What came of looking into a file that was sent."""

    found: Plan | Refusal
    said: Target | None
    """The message that told how far it was."""


class PaymentFiles:
    def __init__(self, router: Router[Actor], *, works: Works, vault: Vault, zone: tzinfo) -> None:
        self._works = works
        self._vault = vault
        self._zone = zone
        router.message(self._claim)
        router.button(buttons.Files, self._files)
        router.button(buttons.Apply, self._apply)
        router.button(buttons.Drop, self._drop)
        router.button(buttons.AskUndo, self._ask_undo)
        router.button(buttons.Undo, self._undo)

    async def card(self, ctx: Ctx) -> Message:
        """How payments get here, and the last import."""
        last = await service.newest(ctx.session, ctx.actor, now=ctx.now)
        may_undo = last is not None and await service.may_take_back(ctx.session, last, ctx.actor, now=ctx.now)
        branch = next(iter(ctx.actor.units(*BRANCH_ROLES)), None)
        return texts.files(ctx._, last, branch, self._zone, may_undo=may_undo)

    async def _files(self, ctx: Ctx, _button: buttons.Files) -> None:
        await ctx.replace(await self.card(ctx))

    async def _claim(self, ctx: Ctx) -> bool:
        """Takes a table that has a payment list's header from those who may import one. Other tables, and files that
        answer somebody, are left to others.
        """
        document = files.brought_by(ctx)
        if document is None or not service.may_import(ctx.actor):
            return False
        content = await files.content_of(ctx, document)
        looked = await ctx.outside("payments", lambda: self._look(ctx, content))
        if isinstance(looked.found, NoPayments):
            return False
        if isinstance(looked.found, Plan):
            await self._offer(ctx, document.file_id, looked.found, looked.said)
        elif looked.said is None:
            raise looked.found
        else:
            said = texts.refused(ctx._, looked.found)
            await ctx.out.edit(ctx.chat.id, looked.said, said, key=ctx.key("looked"))
        return True

    async def _look(self, ctx: Ctx, content: bytes) -> _Looked:
        progress = Progress(self._works, ctx)
        try:
            file = await self._read(content, ctx.now, progress)
            async with self._works.reading() as reader:
                plan = await service.preview(reader, file, by=ctx.actor)
        except Refusal as refusal:
            return _Looked(refusal, progress.place)
        return _Looked(plan, progress.place)

    async def _read(self, content: bytes, now: int, progress: Progress) -> PaymentFile:
        return await service.read(
            content, self._vault.fingerprint, self._zone, now=now, progress=progress.rows
        )

    async def _offer(self, ctx: Ctx, file_id: str, plan: Plan, place: Target | None = None) -> None:
        offer = await PAYMENT_FILES.add(ctx.session, ctx.actor.account_id, file_id, plan.digest, now=ctx.now)
        shown = texts.preview(ctx._, plan, offer, self._zone)
        if place is None:
            await ctx.reply(shown)
        else:
            await ctx.out.edit(ctx.chat.id, place, shown, key=ctx.key("looked"))

    async def _apply(self, ctx: Ctx, button: buttons.Apply) -> None:
        offer = await self._open_offer(ctx, button.offer)
        content = await files.content_again(ctx, offer.file_id)
        file = await ctx.outside("payments", lambda: self._read_again(ctx, content, offer))
        try:
            done = await service.apply(ctx, file, by=ctx.actor, expected=offer.plan_digest)
        except service.PaymentsHaveChanged as refusal:
            # Raised before anything is written; the new preview takes the old one's place.
            ctx.answer(ctx._.plain(refusal.message), alert=True)
            await PAYMENT_FILES.close(ctx.session, offer.id, OfferState.DROPPED)
            await self._offer(
                ctx, offer.file_id, await service.preview(ctx.session, file, by=ctx.actor), self._tapped(ctx)
            )
            return
        await PAYMENT_FILES.close(ctx.session, offer.id, OfferState.APPLIED)
        await ctx.replace(texts.applied(ctx._, done.plan, done.import_id, self._zone))

    async def _read_again(self, ctx: Ctx, content: bytes, offer: Offer) -> PaymentFile:
        progress = Progress(self._works, ctx, self._tapped(ctx))
        file = await self._read(content, offer.offered_at, progress)
        await progress.writes(file.rows)
        return file

    @staticmethod
    def _tapped(ctx: Ctx) -> Target:
        return Delivered(ctx.message.message_id)

    async def _drop(self, ctx: Ctx, button: buttons.Drop) -> None:
        offer = await self._open_offer(ctx, button.offer)
        await PAYMENT_FILES.close(ctx.session, offer.id, OfferState.DROPPED)
        await ctx.replace(texts.dropped(ctx._))

    async def _ask_undo(self, ctx: Ctx, button: buttons.AskUndo) -> None:
        found = await service.check_undo(ctx.session, button.number, ctx.actor, now=ctx.now)
        await ctx.replace(texts.ask_undo(ctx._, found, self._zone))

    async def _undo(self, ctx: Ctx, button: buttons.Undo) -> None:
        count = await service.undo(ctx, button.number, by=ctx.actor)
        await ctx.replace(texts.undone(ctx._, count))

    @staticmethod
    async def _open_offer(ctx: Ctx, offer_id: int) -> Offer:
        offer = await PAYMENT_FILES.find(ctx.session, offer_id, ctx.actor.account_id)
        if offer is None or offer.state is not OfferState.OPEN:
            raise Outdated
        return offer
