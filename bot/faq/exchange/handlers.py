"""Files of entries in chat: taken out, and brought in again."""

import dataclasses
from collections.abc import Mapping
from functools import partial

from telegram import Bot, Document
from telegram.error import BadRequest

from bot.faq.exchange import service, store, texts
from bot.faq.exchange.buttons import (
    Apply,
    AwaitingFile,
    Choose,
    Conflicts,
    Drop,
    Export,
    Files,
    Import,
    Show,
    ShowConflict,
)
from bot.faq.exchange.package import LARGEST, Name, Package, name_of
from bot.faq.exchange.service import ContentHasChanged, Preview
from bot.faq.exchange.store import Offer, OfferState
from bot.faq.library import Library
from bot.faq.upkeep import rights
from bot.kit.buttons import Button
from bot.kit.errors import Outdated, Refusal
from bot.kit.outbox import Queued
from bot.kit.router import Router
from bot.kit.work import Works
from bot.roster import Ctx
from bot.roster.importing.files import FileGone, FileTooLarge
from bot.roster.model import Actor

_LARGEST_SENT = 50 * 1024 * 1024
"""What Telegram takes from bots."""


class TooLargeToSend(Refusal):
    """With all its pictures and videos this is larger than 50 MB, and Telegram does not take such files from me. Please take the sheet instead."""


@dataclasses.dataclass(frozen=True, slots=True)
class _Looked:
    """What came of reading a file that was sent."""

    message: int
    """The outgoing row of the message that said so."""
    found: Package | Refusal


