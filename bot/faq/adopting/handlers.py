"""From a tap to what is taken up."""

from collections.abc import Callable, Sequence

from telegram import InlineKeyboardButton

from bot.faq.adopting import service, texts
from bot.faq.adopting.buttons import Adopt, Read, UndoAdoption, Written
from bot.faq.learning import service as learning
from bot.faq.library import Library
from bot.faq.model import Owner
from bot.kit.buttons import Button
from bot.kit.i18n import Words
from bot.kit.messages import Message
from bot.kit.outbox import Urgency
from bot.kit.router import Router
from bot.roster import Ctx
from bot.roster import store as roster
from bot.roster.model import Actor, Role, Unit

_WRITERS = frozenset({Role.SECRETARY, Role.GENERAL})
"""Who answers for what a unit wrote."""


class Adopting:
    def __init__(self, router: Router[Actor], library: Library, *, home: Button) -> None:
        """`home`: leads back to where the list was opened."""
        self._library = library
        self._home = home
        router.button(Written, self.written)
        router.button(Read, self.read)
        router.button(Adopt, self.adopt)
        router.button(UndoAdoption, self.undo)

    async def written(self, ctx: Ctx, button: Written) -> None:
        desk = await learning.desk_at(ctx.session, ctx.actor, button.unit)
        found = await service.subjects(ctx.session, desk)
        await ctx.replace(texts.written(ctx._, desk, found, button.page, self._home))

    async def read(self, ctx: Ctx, button: Read) -> None:
        desk = await learning.desk_at(ctx.session, ctx.actor, button.unit)
        piece = await service.piece(ctx.session, desk, button.row)
        entry = piece.kept.entry
        body = self._library.render(entry.body, entry.language)
        await ctx.replace(texts.piece(ctx._, desk, piece, body))

    async def adopt(self, ctx: Ctx, button: Adopt) -> None:
        desk = await learning.desk_at(ctx.session, ctx.actor, button.unit)
        done = await service.adopt(ctx, ctx.actor, desk, button.row, replace=button.replace)
        await ctx.replace(texts.adopted(ctx._, desk, done, ctx.now))
        await _tell_writers(ctx, done.author, lambda _: texts.taken_up(_, desk.unit, done))

    async def undo(self, ctx: Ctx, button: UndoAdoption) -> None:
        desk = await learning.desk_at(ctx.session, ctx.actor, button.unit)
        undone = await service.undo(ctx, ctx.actor, desk, button.at)
        await ctx.replace(texts.undone(ctx._, desk))
        if undone.author is not None:
            await _tell_writers(ctx, undone.author, lambda _: texts.given_back(_, desk.unit, undone.title))


async def home_buttons(ctx: Ctx, owner: Owner) -> Sequence[InlineKeyboardButton]:
    """What leads to the branches' entries from the home of these entries' keepers; nothing where there are none."""
    desk = await learning.desk_of(ctx.session, owner)
    count = 0 if desk is None else len(await service.subjects(ctx.session, desk))
    return [] if desk is None or count == 0 else [texts.written_button(ctx._, desk, count)]


async def _tell_writers(ctx: Ctx, author: Unit, message: Callable[[Words], Message]) -> None:
    for each in await roster.staff_of(ctx.session, author.id, _WRITERS):
        if each.person.account_id is not None:
            await ctx.out.send(
                each.person.account_id,
                message(ctx.languages[each.person.language]),
                key=ctx.key(f"writer:{each.person.member.id}"),
                urgency=Urgency.BULK,
            )
