"""Dues: who owes what for which month, reminders, confirmed payments, and how much it should be."""

from collections.abc import Sequence
from datetime import tzinfo

from telegram import InlineKeyboardButton

from bot.dues import (
    announcing,
    arrears,
    buttons,
    calculating,
    importing,
    keeping,
    points,
    rounds,
    service,
    texts,
)
from bot.dues import rules as _rules
from bot.dues.agreements import handlers as agreements
from bot.dues.handlers import Dues, StaffDues
from bot.dues.importing.handlers import PaymentFiles
from bot.dues.jobs import reminded_today
from bot.dues.jobs import sweeps as _rounds
from bot.dues.looking import handlers as looking
from bot.dues.rules import Schedule
from bot.dues.waiving import handlers as waivers
from bot.faq import Faq
from bot.helpdesk import Helpdesk
from bot.kit.clock import HOUR, SECOND, Clock
from bot.kit.database import Reader
from bot.kit.i18n import N_, Words
from bot.kit.router import Router
from bot.kit.sweeps import Sweep
from bot.kit.vault import Vault
from bot.kit.work import Work, Works
from bot.roster import Ctx
from bot.roster.model import Actor
from bot.roster.privacy import Contributor

__all__ = ["Schedule", "contributor", "forget", "home_buttons", "register", "reminded_today", "sweeps"]


def register(
    router: Router[Actor],
    schedule: Schedule,
    faq: Faq,
    helpdesk: Helpdesk,
    *,
    works: Works,
    vault: Vault,
) -> None:
    waiving = waivers.register(router, schedule)
    own, staff = Dues(schedule, waiving, faq, helpdesk), StaffDues(schedule, waiving)
    router.command(
        "dues", own.mine, about=N_("My dues this month"), shown_to=lambda actor: actor.member is not None
    )
    router.button(buttons.Mine, own.mine_tapped)
    router.button(buttons.Claim, own.claim)
    router.button(buttons.TakeBack, own.take_back)
    router.button(buttons.HowTo, own.how_to)
    router.button(buttons.Snooze, own.snooze)
    router.button(buttons.Trouble, own.trouble)
    router.button(buttons.HandOver, own.hand_over)
    router.button(buttons.NotNow, own.not_now)
    router.dialogue(buttons.Describing, own.describe)
    calculating.register(router)
    router.button(buttons.OfBranch, staff.branch)
    router.button(buttons.Listed, staff.listed)
    router.button(buttons.Settle, staff.settle)
    looking.register(router, schedule)
    agreements.register(router, schedule)
    rounds.register(router, schedule)
    points.register(router, schedule)
    PaymentFiles(router, works=works, vault=vault, zone=schedule.zone)


def sweeps(schedule: Schedule, kept_days: int) -> Sequence[Sweep]:
    """What the dues do by time: opening periods, reminding, reporting, tidying up. Words are kept for `kept_days`."""
    files = Sweep("dues.files", HOUR // SECOND, importing.tidy)
    return [*_rounds(schedule), arrears.sweep(schedule), files, keeping.sweep(kept_days)]


async def forget(work: Work, actor: Actor) -> None:
    """Deletes what is kept about talking to the person. What is owed and paid is the organisation's record."""
    await service.forget(work, actor)
    await importing.forget(work, actor)


async def home_buttons(ctx: Ctx) -> Sequence[InlineKeyboardButton]:
    """What the home message offers of this room: `onboarding.register(…, extra=…)`."""
    own = [texts.mine_button(ctx._)]
    return [*own, announcing.button(ctx._)] if announcing.is_for(ctx.actor) else own


def contributor(clock: Clock, zone: tzinfo) -> Contributor:
    """What this room adds to /mydata."""

    async def contribute(reader: Reader, actor: Actor, _: Words) -> Sequence[str]:
        own = await service.contribution(reader, actor, _rules.period_at(clock.now(), zone))
        return () if own is None else texts.kept(_, own)

    return contribute
