"""Announcements by staff to their own units' members: seen by the author first, undone within half a minute, sent at most
once, paused or stopped on the way, and reported.
"""

from collections.abc import Sequence

from bot.dues.announcing import service, texts
from bot.dues.announcing.handlers import Announcing
from bot.dues.announcing.jobs import sweeps
from bot.dues.announcing.rules import MAY_ANNOUNCE, Manner
from bot.dues.announcing.service import forget
from bot.dues.announcing.texts import button
from bot.kit.database import Reader
from bot.kit.i18n import N_, Words
from bot.kit.router import Router
from bot.kit.work import Works
from bot.roster.model import Actor

__all__ = ["Manner", "button", "contribute", "forget", "is_for", "register", "sweeps"]


def is_for(actor: Actor) -> bool:
    """Whether the actor has anybody to announce to."""
    return actor.member is not None and bool(actor.units(*MAY_ANNOUNCE))


async def contribute(reader: Reader, actor: Actor, _: Words) -> Sequence[str]:
    """What announcing adds to /mydata."""
    return texts.kept(_, *await service.contribution(reader, actor))


def register(router: Router[Actor], works: Works, manner: Manner) -> None:
    announcing = Announcing(works, manner)
    router.command("announce", announcing.begin, about=N_("Announce something"), shown_to=is_for)
    announcing.register(router)