class Exchange:
    def __init__(self, router: Router[Actor], *, works: Works, library: Library, back: Button) -> None:
        self._works = works
        self._facts = library.facts
        self._back = back
        router.button(Files, self._files)
        router.button(Export, self._export)
        router.button(Import, self._import)
        router.dialogue(AwaitingFile, self._sent)
        router.button(Apply, self._apply)
        router.button(Show, self._show)
        router.button(ShowConflict, self._show_conflict)
        router.button(Choose, self._choose)
        router.button(Drop, self._drop)

    async def _files(self, ctx: Ctx, button: Files) -> None:
        await rights.require(ctx.session, ctx.actor, button.owner)
        await ctx.end_dialogue()
        unit = await service.unit_name(ctx.session, button.owner)
        await ctx.replace(texts.files(ctx._, button.owner, unit, self._back))

    async def _export(self, ctx: Ctx, button: Export) -> None:
        await rights.require(ctx.session, ctx.actor, button.owner)
        packed, count = await ctx.outside("export", partial(self._exported, button))
        if len(packed) > _LARGEST_SENT:
            raise TooLargeToSend
        name = service.file_name(await service.unit_name(ctx.session, button.owner), button.shape)
        file = await ctx.out.upload(name, packed)
        await ctx.reply(texts.exported(ctx._, file, button.shape, count))

    async def _exported(self, button: Export) -> tuple[bytes, int]:
        async with self._works.reading() as reader:
            return await service.export(reader, button.owner, button.shape)

    async def _import(self, ctx: Ctx, button: Import) -> None:
        await rights.require(ctx.session, ctx.actor, button.owner)
        await ctx.expect(AwaitingFile(button.owner))
        await ctx.replace(texts.ask_for_file(ctx._, button.owner))

    async def _sent(self, ctx: Ctx, awaited: AwaitingFile) -> None:
        owner = awaited.owner
        await rights.require(ctx.session, ctx.actor, owner)
        document = ctx.message.document
        if document is None:
            await ctx.reply(texts.not_a_file(ctx._, owner))
            return
        if (document.file_size or 0) > LARGEST:
            raise FileTooLarge
        looked = await ctx.outside("reading", partial(self._looked_at, ctx, document))
        try:
            package = _unless_refused(looked.found)
            shown = await service.preview(ctx.session, package, owner)
        except Refusal as problem:
            # Nothing is written yet; the dialogue goes on, for the corrected file.
            said = texts.refused(ctx._, owner, problem)
        else:
            offer = await store.add_offer(
                ctx.session,
                ctx.actor.account_id,
                owner,
                file_id=document.file_id,
                package_=package,
                plan_digest=shown.digest,
                now=ctx.now,
            )
            await ctx.end_dialogue()
            said = texts.preview(ctx._, shown, {}, offer)
        await ctx.out.edit(ctx.chat.id, Queued(looked.message), said, key=ctx.key("looked"))

    async def _looked_at(self, ctx: Ctx, document: Document) -> _Looked:
        """Says that it takes a moment, which leaves at once, and reads the file."""
        async with self._works.begin() as work:
            message = await work.out.send(ctx.chat.id, texts.reading(ctx._), key=ctx.key("looking"))
        try:
            packed = bytes(await (await document.get_file()).download_as_bytearray())
            return _Looked(message, await service.read(packed, self._facts))
        except Refusal as problem:
            return _Looked(message, problem)

    async def _apply(self, ctx: Ctx, button: Apply) -> None:
        offer, shown = await self._offered(ctx, button.offer)
        member = await rights.require(ctx.session, ctx.actor, offer.owner)
        from_file = _from_file(button.conflicts, offer, shown)
        if await service.wants_contents(ctx.session, shown, from_file):
            bot = ctx.update.get_bot()
            package = await ctx.outside("file", partial(self._fetched, bot, offer.file_id))
            shown = dataclasses.replace(shown, package=package)
        try:
            done = await service.apply(ctx, shown, from_file, by=member, expected=offer.plan_digest)
        except ContentHasChanged as refusal:
            # Raised before anything is written; the new preview takes the old one's place.
            ctx.answer(ctx._.plain(refusal.message), alert=True)
            await store.show_anew(ctx.session, offer.id, shown.digest)
            await ctx.replace(texts.preview(ctx._, shown, _still(offer, shown), offer.id))
            return
        await store.close_offer(ctx.session, offer.id, OfferState.APPLIED)
        await ctx.replace(texts.applied(ctx._, offer.owner, done))

    async def _fetched(self, bot: Bot, file_id: str) -> Package:
        try:
            file = await bot.get_file(file_id)
        except BadRequest as error:
            raise FileGone from error
        return await service.read(bytes(await file.download_as_bytearray()), self._facts)

    async def _show(self, ctx: Ctx, button: Show) -> None:
        offer, shown = await self._offered(ctx, button.offer)
        await ctx.replace(texts.preview(ctx._, shown, _still(offer, shown), offer.id))

    async def _show_conflict(self, ctx: Ctx, button: ShowConflict) -> None:
        offer, shown = await self._offered(ctx, button.offer)
        await self._put_conflict(ctx, offer, shown, button.place, offer.choices)

    async def _choose(self, ctx: Ctx, button: Choose) -> None:
        offer, shown = await self._offered(ctx, button.offer)
        conflicts = shown.compared.conflicts
        if not 0 <= button.place < len(conflicts):
            raise Outdated
        name = name_of(conflicts[button.place].item.entry)
        choices = {**_still(offer, shown), name: button.from_file}
        await store.choose(ctx.session, offer.id, choices)
        if button.place + 1 < len(conflicts):
            await self._put_conflict(ctx, offer, shown, button.place + 1, choices)
        else:
            await ctx.replace(texts.preview(ctx._, shown, choices, offer.id))

    async def _drop(self, ctx: Ctx, button: Drop) -> None:
        offer = await self._open_offer(ctx, button.offer)
        await store.close_offer(ctx.session, offer.id, OfferState.DROPPED)
        await ctx.replace(texts.dropped(ctx._, offer.owner))

    async def _put_conflict(
        self, ctx: Ctx, offer: Offer, shown: Preview, place: int, choices: Mapping[Name, bool]
    ) -> None:
        conflicts = shown.compared.conflicts
        if not 0 <= place < len(conflicts):
            raise Outdated
        conflict = conflicts[place]
        chosen = choices.get(name_of(conflict.item.entry))
        await ctx.replace(texts.conflict(ctx._, conflict, place, len(conflicts), chosen, offer.id))

    async def _offered(self, ctx: Ctx, offer_id: int) -> tuple[Offer, Preview]:
        """The file, and what it would change now."""
        offer = await self._open_offer(ctx, offer_id)
        await rights.require(ctx.session, ctx.actor, offer.owner)
        return offer, await service.preview(ctx.session, offer.package, offer.owner)

    async def _open_offer(self, ctx: Ctx, offer_id: int) -> Offer:
        offer = await store.offer(ctx.session, offer_id, ctx.actor.account_id)
        if offer is None or offer.state is not OfferState.OPEN:
            raise Outdated
        return offer


def _unless_refused(found: Package | Refusal) -> Package:
    if isinstance(found, Refusal):
        raise found
    return found


def _still(offer: Offer, shown: Preview) -> Mapping[Name, bool]:
    """The decisions about what still is a conflict."""
    names = {name_of(each.item.entry) for each in shown.compared.conflicts}
    return {name: taken for name, taken in offer.choices.items() if name in names}


def _from_file(conflicts: Conflicts, offer: Offer, shown: Preview) -> frozenset[Name]:
    match conflicts:
        case Conflicts.FILE:
            return frozenset(name_of(each.item.entry) for each in shown.compared.conflicts)
        case Conflicts.CHOSEN:
            return frozenset(name for name, taken in offer.choices.items() if taken)
        case Conflicts.HERE:
            return frozenset()
