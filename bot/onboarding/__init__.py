"""The walk-through: install, log in, use, pay, one card at a time."""

import dataclasses
from collections.abc import Collection, Sequence
from datetime import tzinfo

from telegram import InlineKeyboardButton

from bot.faq import Faq
from bot.helpdesk import Helpdesk
from bot.kit.database import Reader
from bot.kit.i18n import N_, Words
from bot.kit.router import Router
from bot.kit.sweeps import Sweep
from bot.kit.work import Work
from bot.onboarding import jobs, service, store, texts
from bot.onboarding.buttons import (
    AskPhone,
    Back,
    Continue,
    Describing,
    Done,
    HandOver,
    HowToAsk,
    Later,
    NoneFits,
    NotNow,
    NotSolved,
    PickPhone,
    Restart,
    Resume,
    Show,
    Stuck,
    Try,
)
from bot.onboarding.guide import Guide
from bot.onboarding.handlers import Extra, Onboarding
from bot.onboarding.quiet import QuietHours
from bot.onboarding.service import Spared, forget
from bot.roster import Ctx
from bot.roster.model import Actor
from bot.roster.privacy import Contributor

__all__ = [
    "Guide",
    "Onboarding",
    "OnboardingSettings",
    "QuietHours",
    "contributor",
    "forget",
    "register",
    "sweeps",
]


@dataclasses.dataclass(frozen=True, slots=True)
class OnboardingSettings:
    zone: tzinfo
    quiet: QuietHours
    stall_days: int
    """After how many days without a step a member is asked once."""


async def _nothing_more(_: Ctx) -> Sequence[InlineKeyboardButton]:
    return ()


def register(
    router: Router[Actor], guide: Guide, faq: Faq, helpdesk: Helpdesk, extra: Extra = _nothing_more
) -> Onboarding:
    """`extra`: buttons that rooms to the right put under the home message."""
    room = Onboarding(guide, faq, helpdesk, extra)
    router.command(
        "guide",
        room.begin,
        about=N_("Step by step through the app"),
        shown_to=lambda actor: actor.member is not None,
    )
    router.button(AskPhone, room.ask_phone)
    router.button(PickPhone, room.pick_phone)
    router.button(Continue, room.go_on)
    router.button(Restart, room.restart)
    router.button(Done, room.done)
    router.button(Back, room.back)
    router.button(Show, room.show)
    router.button(Stuck, room.stuck)
    router.button(Try, room.try_entry)
    router.button(NoneFits, room.none_fits)
    router.button(NotSolved, room.not_solved)
    router.button(Resume, room.resume)
    router.button(HandOver, room.hand_over)
    router.button(NotNow, room.not_now)
    router.button(HowToAsk, room.how_to_ask)
    router.button(Later, room.later)
    router.dialogue(Describing, room.describe)
    return room


async def _nobody(_: Work, _members: Collection[int]) -> Collection[int]:
    return ()


def sweeps(guide: Guide, settings: OnboardingSettings, spared: Spared = _nobody) -> Sequence[Sweep]:
    """`spared`: whom rooms to the right write to today anyway; they are asked another day."""
    return [
        jobs.asking_the_stalled(
            guide, stall_days=settings.stall_days, quiet=settings.quiet, zone=settings.zone, spared=spared
        )
    ]


def contributor(guide: Guide) -> Contributor:
    """What this room adds to /mydata."""

    async def contribute(reader: Reader, actor: Actor, _: Words) -> Sequence[str]:
        if actor.member is None:
            return ()
        position = await service.position(reader, guide, actor)
        if position is None:
            return ()
        return texts.kept(_, position, await store.stages_reached(reader, actor.member.id))

    return contribute
