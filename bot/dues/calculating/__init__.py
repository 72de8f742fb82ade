"""How much the dues should be: a short dialogue. What somebody lives on and earns is not kept."""

from bot.dues.calculating import buttons, handlers
from bot.dues.calculating.texts import button
from bot.kit.router import Router
from bot.roster.model import Actor

__all__ = ["button", "register"]


def register(router: Router[Actor]) -> None:
    router.button(buttons.Reckon, handlers.begin)
    router.button(buttons.AllIncomes, handlers.show_all)
    router.button(buttons.PickIncome, handlers.pick)
    router.button(buttons.StopReckoning, handlers.stop)
    router.dialogue(buttons.AwaitingBase, handlers.take_base)
