"""Units, members, accounts and posts; joining; import."""

from collections.abc import Sequence
from datetime import tzinfo
from random import Random

from bot.kit.router import Router
from bot.kit.sweeps import Sweep
from bot.kit.vault import Vault
from bot.kit.work import Works
from bot.roster import jobs
from bot.roster.context import Ctx as Ctx
from bot.roster.handlers import Handlers
from bot.roster.importing.handlers import Importing
from bot.roster.joining.handlers import Home, Joining
from bot.roster.joining.staff_handlers import Admitting
from bot.roster.model import Actor as Actor
from bot.roster.privacy import Contributor, Forgetter


def register(
    router: Router[Actor],
    *,
    works: Works,
    vault: Vault,
    zone: tzinfo,
    random: Random,
    home: Home,
    contributors: Sequence[Contributor] = (),
    forgetters: Sequence[Forgetter] = (),
) -> Handlers:
    """Wires the roster's commands, buttons and dialogues. `random` must be fit for secrets. The handlers given back
    have `claim_unknown_command`, for `router.message` after all other rooms.
    """
    Joining(router, vault=vault, zone=zone, home=home)
    own = Handlers(router, vault=vault, zone=zone, contributors=contributors, forgetters=forgetters)
    Admitting(router, vault=vault, random=random)
    Importing(router, works=works, vault=vault, random=random)
    return own


def sweeps(router: Router[Actor]) -> Sequence[Sweep]:
    """What the roster does by time: menus that no longer fit, requests nobody has seen yet, tidying up."""
    return jobs.sweeps(router.menu)
