"""What the handlers of every room are given."""

from typing import TypeAlias

from bot.kit.context import Context
from bot.roster.model import Actor

Ctx: TypeAlias = Context[Actor]
