"""Entries as files: the content shipped with the bot, and what the organisation's own people take out and bring in."""

from collections.abc import Sequence

from telegram import InlineKeyboardButton

from bot.faq.exchange import texts
from bot.faq.exchange.handlers import Exchange
from bot.faq.exchange.loading import load_content
from bot.faq.exchange.service import sweep
from bot.faq.exchange.store import forget_offers
from bot.faq.library import Library
from bot.faq.model import Owner
from bot.kit.buttons import Button
from bot.kit.router import Router
from bot.kit.work import Works
from bot.roster import Ctx
from bot.roster.model import Actor

__all__ = ["forget_offers", "home_buttons", "load_content", "register", "sweep"]


def register(router: Router[Actor], *, works: Works, library: Library, back: Button) -> None:
    """`back` leads to where keepers of entries begin."""
    Exchange(router, works=works, library=library, back=back)


async def home_buttons(ctx: Ctx, owner: Owner) -> Sequence[InlineKeyboardButton]:
    """What stands where keepers of entries begin."""
    return [texts.home_button(ctx._, owner)]
