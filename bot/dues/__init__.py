"""Dues: who owes what for which month, reminders, confirmed payments, and how much it should be."""

from collections.abc import Sequence
from datetime import tzinfo

from telegram import InlineKeyboardButton

from bot.dues import buttons, service, texts
from bot.dues import rules as _rules
from bot.dues.handlers import Dues, StaffDues
from bot.dues.jobs import reminded_today, sweeps
from bot.dues.rules import Schedule
from bot.dues.service import forget
from bot.faq import Faq
from bot.helpdesk import Helpdesk
from bot.kit.clock import Clock
from bot.kit.database import Reader
from bot.kit.i18n import N_, Words
from bot.kit.router import Router
from bot.roster import Ctx
from bot.roster.model import Actor
from bot.roster.privacy import Contributor

__all__ = ["Schedule", "contributor", "forget", "home_buttons", "register", "reminded_today", "sweeps"]


def register(router: Router[Actor], schedule: Schedule, faq: Faq, helpdesk: Helpdesk) -> None:
    own, staff = Dues(schedule, faq, helpdesk), StaffDues(schedule)
    router.command(
        "dues", own.mine, about=N_("My dues this month"), shown_to=lambda actor: actor.member is not None
    )
    router.button(buttons.Mine, own.mine_tapped)
    router.button(buttons.Claim, own.claim)
    router.button(buttons.TakeBack, own.take_back)
    router.button(buttons.HowTo, own.how_to)
    router.button(buttons.Snooze, own.snooze)
    router.button(buttons.Trouble, own.trouble)
    router.button(buttons.AskWaiver, own.ask_waiver)
    router.button(buttons.HandOver, own.hand_over)
    router.button(buttons.NotNow, own.not_now)
    router.button(buttons.Reckon, own.ask_income)
    router.button(buttons.PickIncome, own.pick_income)
    router.dialogue(buttons.Describing, own.describe)
    router.dialogue(buttons.AwaitingBase, own.take_base)
    router.button(buttons.OfBranch, staff.branch)
    router.button(buttons.Listed, staff.listed)
    router.button(buttons.Look, staff.look)
    router.button(buttons.Settle, staff.settle)
    router.button(buttons.CancelRound, staff.cancel_round)
    router.button(buttons.RestoreRound, staff.restore_round)
    router.button(buttons.RoundList, staff.round_list)


async def home_buttons(ctx: Ctx) -> Sequence[InlineKeyboardButton]:
    """What the home message offers of this room: `onboarding.register(…, extra=…)`."""
    return [texts.mine_button(ctx._)]


def contributor(clock: Clock, zone: tzinfo) -> Contributor:
    """What this room adds to /mydata."""

    async def contribute(reader: Reader, actor: Actor, _: Words) -> Sequence[str]:
        own = await service.contribution(reader, actor, _rules.period_at(clock.now(), zone))
        return () if own is None else texts.kept(_, own)

    return contribute
